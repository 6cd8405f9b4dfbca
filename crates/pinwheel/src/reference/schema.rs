//! The tables, as the migrations make them.

use super::{cell, opening};

pub fn page() -> String {
    let mut page = opening("Schema", "developers and hosts");
    page.push_str(
        "Moments are microseconds of UTC, amounts minor units, switches 0 or 1, on both databases \
         (SQLite says `integer` for `bigint` and `blob` for `bytea`). Only a context's `store.rs` \
         knows its tables; what must hold between them is checked by `pinwheel audit`.\n",
    );
    for (name, sql) in app::db::migrate::scripts() {
        page.push_str(&format!("\n## {name}\n"));
        step(&mut page, &sql);
    }
    page
}

/// The tables of one migration, each with the comment above it.
fn step(page: &mut String, sql: &str) {
    let mut said = String::new();
    let mut lines = sql.lines();
    // The first comment is about the whole step.
    let mut first = true;
    while let Some(line) = lines.next() {
        if let Some(comment) = line.strip_prefix("--") {
            said.push_str(comment.trim());
            said.push(' ');
        } else if let Some(table) = line.strip_prefix("create table ") {
            let name = table.split([' ', '(']).next().unwrap_or_default();
            page.push_str(&format!("\n### {name}\n\n"));
            if !said.is_empty() {
                page.push_str(&format!("{}\n\n", said.trim()));
            }
            page.push_str("| column | type and rules | meaning |\n| --- | --- | --- |\n");
            columns(page, &mut lines);
            said.clear();
        } else {
            if first && line.is_empty() && !said.is_empty() {
                page.push_str(&format!("\n{}\n", said.trim()));
            }
            first &= said.is_empty();
            said.clear();
        }
    }
}

/// A table's columns up to its closing bracket; a comment is about the column below it.
fn columns<'a>(page: &mut String, lines: &mut impl Iterator<Item = &'a str>) {
    let mut said = String::new();
    let mut column = String::new();
    for line in lines.take_while(|line| !line.starts_with(')')) {
        let text = line.trim();
        if let Some(comment) = text.strip_prefix("--") {
            said.push_str(comment);
            continue;
        }
        column.push_str(text);
        column.push(' ');
        let open = column.matches('(').count() > column.matches(')').count();
        // The last column has no comma: it is taken up below.
        if open || !text.ends_with(',') {
            continue;
        }
        write_column(page, column.trim().trim_end_matches(','), &said);
        said.clear();
        column.clear();
    }
    if !column.is_empty() {
        write_column(page, column.trim(), &said);
    }
}

fn write_column(page: &mut String, column: &str, said: &str) {
    let (name, rules) = column.split_once(' ').unwrap_or((column, ""));
    let rule_words = ["check", "primary", "unique", "foreign", "constraint"];
    if rule_words.iter().any(|word| name.starts_with(word)) {
        page.push_str(&format!("| | {} | {} |\n", cell(column), cell(said)));
    } else {
        page.push_str(&format!("| `{name}` | {} | {} |\n", cell(rules), cell(said)));
    }
}
