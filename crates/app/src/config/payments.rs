//! Settings of payment providers: what each needs, and what of it is missing.

use domain::reconciliation::Agreed;

use super::Setting;

/// A text that is never shown, not even by mistake.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() { "none" } else { "…" })
    }
}

/// All of them, in reading order.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "stripe_secret_key",
        default: "",
        meaning: "Stripe: the secret key (sk_…), or a restricted one (rk_…) that may write \
                  Checkout Sessions and refunds and read balance transactions.",
    },
    Setting {
        name: "stripe_webhook_secret",
        default: "",
        meaning: "Stripe: the signing secret (whsec_…) of the endpoint \
                  `<base_url>/hooks/payments/stripe`; two with a comma between them while it is \
                  changed.",
    },
    Setting {
        name: "stripe_fee",
        default: "",
        meaning: "What Stripe may take by contract, such as `2.9% + 0.30`: reconciliation reports \
                  what is more. Empty: it is not looked at.",
    },
    Setting {
        name: "stripe_url",
        default: "https://api.stripe.com",
        meaning: "Where Stripe is asked; another address only for a stand-in.",
    },
    Setting { name: "wechat_mchid", default: "", meaning: "WeChat Pay: the merchant's number." },
    Setting {
        name: "wechat_appid",
        default: "",
        meaning: "WeChat Pay: the app id that is bound to the merchant.",
    },
    Setting {
        name: "wechat_serial",
        default: "",
        meaning: "WeChat Pay: the serial number of the merchant's API certificate.",
    },
    Setting {
        name: "wechat_private_key",
        default: "",
        meaning: "WeChat Pay: the merchant's private key, the text of apiclient_key.pem; best \
                  from a file.",
    },
    Setting {
        name: "wechat_api_v3_key",
        default: "",
        meaning: "WeChat Pay: the key for APIv3, 32 letters.",
    },
    Setting {
        name: "wechat_public_key_id",
        default: "",
        meaning: "WeChat Pay: the id of WeChat Pay's public key (PUB_KEY_ID_…). Empty: its \
                  platform certificates are asked for, and asked for again as they change.",
    },
    Setting {
        name: "wechat_public_key",
        default: "",
        meaning: "WeChat Pay: WeChat Pay's public key itself, the text of pub_key.pem.",
    },
    Setting {
        name: "wechat_fee",
        default: "",
        meaning: "What WeChat Pay may take by contract, such as `0.6%`. Empty: it is not looked \
                  at.",
    },
    Setting {
        name: "wechat_url",
        default: "https://api.mch.weixin.qq.com",
        meaning: "Where WeChat Pay is asked; another address only for a stand-in.",
    },
    Setting { name: "alipay_app_id", default: "", meaning: "Alipay: the application's id." },
    Setting {
        name: "alipay_private_key",
        default: "",
        meaning: "Alipay: the application's private key (RSA2), as the key tool writes it; best \
                  from a file.",
    },
    Setting {
        name: "alipay_public_key",
        default: "",
        meaning: "Alipay: Alipay's public key, not the application's.",
    },
    Setting {
        name: "alipay_seller_id",
        default: "",
        meaning: "Alipay: the merchant's user id (2088…): notices about another's are refused. \
                  Empty: the application's id alone decides.",
    },
    Setting {
        name: "alipay_fee",
        default: "",
        meaning: "What Alipay may take by contract, such as `0.6%`. Empty: it is not looked at.",
    },
    Setting {
        name: "alipay_url",
        default: "https://openapi.alipay.com/gateway.do",
        meaning: "Where Alipay is asked; another address only for a stand-in.",
    },
];

/// The settings of all providers.
#[derive(Clone, Debug, Default)]
pub struct Payments {
    pub stripe: Stripe,
    pub wechat: WeChat,
    pub alipay: Alipay,
}

#[derive(Clone, Debug, Default)]
pub struct Stripe {
    pub secret_key: Secret,
    pub webhook_secret: Secret,
    pub fee: Option<Agreed>,
    pub url: String,
}

#[derive(Clone, Debug, Default)]
pub struct WeChat {
    pub mchid: String,
    pub appid: String,
    pub serial: String,
    pub private_key: Secret,
    pub api_v3_key: Secret,
    pub public_key_id: String,
    pub public_key: String,
    pub fee: Option<Agreed>,
    pub url: String,
}

#[derive(Clone, Debug, Default)]
pub struct Alipay {
    pub app_id: String,
    pub private_key: Secret,
    pub public_key: String,
    pub seller_id: String,
    pub fee: Option<Agreed>,
    pub url: String,
}

impl Payments {
    /// Gathers them. The name of a setting whose value cannot be read.
    pub fn gather(get: &dyn Fn(&str) -> String) -> Result<Payments, &'static str> {
        let plain = |name: &str| get(name).trim().to_string();
        let secret = |name: &str| Secret(plain(name));
        let url = |name: &str| plain(name).trim_end_matches('/').to_string();
        let fee = |name: &'static str| match plain(name).as_str() {
            "" => Ok(None),
            text => Agreed::parse(text).map(Some).ok_or(name),
        };
        Ok(Payments {
            stripe: Stripe {
                secret_key: secret("stripe_secret_key"),
                webhook_secret: secret("stripe_webhook_secret"),
                fee: fee("stripe_fee")?,
                url: url("stripe_url"),
            },
            wechat: WeChat {
                mchid: plain("wechat_mchid"),
                appid: plain("wechat_appid"),
                serial: plain("wechat_serial"),
                private_key: secret("wechat_private_key"),
                api_v3_key: secret("wechat_api_v3_key"),
                public_key_id: plain("wechat_public_key_id"),
                public_key: plain("wechat_public_key"),
                fee: fee("wechat_fee")?,
                url: url("wechat_url"),
            },
            alipay: Alipay {
                app_id: plain("alipay_app_id"),
                private_key: secret("alipay_private_key"),
                public_key: plain("alipay_public_key"),
                seller_id: plain("alipay_seller_id"),
                fee: fee("alipay_fee")?,
                url: url("alipay_url"),
            },
        })
    }

    /// What a provider may take by contract.
    pub fn agreed(&self, provider: &str) -> Option<Agreed> {
        match provider {
            "stripe" => self.stripe.fee,
            "wechat" => self.wechat.fee,
            "alipay" => self.alipay.fee,
            _ => None,
        }
    }

    /// Every provider with the settings it still needs; none of them when nothing of it was set.
    pub fn missing(&self) -> [(&'static str, Vec<&'static str>); 3] {
        [
            ("stripe", self.stripe.missing()),
            ("wechat", self.wechat.missing()),
            ("alipay", self.alipay.missing()),
        ]
    }

    /// Whether anything of a provider was set.
    pub fn begun(&self, provider: &str) -> bool {
        match provider {
            "stripe" => self.stripe.needed().iter().any(|(_, value)| !value.is_empty()),
            "wechat" => self.wechat.needed().iter().any(|(_, value)| !value.is_empty()),
            "alipay" => self.alipay.needed().iter().any(|(_, value)| !value.is_empty()),
            _ => false,
        }
    }
}

type Needed<'a> = Vec<(&'static str, &'a str)>;

fn missing(needed: &Needed) -> Vec<&'static str> {
    needed.iter().filter(|(_, value)| value.is_empty()).map(|(name, _)| *name).collect()
}

impl Stripe {
    fn needed(&self) -> Needed<'_> {
        vec![
            ("stripe_secret_key", &self.secret_key.0),
            ("stripe_webhook_secret", &self.webhook_secret.0),
        ]
    }

    fn missing(&self) -> Vec<&'static str> {
        missing(&self.needed())
    }

    pub fn is_complete(&self) -> bool {
        self.missing().is_empty()
    }
}

impl WeChat {
    fn needed(&self) -> Needed<'_> {
        let mut needed = vec![
            ("wechat_mchid", self.mchid.as_str()),
            ("wechat_appid", &self.appid),
            ("wechat_serial", &self.serial),
            ("wechat_private_key", &self.private_key.0),
            ("wechat_api_v3_key", &self.api_v3_key.0),
        ];
        if !self.public_key_id.is_empty() {
            needed.push(("wechat_public_key", &self.public_key));
        }
        needed
    }

    fn missing(&self) -> Vec<&'static str> {
        missing(&self.needed())
    }

    pub fn is_complete(&self) -> bool {
        self.missing().is_empty()
    }
}

impl Alipay {
    fn needed(&self) -> Needed<'_> {
        vec![
            ("alipay_app_id", &self.app_id),
            ("alipay_private_key", &self.private_key.0),
            ("alipay_public_key", &self.public_key),
        ]
    }

    fn missing(&self) -> Vec<&'static str> {
        missing(&self.needed())
    }

    pub fn is_complete(&self) -> bool {
        self.missing().is_empty()
    }
}
