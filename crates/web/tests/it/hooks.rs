//! Where providers tell us: what each hears back, over HTTP.

use std::sync::Arc;

use app::clock::Held;
use app::config::Config;
use app::config::payments::{Alipay as AlipaySettings, Secret, Stripe as StripeSettings};
use app::outside::gateway::alipay::Alipay;
use app::outside::gateway::keys;
use app::outside::gateway::stripe::Stripe;
use app::outside::gateway::wire::{self, Answer, Ask, Wire};
use app::outside::{Gateway, Outside, Trouble};

use crate::served::serve;
use crate::support::{self, MORNING};

/// Nobody is asked anything here.
struct Nobody;

impl Wire for Nobody {
    fn call(&self, _: &Ask) -> Result<Answer, Trouble> {
        Err(Trouble::Away("nobody".into()))
    }
}

const KEY: &str = include_str!("../../../app/tests/it/gateways/keys/documented.pem");
const ALIPAY: &str = include_str!("../../../app/tests/it/gateways/keys/alipay.pem");
const PUBLIC: &str = include_str!("../../../app/tests/it/gateways/keys/alipay.pub");

fn gateways() -> Vec<Arc<dyn Gateway>> {
    let stripe = StripeSettings {
        secret_key: Secret("sk_test_x".into()),
        webhook_secret: Secret("whsec_x".into()),
        ..StripeSettings::default()
    };
    let alipay = AlipaySettings {
        app_id: "2021".into(),
        private_key: Secret(KEY.into()),
        public_key: PUBLIC.into(),
        ..AlipaySettings::default()
    };
    let wire = || -> Arc<dyn Wire> { Arc::new(Nobody) };
    vec![
        Arc::new(Stripe::new(&stripe, wire())),
        Arc::new(Alipay::new(&alipay, Arc::new(Held::at(MORNING)), wire()).unwrap()),
    ]
}

#[test]
fn each_provider_hears_its_own_words() {
    let config = Config::plain("http://127.0.0.1:3000");
    let outside = Outside { gateways: gateways(), ..Outside::remembered() };
    let served = serve(support::sqlite_in(config, outside), |_| {});
    let tell = |name: &str, headers: &[(&str, &str)], body: &str| {
        let path = format!("/hooks/payments/{name}");
        let answer = served.send("POST", &path, headers, body.as_bytes());
        (answer.status, answer.text())
    };
    // Signed rightly, about something that is not ours: taken, and kept.
    let now = MORNING.0 / 1_000_000;
    let event = r#"{"id":"evt_1","type":"customer.created","livemode":false,"data":{"object":{}}}"#;
    let mac = keys::hmac_hex("whsec_x", &[now.to_string().as_bytes(), b".", event.as_bytes()]);
    let signature = format!("t={now},v1={mac}");
    let headers = [("stripe-signature", signature.as_str())];
    assert_eq!(tell("stripe", &headers, event), (200, String::new()));
    assert_eq!(tell("stripe", &headers, event).0, 200, "the same again");
    let altered = event.replace("customer", "customes");
    assert_eq!(tell("stripe", &headers, &altered).0, 401);
    assert_eq!(tell("stripe", &[], event).0, 401);
    // Alipay listens for one word, and takes everything else for a no.
    let (status, said) = tell("alipay", &[], "app_id=2021&sign=x&sign_type=RSA2");
    assert_eq!((status, said.contains("success")), (401, false));
    let at = "2026-11-21 16:00:00";
    let pairs = [("app_id", "2021"), ("notify_id", "n1"), ("notify_time", at)];
    let text = format!("app_id=2021&notify_id=n1&notify_time={at}");
    let sign = keys::Signer::read(ALIPAY).unwrap().sign(text.as_bytes());
    let rest = [("sign_type", "RSA2"), ("sign", sign.as_str())];
    let body = wire::form(&[pairs.as_slice(), &rest].concat());
    assert_eq!(tell("alipay", &[], &body), (200, "success".to_string()));
    // What is not set up is not there, and the sandbox keeps its own way.
    assert_eq!(tell("wechat", &[], "{}").0, 404);
    assert_eq!(tell("nobody", &[], "{}").0, 404);
    assert_eq!(tell("sandbox", &[], "{}").0, 400);
    let twice = [("stripe-signature", "a"), ("stripe-signature", "b")];
    assert_eq!(tell("stripe", &twice, event).0, 400);
    let kept = "select count(*) from payment_notices where provider = 'stripe'";
    assert_eq!(served.shop.number(kept), 1);
}
