//! The shape of the house, checked like its behaviour.

#[path = "tidy/reading.rs"]
mod reading;

#[path = "tidy/docs.rs"]
mod docs;

#[path = "tidy/words.rs"]
mod words;

#[path = "tidy/security.rs"]
mod security;

use reading::{files, production, read, root, rust_files};

/// Says every fault at once, so that one run is enough to mend all.
#[track_caller]
fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// `lib.rs` lists modules in reading order; each may use only those above it. Its tests may use
/// anything.
#[test]
fn modules_look_only_upward() {
    let mut faults = Vec::new();
    for krate in ["domain", "engine", "app", "web"] {
        let src = root().join("crates").join(krate).join("src");
        let order = reading::modules(&read(&src.join("lib.rs")));
        for (place, module) in order.iter().enumerate() {
            for file in reading::files_of(&src, module) {
                for used in reading::used(&production(&file)) {
                    if order[place + 1..].contains(&used) {
                        faults.push(format!("{}: {module} may not use {used}", file.display()));
                    }
                }
            }
        }
    }
    none(faults);
}

/// A file that needs scrolling to grasp has a second file in it. Catalogues of texts and data are
/// lists: they may be long.
#[test]
fn files_fit_in_a_head() {
    let mut faults = Vec::new();
    for file in files(&["rs", "sql", "js", "css", "html", "sh"]) {
        let lines = read(&file).lines().count();
        if lines > 500 {
            faults.push(format!("{}: {lines} lines", file.display()));
        }
    }
    none(faults);
}

#[test]
fn lines_fit_in_a_hundred_columns() {
    let mut faults = Vec::new();
    for file in files(&["rs", "sql", "js", "css", "sh", "toml"]) {
        for (number, line) in read(&file).lines().enumerate() {
            let columns = line.chars().count();
            // An address cannot be broken, nor can a reason in a setting file.
            let may = line.contains("://") || line.contains("reason = ") || line.contains(" = {");
            if columns > 100 && !may {
                faults.push(format!("{}:{}: {columns} columns", file.display(), number + 1));
            }
        }
    }
    none(faults);
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let mut faults = Vec::new();
    for file in rust_files() {
        if !read(&file).starts_with("//! ") {
            faults.push(format!("{}: opens without `//! …`", file.display()));
        }
    }
    none(faults);
}

#[test]
fn nothing_is_left_to_do() {
    // Spelled apart, so that this file does not find itself.
    let marks = [concat!("to", "do!("), concat!("dbg", "!("), concat!("unimpl", "emented!(")];
    let mut faults = Vec::new();
    for file in rust_files() {
        for (number, line) in read(&file).lines().enumerate() {
            if marks.iter().any(|mark| line.contains(mark)) {
                faults.push(format!("{}:{}: {}", file.display(), number + 1, line.trim()));
            }
        }
    }
    none(faults);
}

/// Outside tests an `unwrap` is proved safe in a comment on its line or above it; an `expect` says
/// why in its words.
#[test]
fn what_is_unwrapped_is_proved() {
    let mut faults = Vec::new();
    for file in rust_files() {
        if file.components().any(|part| part.as_os_str() == "tests") {
            continue;
        }
        let text = production(&file);
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            let bare = code.contains(".unwrap()") || code.contains(".unwrap_err()");
            let short = code.split_once(".expect(\"").is_some_and(|(_, why)| why.len() < 14);
            let above = at > 0 && lines[at - 1].trim_start().starts_with("//");
            let proved = line.contains("// ") || above;
            if (bare || short) && !proved {
                faults.push(format!("{}:{}: {}", file.display(), at + 1, line.trim()));
            }
        }
    }
    none(faults);
}

/// The content security policy forbids them; here one hears of it before a browser does.
#[test]
fn pages_carry_no_inline_script_or_style() {
    let marks =
        [" style=\"", "<style", "<script>", " onclick=", " onsubmit=", " onchange=", "javascript:"];
    let mut faults = Vec::new();
    for file in files(&["html"]) {
        for (number, line) in read(&file).lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(**mark)) {
                faults.push(format!("{}:{}: {mark}", file.display(), number + 1));
            }
        }
    }
    none(faults);
}

/// A step of the schema is written in the few types both databases share.
#[test]
fn the_schema_is_written_in_the_shared_types() {
    let foreign = [" serial", " real", " float", " timestamp", " boolean", " json", " varchar"];
    let mut faults = Vec::new();
    let folder = root().join("crates/app/migrations");
    for file in files(&["sql"]).into_iter().filter(|file| file.starts_with(&folder)) {
        for (number, line) in read(&file).to_lowercase().lines().enumerate() {
            let code = line.split("--").next().unwrap_or("");
            if let Some(mark) = foreign.iter().find(|mark| code.contains(**mark)) {
                faults.push(format!("{}:{}:{mark}", file.display(), number + 1));
            }
        }
    }
    none(faults);
}
