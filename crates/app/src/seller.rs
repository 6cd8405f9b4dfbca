//! Sellers: who sells here beside the shop itself, at what commission, and where their money goes.

use std::collections::BTreeMap;

use describe::ToSchema;
use domain::id::Id;
use domain::moment::Moment;
use domain::person::{Permission, Person};
use domain::rate::Rate;
use domain::seller::{Refusal, Seller, Status};
use domain::text::{Name, Slug, one_line};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, staff_act};

mod store;

/// Somebody behind the counter, and what of the shop they see there.
#[derive(Clone, Copy, Debug)]
pub struct Counter {
    pub person: Id<Person>,
    /// Only what is this seller's; everything when there is none.
    pub seller: Option<Id<Seller>>,
}

impl Counter {
    /// What is another's, or the shop's own, is to somebody of a seller's as if it were not there.
    pub fn sees(&self, seller: Option<Id<Seller>>) -> Result<(), Failure> {
        planted!("seller_sees_others", return Ok(()));
        let theirs = self.seller.is_none() || self.seller == seller;
        if theirs { Ok(()) } else { Err(Failure::NotFound) }
    }
}

/// A seller as buyers see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SellerCard)]
pub struct Card {
    pub id: Id<Seller>,
    pub handle: String,
    pub name: String,
    /// Who sells, and by what licence.
    pub licence: String,
    /// How they are reached.
    pub contact: String,
}

/// A seller as staff see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SellerView {
    pub id: Id<Seller>,
    pub handle: String,
    pub name: String,
    pub status: Status,
    /// Of the goods of each order, in basis points.
    pub commission: i64,
    pub licence: String,
    pub contact: String,
    /// Where their goods are sent back to.
    pub return_address: String,
    /// What each provider calls them, where it splits money to them.
    pub receivers: BTreeMap<String, String>,
    pub products: i64,
    pub orders: i64,
    pub created_at: Moment,
    /// Sent back with a change.
    pub version: i64,
}

/// A seller to add, or how one shall be from now on.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct PutSeller {
    pub name: String,
    /// The readable part of their address, and of the numbers of their statements; made from the
    /// name when empty, and never changed.
    #[serde(default)]
    pub handle: String,
    #[serde(default = "active")]
    pub status: Status,
    /// 0 to 10,000 basis points. What was ordered keeps the one it was ordered at.
    #[serde(default)]
    pub commission: i64,
    /// Who sells, and by what licence: buyers read it beside the goods.
    pub licence: String,
    #[serde(default)]
    pub contact: String,
    /// Where their goods are sent back to, as it stands on a parcel.
    #[serde(default)]
    pub return_address: String,
    /// What each provider calls them: a connected account of Stripe, a merchant of WeChat Pay, a
    /// user of Alipay. An empty name removes it.
    #[serde(default)]
    pub receivers: BTreeMap<String, String>,
    /// The version that is changed; 0 for a new one.
    #[serde(default)]
    pub version: i64,
}

fn active() -> Status {
    Status::Active
}

/// A seller, checked and about to be written.
struct Checked {
    name: String,
    handle: String,
    status: Status,
    commission: Rate,
    licence: String,
    contact: String,
    return_address: String,
    receivers: BTreeMap<String, String>,
}

fn checked(put: &PutSeller) -> Result<Checked, Failure> {
    let name = Name::new(&put.name).map_err(|_| Refusal::BadName)?.to_string();
    if name.chars().count() > 60 {
        return Err(Refusal::BadName.into());
    }
    let made = || Slug::of_title(&name).map_or("seller".to_string(), |slug| slug.to_string());
    let handle = if put.handle.is_empty() { made() } else { put.handle.clone() };
    let handle: String = handle.chars().take(60).collect();
    Slug::new(&handle).map_err(|_| Refusal::BadHandle)?;
    let commission = Rate::from_basis_points(put.commission).ok_or(Refusal::BadCommission)?;
    let (licence, contact) = (one_line(&put.licence), one_line(&put.contact));
    if licence.is_empty() || licence.chars().count() > 300 || contact.chars().count() > 200 {
        return Err(Refusal::NoLicence.into());
    }
    let mut receivers = BTreeMap::new();
    for (provider, receiver) in &put.receivers {
        let receiver = one_line(receiver);
        let known = domain::payment::PROVIDERS.iter().any(|(name, _)| name == provider);
        if !known || receiver.chars().count() > 128 {
            return Err(Refusal::BadReceiver.into());
        }
        if !receiver.is_empty() {
            receivers.insert(provider.clone(), receiver);
        }
    }
    let lines = put.return_address.lines().map(one_line).filter(|line| !line.is_empty());
    let return_address = lines.collect::<Vec<_>>().join("\n");
    if return_address.chars().count() > 300 {
        return Err(domain::after_sale::Refusal::BadText.into());
    }
    let status = put.status;
    Ok(Checked { name, handle, status, commission, licence, contact, return_address, receivers })
}

/// The sellers: all of them for the shop, one's own for somebody of a seller's.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<SellerView>, Failure> {
    let counter = visitor.counter_reader(Permission::Sellers)?;
    app.read(|tx| store::list(tx, counter.seller))
}

/// A seller for staff.
pub fn get(app: &App, visitor: &Visitor, id: Id<Seller>) -> Result<SellerView, Failure> {
    let counter = visitor.counter_reader(Permission::Sellers)?;
    counter.sees(Some(id))?;
    app.read(|tx| store::view(tx, id))
}

/// Adds a seller. From then on the shop is a marketplace.
pub fn add(app: &App, visitor: &Visitor, put: PutSeller) -> Result<SellerView, Failure> {
    let actor = visitor.staff(Permission::Sellers)?;
    let new = checked(&put)?;
    let id = app.act(visitor, "seller.add", |tx| {
        tx.shows();
        let id: Id<Seller> = tx.id();
        if !store::add(tx, id, &new)? {
            return Err(Refusal::HandleTaken.into());
        }
        store::put_receivers(tx, id, &new.receivers)?;
        let detail = json!({ "before": null, "after": put }).to_string();
        staff_act::record(tx, actor, "seller.add", ("seller", id.0), &detail)?;
        Ok(id)
    })?;
    app.read(|tx| store::view(tx, id))
}

/// Changes a seller. Orders that were placed keep the commission they were placed at.
pub fn change(
    app: &App,
    visitor: &Visitor,
    id: Id<Seller>,
    put: PutSeller,
) -> Result<SellerView, Failure> {
    let actor = visitor.staff(Permission::Sellers)?;
    let new = checked(&put)?;
    app.write_for(visitor, |tx| {
        tx.shows();
        let before = store::view(tx, id)?;
        if !store::change(tx, id, &new, put.version)? {
            return Err(Failure::Stale);
        }
        store::put_receivers(tx, id, &new.receivers)?;
        let detail = json!({ "before": before, "after": put }).to_string();
        staff_act::record(tx, actor, "seller.change", ("seller", id.0), &detail)
    })?;
    app.read(|tx| store::view(tx, id))
}

/// Those who are of a seller's, by name.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SellerPerson {
    pub id: Id<Person>,
    pub name: String,
    pub contact: String,
}

/// Who is behind the counter for a seller.
pub fn people(app: &App, visitor: &Visitor, id: Id<Seller>) -> Result<Vec<SellerPerson>, Failure> {
    let counter = visitor.counter_reader(Permission::Sellers)?;
    counter.sees(Some(id))?;
    app.read(|tx| store::people(tx, id))
}

/// A seller, for other actions; there is none where it is not found.
pub(crate) fn find(tx: &mut Tx, id: Id<Seller>) -> Result<Card, Failure> {
    cards(tx, &[id])?.pop().ok_or(Failure::NotFound)
}

/// These sellers as buyers see them.
pub(crate) fn cards(tx: &mut Tx, ids: &[Id<Seller>]) -> Result<Vec<Card>, Failure> {
    if ids.is_empty() { Ok(Vec::new()) } else { store::cards(tx, ids) }
}

/// Whose product this is.
pub(crate) fn of_product(
    tx: &mut Tx,
    product: Id<domain::catalog::Product>,
) -> Result<Option<Id<Seller>>, Failure> {
    let sql = "select seller_id from products where id = $1";
    tx.one(sql, &[product.into()], |row| row.get(0))
}

/// Whether it is a variant of the shop's own that is there: what a seller earns is not the shop's
/// to give away or take off.
pub(crate) fn is_own(tx: &mut Tx, variant: Id<domain::catalog::Variant>) -> Result<bool, Failure> {
    let sql = "select 1 from variants v join products p on p.id = v.product_id
        where v.id = $1 and v.archived = 0 and p.seller_id is null";
    Ok(tx.maybe(sql, &[variant.into()], |row| row.get::<i64>(0))?.is_some())
}

/// What of a seller's goods the shop keeps, as of now.
fn commission(tx: &mut Tx, id: Id<Seller>) -> Result<Rate, Failure> {
    let sql = "select commission from sellers where id = $1";
    let points = tx.one(sql, &[id.into()], |row| row.get::<i64>(0))?;
    Rate::from_basis_points(points).ok_or_else(|| Failure::broken("the table checks rates"))
}

/// Whose an order of these goods is, and the commission it is placed at.
pub(crate) fn of_goods(
    tx: &mut Tx,
    sellers: impl IntoIterator<Item = Option<Id<Seller>>>,
) -> Result<Option<(Id<Seller>, Rate)>, Failure> {
    let Some(id) = domain::seller::seller_of(sellers)? else { return Ok(None) };
    let rate = tx.read_once(format!("commission {}", id.0), |tx| commission(tx, id))?;
    Ok(Some((id, rate)))
}

/// Where a seller's goods are sent back to; empty when nobody has said.
pub(crate) fn return_address(tx: &mut Tx, id: Id<Seller>) -> Result<String, Failure> {
    tx.one("select return_address from sellers where id = $1", &[id.into()], |row| row.get(0))
}

/// What a provider calls a seller, where it knows them.
pub(crate) fn receiver(
    tx: &mut Tx,
    id: Id<Seller>,
    provider: &str,
) -> Result<Option<String>, Failure> {
    let sql = "select receiver from seller_receivers where seller_id = $1 and provider = $2";
    tx.maybe(sql, &[id.into(), provider.into()], |row| row.get(0))
}

/// The providers that know a seller.
pub(crate) fn receivers(tx: &mut Tx, id: Id<Seller>) -> Result<BTreeMap<String, String>, Failure> {
    store::receivers(tx, id)
}

/// Whether anybody sells here beside the shop.
pub(crate) fn any_active(tx: &mut Tx) -> Result<bool, Failure> {
    let sql = "select 1 from sellers where status = 'active' limit 1";
    Ok(tx.maybe(sql, &[], |_| ())?.is_some())
}
