//! Every setting: its name, default and meaning. A setting comes from a flag, else the environment
//! (`PINWHEEL_…`), else the settings file, else its default.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use domain::moment::Span;
use domain::money::Currency;
use domain::person::Role;

use crate::failure::Failure;

pub mod payments;

use payments::Payments;

/// One setting, as the reference page shows it.
pub struct Setting {
    pub name: &'static str,
    pub default: &'static str,
    pub meaning: &'static str,
}

/// All settings, in reading order. `docs/reference/settings.md` is written from this list.
pub fn every_setting() -> impl Iterator<Item = &'static Setting> {
    SETTINGS.iter().chain(payments::SETTINGS)
}

const SETTINGS: &[Setting] = &[
    Setting {
        name: "base_url",
        default: "",
        meaning: "The address people reach the shop under; share links, QR codes and payment \
                  notices use it. Empty: http:// and the address of --listen.",
    },
    Setting { name: "shop_name", default: "Pinwheel", meaning: "The name of a new shop." },
    Setting {
        name: "currency",
        default: "CNY",
        meaning: "The currency of a new shop: CNY, USD, EUR, GBP, HKD, SGD or JPY.",
    },
    Setting {
        name: "locale",
        default: "zh-CN",
        meaning: "The language of a new shop's texts: zh-CN or en.",
    },
    Setting {
        name: "workers",
        default: "2",
        meaning: "How many threads do the jobs; 0 for none in this process.",
    },
    Setting {
        name: "lease_seconds",
        default: "120",
        meaning: "How long a job belongs to the worker that took it; after that another worker, \
                  here or on another node, does it.",
    },
    Setting {
        name: "patience_ms",
        default: "250",
        meaning: "While much is being bought, how old a public page may be for those who changed \
                  nothing themselves, in milliseconds. Prices and places are decided by the \
                  database, never by a page.",
    },
    Setting {
        name: "connections",
        default: "4096",
        meaning: "How many connections may be open at once; one address that is no proxy may \
                  have half of them. Others are answered 503 until one is free.",
    },
    Setting {
        name: "proxies",
        default: "",
        meaning: "Addresses and networks of proxies in front of the shop (`10.0.0.5, \
                  172.16.0.0/12`): what they say in X-Forwarded-For is believed. This machine's \
                  own addresses always are.",
    },
    Setting {
        name: "metrics_listen",
        default: "",
        meaning: "Address for Prometheus' /metrics; empty to serve it beside /healthz to \
                  loopback callers only.",
    },
    Setting {
        name: "secure_cookies",
        default: "auto",
        meaning: "Whether cookies are sent over HTTPS only: true, false, or auto, which follows \
                  base_url.",
    },
    Setting {
        name: "second_factor",
        default: "optional",
        meaning: "Who must sign in to the console with a code from their phone too: optional \
                  (whoever set it up), owners, or staff. Who owes it can do nothing else first.",
    },
    Setting {
        name: "smtp_url",
        default: "",
        meaning: "Where mail is handed over: smtps://user:secret@host:465. Empty: mail stays in \
                  the outbox of the console.",
    },
    Setting { name: "mail_from", default: "shop@localhost", meaning: "The sender of mail." },
    Setting {
        name: "sms_webhook",
        default: "",
        meaning: "An address that is sent {to, text} as JSON for each text message. Empty: texts \
                  stay in the outbox of the console.",
    },
    Setting {
        name: "sandbox",
        default: "auto",
        meaning: "Whether the sandbox payment provider may be used: true, false, or auto, which \
                  allows it while base_url is a loopback address or the shop is a demo.",
    },
    Setting {
        name: "log",
        default: "info",
        meaning: "What is logged, as tracing's filters say it: info, debug, web=debug.",
    },
    Setting { name: "log_format", default: "text", meaning: "text for people, json for programs." },
];

/// The settings in force.
#[derive(Clone, Debug)]
pub struct Config {
    pub base_url: String,
    pub shop_name: String,
    pub currency: Currency,
    pub locale: String,
    pub workers: usize,
    pub lease: Span,
    pub patience: Duration,
    pub connections: usize,
    pub proxies: Proxies,
    pub metrics_listen: String,
    pub secure_cookies: bool,
    pub second_factor: SecondFactor,
    pub smtp_url: String,
    pub mail_from: String,
    pub sms_webhook: String,
    pub sandbox: bool,
    pub payments: Payments,
    pub log: String,
    pub log_format: String,
}

impl Config {
    /// Gathers the settings: `flags` by name first, then the environment, then `file`.
    pub fn gather(
        flags: &HashMap<String, String>,
        file: Option<&Path>,
        listen: &str,
    ) -> Result<Config, Failure> {
        let from_file = match file {
            None => toml::Table::new(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|error| Failure::broken(format!("{}: {error}", path.display())))?;
                text.parse()
                    .map_err(|error| Failure::broken(format!("{}: {error}", path.display())))?
            }
        };
        if let Some(name) =
            from_file.keys().find(|name| every_setting().all(|setting| setting.name != **name))
        {
            return Err(Failure::Broken(format!("the settings file names {name}, unknown here")));
        }
        let from_files = files()?;
        let get = |name: &str| -> String {
            if let Some(value) = flags.get(name) {
                return value.clone();
            }
            if let Some(value) = from_files.get(name) {
                return value.clone();
            }
            if let Ok(value) = std::env::var(format!("PINWHEEL_{}", name.to_uppercase())) {
                return value;
            }
            match from_file.get(name) {
                Some(toml::Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => {
                    let setting = every_setting().find(|setting| setting.name == name);
                    setting.map_or(String::new(), |setting| setting.default.to_string())
                }
            }
        };
        let bad = |name: &str, value: &str| {
            Failure::Broken(format!("the setting {name} cannot be {value:?}"))
        };
        let switch = |name: &str, auto: bool| match get(name).as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            "auto" => Ok(auto),
            other => Err(bad(name, other)),
        };
        let mut base_url = get("base_url").trim_end_matches('/').to_string();
        if base_url.is_empty() {
            base_url = format!("http://{listen}");
        }
        if !base_url.starts_with("http://") && !base_url.starts_with("https://") {
            return Err(bad("base_url", &base_url));
        }
        let on_loopback = is_on_loopback(&base_url);
        let currency = get("currency");
        let locale = get("locale");
        if !["zh-CN", "en"].contains(&locale.as_str()) {
            return Err(bad("locale", &locale));
        }
        let workers = get("workers");
        let patience = get("patience_ms");
        let proxies = get("proxies");
        let second = get("second_factor");
        let lease = get("lease_seconds");
        let lease = lease.parse().ok().filter(|lease| (1..=3_600).contains(lease));
        let lease = lease.ok_or_else(|| bad("lease_seconds", &get("lease_seconds")))?;
        let number = |name: &str, least: usize| {
            let text = get(name);
            let number = text.parse().ok().filter(|number| *number >= least);
            number.ok_or_else(|| bad(name, &text))
        };
        Ok(Config {
            shop_name: get("shop_name"),
            currency: Currency::parse(&currency).ok_or_else(|| bad("currency", &currency))?,
            locale,
            workers: workers.parse().map_err(|_| bad("workers", &workers))?,
            lease: Span::seconds(lease),
            patience: Duration::from_millis(
                patience.parse().map_err(|_| bad("patience_ms", &patience))?,
            ),
            connections: number("connections", 1)?,
            proxies: Proxies::parse(&proxies).ok_or_else(|| bad("proxies", &proxies))?,
            metrics_listen: get("metrics_listen"),
            secure_cookies: switch("secure_cookies", base_url.starts_with("https://"))?,
            second_factor: SecondFactor::parse(&second)
                .ok_or_else(|| bad("second_factor", &second))?,
            smtp_url: get("smtp_url"),
            mail_from: get("mail_from"),
            sms_webhook: get("sms_webhook"),
            sandbox: switch("sandbox", on_loopback)?,
            payments: Payments::gather(&get).map_err(|name| bad(name, &get(name)))?,
            log: get("log"),
            log_format: get("log_format"),
            base_url,
        })
    }

    /// Settings for tests and the demo.
    pub fn plain(base_url: &str) -> Config {
        Config {
            base_url: base_url.to_string(),
            shop_name: "Pinwheel".into(),
            currency: Currency::Cny,
            locale: "zh-CN".into(),
            workers: 0,
            lease: Span::minutes(2),
            patience: Duration::ZERO,
            connections: 4_096,
            proxies: Proxies::default(),
            metrics_listen: String::new(),
            secure_cookies: false,
            second_factor: SecondFactor::Optional,
            smtp_url: String::new(),
            mail_from: "shop@localhost".into(),
            sms_webhook: String::new(),
            sandbox: true,
            payments: Payments::default(),
            log: "info".into(),
            log_format: "text".into(),
        }
    }
}

/// Settings whose value is in a file of its own, as secrets are handed to containers.
fn files() -> Result<HashMap<&'static str, String>, Failure> {
    let mut found = HashMap::new();
    for setting in every_setting() {
        let name = format!("PINWHEEL_{}", setting.name.to_uppercase());
        if let Some(value) = file_of(&name)? {
            found.insert(setting.name, value);
        }
    }
    Ok(found)
}

/// The text of the file that `NAME_FILE` names, without the end of its line. Both `NAME` and
/// `NAME_FILE` would leave it open which is meant.
pub fn file_of(name: &str) -> Result<Option<String>, Failure> {
    let Some(path) = std::env::var_os(format!("{name}_FILE")) else { return Ok(None) };
    if std::env::var_os(name).is_some() {
        return Err(Failure::Broken(format!("{name} and {name}_FILE are both set")));
    }
    let text = std::fs::read_to_string(&path)
        .map_err(|error| Failure::broken(format!("{}: {error}", path.display())))?;
    Ok(Some(text.trim_end_matches(['\r', '\n']).to_string()))
}

/// Whether an address is this very machine's, which nobody else can reach.
pub fn is_on_loopback(base_url: &str) -> bool {
    let Some((_, rest)) = base_url.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = match authority.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or(""),
        None => authority.split(':').next().unwrap_or(""),
    };
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Who must have a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecondFactor {
    /// Whoever set it up.
    #[default]
    Optional,
    Owners,
    Staff,
}

impl SecondFactor {
    fn parse(code: &str) -> Option<SecondFactor> {
        match code {
            "optional" => Some(SecondFactor::Optional),
            "owners" => Some(SecondFactor::Owners),
            "staff" => Some(SecondFactor::Staff),
            _ => None,
        }
    }

    /// Whether somebody in this role must have one.
    pub fn wants(self, role: Role) -> bool {
        match self {
            SecondFactor::Optional => false,
            SecondFactor::Owners => role == Role::Owner,
            SecondFactor::Staff => role.is_staff(),
        }
    }
}

/// The proxies that are believed about whom they speak for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<(IpAddr, u8)>);

impl Proxies {
    /// Addresses and networks, with commas between them.
    pub fn parse(text: &str) -> Option<Proxies> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(network).collect::<Option<_>>().map(Proxies)
    }

    /// Whether `address` is one of them, or this very machine.
    pub fn has(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_loopback() || self.0.iter().any(|(net, bits)| inside(address, *net, *bits))
    }
}

fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address.parse().ok()?, Some(bits.parse().ok()?)),
        None => (text.parse().ok()?, None),
    };
    let most = if matches!(address, IpAddr::V4(_)) { 32 } else { 128 };
    let bits = bits.unwrap_or(most);
    (bits <= most).then_some((address, bits))
}

fn inside(address: IpAddr, net: IpAddr, bits: u8) -> bool {
    match (address, net) {
        (IpAddr::V4(a), IpAddr::V4(b)) => {
            let differ = u32::from(a) ^ u32::from(b);
            differ.checked_shr(32 - u32::from(bits)).unwrap_or(0) == 0
        }
        (IpAddr::V6(a), IpAddr::V6(b)) => {
            let differ = u128::from(a) ^ u128::from(b);
            differ.checked_shr(128 - u32::from(bits)).unwrap_or(0) == 0
        }
        _ => false,
    }
}

/// The reference page of the settings.
pub fn reference() -> String {
    let mut page = String::from(
        "# Settings\n\n> For hosts. Written by `pinwheel reference`; do not edit.\n\nA setting \
         comes from a flag, else the environment, else the settings file (`--config FILE`, TOML), \
         else its default. Every variable may also name a file: `PINWHEEL_SMTP_URL_FILE` is the \
         path of a file with the value, so that secrets stay out of the environment; so may \
         `PINWHEEL_DATABASE`.\n\n| setting | environment | default | meaning |\n\
         | --- | --- | --- | --- |\n",
    );
    for setting in every_setting() {
        let environment = format!("PINWHEEL_{}", setting.name.to_uppercase());
        page.push_str(&format!(
            "| `{}` | `{environment}` | {} | {} |\n",
            setting.name,
            if setting.default.is_empty() {
                "empty".to_string()
            } else {
                format!("`{}`", setting.default)
            },
            setting.meaning
        ));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_believed_by_address_and_network() {
        let proxies = Proxies::parse("10.0.0.5, 172.16.0.0/12, fd00::/8").unwrap();
        for (address, is) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("10.0.0.5", true),
            ("::ffff:10.0.0.5", true),
            ("10.0.0.6", false),
            ("172.31.255.255", true),
            ("172.32.0.0", false),
            ("fd12::1", true),
            ("fe80::1", false),
        ] {
            assert_eq!(proxies.has(address.parse().unwrap()), is, "{address}");
        }
        assert!(Proxies::parse("0.0.0.0/0").unwrap().has("192.0.2.1".parse().unwrap()));
        for (url, is) in [
            ("http://127.0.0.1:3000", true),
            ("http://localhost", true),
            ("https://[::1]:3000/", true),
            ("http://127.0.0.1.evil.example", false),
            ("http://localhost.example", false),
            ("https://shop.example", false),
            ("http://0.0.0.0:3000", false),
        ] {
            assert_eq!(is_on_loopback(url), is, "{url}");
        }
        for wrong in ["10.0.0.0/33", "shop.example", "10.0.0.0/-1", "1.2.3.4/"] {
            assert_eq!(Proxies::parse(wrong), None, "{wrong}");
        }
    }
}
