//! What happens: every action people and jobs can take, and where its effects are kept.
//!
//! An action reads, asks the domain, writes and tells, inside one transaction, whose closure cannot
//! await. Modules are listed in reading order, and each uses only those above it.

#[cfg(not(feature = "schema"))]
extern crate undescribed as describe;
#[cfg(feature = "schema")]
extern crate utoipa as describe;

// The shell.
#[macro_use]
pub mod planted;
pub mod failure;
pub mod embedded;
pub mod measures;
pub mod config;
pub mod clock;
pub mod dice;
pub mod bell;
pub mod db;
pub mod outside;
pub mod events;
pub mod jobs;
pub mod idempotency;
pub mod shop;
pub mod tries;
pub mod prepared;
pub mod nodes;
pub mod lane;
pub mod csv_cell;

// Value and trust.
pub mod ledger;
pub mod staff_act;
pub mod seller;
pub mod consent;
pub mod message;
pub mod notice;
pub mod session;
pub mod passkey;
pub mod second_factor;
pub mod person;
pub mod token;
pub mod point;
pub mod level;
pub mod customer_group;
pub mod saved_list;

// Goods.
pub mod currency;
pub mod price_history;
pub mod promotion;
pub mod price_list;
pub mod file;
pub mod catalog;
pub mod inventory;
pub mod favourite;
pub mod browsing;
pub mod product_csv;

// The trade.
pub mod share;
pub mod delivery;
pub mod tax;
pub mod address;
pub mod reward;
pub mod coupon;
pub mod cart;
pub mod order;
pub mod wallet;
pub mod legal;
pub mod campaign;
pub mod group_buy;
pub mod deal;
pub mod flash_sale;
pub mod bargain;
pub mod task;
pub mod check_in;
pub mod draw;
pub mod packet;
pub mod coupon_drop;
pub mod guess;
pub mod quiz;
pub mod pickup;
pub mod case;
pub mod sandbox;
pub mod provider;
pub mod top_up;
pub mod settlement;
pub mod order_points;
pub mod refund;
pub mod gift;
pub mod team;
pub mod payment;
pub mod assist;
pub mod fission;
pub mod invite;
pub mod reconciliation;
pub mod checkout;
pub mod points_shop;
pub mod after_sale;
pub mod review;
pub mod invoice;
pub mod customer;
pub mod customer_csv;
pub mod own_data;

// What the merchant says.
pub mod content;

// What several contexts show together.
pub mod product_page;
pub mod search;
pub mod order_desk;
pub mod price_story;
pub mod order_edit;
pub mod pay_link;
pub mod draft;
pub mod order_csv;
pub mod stock_csv;
pub mod reports;

// What others are told.
pub mod webhook;
pub mod letter;

// What must hold, what follows, and what recurs.
pub mod audit;
pub mod backup;
pub mod schedule;
pub mod work;
pub mod reactions;
pub mod demo;
pub mod rehearsal;

use domain::campaign::Channel;
use domain::event::Fact;
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Currency;
use domain::person::{Grants, Level, Permission, Person, Role, Scope, Session};
use domain::seller::Seller;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use bell::Bell;
use config::Config;
use db::{Database, Row, Seams, Tx};
use failure::{Failure, KeyProblem};
use idempotency::{Answer, Key};
use lane::Lane;
use outside::Outside;
use prepared::Prepared;
use seller::Counter;

/// Everything that outlives a request.
pub struct App {
    pub db: Database,
    pub seams: Seams,
    pub config: Config,
    pub outside: Outside,
    pub bell: Bell,
    pub prepared: Prepared,
    pub search: search::Searcher,
    /// What the other nodes are still to be told.
    pub said: nodes::Said,
    /// Programs whose tokens wait to be looked at.
    pub callers: Lane<String, Result<token::Found, Failure>>,
    /// The currencies visitors can choose among, as they were read last.
    pub selling_in: currency::Known,
    /// Orders that wait to be placed.
    pub orders: Lane<checkout::Wish, Result<checkout::Placing, Failure>>,
    /// Payment notices that wait to be taken.
    pub news: Lane<payment::News, Result<(), Failure>>,
    /// Orders that wait to be paid from wallets.
    pub wallets: Lane<payment::Spending, Result<payment::PayView, Failure>>,
    /// Whoever waits for what they win in a campaign.
    pub wins: Lane<campaign::Win, Result<Answer<serde_json::Value>, Failure>>,
    /// What is known to be sold out.
    pub sold_out: flash_sale::SoldOut,
}

/// Who is asking.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    /// The browser, when it is one.
    pub session: Option<Id<Session>>,
    pub person: Option<Known>,
    /// What the token allows, when it is a program.
    pub scopes: Option<Vec<Scope>>,
    /// The key of a request that must have its effect once.
    pub key: Option<Key>,
    pub request_id: Option<String>,
    /// Where on the network the request came from: only for limits, never kept with a person.
    pub place: String,
    /// Whether they use a phone, as far as they say: providers have other pages for those.
    pub phone: bool,
    /// `zh-CN` or `en`.
    pub locale: String,
    /// They must set up a second factor first; what staff may do rests until they did.
    pub owes_second_factor: bool,
    /// They wrote something a moment ago, and must see it: nothing prepared will do.
    pub fresh: bool,
    /// The currency they chose, if they did; what the shop does not sell in is as if not chosen.
    pub currency: Option<Currency>,
    /// The marks by which their browser says whom it brought before (`person::browser`).
    pub browser: String,
    /// The app whose own browser they use, as far as they say: some forbid rewarded sharing.
    pub within: Option<Channel>,
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub id: Id<Person>,
    pub name: String,
    pub role: Role,
    /// What they may do behind the counter; nothing for shoppers.
    pub grants: Grants,
    /// Whose they are, in the role `seller`: they see what is that seller's, and nothing else.
    pub seller: Option<Id<Seller>>,
}

impl Known {
    /// Somebody in a role that comes with the shop.
    pub fn new(id: Id<Person>, name: String, role: Role) -> Known {
        Known { id, name, role, grants: role.grants(), seller: None }
    }

    /// Somebody as the columns from `from` on say: id, name, role, grants of a role of the shop's
    /// own, or whose seller's they are. What is not understood grants nothing.
    fn read(row: &Row, from: usize) -> Known {
        let role = Role::parse(&row.get::<String>(from + 2)).unwrap_or(Role::Shopper);
        let mut known = Known::new(row.get(from), row.get(from + 1), role);
        if let (Role::Own, Some(grants)) = (role, row.get::<Option<String>>(from + 3)) {
            let codes: Vec<&str> = grants.split_whitespace().collect();
            known.grants = Grants::parse(&codes).unwrap_or(Grants::NONE);
        }
        if known.role == Role::Seller {
            let seller = row.get::<Option<String>>(from + 3).and_then(|id| id.parse().ok());
            known.seller = seller.map(Id::new);
        }
        known
    }
}

impl Visitor {
    /// Somebody signed in, as jobs, the command line and tests are.
    pub fn of(id: Id<Person>, name: &str, role: Role) -> Visitor {
        let person = Some(Known::new(id, name.to_string(), role));
        Visitor { person, locale: "zh-CN".into(), ..Visitor::default() }
    }

    /// The same visitor with a key for one effect; `request` is what must not change under it.
    pub fn with_key(mut self, key: &str, request: &str) -> Result<Visitor, Failure> {
        self.key = Some(Key::new(self.principal(), key, request)?);
        Ok(self)
    }

    /// Whose keys and limits these are.
    pub fn principal(&self) -> String {
        match (&self.person, self.session) {
            (Some(person), _) => person.id.to_string(),
            (None, Some(session)) => session.to_string(),
            (None, None) => format!("place:{}", self.place),
        }
    }

    fn allowed(&self, scope: Scope) -> bool {
        planted!("scope_ignored", return true);
        self.scopes.as_ref().is_none_or(|scopes| scopes.contains(&scope))
    }

    /// The person, to read what is theirs.
    pub fn reader(&self) -> Result<Id<Person>, Failure> {
        let person = self.person.as_ref().ok_or(Failure::SignInFirst)?;
        if self.allowed(Scope::Read) || self.allowed(Scope::Shop) {
            Ok(person.id)
        } else {
            Err(Failure::Forbidden)
        }
    }

    /// The person, to shop.
    pub fn shopper(&self) -> Result<Id<Person>, Failure> {
        let person = self.person.as_ref().ok_or(Failure::SignInFirst)?;
        if self.allowed(Scope::Shop) { Ok(person.id) } else { Err(Failure::Forbidden) }
    }

    /// Somebody behind the counter, who is the shop's or a seller's, to change something of theirs.
    pub fn counter(&self, permission: Permission) -> Result<Counter, Failure> {
        self.counter_with(permission, Level::Change)
    }

    /// The same, to look at something of theirs.
    pub fn counter_reader(&self, permission: Permission) -> Result<Counter, Failure> {
        self.counter_with(permission, Level::View)
    }

    fn counter_with(&self, permission: Permission, level: Level) -> Result<Counter, Failure> {
        let person = self.person.as_ref().ok_or(Failure::SignInFirst)?;
        // Somebody of a seller's whose seller is not known sees nothing.
        let known = (person.role == Role::Seller) == person.seller.is_some();
        let may = known && self.may(permission, level);
        let counter = Counter { person: person.id, seller: person.seller };
        if may { Ok(counter) } else { Err(Failure::Forbidden) }
    }

    /// A member of the shop's own staff, to change something.
    pub fn staff(&self, permission: Permission) -> Result<Id<Person>, Failure> {
        self.staff_with(permission, Level::Change)
    }

    /// A member of the shop's own staff, to look at something.
    pub fn staff_reader(&self, permission: Permission) -> Result<Id<Person>, Failure> {
        self.staff_with(permission, Level::View)
    }

    fn staff_with(&self, permission: Permission, level: Level) -> Result<Id<Person>, Failure> {
        let person = self.person.as_ref().ok_or(Failure::SignInFirst)?;
        // What is not narrowed to a seller's own is not for anybody of a seller's.
        let seller_s = person.role == Role::Seller || person.seller.is_some();
        let may = !seller_s && self.may(permission, level);
        if may { Ok(person.id) } else { Err(Failure::Forbidden) }
    }

    /// Whether the visitor's role and token allow something behind the counter.
    pub fn may(&self, permission: Permission, level: Level) -> bool {
        let scope = match level {
            Level::View => self.allowed(Scope::Read) || self.allowed(Scope::Manage),
            Level::Change => self.allowed(Scope::Manage),
        };
        let granted =
            self.person.as_ref().is_some_and(|person| person.grants.may(permission, level));
        granted && scope && !self.owes_second_factor
    }
}

impl App {
    /// Opens the shop: its database, brought up to date when `migrate` is set, and its own row.
    pub fn open(
        place: &db::Place,
        migrate: bool,
        config: Config,
        seams: Seams,
        outside: Outside,
    ) -> Result<App, Failure> {
        let db = Database::open(place, migrate, &seams)?;
        if migrate {
            db.write(&seams, |tx| delivery::found(tx, &config))?;
        }
        let mut config = config;
        // A demo is paid for in the sandbox wherever it runs.
        config.sandbox |= db.read(&seams, |tx| Ok(shop::get(tx)?.demo))?;
        Ok(App::of(db, seams, config, outside))
    }

    /// An app with a database that is open already.
    pub fn of(db: Database, seams: Seams, config: Config, outside: Outside) -> App {
        let prepared = Prepared::new(config.patience);
        let (bell, search, said, selling_in) = Default::default();
        let (callers, orders, news, wallets, wins, sold_out) = Default::default();
        App {
            db,
            seams,
            config,
            outside,
            bell,
            prepared,
            search,
            said,
            callers,
            selling_in,
            orders,
            news,
            wallets,
            wins,
            sold_out,
        }
    }

    pub fn now(&self) -> Moment {
        self.seams.clock.now()
    }

    /// Runs `work` in one transaction, with what follows from what it told: all of it, or nothing.
    pub fn write<T>(
        &self,
        mut work: impl FnMut(&mut Tx) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut value = None;
        self.write_and_follow(&mut |tx| {
            value = Some(work(tx)?);
            Ok(())
        })?;
        value.ok_or(Failure::Unavailable)
    }

    /// The part of `write` that is the same for every action, so that it is compiled once.
    fn write_and_follow(
        &self,
        work: &mut dyn FnMut(&mut Tx) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let (wakes, shows) = self.db.write(&self.seams, |tx| {
            work(tx)?;
            reactions::follow(tx)?;
            tx.write_gathered()?;
            ledger::write_gathered(tx)?;
            let shows = tx.shows || tx.heard.iter().any(Fact::is_on_show);
            Ok((tx.rang || !tx.heard.is_empty(), shows))
        })?;
        planted!("event_apart", self.db.write(&self.seams, events::tell_apart)?);
        if shows {
            self.prepared.turn();
        }
        if wakes {
            self.bell.ring();
            self.said.say(shows);
        }
        Ok(())
    }

    /// `write` for a visitor's request.
    pub fn write_for<T>(
        &self,
        visitor: &Visitor,
        mut work: impl FnMut(&mut Tx) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.write(|tx| {
            tx.request_id = visitor.request_id.clone();
            work(tx)
        })
    }

    /// Does `work` once for the visitor's key; `effect` names what it makes and `work` says which.
    pub fn once<T: Serialize + DeserializeOwned>(
        &self,
        visitor: &Visitor,
        effect: &str,
        mut work: impl FnMut(&mut Tx) -> Result<(T, i64), Failure>,
    ) -> Result<Answer<T>, Failure> {
        let key = visitor.key.as_ref().ok_or(Failure::Key(KeyProblem::Missing))?;
        planted!("key_apart", return self.once_apart(visitor, key, effect, work));
        self.write_for(visitor, |tx| tx.once(key, effect, &mut work))
    }

    /// Does `work` in one transaction; once for the visitor's key, when they sent one.
    pub fn act<T: Serialize + DeserializeOwned>(
        &self,
        visitor: &Visitor,
        effect: &str,
        mut work: impl FnMut(&mut Tx) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        if visitor.key.is_none() {
            return self.write_for(visitor, work);
        }
        let answer = self.once(visitor, effect, |tx| {
            let effect: Id<Person> = tx.id();
            Ok((work(tx)?, effect.0))
        })?;
        Ok(answer.value)
    }

    /// The key in transactions of its own, before and after its effect.
    #[cfg(feature = "planted")]
    fn once_apart<T: Serialize + DeserializeOwned>(
        &self,
        visitor: &Visitor,
        key: &Key,
        effect: &str,
        mut work: impl FnMut(&mut Tx) -> Result<(T, i64), Failure>,
    ) -> Result<Answer<T>, Failure> {
        if let Some(value) = self.read(|tx| tx.kept(key))? {
            return Ok(Answer { value, replayed: true });
        }
        let (value, id) = self.write_for(visitor, &mut work)?;
        let value = serde_json::to_value(value)?;
        self.write(|tx| tx.once(key, effect, |_| Ok((serde_json::from_value(value.clone())?, id))))
    }

    /// What `work` reads, or what was read before and still holds under `key`: see `prepared`.
    pub fn read_prepared<T: Clone + Send + Sync + 'static>(
        &self,
        visitor: &Visitor,
        key: &str,
        work: impl FnOnce(&mut Tx) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.prepared.get(key, visitor.fresh, || self.read(work))
    }

    /// Runs `work` on a snapshot.
    pub fn read<T>(&self, work: impl FnOnce(&mut Tx) -> Result<T, Failure>) -> Result<T, Failure> {
        self.db.read(&self.seams, work)
    }
}
