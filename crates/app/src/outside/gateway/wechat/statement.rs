//! WeChat Pay's trade bill: payments and refunds of a day, every cell behind a mark.

use domain::reconciliation::{Kind, Line, State};

use super::ZONE;
use crate::outside::gateway::sheet::{self, Sheet};

/// Reads a bill of all kinds, of payments, or of refunds; old forms and new.
pub fn read(file: &[u8]) -> Result<Vec<Line>, String> {
    // The sums of the day stand below, under a heading of their own.
    let ends = |first: &str| first.contains("总交易单数");
    let sheet = Sheet::read(file, &["交易时间", "商户订单号", "交易状态", "货币种类"], ends)?;
    let mut lines = Vec::new();
    for row in &sheet.rows {
        let cell = |names: &[&str]| sheet.cell(row, names);
        let wrong = |what: &str| format!("line {}: {what} cannot be read", row.number);
        let currency = cell(&["货币种类"]).to_ascii_uppercase();
        let status = cell(&["交易状态"]);
        let kind = match status {
            "SUCCESS" => Kind::Payment,
            "REFUND" => Kind::Refund,
            // A payment that was taken back, or what they will think of next.
            _ => Kind::Odd,
        };
        let refund = kind == Kind::Refund;
        let (reference, theirs, amount) = if refund {
            let amount = first(cell, &[&["申请退款金额"], &["退款金额"]]);
            (cell(&["商户退款单号"]), cell(&["微信退款单号"]), amount)
        } else {
            let amount = first(cell, &[&["订单金额"], &["应结订单金额"], &["总金额"]]);
            (cell(&["商户订单号"]), cell(&["微信订单号"]), amount)
        };
        let state = match cell(&["退款状态"]) {
            "PROCESSING" if refund => State::Underway,
            "FAIL" | "CHANGE" | "CLOSED" | "ABNORMAL" if refund => State::Failed,
            _ => State::Done,
        };
        lines.push(Line {
            number: row.number,
            kind,
            reference: reference.to_string(),
            theirs: theirs.to_string(),
            minor: sheet::amount(amount, &currency).ok_or_else(|| wrong("the amount"))?,
            fee: sheet::fee(cell(&["手续费"]), &currency),
            currency,
            rate: sheet::rate(cell(&["费率"])),
            at: sheet::moment(cell(&["交易时间"]), ZONE).ok_or_else(|| wrong("the time"))?,
            state,
        });
    }
    Ok(lines)
}

/// The first of these cells that is there.
fn first<'c>(cell: impl Fn(&[&str]) -> &'c str, names: &[&[&str]]) -> &'c str {
    names.iter().map(|name| cell(name)).find(|cell| !cell.is_empty()).unwrap_or("")
}
