//! The tables `campaigns`, `campaign_moves`, `campaign_stock` and `campaign_answers`, and the lists
//! of people staff saved.

use std::collections::BTreeSet;

use domain::campaign::audience::SavedList;
use domain::campaign::{Campaign, Frame, Mechanic, Status};
use domain::catalog::{Product, Variant};
use domain::compliance::{Answer, Ground, Reduction, Signed};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::person::Person;
use domain::price::history::former;

use super::{Creative, Found, MoveView, Offered, PutCampaign, Terms};
use crate::db::{Row, Tx};
use crate::failure::Failure;
use crate::{price_history, reward};

mod counts;

pub use counts::{count, count_again, count_back, counts, gather};
pub(crate) use counts::{count_up, counted};

pub fn add(
    tx: &mut Tx,
    campaign: &Campaign,
    put: &PutCampaign,
    by: Id<Person>,
) -> Result<(), Failure> {
    tx.run(
        "insert into campaigns (id, mechanic, status, title, starts_at, ends_at, frame, terms,
                                copy, picture, version, created_by, created_at, updated_at)
         values ($1, $2, 'draft', $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $11)",
        &[
            campaign.id.into(),
            campaign.mechanic.code().into(),
            campaign.frame.title.as_str().into(),
            campaign.starts_at.into(),
            campaign.ends_at.into(),
            serde_json::to_string(&campaign.frame)?.into(),
            serde_json::to_string(&put.terms)?.into(),
            put.creative.copy.as_str().into(),
            put.creative.picture.as_str().into(),
            by.into(),
            tx.now.into(),
        ],
    )?;
    put_offered(tx, campaign, &put.offered)
}

/// The products these variants are of.
pub fn products_of(tx: &mut Tx, offered: &[Offered]) -> Result<BTreeSet<Id<Product>>, Failure> {
    let mut products = BTreeSet::new();
    for one in offered {
        let sql = "select product_id from variants where id = $1";
        products.extend(tx.maybe(sql, &[one.variant.into()], |row| row.get::<Id<Product>>(0))?);
    }
    Ok(products)
}

pub fn change(tx: &mut Tx, campaign: &Campaign, put: &PutCampaign) -> Result<(), Failure> {
    tx.run(
        "update campaigns set title = $2, starts_at = $3, ends_at = $4, frame = $5, terms = $6,
                copy = $7, picture = $8, version = version + 1, updated_at = $9 where id = $1",
        &[
            campaign.id.into(),
            campaign.frame.title.as_str().into(),
            campaign.starts_at.into(),
            campaign.ends_at.into(),
            serde_json::to_string(&campaign.frame)?.into(),
            serde_json::to_string(&put.terms)?.into(),
            put.creative.copy.as_str().into(),
            put.creative.picture.as_str().into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

/// What it offers from now on; only before anything is set aside, and before anybody could buy of
/// it.
pub fn put_offered(tx: &mut Tx, campaign: &Campaign, offered: &[Offered]) -> Result<(), Failure> {
    let id = campaign.id;
    tx.run("delete from campaign_stock where campaign_id = $1", &[id.into()])?;
    for one in offered {
        tx.run(
            "insert into campaign_stock (campaign_id, variant_id, price, quota, left_over)
             values ($1, $2, $3, $4, $5)",
            &[
                id.into(),
                one.variant.into(),
                one.price.into(),
                one.quota.into(),
                one.quota.map(|_| 0).into(),
            ],
        )?;
    }
    // A group buy is of whatever it offers.
    if campaign.mechanic == Mechanic::GroupBuy {
        tx.run(
            "insert into group_buys (id, product_id)
             select s.campaign_id, max(v.product_id) from campaign_stock s
             join variants v on v.id = s.variant_id where s.campaign_id = $1 group by s.campaign_id
             on conflict (id) do update set product_id = excluded.product_id",
            &[id.into()],
        )?;
    }
    Ok(())
}

pub fn offered(tx: &mut Tx, id: Id<Campaign>) -> Result<Vec<Offered>, Failure> {
    tx.all(
        "select variant_id, price, quota from campaign_stock where campaign_id = $1
         order by variant_id",
        &[id.into()],
        |row| Offered {
            variant: row.get(0),
            price: row.get::<Option<i64>>(1).unwrap_or(0),
            quota: row.get(2),
        },
    )
}

const COLUMNS: &str = "id, mechanic, status, starts_at, ends_at, frame, terms, copy, picture,
    waiting, version";

type Raw = (Campaign, String, String, Creative, i64, i64);

fn raw(row: &Row) -> Raw {
    let (mechanic, status): (String, String) = (row.get(1), row.get(2));
    let campaign = Campaign {
        id: row.get(0),
        mechanic: Mechanic::parse(&mechanic).expect("the table holds known mechanics"),
        status: Status::parse(&status).expect("the table holds known states"),
        starts_at: row.get(3),
        ends_at: row.get(4),
        frame: Frame::usual(Mechanic::Promotion, "", None),
    };
    let creative = Creative { copy: row.get(7), picture: row.get(8) };
    (campaign, row.get(5), row.get(6), creative, row.get(9), row.get(10))
}

fn whole((campaign, frame, terms, creative, waiting, version): Raw) -> Result<Found, Failure> {
    let campaign = Campaign { frame: serde_json::from_str(&frame)?, ..campaign };
    Ok(Found { campaign, terms: serde_json::from_str(&terms)?, creative, waiting, version })
}

pub fn find(tx: &mut Tx, id: Id<Campaign>, lock: &str) -> Result<Found, Failure> {
    let sql = format!("select {COLUMNS} from campaigns where id = $1{lock}");
    whole(tx.one(&sql, &[id.into()], raw)?)
}

/// Those shoppers were promised and that are not over by what was written down, the one that ends
/// first in front.
pub fn published(tx: &mut Tx, mechanic: Option<Mechanic>) -> Result<Vec<Found>, Failure> {
    let of = mechanic.map_or("", Mechanic::code);
    let sql = format!(
        "select {COLUMNS} from campaigns where status in ('scheduled', 'running', 'paused')
           and ($1 = '' or mechanic = $1) order by ends_at, id limit 200"
    );
    let all = tx.all(&sql, &[of.into()], raw)?;
    all.into_iter().map(whole).collect()
}

/// For staff, the newest first.
pub fn list(
    tx: &mut Tx,
    (mechanic, status): (Option<Mechanic>, Option<Status>),
    before: i64,
    limit: i64,
) -> Result<Vec<Found>, Failure> {
    let sql = format!(
        "select {COLUMNS} from campaigns where id < $1 and ($2 = '' or mechanic = $2)
           and ($3 = '' or status = $3) order by id desc limit $4"
    );
    let (mechanic, status) = (mechanic.map_or("", Mechanic::code), status.map_or("", Status::code));
    let all = tx.all(&sql, &[before.into(), mechanic.into(), status.into(), limit.into()], raw)?;
    all.into_iter().map(whole).collect()
}

/// Those whose time lies, in part, between two moments: what a calendar shows.
pub fn between(tx: &mut Tx, from: Moment, until: Moment) -> Result<Vec<Found>, Failure> {
    let sql = format!(
        "select {COLUMNS} from campaigns where starts_at < $2 and ends_at > $1
         order by starts_at, id limit 500"
    );
    let all = tx.all(&sql, &[from.into(), until.into()], raw)?;
    all.into_iter().map(whole).collect()
}

pub fn set_status(
    tx: &mut Tx,
    id: Id<Campaign>,
    (from, to): (Option<Status>, Status),
    actor: Option<Id<Person>>,
    reason: &str,
) -> Result<(), Failure> {
    tx.run(
        "update campaigns set status = $2, version = version + 1, updated_at = $3 where id = $1",
        &[id.into(), to.code().into(), tx.now.into()],
    )?;
    tx.run(
        "insert into campaign_moves (campaign_id, seq, from_status, to_status, actor_id, reason, at)
         select $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5, $6
         from campaign_moves where campaign_id = $1",
        &[
            id.into(),
            from.map(Status::code).into(),
            to.code().into(),
            actor.into(),
            reason.into(),
            tx.now.into(),
        ],
    )?;
    Ok(())
}

/// Nothing more is promised.
pub fn set_closed(tx: &mut Tx, id: Id<Campaign>) -> Result<(), Failure> {
    tx.run("update campaigns set closed = 1 where id = $1", &[id.into()])?;
    Ok(())
}

pub fn moves(tx: &mut Tx, id: Id<Campaign>) -> Result<Vec<MoveView>, Failure> {
    tx.all(
        "select from_status, to_status, actor_id, reason, at from campaign_moves
         where campaign_id = $1 order by seq",
        &[id.into()],
        |row| {
            let status = |code: String| Status::parse(&code).expect("the table holds known states");
            MoveView {
                from: row.get::<Option<String>>(0).map(status),
                to: status(row.get(1)),
                actor: row.get(2),
                reason: row.get(3),
                at: row.get(4),
            }
        },
    )
}

/// What the variant costs alone, when it is for sale.
pub fn ordinary_price(tx: &mut Tx, variant: Id<Variant>) -> Result<Option<Money>, Failure> {
    tx.maybe(
        "select price, currency from variants where id = $1 and archived = 0",
        &[variant.into()],
        |row| reward::money(row, 0, 1),
    )
}

/// Whether it has not ended. On PostgreSQL the row is shared until the commit, so that its end
/// waits for those who take or put back something of it.
pub fn is_on(tx: &mut Tx, id: Id<Campaign>) -> Result<bool, Failure> {
    let sql = format!("select status from campaigns where id = $1{}", tx.share());
    let status = tx.one(&sql, &[id.into()], |row| row.get::<String>(0))?;
    Ok(matches!(status.as_str(), "scheduled" | "running" | "paused"))
}

pub fn quotas(tx: &mut Tx, id: Id<Campaign>) -> Result<Vec<(Id<Variant>, i64)>, Failure> {
    tx.all(
        "select variant_id, quota from campaign_stock
         where campaign_id = $1 and quota is not null order by variant_id",
        &[id.into()],
        |row| (row.get(0), row.get(1)),
    )
}

pub fn set_left_over(
    tx: &mut Tx,
    id: Id<Campaign>,
    variant: Id<Variant>,
    left_over: i64,
) -> Result<(), Failure> {
    tx.run(
        "update campaign_stock set left_over = $3 where campaign_id = $1 and variant_id = $2",
        &[id.into(), variant.into(), left_over.into()],
    )?;
    Ok(())
}

/// Empties what is left over and says what it was.
pub fn take_left_over(tx: &mut Tx, id: Id<Campaign>) -> Result<Vec<(Id<Variant>, i64)>, Failure> {
    let sql = format!(
        "select variant_id, left_over from campaign_stock
         where campaign_id = $1 and left_over > 0 order by variant_id{}",
        tx.lock()
    );
    let left = tx.all(&sql, &[id.into()], |row| (row.get(0), row.get(1)))?;
    tx.run(
        "update campaign_stock set left_over = 0 where campaign_id = $1 and left_over > 0",
        &[id.into()],
    )?;
    Ok(left)
}

pub fn add_answer(tx: &mut Tx, id: Id<Campaign>, answer: &Answer) -> Result<(), Failure> {
    let row: Id<Campaign> = tx.id();
    tx.run(
        "insert into campaign_answers (id, campaign_id, rule, field, about, sentence, ground,
                                       evidence, by_id, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            row.into(),
            id.into(),
            answer.rule.as_str().into(),
            answer.field.as_str().into(),
            answer.about.as_str().into(),
            answer.sentence.as_str().into(),
            answer.ground.code().into(),
            serde_json::to_string(&answer.evidence)?.into(),
            answer.signed.by.into(),
            answer.signed.at.into(),
        ],
    )?;
    Ok(())
}

pub fn answers(tx: &mut Tx, id: Id<Campaign>) -> Result<Vec<Answer>, Failure> {
    tx.all(
        "select rule, field, about, sentence, ground, evidence, by_id, at from campaign_answers
         where campaign_id = $1 order by id",
        &[id.into()],
        |row| Answer {
            rule: row.get(0),
            field: row.get(1),
            about: row.get(2),
            sentence: row.get(3),
            ground: Ground::parse(&row.get::<String>(4)).expect("the table holds known grounds"),
            evidence: serde_json::from_str(&row.get::<String>(5)).unwrap_or_default(),
            signed: Signed { by: row.get(6), at: row.get(7) },
        },
    )
}

pub fn lists_of(tx: &mut Tx, person: Id<Person>) -> Result<Vec<Id<SavedList>>, Failure> {
    let sql = "select list_id from saved_list_people where person_id = $1";
    tx.all(sql, &[person.into()], |row| row.get(0))
}

/// Who took part, and how often in all.
pub fn entries(tx: &mut Tx, campaign: &Campaign) -> Result<(i64, i64), Failure> {
    let id = campaign.id;
    if campaign.mechanic == Mechanic::GroupBuy {
        // Where nobody is limited nobody is counted: whoever paid took part.
        let sql = "select count(distinct person_id), count(*) from orders
                   where group_buy_id = $1 and paid_at is not null and status <> 'late_paid'";
        return tx.one(sql, &[id.into()], |row| (row.get(0), row.get(1)));
    }
    tx.one(
        "select count(*), coalesce(cast(sum(count) as bigint), 0) from campaign_counts
         where campaign_id = $1 and scope = 'person' and count > 0",
        &[id.into()],
        |row| (row.get(0), row.get(1)),
    )
}

/// Names that goods are sold under: what they say is no claim.
pub fn brands(tx: &mut Tx) -> Result<Vec<String>, Failure> {
    let sql = "select distinct vendor from products where vendor <> '' order by vendor limit 500";
    tx.all(sql, &[], |row| row.get(0))
}

/// The prices it shows as reduced, with what was charged before.
pub fn reductions(
    tx: &mut Tx,
    found: &Found,
    offered: &[Offered],
) -> Result<Vec<Reduction>, Failure> {
    // What is had for points is not cheaper, and what costs less together can be bought alone now:
    // what it costs alone is said, and no former price is struck.
    if matches!(found.terms, Terms::PointsShop(_) | Terms::GroupBuy(_)) {
        return Ok(Vec::new());
    }
    let mut reductions = Vec::new();
    for one in offered {
        let Some(ordinary) = ordinary_price(tx, one.variant)? else { continue };
        let past = price_history::charged(tx, one.variant, ordinary.currency)?;
        // What it cost alone is struck through only where that can be shown (`former`).
        let claimed = former(ordinary.minor, one.price, found.campaign.starts_at, &past);
        reductions.push(Reduction {
            variant: one.variant,
            price: one.price,
            claimed: claimed.unwrap_or(ordinary.minor),
            begins: found.campaign.starts_at,
            past,
        });
    }
    Ok(reductions)
}

/// The variant that is sold under a SKU; nothing when none is, or several are.
pub fn by_sku(tx: &mut Tx, sku: &str) -> Result<Option<Id<Variant>>, Failure> {
    let sql = "select id from variants where sku = $1 and archived = 0 limit 2";
    let found = tx.all(sql, &[sku.into()], |row| row.get(0))?;
    Ok(if found.len() == 1 { found.first().copied() } else { None })
}

/// A variant by the name of its product and its own.
pub fn goods_named(tx: &mut Tx, variant: Id<Variant>) -> Result<String, Failure> {
    tx.one(
        "select p.title, v.title from variants v join products p on p.id = v.product_id
         where v.id = $1",
        &[variant.into()],
        |row| {
            let (product, variant): (String, String) = (row.get(0), row.get(1));
            format!("{product} {variant}").trim().to_string()
        },
    )
}

pub fn sku(tx: &mut Tx, variant: Id<Variant>) -> Result<String, Failure> {
    tx.one("select sku from variants where id = $1", &[variant.into()], |row| row.get(0))
}
