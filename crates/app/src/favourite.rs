//! What somebody likes: a list of products with what they cost when they were liked. A guest's
//! follows them when they sign in.

use describe::ToSchema;
use domain::catalog::Product;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::person::{Person, Session};
use serde::{Deserialize, Serialize};

use crate::catalog::{self, ProductCard};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, price_list};

mod store;

/// How many one may like.
pub const MOST: i64 = 500;

/// A product somebody likes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FavouriteView {
    pub product: ProductCard,
    /// What it cost them when they liked it, in the currency they saw it in.
    pub price_then: Money,
    /// By how much it costs them less now; none when it does not, or is in another currency now.
    pub cheaper_by: Option<Money>,
    /// It was sold out when it was liked, and is not now.
    pub back_in_stock: bool,
    pub added_at: Moment,
}

/// Something one likes, or likes no more.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SetFavourite {
    pub liked: bool,
}

/// How many the visitor likes, and whether this product is among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Liked {
    pub liked: bool,
    pub count: i64,
}

/// Whose list it is.
#[derive(Clone, Copy, Debug)]
enum Owner {
    Person(Id<Person>),
    Session(Id<Session>),
}

fn owner(visitor: &Visitor) -> Option<Owner> {
    let person = visitor.person.as_ref().map(|person| Owner::Person(person.id));
    person.or(visitor.session.map(Owner::Session))
}

/// What the visitor likes, the latest first. What is no longer sold is left out.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<FavouriteView>, Failure> {
    if visitor.person.is_some() {
        visitor.reader()?;
    }
    let Some(owner) = owner(visitor) else { return Ok(Vec::new()) };
    app.read(|tx| {
        let shopper = price_list::shopper_in(tx, visitor)?;
        let liked = store::list(tx, owner)?;
        let ids: Vec<Id<Product>> = liked.iter().map(|one| one.product).collect();
        let cards = catalog::cards(tx, &ids, &visitor.locale, &shopper)?;
        let views = liked.into_iter().filter_map(|one| {
            let product = cards.iter().find(|card| card.id == one.product)?.clone();
            let same = one.price.currency == product.price.currency;
            let less = same.then(|| one.price.minus(product.price));
            Some(FavouriteView {
                cheaper_by: less.filter(|less| less.minor > 0),
                back_in_stock: one.sold_out && !product.sold_out,
                price_then: one.price,
                added_at: one.added_at,
                product,
            })
        });
        Ok(views.collect())
    })
}

/// Which of all products the visitor likes, for the hearts on a page.
pub fn ids(app: &App, visitor: &Visitor) -> Result<Vec<Id<Product>>, Failure> {
    let Some(owner) = owner(visitor) else { return Ok(Vec::new()) };
    app.read(|tx| Ok(store::list(tx, owner)?.into_iter().map(|one| one.product).collect()))
}

/// Likes a product, or likes it no more. The same again changes nothing.
pub fn set(app: &App, visitor: &Visitor, key: &str, set: &SetFavourite) -> Result<Liked, Failure> {
    if visitor.person.is_some() {
        visitor.shopper()?;
    }
    let owner = owner(visitor).ok_or(Failure::SignInFirst)?;
    app.write_for(visitor, |tx| {
        if set.liked {
            let shopper = price_list::shopper_in(tx, visitor)?;
            let product = catalog::product(tx, key, &visitor.locale, &shopper)?;
            if store::count(tx, owner)? >= MOST {
                store::drop_oldest(tx, owner)?;
            }
            store::add(tx, owner, product.id, product.price, product.sold_out)?;
        } else {
            // What is no longer sold can still be taken off.
            store::remove(tx, owner, key)?;
        }
        Ok(Liked { liked: set.liked, count: store::count(tx, owner)? })
    })
}

/// A guest signed in: what they liked is on their own list now.
pub fn adopt(app: &App, session: Id<Session>, person: Id<Person>) -> Result<(), Failure> {
    let some = app.read(|tx| store::count(tx, Owner::Session(session)))? > 0;
    if some { app.write(|tx| store::adopt(tx, session, person)) } else { Ok(()) }
}

/// Forgets lists of guests whose session is over.
pub fn purge(tx: &mut Tx) -> Result<u64, Failure> {
    store::purge(tx)
}
