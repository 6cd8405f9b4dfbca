//! The keys that WeChat Pay signs with. They change: several are right at a time, a new one is
//! asked for when it is first met, and one key may be in the settings instead.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use domain::moment::{Moment, Span};
use serde_json::Value;

use crate::config::payments::WeChat as Settings;
use crate::outside::gateway::is_fresh;
use crate::outside::gateway::keys::{self, Certificate, Verifier};
use crate::outside::gateway::wire::Answer;

/// How often unknown keys are asked for: whoever invents serial numbers must not make us ask.
const PAUSE: Span = Span::minutes(1);

/// Something that was signed, and how.
pub struct Signed<'a> {
    pub serial: &'a str,
    pub timestamp: &'a str,
    pub nonce: &'a str,
    pub signature: &'a str,
    pub body: &'a [u8],
}

impl Signed<'_> {
    pub fn is_fresh(&self, now: Moment) -> bool {
        self.timestamp.parse().is_ok_and(|seconds| is_fresh(now, seconds))
    }

    fn is_by(&self, key: &Verifier) -> bool {
        let head = format!("{}\n{}\n", self.timestamp, self.nonce);
        let text = [head.as_bytes(), self.body, b"\n"].concat();
        key.is_right(&text, self.signature)
    }
}

/// The keys that are known.
pub struct Certificates(Mutex<State>);

#[derive(Default)]
struct State {
    known: BTreeMap<String, Verifier>,
    asked: Option<Moment>,
    /// With a key in the settings there is nothing to ask for.
    settled: bool,
}

impl Certificates {
    pub fn new(settings: &Settings) -> Result<Certificates, String> {
        let mut state = State::default();
        if !settings.public_key_id.is_empty() {
            let key = Verifier::read(&settings.public_key)?;
            state.known.insert(settings.public_key_id.clone(), key);
            state.settled = true;
        }
        Ok(Certificates(Mutex::new(state)))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(|gone| gone.into_inner())
    }

    pub fn knows(&self, serial: &str) -> bool {
        self.state().known.contains_key(serial)
    }

    /// Whether it is time to ask for keys; if so it is as good as done.
    pub fn may_ask(&self, now: Moment) -> bool {
        let mut state = self.state();
        let lately = state.asked.is_some_and(|asked| now.since(asked) < PAUSE);
        if state.settled || lately {
            return false;
        }
        state.asked = Some(now);
        true
    }

    pub fn is_right(&self, now: Moment, signed: &Signed) -> bool {
        let key = self.state().known.get(signed.serial).cloned();
        signed.is_fresh(now) && key.is_some_and(|key| signed.is_by(&key))
    }

    /// Takes the keys in an answer, sealed with the key that only they and we have, if one of them
    /// has signed the answer. How many they are; those that are not among them are forgotten.
    pub fn learn(&self, now: Moment, key: &str, answer: &Answer) -> usize {
        let list: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        let mut found = BTreeMap::new();
        for one in list["data"].as_array().into_iter().flatten() {
            let text = |name: &str| one["encrypt_certificate"][name].as_str().unwrap_or("");
            let open = keys::open(key, text("nonce"), text("associated_data"), text("ciphertext"));
            let certificate = open.and_then(|open| String::from_utf8(open).ok());
            let certificate = certificate.and_then(|pem| Certificate::read(&pem));
            let serial = one["serial_no"].as_str().unwrap_or("");
            match certificate {
                Some(known) if known.serial.eq_ignore_ascii_case(serial) => {
                    found.insert(serial.to_string(), known.key);
                }
                _ => tracing::warn!(serial, "a certificate that cannot be read"),
            }
        }
        let signed = Signed {
            serial: answer.header("wechatpay-serial"),
            timestamp: answer.header("wechatpay-timestamp"),
            nonce: answer.header("wechatpay-nonce"),
            signature: answer.header("wechatpay-signature"),
            body: &answer.body,
        };
        let key = found.get(signed.serial);
        if !signed.is_fresh(now) || !key.is_some_and(|key| signed.is_by(key)) {
            return 0;
        }
        let count = found.len();
        self.state().known = found;
        count
    }
}
