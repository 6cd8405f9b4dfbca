//! What an endpoint is sent: the body, the headers and the signatures of Standard Webhooks 1.0.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::event::Fact;
use domain::id::Id;
use domain::moment::Moment;
use domain::share::Object;
use domain::webhook::MOST_BYTES;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::db::Tx;
use crate::failure::Failure;
use crate::outside::Letter;

/// What secrets begin with where people see them.
const PREFIX: &str = "whsec_";
const LENGTH: usize = 32;

/// A secret nobody can guess.
pub fn new_secret(tx: &Tx) -> Vec<u8> {
    let mut secret = vec![0; LENGTH];
    tx.dice().fill(&mut secret);
    secret
}

/// A secret as its endpoint is given it.
pub fn shown(secret: &[u8]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(secret))
}

/// The end of a secret, to tell it from others.
pub fn hint(secret: &[u8]) -> String {
    let shown = shown(secret);
    // Base 64 is ASCII.
    format!("…{}", &shown[shown.len() - 5..])
}

/// What a fact says outside: ids as `ord_…`, states and amounts. Never a name, an address or
/// anything else of a person.
pub fn data(fact: &Fact) -> Result<Value, Failure> {
    let mut data = serde_json::to_value(fact)?;
    if let Some(fields) = data.as_object_mut() {
        fields.remove("fact");
    }
    // The one fact whose object is a bare number: it could be one of several kinds.
    if let Fact::LinkVisited { object, object_id, .. } = fact {
        data["object_id"] = match object {
            Object::Home => Value::Null,
            Object::Product => json!(Id::<domain::catalog::Product>::new(*object_id)),
            Object::GroupBuy => json!(Id::<domain::group_buy::GroupBuy>::new(*object_id)),
            Object::Team => json!(Id::<domain::group_buy::Team>::new(*object_id)),
            Object::Campaign => json!(Id::<domain::campaign::Campaign>::new(*object_id)),
            Object::Assist => json!(Id::<domain::assist::Assist>::new(*object_id)),
            Object::Bargain => json!(Id::<domain::bargain::Launch>::new(*object_id)),
            Object::Fission => json!(Id::<domain::fission::Fission>::new(*object_id)),
        };
    }
    Ok(data)
}

/// The body of an event: the same on every try.
pub fn body(name: &str, at: Moment, data: &Value) -> Result<String, Failure> {
    let body = json!({ "type": name, "timestamp": at, "data": data }).to_string();
    if body.len() < MOST_BYTES { Ok(body) } else { Err(Failure::broken("a fact of 20 KB")) }
}

/// The signature under one secret.
fn signature(secret: &[u8], id: &str, timestamp: &str, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Where a letter goes, and what signs it.
#[derive(Clone)]
pub struct Addressee {
    pub url: String,
    pub home: bool,
    /// The newest first.
    pub secrets: Vec<Vec<u8>>,
}

/// A letter as it is sent at `now`. One signature for each secret, so that an endpoint may change
/// to the new one when it likes.
pub fn write(
    to: Addressee,
    id: String,
    body: String,
    request_id: Option<String>,
    now: Moment,
) -> Letter {
    let timestamp = now.0.div_euclid(1_000_000).to_string();
    let sign = |secret: &Vec<u8>| signature(secret, &id, &timestamp, &body);
    let signatures: Vec<String> = to.secrets.iter().map(sign).collect();
    let mut headers = vec![
        ("content-type", "application/json".to_string()),
        ("webhook-id", id),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", signatures.join(" ")),
    ];
    headers.extend(request_id.map(|id| ("x-request-id", id)));
    let headers = headers.into_iter().map(|(name, value)| (name.to_string(), value)).collect();
    Letter { url: to.url, home: to.home, hurry: false, headers, body }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the standard's own libraries.
    #[test]
    fn signatures_are_those_of_the_standard() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let signed = signature(&secret, id, "1614265330", r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn every_fact_says_ids_and_states_and_nothing_of_a_person() {
        let allowed =
            ["from", "to", "status", "seq", "amount", "object", "object_id", "given", "purpose"];
        for fact in Fact::examples() {
            let data = data(&fact).unwrap();
            for (name, value) in data.as_object().unwrap() {
                let id = value.as_str().is_some_and(|id| id.len() == 17 && id.contains("_0000"));
                assert!(id || allowed.contains(&name.as_str()), "{name} of {data}");
                // JSON keeps numbers exactly only so far: ids must not be numbers.
                assert!(!value.is_i64() || name == "seq", "{name} of {data}");
            }
            assert!(body(&fact.name(), Moment(0), &data).unwrap().len() < 400);
        }
    }
}
