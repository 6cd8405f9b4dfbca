//! The table `campaign_counts`: how often something was won, by everything a limit is kept with.

use domain::campaign::limit::{Counts, Key, Limits, Reached};
use domain::campaign::{Campaign, NoEntry};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::person::Person;

use crate::campaign::Counted;
use crate::db::{Insert, Tx};
use crate::failure::Failure;
use crate::shop;

/// The day a moment falls on, where the shop is.
fn day(now: Moment) -> Result<String, Failure> {
    Ok((now.plus(shop::zone_at(now)?).0.div_euclid(Span::days(1).0)).to_string())
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
    // One order for everybody, so that nobody waits for whoever waits for them; one's own limit
    // is told before another's.
    all.sort_by(|one, other| {
        (one.0 != "person", one.0, &one.1).cmp(&(other.0 != "person", other.0, &other.1))
    });
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
