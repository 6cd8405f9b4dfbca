//! Both languages say the same things, and every text that is asked for is there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use domain::money::Currency;

use super::*;

/// The ids of a language with the names of what each mentions.
fn catalogue(locale: Locale) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let folder = format!("{}/", locale.code());
    for (path, text) in CATALOGUES.files().filter(|(path, _)| path.starts_with(&folder)) {
        let mut current = String::new();
        for line in String::from_utf8_lossy(text).lines() {
            let starts = line.starts_with(|c: char| c.is_ascii_lowercase());
            if let (true, Some((id, _))) = (starts, line.split_once('=')) {
                current = id.trim().to_string();
                let twice = texts.insert(current.clone(), BTreeSet::new());
                assert!(twice.is_none(), "{path}: {current} is there twice");
            }
            for after in line.split('$').skip(1) {
                let name: String = after
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-')
                    .collect();
                texts.entry(current.clone()).or_default().insert(name);
            }
        }
    }
    texts
}

#[test]
fn the_catalogues_are_well_formed() {
    assert_eq!(faults(), Vec::<String>::new());
}

#[test]
fn both_languages_say_the_same_things() {
    let (chinese, english) = (catalogue(Locale::Chinese), catalogue(Locale::English));
    let only = |a: &BTreeMap<String, _>, b: &BTreeMap<String, _>| -> Vec<String> {
        a.keys().filter(|id| !b.contains_key(*id)).cloned().collect()
    };
    assert_eq!(only(&chinese, &english), Vec::<String>::new(), "missing in English");
    assert_eq!(only(&english, &chinese), Vec::<String>::new(), "missing in Chinese");
    for (id, args) in &chinese {
        // A language may leave out what it has no use for, but not mention what is not given.
        let other = &english[id];
        assert!(
            args.is_subset(other) || other.is_subset(args),
            "{id} mentions {args:?} in Chinese and {other:?} in English"
        );
    }
}

/// Every literal id after one of the calls that say a text.
fn asked(text: &str) -> Vec<String> {
    let calls = [".t(\"", ".t1(\"", ".t2(\"", ".n(\"", ".say(\"", ".with(\"", ".tell(\""];
    let ids = calls.iter().flat_map(|call| text.split(call).skip(1));
    let ids = ids.filter_map(|rest| rest.split('"').next());
    let whole =
        |id: &&str| id.contains('-') && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    ids.filter(whole).map(str::to_string).collect()
}

fn files(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs" || end == "html") {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn every_text_that_is_asked_for_is_there() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    files(&home.join("src"), &mut found);
    files(&home.join("templates"), &mut found);
    let missing: BTreeSet<String> = found
        .iter()
        .flat_map(|(path, text)| asked(text).into_iter().map(move |id| (path, id)))
        .filter(|(_, id)| !Locale::ALL.iter().all(|locale| locale.has(id)))
        .map(|(path, id)| format!("{id} in {path}"))
        .collect();
    assert_eq!(missing, BTreeSet::new());
}

#[test]
fn every_refusal_has_its_words() {
    for code in app::failure::CODES {
        let id = format!("refusal-{}", code.replace(['.', '_'], "-"));
        for locale in Locale::ALL {
            assert!(locale.has(&id), "{id} is missing in {}", locale.code());
        }
    }
}

/// A purse's entries are named by the kind of their journal.
#[test]
fn every_entry_of_a_wallet_has_its_words() {
    let kinds = ["grant", "taken", "capture", "refund", "top-up", "top-up-refund"];
    let won = ["reward", "reward-qualify", "reward-claw-back", "reward-repay"];
    for kind in kinds.into_iter().chain(won) {
        for locale in Locale::ALL {
            assert!(locale.has(&format!("wallet-kind-{kind}")), "{kind} in {}", locale.code());
        }
    }
}

#[test]
fn amounts_are_said_without_floats() {
    let price = |minor| Price::of(Money::new(minor, Currency::Cny));
    assert_eq!(price(129_900).to_string(), "¥1,299.00");
    assert_eq!(price(-2_050).to_string(), "−¥20.50");
    assert_eq!(Price::of(Money::new(1_200, Currency::Jpy)).to_string(), "¥1,200");
    assert_eq!(price(3_990).int, "39");
    assert_eq!(price(3_990).dec, ".90");
    assert_eq!(Locale::English.number(-1_234_567), "−1,234,567");
}

#[test]
fn times_are_said_in_the_shops_zone() {
    let at = Moment::parse("2026-11-21T16:05:00Z").unwrap();
    assert_eq!(Locale::Chinese.exact(at), "2026年11月22日 00:05");
    assert_eq!(Locale::English.exact(at), "22 Nov 2026, 00:05");
    assert_eq!(Locale::English.ago(at, at.plus(Span::minutes(5))), "5 min ago");
    assert_eq!(Locale::Chinese.ago(at.plus(Span::hours(3)), at), "3 小时后");
    assert_eq!(Locale::English.span(Span::minutes(26 * 60)), "1 day 2 h");
    assert_eq!(Locale::Chinese.limit(Span::seconds(90)), "90 秒");
    assert_eq!(Locale::English.limit(Span::minutes(5)), "5 min");
    assert_eq!(from_local(&to_local(at)), Some(at));
}

#[test]
fn the_first_language_we_speak_is_taken() {
    let accepted = Locale::accepted;
    assert_eq!(accepted("fr, en;q=0.8, zh-CN;q=0.9"), Some(Locale::Chinese));
    assert_eq!(accepted("en-GB,en;q=0.9"), Some(Locale::English));
    assert_eq!(accepted("zh-TW;q=0, en;q=0.1"), Some(Locale::English));
    assert_eq!(accepted("fr"), None);
}
