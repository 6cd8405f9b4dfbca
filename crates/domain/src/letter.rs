//! Letters: what the shop writes to people, by which channel, what their words may name, and what
//! a reader may switch off.
//!
//! A letter goes out for a fact, once for each reader and channel. Its words are templates: text
//! with names in braces, of which each letter knows its own.

use serde::{Deserialize, Serialize};

use crate::role::Permission;

mod kinds;
mod template;

pub use kinds::LETTERS;
pub use template::{LONGEST_SUBJECT, Template, fields_in, fill};

/// How a letter gets to its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LetterChannel))]
pub enum Channel {
    /// It lies in the shop, where its reader finds it; nothing is sent.
    Inbox,
    Email,
    Sms,
    /// Through the merchant's gateway to a chat app.
    Chat,
}

impl Channel {
    pub const ALL: [Channel; 4] = [Channel::Inbox, Channel::Email, Channel::Sms, Channel::Chat];
    /// Those by which something leaves the shop.
    pub const OUT: [Channel; 3] = [Channel::Email, Channel::Sms, Channel::Chat];
    /// Those that go through an address of the merchant's.
    pub const CARRIED: [Channel; 2] = [Channel::Sms, Channel::Chat];

    pub fn code(self) -> &'static str {
        match self {
            Channel::Inbox => "inbox",
            Channel::Email => "email",
            Channel::Sms => "sms",
            Channel::Chat => "chat",
        }
    }

    pub fn parse(code: &str) -> Option<Channel> {
        Channel::ALL.into_iter().find(|channel| channel.code() == code)
    }

    /// The most characters a letter may have: texts are paid for by the piece.
    pub fn longest(self) -> usize {
        match self {
            Channel::Inbox | Channel::Email => 10_000,
            Channel::Sms => 300,
            Channel::Chat => 2_000,
        }
    }
}

/// Letters that are switched on and off together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LetterGroup))]
pub enum Group {
    Orders,
    Teams,
    AfterSale,
    Wallet,
    Reviews,
    Security,
    /// To staff: each order that was paid.
    StaffOrders,
    /// To staff: what waits for a person.
    StaffNeeds,
}

impl Group {
    pub const ALL: [Group; 8] = [
        Group::Orders,
        Group::Teams,
        Group::AfterSale,
        Group::Wallet,
        Group::Reviews,
        Group::Security,
        Group::StaffOrders,
        Group::StaffNeeds,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Group::Orders => "orders",
            Group::Teams => "teams",
            Group::AfterSale => "after_sale",
            Group::Wallet => "wallet",
            Group::Reviews => "reviews",
            Group::Security => "security",
            Group::StaffOrders => "staff_orders",
            Group::StaffNeeds => "staff_needs",
        }
    }

    pub fn parse(code: &str) -> Option<Group> {
        Group::ALL.into_iter().find(|group| group.code() == code)
    }

    /// Whether only staff get these.
    pub fn is_staff(self) -> bool {
        matches!(self, Group::StaffOrders | Group::StaffNeeds)
    }

    /// Whether these go by a channel as long as their reader has not chosen. What costs money or
    /// rings a phone is asked for first, and so is a letter for every single sale.
    pub fn usual(self, channel: Channel) -> bool {
        match channel {
            Channel::Inbox => !self.is_staff(),
            Channel::Email => self != Group::StaffOrders,
            Channel::Sms | Channel::Chat => false,
        }
    }

    /// Whether its reader may choose. The inbox is a place, not a message; and whoever took over
    /// an account must not be able to silence the letters that say so.
    pub fn may_choose(self, channel: Channel) -> Result<(), Refusal> {
        match (self, channel) {
            (_, Channel::Inbox) | (Group::Security, Channel::Email) => Err(Refusal::Locked),
            _ => Ok(()),
        }
    }
}

/// What a template may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The shop's name.
    Shop,
    /// What the reader is called.
    Name,
    /// Where it is looked at.
    Link,
    Product,
    Amount,
    Carrier,
    Tracking,
    /// How many are missing in a team.
    Missing,
    People,
    Reason,
    Why,
    /// How long something is still possible.
    Hours,
    /// What goods are fetched with.
    Code,
    /// Where goods are fetched.
    Place,
    /// Several goods with how many there are.
    Goods,
    /// Of an invoice.
    Number,
    /// What a coupon is called.
    Coupon,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = LetterFieldSort))]
pub enum Sort {
    Text,
    Money,
    Number,
    Link,
    /// It opens something: it is put in as the letter leaves, and kept nowhere.
    Secret,
}

impl Field {
    /// What every letter knows.
    pub const COMMON: [Field; 3] = [Field::Shop, Field::Name, Field::Link];

    pub fn name(self) -> &'static str {
        match self {
            Field::Shop => "shop",
            Field::Name => "name",
            Field::Link => "link",
            Field::Product => "product",
            Field::Amount => "amount",
            Field::Carrier => "carrier",
            Field::Tracking => "tracking",
            Field::Missing => "missing",
            Field::People => "people",
            Field::Reason => "reason",
            Field::Why => "why",
            Field::Hours => "hours",
            Field::Code => "code",
            Field::Place => "place",
            Field::Goods => "goods",
            Field::Number => "number",
            Field::Coupon => "coupon",
        }
    }

    pub fn sort(self) -> Sort {
        match self {
            Field::Amount => Sort::Money,
            Field::Missing | Field::People | Field::Hours => Sort::Number,
            Field::Link => Sort::Link,
            Field::Code => Sort::Secret,
            _ => Sort::Text,
        }
    }
}

/// A kind of letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter {
    pub code: &'static str,
    pub group: Group,
    /// What it knows beside what every letter does.
    pub fields: &'static [Field],
    pub by: &'static [Channel],
    /// Its reader must have it by e-mail whatever they chose: what was paid and paid back, and what
    /// happened to the way in.
    pub must: bool,
    /// What staff must be allowed to look at to get it.
    pub needs: Option<Permission>,
}

impl Letter {
    pub fn find(code: &str) -> Option<&'static Letter> {
        LETTERS.iter().find(|letter| letter.code == code)
    }

    pub fn goes_by(&self, channel: Channel) -> bool {
        self.by.contains(&channel)
    }

    /// Whether it ever leaves the shop.
    pub fn goes_out(&self) -> bool {
        Channel::OUT.into_iter().any(|channel| self.goes_by(channel))
    }

    /// Everything its words may name, what all letters know first.
    pub fn knows(&self) -> impl Iterator<Item = Field> + '_ {
        Field::COMMON.into_iter().chain(self.fields.iter().copied())
    }

    pub fn field(&self, name: &str) -> Option<Field> {
        self.knows().find(|field| field.name() == name)
    }

    /// Whether neither reader nor merchant can keep it from going by a channel.
    pub fn is_locked(&self, channel: Channel) -> bool {
        self.must && channel == Channel::Email
    }

    /// Whether it goes to a reader by a channel: `off` is whether the merchant sends none of these,
    /// `choice` what the reader chose, if anything.
    pub fn goes(&self, channel: Channel, off: bool, choice: Option<bool>) -> bool {
        if !self.goes_by(channel) {
            return false;
        }
        if self.is_locked(channel) {
            return true;
        }
        !off && choice.unwrap_or(self.group.usual(channel))
    }
}

/// Why a letter cannot be as somebody wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A letter of this kind does not go by that channel.
    NotByThis,
    /// A name in braces that this letter does not know.
    NoSuchField(String),
    /// A brace that is not closed, or was not opened.
    OpenBrace,
    NoSubject,
    NoBody,
    /// More characters than this.
    TooLong(usize),
    /// It cannot be switched off.
    Locked,
    /// Not one of our links, or cut short.
    BadLink,
    /// Nothing carries this channel.
    NotCarried,
    /// It is on its way, or was sent.
    NotAgain,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_whole() {
        for (number, letter) in LETTERS.iter().enumerate() {
            let code = letter.code;
            let first = LETTERS.iter().position(|other| other.code == code);
            assert_eq!(first, Some(number), "{code} is there twice");
            assert_eq!(letter.needs.is_some(), letter.group.is_staff(), "{code}");
            assert!(letter.goes_by(Channel::Inbox) != letter.group.is_staff(), "{code}");
            assert!(!letter.must || letter.goes_by(Channel::Email), "{code}");
            assert!(letter.group != Group::Security || !letter.goes_out() || letter.must, "{code}");
            for field in letter.fields {
                assert!(!Field::COMMON.contains(field), "{code} names {field:?} twice");
            }
        }
    }

    #[test]
    fn codes_are_read_back() {
        for channel in Channel::ALL {
            assert_eq!(Channel::parse(channel.code()), Some(channel));
        }
        for group in Group::ALL {
            assert_eq!(Group::parse(group.code()), Some(group));
        }
        assert_eq!((Channel::parse("pigeon"), Group::parse("")), (None, None));
        assert_eq!(Letter::find("order_lost"), None);
    }

    /// What goes where, for each choice there can be.
    #[test]
    fn a_choice_counts_where_there_is_one() {
        let check = |code: &str, channel, off, choice, goes| {
            let letter = Letter::find(code).unwrap();
            assert_eq!(letter.goes(channel, off, choice), goes, "{code} {channel:?} {choice:?}");
        };
        // Nobody chose: mail, and nothing that costs.
        check("order_shipped", Channel::Email, false, None, true);
        check("order_shipped", Channel::Sms, false, None, false);
        check("order_shipped", Channel::Chat, false, None, false);
        check("staff_order_paid", Channel::Email, false, None, false);
        check("staff_low_stock", Channel::Email, false, None, true);
        check("staff_low_stock", Channel::Inbox, false, None, false);
        // Somebody did.
        check("order_shipped", Channel::Email, false, Some(false), false);
        check("order_shipped", Channel::Sms, false, Some(true), true);
        check("staff_order_paid", Channel::Email, false, Some(true), true);
        // The merchant sends none of these, whatever a reader wishes.
        check("order_shipped", Channel::Email, true, Some(true), false);
        // What must be told is told.
        for code in ["order_paid", "refunded", "password_changed", "signed_in"] {
            check(code, Channel::Email, true, Some(false), true);
            check(code, Channel::Sms, false, Some(false), false);
        }
        // What has its own letter already goes by no mail a second time.
        check("order_to_pay", Channel::Email, false, Some(true), false);
    }

    #[test]
    fn what_may_be_chosen() {
        for group in Group::ALL {
            for channel in Channel::ALL {
                let locked = channel == Channel::Inbox
                    || (group == Group::Security && channel == Channel::Email);
                assert_eq!(group.may_choose(channel).is_err(), locked, "{group:?} {channel:?}");
            }
        }
    }
}
