//! Placing an order for a caller whose thread must not wait.

use std::sync::Arc;

use super::{Place, Placing, Wish, grant_all};
use crate::failure::Failure;
use crate::lane::{Aside, Lane};
use crate::{App, Visitor};

/// `place`, but `told` gets the answer, and `aside` runs what may take its time.
pub fn place_aside(
    app: &Arc<App>,
    visitor: &Visitor,
    place: Place,
    aside: Aside,
    told: impl FnOnce(Result<Placing, Failure>) + Send + 'static,
) {
    match Wish::of(visitor, place) {
        Err(failure) => told(Err(failure)),
        Ok(wish) if wish.is_alone() => {
            let app = Arc::clone(app);
            aside(Box::new(move || told(super::place(&app, &wish.visitor, wish.place))));
        }
        Ok(wish) => Lane::run_aside(app, |app| &app.orders, wish, grant_all, aside, told),
    }
}

impl Wish {
    /// Whether it does not go through the lane.
    fn is_alone(&self) -> bool {
        planted!("key_apart", return true);
        planted!("stock_check_then_act", return true);
        self.is_together()
    }
}
