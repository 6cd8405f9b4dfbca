//! The payment providers, each as a double that checks our signatures as the provider does, keeps
//! its own books, answers signed and sends signed notices. The tests of the pages use them too.

#[path = "gateways/alipay.rs"]
pub mod alipay;
#[path = "gateways/server.rs"]
mod server;
#[path = "gateways/stripe.rs"]
pub mod stripe;
#[path = "gateways/wechat.rs"]
pub mod wechat;

use std::sync::Arc;

use app::outside::Gateway;
use app::outside::gateway::Envelope;
use domain::moment::{Moment, Span};

/// What is strange about a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Twist {
    /// Paid, and right.
    Right,
    /// The same event as the last one.
    Again,
    Failed,
    Closed,
    /// A kind of event we have no use for.
    Unheard,
    /// Signed by somebody else.
    Forged,
    /// A letter was changed on the way.
    Altered,
    /// Signed rightly, long ago.
    Old,
    /// Signed rightly, and another merchant's.
    OtherMerchant,
    /// Another application's of the same merchant.
    OtherApp,
    OtherCurrency,
    /// A currency that we do not know at all.
    StrangeCurrency,
    WrongAmount,
}

/// What came of a buyer who pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paid {
    Now,
    TooLate,
}

/// A line of a double's statement.
#[derive(Clone, Debug)]
pub struct Row {
    /// payment, refund, odd.
    pub kind: &'static str,
    pub reference: String,
    pub theirs: String,
    pub minor: i64,
    pub currency: String,
    pub fee: i64,
    pub at: Moment,
}

impl Row {
    pub fn new(kind: &'static str, minor: i64, fee: i64, at: Moment) -> Row {
        let (reference, theirs, currency) = (String::new(), String::new(), "CNY".into());
        Row { kind, reference, theirs, minor, currency, fee, at }
    }
}

/// A provider as we know it from its documentation.
pub trait Double {
    fn name(&self) -> &'static str;
    /// Our adapter, set up for this double.
    fn gateway(&self) -> Arc<dyn Gateway>;
    /// It hangs up on everybody.
    fn set_away(&self, away: bool);
    /// The buyer pays at the address; nothing is told yet.
    fn pay(&self, reference: &str, url: &str) -> Paid;
    /// So much money arrives though the payment was closed.
    fn pay_behind(&self, reference: &str, minor: i64);
    /// A notice about a payment.
    fn notice(&self, reference: &str, twist: Twist) -> Envelope;
    /// Refunds take their time from now on, or do not.
    fn slow_refunds(&self, slow: bool);
    /// A slow refund ends; the notice of it.
    fn end_refund(&self, key: &str, well: bool) -> Envelope;
    /// How much of a payment it gave back.
    fn refunded(&self, reference: &str) -> i64;
    /// How much of a payment it split off, and to whom.
    fn split(&self, reference: &str) -> (i64, String);
    /// Its statements say something else.
    fn damage(&self, change: &mut dyn FnMut(&mut Vec<Row>));
    fn zone(&self) -> Span;
}
