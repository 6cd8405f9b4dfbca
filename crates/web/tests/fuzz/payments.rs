//! What comes in a provider's name: notices that nobody signed, and files that are no statements.

use std::sync::Arc;

use app::clock::Held;
use app::config::payments::{Alipay as AlipaySettings, Secret};
use app::config::payments::{Stripe as StripeSettings, WeChat as WeChatSettings};
use app::dice::Seeded;
use app::outside::gateway::alipay::Alipay;
use app::outside::gateway::stripe::Stripe;
use app::outside::gateway::wechat::WeChat;
use app::outside::gateway::wire::{Answer, Ask, Wire};
use app::outside::gateway::{Envelope, keys, sheet};
use app::outside::{Gateway, Trouble};

use crate::driver::fuzz;
use crate::support::MORNING;

const KEY: &str = include_str!("../../../app/tests/it/gateways/keys/documented.pem");
const PUBLIC: &str = include_str!("../../../app/tests/it/gateways/keys/alipay.pub");

/// Nobody is asked anything here.
struct Nobody;

impl Wire for Nobody {
    fn call(&self, _: &Ask) -> Result<Answer, Trouble> {
        Err(Trouble::Away("nobody".into()))
    }
}

fn gateways() -> Vec<Arc<dyn Gateway>> {
    let wire = || -> Arc<dyn Wire> { Arc::new(Nobody) };
    let clock = || Arc::new(Held::at(MORNING));
    let stripe = StripeSettings {
        secret_key: Secret("sk_test_x".into()),
        webhook_secret: Secret("whsec_x".into()),
        ..StripeSettings::default()
    };
    let wechat = WeChatSettings {
        private_key: Secret(KEY.into()),
        api_v3_key: Secret("0123456789abcdef0123456789abcdef".into()),
        public_key_id: "PUB_KEY_ID_1".into(),
        public_key: PUBLIC.into(),
        ..WeChatSettings::default()
    };
    let alipay = AlipaySettings {
        private_key: Secret(KEY.into()),
        public_key: PUBLIC.into(),
        ..AlipaySettings::default()
    };
    let dice = Arc::new(Seeded::new(1));
    vec![
        Arc::new(Stripe::new(&stripe, wire())),
        Arc::new(WeChat::new(&wechat, clock(), dice, wire()).unwrap()),
        Arc::new(Alipay::new(&alipay, clock(), wire()).unwrap()),
    ]
}

#[test]
fn nobody_signs_by_chance() {
    let all = gateways();
    let words = ["t=1795248000,v1=", "PUB_KEY_ID_1", "1795248000", "sign=", "sign_type=RSA2", "&"];
    fuzz("provider-notices", 3_000, &words, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.splitn(5, '\n').map(str::to_string);
        let mut line = || lines.next().unwrap_or_default();
        let names = ["stripe-signature", "wechatpay-serial", "wechatpay-timestamp"];
        let mut headers: Vec<(String, String)> =
            names.iter().map(|name| (name.to_string(), line())).collect();
        headers.push(("wechatpay-signature".into(), line()));
        let sent = Envelope { headers, body: line().into_bytes() };
        all.iter().map(|gateway| gateway.read(MORNING, &sent).unwrap_err()).collect::<Vec<_>>()
    });
}

#[test]
fn a_file_is_a_statement_or_it_is_said_that_it_is_none() {
    let all = gateways();
    let words = [
        "balance_transaction_id,reporting_category,gross,currency,created,fee\n",
        "txn_1,charge,39.00,cny,2026-11-21 08:00:00,0.30\n",
        "交易时间,商户订单号,交易状态,货币种类,订单金额,手续费,费率\n",
        "`2026-11-21 16:00:00,`pay_1,`SUCCESS,`CNY,`39.00,`0.23,`0.60%\n",
        "支付宝交易号,商户订单号,业务类型,订单金额（元）,完成时间,服务费（元）\n",
        "2026,pay_1,交易,39.00,2026-11-21 16:00:00,-0.23\n",
        "PK\u{3}\u{4}",
        "PK\u{5}\u{6}",
    ];
    fuzz("statements", 6_000, &words, |bytes| {
        for gateway in &all {
            let Ok(lines) = gateway.read_statement(bytes) else { continue };
            for line in lines {
                assert!(line.minor >= 0 && !line.reference.contains('\0'));
                assert!(line.currency.chars().count() <= 500);
            }
        }
        sheet::unpacked(bytes).map(|files| files.len())
    });
}

#[test]
fn a_key_is_one_or_it_is_said_that_it_is_none() {
    fuzz("private-keys", 2_000, &["MIIB", "-----BEGIN", "\n", "AAAA", "MII"], |bytes| {
        let text = String::from_utf8_lossy(bytes);
        (
            keys::Signer::read(&text).is_ok(),
            keys::Verifier::read(&text).is_ok(),
            keys::Certificate::read(&text).is_some(),
        )
    });
}
