//! A link one order is paid by, from any phone, without signing in.
//!
//! It is signed, for this order, until a moment, and worthless when staff make another. Whoever has
//! it sees what is sold and for how much, since nobody pays for what they cannot see; not whose it
//! is, where it goes or what was said about it: for that its buyer signs in.

use describe::ToSchema;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::order::{Order, Status};
use domain::person::Permission;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use crate::db::Tx;
use crate::failure::Failure;
use crate::payment::{self, Begun, Choice, Pay, PayView, Payer};
use crate::{App, Visitor, dice, order, shop, staff_act};

/// A link as staff send it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PayLink)]
pub struct LinkView {
    pub order: Id<Order>,
    /// The whole address.
    pub url: String,
    pub expires_at: Moment,
}

/// A line of an order as whoever has its link sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ToPayLine {
    pub title: String,
    pub variant_title: String,
    pub picture: String,
    pub quantity: i64,
    pub total: Money,
}

/// An order as whoever has its link sees it: nothing of who and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ToPay {
    pub order: Id<Order>,
    pub status: Status,
    pub lines: Vec<ToPayLine>,
    pub shipping: Money,
    pub tax: Money,
    pub total: Money,
    /// What of it its buyer's wallet is to pay.
    pub promised: Money,
    /// What is left to pay by whoever has the link.
    pub due: Money,
    pub pay_by: Moment,
    pub may_pay: bool,
}

/// The row of a link.
struct Found {
    salt: String,
    expires_at: Moment,
}

fn find(tx: &mut Tx, id: Id<Order>) -> Result<Option<Found>, Failure> {
    tx.maybe("select salt, expires_at from pay_links where order_id = $1", &[id.into()], |row| {
        Found { salt: row.get(0), expires_at: row.get(1) }
    })
}

fn signature(tx: &mut Tx, id: Id<Order>, found: &Found) -> Result<String, Failure> {
    let text = format!("{id}.{}.{}", found.salt, found.expires_at.0);
    let whole = shop::get(tx)?.sign_hex("a link to pay by", &text);
    Ok(whole.chars().take(32).collect())
}

fn view(app: &App, tx: &mut Tx, id: Id<Order>, found: &Found) -> Result<LinkView, Failure> {
    let url = format!("{}/pay/{id}-{}", app.config.base_url, signature(tx, id, found)?);
    // Whoever pays by hand has longer, and the link with them.
    let expires_at = found.expires_at.max(order::find(tx, id)?.pay_by);
    Ok(LinkView { order: id, url, expires_at })
}

/// The link of an unpaid order: the one there is, or a new one until its time to pay runs out.
pub fn make(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<LinkView, Failure> {
    let actor = visitor.staff(Permission::Orders)?;
    app.write_for(visitor, |tx| {
        let found = order::find_to_change(tx, id)?;
        if let Some(known) = find(tx, id)? {
            return view(app, tx, id, &known);
        }
        if found.status != Status::PendingPayment || tx.now >= found.pay_by {
            return Err(domain::payment::Refusal::NotPayable(found.status).into());
        }
        let made = put(tx, actor, &found)?;
        view(app, tx, id, &made)
    })
}

/// Makes another link; the one before leads nowhere.
pub fn replace(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<LinkView, Failure> {
    let actor = visitor.staff(Permission::Orders)?;
    app.write_for(visitor, |tx| {
        let found = order::find_to_change(tx, id)?;
        if found.status != Status::PendingPayment || tx.now >= found.pay_by {
            return Err(domain::payment::Refusal::NotPayable(found.status).into());
        }
        let made = put(tx, actor, &found)?;
        view(app, tx, id, &made)
    })
}

/// Writes a new link of an order, good until its time to pay runs out.
fn put(
    tx: &mut Tx,
    actor: Id<domain::person::Person>,
    order: &order::Found,
) -> Result<Found, Failure> {
    let made = Found { salt: dice::secret(tx.dice(), 16), expires_at: order.pay_by };
    tx.run(
        "insert into pay_links (order_id, salt, expires_at, made_by, made_at)
         values ($1, $2, $3, $4, $5)
         on conflict (order_id) do update set salt = excluded.salt,
            expires_at = excluded.expires_at, made_by = excluded.made_by,
            made_at = excluded.made_at",
        &[
            order.id.into(),
            (&made.salt).into(),
            made.expires_at.into(),
            actor.into(),
            tx.now.into(),
        ],
    )?;
    let detail = made.expires_at.rfc3339();
    staff_act::record(tx, actor, "order.pay_link", ("order", order.id.0), &detail)?;
    Ok(made)
}

/// The link of an order that was just placed for somebody.
pub(crate) fn made_for(
    app: &App,
    tx: &mut Tx,
    actor: Id<domain::person::Person>,
    id: Id<Order>,
) -> Result<LinkView, Failure> {
    let found = order::find(tx, id)?;
    let made = put(tx, actor, &found)?;
    view(app, tx, id, &made)
}

/// The link of an order, if it has one.
pub(crate) fn of(app: &App, tx: &mut Tx, id: Id<Order>) -> Result<Option<LinkView>, Failure> {
    match find(tx, id)? {
        Some(found) => view(app, tx, id, &found).map(Some),
        None => Ok(None),
    }
}

/// The order a link is of. Altered, replaced or run out it is of none.
fn opened(tx: &mut Tx, token: &str) -> Result<order::Found, Failure> {
    let (id, sent) = token.rsplit_once('-').ok_or(Failure::NotFound)?;
    let id: Id<Order> = Id::parse(id).ok_or(Failure::NotFound)?;
    let link = find(tx, id)?.ok_or(Failure::NotFound)?;
    let wanted = signature(tx, id, &link)?;
    let same: bool = wanted.as_bytes().ct_eq(sent.as_bytes()).into();
    planted!("any_pay_link_opens", return order::find(tx, id));
    if !same {
        return Err(Failure::NotFound);
    }
    let found = order::find(tx, id)?;
    // Paid in time, it goes on to say so for a while; unpaid it ends with its time.
    let ends = link.expires_at.max(found.pay_by);
    let until = match found.status.is_paid() {
        true => ends.plus(domain::moment::Span::days(30)),
        false => ends,
    };
    if tx.now < until { Ok(found) } else { Err(Failure::NotFound) }
}

/// What is to be paid by a link. Needs no account.
pub fn look(app: &App, token: &str) -> Result<ToPay, Failure> {
    app.read(|tx| {
        let found = opened(tx, token)?;
        let view = order::view_of(tx, found.id, None)?;
        let lines = view.lines.into_iter().map(|line| ToPayLine {
            title: line.title,
            variant_title: line.variant_title,
            picture: line.picture,
            quantity: line.quantity,
            total: line.total,
        });
        Ok(ToPay {
            order: found.id,
            status: view.status,
            lines: lines.collect(),
            shipping: view.shipping,
            tax: view.tax,
            total: view.total,
            promised: Money::new(found.promised, found.currency),
            due: found.due(),
            pay_by: view.pay_by,
            // What the wallet promised whole only its owner says yes to.
            may_pay: view.may_pay && !found.due().is_zero(),
        })
    })
}

/// The ways to pay by a link.
pub fn choice(app: &App, token: &str) -> Result<Choice, Failure> {
    let found = app.read(|tx| opened(tx, token))?;
    payment::choice_by_link(app, found.id)
}

/// Begins to pay by a link. Whoever has it may; what the buyer's wallet promised stays promised.
pub fn begin(app: &App, visitor: &Visitor, token: &str, pay: &Pay) -> Result<PayView, Failure> {
    let found = app.read(|tx| opened(tx, token))?;
    let page = format!("/pay/{token}");
    let till = format!("{page}/onward");
    let payer = Payer { person: None, back: page.clone(), till, page };
    payment::begin_as(app, visitor, found.id, &payer, pay)
}

/// What was begun by a link, and where that is paid.
pub fn begun(app: &App, token: &str) -> Result<Begun, Failure> {
    let found = app.read(|tx| opened(tx, token))?;
    payment::begun_by_link(app, found.id)
}
