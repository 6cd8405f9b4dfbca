//! What pages read of group buys and teams: queries only, nothing is written here.

use std::collections::HashMap;

use domain::catalog::{Product, Variant};
use domain::group_buy::{self, GroupBuy, Terms};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::person::Person;

use crate::db::{Tx, Value};
use crate::failure::Failure;

/// One variant in a group buy that runs now.
pub struct Offer {
    pub product: Id<Product>,
    pub group_buy: Id<GroupBuy>,
    pub title: String,
    pub terms: Terms,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub variant: Id<Variant>,
    pub price: Money,
    pub alone: Money,
    /// Units set aside that are free.
    pub left: Option<i64>,
    counted: bool,
    available: i64,
}

impl Offer {
    pub fn sold_out(&self) -> bool {
        match self.left {
            Some(left) => left <= 0,
            None => self.counted && self.available <= 0,
        }
    }
}

/// `$2, $3, …` for these ids, after the parameters there are.
fn also<T>(params: &mut Vec<Value>, ids: &[Id<T>]) -> String {
    let marks: Vec<String> = ids
        .iter()
        .map(|id| {
            params.push(id.0.into());
            format!("${}", params.len())
        })
        .collect();
    marks.join(", ")
}

/// Group buys that run now, of these products or of all that are shown, the most bought first.
pub fn offers(tx: &mut Tx, products: Option<&[Id<Product>]>) -> Result<Vec<Offer>, Failure> {
    let mut params = vec![tx.now.into()];
    let among = match products {
        Some([]) => return Ok(Vec::new()),
        Some(products) => format!("and p.id in ({})", also(&mut params, products)),
        None => String::new(),
    };
    let sql = format!(
        "select p.id, b.id, c.title, c.terms, c.starts_at, c.ends_at, g.variant_id, g.price,
                v.price, v.currency, g.left_over, v.tracked, v.oversell, coalesce(s.available, 0)
         from group_buys b join products p on p.id = b.product_id
         join campaigns c on c.id = b.id
         join campaign_stock g on g.campaign_id = b.id
         join variants v on v.id = g.variant_id
         left join stock s on s.variant_id = v.id
         where c.status in ('running', 'scheduled') and c.starts_at <= $1 and c.ends_at > $1
           and p.status = 'active' and p.published = 1 and v.archived = 0 {among}
         order by p.sold desc, p.id desc, b.id, v.position, v.id"
    );
    let rows = tx.all(&sql, &params, |row| {
        let currency = Currency::parse(&row.get::<String>(9)).unwrap_or(Currency::Cny);
        let terms: Result<Terms, _> = serde_json::from_str(&row.get::<String>(3));
        terms.map(|terms| Offer {
            product: row.get(0),
            group_buy: row.get(1),
            title: row.get(2),
            terms,
            starts_at: row.get(4),
            ends_at: row.get(5),
            variant: row.get(6),
            price: Money { minor: row.get(7), currency },
            alone: Money { minor: row.get(8), currency },
            left: row.get(10),
            counted: row.get(11) && !row.get::<bool>(12),
            available: row.get(13),
        })
    })?;
    Ok(rows.into_iter().collect::<Result<_, _>>()?)
}

/// An open team that anybody may join.
pub struct Team {
    pub id: Id<group_buy::Team>,
    pub group_buy: Id<GroupBuy>,
    pub product: Id<Product>,
    pub leader: Id<Person>,
    pub leader_name: String,
    pub need: i64,
    pub confirmed: i64,
    pub deadline: Moment,
    pub price: Money,
    pub alone: Money,
}

/// Listed teams with a free place. Terms are written by us, so their text is what it is.
const OPEN: &str = "t.status = 'open' and t.deadline > $1 and t.taken < t.most
    and c.terms like '%\"listed\":true%' and p.status = 'active' and p.published = 1
    and (p.id = $2 or $2 = 0)";

fn params(tx: &Tx, product: Option<Id<Product>>) -> Vec<Value> {
    vec![tx.now.into(), product.map_or(0, |id| id.0).into()]
}

pub fn count_teams(tx: &mut Tx, product: Option<Id<Product>>) -> Result<i64, Failure> {
    let sql = format!(
        "select count(*) from teams t join group_buys b on b.id = t.group_buy_id
         join campaigns c on c.id = b.id join products p on p.id = b.product_id where {OPEN}"
    );
    let params = params(tx, product);
    tx.one(&sql, &params, |row| row.get(0))
}

/// The teams nearest to success.
pub fn teams(tx: &mut Tx, product: Option<Id<Product>>, most: i64) -> Result<Vec<Team>, Failure> {
    // The price shown is the lowest one, beside what that same variant costs alone.
    let sql = format!(
        "select t.id, b.id, p.id, t.leader_id, n.name, t.need, t.confirmed, t.deadline, g.price,
                v.price, v.currency
         from teams t join group_buys b on b.id = t.group_buy_id
         join campaigns c on c.id = b.id
         join products p on p.id = b.product_id join people n on n.id = t.leader_id
         join campaign_stock g on g.campaign_id = b.id
         join variants v on v.id = g.variant_id
         where {OPEN} and not exists (select 1 from campaign_stock h
             where h.campaign_id = b.id and (h.price < g.price
                 or (h.price = g.price and h.variant_id < g.variant_id)))
         order by case when t.need > t.confirmed then t.need - t.confirmed else 0 end,
                  t.deadline, t.id
         limit $3"
    );
    let mut params = params(tx, product);
    params.push(most.into());
    tx.all(&sql, &params, |row| {
        let currency = Currency::parse(&row.get::<String>(10)).unwrap_or(Currency::Cny);
        Team {
            id: row.get(0),
            group_buy: row.get(1),
            product: row.get(2),
            leader: row.get(3),
            leader_name: row.get(4),
            need: row.get(5),
            confirmed: row.get(6),
            deadline: row.get(7),
            price: Money { minor: row.get(8), currency },
            alone: Money { minor: row.get(9), currency },
        }
    })
}

/// People and their names, by team.
pub type Members = HashMap<Id<group_buy::Team>, Vec<(Id<Person>, String)>>;

/// Who paid for a place in each of these teams, in order.
pub fn members(tx: &mut Tx, teams: &[Id<group_buy::Team>]) -> Result<Members, Failure> {
    let mut members = Members::new();
    if teams.is_empty() {
        return Ok(members);
    }
    let mut params = Vec::new();
    let marks = also(&mut params, teams);
    let sql = format!(
        "select m.team_id, m.person_id, n.name from places m join people n on n.id = m.person_id
         where m.team_id in ({marks}) and m.status = 'confirmed'
         order by m.team_id, m.confirmed_at, m.number"
    );
    for (team, person, name) in tx.all(&sql, &params, |row| (row.get(0), row.get(1), row.get(2)))? {
        members.entry(team).or_default().push((person, name));
    }
    Ok(members)
}
