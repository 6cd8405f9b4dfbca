//! What moved at Stripe: rows of its list of balance transactions, and of the report a merchant
//! downloads (balance change from activity, itemised).

use domain::moment::Moment;
use domain::reconciliation::{Kind, Line, State};
use serde_json::Value;

use super::text;
use crate::outside::gateway::sheet::{self, Sheet};

/// What moves money and is neither a payment nor a refund, and yet no surprise: transfers are the
/// parts of sellers.
const EXPECTED: [&str; 7] =
    ["payout", "payout_reversal", "stripe_fee", "fee", "topup", "tax_fee", "transfer"];

fn kind(category: &str) -> Option<Kind> {
    match category {
        "charge" | "payment" => Some(Kind::Payment),
        "refund" | "payment_refund" => Some(Kind::Refund),
        known if EXPECTED.contains(&known) => None,
        _ => Some(Kind::Odd),
    }
}

/// A row of the list, its source expanded.
pub fn row(number: usize, row: &Value) -> Option<Line> {
    let category = match text(row, "reporting_category") {
        "" => text(row, "type"),
        category => category,
    };
    let kind = kind(category)?;
    let source = &row["source"];
    // What the buyer was charged in; the row itself is in the currency it is settled in.
    let charged = source["amount"].as_i64().zip(source["currency"].as_str());
    let settled = (row["amount"].as_i64()?, text(row, "currency"));
    let (minor, currency) = charged.unwrap_or(settled);
    let same = currency.eq_ignore_ascii_case(settled.1);
    let theirs = source["id"].as_str().or(source.as_str()).unwrap_or("");
    Some(Line {
        number: i64::try_from(number).unwrap_or(i64::MAX) + 1,
        kind,
        reference: text(&source["metadata"], "reference").to_string(),
        theirs: theirs.to_string(),
        minor: minor.saturating_abs(),
        currency: currency.to_ascii_uppercase(),
        fee: row["fee"].as_i64().filter(|_| same),
        rate: None,
        at: Moment(row["created"].as_i64()?.saturating_mul(1_000_000)),
        state: State::Done,
    })
}

/// The report that is downloaded.
pub fn read(file: &[u8]) -> Result<Vec<Line>, String> {
    let needed = ["balance_transaction_id", "reporting_category", "gross", "currency"];
    let sheet = Sheet::read(file, &needed, |_| false)?;
    let mut lines = Vec::new();
    for row in &sheet.rows {
        let cell = |names: &[&str]| sheet.cell(row, names);
        let category = cell(&["reporting_category"]);
        let Some(kind) = kind(category) else { continue };
        let wrong = |what: &str| format!("line {}: {what} cannot be read", row.number);
        let settled = (cell(&["gross"]), cell(&["currency"]));
        let charged = (cell(&["customer_facing_amount"]), cell(&["customer_facing_currency"]));
        let (amount, currency) = if charged.0.is_empty() { settled } else { charged };
        let currency = currency.to_ascii_uppercase();
        let same = currency.eq_ignore_ascii_case(settled.1);
        let names: &[&str] = match kind {
            Kind::Refund => &["refund_metadata[reference]"],
            _ => &["payment_metadata[reference]"],
        };
        let created = cell(&["created_utc", "created"]);
        lines.push(Line {
            number: row.number,
            kind,
            reference: cell(names).to_string(),
            theirs: cell(&["source_id"]).to_string(),
            minor: sheet::amount(amount, &currency).ok_or_else(|| wrong("the amount"))?,
            fee: sheet::fee(cell(&["fee"]), &currency).filter(|_| same),
            currency,
            rate: None,
            at: sheet::moment(created, domain::moment::Span(0)).ok_or_else(|| wrong("created"))?,
            state: State::Done,
        });
    }
    Ok(lines)
}
