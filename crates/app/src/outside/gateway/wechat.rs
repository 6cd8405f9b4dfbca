//! WeChat Pay v3: orders paid on the phone (H5) or by a code that the phone reads (Native),
//! refunds, sealed notices, certificates that change, and the bill of a day.

use std::sync::Arc;

use domain::moment::{Moment, Span};
use domain::money::Currency;
use domain::payment::Refusal;
use domain::reconciliation::{Day, Line};
use serde_json::{Value, json};

use super::keys::{self, Signer};
use super::wire::{Answer, Ask, Wire};
use super::{
    About, Back, Backed, Charge, Device, Envelope, Gateway, Known, Made, ProviderState, Share,
    Told, paid, said,
};
use crate::clock::Clock;
use crate::config::payments::WeChat as Settings;
use crate::dice::{self, Dice};
use crate::outside::Trouble;
use certificates::{Certificates, Signed};

mod certificates;
mod split;
mod statement;

/// Its days are China's.
pub const ZONE: Span = Span::hours(8);
/// The longest name of what is sold.
const LONGEST: usize = 127;

/// WeChat Pay as one merchant sees it.
pub struct WeChat {
    settings: Settings,
    signer: Signer,
    certificates: Certificates,
    clock: Arc<dyn Clock>,
    dice: Arc<dyn Dice>,
    wire: Arc<dyn Wire>,
}

impl WeChat {
    pub fn new(
        settings: &Settings,
        clock: Arc<dyn Clock>,
        dice: Arc<dyn Dice>,
        wire: Arc<dyn Wire>,
    ) -> Result<WeChat, String> {
        let said = |why: String| format!("wechat: {why}");
        let signer = Signer::read(&settings.private_key.0).map_err(said)?;
        if settings.api_v3_key.0.len() != 32 {
            return Err("wechat: the key for APIv3 has 32 letters".into());
        }
        let certificates = Certificates::new(settings).map_err(said)?;
        Ok(WeChat { settings: settings.clone(), signer, certificates, clock, dice, wire })
    }

    /// The text that is signed: five lines, each with its end.
    pub fn to_sign(method: &str, path: &str, timestamp: &str, nonce: &str, body: &str) -> String {
        format!("{method}\n{path}\n{timestamp}\n{nonce}\n{body}\n")
    }

    fn authorization(&self, method: &str, path: &str, body: &str) -> String {
        let timestamp = self.clock.now().0.div_euclid(1_000_000).to_string();
        let nonce = dice::secret(self.dice.as_ref(), 32);
        let text = WeChat::to_sign(method, path, &timestamp, &nonce, body);
        let signature = self.signer.sign(text.as_bytes());
        let Settings { mchid, serial, .. } = &self.settings;
        format!(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"{mchid}\",nonce_str=\"{nonce}\",\
             signature=\"{signature}\",timestamp=\"{timestamp}\",serial_no=\"{serial}\""
        )
    }

    fn ask(&self, method: &'static str, url: &str, body: &str) -> Result<Answer, Trouble> {
        let path = url.split_once("://").map_or(url, |(_, rest)| rest);
        let path = path.find('/').map_or("/", |at| &path[at..]);
        let mut ask = Ask { method, url: url.into(), ..Ask::default() };
        ask.headers = vec![
            ("authorization", self.authorization(method, path, body)),
            ("accept", "application/json".into()),
            ("content-type", "application/json".into()),
        ];
        if !self.settings.public_key_id.is_empty() {
            // Which of their keys we hold, so that they sign with that one.
            ask.headers.push(("wechatpay-serial", self.settings.public_key_id.clone()));
        }
        ask.body = body.as_bytes().to_vec();
        self.wire.call(&ask)
    }

    /// Asks and believes the answer only with its signature.
    fn call(&self, method: &'static str, path: &str, body: &str) -> Result<Value, No> {
        let answer = self.ask(method, &format!("{}{path}", self.settings.url), body);
        let answer = answer.map_err(|trouble| No { status: 0, code: String::new(), trouble })?;
        if !(200..300).contains(&answer.status) {
            return Err(No::of(&answer));
        }
        let signed = Signed {
            serial: answer.header("wechatpay-serial"),
            timestamp: answer.header("wechatpay-timestamp"),
            nonce: answer.header("wechatpay-nonce"),
            signature: answer.header("wechatpay-signature"),
            body: &answer.body,
        };
        if !self.is_theirs(&signed) {
            let trouble = Trouble::Away("the answer's signature is wrong".into());
            return Err(No { status: answer.status, code: String::new(), trouble });
        }
        Ok(serde_json::from_slice(&answer.body).unwrap_or(Value::Null))
    }

    /// Whether WeChat Pay has signed it just now. A key we do not know is asked for, but not often.
    fn is_theirs(&self, signed: &Signed) -> bool {
        let now = self.clock.now();
        if !self.certificates.knows(signed.serial) && self.certificates.may_ask(now) {
            let url = format!("{}/v3/certificates", self.settings.url);
            match self.ask("GET", &url, "") {
                Ok(answer) if answer.status == 200 => {
                    let key = &self.settings.api_v3_key.0;
                    let learnt = self.certificates.learn(now, key, &answer);
                    tracing::info!(learnt, "asked for WeChat Pay's certificates");
                }
                Ok(answer) => tracing::warn!(answer.status, "no certificates of WeChat Pay"),
                Err(trouble) => tracing::warn!(%trouble, "no certificates of WeChat Pay"),
            }
        }
        self.certificates.is_right(now, signed)
    }

    /// Whether something said about a payment or refund is meant for this merchant.
    fn is_ours(&self, found: &Value) -> bool {
        let app = text(found, "appid");
        text(found, "mchid") == self.settings.mchid
            && (app == self.settings.appid || app.is_empty() && found["refund_status"].is_string())
    }

    fn refund_state(&self, found: &Value) -> Result<Backed, Trouble> {
        let name = text(found, "refund_id").to_string();
        match text(found, "status") {
            "SUCCESS" => Ok(Backed::Done(name)),
            "PROCESSING" => Ok(Backed::Underway(name)),
            other => Err(Trouble::Refused(format!("the refund {name} is {other}"))),
        }
    }
}

/// Why a call was not answered as asked.
struct No {
    status: u16,
    code: String,
    trouble: Trouble,
}

impl No {
    fn of(answer: &Answer) -> No {
        let found: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        let code = text(&found, "code").to_string();
        let why = format!("{} {code} {}", answer.status, text(&found, "message"));
        // 403 says no for good, such as too little money; 401 is a matter of our settings.
        let again = answer.is_later() || answer.status == 401 || code == "FREQUENCY_LIMITED";
        let trouble = if again { Trouble::Away(why) } else { Trouble::Refused(why) };
        No { status: answer.status, code, trouble }
    }
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or("")
}

fn state(found: &Value) -> ProviderState {
    match text(found, "trade_state") {
        // What was paid and then refunded was paid.
        "SUCCESS" | "REFUND" => {
            paid(found["amount"]["total"].as_i64(), text(&found["amount"], "currency"))
        }
        "CLOSED" | "REVOKED" => ProviderState::Closed,
        "PAYERROR" => ProviderState::Failed,
        _ => ProviderState::Open,
    }
}

/// `2026-11-21T16:00:00+08:00`.
fn in_china(at: Moment) -> String {
    let text = at.plus(ZONE).rfc3339();
    format!("{}+08:00", text.split('.').next().unwrap_or(&text))
}

impl Gateway for WeChat {
    fn name(&self) -> &'static str {
        "wechat"
    }

    fn takes(&self, currency: Currency) -> bool {
        currency == Currency::Cny
    }

    fn create(&self, charge: &Charge) -> Result<Made, Trouble> {
        let mut order = json!({
            "appid": self.settings.appid,
            "mchid": self.settings.mchid,
            "description": charge.description.chars().take(LONGEST).collect::<String>(),
            "out_trade_no": charge.reference,
            "time_expire": in_china(charge.pay_by),
            "notify_url": charge.notify_url,
            "amount": { "total": charge.amount.minor, "currency": charge.amount.currency.code() },
        });
        if charge.splits {
            // Kept until it is shared; nothing else of it can be shared later.
            order["settle_info"] = json!({ "profit_sharing": true });
        }
        if charge.device == Device::Desk {
            let made = self.call("POST", "/v3/pay/transactions/native", &order.to_string());
            let made = made.map_err(|no| no.trouble)?;
            return found(text(&made, "code_url").to_string());
        }
        let h5 = json!({ "type": "Wap" });
        order["scene_info"] = json!({ "payer_client_ip": charge.place, "h5_info": h5 });
        let made = self.call("POST", "/v3/pay/transactions/h5", &order.to_string());
        let url = text(&made.map_err(|no| no.trouble)?, "h5_url").to_string();
        if url.is_empty() {
            return found(url);
        }
        let back = super::wire::form(&[("redirect_url", &charge.return_url)]);
        found(format!("{url}&{back}"))
    }

    fn query(&self, known: &Known) -> Result<ProviderState, Trouble> {
        let (reference, mchid) = (&known.reference, &self.settings.mchid);
        let path = format!("/v3/pay/transactions/out-trade-no/{reference}?mchid={mchid}");
        match self.call("GET", &path, "") {
            Ok(found) if self.is_ours(&found) && text(&found, "out_trade_no") == reference => {
                Ok(state(&found))
            }
            Ok(_) => Err(Trouble::Refused("the answer is about another payment".into())),
            Err(no) if no.status == 404 => Ok(ProviderState::Unknown),
            Err(no) => Err(no.trouble),
        }
    }

    fn close(&self, known: &Known) -> Result<ProviderState, Trouble> {
        let path = format!("/v3/pay/transactions/out-trade-no/{}/close", known.reference);
        match self.call("POST", &path, &json!({ "mchid": self.settings.mchid }).to_string()) {
            Ok(_) => Ok(ProviderState::Closed),
            Err(no) if no.status == 404 => Ok(ProviderState::Unknown),
            // It is paid, or over already.
            Err(no) if no.status == 400 => self.query(known),
            Err(no) => Err(no.trouble),
        }
    }

    fn refund(&self, back: &Back) -> Result<Backed, Trouble> {
        if !back.theirs.is_empty() {
            let path = format!("/v3/refund/domestic/refunds/{}", back.key);
            return self.refund_state(&self.call("GET", &path, "").map_err(|no| no.trouble)?);
        }
        let order = json!({
            "out_trade_no": back.of.reference,
            "out_refund_no": back.key,
            "notify_url": back.notify_url,
            "amount": {
                "refund": back.amount.minor,
                "total": back.of.amount.minor,
                "currency": back.amount.currency.code(),
            },
        });
        // The same number again is the same refund.
        let made = self.call("POST", "/v3/refund/domestic/refunds", &order.to_string());
        self.refund_state(&made.map_err(|no| no.trouble)?)
    }

    fn splits(&self) -> bool {
        true
    }

    fn split(&self, share: &Share) -> Result<Backed, Trouble> {
        self.share(share)
    }

    fn read(&self, now: Moment, sent: &Envelope) -> Result<Told, Refusal> {
        let signed = Signed {
            serial: sent.header("wechatpay-serial"),
            timestamp: sent.header("wechatpay-timestamp"),
            nonce: sent.header("wechatpay-nonce"),
            signature: sent.header("wechatpay-signature"),
            body: &sent.body,
        };
        planted!("wechat_notice_unchecked", return self.opened(&sent.body));
        if !signed.is_fresh(now) || !self.is_theirs(&signed) {
            return Err(Refusal::BadSignature);
        }
        self.opened(&sent.body)
    }

    fn statement(&self, day: Day) -> Result<Vec<Line>, Trouble> {
        let path = format!("/v3/bill/tradebill?bill_date={day}&bill_type=ALL");
        let found = match self.call("GET", &path, "") {
            Ok(found) => found,
            Err(no) if no.code == "NO_STATEMENT_EXIST" => return Ok(Vec::new()),
            Err(no) => return Err(no.trouble),
        };
        // The file itself has no signature: its digest is in the answer that has one.
        let file = self.ask("GET", text(&found, "download_url"), "")?;
        if file.status != 200 {
            return Err(No::of(&file).trouble);
        }
        let digest = <sha1::Sha1 as sha1::Digest>::digest(&file.body);
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        if !digest.eq_ignore_ascii_case(text(&found, "hash_value")) {
            return Err(Trouble::Away("the bill is not the one that was promised".into()));
        }
        statement::read(&file.body).map_err(Trouble::Refused)
    }

    fn read_statement(&self, file: &[u8]) -> Result<Vec<Line>, String> {
        statement::read(file)
    }

    fn zone(&self) -> Span {
        ZONE
    }

    /// An address for phones lives five minutes; asking again gives another of the same order.
    fn url_lives(&self) -> Option<Span> {
        Some(Span::minutes(4))
    }
}

fn found(url: String) -> Result<Made, Trouble> {
    if url.is_empty() {
        return Err(Trouble::Refused("an order without its address".into()));
    }
    Ok(Made { url, theirs: String::new() })
}

impl WeChat {
    /// What a notice says, once its signature was right.
    fn opened(&self, body: &[u8]) -> Result<Told, Refusal> {
        let notice: Value = serde_json::from_slice(body).map_err(|_| Refusal::BadNotice)?;
        let (event, resource) = (text(&notice, "id"), &notice["resource"]);
        let key = &self.settings.api_v3_key.0;
        let (nonce, besides) = (text(resource, "nonce"), text(resource, "associated_data"));
        let open = keys::open(key, nonce, besides, text(resource, "ciphertext"));
        let open = open.ok_or(Refusal::BadNotice)?;
        let found: Value = serde_json::from_slice(&open).map_err(|_| Refusal::BadNotice)?;
        if event.is_empty() || event.len() > 200 || !self.is_ours(&found) {
            return Err(Refusal::BadNotice);
        }
        let kind = text(&notice, "event_type");
        let reference = text(&found, "out_trade_no").to_string();
        let about = if kind.starts_with("REFUND.") {
            let key = text(&found, "out_refund_no").to_string();
            About::Refund { key, failed: text(&found, "refund_status") != "SUCCESS" }
        } else {
            match said(state(&found)).filter(|_| !reference.is_empty()) {
                Some(said) => About::Payment { reference: reference.clone(), said },
                None => About::Other { reference: reference.clone() },
            }
        };
        let kept = json!({
            "type": kind,
            "reference": reference,
            "refund": found["out_refund_no"],
            "theirs": found["transaction_id"],
            "state": found.get("trade_state").unwrap_or(&found["refund_status"]),
            "amount": found["amount"],
            "created": notice["create_time"],
        });
        Ok(Told { event: event.to_string(), about, kept: kept.to_string() })
    }
}

#[cfg(test)]
mod tests;
