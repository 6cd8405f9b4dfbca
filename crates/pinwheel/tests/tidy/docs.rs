//! The documents hold together: links lead somewhere, generated pages are the program's own.

use std::process::Command;

use crate::none;
use crate::reading::{files, read, root};

/// The targets of `[text](target)` outside code blocks.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        }
        if code {
            continue;
        }
        for part in line.split("](").skip(1) {
            if let Some((target, _)) = part.split_once(')') {
                found.push(target.split_whitespace().next().unwrap_or_default().to_string());
            }
        }
    }
    found
}

/// The anchors of a page's headings, as forges make them.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.collect::<String>().replace(' ', "-")
        })
        .collect()
}

#[test]
fn links_lead_somewhere() {
    let mut faults = Vec::new();
    for file in files(&["md"]) {
        let text = read(&file);
        for target in links(&text) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let to = if path.is_empty() {
                file.clone()
            } else {
                file.parent().map(|folder| folder.join(path)).unwrap_or_default()
            };
            if !to.exists() {
                faults.push(format!("{}: {target} leads nowhere", file.display()));
            } else if !anchor.is_empty() && !anchors(&read(&to)).contains(&anchor.to_string()) {
                faults.push(format!("{}: {target} names no heading", file.display()));
            }
        }
    }
    none(faults);
}

/// Every page under docs/ can be reached from docs/README.md's folders by a link of some page.
#[test]
fn every_document_is_linked() {
    let docs = root().join("docs");
    let all = files(&["md"]);
    let mut reached = Vec::new();
    for file in &all {
        for target in links(&read(file)) {
            let path = target.split('#').next().unwrap_or_default();
            let to = file.parent().map(|folder| folder.join(path)).unwrap_or_default();
            reached.extend(to.canonicalize());
        }
    }
    let lonely = all.iter().filter(|file| file.starts_with(&docs) && !reached.contains(file));
    none(lonely.map(|file| format!("{}: nothing links to it", file.display())).collect());
}

/// `pinwheel reference` writes these pages; what is committed is what it would write.
#[test]
fn generated_pages_are_the_programs_own() {
    let out = Command::new(env!("CARGO_BIN_EXE_pinwheel"))
        .args(["reference", "--check", "--out"])
        .arg(root().join("docs/reference"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout) + String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "run `cargo reference`:\n{said}");
}

/// What the program can tell has an entry in the list of events.
#[test]
fn every_fact_has_an_entry() {
    let page = read(&root().join("docs/reference/events.md"));
    let source = read(&root().join("crates/domain/src/event.rs"));
    let names = source.split("fn name(").nth(1).and_then(|rest| rest.split("fn about(").next());
    let names = names.expect("event.rs has `name` and then `about`");
    let mut faults = Vec::new();
    for literal in names.split('"').skip(1).step_by(2) {
        // `format!("order.{}")` stands for a name for each status.
        let start = literal.split('{').next().unwrap_or(literal);
        if !page.contains(&format!("`{start}")) {
            faults.push(format!("{literal} is not in docs/reference/events.md"));
        }
    }
    none(faults);
}

#[test]
fn links_are_found() {
    let text = "[a](b.md) and [c](d.md#e \"title\")\n```\n[not](this)\n```\n";
    assert_eq!(links(text), ["b.md", "d.md#e"]);
    assert_eq!(anchors("# One two\n\n## Späte `Zahlung`, so\n"), ["one-two", "späte-zahlung-so"]);
}
