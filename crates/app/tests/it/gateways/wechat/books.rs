//! What the double keeps: the parts of sellers, and the bill of a day.

use domain::moment::Span;
use serde_json::{Value, json};

use super::super::Row;
use super::super::server::Response;
use super::{APPID, MCHID, State, no};

/// A part of a payment that is somebody else's.
#[derive(Clone)]
pub struct Part {
    pub transaction: String,
    pub account: String,
    pub minor: i64,
    pub done: bool,
}

pub fn part_of(key: &str, part: &Part) -> Value {
    json!({
        "order_id": format!("30008{}", &key[4..]),
        "out_order_no": key,
        "transaction_id": part.transaction,
        "state": if part.done { "FINISHED" } else { "PROCESSING" },
        "receivers": [{
            "type": "MERCHANT_ID",
            "account": part.account,
            "amount": part.minor,
            "result": if part.done { "SUCCESS" } else { "PENDING" },
        }],
    })
}

pub fn share(state: &mut State, body: &Value) -> Result<Value, Response> {
    let (key, transaction) =
        (body["out_order_no"].as_str().unwrap(), body["transaction_id"].as_str().unwrap());
    if let Some(known) = state.parts.get(key) {
        return Ok(part_of(key, known));
    }
    let paid = state
        .trades
        .iter()
        .find(|(name, one)| format!("42000{}", &name[4..]) == transaction && one.state != "NOTPAY");
    let Some((_, trade)) = paid else { return Err(no(400, "RESOURCE_NOT_EXISTS")) };
    let receiver = &body["receivers"][0];
    let minor = receiver["amount"].as_i64().unwrap();
    let before: i64 = state
        .parts
        .values()
        .filter(|one| one.transaction == transaction)
        .map(|one| one.minor)
        .sum();
    let right = trade.shared
        && body["appid"] == APPID
        && body["unfreeze_unsplit"] == true
        && receiver["type"] == "MERCHANT_ID"
        && before + minor <= trade.minor;
    if !right {
        return Err(no(403, "NOT_ENOUGH"));
    }
    let account = receiver["account"].as_str().unwrap().to_string();
    let part = Part { transaction: transaction.into(), account, minor, done: !state.slow };
    let answer = part_of(key, &part);
    state.parts.insert(key.into(), part);
    Ok(answer)
}

/// The bill of a day of China's.
pub fn bill(state: &State, day: &str) -> Vec<u8> {
    const HEAD: &str = "交易时间,公众账号ID,商户号,微信订单号,商户订单号,交易状态,货币种类,\
        应结订单金额,微信退款单号,商户退款单号,退款金额,退款状态,商品名称,手续费,费率,订单金额,申请退款金额";
    let mut lines = String::new();
    for row in &state.moved {
        let at = row.at.plus(Span::hours(8)).rfc3339().replace('T', " ");
        if !at.starts_with(day) {
            continue;
        }
        let amount = format!("{}.{:02}", row.minor / 100, row.minor % 100);
        let fee = format!("{}.{:02}000", row.fee / 100, row.fee % 100);
        let Row { reference, theirs, currency, .. } = row;
        let cells = match row.kind {
            "refund" => format!(
                "4200,`pay_x,`REFUND,`{currency},`0.00,`{theirs},`{reference},`{amount},`SUCCESS,\
                 `a, b,`{fee},`0.60%,`0.00,`{amount}"
            ),
            kind => format!(
                "{theirs},`{reference},`{},`{currency},`{amount},`0,`0,`0.00,`,`a, b,`{fee},`0.60%,\
                 `{amount},`0.00",
                if kind == "odd" { "REVOKED" } else { "SUCCESS" }
            ),
        };
        lines.push_str(&format!("`{},`{APPID},`{MCHID},`{cells}\r\n", &at[..19]));
    }
    if lines.is_empty() {
        return Vec::new();
    }
    format!("\u{feff}{HEAD}\r\n{lines}总交易单数,应结订单总金额\r\n`1,`1.00\r\n").into_bytes()
}
