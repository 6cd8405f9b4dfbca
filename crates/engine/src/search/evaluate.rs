//! How good the search is, on queries whose right answers are known.

use std::collections::BTreeMap;

use super::Query;
use super::index::Index;

/// A query and the documents that answer it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub query: String,
    /// What is tried: `typo-swap`, `pinyin-initials`.
    pub kind: String,
    pub relevant: Vec<i64>,
}

/// How queries of a kind did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quality {
    pub queries: usize,
    /// The share of queries with a right answer among the first ten.
    pub hit: f64,
    /// The mean of one over the place of the first right answer; nothing from the eleventh on.
    pub mrr: f64,
}

/// How an index did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    pub all: Quality,
    pub kinds: BTreeMap<String, Quality>,
    /// The queries without a right answer among the first ten.
    pub missed: Vec<Judged>,
}

/// How many answers are looked at.
pub const PAGE: usize = 10;

/// Asks every query and says how good the answers were.
pub fn evaluate(index: &Index, judged: &[Judged]) -> Report {
    let mut report = Report::default();
    for query in judged {
        let found = index.search(&Query { limit: PAGE, ..Query::of(&query.query) });
        let place = found.hits.iter().position(|hit| query.relevant.contains(&hit.id));
        report.all.count(place);
        report.kinds.entry(query.kind.clone()).or_default().count(place);
        if place.is_none() {
            report.missed.push(query.clone());
        }
    }
    report.all.average();
    report.kinds.values_mut().for_each(Quality::average);
    report
}

impl Quality {
    fn count(&mut self, place: Option<usize>) {
        self.queries += 1;
        if let Some(place) = place {
            self.hit += 1.0;
            self.mrr += 1.0 / (place + 1) as f64;
        }
    }

    fn average(&mut self) {
        let queries = self.queries.max(1) as f64;
        self.hit /= queries;
        self.mrr /= queries;
    }
}
