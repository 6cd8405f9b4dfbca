//! Invoices: asked for by buyers, issued and declined by staff or by themselves, taken back by red
//! ones.
//!
//! What was issued is only ever added to. When money of an invoiced order goes back, a red invoice
//! takes all of the old one back in the same transaction, and another is issued for what is left:
//! so what stands is never more than what was paid.

use describe::ToSchema;
use domain::id::Id;
use domain::invoice::{
    Invoice, InvoiceRequest, InvoiceTitle, Line, Refusal, Standing, State, Sums, Title, by_rate,
    is_received, lines as lines_of, may_ask, may_issue, mirrored, reason, sums,
};
use domain::moment::Moment;
use domain::money::Money;
use domain::order::Order;
use domain::person::{Permission, Person};
use domain::rate::Rate;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::order::Found;
use crate::{App, Visitor, notice, order, staff_act};

pub mod desk;
pub mod pdf;
mod seal;
pub mod settings;
mod store;

pub use settings::{Seller, SettingsView};

/// The name of the job that issues what was asked for, once the goods have arrived.
pub const JOB: &str = "invoice.issue";

/// Somebody asked for an invoice, with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = InvoiceRequestView)]
pub struct RequestView {
    pub id: Id<InvoiceRequest>,
    pub order: Id<Order>,
    pub state: State,
    /// Whom it names; of what came to nothing no title is kept.
    pub title: Title,
    /// Why it was declined or taken back.
    pub reason: String,
    pub asked_at: Moment,
    pub answered_at: Option<Moment>,
}

/// What is taxed at one rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RateSums {
    /// In basis points.
    #[schema(value_type = i64)]
    pub rate: Rate,
    pub sums: Sums,
}

/// An invoice, or a red one: as it was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InvoiceView {
    pub id: Id<Invoice>,
    pub number: String,
    pub order: Id<Order>,
    pub request: Id<InvoiceRequest>,
    /// The one a red invoice takes back, by its number too.
    pub reverses: Option<Id<Invoice>>,
    pub reverses_number: Option<String>,
    /// The red one that took it back.
    pub reversed_by: Option<Id<Invoice>>,
    pub title: Title,
    pub seller: Seller,
    pub lines: Vec<Line>,
    pub by_rate: Vec<RateSums>,
    pub sums: Sums,
    /// Why it was taken back, for a red one.
    pub reason: String,
    pub issued_at: Moment,
    /// The seal over all of it and the one before it.
    pub hash: String,
}

/// What there is about an order's invoice.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct OrderInvoices {
    pub order: Id<Order>,
    /// What could be invoiced now; none as long as nothing was paid.
    pub invoiceable: Option<Money>,
    pub may_ask: bool,
    /// The code of the refusal when it may not be asked for.
    pub why_not: Option<String>,
    /// The latest first.
    pub requests: Vec<RequestView>,
    /// The latest first.
    pub invoices: Vec<InvoiceView>,
}

/// A title that was used before.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct KnownTitle {
    pub id: Id<InvoiceTitle>,
    pub title: Title,
    pub used_at: Moment,
}

/// An invoice, asked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct AskInvoice {
    pub title: Title,
}

/// The most titles that are kept for somebody.
const TITLES: i64 = 20;

/// What could be on an order's invoice now.
struct Bill {
    lines: Vec<Line>,
    sums: Sums,
}

fn bill(tx: &mut Tx, order: &Found) -> Result<Bill, Failure> {
    let nothing = Money::zero(order.currency);
    let parts = store::parts(tx, order)?;
    let credit = store::credit_left(tx, order)?;
    planted!("invoice_of_credit", {
        let lines = lines_of(&parts, nothing);
        return Ok(Bill { sums: sums(&lines, nothing), lines });
    });
    let lines = lines_of(&parts, credit);
    let sums = sums(&lines, nothing);
    Ok(Bill { lines, sums })
}

fn standing(tx: &mut Tx, order: &Found, left: Money) -> Result<Standing, Failure> {
    // What a seller sells, the seller invoices.
    let offered = settings::read(tx)?.offered() && order.seller.is_none();
    let request = store::open_request(tx, order.id)?.map(|request| request.state);
    Ok(Standing { offered, order: order.status, left, request })
}

/// The order, if it is the visitor's.
fn own_order(tx: &mut Tx, person: Id<Person>, id: Id<Order>) -> Result<Found, Failure> {
    let found = order::find(tx, id)?;
    planted!("others_invoices_readable", return Ok(found));
    if found.person == person { Ok(found) } else { Err(Failure::NotFound) }
}

/// What there is about the invoice of one's own order.
pub fn of_order(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<OrderInvoices, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| {
        let found = own_order(tx, person, id)?;
        view_of_order(tx, &found)
    })
}

fn view_of_order(tx: &mut Tx, found: &Found) -> Result<OrderInvoices, Failure> {
    let paid = found.status.is_paid();
    let left = match paid {
        true => bill(tx, found)?.sums.total,
        false => Money::zero(found.currency),
    };
    let standing = standing(tx, found, left)?;
    let refused = may_ask(&standing).err().map(Failure::from);
    Ok(OrderInvoices {
        order: found.id,
        invoiceable: paid.then_some(left),
        may_ask: refused.is_none(),
        why_not: refused.map(|failure| failure.code().to_string()),
        requests: store::requests_of(tx, found.id)?,
        invoices: store::invoices_of(tx, found.id)?,
    })
}

/// Asks for an invoice. Where the shop wants that and the goods are there, it is issued at once.
pub fn ask(
    app: &App,
    visitor: &Visitor,
    id: Id<Order>,
    ask: AskInvoice,
) -> Result<Answer<RequestView>, Failure> {
    let person = visitor.shopper()?;
    let title = ask.title.checked()?;
    app.once(visitor, "invoice request", |tx| {
        own_order(tx, person, id)?;
        let found = order::find_to_change(tx, id)?;
        let bill = bill(tx, &found)?;
        may_ask(&standing(tx, &found, bill.sums.total)?)?;
        let request: Id<InvoiceRequest> = tx.id();
        store::add_request(tx, request, id, &title)?;
        store::keep_title(tx, person, &title, TITLES)?;
        if settings::read(tx)?.automatic && is_received(found.status) {
            issue_in(tx, &found, request, None)?;
        }
        Ok((store::request(tx, request)?, request.0))
    })
}

/// Takes back what one asked for and was not answered yet.
pub fn withdraw(
    app: &App,
    visitor: &Visitor,
    id: Id<InvoiceRequest>,
) -> Result<RequestView, Failure> {
    let person = visitor.shopper()?;
    app.write_for(visitor, |tx| {
        let order = store::request(tx, id)?.order;
        own_order(tx, person, order)?;
        order::find_to_change(tx, order)?;
        let request = store::request(tx, id)?;
        answer(tx, &request, State::Withdrawn, ("", None))?;
        store::request(tx, id)
    })
}

/// Moves a request on; `Refusal::NotNow` from where it cannot.
fn answer(
    tx: &mut Tx,
    request: &RequestView,
    to: State,
    (reason, by): (&str, Option<Id<Person>>),
) -> Result<(), Failure> {
    let may = request.state.may_become(to);
    // The row count decides.
    if may && store::answer(tx, request, to, reason, by)? {
        return Ok(());
    }
    Err(Refusal::NotNow(request.state).into())
}

/// One's own invoice.
pub fn get(app: &App, visitor: &Visitor, id: Id<Invoice>) -> Result<InvoiceView, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| {
        let invoice = store::invoice(tx, id)?;
        own_order(tx, person, invoice.order)?;
        Ok(invoice)
    })
}

/// The titles one used before, the last first.
pub fn titles(app: &App, visitor: &Visitor) -> Result<Vec<KnownTitle>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| store::titles(tx, person))
}

/// Forgets a title. Invoices that name it stay as they are.
pub fn forget_title(app: &App, visitor: &Visitor, id: Id<InvoiceTitle>) -> Result<(), Failure> {
    let person = visitor.shopper()?;
    app.write_for(visitor, |tx| match store::forget_title(tx, person, id)? {
        true => Ok(()),
        false => Err(Failure::NotFound),
    })
}

/// Issues what was asked for. The order is locked; the numbers are taken last of all.
fn issue_in(
    tx: &mut Tx,
    order: &Found,
    request: Id<InvoiceRequest>,
    by: Option<Id<Person>>,
) -> Result<InvoiceView, Failure> {
    // A number that is taken before it is known that it is needed leaves a gap.
    planted!("invoice_number_too_early", {
        if store::request(tx, request)?.state != State::Asked {
            store::next_number(tx, "")?;
        }
    });
    let bill = bill(tx, order)?;
    let request = store::request(tx, request)?;
    may_issue(&standing(tx, order, bill.sums.total)?)?;
    answer(tx, &request, State::Issued, ("", by))?;
    let settings = settings::read(tx)?;
    let id = write(
        tx,
        New { request: &request, reverses: None, title: &request.title, seller: &settings.seller },
        &bill.lines,
        ("", by),
    )?;
    let invoice = store::invoice(tx, id)?;
    let args = serde_json::json!({ "number": invoice.number, "amount": invoice.sums.total });
    notice::tell(tx, order.person, "invoice_issued", "order", order.id.0, args)?;
    Ok(invoice)
}

/// An invoice about to be written.
struct New<'a> {
    request: &'a RequestView,
    reverses: Option<Id<Invoice>>,
    title: &'a Title,
    seller: &'a Seller,
}

fn write(
    tx: &mut Tx,
    new: New,
    lines: &[Line],
    (reason, by): (&str, Option<Id<Person>>),
) -> Result<Id<Invoice>, Failure> {
    let prefix = settings::read(tx)?.prefix;
    let place = store::next_number(tx, &prefix)?;
    let id: Id<Invoice> = tx.id();
    let first = lines.first().ok_or(Refusal::NothingLeft)?;
    let row = seal::Sealed {
        id,
        order: new.request.order,
        reverses: new.reverses,
        number: place.number,
        title: new.title.clone(),
        seller: new.seller.clone(),
        lines: lines.to_vec(),
        sums: sums(lines, Money::zero(first.amount.currency)),
        reason: reason.to_string(),
        issued_at: tx.now,
    };
    let hash = row.hash_after(&place.before)?;
    store::add(tx, &row, new.request.id, (place.year, place.seq), &hash, by)?;
    store::end_number(tx, place.year, &hash)?;
    Ok(id)
}

/// Takes an invoice back: all its lines with the other sign, under a number of its own.
fn red_in(
    tx: &mut Tx,
    invoice: &InvoiceView,
    (reason, by): (&str, Option<Id<Person>>),
) -> Result<Id<Invoice>, Failure> {
    let request = store::request(tx, invoice.request)?;
    let (title, seller) = (&invoice.title, &invoice.seller);
    let new = New { request: &request, reverses: Some(invoice.id), title, seller };
    planted!("red_not_whole", {
        return write(tx, new, &mirrored(&invoice.lines[..1]), (reason, by));
    });
    write(tx, new, &mirrored(&invoice.lines), (reason, by))
}

/// Money of an order went back: what stands of its invoice may not be more than what stayed.
pub(crate) fn refund_paid(tx: &mut Tx, order: Id<Order>) -> Result<(), Failure> {
    let Some(invoice) = store::standing(tx, order)? else { return Ok(()) };
    planted!("refund_not_on_invoice", return Ok(()));
    let found = order::find_to_change(tx, order)?;
    let bill = bill(tx, &found)?;
    if bill.sums.total == invoice.sums.total {
        return Ok(());
    }
    red_in(tx, &invoice, ("refund", None))?;
    let request = store::request(tx, invoice.request)?;
    if bill.lines.is_empty() {
        answer(tx, &request, State::Red, ("refund", None))?;
    } else {
        let (title, seller) = (&invoice.title, &invoice.seller);
        let new = New { request: &request, reverses: None, title, seller };
        write(tx, new, &bill.lines, ("", None))?;
    }
    let args = serde_json::json!({ "number": invoice.number });
    notice::tell(tx, found.person, "invoice_red", "order", order.0, args)
}

/// The goods have arrived: what was asked for is issued, where the shop wants that.
pub(crate) fn received(tx: &mut Tx, order: Id<Order>) -> Result<(), Failure> {
    if let Some(request) = store::waiting(tx, order)?
        && settings::read(tx)?.automatic
    {
        tx.ask(JOB, request.0, tx.now)?;
    }
    Ok(())
}

/// Job: issues a request whose goods have arrived. One that was answered meanwhile stays as it is.
pub fn issue_due(app: &App, id: Id<InvoiceRequest>) -> Result<(), Failure> {
    let done = app.write(|tx| {
        let request = store::request(tx, id)?;
        let found = order::find_to_change(tx, request.order)?;
        let waits = store::request(tx, id)?.state == State::Asked;
        if waits && is_received(found.status) {
            issue_in(tx, &found, id, None)?;
        }
        Ok(())
    });
    match done {
        // Nothing is left of it by now, or the shop issues none any more: staff see it waiting.
        Err(Failure::Refused(_)) => Ok(()),
        done => done,
    }
}

/// The first invoice whose seal is not what its content and the one before it make.
pub(crate) fn first_broken(tx: &mut Tx) -> Result<Option<String>, Failure> {
    seal::first_broken(tx)
}

fn view(row: seal::Sealed, request: Id<InvoiceRequest>, hash: String) -> InvoiceView {
    let rates = by_rate(&row.lines).into_iter().map(|(rate, sums)| RateSums { rate, sums });
    InvoiceView {
        by_rate: rates.collect(),
        id: row.id,
        number: row.number,
        order: row.order,
        request,
        reverses: row.reverses,
        reverses_number: None,
        reversed_by: None,
        title: row.title,
        seller: row.seller,
        lines: row.lines,
        sums: row.sums,
        reason: row.reason,
        issued_at: row.issued_at,
        hash,
    }
}

/// A reason staff gave, checked, and written down with what they did.
fn because(text: &str) -> Result<String, Failure> {
    Ok(reason(text)?)
}

/// Writes down what a member of staff did about an order's invoice.
fn record(
    tx: &mut Tx,
    actor: Id<Person>,
    action: &str,
    order: Id<Order>,
    detail: &str,
) -> Result<(), Failure> {
    staff_act::record(tx, actor, action, ("order", order.0), detail)
}

/// Whether somebody may see what staff see of invoices.
fn may_look(visitor: &Visitor) -> Result<Id<Person>, Failure> {
    visitor.staff_reader(Permission::Invoices)
}
