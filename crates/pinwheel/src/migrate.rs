//! `pinwheel migrate`: the data's shape brought up to date, and no more.

use app::failure::Failure;

use crate::arguments::Site;
use crate::ended::Ended;
use crate::opening::{Shape, open};

pub fn run(site: &Site) -> Result<Ended, Failure> {
    open(site, Shape::Migrate)?;
    println!("the data is of version {}", app::db::migrate::newest());
    Ok(Ended::Done)
}
