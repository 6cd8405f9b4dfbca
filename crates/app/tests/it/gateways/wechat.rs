//! A double of WeChat Pay v3: it checks the signature of every request with the merchant's public
//! key, answers with its own, changes its certificates, seals notices, and writes the bill of a
//! day.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use app::clock::{Clock, Held};
use app::config::payments::{Secret, WeChat as Settings};
use app::dice::Seeded;
use app::outside::Gateway;
use app::outside::gateway::keys::{self, Signer};
use app::outside::gateway::wechat::WeChat;
use app::outside::gateway::wire::Http;
use app::outside::gateway::{Envelope, keys::Verifier};
use domain::moment::{Moment, Span};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use super::server::{Request, Response, get, serve};
use super::{Double, Paid, Row, Twist};
use books::{Part, bill, part_of, share};

#[path = "wechat/books.rs"]
mod books;

pub const MERCHANT: &str = include_str!("keys/documented.pem");
const PLATFORM: [(&str, &str); 2] = [
    (include_str!("keys/platform1.pem"), include_str!("keys/platform1.crt")),
    (include_str!("keys/platform2.pem"), include_str!("keys/platform2.crt")),
];
const SERIALS: [&str; 2] =
    ["5157F09EFDC096DE15EBE81A47057A7232F1B8E1", "7132D72A03E93CDDF8C03BBD1F37EEDF00000002"];
const V3_KEY: &str = "0123456789abcdef0123456789abcdef";
const MCHID: &str = "1900007291";
const APPID: &str = "wxd678efh567hg6787";

#[derive(Clone)]
struct Trade {
    minor: i64,
    state: &'static str,
    url: String,
    /// Whether it was made to be shared.
    shared: bool,
}

#[derive(Clone)]
struct Refund {
    reference: String,
    minor: i64,
    status: &'static str,
}

struct State {
    away: bool,
    /// Which certificate is signed with.
    signs: usize,
    /// How often certificates were asked for.
    asked: usize,
    trades: BTreeMap<String, Trade>,
    refunds: BTreeMap<String, Refund>,
    parts: BTreeMap<String, Part>,
    moved: Vec<Row>,
    slow: bool,
    events: i64,
    url: String,
    merchant: Verifier,
    bill: Vec<u8>,
}

pub struct WeChatDouble {
    state: Arc<Mutex<State>>,
    clock: Arc<Held>,
    gateway: Arc<dyn Gateway>,
}

impl WeChatDouble {
    pub fn open(clock: Arc<Held>) -> WeChatDouble {
        let merchant = Signer::read(MERCHANT).unwrap().verifier();
        let state = Arc::new(Mutex::new(State {
            away: false,
            signs: 0,
            asked: 0,
            trades: BTreeMap::new(),
            refunds: BTreeMap::new(),
            parts: BTreeMap::new(),
            moved: Vec::new(),
            slow: false,
            events: 0,
            url: String::new(),
            merchant,
            bill: Vec::new(),
        }));
        let (kept, time) = (Arc::clone(&state), Arc::clone(&clock));
        let url = serve(move |request| {
            let mut state = kept.lock().unwrap();
            if state.away { None } else { Some(handle(&mut state, time.now(), request)) }
        });
        state.lock().unwrap().url = url.clone();
        let settings = Settings {
            mchid: MCHID.into(),
            appid: APPID.into(),
            serial: "408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB".into(),
            private_key: Secret(MERCHANT.into()),
            api_v3_key: Secret(V3_KEY.into()),
            public_key_id: String::new(),
            public_key: String::new(),
            fee: None,
            url,
        };
        let (dice, time) = (Arc::new(Seeded::new(7)), Arc::clone(&clock));
        let gateway = WeChat::new(&settings, time, dice, Arc::new(Http::new())).unwrap();
        WeChatDouble { state, clock, gateway: Arc::new(gateway) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Another certificate is signed with from now on.
    pub fn change_certificate(&self) {
        self.state().signs = 1;
    }

    pub fn asked(&self) -> usize {
        self.state().asked
    }

    /// A notice, sealed and signed.
    fn sealed(&self, kind: &str, found: &Value, twist: Twist, id: &str) -> Envelope {
        let nonce = "fdasflkja484";
        let sealed = keys::seal(V3_KEY, nonce, "transaction", found.to_string().as_bytes());
        let body = json!({
            "id": id,
            "create_time": "2026-11-21T16:00:00+08:00",
            "resource_type": "encrypt-resource",
            "event_type": kind,
            "summary": "x",
            "resource": {
                "original_type": "transaction",
                "algorithm": "AEAD_AES_256_GCM",
                "ciphertext": sealed.unwrap(),
                "associated_data": "transaction",
                "nonce": nonce,
            },
        })
        .to_string();
        let age = if twist == Twist::Old { 600 } else { 0 };
        let time = (self.clock.now().0 / 1_000_000 - age).to_string();
        let signs = self.state().signs;
        let key = if twist == Twist::Forged { MERCHANT } else { PLATFORM[signs].0 };
        let signature = sign(key, &time, "notice", body.as_bytes());
        let altered = twist == Twist::Altered;
        let body = if altered { body.replacen("encrypt", "encrypi", 1) } else { body };
        let header = |name: &str, value: &str| (name.to_string(), value.to_string());
        let headers = vec![
            header("wechatpay-serial", SERIALS[signs]),
            header("wechatpay-timestamp", &time),
            header("wechatpay-nonce", "notice"),
            header("wechatpay-signature", &signature),
        ];
        Envelope { headers, body: body.into_bytes() }
    }
}

fn sign(key: &str, time: &str, nonce: &str, body: &[u8]) -> String {
    let text = [format!("{time}\n{nonce}\n").as_bytes(), body, b"\n"].concat();
    Signer::read(key).unwrap().sign(&text)
}

fn signed(state: &State, now: Moment, status: u16, body: Vec<u8>) -> Response {
    let time = (now.0 / 1_000_000).to_string();
    let signature = sign(PLATFORM[state.signs].0, &time, "answer", &body);
    let headers = vec![
        ("wechatpay-serial", SERIALS[state.signs].to_string()),
        ("wechatpay-timestamp", time),
        ("wechatpay-nonce", "answer".to_string()),
        ("wechatpay-signature", signature),
    ];
    Response { status, headers, body }
}

fn no(status: u16, code: &str) -> Response {
    Response::json(status, &json!({ "code": code, "message": "no" }))
}

/// Whether the merchant has signed this very request, just now.
fn is_signed(state: &State, now: Moment, request: &Request) -> bool {
    let header = request.header("authorization");
    let Some(pairs) = header.strip_prefix("WECHATPAY2-SHA256-RSA2048 ") else { return false };
    let pairs: Vec<(String, String)> = pairs
        .split(',')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_string(), value.trim_matches('"').to_string()))
        .collect();
    let (time, nonce) = (get(&pairs, "timestamp"), get(&pairs, "nonce_str"));
    let age = now.0 / 1_000_000 - time.parse::<i64>().unwrap_or(0);
    let lines = [request.method.as_str(), &request.path, time, nonce, request.text(), ""];
    let right = state.merchant.is_right(lines.join("\n").as_bytes(), get(&pairs, "signature"));
    let named = get(&pairs, "mchid") == MCHID && nonce.len() == 32;
    right && named && age.abs() < 300
}

fn handle(state: &mut State, now: Moment, request: &Request) -> Response {
    if !is_signed(state, now, request) {
        return no(401, "SIGN_ERROR");
    }
    let body: Value = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
    let query = request.query();
    let path: Vec<&str> = request.bare_path().trim_start_matches('/').split('/').collect();
    let answer = match path[..] {
        ["v3", "certificates"] => {
            state.asked += 1;
            certificates(state)
        }
        ["v3", "pay", "transactions", kind @ ("native" | "h5")] => {
            return order(state, now, kind, &body);
        }
        ["v3", "pay", "transactions", "out-trade-no", reference] => {
            assert_eq!(get(&query, "mchid"), MCHID);
            match state.trades.get(reference) {
                Some(trade) => trade_of(reference, trade),
                None => return no(404, "ORDER_NOT_EXIST"),
            }
        }
        ["v3", "pay", "transactions", "out-trade-no", reference, "close"] => {
            return match state.trades.get_mut(reference) {
                None => no(404, "ORDER_NOT_EXIST"),
                Some(trade) if trade.state == "NOTPAY" => {
                    trade.state = "CLOSED";
                    signed(state, now, 204, Vec::new())
                }
                Some(trade) if trade.state == "CLOSED" => no(400, "ORDER_CLOSED"),
                Some(_) => no(400, "ORDERPAID"),
            };
        }
        ["v3", "refund", "domestic", "refunds"] => match refund(state, now, &body) {
            Ok(found) => found,
            Err(answer) => return answer,
        },
        ["v3", "refund", "domestic", "refunds", key] => match state.refunds.get(key) {
            Some(refund) => refund_of(key, refund),
            None => return no(404, "RESOURCE_NOT_EXISTS"),
        },
        ["v3", "profitsharing", "orders"] => match share(state, &body) {
            Ok(found) => found,
            Err(answer) => return answer,
        },
        ["v3", "profitsharing", "orders", key] => match state.parts.get_mut(key) {
            Some(part) if get(&query, "transaction_id") == part.transaction => {
                part.done |= !state.slow;
                part_of(key, part)
            }
            _ => return no(404, "RESOURCE_NOT_EXISTS"),
        },
        ["v3", "bill", "tradebill"] => {
            state.bill = bill(state, get(&query, "bill_date"));
            if state.bill.is_empty() {
                return no(400, "NO_STATEMENT_EXIST");
            }
            let digest = Sha1::digest(&state.bill);
            let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            let url = format!("{}/v3/billdownload/file?token=x%2By", state.url);
            json!({ "hash_type": "SHA1", "hash_value": digest, "download_url": url })
        }
        ["v3", "billdownload", "file"] => {
            let body = state.bill.clone();
            return Response { status: 200, headers: Vec::new(), body };
        }
        _ => return no(404, "NOT_FOUND"),
    };
    signed(state, now, 200, answer.to_string().into_bytes())
}

fn certificates(state: &State) -> Value {
    // While they change, both are given out.
    let some = PLATFORM.iter().zip(SERIALS).take(state.signs + 1);
    let data = some.map(|((_, certificate), serial)| {
        let nonce = "4de73afd28b6";
        let sealed = keys::seal(V3_KEY, nonce, "certificate", certificate.as_bytes());
        json!({
            "serial_no": serial,
            "effective_time": "2018-03-26T11:39:50+08:00",
            "expire_time": "2036-03-25T11:39:50+08:00",
            "encrypt_certificate": {
                "algorithm": "AEAD_AES_256_GCM",
                "nonce": nonce,
                "associated_data": "certificate",
                "ciphertext": sealed.unwrap(),
            },
        })
    });
    json!({ "data": data.collect::<Vec<_>>() })
}

fn order(state: &mut State, now: Moment, kind: &str, body: &Value) -> Response {
    let right = body["mchid"] == MCHID
        && body["appid"] == APPID
        && body["amount"]["currency"] == "CNY"
        && body["notify_url"].as_str().unwrap().ends_with("/hooks/payments/wechat")
        && body["time_expire"].as_str().unwrap().ends_with("+08:00");
    let reference = body["out_trade_no"].as_str().unwrap();
    if !right || !(6..=32).contains(&reference.len()) {
        return no(400, "PARAM_ERROR");
    }
    let minor = body["amount"]["total"].as_i64().unwrap();
    let trade = state.trades.entry(reference.into()).or_insert_with(|| Trade {
        minor,
        state: "NOTPAY",
        url: format!("weixin://wxpay/bizpayurl?pr={reference}"),
        shared: body["settle_info"]["profit_sharing"] == true,
    });
    if trade.minor != minor {
        return no(400, "INVALID_REQUEST");
    }
    let answer = if kind == "native" {
        json!({ "code_url": trade.url })
    } else {
        assert_eq!(body["scene_info"]["h5_info"]["type"], "Wap");
        trade.url = format!("https://wx.example/checkmweb?prepay_id={reference}&package=1");
        json!({ "h5_url": trade.url })
    };
    signed(state, now, 200, answer.to_string().into_bytes())
}

fn trade_of(reference: &str, trade: &Trade) -> Value {
    json!({
        "appid": APPID,
        "mchid": MCHID,
        "out_trade_no": reference,
        "transaction_id": format!("42000{}", &reference[4..]),
        "trade_type": "NATIVE",
        "trade_state": trade.state,
        "amount": { "total": trade.minor, "payer_total": trade.minor, "currency": "CNY" },
    })
}

fn refund_of(key: &str, refund: &Refund) -> Value {
    json!({
        "refund_id": format!("50300{}", &key[4..]),
        "out_refund_no": key,
        "out_trade_no": refund.reference,
        "status": refund.status,
        "amount": { "refund": refund.minor, "currency": "CNY" },
    })
}

fn refund(state: &mut State, now: Moment, body: &Value) -> Result<Value, Response> {
    let text = |name: &str| body[name].as_str().unwrap().to_string();
    let (reference, key) = (text("out_trade_no"), text("out_refund_no"));
    let amount = |name: &str| body["amount"][name].as_i64().unwrap();
    if let Some(known) = state.refunds.get(&key) {
        return Ok(refund_of(&key, known));
    }
    let trade = state.trades.get(&reference).ok_or_else(|| no(404, "RESOURCE_NOT_EXISTS"))?;
    let of = state.refunds.values().filter(|one| one.reference == reference);
    let before: i64 = of.map(|one| one.minor).sum();
    if amount("total") != trade.minor || !["SUCCESS", "REFUND"].contains(&trade.state) {
        return Err(no(400, "INVALID_REQUEST"));
    }
    if before + amount("refund") > trade.minor {
        return Err(no(403, "NOT_ENOUGH"));
    }
    let status = if state.slow { "PROCESSING" } else { "SUCCESS" };
    let made = Refund { reference: reference.clone(), minor: amount("refund"), status };
    let answer = refund_of(&key, &made);
    state.moved.push(Row {
        theirs: format!("50300{}", &key[4..]),
        reference: key.clone(),
        ..Row::new("refund", made.minor, 0, now)
    });
    state.refunds.insert(key, made);
    state.trades.get_mut(&reference).unwrap().state = "REFUND";
    Ok(answer)
}

impl Double for WeChatDouble {
    fn name(&self) -> &'static str {
        "wechat"
    }

    fn gateway(&self) -> Arc<dyn Gateway> {
        Arc::clone(&self.gateway)
    }

    fn set_away(&self, away: bool) {
        self.state().away = away;
    }

    fn pay(&self, reference: &str, url: &str) -> Paid {
        let mut state = self.state();
        let trade = state.trades.get_mut(reference).unwrap();
        assert!(url.starts_with(&trade.url), "{url} is not {}", trade.url);
        if trade.state != "NOTPAY" {
            return Paid::TooLate;
        }
        trade.state = "SUCCESS";
        let minor = trade.minor;
        state.moved.push(Row {
            reference: reference.into(),
            theirs: format!("42000{}", &reference[4..]),
            ..Row::new("payment", minor, (minor * 6 + 500) / 1_000, self.clock.now())
        });
        Paid::Now
    }

    fn pay_behind(&self, reference: &str, minor: i64) {
        let mut state = self.state();
        let trade = state.trades.get_mut(reference).unwrap();
        (trade.minor, trade.state) = (minor, "SUCCESS");
    }

    fn notice(&self, reference: &str, twist: Twist) -> Envelope {
        let (mut found, count) = {
            let mut state = self.state();
            state.events += i64::from(twist != Twist::Again);
            (trade_of(reference, &state.trades[reference]), state.events)
        };
        found["trade_state"] = json!(match twist {
            Twist::Failed => "PAYERROR",
            Twist::Closed => "CLOSED",
            Twist::Unheard => "USERPAYING",
            _ => "SUCCESS",
        });
        match twist {
            Twist::OtherMerchant => found["mchid"] = json!("1900009999"),
            Twist::OtherApp => found["appid"] = json!("wx0000000000000000"),
            Twist::OtherCurrency => found["amount"]["currency"] = json!("USD"),
            Twist::StrangeCurrency => found["amount"]["currency"] = json!("KRW"),
            Twist::WrongAmount => {
                found["amount"]["total"] = json!(found["amount"]["total"].as_i64().unwrap() - 1);
            }
            _ => (),
        }
        self.sealed("TRANSACTION.SUCCESS", &found, twist, &format!("EV-{count}"))
    }

    fn slow_refunds(&self, slow: bool) {
        self.state().slow = slow;
    }

    fn end_refund(&self, key: &str, well: bool) -> Envelope {
        let found = {
            let mut state = self.state();
            let refund = state.refunds.get_mut(key).unwrap();
            refund.status = if well { "SUCCESS" } else { "ABNORMAL" };
            json!({
                "mchid": MCHID,
                "out_trade_no": refund.reference,
                "out_refund_no": key,
                "refund_status": refund.status,
            })
        };
        let kind = if well { "REFUND.SUCCESS" } else { "REFUND.ABNORMAL" };
        self.sealed(kind, &found, Twist::Right, &format!("EV-{key}"))
    }

    fn refunded(&self, reference: &str) -> i64 {
        let state = self.state();
        let of = state.refunds.values().filter(|one| one.reference == reference);
        of.map(|one| one.minor).sum()
    }

    fn split(&self, reference: &str) -> (i64, String) {
        let transaction = format!("42000{}", &reference[4..]);
        let state = self.state();
        let of = state.parts.values().filter(|one| one.transaction == transaction);
        of.fold((0, String::new()), |(sum, _), one| (sum + one.minor, one.account.clone()))
    }

    fn damage(&self, change: &mut dyn FnMut(&mut Vec<Row>)) {
        change(&mut self.state().moved);
    }

    fn zone(&self) -> Span {
        Span::hours(8)
    }
}
