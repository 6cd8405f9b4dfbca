//! Alipay: signed addresses to pay at (computer and phone), calls whose answers are signed as they
//! are written, and notices as forms.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::payment::Refusal;
use domain::reconciliation::{Day, Line};
use serde_json::{Value, json};

use super::keys::{Signer, Verifier};
use super::wire::{Ask, Wire, form};
use super::{
    About, Back, Backed, Charge, Device, Envelope, Gateway, Known, Made, ProviderState, Share,
    Told, said,
};
use crate::clock::Clock;
use crate::config::payments::Alipay as Settings;
use crate::outside::Trouble;

mod split;
mod statement;

/// Its days and moments are China's.
pub const ZONE: Span = Span::hours(8);
/// They try for 25 hours to tell us; what comes later was kept by somebody.
const OLDEST: Span = Span::hours(26);

/// Alipay as one application sees it.
pub struct Alipay {
    settings: Settings,
    signer: Signer,
    verifier: Verifier,
    clock: Arc<dyn Clock>,
    wire: Arc<dyn Wire>,
}

impl Alipay {
    pub fn new(
        settings: &Settings,
        clock: Arc<dyn Clock>,
        wire: Arc<dyn Wire>,
    ) -> Result<Alipay, String> {
        let said = |why: String| format!("alipay: {why}");
        let signer = Signer::read(&settings.private_key.0).map_err(said)?;
        let verifier = Verifier::read(&settings.public_key).map_err(said)?;
        Ok(Alipay { settings: settings.clone(), signer, verifier, clock, wire })
    }

    /// A call's parameters with their signature.
    fn signed(&self, method: &str, more: &[(&str, &str)], content: &Value) -> Params {
        let timestamp = in_china(self.clock.now());
        let content = content.to_string();
        let common = [
            ("app_id", self.settings.app_id.as_str()),
            ("method", method),
            ("format", "JSON"),
            ("charset", "utf-8"),
            ("sign_type", "RSA2"),
            ("timestamp", &timestamp),
            ("version", "1.0"),
            ("biz_content", &content),
        ];
        let pairs = common.iter().chain(more);
        let pairs = pairs.map(|(name, value)| (name.to_string(), value.to_string()));
        let mut params: Params = pairs.filter(|(_, value)| !value.is_empty()).collect();
        let sign = self.signer.sign(joined(&params, &[]).as_bytes());
        params.insert("sign".into(), sign);
        params
    }

    /// Calls, and believes the answer only with its signature.
    fn call(&self, method: &str, content: &Value) -> Result<Value, Trouble> {
        let params = self.signed(method, &[], content);
        let mut ask = Ask { method: "POST", ..Ask::default() };
        ask.url = format!("{}?charset=utf-8", self.settings.url);
        let kind = "application/x-www-form-urlencoded;charset=utf-8";
        ask.headers.push(("content-type", kind.into()));
        ask.body = encoded(&params).into_bytes();
        let answer = self.wire.call(&ask)?;
        if answer.status != 200 {
            return Err(Trouble::Away(format!("status {}", answer.status)));
        }
        let text = String::from_utf8_lossy(&answer.body);
        let name = format!("{}_response", method.replace('.', "_"));
        let node = node(&text, &name).or_else(|| node_of_error(&text));
        let node = node.ok_or_else(|| Trouble::Away("an answer that cannot be read".into()))?;
        let whole: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        let sign = whole["sign"].as_str().unwrap_or("");
        let found: Value = serde_json::from_str(node).unwrap_or(Value::Null);
        if !self.verifier.is_right(node.as_bytes(), sign) {
            let why = format!("the answer's signature is wrong ({})", said_no(&found));
            return Err(Trouble::Away(why));
        }
        Ok(found)
    }

    fn trade(&self, known: &Known) -> Result<ProviderState, Trouble> {
        let found = self.call("alipay.trade.query", &json!({ "out_trade_no": known.reference }))?;
        match answer(&found) {
            Said::Done if text(&found, "out_trade_no") == known.reference => Ok(state(&found)),
            Said::Done => Err(Trouble::Refused("the answer is about another payment".into())),
            Said::No("ACQ.TRADE_NOT_EXIST") => Ok(ProviderState::Unknown),
            other => Err(other.trouble(&found)),
        }
    }

    fn is_refunded(&self, back: &Back) -> Result<Backed, Trouble> {
        let content = json!({ "out_trade_no": back.of.reference, "out_request_no": back.key });
        let found = self.call("alipay.trade.fastpay.refund.query", &content)?;
        match answer(&found) {
            Said::Done if text(&found, "refund_status") == "REFUND_SUCCESS" => {
                Ok(Backed::Done(text(&found, "trade_no").to_string()))
            }
            // Without a state there is no such refund (yet).
            Said::Done => Ok(Backed::Underway(String::new())),
            other => Err(other.trouble(&found)),
        }
    }
}

type Params = BTreeMap<String, String>;

/// `name=value&…` in the order of the names, as they are signed.
pub fn joined(params: &Params, without: &[&str]) -> String {
    let pairs = params.iter().filter(|(name, _)| !without.contains(&name.as_str()));
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

fn encoded(params: &Params) -> String {
    let pairs: Vec<(&str, &str)> =
        params.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    form(&pairs)
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or("")
}

fn said_no(found: &Value) -> String {
    let text = |name| text(found, name);
    format!("{} {} {}", text("code"), text("sub_code"), text("sub_msg"))
}

/// What an answer's codes come to.
enum Said<'v> {
    Done,
    /// The business says no, by this code.
    No(&'v str),
    /// Their side broke, or our settings are not to their liking.
    Later,
}

fn answer(found: &Value) -> Said<'_> {
    match (text(found, "code"), text(found, "sub_code")) {
        ("10000", _) => Said::Done,
        ("40004", "ACQ.SYSTEM_ERROR" | "aop.ACQ.SYSTEM_ERROR") => Said::Later,
        ("40004", code) => Said::No(code),
        _ => Said::Later,
    }
}

impl Said<'_> {
    fn trouble(&self, found: &Value) -> Trouble {
        match self {
            Said::No(_) => Trouble::Refused(said_no(found)),
            Said::Done | Said::Later => Trouble::Away(said_no(found)),
        }
    }
}

/// The text of a member of the outermost object, exactly as it is written: that is what was signed.
pub fn node<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let mut depth = 0;
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'"' => {
                let end = at + 1 + end_of_text(&text[at + 1..])?;
                let value = text[end + 1..].trim_start().strip_prefix(':').map(str::trim_start);
                if let (1, Some(value)) = (depth, value)
                    && &text[at + 1..end] == name
                {
                    return value.get(..end_of_object(value)?);
                }
                at = end;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => (),
        }
        at += 1;
    }
    None
}

/// Where the quote is that ends a text.
fn end_of_text(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

/// How long the object is that a text begins with.
fn end_of_object(text: &str) -> Option<usize> {
    if !text.starts_with('{') {
        return None;
    }
    let (mut depth, mut at) = (0, 0);
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'"' => at += 1 + end_of_text(&text[at + 1..])?,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => (),
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn node_of_error(text: &str) -> Option<&str> {
    node(text, "error_response")
}

/// What a trade's state comes to, in an answer or in a notice.
fn state(found: &Value) -> ProviderState {
    let paid = || match Money::parse(text(found, "total_amount"), Currency::Cny) {
        Ok(amount) => ProviderState::Paid(amount),
        Err(_) => ProviderState::PaidStrangely,
    };
    match text(found, "trade_status") {
        "TRADE_SUCCESS" | "TRADE_FINISHED" => paid(),
        // Closed before it was paid, or paid and then refunded as a whole.
        "TRADE_CLOSED" if !text(found, "send_pay_date").is_empty() => paid(),
        "TRADE_CLOSED" if !text(found, "gmt_payment").is_empty() => paid(),
        "TRADE_CLOSED" => ProviderState::Closed,
        _ => ProviderState::Open,
    }
}

/// `2026-11-21 16:00:00`.
fn in_china(at: Moment) -> String {
    let text = at.plus(ZONE).rfc3339().replace('T', " ");
    text.split('.').next().unwrap_or(&text).to_string()
}

impl Gateway for Alipay {
    fn name(&self) -> &'static str {
        "alipay"
    }

    fn takes(&self, currency: Currency) -> bool {
        currency == Currency::Cny
    }

    fn create(&self, charge: &Charge) -> Result<Made, Trouble> {
        let (method, product) = match charge.device {
            Device::Desk => ("alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
            Device::Phone => ("alipay.trade.wap.pay", "QUICK_WAP_WAY"),
        };
        let mut content = json!({
            "out_trade_no": charge.reference,
            "product_code": product,
            "subject": charge.description,
            "total_amount": charge.amount.decimal(),
            "time_expire": in_china(charge.pay_by),
        });
        if charge.splits {
            // Kept until it is settled between the seller and the shop.
            content["extend_params"] = json!({ "royalty_freeze": "true" });
        }
        if charge.device == Device::Phone {
            content["quit_url"] = json!(charge.return_url);
        }
        let more = [("return_url", &*charge.return_url), ("notify_url", &*charge.notify_url)];
        let params = self.signed(method, &more, &content);
        let url = format!("{}?{}", self.settings.url, encoded(&params));
        Ok(Made { url, theirs: String::new() })
    }

    fn query(&self, known: &Known) -> Result<ProviderState, Trouble> {
        self.trade(known)
    }

    fn close(&self, known: &Known) -> Result<ProviderState, Trouble> {
        let found = self.call("alipay.trade.close", &json!({ "out_trade_no": known.reference }))?;
        match answer(&found) {
            Said::Done => Ok(ProviderState::Closed),
            // Nobody has looked at its page, which ends by itself.
            Said::No("ACQ.TRADE_NOT_EXIST") => Ok(ProviderState::Unknown),
            // It is paid, or over already.
            Said::No(_) => self.trade(known),
            Said::Later => Err(Said::Later.trouble(&found)),
        }
    }

    fn refund(&self, back: &Back) -> Result<Backed, Trouble> {
        let content = json!({
            "out_trade_no": back.of.reference,
            "refund_amount": back.amount.decimal(),
            "out_request_no": back.key,
        });
        let found = self.call("alipay.trade.refund", &content)?;
        match answer(&found) {
            Said::Done if text(&found, "fund_change") == "Y" => {
                Ok(Backed::Done(text(&found, "trade_no").to_string()))
            }
            // The same number again moves no money: whether it did before is asked.
            Said::Done => self.is_refunded(back),
            other => Err(other.trouble(&found)),
        }
    }

    fn splits(&self) -> bool {
        true
    }

    fn split(&self, share: &Share) -> Result<Backed, Trouble> {
        self.settle(share)
    }

    fn read(&self, now: Moment, sent: &Envelope) -> Result<Told, Refusal> {
        let params: Params = form_urlencoded::parse(&sent.body).into_owned().collect();
        let get = |name: &str| params.get(name).map_or("", String::as_str);
        let text = joined(&params, &["sign", "sign_type"]);
        planted!("alipay_notice_unchecked", return self.taken(&params));
        // Two values under one name would leave it open which was signed.
        let names = form_urlencoded::parse(&sent.body).count();
        let clear = names == params.len() && get("sign_type") == "RSA2";
        if !clear || !self.verifier.is_right(text.as_bytes(), get("sign")) {
            return Err(Refusal::BadSignature);
        }
        let sent_at = super::sheet::moment(get("notify_time"), ZONE);
        let age = now.since(sent_at.ok_or(Refusal::BadNotice)?);
        if age > OLDEST || age < Span::minutes(-5) {
            return Err(Refusal::BadSignature);
        }
        self.taken(&params)
    }

    fn statement(&self, day: Day) -> Result<Vec<Line>, Trouble> {
        let method = "alipay.data.dataservice.bill.downloadurl.query";
        let content = json!({ "bill_type": "trade", "bill_date": day.to_string() });
        let found = self.call(method, &content)?;
        match answer(&found) {
            Said::Done => (),
            Said::No("isp.bill_not_exist" | "isv.bill_not_exist") => return Ok(Vec::new()),
            other => return Err(other.trouble(&found)),
        }
        let url = text(&found, "bill_download_url").to_string();
        let file = self.wire.call(&Ask { method: "GET", url, ..Ask::default() })?;
        if file.status != 200 {
            return Err(Trouble::Away(format!("status {}", file.status)));
        }
        statement::read(&file.body).map_err(Trouble::Refused)
    }

    fn read_statement(&self, file: &[u8]) -> Result<Vec<Line>, String> {
        statement::read(file)
    }

    fn zone(&self) -> Span {
        ZONE
    }
}

impl Alipay {
    /// What a notice says, once its signature was right.
    fn taken(&self, params: &Params) -> Result<Told, Refusal> {
        let get = |name: &str| params.get(name).map_or("", String::as_str);
        let (event, seller) = (get("notify_id"), &self.settings.seller_id);
        let foreign = get("app_id") != self.settings.app_id
            || (!seller.is_empty() && get("seller_id") != seller);
        if foreign || event.is_empty() || event.len() > 200 {
            return Err(Refusal::BadNotice);
        }
        let reference = get("out_trade_no").to_string();
        let found = json!({
            "type": get("notify_type"),
            "reference": reference,
            "refund": get("out_biz_no"),
            "theirs": get("trade_no"),
            "trade_status": get("trade_status"),
            "total_amount": get("total_amount"),
            "refund_fee": get("refund_fee"),
            "gmt_payment": get("gmt_payment"),
        });
        let about = match said(state(&found)).filter(|_| !reference.is_empty()) {
            Some(said) => About::Payment { reference, said },
            None => About::Other { reference },
        };
        Ok(Told { event: event.to_string(), about, kept: found.to_string() })
    }
}

#[cfg(test)]
mod tests;
