//! Invoices in the shop and on paper: what stands for an order is what was paid for it with money
//! and stayed. See `model`.

use app::Visitor;
use app::invoice::{self, AskInvoice};
use domain::id::Id;
use domain::invoice::{State, Title};
use domain::order::{Order, Status};

use crate::support::TestShop;

/// Whether an order in this state can have its invoice issued.
pub fn may_issue(status: Status) -> bool {
    matches!(status, Status::ToShip | Status::Shipped | Status::Delivered)
}

/// Asks for an invoice and issues it. Whether it was issued.
pub fn issue(shop: &TestShop, who: &Visitor, order: Id<Order>) -> bool {
    let title = Title { name: "Paper".into(), ..Title::default() };
    // What was asked for before still waits: then this is refused, and that is issued.
    invoice::ask(&shop.app, &shop.keyed(who), order, AskInvoice { title }).ok();
    let seen = invoice::of_order(&shop.app, who, order).unwrap();
    let waits = seen.requests.iter().find(|request| request.state == State::Asked);
    waits.is_some_and(|request| shop.issue_invoice(request.id).is_ok())
}

/// What stands of an order's invoices.
pub fn standing(shop: &TestShop, order: Id<Order>) -> i64 {
    let sql = format!("select coalesce(sum(total), 0) from invoices where order_id = {}", order.0);
    shop.number(&sql)
}
