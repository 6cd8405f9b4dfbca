//! Payment providers: what the shop asks of each, and what each answers, by its own protocol.

use std::sync::Arc;

use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::payment::{Refusal, Said};
use domain::reconciliation::{Day, Line};

use super::Trouble;
use crate::clock::{Clock, Wall};
use crate::config::Config;
use crate::dice::{Dice, System};
use crate::failure::Failure;

pub mod alipay;
pub mod keys;
pub mod sheet;
pub mod stripe;
pub mod wechat;
pub mod wire;

/// What the buyer pays on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Device {
    #[default]
    Desk,
    Phone,
}

/// A payment to be made at a provider.
#[derive(Clone, Debug)]
pub struct Charge {
    /// Our name for it, the same on every try.
    pub reference: String,
    pub amount: Money,
    pub description: String,
    /// Where the buyer comes back to.
    pub return_url: String,
    /// Where the provider tells us.
    pub notify_url: String,
    pub began_at: Moment,
    /// When it is too late to pay.
    pub pay_by: Moment,
    pub device: Device,
    /// The buyer's address on the network, which some providers want to know.
    pub place: String,
    /// Whether a part of it will be a seller's: some providers want to know before it is paid.
    pub splits: bool,
}

/// A payment that was made known to a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Where the buyer pays: a page, or what a code is made of that a phone reads.
    pub url: String,
    /// The provider's own name for it, if that is needed to ask about it.
    pub theirs: String,
}

/// A payment the provider is asked about.
#[derive(Clone, Debug)]
pub struct Known {
    pub reference: String,
    pub theirs: String,
    pub amount: Money,
}

/// What a provider knows of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderState {
    Unknown,
    Open,
    Paid(Money),
    /// Paid in a currency that no shop of ours sells in.
    PaidStrangely,
    Failed,
    Closed,
}

/// Money that goes back.
#[derive(Clone, Debug)]
pub struct Back {
    /// Which payment's, and how much that was.
    pub of: Known,
    /// Our name for it, the same on every try.
    pub key: String,
    /// The provider's own name for it, if it was asked for before.
    pub theirs: String,
    pub amount: Money,
    pub notify_url: String,
}

/// A seller's part of a payment.
#[derive(Clone, Debug)]
pub struct Share {
    /// Which payment's, and how much that was.
    pub of: Known,
    /// Our name for it, the same on every try.
    pub key: String,
    /// The provider's own name for it, if it was asked for before.
    pub theirs: String,
    /// What the provider calls the seller, and what buyers do.
    pub receiver: String,
    pub name: String,
    pub amount: Money,
}

/// What became of money that goes back, or to a seller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backed {
    /// It is gone; the provider's name for it.
    Done(String),
    /// The provider has taken it on and is still at it.
    Underway(String),
}

/// A provider's notice as it came: headers in lower case, and the bytes of its body.
#[derive(Clone, Debug, Default)]
pub struct Envelope {
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Envelope {
    /// A header, or nothing of it.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

/// A notice whose signature is right.
#[derive(Clone, Debug)]
pub struct Told {
    /// The provider's name for this piece of news, the same whenever it is sent.
    pub event: String,
    pub about: About,
    /// What is kept of it: what it says of the payment, and nothing of the person.
    pub kept: String,
}

/// What a notice is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    Payment {
        reference: String,
        said: Said,
    },
    /// The refund with this key has moved.
    Refund {
        key: String,
        failed: bool,
    },
    /// Something we have no use for (yet).
    Other {
        reference: String,
    },
}

impl About {
    /// Our name for what it is about.
    pub fn reference(&self) -> &str {
        match self {
            About::Payment { reference, .. } | About::Other { reference } => reference,
            About::Refund { key, .. } => key,
        }
    }
}

/// A payment provider. Every call may be repeated: references and keys make it the same call.
pub trait Gateway: Send + Sync {
    fn name(&self) -> &'static str;
    /// Whether it takes this currency.
    fn takes(&self, currency: Currency) -> bool;
    /// The least it takes at once, in minor units.
    fn least(&self, _: Currency) -> i64 {
        1
    }
    /// Makes the payment known and says where the buyer pays.
    fn create(&self, charge: &Charge) -> Result<Made, Trouble>;
    fn query(&self, known: &Known) -> Result<ProviderState, Trouble>;
    /// Closes it so that it can no longer be paid, and says what became of it.
    fn close(&self, known: &Known) -> Result<ProviderState, Trouble>;
    /// Pays back, once per key.
    fn refund(&self, back: &Back) -> Result<Backed, Trouble>;
    /// Whether it can split what it took between sellers and the shop.
    fn splits(&self) -> bool {
        false
    }
    /// Splits a seller's part off a payment, once per key.
    fn split(&self, _: &Share) -> Result<Backed, Trouble> {
        Err(Trouble::Refused(format!("{} does not split payments", self.name())))
    }
    /// Reads a notice: its signature over the raw bytes first, then whether it is meant for us.
    fn read(&self, now: Moment, sent: &Envelope) -> Result<Told, Refusal>;
    /// What it did on a day of its own, as its statement says.
    fn statement(&self, day: Day) -> Result<Vec<Line>, Trouble>;
    /// Reads a statement that somebody downloaded.
    fn read_statement(&self, file: &[u8]) -> Result<Vec<Line>, String>;
    /// How far its days are ahead of UTC's.
    fn zone(&self) -> Span;
    /// How long an address to pay at may be used; `None` where it lives as long as the payment.
    fn url_lives(&self) -> Option<Span> {
        None
    }
    /// How long after its end a day's statement is ready.
    fn statement_after(&self) -> Span {
        Span::hours(10)
    }
}

/// The providers whose settings are complete, in the order in which they are offered.
pub fn configured(config: &Config) -> Result<Vec<Arc<dyn Gateway>>, Failure> {
    let payments = &config.payments;
    let clock = || -> Arc<dyn Clock> { Arc::new(Wall) };
    let wire: Arc<dyn wire::Wire> = Arc::new(wire::Http::new());
    let mut found: Vec<Arc<dyn Gateway>> = Vec::new();
    if payments.wechat.is_complete() {
        let dice: Arc<dyn Dice> = Arc::new(System);
        let wechat = wechat::WeChat::new(&payments.wechat, clock(), dice, Arc::clone(&wire));
        found.push(Arc::new(wechat.map_err(Failure::Broken)?));
    }
    if payments.alipay.is_complete() {
        let alipay = alipay::Alipay::new(&payments.alipay, clock(), Arc::clone(&wire));
        found.push(Arc::new(alipay.map_err(Failure::Broken)?));
    }
    if payments.stripe.is_complete() {
        found.push(Arc::new(stripe::Stripe::new(&payments.stripe, wire)));
    }
    Ok(found)
}

/// A currency by its letters and an amount, or what is strange about them.
fn paid(minor: Option<i64>, currency: &str) -> ProviderState {
    let in_range = |minor: &i64| minor.unsigned_abs() <= domain::money::LARGEST.unsigned_abs();
    match (minor.filter(in_range), Currency::parse(currency)) {
        (Some(minor), Some(currency)) => ProviderState::Paid(Money::new(minor, currency)),
        _ => ProviderState::PaidStrangely,
    }
}

/// What a provider's word about a payment means, when it is one about money or its end.
pub fn said(state: ProviderState) -> Option<Said> {
    match state {
        ProviderState::Paid(amount) => Some(Said::Paid(amount)),
        ProviderState::PaidStrangely => Some(Said::PaidStrangely),
        ProviderState::Failed => Some(Said::Failed),
        ProviderState::Closed => Some(Said::Closed),
        ProviderState::Open | ProviderState::Unknown => None,
    }
}

/// Whether a signature's time is near enough to ours.
fn is_fresh(now: Moment, seconds: i64) -> bool {
    const AGE: Span = Span::minutes(5);
    let sent = Moment(seconds.saturating_mul(1_000_000));
    now.since(sent).0.unsigned_abs() <= AGE.0.unsigned_abs()
}
