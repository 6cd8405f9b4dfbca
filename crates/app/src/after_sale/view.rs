//! Returns as they are looked at: by their buyer, and by staff.

use domain::after_sale::{AfterSale, Kind, Status, may_withdraw};
use domain::id::Id;
use domain::order::Order;
use domain::person::{Permission, Person};

use super::{DeskReturn, Queue, ReturnCard, ReturnView, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor};

/// Whether more pictures may be shown: while somebody is to decide.
pub(super) fn may_show_more(status: Status) -> bool {
    matches!(status, Status::Requested | Status::Refused | Status::Escalated)
}

/// Whether an exchange in this state can become a refund.
pub(super) fn may_pay_instead(status: Status) -> bool {
    matches!(status, Status::AwaitingReturn | Status::Returned | Status::Received)
}

/// The visitor's return; somebody else's is not found.
pub fn get(app: &App, visitor: &Visitor, id: Id<AfterSale>) -> Result<ReturnView, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| view_of(tx, id, Some(person)))
}

fn view_of(
    tx: &mut Tx,
    id: Id<AfterSale>,
    person: Option<Id<Person>>,
) -> Result<ReturnView, Failure> {
    let found = store::find(tx, id, "")?;
    if person.is_some_and(|person| person != found.person) {
        return Err(Failure::NotFound);
    }
    let mut view = store::view(tx, &found)?;
    let in_time = found.due_at.is_none_or(|due| tx.now < due);
    view.may_withdraw = in_time && may_withdraw(found.status).is_ok();
    view.may_escalate = in_time && found.status == Status::Refused;
    view.may_send = in_time && found.status == Status::AwaitingReturn;
    view.may_add_pictures = in_time
        && may_show_more(found.status)
        && view.pictures.len() < domain::after_sale::MOST_PICTURES;
    Ok(view)
}

/// The visitor's returns, the newest first, before `before`.
pub fn mine(
    app: &App,
    visitor: &Visitor,
    before: Option<Id<AfterSale>>,
    limit: i64,
) -> Result<Vec<ReturnCard>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| store::mine(tx, person, before, limit))
}

/// The returns of an order of the visitor's.
pub fn of_order(
    app: &App,
    visitor: &Visitor,
    order: Id<Order>,
) -> Result<Vec<ReturnCard>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| {
        let owner = crate::order::find(tx, order)?.person;
        if owner != person { Err(Failure::NotFound) } else { store::of_order(tx, order) }
    })
}

/// The returns of anybody's order, for staff.
pub fn of_order_at_desk(
    app: &App,
    visitor: &Visitor,
    order: Id<Order>,
) -> Result<Vec<ReturnCard>, Failure> {
    let counter = visitor.counter_reader(Permission::Orders)?;
    app.read(|tx| {
        counter.sees(crate::order::find(tx, order)?.seller_id())?;
        store::of_order(tx, order)
    })
}

/// A return for staff.
pub fn show(app: &App, visitor: &Visitor, id: Id<AfterSale>) -> Result<DeskReturn, Failure> {
    let counter = visitor.counter_reader(Permission::Orders)?;
    let decides = visitor.staff(Permission::Decisions).is_ok();
    let answers = visitor.counter(Permission::Refunds).is_ok();
    app.read(|tx| {
        let order = store::find(tx, id, "")?.order;
        counter.sees(crate::order::find(tx, order)?.seller_id())?;
        let after_sale = view_of(tx, id, None)?;
        let mut desk = store::desk(tx, after_sale)?;
        if counter.seller.is_some() {
            // How the shop reaches its customers, and what they bought elsewhere, is its own.
            desk.buyer_contact = String::new();
            (desk.buyer_orders, desk.buyer_returns) = (0, 0);
        }
        let view = &desk.after_sale;
        let in_time = view.due_at.is_none_or(|due| tx.now < due);
        let (status, exchange) = (view.status, view.kind == Kind::Exchange);
        desk.may_answer = answers && in_time && status == Status::Requested;
        desk.may_receive = answers && in_time && status == Status::Returned;
        desk.may_replace = answers && in_time && exchange && status == Status::Received;
        desk.may_pay_instead = answers && in_time && exchange && may_pay_instead(status);
        let escalated = status == Status::Escalated || (status == Status::Requested && !in_time);
        desk.may_decide = decides && escalated;
        Ok(desk)
    })
}

/// Returns for staff: those whose time ends first at the top of what waits for staff, otherwise
/// the newest.
pub fn list(
    app: &App,
    visitor: &Visitor,
    queue: Queue,
    before: Option<Id<AfterSale>>,
    limit: i64,
) -> Result<Vec<ReturnCard>, Failure> {
    let counter = visitor.counter_reader(Permission::Orders)?;
    app.read(|tx| store::list(tx, queue, counter.seller, before, limit))
}

/// How many returns are in each queue, and how many of them are late.
pub fn counts(app: &App, visitor: &Visitor) -> Result<Vec<(Queue, i64)>, Failure> {
    let counter = visitor.counter_reader(Permission::Orders)?;
    app.read(|tx| {
        let count = |queue| Ok((queue, store::count(tx, queue, counter.seller)?));
        Queue::ALL.into_iter().map(count).collect()
    })
}
