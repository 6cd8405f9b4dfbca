//! A double of Alipay: pages are opened by their signed address, calls are checked with the
//! application's public key and answered with a signature over the answer as it is written, and the
//! list of a day comes as a zip of a table in GBK.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use app::clock::{Clock, Held};
use app::config::payments::{Alipay as Settings, Secret};
use app::outside::Gateway;
use app::outside::gateway::alipay::Alipay;
use app::outside::gateway::keys::{Signer, Verifier};
use app::outside::gateway::wire::Http;
use app::outside::gateway::{Envelope, wire};
use domain::moment::{Moment, Span};
use serde_json::{Value, json};

use super::server::{Request, Response, get, serve};
use super::wechat::MERCHANT as APPLICATION;
use super::{Double, Paid, Row, Twist};

const ALIPAY: &str = include_str!("keys/alipay.pem");
const APP_ID: &str = "2021000000000001";
const SELLER: &str = "2088102119685838";

#[derive(Clone)]
struct Trade {
    amount: String,
    status: &'static str,
    /// Whether it waits to be settled between several.
    frozen: bool,
}

#[derive(Clone)]
struct Refund {
    reference: String,
    minor: i64,
    done: bool,
}

struct State {
    away: bool,
    trades: BTreeMap<String, Trade>,
    refunds: BTreeMap<String, Refund>,
    /// Parts by their keys: of which trade, whose, how much.
    parts: BTreeMap<String, (String, String, i64)>,
    moved: Vec<Row>,
    slow: bool,
    events: i64,
    url: String,
    application: Verifier,
    list: Vec<u8>,
}

pub struct AlipayDouble {
    state: Arc<Mutex<State>>,
    clock: Arc<Held>,
    gateway: Arc<dyn Gateway>,
}

impl AlipayDouble {
    pub fn open(clock: Arc<Held>) -> AlipayDouble {
        let state = Arc::new(Mutex::new(State {
            away: false,
            trades: BTreeMap::new(),
            refunds: BTreeMap::new(),
            parts: BTreeMap::new(),
            moved: Vec::new(),
            slow: false,
            events: 0,
            url: String::new(),
            application: Signer::read(APPLICATION).unwrap().verifier(),
            list: Vec::new(),
        }));
        let (kept, time) = (Arc::clone(&state), Arc::clone(&clock));
        let url = serve(move |request| {
            let mut state = kept.lock().unwrap();
            if state.away { None } else { Some(handle(&mut state, time.now(), request)) }
        });
        let url = format!("{url}/gateway.do");
        state.lock().unwrap().url = url.clone();
        let public = include_str!("keys/alipay.pub").to_string();
        let settings = Settings {
            app_id: APP_ID.into(),
            private_key: Secret(APPLICATION.into()),
            public_key: public,
            seller_id: SELLER.into(),
            fee: None,
            url,
        };
        let time: Arc<dyn Clock> = Arc::clone(&clock) as Arc<dyn Clock>;
        let gateway = Alipay::new(&settings, time, Arc::new(Http::new())).unwrap();
        AlipayDouble { state, clock, gateway: Arc::new(gateway) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

type Pairs = Vec<(String, String)>;

/// What is signed: everything but `without`, in the order of the names.
fn to_sign(pairs: &Pairs, without: &[&str]) -> String {
    let mut pairs: Vec<&(String, String)> =
        pairs.iter().filter(|(name, _)| !without.contains(&name.as_str())).collect();
    pairs.sort();
    let pairs = pairs.iter().map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join("&")
}

/// Whether the application has signed this, just now.
fn is_signed(state: &State, now: Moment, pairs: &Pairs) -> bool {
    let text = to_sign(pairs, &["sign"]);
    let at = get(pairs, "timestamp").replace(' ', "T");
    let at = Moment::parse(&format!("{at}Z")).unwrap().minus(Span::hours(8));
    get(pairs, "app_id") == APP_ID
        && get(pairs, "sign_type") == "RSA2"
        && now.since(at).0.abs() < Span::minutes(15).0
        && state.application.is_right(text.as_bytes(), get(pairs, "sign"))
}

fn handle(state: &mut State, now: Moment, request: &Request) -> Response {
    if request.bare_path() == "/bill.zip" {
        return Response { status: 200, headers: Vec::new(), body: state.list.clone() };
    }
    if request.method == "GET" {
        return Response::page("Alipay");
    }
    assert_eq!(request.query(), [("charset".to_string(), "utf-8".to_string())]);
    let pairs = request.form();
    let method = get(&pairs, "method");
    let content: Value = serde_json::from_str(get(&pairs, "biz_content")).unwrap();
    let (name, found) = if is_signed(state, now, &pairs) {
        (format!("{}_response", method.replace('.', "_")), call(state, now, method, &content))
    } else {
        let found = json!({ "code": "40002", "sub_code": "isv.invalid-signature" });
        ("error_response".to_string(), found)
    };
    // A slash is written with its backslash: whoever writes the answer anew signs another text.
    let node = found.to_string().replace('/', "\\/");
    let sign = Signer::read(ALIPAY).unwrap().sign(node.as_bytes());
    let body = format!("{{\"{name}\":{node},\"sign\":\"{sign}\"}}");
    Response { status: 200, headers: Vec::new(), body: body.into_bytes() }
}

fn no(code: &str) -> Value {
    json!({ "code": "40004", "msg": "Business Failed", "sub_code": code, "sub_msg": "no" })
}

fn minor(amount: &str) -> i64 {
    let (whole, part) = amount.split_once('.').unwrap();
    assert_eq!(part.len(), 2, "{amount}");
    format!("{whole}{part}").parse().unwrap()
}

fn call(state: &mut State, now: Moment, method: &str, content: &Value) -> Value {
    let text = |name: &str| content[name].as_str().unwrap_or("").to_string();
    let reference = text("out_trade_no");
    match method {
        "alipay.trade.query" => match state.trades.get(&reference) {
            None => no("ACQ.TRADE_NOT_EXIST"),
            Some(trade) => {
                let paid = trade.status == "TRADE_SUCCESS";
                let paid_at = if paid { "2026-11-21 16:00:00" } else { "" };
                json!({
                    "code": "10000",
                    "msg": "Success / 成功",
                    "out_trade_no": reference,
                    "trade_no": format!("20261121{}", &reference[4..]),
                    "trade_status": trade.status,
                    "total_amount": trade.amount,
                    "send_pay_date": paid_at,
                })
            }
        },
        "alipay.trade.close" => match state.trades.get_mut(&reference) {
            None => no("ACQ.TRADE_NOT_EXIST"),
            Some(trade) if trade.status == "WAIT_BUYER_PAY" => {
                trade.status = "TRADE_CLOSED";
                json!({ "code": "10000", "out_trade_no": reference })
            }
            Some(_) => no("ACQ.TRADE_STATUS_ERROR"),
        },
        "alipay.trade.refund" => {
            let (key, amount) = (text("out_request_no"), minor(&text("refund_amount")));
            let Some(trade) = state.trades.get(&reference) else {
                return no("ACQ.TRADE_NOT_EXIST");
            };
            if trade.status != "TRADE_SUCCESS" {
                return no("ACQ.TRADE_STATUS_ERROR");
            }
            let known = state.refunds.contains_key(&key);
            let of = state.refunds.values().filter(|one| one.reference == reference);
            let before: i64 = of.map(|one| one.minor).sum();
            if !known && before + amount > minor(&trade.amount) {
                return no("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
            }
            let done = !state.slow;
            if !known {
                let reference = reference.clone();
                state.refunds.insert(key.clone(), Refund { reference, minor: amount, done });
                state.moved.push(Row {
                    reference: key,
                    theirs: String::new(),
                    ..Row::new("refund", amount, 0, now)
                });
            }
            let change = if known || !done { "N" } else { "Y" };
            json!({ "code": "10000", "trade_no": "x/y", "fund_change": change })
        }
        "alipay.trade.fastpay.refund.query" => {
            let done = state.refunds.get(&text("out_request_no")).is_some_and(|one| one.done);
            let mut found = json!({ "code": "10000", "trade_no": "x/y" });
            if done {
                found["refund_status"] = json!("REFUND_SUCCESS");
            }
            found
        }
        "alipay.trade.order.settle.query" => match state.parts.get(&text("out_request_no")) {
            None => no("ACQ.TRADE_SETTLE_NOT_EXIST"),
            Some((trade, ..)) if *trade != text("trade_no") => no("ACQ.TRADE_NOT_EXIST"),
            Some((_, whose, amount)) => json!({
                "code": "10000",
                "royalty_detail_list": [{
                    "trans_in": whose,
                    "amount": format!("{}.{:02}", amount / 100, amount % 100),
                    "state": "SUCCESS",
                    "detail_id": "d1",
                }],
            }),
        },
        "alipay.trade.order.settle" => {
            let (key, trade_no) = (text("out_request_no"), text("trade_no"));
            let paid = state.trades.iter().find(|(name, one)| {
                format!("20261121{}", &name[4..]) == trade_no && one.status == "TRADE_SUCCESS"
            });
            let Some((_, trade)) = paid else { return no("ACQ.TRADE_NOT_EXIST") };
            let part = &content["royalty_parameters"][0];
            let amount = minor(part["amount"].as_str().unwrap());
            let of = state.parts.values().filter(|(of, ..)| *of == trade_no);
            let before: i64 = of.map(|(_, _, amount)| amount).sum();
            let right = trade.frozen
                && part["trans_in_type"] == "userId"
                && content["extend_params"]["royalty_finish"] == "true";
            if !right || state.parts.contains_key(&key) || before + amount > minor(&trade.amount) {
                return no("ACQ.ALLOC_AMOUNT_VALIDATE_ERROR");
            }
            let whose = part["trans_in"].as_str().unwrap().to_string();
            state.parts.insert(key, (trade_no.clone(), whose, amount));
            json!({ "code": "10000", "trade_no": trade_no, "settle_no": "20261121settle" })
        }
        "alipay.data.dataservice.bill.downloadurl.query" => {
            assert_eq!(content["bill_type"], "trade");
            let list = list(state, &text("bill_date"));
            if list.is_empty() {
                return no("isp.bill_not_exist");
            }
            state.list = zip(&list);
            let url = state.url.replace("/gateway.do", "/bill.zip");
            json!({ "code": "10000", "bill_download_url": url })
        }
        other => panic!("{other} is not a method"),
    }
}

/// The list of a day of China's, in GBK: only words of the headings are in it.
fn list(state: &State, day: &str) -> Vec<u8> {
    // 业务明细's heading and its kinds, as `iconv -t gbk` writes them.
    let head: &[u8] = include_bytes!("keys/details.gbk");
    let (trade, refund): (&[u8], &[u8]) = (b"\xbd\xbb\xd2\xd7", b"\xcd\xcb\xbf\xee");
    let mut rows = Vec::new();
    for row in &state.moved {
        let at = row.at.plus(Span::hours(8)).rfc3339().replace('T', " ");
        if !at.starts_with(day) {
            continue;
        }
        let amount = format!("{}.{:02}", row.minor / 100, row.minor % 100);
        let fee = format!("-{}.{:02}", row.fee / 100, row.fee % 100);
        let (kind, sign, ours, key) = match row.kind {
            "payment" => (trade, "", row.reference.as_str(), ""),
            "refund" => (refund, "-", "pay_x", row.reference.as_str()),
            _ => (b"x".as_slice(), "", row.reference.as_str(), ""),
        };
        rows.extend_from_slice(format!("{}\t,{ours}\t,", row.theirs).as_bytes());
        rows.extend_from_slice(kind);
        let rest = format!("\t,{sign}{amount},{key}\t,{fee},{}\r\n", &at[..19]);
        rows.extend_from_slice(rest.as_bytes());
    }
    if rows.is_empty() {
        return rows;
    }
    [b"#x\r\n", head, b"\r\n", &rows, b"#x\r\n"].concat()
}

/// A zip with one file, stored as it is, behind another that is not the list.
fn zip(list: &[u8]) -> Vec<u8> {
    let mut zip = Vec::new();
    let mut directory = Vec::new();
    let number = |n: usize, length: usize| n.to_le_bytes()[..length].to_vec();
    for (name, bytes) in [("sum.csv", b"a,b\r\n1,2\r\n".as_slice()), ("list.csv", list)] {
        let at = zip.len();
        let sizes = [number(0, 4), number(bytes.len(), 4), number(bytes.len(), 4)].concat();
        let names = [number(name.len(), 2), number(0, 2)].concat();
        let common = [number(20, 2), number(0, 8), sizes, names].concat();
        zip.extend([b"PK\x03\x04".to_vec(), common.clone(), name.into(), bytes.to_vec()].concat());
        let rest = [number(0, 2), number(0, 2), number(0, 2), number(0, 4), number(at, 4)].concat();
        let entry = [b"PK\x01\x02".to_vec(), number(20, 2), common, rest, name.into()].concat();
        directory.extend(entry);
    }
    let (at, size) = (number(zip.len(), 4), number(directory.len(), 4));
    zip.extend(directory);
    let counts = [number(0, 4), number(2, 2), number(2, 2)].concat();
    zip.extend([b"PK\x05\x06".to_vec(), counts, size, at, number(0, 2)].concat());
    zip
}

impl Double for AlipayDouble {
    fn name(&self) -> &'static str {
        "alipay"
    }

    fn gateway(&self) -> Arc<dyn Gateway> {
        Arc::clone(&self.gateway)
    }

    fn set_away(&self, away: bool) {
        self.state().away = away;
    }

    /// Opening the page makes the trade.
    fn pay(&self, reference: &str, url: &str) -> Paid {
        let mut state = self.state();
        let query = url.strip_prefix(&format!("{}?", state.url)).unwrap();
        let pairs: Pairs = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert!(is_signed(&state, self.clock.now(), &pairs), "{url}");
        assert!(get(&pairs, "notify_url").ends_with("/hooks/payments/alipay"));
        let content: Value = serde_json::from_str(get(&pairs, "biz_content")).unwrap();
        assert_eq!(content["out_trade_no"], reference);
        let code = (get(&pairs, "method"), content["product_code"].as_str().unwrap());
        assert_eq!(code, ("alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"));
        let amount = content["total_amount"].as_str().unwrap().to_string();
        let trade = state.trades.entry(reference.into());
        let trade = trade.or_insert(Trade {
            amount: amount.clone(),
            status: "WAIT_BUYER_PAY",
            frozen: content["extend_params"]["royalty_freeze"] == "true",
        });
        if trade.status != "WAIT_BUYER_PAY" {
            return Paid::TooLate;
        }
        trade.status = "TRADE_SUCCESS";
        let minor = minor(&amount);
        state.moved.push(Row {
            reference: reference.into(),
            theirs: format!("20261121{}", &reference[4..]),
            ..Row::new("payment", minor, (minor * 6 + 500) / 1_000, self.clock.now())
        });
        Paid::Now
    }

    fn pay_behind(&self, reference: &str, minor: i64) {
        let amount = format!("{}.{:02}", minor / 100, minor % 100);
        let paid = Trade { amount, status: "TRADE_SUCCESS", frozen: false };
        self.state().trades.insert(reference.into(), paid);
    }

    fn notice(&self, reference: &str, twist: Twist) -> Envelope {
        let (amount, count) = {
            let mut state = self.state();
            state.events += i64::from(twist != Twist::Again);
            let known = state.trades.get(reference).map(|trade| trade.amount.clone());
            (known.unwrap_or("120.00".into()), state.events)
        };
        let (status, paid) = match twist {
            Twist::Failed | Twist::Closed => ("TRADE_CLOSED", ""),
            Twist::Unheard => ("WAIT_BUYER_PAY", ""),
            _ => ("TRADE_SUCCESS", "2026-11-21 16:00:00"),
        };
        let age = if twist == Twist::Old { Span::hours(30) } else { Span(0) };
        let at = self.clock.now().minus(age).plus(Span::hours(8)).rfc3339();
        let cents = minor(&amount) - i64::from(twist == Twist::WrongAmount);
        let amount = match twist {
            // Its amounts have no currency: another one can only be an amount it does not know.
            Twist::OtherCurrency => "USD 120.00".to_string(),
            Twist::StrangeCurrency => String::new(),
            _ => format!("{}.{:02}", cents / 100, cents % 100),
        };
        let app = if twist == Twist::OtherApp { "2021000000009999" } else { APP_ID };
        let seller = if twist == Twist::OtherMerchant { "2088000000000000" } else { SELLER };
        let pairs = [
            ("app_id", app),
            ("buyer_id", "2088102116773037"),
            ("charset", "utf-8"),
            ("gmt_payment", paid),
            ("notify_id", &format!("notify-{count}")),
            ("notify_time", &at.replace('T', " ")[..19]),
            ("notify_type", "trade_status_sync"),
            ("out_trade_no", reference),
            ("seller_id", seller),
            ("subject", "风车 & tea"),
            ("total_amount", &amount),
            ("trade_no", "2016071921001003030200089909"),
            ("trade_status", status),
            ("version", "1.0"),
        ];
        let mut pairs: Pairs =
            pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let key = if twist == Twist::Forged { APPLICATION } else { ALIPAY };
        let sign = Signer::read(key).unwrap().sign(to_sign(&pairs, &[]).as_bytes());
        pairs.push(("sign_type".into(), "RSA2".into()));
        pairs.push(("sign".into(), sign));
        let pairs: Vec<(&str, &str)> =
            pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let body = wire::form(&pairs);
        let altered = twist == Twist::Altered;
        let body = if altered { body.replacen("tea", "tee", 1) } else { body };
        Envelope { headers: Vec::new(), body: body.into_bytes() }
    }

    fn slow_refunds(&self, slow: bool) {
        self.state().slow = slow;
    }

    /// It has no notices of refunds: what is sent is about the trade.
    fn end_refund(&self, key: &str, well: bool) -> Envelope {
        let reference = {
            let mut state = self.state();
            let refund = state.refunds.get_mut(key).unwrap();
            refund.done = well;
            refund.reference.clone()
        };
        self.notice(&reference, Twist::Right)
    }

    fn refunded(&self, reference: &str) -> i64 {
        let state = self.state();
        let of = state.refunds.values().filter(|one| one.reference == reference);
        of.map(|one| one.minor).sum()
    }

    fn split(&self, reference: &str) -> (i64, String) {
        let trade = format!("20261121{}", &reference[4..]);
        let state = self.state();
        let of = state.parts.values().filter(|(of, ..)| *of == trade);
        of.fold((0, String::new()), |(sum, _), (_, whose, amount)| (sum + amount, whose.clone()))
    }

    fn damage(&self, change: &mut dyn FnMut(&mut Vec<Row>)) {
        change(&mut self.state().moved);
    }

    fn zone(&self) -> Span {
        Span::hours(8)
    }
}
