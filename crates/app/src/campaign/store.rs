//! The tables `campaigns`, `campaign_moves`, `campaign_stock`, `campaign_counts` and
//! `campaign_answers`, and the lists of people staff saved.

use domain::campaign::audience::SavedList;
use domain::campaign::limit::{Counts, Key, Limits, Reached};
use domain::campaign::{Campaign, Frame, Mechanic, NoEntry, Status};
use domain::catalog::Variant;
use domain::compliance::{Answer, Ground, Reduction, Signed};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::Money;
use domain::person::Person;
use domain::price::history::former;

use super::{Counted, Creative, Found, MoveView, Offered, PutCampaign};
use crate::db::{Insert, Row, Tx};
use crate::failure::Failure;
use crate::{price_history, reward, shop};

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
    put_offered(tx, campaign.id, &put.offered)
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

/// What it offers from now on; only before anything is set aside.
pub fn put_offered(tx: &mut Tx, id: Id<Campaign>, offered: &[Offered]) -> Result<(), Failure> {
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

/// The day a moment falls on, where the shop is.
fn day(now: Moment) -> Result<String, Failure> {
    Ok((now.plus(shop::zone_at(now)?).0.div_euclid(Span::days(1).0)).to_string())
}

/// What the variant costs alone, when it is for sale.
pub fn ordinary_price(tx: &mut Tx, variant: Id<Variant>) -> Result<Option<Money>, Failure> {
    tx.maybe(
        "select price, currency from variants where id = $1 and archived = 0",
        &[variant.into()],
        |row| reward::money(row, 0, 1),
    )
}

fn count_name(id: Id<Campaign>, scope: &str, key: &str) -> String {
    format!("campaign count {} {scope} {key}", id.0)
}

/// How often something was counted. Among others that are decided for it is as they left it.
fn count_of(tx: &mut Tx, id: Id<Campaign>, scope: &str, key: &str) -> Result<i64, Failure> {
    let name = count_name(id, scope, key);
    if let Some(count) = tx.recall(&name) {
        return Ok(count);
    }
    let count = counted(tx, id, (scope, key))?;
    if tx.gathers() {
        tx.keep_in_mind(name, count);
    }
    Ok(count)
}

/// Reads how often these people, and everybody, took part: what the decisions of a batch ask.
pub fn gather(tx: &mut Tx, id: Id<Campaign>, people: &[Id<Person>]) -> Result<(), Failure> {
    let today = day(tx.now)?;
    let mut keys = vec![("total", String::new())];
    for person in people {
        keys.push(("person", person.0.to_string()));
        keys.push(("day", format!("{} {today}", person.0)));
    }
    for (scope, key) in &keys {
        tx.keep_in_mind(count_name(id, scope, key), 0_i64);
    }
    let keys: Vec<String> = keys.into_iter().map(|(_, key)| key).collect();
    let sql = "select scope, key, count from campaign_counts
               where campaign_id = $1 and scope in ('person', 'day', 'total') and key in";
    let found = tx.all_in((sql, &[id.into()]), &keys, "", |row| {
        (row.get::<String>(0), row.get::<String>(1), row.get::<i64>(2))
    })?;
    for (scope, key, count) in found {
        tx.keep_in_mind(count_name(id, &scope, &key), count);
    }
    Ok(())
}

/// How often something was won already by somebody and all they look alike with.
pub fn counts(
    tx: &mut Tx,
    id: Id<Campaign>,
    person: Id<Person>,
    keys: &[(Key, String)],
) -> Result<Counts, Failure> {
    let own = person.0.to_string();
    let mut counts = Counts { person: count_of(tx, id, "person", &own)?, ..Counts::default() };
    for (key, value) in keys {
        counts.keys.push((*key, count_of(tx, id, key.code(), value)?));
    }
    counts.total = count_of(tx, id, "total", "")?;
    let today = format!("{own} {}", day(tx.now)?);
    counts.today = count_of(tx, id, "day", &today)?;
    Ok(counts)
}

/// Counts one more at every counter it is limited by, and says which they are. The counter decides,
/// whatever was read.
pub fn count(
    tx: &mut Tx,
    id: Id<Campaign>,
    limits: &Limits,
    person: Id<Person>,
    keys: &[(Key, String)],
) -> Result<Counted, Failure> {
    let own = person.0.to_string();
    let mut all =
        vec![("person", own.clone(), limits.per_person, Reached::Person(limits.per_person))];
    if let Some(most) = limits.per_day {
        all.push(("day", format!("{own} {}", day(tx.now)?), most, Reached::Today(most)));
    }
    for (key, value) in keys {
        let most = limits.per_cluster;
        all.push((key.code(), value.clone(), most, Reached::Cluster(*key, most)));
    }
    if let Some(most) = limits.total {
        all.push(("total", String::new(), most, Reached::Total(most)));
    }
    // One order for everybody, so that nobody waits for whoever waits for them.
    all.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
    let mut counted = Vec::new();
    for (scope, key, most, reached) in all {
        planted!("campaign_limit_looked_at", {
            let sql = "insert into campaign_counts (campaign_id, scope, key, count, most)
                 values ($1, $2, $3, 1, 9999999) on conflict (campaign_id, scope, key) do update
                 set count = campaign_counts.count + 1";
            tx.run(sql, &[id.into(), scope.into(), key.as_str().into()])?;
            continue;
        });
        if !count_one(tx, id, (scope, &key), most)? {
            return Err(NoEntry::Limit(reached).into());
        }
        counted.push((scope.to_string(), key));
    }
    Ok(Counted(counted))
}

/// One more at one counter, now or with the others of a batch; whether its most allows it.
fn count_one(
    tx: &mut Tx,
    id: Id<Campaign>,
    (scope, key): (&str, &str),
    most: i64,
) -> Result<bool, Failure> {
    static COUNTS: Insert = Insert {
        end: "on conflict (campaign_id, scope, key) do update
              set count = campaign_counts.count + excluded.count, most = excluded.most
              where campaign_counts.count + excluded.count <= excluded.most",
        unique: &[0, 1, 2],
        adds: &[3],
        must_count: true,
        ..Insert::new("campaign_counts (campaign_id, scope, key, count, most)", 5)
    };
    if !tx.gathers() {
        return count_up(tx, id, (scope, key), most);
    }
    let after = count_of(tx, id, scope, key)? + 1;
    if after > most {
        return Ok(false);
    }
    tx.keep_in_mind(count_name(id, scope, key), after);
    let row = vec![id.into(), scope.into(), key.into(), 1_i64.into(), most.into()];
    tx.add(&COUNTS, row)?;
    Ok(true)
}

/// One less at each of these.
pub fn count_back(tx: &mut Tx, id: Id<Campaign>, counted: &Counted) -> Result<(), Failure> {
    for (scope, key) in &counted.0 {
        tx.run(
            "update campaign_counts set count = count - 1
             where campaign_id = $1 and scope = $2 and key = $3 and count > 0",
            &[id.into(), scope.as_str().into(), key.as_str().into()],
        )?;
    }
    Ok(())
}

/// One more at each of these, as they were counted before; whether all of them allow it, else
/// nothing is counted.
pub fn count_again(tx: &mut Tx, id: Id<Campaign>, counted: &Counted) -> Result<bool, Failure> {
    let mut mosts = Vec::new();
    for (scope, key) in &counted.0 {
        let (count, most) = tx.one(
            "select count, most from campaign_counts
             where campaign_id = $1 and scope = $2 and key = $3",
            &[id.into(), scope.as_str().into(), key.as_str().into()],
            |row| (row.get::<i64>(0), row.get::<i64>(1)),
        )?;
        if count >= most {
            return Ok(false);
        }
        mosts.push(most);
    }
    for ((scope, key), most) in counted.0.iter().zip(mosts) {
        if !count_up(tx, id, (scope, key), most)? {
            return Err(tx.again());
        }
    }
    Ok(true)
}

/// Whether it has not ended. On PostgreSQL the row is shared until the commit, so that its end
/// waits for those who take or put back something of it.
pub fn is_on(tx: &mut Tx, id: Id<Campaign>) -> Result<bool, Failure> {
    let sql = format!("select status from campaigns where id = $1{}", tx.share());
    let status = tx.one(&sql, &[id.into()], |row| row.get::<String>(0))?;
    Ok(matches!(status.as_str(), "scheduled" | "running" | "paused"))
}

/// Counts one more of something a campaign limits by a rule of its own; whether it was allowed.
pub(crate) fn count_up(
    tx: &mut Tx,
    id: Id<Campaign>,
    (scope, key): (&str, &str),
    most: i64,
) -> Result<bool, Failure> {
    let counted = tx.run(
        "insert into campaign_counts (campaign_id, scope, key, count, most)
         values ($1, $2, $3, 1, $4)
         on conflict (campaign_id, scope, key) do update
         set count = campaign_counts.count + 1, most = $4
         where campaign_counts.count < $4",
        &[id.into(), scope.into(), key.into(), most.into()],
    )?;
    Ok(counted == 1)
}

/// How often something a campaign limits by a rule of its own was counted.
pub(crate) fn counted(
    tx: &mut Tx,
    id: Id<Campaign>,
    (scope, key): (&str, &str),
) -> Result<i64, Failure> {
    let count = tx.maybe(
        "select count from campaign_counts where campaign_id = $1 and scope = $2 and key = $3",
        &[id.into(), scope.into(), key.into()],
        |row| row.get(0),
    )?;
    Ok(count.unwrap_or(0))
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
pub fn entries(tx: &mut Tx, id: Id<Campaign>) -> Result<(i64, i64), Failure> {
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
pub fn reductions(tx: &mut Tx, found: &Found) -> Result<Vec<Reduction>, Failure> {
    let mut reductions = Vec::new();
    for one in offered(tx, found.id())? {
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

pub fn sku(tx: &mut Tx, variant: Id<Variant>) -> Result<String, Failure> {
    tx.one("select sku from variants where id = $1", &[variant.into()], |row| row.get(0))
}
