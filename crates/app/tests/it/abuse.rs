//! The abuse cases we know of (RULES §8.3) have tests, and the manual names them.

use std::collections::BTreeSet;
use std::path::Path;

/// The numbers of coupons, and those of teams, bargains and packets.
fn cases() -> BTreeSet<u32> {
    (1..=12).chain(22..=31).collect()
}

#[test]
fn every_known_abuse_has_the_test_that_the_manual_names() {
    let manual = include_str!("../../../../docs/how-to/prove-a-rule.md");
    let (_, list) = manual.split_once("## Abuse that is known").unwrap();
    let (list, _) = list.split_once("\n## ").unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut named = BTreeSet::new();
    for row in list.lines().filter(|line| line.starts_with("| ")).skip(2) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        named.extend(cells[0].split(", ").map(|number| number.parse::<u32>().unwrap()));
        for test in cells[2].split(", ").map(|test| test.trim_matches('`')) {
            let (place, name) = test.split_once("::").unwrap_or_else(|| panic!("{test}"));
            let places = [
                here.join(format!("tests/it/{place}.rs")),
                here.join(format!("../domain/src/{place}/tests.rs")),
                here.join(format!("../domain/src/{place}/tests/properties.rs")),
            ];
            let is_there = |place: &std::path::PathBuf| {
                let text = std::fs::read_to_string(place).unwrap_or_default();
                text.contains(&format!("fn {name}("))
            };
            assert!(places.iter().any(is_there), "no test {test}");
        }
    }
    assert_eq!(named, cases());
}
