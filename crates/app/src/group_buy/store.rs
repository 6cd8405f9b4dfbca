//! The tables `group_buys`, `group_buy_variants` and `group_buy_people`.

use domain::catalog::{Product, Variant};
use domain::group_buy::{GroupBuy, Status, Team, Terms};
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::person::Person;

use super::{Found, GroupBuyView, NewGroupBuy, Results, Settings, VariantView, rules_of};
use crate::db::{Row, Tx};
use crate::failure::Failure;

pub fn add(
    tx: &mut Tx,
    id: Id<GroupBuy>,
    title: &str,
    new: &NewGroupBuy,
    terms: &Terms,
    by: Id<Person>,
) -> Result<(), Failure> {
    tx.run(
        "insert into group_buys (id, title, product_id, status, starts_at, ends_at, terms,
                                 created_by, created_at, version)
         values ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, 1)",
        &[
            id.into(),
            title.into(),
            new.product.into(),
            new.starts_at.into(),
            new.ends_at.into(),
            serde_json::to_string(terms)?.into(),
            by.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

pub fn add_variant(
    tx: &mut Tx,
    id: Id<GroupBuy>,
    variant: Id<Variant>,
    price: i64,
    quota: Option<i64>,
) -> Result<(), Failure> {
    // Nothing is left over until the stock is set aside at the launch.
    tx.run(
        "insert into group_buy_variants (group_buy_id, variant_id, price, quota, left_over)
         values ($1, $2, $3, $4, $5)",
        &[id.into(), variant.into(), price.into(), quota.into(), quota.map(|_| 0).into()],
    )?;
    Ok(())
}

/// What the variant of this product costs alone, when it is for sale.
pub fn ordinary_price(
    tx: &mut Tx,
    product: Id<Product>,
    variant: Id<Variant>,
) -> Result<Option<Money>, Failure> {
    tx.maybe(
        "select price, currency from variants
         where id = $1 and product_id = $2 and archived = 0",
        &[variant.into(), product.into()],
        |row| money(row, 0, 1),
    )
}

fn money(row: &Row, amount: usize, currency: usize) -> Money {
    let currency = Currency::parse(&row.get::<String>(currency));
    Money::new(row.get(amount), currency.expect("the table holds known currencies"))
}

pub fn find(tx: &mut Tx, id: Id<GroupBuy>, lock: &str) -> Result<Found, Failure> {
    let sql = format!(
        "select id, product_id, status, starts_at, ends_at, terms from group_buys
         where id = $1{lock}"
    );
    let (found, terms) = tx.one(&sql, &[id.into()], |row| {
        let found = (row.get(1), status(row, 2), row.get(3), row.get(4));
        (found, row.get::<String>(5))
    })?;
    let (product, status, starts_at, ends_at) = found;
    Ok(Found { id, product, status, starts_at, ends_at, terms: serde_json::from_str(&terms)? })
}

fn status(row: &Row, column: usize) -> Status {
    Status::parse(&row.get::<String>(column)).expect("the table holds known states")
}

pub fn set_status(tx: &mut Tx, id: Id<GroupBuy>, to: Status) -> Result<(), Failure> {
    tx.run(
        "update group_buys set status = $2, version = version + 1,
                ended_at = case when $2 = 'ended' then $3 else ended_at end
         where id = $1",
        &[id.into(), to.code().into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn quotas(tx: &mut Tx, id: Id<GroupBuy>) -> Result<Vec<(Id<Variant>, i64)>, Failure> {
    tx.all(
        "select variant_id, quota from group_buy_variants
         where group_buy_id = $1 and quota is not null order by variant_id",
        &[id.into()],
        |row| (row.get(0), row.get(1)),
    )
}

pub fn set_left_over(
    tx: &mut Tx,
    id: Id<GroupBuy>,
    variant: Id<Variant>,
    left_over: i64,
) -> Result<(), Failure> {
    tx.run(
        "update group_buy_variants set left_over = $3 where group_buy_id = $1 and variant_id = $2",
        &[id.into(), variant.into(), left_over.into()],
    )?;
    Ok(())
}

/// Empties what is left over and says what it was.
pub fn take_left_over(tx: &mut Tx, id: Id<GroupBuy>) -> Result<Vec<(Id<Variant>, i64)>, Failure> {
    let sql = format!(
        "select variant_id, left_over from group_buy_variants
         where group_buy_id = $1 and left_over > 0 order by variant_id{}",
        tx.lock()
    );
    let left = tx.all(&sql, &[id.into()], |row| (row.get(0), row.get(1)))?;
    tx.run(
        "update group_buy_variants set left_over = 0 where group_buy_id = $1 and left_over > 0",
        &[id.into()],
    )?;
    Ok(left)
}

pub fn open_teams(tx: &mut Tx, id: Id<GroupBuy>) -> Result<Vec<Id<Team>>, Failure> {
    tx.all(
        "select id from teams where group_buy_id = $1 and status in ('open', 'forming')
         order by id",
        &[id.into()],
        |row| row.get(0),
    )
}

pub fn holds(tx: &mut Tx, id: Id<GroupBuy>, person: Id<Person>) -> Result<i64, Failure> {
    let found = tx.maybe(
        "select quantity from group_buy_people where group_buy_id = $1 and person_id = $2",
        &[id.into(), person.into()],
        |row| row.get(0),
    )?;
    Ok(found.unwrap_or(0))
}

/// What these people hold of it, locked in the fixed order of their ids.
pub fn holds_locked(
    tx: &mut Tx,
    id: Id<GroupBuy>,
    people: &[i64],
) -> Result<Vec<(Id<Person>, i64)>, Failure> {
    let sql = "select person_id, quantity from group_buy_people
               where group_buy_id = $1 and person_id in";
    let end = format!("order by person_id{}", tx.lock());
    tx.all_in((sql, &[id.into()]), people, &end, |row| (row.get(0), row.get(1)))
}

/// What is left over of what was set aside for it, locked in the fixed order of variants.
pub fn left_overs_locked(
    tx: &mut Tx,
    id: Id<GroupBuy>,
) -> Result<Vec<(Id<Variant>, i64)>, Failure> {
    let sql = format!(
        "select variant_id, left_over from group_buy_variants
         where group_buy_id = $1 and left_over is not null order by variant_id{}",
        tx.lock()
    );
    tx.all(&sql, &[id.into()], |row| (row.get(0), row.get(1)))
}

/// Counts `n` more for the person, if their limit allows it.
pub fn count(
    tx: &mut Tx,
    id: Id<GroupBuy>,
    person: Id<Person>,
    n: i64,
    most: i64,
) -> Result<bool, Failure> {
    if n > most {
        return Ok(false);
    }
    planted!("naive_counter", {
        let quantity = holds(tx, id, person)? + n;
        tx.run(
            "insert into group_buy_people (group_buy_id, person_id, quantity, most)
             values ($1, $2, $3, $4)
             on conflict (group_buy_id, person_id) do update set quantity = excluded.quantity",
            &[id.into(), person.into(), quantity.into(), most.into()],
        )?;
        return Ok(quantity <= most);
    });
    let changed = tx.run(
        "insert into group_buy_people (group_buy_id, person_id, quantity, most)
         values ($1, $2, $3, $4)
         on conflict (group_buy_id, person_id) do update
         set quantity = group_buy_people.quantity + excluded.quantity
         where group_buy_people.quantity + excluded.quantity <= group_buy_people.most",
        &[id.into(), person.into(), n.into(), most.into()],
    )?;
    Ok(changed == 1)
}

pub fn uncount(tx: &mut Tx, id: Id<GroupBuy>, person: Id<Person>, n: i64) -> Result<(), Failure> {
    tx.run(
        "update group_buy_people set quantity = quantity - $3
         where group_buy_id = $1 and person_id = $2",
        &[id.into(), person.into(), n.into()],
    )?;
    Ok(())
}

/// Whether it has not ended. On PostgreSQL the row is shared until the commit, so that the end
/// waits for those who put something back.
pub fn is_on(tx: &mut Tx, id: Id<GroupBuy>) -> Result<bool, Failure> {
    let sql = format!("select status from group_buys where id = $1{}", tx.share());
    tx.one(&sql, &[id.into()], |row| status(row, 0) != Status::Ended)
}

/// Whether units were set aside for it, and whether its stock is counted.
pub fn source(
    tx: &mut Tx,
    id: Id<GroupBuy>,
    variant: Id<Variant>,
) -> Result<(bool, bool), Failure> {
    tx.one(
        "select g.quota is not null, v.tracked = 1 and v.oversell = 0
         from group_buy_variants g join variants v on v.id = g.variant_id
         where g.group_buy_id = $1 and g.variant_id = $2",
        &[id.into(), variant.into()],
        |row| (row.get(0), row.get(1)),
    )
}

pub fn take_set_aside(
    tx: &mut Tx,
    id: Id<GroupBuy>,
    variant: Id<Variant>,
    n: i64,
) -> Result<bool, Failure> {
    let changed = tx.run(
        "update group_buy_variants set left_over = left_over - $3
         where group_buy_id = $1 and variant_id = $2 and left_over >= $3",
        &[id.into(), variant.into(), n.into()],
    )?;
    Ok(changed == 1)
}

pub fn put_back(
    tx: &mut Tx,
    id: Id<GroupBuy>,
    variant: Id<Variant>,
    n: i64,
) -> Result<(), Failure> {
    tx.run(
        "update group_buy_variants set left_over = left_over + $3
         where group_buy_id = $1 and variant_id = $2",
        &[id.into(), variant.into(), n.into()],
    )?;
    Ok(())
}

pub fn left_over(tx: &mut Tx, id: Id<GroupBuy>, variant: Id<Variant>) -> Result<i64, Failure> {
    tx.one(
        "select coalesce(left_over, 0) from group_buy_variants
         where group_buy_id = $1 and variant_id = $2",
        &[id.into(), variant.into()],
        |row| row.get(0),
    )
}

pub fn price(
    tx: &mut Tx,
    id: Id<GroupBuy>,
    variant: Id<Variant>,
) -> Result<Option<Money>, Failure> {
    tx.maybe(
        "select g.price, v.currency from group_buy_variants g join variants v on v.id = g.variant_id
         where g.group_buy_id = $1 and g.variant_id = $2",
        &[id.into(), variant.into()],
        |row| money(row, 0, 1),
    )
}

pub fn ids(
    tx: &mut Tx,
    status: Option<Status>,
    before: Option<Id<GroupBuy>>,
    limit: i64,
) -> Result<Vec<Id<GroupBuy>>, Failure> {
    tx.all(
        "select id from group_buys where ($1 = '' or status = $1) and id < $2
         order by id desc limit $3",
        &[
            status.map_or("", Status::code).into(),
            before.map_or(i64::MAX, |id| id.0).into(),
            limit.into(),
        ],
        |row| row.get(0),
    )
}

pub fn running_ids(
    tx: &mut Tx,
    before: Option<Id<GroupBuy>>,
    limit: i64,
) -> Result<Vec<Id<GroupBuy>>, Failure> {
    tx.all(
        "select g.id from group_buys g join products p on p.id = g.product_id
         where g.status in ('running', 'scheduled') and g.starts_at <= $1 and g.ends_at > $1
           and p.status = 'active' and p.published = 1 and g.id < $2
         order by g.id desc limit $3",
        &[tx.now.into(), before.map_or(i64::MAX, |id| id.0).into(), limit.into()],
        |row| row.get(0),
    )
}

pub fn view(tx: &mut Tx, id: Id<GroupBuy>) -> Result<GroupBuyView, Failure> {
    let found = find(tx, id, "")?;
    let (title, version, handle, product_title, picture) = tx.one(
        "select g.title, g.version, p.handle, p.title,
                coalesce((select case when file is null then src
                          else '/files/' || coalesce(thumb, file) end
                  from pictures where product_id = p.id and state = 'stored'
                          order by position limit 1), '')
         from group_buys g join products p on p.id = g.product_id where g.id = $1",
        &[id.into()],
        |row| (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4)),
    )?;
    let status = found.status;
    Ok(GroupBuyView {
        id,
        title,
        status,
        product: found.product,
        handle,
        product_title,
        picture,
        starts_at: found.starts_at,
        ends_at: found.ends_at,
        settings: Settings::of(&found.terms),
        rules: rules_of(&found.terms),
        variants: variants(tx, id)?,
        results: results(tx, id)?,
        may_launch: status == Status::Draft,
        may_pause: matches!(status, Status::Running | Status::Scheduled),
        may_resume: status == Status::Paused,
        may_end: status != Status::Ended,
        version,
    })
}

fn variants(tx: &mut Tx, id: Id<GroupBuy>) -> Result<Vec<VariantView>, Failure> {
    tx.all(
        "select v.id, v.option1, v.option2, v.option3, g.price, v.price, v.currency, g.quota,
                g.left_over, s.available, v.tracked = 1 and v.oversell = 0, b.status = 'ended'
         from group_buy_variants g join variants v on v.id = g.variant_id
         join stock s on s.variant_id = v.id join group_buys b on b.id = g.group_buy_id
         where g.group_buy_id = $1 order by v.position, v.id",
        &[id.into()],
        |row| {
            let options: Vec<String> = (1..4)
                .map(|column| row.get::<String>(column))
                .filter(|text| !text.is_empty() && text != "Default Title")
                .collect();
            let (quota, counted, ended): (Option<i64>, bool, bool) =
                (row.get(7), row.get(10), row.get(11));
            let left = match (quota, ended) {
                (Some(_), false) => row.get(8),
                _ => counted.then(|| row.get(9)),
            };
            VariantView {
                variant: row.get(0),
                variant_title: options.join(" / "),
                price: money(row, 4, 6),
                ordinary_price: money(row, 5, 6),
                quota,
                left,
            }
        },
    )
}

fn results(tx: &mut Tx, id: Id<GroupBuy>) -> Result<Results, Failure> {
    let teams = tx.all(
        "select status, count(*) from teams where group_buy_id = $1 group by status",
        &[id.into()],
        |row| (row.get::<String>(0), row.get::<i64>(1)),
    )?;
    let count = |status: &str| teams.iter().find(|(one, _)| one == status).map_or(0, |one| one.1);
    let people = tx.one(
        "select count(*) from places p join teams t on t.id = p.team_id
         where t.group_buy_id = $1 and p.status = 'confirmed'",
        &[id.into()],
        |row| row.get(0),
    )?;
    let (revenue, refunded) = tx.one(
        "select coalesce(cast(sum(total - refunded) as bigint), 0),
                coalesce(cast(sum(refunded) as bigint), 0)
         from orders where group_buy_id = $1 and paid_at is not null and status <> 'refunding'",
        &[id.into()],
        |row| (row.get(0), row.get(1)),
    )?;
    Ok(Results {
        open: count("open"),
        succeeded: count("succeeded"),
        failed: count("failed"),
        people,
        revenue,
        refunded,
    })
}
