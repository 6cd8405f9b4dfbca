//! Texts in two languages, and how amounts, numbers and times are said in each.
//!
//! The catalogues are Fluent files inside the binary. A text that is missing in one language is
//! said in the other; a test keeps that from happening.

use std::borrow::Cow;
use std::sync::OnceLock;

use app::embedded::Folder;
use domain::moment::{Moment, Span};
use domain::money::Money;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::tz::TimeZone;

static CATALOGUES: Folder = Folder(include!(concat!(env!("OUT_DIR"), "/locales.rs")));

/// A language of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Locale {
    Chinese,
    English,
}

type Bundle = FluentBundle<FluentResource>;

fn bundle(locale: Locale) -> &'static Bundle {
    static BUNDLES: OnceLock<[Bundle; 2]> = OnceLock::new();
    let bundles = BUNDLES.get_or_init(|| Locale::ALL.map(|locale| gather(locale).0));
    &bundles[locale as usize]
}

/// The catalogue of a language, with everything that is wrong with its files.
fn gather(locale: Locale) -> (Bundle, Vec<String>) {
    let mut wrong = Vec::new();
    let language = locale.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Marks around values would be seen by screen readers and copied with prices.
    bundle.set_use_isolating(false);
    let folder = format!("{}/", locale.code());
    for (path, text) in CATALOGUES.files().filter(|(path, _)| path.starts_with(&folder)) {
        let text = String::from_utf8_lossy(text).into_owned();
        let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, errors)| {
            wrong.push(format!("{path}: {errors:?}"));
            resource
        });
        if let Err(errors) = bundle.add_resource(resource) {
            wrong.push(format!("{path}: {errors:?}"));
        }
    }
    (bundle, wrong)
}

/// Everything that is wrong with the catalogues' files; empty when all is well.
pub fn faults() -> Vec<String> {
    Locale::ALL.into_iter().flat_map(|locale| gather(locale).1).collect()
}

/// Something a text can mention.
pub trait Arg {
    fn value(&self) -> FluentValue<'static>;
}

impl Arg for str {
    fn value(&self) -> FluentValue<'static> {
        FluentValue::String(Cow::Owned(self.to_string()))
    }
}
impl Arg for String {
    fn value(&self) -> FluentValue<'static> {
        self.as_str().value()
    }
}
impl Arg for Cow<'_, str> {
    fn value(&self) -> FluentValue<'static> {
        self.as_ref().value()
    }
}
impl Arg for Price {
    fn value(&self) -> FluentValue<'static> {
        self.to_string().value()
    }
}
impl Arg for Money {
    fn value(&self) -> FluentValue<'static> {
        Price::of(*self).value()
    }
}
impl<T: Arg + ?Sized> Arg for &T {
    fn value(&self) -> FluentValue<'static> {
        (**self).value()
    }
}
macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Arg for $number {
            fn value(&self) -> FluentValue<'static> {
                FluentValue::from(*self)
            }
        }
    )*};
}
numbers!(i64, u64, i32, u32, usize, u16, u8);

impl Locale {
    pub const ALL: [Locale; 2] = [Locale::Chinese, Locale::English];

    /// The language's tag: `zh-CN` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Locale::Chinese => "zh-CN",
            Locale::English => "en",
        }
    }

    /// Reads a tag; any Chinese is ours, and any English.
    pub fn parse(tag: &str) -> Option<Locale> {
        let main = tag.split(['-', '_']).next().unwrap_or("");
        match main.to_ascii_lowercase().as_str() {
            "zh" => Some(Locale::Chinese),
            "en" => Some(Locale::English),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that we speak, by its weights.
    pub fn accepted(header: &str) -> Option<Locale> {
        let mut wishes: Vec<(u16, Locale)> = Vec::new();
        for wish in header.split(',').take(20) {
            let mut parts = wish.trim().split(';');
            let Some(locale) = parts.next().and_then(Locale::parse) else { continue };
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, milli);
            wishes.push((weight, locale));
        }
        // Stable: of equal wishes the first.
        wishes.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        wishes.into_iter().find(|(weight, _)| *weight > 0).map(|(_, locale)| locale)
    }

    pub fn other(self) -> Locale {
        match self {
            Locale::Chinese => Locale::English,
            Locale::English => Locale::Chinese,
        }
    }

    /// A text without anything to mention.
    pub fn say(self, id: &str) -> String {
        self.tell(id, &[])
    }

    /// A text that mentions one thing.
    pub fn with(self, id: &str, name: &str, value: impl Arg) -> String {
        self.tell(id, &[(name, &value)])
    }

    /// A text that mentions several things.
    pub fn tell(self, id: &str, args: &[(&str, &dyn Arg)]) -> String {
        let mut values = FluentArgs::new();
        for (name, value) in args {
            values.set(name.to_string(), value.value());
        }
        self.format(id, &values)
    }

    /// A text that mentions what a JSON object holds: refusals and notices come like this.
    pub fn tell_json(self, id: &str, args: &serde_json::Value) -> String {
        let mut values = FluentArgs::new();
        for (name, value) in args.as_object().into_iter().flatten() {
            let value = match value {
                serde_json::Value::Number(number) => match number.as_i64() {
                    Some(number) => FluentValue::from(number),
                    None => number.to_string().value(),
                },
                serde_json::Value::String(text) => text.value(),
                other => match serde_json::from_value::<Money>(other.clone()) {
                    Ok(money) => money.value(),
                    Err(_) => other.to_string().value(),
                },
            };
            values.set(name.clone(), value);
        }
        self.format(id, &values)
    }

    /// A text with the names of what it would mention in place of it, for the reference: `只剩
    /// {left} 件`.
    pub fn plain(self, id: &str) -> String {
        let message = bundle(self).get_message(id);
        let pattern = message.and_then(|message| message.value());
        let written = pattern.map(|pattern| {
            bundle(self).format_pattern(pattern, None, &mut Vec::new()).replace("{$", "{")
        });
        written.unwrap_or_default()
    }

    /// Whether this language has the text itself.
    pub fn has(self, id: &str) -> bool {
        bundle(self).get_message(id).is_some_and(|message| message.value().is_some())
    }

    fn format(self, id: &str, args: &FluentArgs) -> String {
        for locale in [self, self.other()] {
            let bundle = bundle(locale);
            let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
                continue;
            };
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, Some(args), &mut errors).into_owned();
            if !errors.is_empty() {
                tracing::warn!(%id, ?errors, "a text lacks what it mentions");
                // Tests look for the brackets; a shop in use shows what there is.
                if cfg!(debug_assertions) {
                    return format!("⟨{id}⟩");
                }
            }
            return text;
        }
        tracing::error!(%id, "a text is missing in both languages");
        if cfg!(debug_assertions) { format!("⟨{id}⟩") } else { String::new() }
    }

    /// A whole number with its thousands apart: `12,345`.
    pub fn number(self, number: i64) -> String {
        let sign = if number < 0 { "−" } else { "" };
        format!("{sign}{}", grouped(&number.unsigned_abs().to_string()))
    }

    /// How long ago or until: `3 分钟前`, `in 2 hours`; far moments as a date.
    pub fn ago(self, moment: Moment, now: Moment) -> String {
        let seconds = now.since(moment).as_seconds();
        let (past, away) = (seconds >= 0, seconds.abs());
        let (unit, n) = match away {
            0..60 => return self.say(if past { "time-now" } else { "time-soon" }),
            60..3_600 => ("minutes", away / 60),
            3_600..86_400 => ("hours", away / 3_600),
            86_400..604_800 => ("days", away / 86_400),
            _ => return self.date(moment),
        };
        let way = if past { "ago" } else { "ahead" };
        self.with(&format!("time-{unit}-{way}"), "n", n)
    }

    /// A span in its two largest units: `1 天 3 小时`, `2 h 5 min`.
    pub fn span(self, span: Span) -> String {
        let minutes = span.as_seconds().max(0) / 60;
        let units =
            [("days", minutes / 1_440), ("hours", minutes / 60 % 24), ("minutes", minutes % 60)];
        let mut parts: Vec<String> = units
            .into_iter()
            .filter(|(_, n)| *n > 0)
            .map(|(unit, n)| self.with(&format!("span-{unit}"), "n", n))
            .take(2)
            .collect();
        if parts.is_empty() {
            parts.push(self.with("span-minutes", "n", minutes));
        }
        parts.join(" ")
    }

    /// How long somebody has, to the second: `90 秒`, and `5 分钟` where that says the same.
    pub fn limit(self, span: Span) -> String {
        match span.as_seconds() {
            seconds if seconds % 60 == 0 => self.span(span),
            seconds => self.with("span-seconds", "n", seconds),
        }
    }

    /// The day in the shop's zone: `2026年11月21日`, `21 Nov 2026`.
    pub fn date(self, moment: Moment) -> String {
        let at = local(moment);
        match self {
            Locale::Chinese => format!("{}年{}月{}日", at.year(), at.month(), at.day()),
            Locale::English => format!("{} {} {}", at.day(), month(at.month()), at.year()),
        }
    }

    /// The day and minute in the shop's zone: `11月21日 16:30`, `21 Nov, 16:30`; with the year when
    /// it is not `now`'s.
    pub fn exact_near(self, moment: Moment, now: Moment) -> String {
        let (at, now) = (local(moment), local(now));
        let clock = format!("{:02}:{:02}", at.hour(), at.minute());
        if at.year() != now.year() {
            return self.exact(moment);
        }
        match self {
            Locale::Chinese => format!("{}月{}日 {clock}", at.month(), at.day()),
            Locale::English => format!("{} {}, {clock}", at.day(), month(at.month())),
        }
    }

    /// The hour and the minute: `09:30`.
    pub fn clock(self, moment: Moment) -> String {
        let at = local(moment);
        format!("{:02}:{:02}", at.hour(), at.minute())
    }

    /// The day and minute with the year: `2026年11月21日 16:30`, `21 Nov 2026, 16:30`.
    pub fn exact(self, moment: Moment) -> String {
        let at = local(moment);
        let (date, clock) = (self.date(moment), format!("{:02}:{:02}", at.hour(), at.minute()));
        match self {
            Locale::Chinese => format!("{date} {clock}"),
            Locale::English => format!("{date}, {clock}"),
        }
    }
}

/// `0.85` in thousandths, read without floats.
fn milli(weight: &str) -> u16 {
    let (whole, part) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    format!("{whole}{part}").parse().unwrap_or(0)
}

fn month(month: i8) -> &'static str {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    // Months are 1 to 12.
    MONTHS[usize::try_from(month - 1).unwrap_or(0).min(11)]
}

/// The zone the shop lives in.
pub fn zone() -> TimeZone {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    ZONE.get_or_init(|| TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC)).clone()
}

/// A moment on the shop's wall.
pub fn local(moment: Moment) -> jiff::Zoned {
    let stamp = jiff::Timestamp::from_microsecond(moment.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    stamp.to_zoned(zone())
}

/// A local time as `<input type="datetime-local">` writes it, as a moment.
pub fn from_local(text: &str) -> Option<Moment> {
    let local: jiff::civil::DateTime = text.trim().parse().ok()?;
    let at = local.to_zoned(zone()).ok()?;
    Some(Moment(at.timestamp().as_microsecond()))
}

/// A moment as `<input type="datetime-local">` wants it.
pub fn to_local(moment: Moment) -> String {
    let at = local(moment);
    let (date, hour, minute) = (at.date(), at.hour(), at.minute());
    format!("{date}T{hour:02}:{minute:02}")
}

/// Basis points as percent, as short as they can be said: `12.5`.
pub fn percent(points: i64) -> String {
    let text = format!("{}.{:02}", points / 100, points % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// A price in the three sizes it is drawn in; displayed whole it keeps its decimals: `¥1,299.00`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Price {
    pub cur: &'static str,
    pub int: String,
    /// With its point, or empty.
    pub dec: String,
}

impl Price {
    pub fn of(money: Money) -> Price {
        let plain = money.decimal();
        let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
        let (sign, digits) = match whole.strip_prefix('-') {
            Some(digits) => ("−", digits),
            None => ("", whole),
        };
        let dec = if part.is_empty() { String::new() } else { format!(".{part}") };
        let int = format!("{sign}{}", grouped(digits));
        Price { cur: money.currency.symbol(), int, dec }
    }
}

impl std::fmt::Display for Price {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (sign, digits) = match self.int.strip_prefix('−') {
            Some(digits) => ("−", digits),
            None => ("", self.int.as_str()),
        };
        write!(f, "{sign}{}{digits}{}", self.cur, self.dec)
    }
}

/// `1234567` as `1,234,567`.
fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
