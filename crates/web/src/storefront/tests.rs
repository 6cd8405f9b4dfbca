//! Every text the storefront names is in both catalogues, and none lies there unused.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::locale::Locale;

/// Texts whose ids are put together from a state, a reason, a person or a country.
const MADE: [&str; 10] = [
    "store-p-",
    "store-state-",
    "store-line-",
    "store-move-",
    "store-because-",
    "store-cast-",
    "store-country-",
    "store-cancel",
    "store-leave",
    "store-refund",
];

fn gather(folder: &Path, named: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, named);
        } else {
            named.extend(ids(&fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The ids in quotes: `"store-cart"`.
fn ids(text: &str) -> Vec<String> {
    let starts = text.match_indices("\"store-").map(|(at, _)| &text[at + 1..]);
    let whole = starts.filter_map(|rest| rest.split_once('"').map(|(id, _)| id));
    // What ends in a hyphen is the beginning of ids that are put together.
    let plain = |id: &&str| {
        !id.ends_with('-') && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    whole.filter(plain).map(str::to_string).collect()
}

#[test]
fn every_text_is_said_in_both_languages_and_none_is_left_over() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut named = BTreeSet::new();
    let templates = ["templates/storefront", "templates/layouts/storefront", "templates/parts"];
    for folder in templates.into_iter().chain(["src/storefront"]) {
        gather(&root.join(folder), &mut named);
    }
    for locale in Locale::ALL {
        let missing: Vec<&String> = named
            .iter()
            .filter(|id| !locale.has(id) && !MADE.iter().any(|made| id.starts_with(made)))
            .collect();
        assert!(missing.is_empty(), "{}: {missing:?}", locale.code());
        let file = root.join("locales").join(locale.code()).join("storefront.ftl");
        let catalogue = fs::read_to_string(file).unwrap();
        let there = catalogue.lines().filter_map(|line| line.split_once(" = "));
        let unused: Vec<&str> = there
            .map(|(id, _)| id)
            .filter(|id| id.starts_with("store-") && !named.contains(*id))
            .filter(|id| !MADE.iter().any(|made| id.starts_with(made)))
            .collect();
        assert!(unused.is_empty(), "{}: {unused:?}", locale.code());
    }
}

#[test]
fn every_state_of_an_order_is_said() {
    for status in domain::order::Status::ALL {
        let code = status.code().replace('_', "-");
        for id in ["state", "line", "move"] {
            let id = format!("store-{id}-{code}");
            assert!(Locale::ALL.into_iter().all(|locale| locale.has(&id)), "{id}");
        }
    }
}
