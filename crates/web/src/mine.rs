//! What of a visitor's own is on every page: how much is unread and in the cart, what they like.

use app::failure::Failure;
use app::{App, Visitor, cart, favourite, notice};
use domain::catalog::Product;
use domain::id::Id;

/// The visitor's own, as every page shows it.
#[derive(Clone, Debug, Default)]
pub struct Mine {
    pub unread: i64,
    pub in_cart: i64,
    /// The products they like, for the hearts.
    pub liked: Vec<Id<Product>>,
}

impl Mine {
    pub fn of(app: &App, visitor: &Visitor) -> Result<Mine, Failure> {
        Ok(Mine {
            unread: notice::unread_count(app, visitor)?,
            in_cart: cart::count(app, visitor)?,
            liked: favourite::ids(app, visitor)?,
        })
    }
}
