//! Payment without a provider: by bank transfer, or over the counter.
//!
//! The buyer is told how; the goods are kept for some days; staff say when the money is there, with
//! what proves it. What goes back goes by hand too, and staff say when it went.

use describe::ToSchema;
use domain::id::Id;
use domain::order::Order;
use domain::payment::{Meaning, OFFLINE, Refund, Refusal, Said};
use domain::person::Permission;
use domain::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{apply, store, weigh};
use crate::db::Tx;
use crate::failure::Failure;
use crate::idempotency::Answer;
use crate::{App, Visitor, refund, staff_act, team};

/// The name it is chosen by.
pub const NAME: &str = OFFLINE;

/// How to pay without a provider.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = OfflinePayment)]
pub struct Terms {
    /// Whether it is offered.
    pub active: bool,
    /// What the buyer is told, in the shop's language and in English.
    pub how: String,
    #[serde(default)]
    pub how_en: String,
    /// For how many days the goods are kept: 1 to 30.
    pub days: i64,
}

/// Money that staff saw.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Seen {
    /// How much it was; it must be what is due.
    pub amount: domain::money::Money,
    /// What proves it: the number of the transfer, or of the receipt.
    pub proof: String,
}

/// A refund that staff sent by hand.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Sent {
    pub proof: String,
}

pub(crate) fn terms(tx: &mut Tx) -> Result<Terms, Failure> {
    tx.read_once("offline payment".into(), |tx| {
        tx.one("select active, how, how_en, days from offline_payment", &[], |row| Terms {
            active: row.get::<i64>(0) == 1,
            how: row.get(1),
            how_en: row.get(2),
            days: row.get(3),
        })
    })
}

/// The terms, for staff.
pub fn get(app: &App, visitor: &Visitor) -> Result<Terms, Failure> {
    visitor.staff_reader(Permission::Delivery)?;
    app.read(terms)
}

/// Changes the terms.
pub fn set(app: &App, visitor: &Visitor, new: Terms) -> Result<Terms, Failure> {
    let actor = visitor.staff(Permission::Delivery)?;
    let long = |text: &str| text.chars().count() > 1_000;
    let nothing = new.active && new.how.trim().is_empty();
    if long(&new.how) || long(&new.how_en) || nothing {
        return Err(Failure::field("payment.no_how", "how"));
    }
    if !(1..=30).contains(&new.days) {
        return Err(Failure::field("payment.bad_days", "days"));
    }
    app.write_for(visitor, |tx| {
        let before = terms(tx)?;
        tx.run(
            "update offline_payment set active = $1, how = $2, how_en = $3, days = $4",
            &[
                i64::from(new.active).into(),
                new.how.trim().into(),
                new.how_en.trim().into(),
                new.days.into(),
            ],
        )?;
        let detail = json!({ "before": before, "after": new }).to_string();
        staff_act::record(tx, actor, "payment.offline", ("shop", 1), &detail)
    })?;
    app.read(terms)
}

/// Staff saw the money of an order that waits for it. Whether it is what is due is checked: what is
/// too little or too much is between buyer and staff before it is anything here.
pub fn received(
    app: &App,
    visitor: &Visitor,
    id: Id<Order>,
    seen: Seen,
) -> Result<Answer<Id<Order>>, Failure> {
    let actor = visitor.staff(Permission::Refunds)?;
    let proof = proof(&seen.proof)?;
    app.once(visitor, "payment.received", |tx| {
        let (mut team, mut order) = team::lock_with_order(tx, id)?;
        if order.status != domain::order::Status::PendingPayment {
            return Err(Refusal::NotPayable(order.status).into());
        }
        if order.seller.is_some() {
            // It would be the shop's to keep for the seller (RULES CN-PAY-01).
            return Err(Refusal::NoSuchMethod.into());
        }
        // What the wallet promised whole is its owner's to spend: nothing is due by hand.
        if seen.amount != order.due() || seen.amount.is_zero() {
            return Err(Failure::with("payment.not_due", json!({ "due": order.due() })));
        }
        let attempt = store::open_attempt(tx, &order, NAME)?;
        let payment = store::find(tx, attempt.id)?;
        let meaning = weigh(&payment, &order, Said::Paid(seen.amount));
        assert_eq!(meaning, Meaning::Settle, "what is due was seen for an order that waits");
        apply(tx, team.as_mut(), &mut order, &payment, meaning, "offline")?;
        add_receipt(tx, ("payment", payment.id.0), &proof, actor)?;
        let detail = json!({ "amount": seen.amount, "proof": proof }).to_string();
        staff_act::record(tx, actor, "payment.received", ("order", id.0), &detail)?;
        Ok((id, payment.id.0))
    })
}

/// Staff sent a refund back by hand.
pub fn sent_back(
    app: &App,
    visitor: &Visitor,
    id: Id<Refund>,
    sent: Sent,
) -> Result<Answer<Id<Order>>, Failure> {
    let actor = visitor.staff(Permission::Refunds)?;
    let proof = proof(&sent.proof)?;
    app.once(visitor, "refund.sent", |tx| {
        let order = refund::sent_by_hand(tx, id, &proof, actor)?;
        add_receipt(tx, ("refund", id.0), &proof, actor)?;
        let detail = json!({ "refund": id, "proof": proof }).to_string();
        staff_act::record(tx, actor, "refund.sent", ("order", order.0), &detail)?;
        Ok((order, id.0))
    })
}

fn proof(text: &str) -> Result<String, Failure> {
    let proof = one_line(text);
    if proof.is_empty() || proof.chars().count() > 120 {
        return Err(Refusal::NoProof.into());
    }
    Ok(proof)
}

fn add_receipt(
    tx: &mut Tx,
    about: (&str, i64),
    proof: &str,
    by: Id<domain::person::Person>,
) -> Result<(), Failure> {
    tx.run(
        "insert into offline_receipts (about, about_id, proof, by_id, at)
         values ($1, $2, $3, $4, $5)",
        &[about.0.into(), about.1.into(), proof.into(), by.into(), tx.now.into()],
    )?;
    Ok(())
}
