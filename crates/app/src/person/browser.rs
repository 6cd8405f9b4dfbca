//! The browsers somebody came in with before: from one of those it is no news that they come in.
//!
//! A browser keeps a mark for each of the last people who came in with it. A mark is the shop's
//! signature of who it was and says nothing to anybody else; it opens nothing, and whoever has one
//! still needs the code, the password or the passkey.

use domain::id::Id;
use domain::person::Person;
use subtle::ConstantTimeEq;

use crate::shop::Shop;

/// How many people a browser is known for.
const PEOPLE: usize = 5;
/// How many characters a mark has: 128 bits.
const MARK: usize = 32;
/// What stands between marks.
const BETWEEN: char = '.';

/// The mark of somebody.
pub fn mark(shop: &Shop, person: Id<Person>) -> String {
    let signed = shop.sign_hex("known browser", &person.to_string());
    signed.chars().take(MARK).collect()
}

/// Whether a browser with these marks brought somebody before.
pub fn knows(shop: &Shop, marks: &str, person: Id<Person>) -> bool {
    planted!("any_mark_will_do", return !marks.is_empty());
    let right = mark(shop, person);
    let same = |kept: &str| bool::from(kept.as_bytes().ct_eq(right.as_bytes()));
    marks.split(BETWEEN).take(PEOPLE).any(same)
}

/// The marks a browser keeps from now on, the latest first.
pub fn remembered(shop: &Shop, marks: &str, person: Id<Person>) -> String {
    let latest = mark(shop, person);
    let well_formed =
        |kept: &&str| kept.len() == MARK && kept.bytes().all(|byte| byte.is_ascii_hexdigit());
    let others = marks.split(BETWEEN).filter(well_formed).filter(|kept| *kept != latest);
    let all: Vec<&str> = std::iter::once(latest.as_str()).chain(others).take(PEOPLE).collect();
    all.join(&BETWEEN.to_string())
}

/// The marks of everybody a browser brought, and of whoever is there now: what several people who
/// share a device are counted together by.
pub fn together(shop: &Shop, marks: &str, person: Id<Person>) -> Vec<String> {
    remembered(shop, marks, person).split(BETWEEN).map(str::to_string).collect()
}
