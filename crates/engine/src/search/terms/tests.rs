//! What is found in a small vocabulary.

use super::*;

fn vocabulary() -> Terms {
    let mut terms = Terms::default();
    let all =
        "candle candles candy cup cups horse house 85123a teapot 茶 杯 茶杯 查 一体 以题 绿 绿茶";
    for (place, text) in all.split(' ').enumerate() {
        let id = terms.intern(text);
        (0..20 - place).for_each(|_| terms.count(id, true));
    }
    terms
}

fn texts(terms: &Terms, ids: impl IntoIterator<Item = TermId>) -> String {
    ids.into_iter().map(|id| terms.text(id)).collect::<Vec<_>>().join(" ")
}

fn place(text: &str) -> Place {
    let glyph = text.chars().next().filter(|c| text::is_glyph(*c));
    let sound = || {
        let whole = pinyin::number(text).is_some();
        let number = pinyin::number(text).unwrap_or_default();
        let may_be = if whole { number..number + 1 } else { pinyin::beginning(text) };
        Place::Sound(Sound { may_be, whole })
    };
    glyph.map(Place::Glyph).unwrap_or_else(sound)
}

#[test]
fn words_are_found_by_form_beginning_and_misspelling() {
    let terms = vocabulary();
    assert_eq!(texts(&terms, terms.family("candle")), "candles");
    assert_eq!(texts(&terms, terms.beginning("can", 2)), "candle candles");
    assert_eq!(texts(&terms, terms.beginning("cup", 9)), "cups");
    let near = |word, most| texts(&terms, terms.near(word, most).into_iter().map(|n| n.term));
    assert_eq!(near("candel", 1), "candle");
    assert_eq!(near("hoese", 1), "horse house");
    assert_eq!(near("85123b", 1), "", "words with digits are never misspelt");
    assert_eq!(near("茶林", 2), "", "nor is Han");
}

#[test]
fn glyphs_are_found_by_sound() {
    let terms = vocabulary();
    let pair = |a, b| {
        let heard = terms.pair(&place(a), &place(b));
        texts(&terms, heard.into_iter().map(|heard| heard.term))
    };
    assert_eq!(pair("yi", "ti"), "一体 以题");
    assert_eq!(pair("cha", "b"), "茶杯");
    assert_eq!(pair("茶", "bei"), "茶杯");
    assert_eq!(pair("lv", "茶"), "绿茶");
    assert_eq!(pair("lu", "cha"), "绿茶");
    assert_eq!(pair("l", "c"), "绿茶");
    assert_eq!(pair("杯", "cha"), "");
    let single = terms.single(&place("cha"));
    assert_eq!(texts(&terms, single.into_iter().map(|heard| heard.term)), "茶 查");
}

#[test]
fn what_no_document_has_is_not_found() {
    let mut terms = vocabulary();
    let gone = terms.get("teapot").unwrap();
    (0..20).for_each(|_| terms.count(gone, false));
    assert_eq!(terms.get("teapot"), None);
    assert!(terms.near("teapor", 1).is_empty() && terms.beginning("tea", 9).is_empty());
}
