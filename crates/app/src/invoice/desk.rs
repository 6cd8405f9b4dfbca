//! Invoices behind the counter: what was asked for, issuing one or many, declining, taking back.

use describe::ToSchema;
use domain::id::Id;
use domain::invoice::{Invoice, InvoiceRequest, Refusal, State};
use domain::moment::Moment;
use domain::money::Money;
use domain::order::Order;
use domain::person::Permission;
use serde::{Deserialize, Serialize};

use super::{
    InvoiceView, OrderInvoices, RequestView, answer, because, issue_in, may_look, record, red_in,
    store, view_of_order,
};
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::{App, Visitor, notice, order};

/// A request in the console's list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RequestCard {
    pub request: RequestView,
    pub buyer_name: String,
    /// What the order cost.
    pub order_total: Money,
    /// The invoice that stands, or the last there was.
    pub invoice: Option<Id<Invoice>>,
    pub number: Option<String>,
    pub total: Option<Money>,
    pub issued_at: Option<Moment>,
}

/// Which requests, by any of these.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub state: Option<State>,
    pub order: Option<Id<Order>>,
    /// A part of a number, a title or a tax number.
    pub text: String,
    pub before: Option<Id<InvoiceRequest>>,
    pub limit: i64,
}

/// Why, for what is declined or taken back.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct Because {
    /// Its buyer reads it.
    pub reason: String,
}

/// Which requests are to be issued.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct IssueMany {
    pub requests: Vec<Id<InvoiceRequest>>,
}

/// What became of one of many.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = InvoiceOfMany)]
pub struct Issued {
    pub request: Id<InvoiceRequest>,
    pub invoice: Option<Id<Invoice>>,
    pub number: Option<String>,
    /// The code of the refusal, when it was refused.
    pub refused: Option<String>,
}

/// How many are issued at once.
pub const MOST: usize = 100;

/// Requests, the latest first.
pub fn list(app: &App, visitor: &Visitor, wanted: &Wanted) -> Result<Vec<RequestCard>, Failure> {
    may_look(visitor)?;
    app.read(|tx| store::list(tx, wanted))
}

/// How many wait for an answer.
pub fn waiting(app: &App, visitor: &Visitor) -> Result<i64, Failure> {
    may_look(visitor)?;
    app.read(store::count_waiting)
}

/// One request.
pub fn request(
    app: &App,
    visitor: &Visitor,
    id: Id<InvoiceRequest>,
) -> Result<RequestView, Failure> {
    may_look(visitor)?;
    app.read(|tx| store::request(tx, id))
}

/// What there is about the invoice of anybody's order.
pub fn of_order(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<OrderInvoices, Failure> {
    may_look(visitor)?;
    app.read(|tx| {
        let found = order::find(tx, id)?;
        view_of_order(tx, &found)
    })
}

/// Anybody's invoice.
pub fn get(app: &App, visitor: &Visitor, id: Id<Invoice>) -> Result<InvoiceView, Failure> {
    may_look(visitor)?;
    app.read(|tx| store::invoice(tx, id))
}

/// Issues what was asked for.
pub fn issue(
    app: &App,
    visitor: &Visitor,
    id: Id<InvoiceRequest>,
) -> Result<Answer<InvoiceView>, Failure> {
    let actor = visitor.staff(Permission::Invoices)?;
    app.once(visitor, "invoice", |tx| {
        let request = store::request(tx, id)?;
        let found = order::find_to_change(tx, request.order)?;
        let invoice = issue_in(tx, &found, id, Some(actor))?;
        record(tx, actor, "invoice.issue", found.id, &invoice.number)?;
        Ok((invoice.clone(), invoice.id.0))
    })
}

/// Issues many at once; what is refused holds up no other.
pub fn issue_many(
    app: &App,
    visitor: &Visitor,
    many: &IssueMany,
) -> Result<Answer<Vec<Issued>>, Failure> {
    let actor = visitor.staff(Permission::Invoices)?;
    if many.requests.is_empty() || many.requests.len() > MOST {
        return Err(Refusal::TooMany(MOST as i64).into());
    }
    app.once(visitor, "invoices", |tx| {
        let mut wanted = Vec::new();
        for id in &many.requests {
            wanted.push((store::request(tx, *id)?.order, *id));
        }
        // Every order is locked, in the order of their ids, before the first number is taken.
        wanted.sort();
        wanted.dedup();
        let mut found = Vec::new();
        for (order, id) in wanted {
            found.push((order::find_to_change(tx, order)?, id));
        }
        let mut done = Vec::new();
        for (order, id) in &found {
            let refused = match issue_in(tx, order, *id, Some(actor)) {
                Ok(invoice) => {
                    record(tx, actor, "invoice.issue", order.id, &invoice.number)?;
                    let (invoice, number) = (Some(invoice.id), Some(invoice.number));
                    done.push(Issued { request: *id, invoice, number, refused: None });
                    continue;
                }
                // Nothing was written of what is refused.
                Err(failure @ Failure::Refused(_)) => Some(failure.code().to_string()),
                Err(failure) => return Err(failure),
            };
            done.push(Issued { request: *id, invoice: None, number: None, refused });
        }
        let all: Id<InvoiceRequest> = tx.id();
        Ok((done, all.0))
    })
}

/// Declines what was asked for.
pub fn decline(
    app: &App,
    visitor: &Visitor,
    id: Id<InvoiceRequest>,
    because_of: &Because,
) -> Result<Answer<RequestView>, Failure> {
    let actor = visitor.staff(Permission::Invoices)?;
    let reason = because(&because_of.reason)?;
    app.once(visitor, "invoice answer", |tx| {
        let order = store::request(tx, id)?.order;
        let found = order::find_to_change(tx, order)?;
        let request = store::request(tx, id)?;
        answer(tx, &request, State::Declined, (&reason, Some(actor)))?;
        record(tx, actor, "invoice.decline", found.id, &reason)?;
        let args = serde_json::json!({ "reason": reason });
        notice::tell(tx, found.person, "invoice_declined", "order", found.id.0, args)?;
        Ok((store::request(tx, id)?, id.0))
    })
}

/// Takes an invoice back, to correct it: its buyer may ask for another.
pub fn red(
    app: &App,
    visitor: &Visitor,
    id: Id<Invoice>,
    because_of: &Because,
) -> Result<Answer<InvoiceView>, Failure> {
    let actor = visitor.staff(Permission::Invoices)?;
    let reason = because(&because_of.reason)?;
    app.once(visitor, "red invoice", |tx| {
        let order = store::invoice(tx, id)?.order;
        let found = order::find_to_change(tx, order)?;
        let invoice = store::invoice(tx, id)?;
        let request = store::request(tx, invoice.request)?;
        if invoice.reverses.is_some() || invoice.reversed_by.is_some() {
            return Err(Refusal::NotNow(State::Red).into());
        }
        let red = red_in(tx, &invoice, (&reason, Some(actor)))?;
        answer(tx, &request, State::Red, (&reason, Some(actor)))?;
        record(tx, actor, "invoice.red", found.id, &format!("{} {reason}", invoice.number))?;
        let args = serde_json::json!({ "number": invoice.number });
        notice::tell(tx, found.person, "invoice_red", "order", found.id.0, args)?;
        Ok((store::invoice(tx, red)?, red.0))
    })
}
