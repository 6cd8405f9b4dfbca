//! What a piece of a query may stand for: the ladder from the exact word down.
//!
//! A word stands for itself and, a little below, its other forms; the last word of a query also for
//! what it begins. A word nobody wrote stands for what is an edit away, then two. Letters that are
//! Chinese sounds, or initials, stand for the characters that sound so. Han stands for itself
//! alone.

use super::index::Index;
use super::pinyin::{self, Sound};
use super::terms::{Heard, Near, Place, TermId};
use super::typo;

/// How a term came to be a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    Written,
    Beginning,
    Misspelt,
    Heard,
}

/// A term that may be meant, and how much a document with it counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    pub term: TermId,
    pub weight: f32,
    pub rung: Rung,
    /// Where it must be: the bits of a posting's counts.
    pub within: u32,
}

/// Everywhere; in a title or another name.
const ANYWHERE: u32 = u32::MAX;
const TITLES: u32 = 0xFF;

/// Glyphs side by side.
#[derive(Debug, Default)]
pub struct Chain {
    pub places: Vec<Place>,
    /// Pairs of neighbours; one fewer than places.
    pub links: Vec<Vec<Choice>>,
    /// Single glyphs: for a place alone, or written ones that no pair explains.
    pub singles: Vec<Vec<Choice>>,
    /// Every pair must be there, in order, in the title.
    pub strict: bool,
}

/// One way to read a piece of a query.
#[derive(Debug)]
pub enum Reading {
    Word(Vec<Choice>),
    Chain(Chain),
}

const FORM: f32 = 0.9;
/// Another form of a word that nobody wrote: `earing` may be of `ear`, or a slip of `earring`.
const FORM_ALONE: f32 = 0.55;
const GOES_ON: f32 = 0.7;
const SOUND: f32 = 0.8;
const LONE_SOUND: f32 = 0.4;
const INITIALS: f32 = 0.5;
/// The last syllable was not typed to its end.
const UNFINISHED: f32 = 0.85;
/// Read as it seldom is.
const SELDOM: f32 = 0.2;
/// How many words a beginning stands for: of one letter, of two, of more.
const MOST_BEGUN: [usize; 3] = [12, 24, 48];

/// What a word may stand for; `open` if more of it may come.
pub fn of_word(index: &Index, word: &str, open: bool) -> Vec<Reading> {
    let choices = ladder(index, word, open);
    let written = choices.iter().any(|choice| choice.rung == Rung::Written);
    let mut readings = vec![Reading::Word(choices)];
    for way in pinyin::cut(word, open) {
        let unfinished = way.iter().any(|sound| !sound.whole);
        let weight = if way.len() == 1 { LONE_SOUND } else { SOUND };
        let weight = if unfinished { weight * UNFINISHED } else { weight };
        readings.extend(spoken(index, way, weight, false));
    }
    if !written && let Some(letters) = pinyin::initials(word) {
        readings.extend(spoken(index, letters, INITIALS, true));
    }
    readings
}

/// A chain of sounds, if the vocabulary has glyphs for each pair of them.
fn spoken(index: &Index, way: Vec<Sound>, weight: f32, strict: bool) -> Option<Reading> {
    let places = way.into_iter().map(Place::Sound).collect();
    let chain = of_places(index, places, weight, strict);
    let alone = chain.links.is_empty();
    let lists = if alone { &chain.singles } else { &chain.links };
    let any = lists.iter().any(|choices| !choices.is_empty());
    any.then_some(Reading::Chain(chain))
}

/// The words a word may stand for.
fn ladder(index: &Index, word: &str, open: bool) -> Vec<Choice> {
    let terms = &index.terms;
    let choice = |term, weight, rung| Choice { term, weight, rung, within: ANYWHERE };
    let exact = terms.get(word).map(|term| choice(term, 1.0, Rung::Written));
    let form = if exact.is_some() { FORM } else { FORM_ALONE };
    let forms = terms.family(word).into_iter().map(|term| choice(term, form, Rung::Written));
    let mut choices: Vec<Choice> = exact.into_iter().chain(forms).collect();
    if open {
        let letters = word.chars().count().clamp(1, 3);
        let begun = terms.beginning(word, MOST_BEGUN[letters - 1]).into_iter();
        // Two letters begin something in nearly every description.
        let within = if letters < 3 { TITLES } else { ANYWHERE };
        let choice = |term| Choice { within, ..choice(term, GOES_ON, Rung::Beginning) };
        add(&mut choices, begun.map(choice));
    }
    if exact.is_none() {
        misspelt(index, word, open, &mut choices);
    }
    choices
}

/// Adds words that are edits away; further ones only where there is nothing nearer.
fn misspelt(index: &Index, word: &str, open: bool, choices: &mut Vec<Choice>) {
    let letters = word.chars().count();
    let allowed = typo::allowed(letters);
    let mut near = Vec::new();
    for edits in 1..=allowed {
        near = index.terms.near(word, edits);
        if !near.is_empty() || !choices.is_empty() {
            break;
        }
    }
    if near.is_empty() && choices.is_empty() && open && letters >= 4 {
        near = index.terms.near_beginning(word, 1);
    }
    let most = near.iter().map(|near| index.terms.uses(near.term)).max().unwrap_or(1);
    let weigh = |near: &Near| {
        let common = index.terms.uses(near.term) as f32 / most as f32;
        near.likelihood as f32 / 100.0 * (0.9 + 0.1 * common.sqrt())
    };
    let meant = near.iter().map(|near| Choice {
        term: near.term,
        weight: weigh(near),
        rung: Rung::Misspelt,
        within: ANYWHERE,
    });
    let mut meant: Vec<Choice> = meant.collect();
    meant.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let mut forms = Vec::new();
    for choice in meant.iter().take(3) {
        let family = index.terms.family(index.terms.text(choice.term)).into_iter();
        forms.extend(family.map(|term| Choice { term, weight: choice.weight * FORM, ..*choice }));
    }
    add(choices, meant);
    add(choices, forms);
}

/// Adds choices; a term that is there already keeps the likelier way it came.
fn add(choices: &mut Vec<Choice>, more: impl IntoIterator<Item = Choice>) {
    for choice in more {
        match choices.iter_mut().find(|other| other.term == choice.term) {
            Some(other) if other.weight < choice.weight => *other = choice,
            Some(_) => (),
            None => choices.push(choice),
        }
    }
}

/// Glyphs and sounds side by side.
pub fn of_places(index: &Index, places: Vec<Place>, weight: f32, strict: bool) -> Chain {
    let heard = places.iter().any(|place| matches!(place, Place::Sound(_)));
    // A syllable alone and initials stand for much: only titles are looked at.
    let within = if strict || places.len() == 1 { TITLES } else { ANYWHERE };
    let weighed = |found: Vec<Heard>| {
        if heard { by_sound(index, &found, weight, within) } else { as_written(&found, weight) }
    };
    let pair = |pair: &[Place]| weighed(index.terms.pair(&pair[0], &pair[1]));
    let links = places.windows(2).map(pair).collect();
    let alone = if places.len() == 1 || !heard { &places[..] } else { &[] };
    let singles = alone.iter().map(|place| weighed(index.terms.single(place))).collect();
    Chain { places, links, singles, strict }
}

fn as_written(found: &[Heard], weight: f32) -> Vec<Choice> {
    let written =
        |heard: &Heard| Choice { term: heard.term, weight, rung: Rung::Written, within: ANYWHERE };
    found.iter().map(written).collect()
}

/// What sounds alike, the likeliest first: what is common, and what holds together like a word.
fn by_sound(index: &Index, found: &[Heard], weight: f32, within: u32) -> Vec<Choice> {
    let most = found.iter().map(|heard| index.terms.uses(heard.term)).max().unwrap_or(1);
    let choice = |heard: &Heard| {
        let common = (index.terms.uses(heard.term) + 1) as f32 / (most + 1) as f32;
        let whole = (cohesion(index, heard.term) + 0.2) / 1.2;
        let usual = if heard.usual { 1.0 } else { SELDOM };
        let weight = weight * usual * common.sqrt() * whole.sqrt();
        Choice { term: heard.term, weight, rung: Rung::Heard, within }
    };
    let mut choices: Vec<Choice> = found.iter().map(choice).collect();
    choices.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    choices
}

/// How often two glyphs are together rather than apart, 0 to 1; a glyph alone is whole.
fn cohesion(index: &Index, pair: TermId) -> f32 {
    let terms = &index.terms;
    let mut glyphs = terms.text(pair).chars();
    let mut uses = || {
        let glyph = terms.get(glyphs.next()?.encode_utf8(&mut [0; 4]))?;
        Some(terms.uses(glyph) as f32)
    };
    let (Some(first), Some(second)) = (uses(), uses()) else { return 1.0 };
    let together = terms.uses(pair) as f32;
    (together * together / (first * second)).min(1.0)
}
