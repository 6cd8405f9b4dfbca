//! The table `group_buys`, and what is read of the campaigns that are group buys.

use domain::campaign::Status;
use domain::catalog::{Product, Variant};
use domain::group_buy::{GroupBuy, Team};
use domain::id::Id;
use domain::money::Money;

use super::{Found, GroupBuyView, Results, Settings, VariantView, rules_of};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{campaign, reward};

/// What a group buy is of.
pub fn product(tx: &mut Tx, id: Id<GroupBuy>) -> Result<Id<Product>, Failure> {
    tx.one("select product_id from group_buys where id = $1", &[id.into()], |row| row.get(0))
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
        |row| reward::money(row, 0, 1),
    )
}

pub fn open_teams(tx: &mut Tx, id: Id<GroupBuy>) -> Result<Vec<Id<Team>>, Failure> {
    tx.all(
        "select id from teams where group_buy_id = $1 and status in ('open', 'forming')
         order by id",
        &[id.into()],
        |row| row.get(0),
    )
}

pub fn ids(
    tx: &mut Tx,
    status: Option<Status>,
    before: Option<Id<GroupBuy>>,
    limit: i64,
) -> Result<Vec<Id<GroupBuy>>, Failure> {
    tx.all(
        "select id from campaigns where mechanic = 'group_buy' and ($1 = '' or status = $1)
           and id < $2 order by id desc limit $3",
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
         join campaigns c on c.id = g.id
         where c.status in ('running', 'scheduled') and c.starts_at <= $1 and c.ends_at > $1
           and p.status = 'active' and p.published = 1 and g.id < $2
         order by g.id desc limit $3",
        &[tx.now.into(), before.map_or(i64::MAX, |id| id.0).into(), limit.into()],
        |row| row.get(0),
    )
}

pub fn view(tx: &mut Tx, found: &Found) -> Result<GroupBuyView, Failure> {
    let id = found.id;
    let (handle, product_title, picture) = tx.one(
        "select p.handle, p.title,
                coalesce((select case when file is null then src
                          else '/files/' || coalesce(thumb, file) end
                  from pictures where product_id = p.id and state = 'stored'
                          order by position limit 1), '')
         from products p where p.id = $1",
        &[found.product.into()],
        |row| (row.get(0), row.get(1), row.get(2)),
    )?;
    let campaign = &found.campaign.campaign;
    let status = campaign.status_at(tx.now);
    Ok(GroupBuyView {
        id,
        campaign: campaign.id,
        title: campaign.frame.title.clone(),
        status,
        product: found.product,
        handle,
        product_title,
        picture,
        starts_at: campaign.starts_at,
        ends_at: campaign.ends_at,
        settings: Settings::of(&found.terms),
        rules: rules_of(&found.terms),
        variants: variants(tx, id)?,
        results: results(tx, id)?,
        may_launch: campaign::Step::Launch.fits(status),
        may_pause: campaign::Step::Pause.fits(status),
        may_resume: campaign::Step::Resume.fits(status),
        may_end: campaign::Step::End.fits(status),
        version: found.campaign.version,
    })
}

fn variants(tx: &mut Tx, id: Id<GroupBuy>) -> Result<Vec<VariantView>, Failure> {
    tx.all(
        "select v.id, v.option1, v.option2, v.option3, g.price, v.price, v.currency, g.quota,
                g.left_over, s.available, v.tracked = 1 and v.oversell = 0,
                c.status in ('ended', 'evaluated')
         from campaign_stock g join variants v on v.id = g.variant_id
         join stock s on s.variant_id = v.id join campaigns c on c.id = g.campaign_id
         where g.campaign_id = $1 order by v.position, v.id",
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
                price: reward::money(row, 4, 6),
                ordinary_price: reward::money(row, 5, 6),
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
