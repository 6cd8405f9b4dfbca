//! `pinwheel routes`: every page and every API operation.

use app::failure::Failure;

use crate::ended::Ended;
use crate::reference;

pub fn run() -> Result<Ended, Failure> {
    for route in reference::routes::all() {
        println!("{:<7} {}", route.method, route.path);
    }
    Ok(Ended::Done)
}
