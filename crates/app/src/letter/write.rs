//! The job that writes letters: it reads what happened and puts a letter for each reader and
//! channel into the outbox.
//!
//! What is to be written is marked where it was told, so nothing is lost with a worker: before the
//! commit it is still to be written, after it it was. Should two workers be at it, the outbox takes
//! one letter for each fact, reader and channel.

use std::collections::{HashMap, HashSet};

use domain::id::Id;
use domain::letter::{Channel, Letter, Template};
use domain::person::{Level, Person};
use serde_json::Value;

use super::filling::{self, Filling};
use super::send::{Carried, How};
use super::{Reader, stop_link, store, words};
use crate::db::Tx;
use crate::failure::Failure;
use crate::notice::{self, ToWrite};
use crate::shop::{self, Shop};
use crate::{App, message};

/// The job that writes what is to be written.
pub const WRITE: &str = "letter.write";

/// So many facts in one transaction.
const BATCH: i64 = 100;
/// So many where nothing carries them.
const PUT_ASIDE: i64 = 2_000;

/// Asks for the job when there is something to write and nobody is at it. It is asked by level, not
/// by edge, so no wake can be lost, and whoever tells something asks for nothing.
pub fn wake(app: &App) -> Result<(), Failure> {
    if !app.read(store::waits)? {
        return Ok(());
    }
    app.write(|tx| tx.ask(WRITE, 0, tx.now))
}

/// Job: writes everything there is to write.
pub fn write(app: &App) -> Result<(), Failure> {
    loop {
        if !app.write(|tx| batch(app, tx))? {
            return Ok(());
        }
    }
}

/// What a batch of letters is written with.
struct Desk<'a> {
    app: &'a App,
    shop: Shop,
    carried: Carried,
    own: HashMap<(String, String, String), Template>,
    off: HashSet<(String, String)>,
}

/// One fact, and whom a letter about it goes to.
struct Fact<'a> {
    letter: &'static Letter,
    /// What it is kept under.
    name: String,
    about: (&'a str, i64),
    args: &'a Value,
}

/// Writes some. Whether there may be more.
fn batch(app: &App, tx: &mut Tx) -> Result<bool, Failure> {
    let carried = Carried::now(app, tx)?;
    if carried.nothing() {
        let news = store::put_news_aside(tx, PUT_ASIDE)?;
        return Ok(notice::put_aside(tx, PUT_ASIDE)? + news > 0);
    }
    let notices = notice::to_write(tx, BATCH)?;
    let news = store::news(tx, BATCH)?;
    if notices.is_empty() && news.is_empty() {
        return Ok(false);
    }
    let desk = Desk {
        app,
        shop: shop::get(tx)?,
        carried,
        own: store::own_words(tx)?,
        off: store::off(tx)?,
    };
    let people: Vec<Id<Person>> = notices.iter().map(|one| one.person).collect();
    let readers = store::readers(tx, &people)?;
    let staff = store::staff(tx)?;
    for one in &notices {
        if let Some(reader) = readers.get(&one.person.0) {
            desk.of_notice(tx, one, reader)?;
        }
        desk.to_staff_of(tx, one, &staff)?;
    }
    for one in &news {
        let args: Value = serde_json::from_str(&one.args)?;
        if let Some(letter) = Letter::find(&one.letter) {
            let about = (one.about.as_str(), one.about_id);
            let name = format!("news {}", one.id);
            desk.to_staff(tx, &Fact { letter, name, about, args: &args }, &staff)?;
        }
        store::news_written(tx, one.id)?;
    }
    fault_point!("letters_written");
    let ids: Vec<_> = notices.iter().map(|one| one.notice.id).collect();
    notice::written(tx, &ids)?;
    Ok(true)
}

impl Desk<'_> {
    fn of_notice(&self, tx: &mut Tx, one: &ToWrite, reader: &Reader) -> Result<(), Failure> {
        let Some(letter) = Letter::find(&one.notice.kind) else { return Ok(()) };
        let fact = Fact {
            letter,
            name: format!("notice {}", one.notice.id),
            about: (&one.notice.about, one.number),
            args: &one.notice.args,
        };
        self.to(tx, &fact, reader)
    }

    /// Staff hear of an order by what its buyer was told: whoever pays waits for no list of staff.
    fn to_staff_of(
        &self,
        tx: &mut Tx,
        one: &ToWrite,
        staff: &HashMap<i64, Reader>,
    ) -> Result<(), Failure> {
        let Some(letter) = Letter::find("staff_order_paid") else { return Ok(()) };
        if one.notice.kind != "order_paid" {
            return Ok(());
        }
        let about = (one.notice.about.as_str(), one.number);
        let name = format!("order {}", one.number);
        self.to_staff(tx, &Fact { letter, name, about, args: &one.notice.args }, staff)
    }

    fn to_staff(
        &self,
        tx: &mut Tx,
        fact: &Fact,
        staff: &HashMap<i64, Reader>,
    ) -> Result<(), Failure> {
        let may = |reader: &&Reader| {
            let needs = fact.letter.needs;
            needs.is_some_and(|needs| reader.known.grants.may(needs, Level::View))
        };
        staff.values().filter(may).try_for_each(|reader| self.to(tx, fact, reader))
    }

    /// Writes to one reader, by every channel by which they are to have it.
    fn to(&self, tx: &mut Tx, fact: &Fact, reader: &Reader) -> Result<(), Failure> {
        for channel in Channel::OUT {
            let Some(how) = self.carried.how(channel) else { continue };
            let Some(contact) = reader.contact(channel) else { continue };
            let place = (fact.letter.code.to_string(), channel.code().to_string());
            let off = self.off.contains(&place);
            if !fact.letter.goes(channel, off, reader.choice(fact.letter, channel)) {
                continue;
            }
            self.write(tx, fact, reader, (channel, &contact, how))?;
        }
        Ok(())
    }

    fn write(
        &self,
        tx: &mut Tx,
        fact: &Fact,
        reader: &Reader,
        (channel, contact, how): (Channel, &str, How),
    ) -> Result<(), Failure> {
        let (letter, locale) = (fact.letter, words::known(&reader.locale));
        let place = (letter.code.to_string(), channel.code().to_string(), locale.to_string());
        let own = self.own.get(&place);
        let built_in = words::built_in(letter.code, channel, locale);
        let in_force = filling::in_force(own, letter, channel, locale);
        let id = filling::shown(fact.about.0, fact.about.1);
        let filling = Filling {
            shop: &self.shop.name,
            base_url: &self.app.config.base_url,
            name: &reader.known.name,
            about: (fact.about.0, &id),
            args: fact.args,
        };
        let filled = filling.fill(letter, &in_force, &built_in);
        let body = self.ended(filled.body, reader, letter, channel);
        message::write(
            tx,
            &message::Written {
                channel,
                recipient: contact,
                subject: &filled.subject,
                body: &body,
                person: reader.known.id,
                letter,
                about: fact.about,
                fact: &fact.name,
                caught: how == How::Caught,
            },
        )?;
        Ok(())
    }

    /// The way to have no more of these stands at the end of what can be stopped.
    fn ended(&self, body: String, reader: &Reader, letter: &Letter, channel: Channel) -> String {
        let stops = channel == Channel::Email && letter.group.may_choose(channel).is_ok();
        if !stops || letter.is_locked(channel) {
            return body;
        }
        let base = &self.app.config.base_url;
        let link = stop_link(&self.shop, base, reader.known.id, letter.group);
        let end = if reader.locale == "en" {
            "Stop these letters: "
        } else {
            "不再接收此类邮件："
        };
        format!("{body}\n\n{end}{link}")
    }
}
