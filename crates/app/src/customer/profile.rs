//! One customer with all that staff should know of them: what they bought, sent back, said and
//! allowed, and what happened when.

use describe::ToSchema;
use domain::after_sale::{AfterSale, Status as ReturnStatus};
use domain::customer::Erasure;
use domain::group_buy::{Team, TeamStatus};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::order::{Order, Status};
use domain::person::{Permission, Person};
use domain::review::Review;
use domain::text::masked;
use serde::{Deserialize, Serialize};

use super::{BlockView, NoteView, find, merge, shown, store, sums};
use crate::consent::{self, ConsentView, PurposeView};
use crate::customer_group::{self, GroupView};
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::{App, Visitor, address, message, shop};

/// So many of each are shown.
const SOME: i64 = 20;

/// A customer as staff see them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerProfile)]
pub struct Profile {
    pub id: Id<Person>,
    pub name: String,
    /// Masked; `reveal` says them in full.
    pub email: String,
    pub phone: String,
    /// Other contacts they come in with since they were made one with somebody, masked.
    pub others: Vec<String>,
    pub locale: String,
    pub joined_at: Moment,
    pub tags: Vec<String>,
    /// The groups whose prices are theirs.
    pub groups: Vec<GroupView>,
    pub notes: Vec<NoteView>,
    pub block: Option<BlockView>,
    /// Orders that were paid, and what those in the shop's own currency come to.
    pub paid_orders: i64,
    pub spent: Money,
    pub refunded: Money,
    /// What was paid and not given back.
    pub net: Money,
    /// That, for each of those orders.
    pub average: Option<Money>,
    pub first_order_at: Option<Moment>,
    pub last_order_at: Option<Moment>,
    pub orders: Vec<OrderLine>,
    pub returns: Vec<ReturnLine>,
    pub reviews: Vec<ReviewLine>,
    pub teams: Vec<TeamLine>,
    /// Where their parcels go, masked but for the city.
    pub addresses: Vec<String>,
    pub messages: Vec<SentLine>,
    pub consents: Vec<PurposeView>,
    pub consent_history: Vec<ConsentView>,
    /// How many browsers they are signed in with.
    pub sessions: i64,
    pub favourites: i64,
    pub merges: Vec<merge::MergeView>,
    /// When they will be forgotten, if they asked for it.
    pub leaving_at: Option<Moment>,
    pub erasure: Option<Id<Erasure>>,
    /// What happened, the latest first.
    pub happened: Vec<Happened>,
}

/// An order of theirs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerOrder)]
pub struct OrderLine {
    pub id: Id<Order>,
    pub status: Status,
    pub title: String,
    pub total: Money,
    pub at: Moment,
}

/// A return of theirs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerReturn)]
pub struct ReturnLine {
    pub id: Id<AfterSale>,
    pub order: Id<Order>,
    pub status: ReturnStatus,
    pub at: Moment,
}

/// A review of theirs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerReview)]
pub struct ReviewLine {
    pub id: Id<Review>,
    pub stars: i64,
    pub text: String,
    pub hidden: bool,
    pub at: Moment,
}

/// A team they are or were in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerTeam)]
pub struct TeamLine {
    pub id: Id<Team>,
    pub status: TeamStatus,
    pub leads: bool,
    /// How their own place stands: held, confirmed, freed, left, refunded.
    pub place: String,
    pub at: Moment,
}

/// A letter they were sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerMessage)]
pub struct SentLine {
    pub channel: String,
    pub subject: String,
    pub state: String,
    pub marketing: bool,
    pub at: Moment,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerEvent)]
pub struct Happened {
    /// The name of the fact, or of what staff did.
    pub what: String,
    /// What it is about, as addresses show it: an order's id, or empty.
    pub about: String,
    /// Who of the staff; empty for what the customer or the shop did.
    pub by: String,
    pub at: Moment,
}

/// A customer with all that belongs to them.
pub fn profile(app: &App, visitor: &Visitor, id: Id<Person>) -> Result<Profile, Failure> {
    visitor.staff_reader(Permission::Customers)?;
    // Their sums are counted now, whatever the list has read.
    app.write(|tx| {
        find(tx, id)?;
        sums::count(tx, id)
    })?;
    app.read(|tx| of(tx, id, &visitor.locale))
}

fn of(tx: &mut Tx, id: Id<Person>, locale: &str) -> Result<Profile, Failure> {
    let found = find(tx, id)?;
    let currency = shop::get(tx)?.currency;
    let sums = tx.one(
        "select orders, spent, refunded, net, first_order_at, last_order_at
         from customer_sums where person_id = $1",
        &[id.into()],
        |row| {
            let (orders, net): (i64, i64) = (row.get(0), row.get(3));
            let dates: (Option<Moment>, Option<Moment>) = (row.get(4), row.get(5));
            (orders, row.get::<i64>(1), row.get::<i64>(2), net, dates)
        },
    )?;
    let (paid_orders, spent, refunded, net, (first_order_at, last_order_at)) = sums;
    let money = |minor| Money::new(minor, currency);
    let contacts = store::contacts(tx, id)?;
    let own = [found.email.clone(), found.phone.clone()];
    let others = contacts.iter().filter(|one| !own.contains(&Some((*one).clone())));
    let leaving = tx.maybe(
        "select id, due_at from erasures where person_id = $1 and state = 'asked'",
        &[id.into()],
        |row| (row.get(0), row.get(1)),
    )?;
    let one = |sql: &str, tx: &mut Tx| tx.one(sql, &[id.into()], |row| row.get::<i64>(0));
    let in_own = one(
        "select count(*) from orders o join shop s on s.currency = o.currency
         where o.person_id = $1 and o.paid_at is not null",
        tx,
    )?;
    let sessions = "select count(*) from sessions where person_id = $1";
    let favourites = "select count(*) from favourites where person_id = $1";
    Ok(Profile {
        id,
        name: found.name,
        email: shown(found.email),
        phone: shown(found.phone),
        others: others.map(|contact| masked(contact)).collect(),
        locale: found.locale,
        joined_at: found.created_at,
        tags: store::tags(tx, id)?,
        groups: customer_group::groups_of(tx, id)?,
        notes: store::notes(tx, id)?,
        block: store::block_of(tx, id)?,
        paid_orders,
        spent: money(spent),
        refunded: money(refunded),
        net: money(net),
        average: (in_own > 0).then(|| money(net / in_own.max(1))),
        first_order_at,
        last_order_at,
        orders: orders(tx, id)?,
        returns: returns(tx, id)?,
        reviews: reviews(tx, id)?,
        teams: teams(tx, id)?,
        addresses: addresses(tx, id)?,
        messages: messages(tx, &contacts)?,
        consents: consent::purposes(tx, id, locale)?,
        consent_history: consent::history(tx, id)?,
        sessions: one(sessions, tx)?,
        favourites: one(favourites, tx)?,
        merges: merge::of(tx, id)?,
        leaving_at: leaving.map(|(_, at)| at),
        erasure: leaving.map(|(id, _)| id),
        happened: happened(tx, id)?,
    })
}

fn orders(tx: &mut Tx, id: Id<Person>) -> Result<Vec<OrderLine>, Failure> {
    let read = |row: &Row| OrderLine {
        id: row.get(0),
        // The order's own module writes it.
        status: Status::parse(&row.get::<String>(1)).unwrap_or(Status::PendingPayment),
        title: row.get(2),
        total: Money::new(row.get(3), currency(row, 5)),
        at: row.get(4),
    };
    tx.all(
        "select o.id, o.status, coalesce(l.title, ''), o.total, o.created_at,
                o.currency
         from orders o
         left join order_lines l on l.order_id = o.id and l.position = 0
         where o.person_id = $1 order by o.id desc limit $2",
        &[id.into(), SOME.into()],
        read,
    )
}

fn currency(row: &Row, column: usize) -> Currency {
    Currency::parse(&row.get::<String>(column)).expect("the table holds known currencies")
}

fn returns(tx: &mut Tx, id: Id<Person>) -> Result<Vec<ReturnLine>, Failure> {
    tx.all(
        "select id, order_id, status, created_at from after_sales
         where person_id = $1 order by id desc limit $2",
        &[id.into(), SOME.into()],
        |row| ReturnLine {
            id: row.get(0),
            order: row.get(1),
            // The table allows no other.
            status: ReturnStatus::parse(&row.get::<String>(2)).unwrap_or(ReturnStatus::Requested),
            at: row.get(3),
        },
    )
}

fn reviews(tx: &mut Tx, id: Id<Person>) -> Result<Vec<ReviewLine>, Failure> {
    tx.all(
        "select id, stars, text, hidden_by is not null, written_at from reviews
         where person_id = $1 order by id desc limit $2",
        &[id.into(), SOME.into()],
        |row| ReviewLine {
            id: row.get(0),
            stars: row.get(1),
            text: row.get(2),
            hidden: row.get(3),
            at: row.get(4),
        },
    )
}

fn teams(tx: &mut Tx, id: Id<Person>) -> Result<Vec<TeamLine>, Failure> {
    tx.all(
        "select t.id, t.status, t.leader_id = $1, p.status, p.taken_at
         from places p join teams t on t.id = p.team_id
         where p.person_id = $1 order by t.id desc limit $2",
        &[id.into(), SOME.into()],
        |row| TeamLine {
            id: row.get(0),
            // The table allows no other.
            status: TeamStatus::parse(&row.get::<String>(1)).unwrap_or(TeamStatus::Forming),
            leads: row.get(2),
            place: row.get(3),
            at: row.get(4),
        },
    )
}

fn addresses(tx: &mut Tx, id: Id<Person>) -> Result<Vec<String>, Failure> {
    let book = address::book(tx, id, SOME)?;
    let line = |to: &domain::place::Address| {
        format!("{} {} · {} {}", to.region, to.city, masked(&to.name), masked(&to.phone))
    };
    Ok(book.iter().map(|entry| line(&entry.address)).collect())
}

fn messages(tx: &mut Tx, contacts: &[String]) -> Result<Vec<SentLine>, Failure> {
    let sent = message::sent_to(tx, contacts, SOME)?;
    let line = |one: message::MessageView| SentLine {
        channel: one.channel,
        // A sign-in code is in the subject of its letter.
        subject: if one.code.is_some() { String::new() } else { one.subject },
        state: one.state,
        marketing: one.marketing,
        at: one.created_at,
    };
    Ok(sent.into_iter().map(line).collect())
}

/// What they did, what became of their orders, and what staff did about them.
fn happened(tx: &mut Tx, id: Id<Person>) -> Result<Vec<Happened>, Failure> {
    let mut all = tx.all(
        "select name, at from events where about = 'person' and about_id = $1
           and name <> 'person.signed_in' order by id desc limit $2",
        &[id.into(), SOME.into()],
        |row| entry(row.get(0), String::new(), String::new(), row.get(1)),
    )?;
    all.extend(tx.all(
        "select m.to_status, m.order_id, m.at from order_moves m join orders o on o.id = m.order_id
         where o.person_id = $1 order by m.at desc, m.seq desc limit $2",
        &[id.into(), SOME.into()],
        |row| {
            let order = Id::<Order>::new(row.get(1)).to_string();
            entry(format!("order.{}", row.get::<String>(0)), order, String::new(), row.get(2))
        },
    )?);
    all.extend(tx.all(
        "select a.action, coalesce(p.name, ''), a.at from staff_acts a
         left join people p on p.id = a.actor_id
         where a.about = 'person' and a.about_id = $1 order by a.id desc limit $2",
        &[id.into(), SOME.into()],
        |row| entry(row.get(0), String::new(), row.get(1), row.get(2)),
    )?);
    all.sort_by_key(|one| std::cmp::Reverse(one.at));
    all.truncate(40);
    Ok(all)
}

fn entry(what: String, about: String, by: String, at: Moment) -> Happened {
    Happened { what, about, by, at }
}
