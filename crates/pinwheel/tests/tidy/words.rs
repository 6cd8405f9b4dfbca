//! Every text exists in both languages, and every refusal has its words.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::none;
use crate::reading::{read, root};

const LOCALES: [&str; 2] = ["zh-CN", "en"];

fn folder(locale: &str) -> PathBuf {
    root().join("crates/web/locales").join(locale)
}

fn areas(locale: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder(locale)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

/// The messages of a catalogue: their ids (and attributes), with the variables each names.
fn messages(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut id = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let begins = line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-');
        if let Some((name, _)) = line.split_once('=').filter(|_| begins) {
            id = name.trim().to_string();
            assert!(!found.contains_key(&id), "{id} is said twice");
            found.insert(id.clone(), BTreeSet::new());
        } else if let Some(attribute) = line.trim_start().strip_prefix('.')
            && let Some((name, _)) = attribute.split_once('=')
        {
            let base = id.split('.').next().unwrap_or_default().to_string();
            id = format!("{base}.{}", name.trim());
            found.insert(id.clone(), BTreeSet::new());
        }
        for variable in line.split('$').skip(1) {
            let name = variable.chars().take_while(|c| c.is_alphanumeric() || "_-".contains(*c));
            found.entry(id.clone()).or_default().insert(name.collect());
        }
    }
    found
}

#[test]
fn both_languages_say_the_same_things() {
    let [ours, theirs] = LOCALES.map(areas);
    assert_eq!(ours, theirs, "the same areas in both languages");
    let mut faults = Vec::new();
    for area in ours {
        let [ours, theirs] = LOCALES.map(|locale| messages(&read(&folder(locale).join(&area))));
        for (id, variables) in &ours {
            match theirs.get(id) {
                None => faults.push(format!("{area}: {id} is missing in en")),
                Some(others) if others != variables => {
                    faults.push(format!("{area}: {id} names {variables:?} and in en {others:?}"));
                }
                Some(_) => (),
            }
        }
        for id in theirs.keys().filter(|id| !ours.contains_key(*id)) {
            faults.push(format!("{area}: {id} is missing in zh-CN"));
        }
    }
    none(faults);
}

#[test]
fn one_id_is_in_one_area() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut faults = Vec::new();
    for area in areas("en") {
        for id in messages(&read(&folder("en").join(&area))).into_keys() {
            if let Some(other) = seen.insert(id.clone(), area.clone()) {
                faults.push(format!("{id} is in {other} and in {area}"));
            }
        }
    }
    none(faults);
}

/// `group_buy.full` is said by the message `refusal-group-buy-full`.
#[test]
fn every_refusal_has_its_words() {
    let page = read(&root().join("docs/reference/refusals.md"));
    let mut faults = Vec::new();
    for locale in LOCALES {
        let folder = folder(locale);
        let said: BTreeMap<_, _> =
            areas(locale).iter().flat_map(|area| messages(&read(&folder.join(area)))).collect();
        for code in app::failure::CODES {
            let id = format!("refusal-{}", code.replace(['.', '_'], "-"));
            if !said.contains_key(&id) {
                faults.push(format!("{code} has no message {id} in {locale}"));
            }
        }
    }
    for code in app::failure::CODES.iter().filter(|code| !page.contains(&format!("`{code}`"))) {
        faults.push(format!("{code} is not in docs/reference/refusals.md"));
    }
    none(faults);
}

#[test]
fn messages_are_found() {
    let text = "# x = y\na = one\n    and { $b }\n    .c = two { $d }\n-e = three\n";
    let said = messages(text);
    assert_eq!(said.keys().collect::<Vec<_>>(), ["-e", "a", "a.c"]);
    assert!(said["a"].contains("b") && said["a.c"].contains("d"));
}
