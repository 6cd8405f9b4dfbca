//! Finding orders: what the list is narrowed to, said as one condition for both engines.
//!
//! Every part is a comparison of the order's own columns, or a set of ids that is made once, so
//! that a page of a hundred thousand orders stays a walk along an index.

use describe::ToSchema;
use domain::catalog::Product;
use domain::group_buy::{GroupBuy, Team};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::order::{Order, Status};
use domain::person::{Permission, Person};
use domain::seller::Seller;
use domain::text::one_line;
use serde::{Deserialize, Serialize};

use crate::db::{Tx, Value};
use crate::failure::Failure;
use crate::seller::Counter;
use crate::{App, Visitor};

/// An order in staff's list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeskRow {
    pub id: Id<Order>,
    pub status: Status,
    pub buyer_name: String,
    pub title: String,
    pub units: i64,
    pub total: Money,
    pub refunded: Money,
    pub team: Option<Id<Team>>,
    pub created_at: Moment,
    pub paid_at: Option<Moment>,
    pub tags: Vec<String>,
    /// How many hints there are about it.
    pub hints: i64,
    /// Whether buyer or staff wrote something down.
    pub noted: bool,
}

/// The order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OrderSort)]
pub enum Sort {
    #[default]
    Newest,
    Oldest,
    Dearest,
    Cheapest,
}

impl Sort {
    pub const ALL: [Sort; 4] = [Sort::Newest, Sort::Oldest, Sort::Dearest, Sort::Cheapest];

    pub fn code(self) -> &'static str {
        match self {
            Sort::Newest => "newest",
            Sort::Oldest => "oldest",
            Sort::Dearest => "dearest",
            Sort::Cheapest => "cheapest",
        }
    }

    pub fn parse(code: &str) -> Option<Sort> {
        Sort::ALL.into_iter().find(|sort| sort.code() == code)
    }
}

/// Which orders staff look for. What is left out narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = OrderFilter)]
pub struct Filter {
    pub status: Option<Status>,
    /// Only those that were paid (true) or not (false).
    pub paid: Option<bool>,
    /// Only orders in teams (true) or outside (false).
    pub in_team: Option<bool>,
    /// An order's id or its end, a buyer's name, e-mail address or phone or the end of it, the
    /// name or phone on the parcel, a tracking number.
    pub query: String,
    pub placed_after: Option<Moment>,
    pub placed_before: Option<Moment>,
    /// Placed within so many days until now.
    pub days: Option<i64>,
    /// Totals in minor units.
    pub total_from: Option<i64>,
    pub total_to: Option<i64>,
    /// The code of a way to ship.
    pub shipping_method: String,
    /// How the province or state on the parcel begins.
    pub region: String,
    pub product: Option<Id<Product>>,
    pub sku: String,
    pub tag: String,
    pub buyer: Option<Id<Person>>,
    pub group_buy: Option<Id<GroupBuy>>,
    /// Only this seller's.
    pub seller: Option<Id<Seller>>,
    /// With a note of the buyer's or of staff's.
    pub has_note: Option<bool>,
    pub has_return: Option<bool>,
    /// The code of a hint, or `any`.
    pub hint: String,
    pub sort: Sort,
}

impl Filter {
    /// What of it somebody behind the counter sees: those of a seller's find that seller's.
    pub(crate) fn seen_at(&self, counter: &Counter) -> Filter {
        Filter { seller: counter.seller.or(self.seller), ..self.clone() }
    }

    /// Whether it narrows anything.
    pub fn is_plain(&self) -> bool {
        Filter { sort: Sort::default(), ..self.clone() } == Filter::default()
    }
}

/// A condition with its parameters.
#[derive(Default)]
pub(super) struct Where {
    pub sql: String,
    pub params: Vec<Value>,
}

impl Where {
    /// One more condition; each `?` is the next value.
    fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(" and ");
        let mut values = values.into_iter();
        for letter in condition.chars() {
            match letter {
                '?' => {
                    self.params.extend(values.next());
                    self.sql.push_str(&format!("${}", self.params.len()));
                }
                other => self.sql.push(other),
            }
        }
    }

    /// The number of one more parameter.
    fn push(&mut self, value: Value) -> usize {
        self.params.push(value);
        self.params.len()
    }
}

/// What the filter asks for, `and` before each part.
pub(super) fn condition(filter: &Filter, now: Moment) -> Where {
    let mut only = Where::default();
    if let Some(status) = filter.status {
        only.and("o.status = ?", [status.code().into()]);
    }
    match filter.paid {
        Some(true) => only.and("o.paid_at is not null", []),
        Some(false) => only.and("o.paid_at is null", []),
        None => {}
    }
    match filter.in_team {
        Some(true) => only.and("o.team_id is not null", []),
        Some(false) => only.and("o.team_id is null", []),
        None => {}
    }
    let days = filter.days.filter(|days| (1..=3_650).contains(days));
    let after = filter.placed_after.max(days.map(|days| now.minus(Span::days(days))));
    if let Some(after) = after {
        only.and("o.created_at >= ?", [after.into()]);
    }
    if let Some(before) = filter.placed_before {
        only.and("o.created_at < ?", [before.into()]);
    }
    if let Some(from) = filter.total_from {
        only.and("o.total >= ?", [from.into()]);
    }
    if let Some(to) = filter.total_to {
        only.and("o.total <= ?", [to.into()]);
    }
    if !filter.shipping_method.is_empty() {
        let of = "o.shipping_method_id in (select id from shipping_methods where code = ?)";
        only.and(of, [(&filter.shipping_method).into()]);
    }
    if let Some(region) = Some(plain(&filter.region)).filter(|region| !region.is_empty()) {
        // As it stands in the address: the name of a province with or without what it is.
        let region = region.trim_end_matches(['省', '市']);
        only.and("o.address like ?", [format!("%\"region\":\"{region}%").into()]);
    }
    if let Some(product) = filter.product {
        only.and(
            "o.id in (select order_id from order_lines where variant_id in
                (select id from variants where product_id = ?))",
            [product.into()],
        );
    }
    if !filter.sku.trim().is_empty() {
        only.and(
            "o.id in (select order_id from order_lines where variant_id in
                (select id from variants where lower(sku) = ?))",
            [filter.sku.trim().to_lowercase().into()],
        );
    }
    if !filter.tag.is_empty() {
        let of = "o.id in (select order_id from order_tags where tag = ?)";
        only.and(of, [(&filter.tag).into()]);
    }
    if let Some(buyer) = filter.buyer {
        only.and("o.person_id = ?", [buyer.into()]);
    }
    if let Some(group_buy) = filter.group_buy {
        only.and("o.group_buy_id = ?", [group_buy.into()]);
    }
    if let Some(seller) = filter.seller {
        only.and("o.seller_id = ?", [seller.into()]);
    }
    match filter.has_note {
        Some(true) => only.and("(o.note <> '' or o.id in (select order_id from order_notes))", []),
        Some(false) => {
            only.and("o.note = '' and o.id not in (select order_id from order_notes)", []);
        }
        None => {}
    }
    match filter.has_return {
        Some(true) => only.and("o.id in (select order_id from after_sales)", []),
        Some(false) => only.and("o.id not in (select order_id from after_sales)", []),
        None => {}
    }
    match filter.hint.as_str() {
        "" => {}
        "any" => only.and("o.id in (select order_id from order_hints)", []),
        code => {
            let of = "o.id in (select order_id from order_hints where kind = ?)";
            only.and(of, [code.into()]);
        }
    }
    search(&mut only, &filter.query);
    only
}

/// A text without what a pattern or JSON would take for something else.
fn plain(text: &str) -> String {
    one_line(text).replace(['%', '"', '\\'], "")
}

fn search(only: &mut Where, query: &str) {
    let query = plain(query).to_lowercase();
    if query.is_empty() {
        return;
    }
    let id = query.trim_start_matches('#');
    let exact = Id::<Order>::parse(id).map_or(0, |id| id.0);
    // Eight digits at the end of an id say which one is meant.
    let end =
        if id.chars().count() == 8 { Id::<Order>::parse(&format!("ord_00000{id}")) } else { None };
    let digits: String = query.chars().filter(char::is_ascii_digit).collect();
    let written = query.chars().all(|c| c.is_ascii_digit() || " +-".contains(c));
    let phone = if written && digits.len() >= 4 { format!("%{digits}") } else { String::new() };
    let mut any = "(o.id = ? or o.person_id in (select id from people
            where lower(name) like ? or email like ? or phone like ?)
        or o.id in (select order_id from shipments where lower(tracking) = ?)
        or o.address like ?"
        .to_string();
    let like = format!("%{query}%");
    let on_parcel = match phone.is_empty() {
        true => format!("{{\"name\":\"{query}%"),
        false => format!("%\"phone\":\"{phone}\",\"country\"%"),
    };
    let mut values: Vec<Value> = vec![
        exact.into(),
        (&like).into(),
        like.into(),
        phone.into(),
        (&query).into(),
        on_parcel.into(),
    ];
    if let Some(end) = end {
        any.push_str(" or (o.id & 1099511627775) = ?");
        values.push(end.0.into());
    }
    any.push(')');
    only.and(&any, values);
}

/// Orders for staff, in the order the filter says, after `after`.
pub fn list(
    app: &App,
    visitor: &Visitor,
    filter: &Filter,
    after: Option<Id<Order>>,
    limit: i64,
) -> Result<Vec<DeskRow>, Failure> {
    let filter = filter.seen_at(&visitor.counter_reader(Permission::Orders)?);
    app.read(|tx| page(tx, &filter, after, limit))
}

/// Where a page begins and how it is sorted.
fn placed(only: &mut Where, sort: Sort, after: Option<Id<Order>>) -> &'static str {
    if let Some(after) = after {
        let n = only.push(after.into());
        let total = format!("((select total from orders where id = ${n}), ${n})");
        only.sql.push_str(&match sort {
            Sort::Newest => format!(" and o.id < ${n}"),
            Sort::Oldest => format!(" and o.id > ${n}"),
            Sort::Dearest => format!(" and (o.total, o.id) < {total}"),
            Sort::Cheapest => format!(" and (o.total, o.id) > {total}"),
        });
    }
    match sort {
        Sort::Newest => "o.id desc",
        Sort::Oldest => "o.id",
        Sort::Dearest => "o.total desc, o.id desc",
        Sort::Cheapest => "o.total, o.id",
    }
}

/// The ids alone.
pub(crate) fn page_of_ids(
    tx: &mut Tx,
    filter: &Filter,
    after: Option<Id<Order>>,
    limit: i64,
) -> Result<Vec<Id<Order>>, Failure> {
    ids(tx, filter, after, limit)
}

pub(super) fn ids(
    tx: &mut Tx,
    filter: &Filter,
    after: Option<Id<Order>>,
    limit: i64,
) -> Result<Vec<Id<Order>>, Failure> {
    let mut only = condition(filter, tx.now);
    let sort = placed(&mut only, filter.sort, after);
    let limit = only.push(limit.into());
    let sql =
        format!("select o.id from orders o where 1 = 1{} order by {sort} limit ${limit}", only.sql);
    tx.all(&sql, &only.params, |row| row.get(0))
}

fn page(
    tx: &mut Tx,
    filter: &Filter,
    after: Option<Id<Order>>,
    limit: i64,
) -> Result<Vec<DeskRow>, Failure> {
    let found = ids(tx, filter, after, limit)?;
    rows(tx, &found)
}

/// These orders as rows, in this order.
pub(super) fn rows(tx: &mut Tx, ids: &[Id<Order>]) -> Result<Vec<DeskRow>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let sql = "select o.id, o.status, p.name, l.title,
            (select cast(sum(quantity) as bigint) from order_lines where order_id = o.id),
            o.currency, o.total, o.refunded, o.team_id, o.created_at, o.paid_at, o.note,
            (select count(*) from order_hints h where h.order_id = o.id),
            (select count(*) from order_notes n where n.order_id = o.id)
        from orders o join people p on p.id = o.person_id
        join order_lines l on l.order_id = o.id and l.position = 0 where o.id in";
    let mut rows = tx.all_in((sql, &[]), &numbers, "", |row| {
        let currency = Currency::parse(&row.get::<String>(5)).expect("the table holds known ones");
        let status = Status::parse(&row.get::<String>(1)).expect("the table holds known states");
        DeskRow {
            id: row.get(0),
            status,
            buyer_name: row.get(2),
            title: row.get(3),
            units: row.get(4),
            total: Money::new(row.get(6), currency),
            refunded: Money::new(row.get(7), currency),
            team: row.get(8),
            created_at: row.get(9),
            paid_at: row.get(10),
            tags: Vec::new(),
            hints: row.get(12),
            noted: !row.get::<String>(11).is_empty() || row.get::<i64>(13) > 0,
        }
    })?;
    let sql = "select order_id, tag from order_tags where order_id in";
    let tags = tx.all_in((sql, &[]), &numbers, "order by tag", |row| {
        (row.get::<Id<Order>>(0), row.get::<String>(1))
    })?;
    for (order, tag) in tags {
        if let Some(row) = rows.iter_mut().find(|row| row.id == order)
            && !row.tags.contains(&tag)
        {
            row.tags.push(tag);
        }
    }
    let place = |row: &DeskRow| ids.iter().position(|id| *id == row.id);
    rows.sort_by_key(place);
    rows.dedup_by_key(|row| row.id);
    Ok(rows)
}

/// How many orders are in each state.
pub fn counts(app: &App, visitor: &Visitor) -> Result<Vec<(Status, i64)>, Failure> {
    let counter = visitor.counter_reader(Permission::Orders)?;
    app.read(|tx| {
        let sql =
            "select status, count(*) from orders where cast($1 as bigint) = 0 or seller_id = $1
                   group by status";
        tx.all(sql, &[counter.seller.map_or(0, |id| id.0).into()], |row| {
            let status = Status::parse(&row.get::<String>(0));
            (status.expect("the table holds known states"), row.get(1))
        })
    })
}

/// How many orders a filter finds, at most `most`.
pub fn count(app: &App, visitor: &Visitor, filter: &Filter, most: i64) -> Result<i64, Failure> {
    let filter = filter.seen_at(&visitor.counter_reader(Permission::Orders)?);
    app.read(|tx| count_in(tx, &filter, most))
}

pub(super) fn count_in(tx: &mut Tx, filter: &Filter, most: i64) -> Result<i64, Failure> {
    let mut only = condition(filter, tx.now);
    let limit = only.push(most.into());
    let sql = format!(
        "select count(*) from (select o.id from orders o where 1 = 1{} limit ${limit}) found",
        only.sql
    );
    tx.one(&sql, &only.params, |row| row.get(0))
}
