//! The check on real input: the public list of forbidden words, and the titles of a real catalogue.
//!
//! The files are kept beside the repository; where they are not, this is left out and says so.

use std::path::PathBuf;

use super::*;

fn file(name: &str) -> Option<String> {
    let shared = std::env::var("PINWHEEL_SHARED")
        .map(PathBuf::from)
        .unwrap_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let read = std::fs::read_to_string(shared.join("data").join(name)).ok();
    if read.is_none() {
        eprintln!("left out: {name} is not here (set PINWHEEL_SHARED)");
    }
    read
}

/// Every word of the list is found in a plain sentence; those the statute names block.
#[test]
fn the_public_list_of_words_is_found() {
    let Some(list) = file("ad_law_zh/terms.csv") else { return };
    let (mut missed, mut soft, mut all) = (Vec::new(), Vec::new(), 0);
    for line in list.lines().skip(1).filter(|line| !line.is_empty()) {
        let (term, basis) = line.split_once(',').unwrap();
        all += 1;
        let found = words(&format!("本品{term}，欢迎选购。"), &[]);
        if found.is_empty() {
            missed.push(term.to_string());
        } else if basis.starts_with("statute")
            && found.iter().all(|one| one.severity == Severity::Warn)
        {
            soft.push(term.to_string());
        }
    }
    eprintln!("forbidden words: {} of {all} found", all - missed.len());
    assert!(missed.is_empty() && soft.is_empty(), "missed {missed:?}, only warned {soft:?}");
}

/// One column of a table: a quoted field may span lines.
fn column(table: &str, wanted: usize) -> Vec<String> {
    let (mut cells, mut cell, mut quoted, mut at) = (Vec::new(), String::new(), false, 0);
    for c in table.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' | '\n' if !quoted => {
                if at == wanted && !cell.trim().is_empty() {
                    cells.push(std::mem::take(&mut cell));
                }
                cell.clear();
                at = if c == ',' { at + 1 } else { 0 };
            }
            c if at == wanted => cell.push(c),
            _ => (),
        }
    }
    cells.split_off(1.min(cells.len()))
}

/// Titles and lines somebody really sells with: how many are held up.
#[track_caller]
fn mostly_pass(name: &str, wanted: usize) {
    let Some(table) = file(name) else { return };
    let texts = column(&table, wanted);
    let (mut blocked, mut warned) = (0, 0);
    for text in &texts {
        let found = words(text, &[]);
        let blocks = found.iter().any(|one| one.severity == Severity::Block);
        blocked += usize::from(blocks);
        warned += usize::from(!blocks && !found.is_empty());
        if !found.is_empty() {
            eprintln!("{text}: {:?}", told(&found));
        }
    }
    eprintln!("{name}: of {} {blocked} blocked, {warned} with a warning", texts.len());
    assert!(texts.len() > 200, "{}", texts.len());
    assert!(blocked * 50 <= texts.len(), "more than two in a hundred are blocked");
}

#[test]
fn real_titles_mostly_pass() {
    mostly_pass("catalog_zh/products.csv", 1);
}

#[test]
fn real_lines_of_copy_mostly_pass() {
    mostly_pass("litemall_zh/goods.csv", 7);
}
