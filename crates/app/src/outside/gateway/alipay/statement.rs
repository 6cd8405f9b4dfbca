//! Alipay's list of business details: a zip of tables in GBK, of which one has every trade.

use domain::reconciliation::{Kind, Line, State};

use super::ZONE;
use crate::outside::gateway::sheet::{self, Sheet};

/// Reads the zip, or the table in it.
pub fn read(file: &[u8]) -> Result<Vec<Line>, String> {
    let mut why = "the zip is empty".to_string();
    for file in sheet::unpacked(file)? {
        match table(&file) {
            Ok(lines) => return Ok(lines),
            Err(error) => why = error,
        }
    }
    Err(why)
}

fn table(file: &[u8]) -> Result<Vec<Line>, String> {
    let ends = |first: &str| first.starts_with('#');
    let needed = ["支付宝交易号", "商户订单号", "业务类型", "订单金额（元）"];
    let sheet = Sheet::read(file, &needed, ends)?;
    let mut lines = Vec::new();
    for row in &sheet.rows {
        let cell = |name: &str| sheet.cell(row, &[name]);
        let wrong = |what: &str| format!("line {}: {what} cannot be read", row.number);
        let kind = match cell("业务类型") {
            "交易" => Kind::Payment,
            "退款" => Kind::Refund,
            _ => Kind::Odd,
        };
        let name =
            if kind == Kind::Refund { "退款批次号/请求号" } else { "商户订单号" };
        // Their number is the payment's on a refund too: it names no refund.
        let theirs = if kind == Kind::Refund { "" } else { cell("支付宝交易号") };
        let minor = sheet::amount(cell("订单金额（元）"), "CNY");
        // They write what they took as money that left.
        let fee = sheet::fee(cell("服务费（元）"), "CNY").map(|fee| -fee);
        lines.push(Line {
            number: row.number,
            kind,
            reference: cell(name).to_string(),
            theirs: theirs.to_string(),
            minor: minor.ok_or_else(|| wrong("the amount"))?,
            currency: "CNY".into(),
            fee,
            rate: None,
            at: sheet::moment(cell("完成时间"), ZONE).ok_or_else(|| wrong("the time"))?,
            state: State::Done,
        });
    }
    Ok(lines)
}
