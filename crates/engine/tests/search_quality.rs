//! The search on real catalogues with judged queries: quality may rise and not fall.
//!
//! The files are kept beside the repository; where they are not, this is left out and says so.
#![allow(clippy::disallowed_types, reason = "measures of quality are fractions")]

use std::collections::HashMap;
use std::path::PathBuf;

use engine::search::evaluate::{Judged, Report, evaluate};
use engine::search::{Document, Index, Query};

fn folder() -> Option<PathBuf> {
    let shared = std::env::var("PINWHEEL_SHARED")
        .map(PathBuf::from)
        .unwrap_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    Some(shared.join("data/search_tests")).filter(|folder| folder.exists())
}

fn rows(file: &str, delimiter: u8) -> Option<Vec<csv::StringRecord>> {
    let path = folder()?.join(file);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_path(path).unwrap();
    Some(reader.records().map(|record| record.unwrap()).collect())
}

/// A catalogue with its ids as numbers, and the judged queries over it.
fn judged(
    catalogue: &str,
    queries: &str,
    document: fn(&csv::StringRecord) -> Document,
) -> Option<(Index, Vec<Judged>)> {
    let rows_of_goods = rows(catalogue, b',')?;
    let ids: HashMap<String, i64> =
        rows_of_goods.iter().enumerate().map(|(id, row)| (row[0].to_string(), id as i64)).collect();
    let documents = rows_of_goods.iter().map(|row| Document { id: ids[&row[0]], ..document(row) });
    let index = Index::build(documents);
    let judged = rows(queries, b'\t')?.into_iter().map(|row| Judged {
        query: row[0].to_string(),
        kind: row[1].to_string(),
        relevant: row[3].split('|').map(|id| ids[id]).collect(),
    });
    Some((index, judged.collect()))
}

fn english(row: &csv::StringRecord) -> Document {
    let sold = row[3].parse().unwrap();
    Document { title: row[1].into(), sold, ..Document::default() }
}

fn chinese(row: &csv::StringRecord) -> Document {
    Document { title: row[1].into(), brief: row[2].into(), ..Document::default() }
}

#[track_caller]
fn check(name: &str, judged: Option<(Index, Vec<Judged>)>, hit: f64, mrr: f64) {
    let Some((index, judged)) = judged else {
        eprintln!("left out: the judged queries are not here (set PINWHEEL_SHARED)");
        return;
    };
    let report: Report = evaluate(&index, &judged);
    for (kind, quality) in &report.kinds {
        eprintln!("{name} {kind}: hit {:.4} mrr {:.4}", quality.hit, quality.mrr);
    }
    eprintln!("{name}: hit {:.4} mrr {:.4}", report.all.hit, report.all.mrr);
    for missed in &report.missed {
        let found = index.search(&Query { limit: 4, ..Query::of(&missed.query) });
        let titles: Vec<&str> = found.hits.iter().filter_map(|hit| index.title(hit.id)).collect();
        eprintln!("missed: {} ({}), found {}", missed.query, missed.kind, titles.join("; "));
    }
    assert!(report.all.hit >= hit && report.all.mrr >= mrr, "{name}: {:?}", report.all);
}

#[test]
fn misspelt_english_is_found() {
    let judged = judged("catalog_en_online_retail.csv", "en_typo.dev.tsv", english);
    check("English", judged, 0.99, 0.97);
}

#[test]
fn chinese_is_found_by_sound_and_initials() {
    let judged = judged("catalog_zh_litemall.csv", "zh_pinyin.dev.tsv", chinese);
    check("Chinese", judged, 0.97, 0.88);
}
