//! Letters: what the shop writes to people about what happened, by mail, text and chat.
//!
//! A notice of the inbox is written in the transaction of its fact, and costs it nothing more. A
//! job reads what is still to be written and puts a letter for each channel into the outbox: once
//! for each fact, reader and channel. Other jobs hand them over, with workers of their own, so that
//! a slow mail server holds up no deadline. Readers choose by group; the words are the merchant's.

mod desk;
mod filling;
mod gateway;
mod look;
mod send;
mod store;
mod words;
mod write;

use std::collections::HashMap;

use describe::ToSchema;
use domain::after_sale::AfterSale;
use domain::id::Id;
use domain::letter::{Channel, Group, Letter, Refusal};
use domain::order::Order;
use domain::person::Person;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use crate::db::Tx;
use crate::failure::Failure;
use crate::shop::{self, Shop};
use crate::{App, Known, Visitor};

pub use desk::{
    ChannelView, FieldView, LetterView, Said, SetWords, Tested, WordsView, list, preview, reset,
    set_words, switch, test, words,
};
pub use gateway::{
    FreshGateway, GatewayView, HeaderView, SetGateway, TriedGateway, TryGateway, gateways, rotate,
    set_gateway, try_gateway,
};
pub use look::look;
pub use send::send;
pub(crate) use store::forget;
pub use words::LOCALES;
pub use write::{WRITE, wake, write};

/// Somebody letters go to.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    pub known: Known,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub locale: String,
    /// What they chose, where it is not the usual.
    pub choices: HashMap<(Group, Channel), bool>,
}

impl Reader {
    /// Where a channel reaches them; a chat app knows them by their id.
    fn contact(&self, channel: Channel) -> Option<String> {
        match channel {
            Channel::Inbox => None,
            Channel::Email => self.email.clone(),
            Channel::Sms => self.phone.clone(),
            Channel::Chat => Some(self.known.id.to_string()),
        }
    }

    /// What they chose for letters of a kind.
    fn choice(&self, letter: &Letter, channel: Channel) -> Option<bool> {
        planted!("letter_choice_ignored", return Some(true));
        self.choices.get(&(letter.group, channel)).copied()
    }
}

/// Tells staff something, in the transaction that made it so: once for each thing.
pub(crate) fn tell_staff(
    tx: &mut Tx,
    letter: &str,
    about: (&str, i64),
    args: &Value,
) -> Result<(), Failure> {
    store::add_news(tx, letter, about, &args.to_string())?;
    Ok(())
}

/// Tells staff of a return that was asked for.
pub(crate) fn return_opened(
    tx: &mut Tx,
    id: Id<AfterSale>,
    order: Id<Order>,
) -> Result<(), Failure> {
    let product = store::first_title(tx, order)?;
    tell_staff(tx, "staff_return_opened", ("return", id.0), &json!({ "product": product }))
}

/// A group of letters with where it goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LetterChoices)]
pub struct ChoicesView {
    pub group: Group,
    pub channels: Vec<ChoiceView>,
}

/// Whether a group of letters comes by a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LetterChoice)]
pub struct ChoiceView {
    pub channel: Channel,
    pub on: bool,
    /// It cannot be chosen.
    pub locked: bool,
    /// Whether the shop can send by it, and knows where to.
    pub reaches: bool,
}

/// A group of letters to be had by a channel, or no more.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SetLetterChoice)]
pub struct Choose {
    pub group: Group,
    pub channel: Channel,
    pub on: bool,
}

/// What the visitor is written about, and by which channels.
pub fn choices(app: &App, visitor: &Visitor) -> Result<Vec<ChoicesView>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| choices_of(app, tx, person))
}

fn choices_of(app: &App, tx: &mut Tx, person: Id<Person>) -> Result<Vec<ChoicesView>, Failure> {
    let reader = store::readers(tx, &[person])?.remove(&person.0).ok_or(Failure::NotFound)?;
    let carried = send::Carried::now(app, tx)?;
    let staff = reader.known.role.is_staff();
    let view = |group: Group| {
        let there = Channel::ALL.into_iter().filter(|channel| {
            // An inbox is for shoppers: staff have the console.
            *channel != Channel::Inbox || !group.is_staff()
        });
        let channels = there.map(|channel| ChoiceView {
            channel,
            on: match reader.choices.get(&(group, channel)) {
                Some(chosen) if group.may_choose(channel).is_ok() => *chosen,
                _ => group.usual(channel),
            },
            locked: group.may_choose(channel).is_err(),
            reaches: channel == Channel::Inbox
                || (carried.how(channel).is_some() && reader.contact(channel).is_some()),
        });
        ChoicesView { group, channels: channels.collect() }
    };
    Ok(Group::ALL.into_iter().filter(|group| staff || !group.is_staff()).map(view).collect())
}

/// Writes down what the visitor chose. `said_by` says where: `account` or `api`.
pub fn choose(
    app: &App,
    visitor: &Visitor,
    said_by: &str,
    choose: Choose,
) -> Result<Vec<ChoicesView>, Failure> {
    let person = visitor.shopper()?;
    let Choose { group, channel, on } = choose;
    group.may_choose(channel)?;
    app.write_for(visitor, |tx| {
        store::choose(tx, person, (group, channel), on, said_by)?;
        choices_of(app, tx, person)
    })
}

/// How many characters of the signature a link carries: 160 bits.
const SIGNED: usize = 40;

fn signature(shop: &Shop, person: Id<Person>, group: Group) -> String {
    let signed = shop.sign_hex("stop letters", &format!("{person}\n{}", group.code()));
    signed.chars().take(SIGNED).collect()
}

/// Where a reader stops a group of letters without signing in.
fn stop_link(shop: &Shop, base_url: &str, person: Id<Person>, group: Group) -> String {
    let signature = signature(shop, person, group);
    format!("{base_url}/letters/stop/{person}.{}.{signature}", group.code())
}

/// What a link stops, and whether it still comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopView {
    pub group: Group,
    pub on: bool,
}

fn read_link(shop: &Shop, token: &str) -> Result<(Id<Person>, Group), Refusal> {
    let mut parts = token.split('.');
    let (person, group, signed) = (parts.next(), parts.next(), parts.next());
    let person = person.and_then(Id::parse).ok_or(Refusal::BadLink)?;
    let group = group.and_then(Group::parse).ok_or(Refusal::BadLink)?;
    let right = signature(shop, person, group);
    let same = right.as_bytes().ct_eq(signed.unwrap_or_default().as_bytes());
    let whole = bool::from(same) && parts.next().is_none();
    if whole { Ok((person, group)) } else { Err(Refusal::BadLink) }
}

/// What a link in a letter is about. Needs no account: whoever has the letter has the link.
pub fn of_link(app: &App, token: &str) -> Result<StopView, Failure> {
    app.read(|tx| {
        let (person, group) = read_link(&shop::get(tx)?, token)?;
        let reader = store::readers(tx, &[person])?.remove(&person.0);
        let chosen = reader.and_then(|one| one.choices.get(&(group, Channel::Email)).copied());
        Ok(StopView { group, on: chosen.unwrap_or(group.usual(Channel::Email)) })
    })
}

/// Stops a group of letters by mail. As often as one likes.
pub fn stop(app: &App, visitor: &Visitor, token: &str) -> Result<StopView, Failure> {
    app.write_for(visitor, |tx| {
        let (person, group) = read_link(&shop::get(tx)?, token)?;
        group.may_choose(Channel::Email)?;
        if store::readers(tx, &[person])?.contains_key(&person.0) {
            store::choose(tx, person, (group, Channel::Email), false, "link")?;
        }
        Ok(StopView { group, on: false })
    })
}
