//! What people see of a team.

use describe::ToSchema;
use domain::group_buy::{GroupBuy, Team, TeamStatus};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::order::Order;
use domain::person::Permission;
use domain::text::masked;
use serde::{Deserialize, Serialize};

use super::store;
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::group_buy::{RuleView, Settings, VariantView};
use crate::{App, Visitor, group_buy};

/// Somebody in a team, as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Face {
    /// Masked: `安**`.
    pub name: String,
    pub leader: bool,
    /// The visitor themselves.
    pub me: bool,
    pub number: i64,
    pub joined_at: Moment,
    /// A hue of 0–359 for the drawn face, the same everywhere for one person.
    pub hue: i64,
}

/// A team from the side of whoever looks.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TeamView {
    pub id: Id<Team>,
    pub status: TeamStatus,
    pub group_buy: Id<GroupBuy>,
    pub group_buy_title: String,
    pub handle: String,
    pub product_title: String,
    pub picture: String,
    /// Who paid, in order. Nobody who only holds a place, or was refunded.
    pub faces: Vec<Face>,
    pub leader_name: String,
    pub need: i64,
    pub most: i64,
    pub confirmed: i64,
    /// Still missing for success.
    pub missing: i64,
    /// Places that can be taken now; held ones cannot.
    pub free: i64,
    /// With how many it succeeded, and whether the merchant agreed to fewer than it needed.
    pub people: Option<i64>,
    pub lowered: bool,
    /// full, deadline, ended_by_merchant, everyone_left, unpaid.
    pub ended_because: Option<String>,
    pub deadline: Option<Moment>,
    pub closed_at: Option<Moment>,
    pub server_time: Moment,
    pub variants: Vec<VariantView>,
    /// The lowest group price and its ordinary price.
    pub price: Money,
    pub ordinary_price: Money,
    pub settings: Settings,
    pub rules: Vec<RuleView>,
    /// The visitor's own order in it, and whether it is paid.
    pub my_order: Option<Id<Order>>,
    pub my_place_paid: bool,
    pub may_join: bool,
    pub may_leave: bool,
    /// Grows with each change.
    pub version: i64,
}

/// The hue of a person's drawn face.
fn hue(person: i64) -> i64 {
    (person.wrapping_mul(2_654_435_761).rem_euclid(360_000)) / 1_000
}

/// A team. One that is only forming is seen by its opener alone.
pub fn get(app: &App, visitor: &Visitor, id: Id<Team>) -> Result<TeamView, Failure> {
    let me = visitor.person.as_ref().map(|person| person.id);
    let staff = visitor.staff_reader(Permission::GroupBuys).is_ok();
    let (found, faces, my_order, now) = app.read(|tx| {
        let found = store::find(tx, id, "")?;
        let hidden = matches!(found.team.status, TeamStatus::Forming | TeamStatus::Abandoned);
        if hidden && !staff && me != Some(found.team.leader) {
            return Err(Failure::NotFound);
        }
        let faces = faces(tx, id, me.map_or(0, |me| me.0), found.team.leader.0)?;
        let my_order = match me {
            Some(me) => store::order_of(tx, id, me)?,
            None => None,
        };
        Ok((found, faces, my_order, tx.now))
    })?;
    // Every team of a group buy has the same terms, prices and rules beside it.
    let key = format!("group_buy {}", found.group_buy);
    let offer = app.read_prepared(visitor, &key, |tx| group_buy::view_of(tx, found.group_buy))?;
    let leader_name =
        faces.iter().find(|face| face.leader).map_or(String::new(), |face| face.name.clone());
    let taken = found.team.places.len() as i64;
    let open = found.team.status == TeamStatus::Open
        && found.team.deadline.is_some_and(|deadline| now < deadline);
    let free = if open { (found.team.most - taken).max(0) } else { 0 };
    let my_place_paid = faces.iter().any(|face| face.me);
    let cheapest = offer.variants.iter().min_by_key(|variant| variant.price.minor);
    let (price, ordinary_price) = match cheapest {
        Some(variant) => (variant.price, variant.ordinary_price),
        None => return Err(Failure::NotFound),
    };
    Ok(TeamView {
        id,
        status: found.team.status,
        group_buy: found.group_buy,
        group_buy_title: offer.title,
        handle: offer.handle,
        product_title: offer.product_title,
        picture: offer.picture,
        leader_name,
        need: found.team.need,
        most: found.team.most,
        confirmed: found.team.confirmed(),
        missing: found.team.missing(),
        free,
        people: found.people,
        lowered: found.lowered,
        ended_because: found.ended_because,
        deadline: found.team.deadline,
        closed_at: found.closed_at,
        server_time: now,
        variants: offer.variants,
        price,
        ordinary_price,
        settings: offer.settings,
        rules: offer.rules,
        my_order,
        my_place_paid,
        may_join: open && free > 0 && my_order.is_none(),
        may_leave: found.team.status == TeamStatus::Open && my_place_paid,
        faces,
        version: found.seq,
    })
}

fn faces(tx: &mut Tx, id: Id<Team>, me: i64, leader: i64) -> Result<Vec<Face>, Failure> {
    tx.all(
        "select p.person_id, n.name, p.number, p.confirmed_at from places p
         join people n on n.id = p.person_id
         where p.team_id = $1 and p.status = 'confirmed' order by p.confirmed_at, p.number",
        &[id.into()],
        |row| {
            let person: i64 = row.get(0);
            Face {
                name: masked(&row.get::<String>(1)),
                leader: person == leader,
                me: person == me,
                number: row.get(2),
                joined_at: row.get(3),
                hue: hue(person),
            }
        },
    )
}

/// A team in a list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TeamCard {
    pub id: Id<Team>,
    pub status: TeamStatus,
    pub group_buy: Id<GroupBuy>,
    pub handle: String,
    pub product_title: String,
    pub picture: String,
    pub leader_name: String,
    pub leader_hue: i64,
    pub need: i64,
    pub most: i64,
    pub confirmed: i64,
    pub missing: i64,
    /// Places that can be taken now.
    pub free: i64,
    pub deadline: Option<Moment>,
    pub created_at: Moment,
    pub closed_at: Option<Moment>,
    pub price: Money,
    pub ordinary_price: Money,
    pub lowered: bool,
    pub ended_because: Option<String>,
}

const CARD: &str = "select t.id, t.status, t.group_buy_id, p.handle,
        coalesce((select x.title from product_texts x
                  where x.product_id = p.id and x.locale = $1), p.title),
        coalesce((select case when file is null then src
                          else '/files/' || coalesce(thumb, file) end
                  from pictures where product_id = p.id and state = 'stored'
                  order by position limit 1), ''),
        n.name, t.leader_id, t.need, t.most, t.confirmed, t.taken, t.deadline, t.created_at,
        t.closed_at,
        (select min(g.price) from campaign_stock g where g.campaign_id = t.group_buy_id),
        (select min(v.price) from campaign_stock g join variants v on v.id = g.variant_id
         where g.campaign_id = t.group_buy_id),
        (select s.currency from shop s), t.lowered, t.ended_because
    from teams t join group_buys b on b.id = t.group_buy_id
    join campaigns c on c.id = t.group_buy_id
    join products p on p.id = b.product_id join people n on n.id = t.leader_id";

fn card(row: &Row) -> TeamCard {
    let currency = domain::money::Currency::parse(&row.get::<String>(17));
    let currency = currency.expect("the shop has a known currency");
    let (need, most, confirmed, taken): (i64, i64, i64, i64) =
        (row.get(8), row.get(9), row.get(10), row.get(11));
    let status = store::status(row, 1);
    let leader: i64 = row.get(7);
    TeamCard {
        id: row.get(0),
        status,
        group_buy: row.get(2),
        handle: row.get(3),
        product_title: row.get(4),
        picture: row.get(5),
        leader_name: masked(&row.get::<String>(6)),
        leader_hue: hue(leader),
        need,
        most,
        confirmed,
        missing: (need - confirmed).max(0),
        free: if status == TeamStatus::Open { most - taken } else { 0 },
        deadline: row.get(12),
        created_at: row.get(13),
        closed_at: row.get(14),
        price: Money::new(row.get(15), currency),
        ordinary_price: Money::new(row.get(16), currency),
        lowered: row.get(18),
        ended_because: row.get(19),
    }
}

/// Open teams anybody may join, those with least missing and least time first; of one product's
/// handle or all.
pub fn open_teams(
    app: &App,
    visitor: &Visitor,
    handle: Option<&str>,
    limit: i64,
) -> Result<Vec<TeamCard>, Failure> {
    let sql = format!(
        "{CARD} where t.status = 'open' and t.deadline > $2 and t.taken < t.most
           and c.terms like '%\"listed\":true%' and ($3 = '' or p.handle = $3)
           and p.status = 'active'
         order by t.need - t.confirmed, t.deadline limit $4"
    );
    let key = format!("teams {} {handle:?} {limit}", visitor.locale);
    app.read_prepared(visitor, &key, |tx| {
        let params = [
            visitor.locale.as_str().into(),
            tx.now.into(),
            handle.unwrap_or("").into(),
            limit.into(),
        ];
        tx.all(&sql, &params, card)
    })
}

/// The visitor's teams, the newest first, before `before`.
pub fn mine(
    app: &App,
    visitor: &Visitor,
    before: Option<Id<Team>>,
    limit: i64,
) -> Result<Vec<TeamCard>, Failure> {
    let person = visitor.reader()?;
    let sql = format!(
        "{CARD} where t.id < $2 and exists (select 1 from places m where m.team_id = t.id
           and m.person_id = $3 and m.status in ('confirmed', 'held', 'refunded'))
         order by t.id desc limit $4"
    );
    let before = before.map_or(i64::MAX, |id| id.0);
    let locale = visitor.locale.clone();
    app.read(|tx| {
        let params = [locale.into(), before.into(), person.into(), limit.into()];
        tx.all(&sql, &params, card)
    })
}

/// The teams of a group buy for staff, the newest first, of one status or all.
pub fn of_group_buy(
    app: &App,
    visitor: &Visitor,
    group_buy: Id<GroupBuy>,
    status: Option<TeamStatus>,
    before: Option<Id<Team>>,
    limit: i64,
) -> Result<Vec<TeamCard>, Failure> {
    visitor.staff_reader(Permission::GroupBuys)?;
    let sql = format!(
        "{CARD} where t.group_buy_id = $2 and t.id < $3 and ($4 = '' or t.status = $4)
         order by t.id desc limit $5"
    );
    app.read(|tx| {
        let params = [
            visitor.locale.as_str().into(),
            group_buy.into(),
            before.map_or(i64::MAX, |id| id.0).into(),
            status.map_or("", TeamStatus::code).into(),
            limit.into(),
        ];
        tx.all(&sql, &params, card)
    })
}
