//! What our own books have for a statement: payments of orders and top-ups of wallets that came
//! through its provider, and what went back of them. What came from a wallet or by hand is on
//! nobody's statement.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{Id, Kind as IdKind};
use domain::moment::Moment;
use domain::money::{Currency, Money};
use domain::order::Order;
use domain::payment::{Payment, Refund};
use domain::reconciliation::{Kind, Line, Ours, Reconciliation};
use domain::wallet::{TopUp, TopUpRefund};

use super::store;
use crate::db::{Row, Tx, Value};
use crate::failure::Failure;

/// What a row of ours comes to, and whose order it is, if it is one's.
pub type Entry = (Ours, Option<Id<Order>>);

/// One table of ours: what kind of movement its rows are, and which of them are done and when.
struct Source {
    kind: Kind,
    /// Id, the provider's name for it, amount, currency, state, when it began, when it was done,
    /// the order; from where; `$1` is the provider.
    sql: &'static str,
    /// When it is done.
    done: &'static str,
    id: &'static str,
    at: &'static str,
    /// How a name of ours is read, and how it is written.
    parse: fn(&str) -> Option<i64>,
    write: fn(i64) -> String,
}

fn number<T: IdKind>(name: &str) -> Option<i64> {
    Id::<T>::parse(name).map(|id| id.0)
}

fn name<T: IdKind>(number: i64) -> String {
    Id::<T>::new(number).to_string()
}

const SOURCES: [Source; 4] = [
    Source {
        kind: Kind::Payment,
        sql: "select id, theirs, amount, currency, status, created_at, updated_at, order_id
              from payments where provider = $1",
        done: "status = 'captured'",
        id: "id",
        at: "updated_at",
        parse: number::<Payment>,
        write: name::<Payment>,
    },
    Source {
        kind: Kind::Payment,
        sql: "select id, theirs, amount, currency, status, created_at,
                     coalesce(captured_at, updated_at), cast(null as bigint)
              from top_ups where provider = $1",
        done: "status = 'captured'",
        id: "id",
        at: "captured_at",
        parse: number::<TopUp>,
        write: name::<TopUp>,
    },
    Source {
        kind: Kind::Refund,
        sql: "select r.id, r.provider_reference, r.amount, r.currency, r.status, r.created_at,
                     r.updated_at, r.order_id
              from refunds r join payments p on p.id = r.payment_id where p.provider = $1",
        done: "r.status = 'succeeded'",
        id: "r.id",
        at: "r.updated_at",
        parse: number::<Refund>,
        write: name::<Refund>,
    },
    Source {
        kind: Kind::Refund,
        sql: "select f.id, f.provider_reference, f.amount, t.currency, f.status, f.created_at,
                     f.updated_at, cast(null as bigint)
              from top_up_refunds f join top_ups t on t.id = f.top_up_id where t.provider = $1",
        done: "f.status = 'succeeded'",
        id: "f.id",
        at: "f.updated_at",
        parse: number::<TopUpRefund>,
        write: name::<TopUpRefund>,
    },
];

impl Source {
    fn entry(&self, row: &Row) -> (i64, Entry) {
        let currency = Currency::parse(&row.get::<String>(3)).expect("the table holds known ones");
        let id = row.get(0);
        let ours = Ours {
            kind: self.kind,
            reference: (self.write)(id),
            theirs: row.get::<Option<String>>(1).unwrap_or_default(),
            amount: Money::new(row.get(2), currency),
            from: row.get(5),
            to: row.get(6),
            done: matches!(row.get::<String>(4).as_str(), "captured" | "succeeded"),
            elsewhere: false,
        };
        (id, (ours, row.get(7)))
    }

    /// What was done in the window, and what the lines name, of whatever day and state.
    fn read(
        &self,
        tx: &mut Tx,
        provider: &str,
        (from, to): (Moment, Moment),
        lines: &[Line],
    ) -> Result<BTreeMap<i64, Entry>, Failure> {
        let Source { sql, done, id, at, .. } = self;
        let window: [Value; 3] = [provider.into(), from.into(), to.into()];
        let within = format!("{sql} and {done} and {at} >= $2 and {at} < $3");
        let found = tx.all(&within, &window, |row| self.entry(row))?;
        let mut found: BTreeMap<i64, Entry> = found.into_iter().collect();
        let named: BTreeSet<i64> = lines
            .iter()
            .filter(|line| line.kind == self.kind)
            .filter_map(|line| (self.parse)(&line.reference))
            .filter(|id| !found.contains_key(id))
            .collect();
        let named = Vec::from_iter(named);
        let sql = format!("{sql} and {id} in");
        found.extend(tx.all_in((&sql, &[provider.into()]), &named, "", |row| self.entry(row))?);
        Ok(found)
    }
}

/// All of ours that were done in the window, and all that the lines name.
pub fn ours(
    tx: &mut Tx,
    provider: &str,
    statement: Id<Reconciliation>,
    window: (Moment, Moment),
    lines: &[Line],
) -> Result<Vec<Entry>, Failure> {
    let mut all: Vec<Entry> = Vec::new();
    for source in &SOURCES {
        all.extend(source.read(tx, provider, window, lines)?.into_values());
    }
    let seen = store::elsewhere(tx, provider, statement, &all)?;
    for (ours, _) in &mut all {
        ours.elsewhere = seen.contains(&(ours.kind, ours.reference.clone()));
    }
    Ok(all)
}
