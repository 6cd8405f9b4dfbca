//! A query made into plans: the pieces that must be found, as typed and in the other ways to take
//! it.
//!
//! Beside what was typed, a query is tried with two words joined (`tea pot`), a word split
//! (`redmug`), sounds put together (`bu xiu gang`, `保温bei`) and synonyms in place. Each is a plan;
//! a document counts with the plan that likes it best.

use std::ops::Range;

use super::choice::{self, Choice, Reading, Rung};
use super::index::Index;
use super::pinyin;
use super::synonym::replaced;
use super::terms::Place;
use super::text::{Kind, Token};

/// A piece of a query: any of its readings will do.
#[derive(Debug)]
pub struct Clause {
    /// As it was typed, folded.
    pub text: String,
    pub readings: Vec<Reading>,
    /// A document without it is not found. Little words are welcome, not required.
    pub required: bool,
}

impl Clause {
    /// The likeliest word, if the typed one is nobody's.
    pub fn meant(&self) -> Option<Choice> {
        let Some(Reading::Word(choices)) = self.readings.first() else { return None };
        let misspelt = choices.iter().filter(|choice| choice.rung == Rung::Misspelt);
        misspelt.copied().max_by(|a, b| a.weight.total_cmp(&b.weight))
    }
}

/// What made a plan of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Typed,
    Spoken,
    Joined,
    Split,
    Synonym,
}

impl Way {
    fn weight(self) -> f32 {
        match self {
            Way::Typed => 1.0,
            Way::Spoken => 0.95,
            Way::Joined => 0.9,
            Way::Split | Way::Synonym => 0.8,
        }
    }
}

/// Pieces that are all to be found.
#[derive(Debug)]
pub struct Plan {
    pub way: Way,
    pub weight: f32,
    pub clauses: Vec<Clause>,
}

/// A part of a query before it is looked up.
enum Piece {
    Word(String),
    Run(Vec<Place>),
}

/// Longer runs of glyphs are cut.
const LONGEST_RUN: usize = 24;

/// Words that say little, and that titles often leave out.
const LITTLE: [&str; 17] = [
    "a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with", "的", "和",
    "与", "了",
];

/// The plans for a query, the one as typed first.
pub fn plans(index: &Index, query: &[Token]) -> Vec<Plan> {
    let plan = |way: Way, tokens: &[Token]| made(index, way, pieces(tokens));
    let query = &each_once(query)[..];
    let mut plans = vec![plan(Way::Typed, query)];
    plans.extend(spoken(query).map(|pieces| made(index, Way::Spoken, pieces)));
    plans.extend(joined(index, query).iter().map(|tokens| plan(Way::Joined, tokens)));
    plans.extend(split(index, query).iter().map(|tokens| plan(Way::Split, tokens)));
    let synonyms = index.synonyms.rewrite(query);
    plans.extend(synonyms.iter().map(|tokens| plan(Way::Synonym, tokens)));
    plans
}

/// A word said again says nothing new.
fn each_once(query: &[Token]) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::new();
    for token in query {
        let again = |other: &Token| other.kind == Kind::Word && other.text == token.text;
        if !kept.iter().any(again) {
            kept.push(token.clone());
        }
    }
    kept
}

fn made(index: &Index, way: Way, pieces: Vec<Piece>) -> Plan {
    let last = pieces.len().saturating_sub(1);
    let clauses = pieces.into_iter().enumerate().map(|(at, piece)| match piece {
        Piece::Word(word) => {
            let readings = choice::of_word(index, &word, at == last);
            let required = !LITTLE.contains(&word.as_str());
            Clause { readings, required, text: word }
        }
        Piece::Run(places) => of_glyphs(index, places),
    });
    let mut clauses: Vec<Clause> = clauses.collect();
    if clauses.iter().all(|clause| !clause.required) {
        clauses.iter_mut().for_each(|clause| clause.required = true);
    }
    Plan { way, weight: way.weight(), clauses }
}

/// A piece that is glyphs or sounds side by side.
pub fn of_glyphs(index: &Index, places: Vec<Place>) -> Clause {
    let written = places.iter().map(|place| match place {
        Place::Glyph(c) => c.to_string(),
        Place::Sound(sound) => pinyin::text(sound).to_string(),
    });
    let text = written.collect::<String>();
    let required = !LITTLE.contains(&text.as_str());
    let chain = choice::of_places(index, places, 1.0, false);
    Clause { text, readings: vec![Reading::Chain(chain)], required }
}

/// Words, and runs of glyphs.
fn pieces(tokens: &[Token]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut touching = false;
    for token in tokens {
        match (token.kind, token.text.chars().next()) {
            (Kind::Glyph, Some(c)) => match pieces.last_mut() {
                Some(Piece::Run(places))
                    if touching && token.joined && places.len() < LONGEST_RUN =>
                {
                    places.push(Place::Glyph(c));
                }
                _ => pieces.push(Piece::Run(vec![Place::Glyph(c)])),
            },
            _ => pieces.push(Piece::Word(token.text.clone())),
        }
        touching = token.kind == Kind::Glyph;
    }
    pieces
}

/// The pieces with sounds put together with what they stand beside; `None` if nothing changes.
fn spoken(query: &[Token]) -> Option<Vec<Piece>> {
    let mut found = Vec::new();
    let mut changed = false;
    let mut at = 0;
    while at < query.len() {
        let (places, end) = sounding(query, at);
        let words = query[at..end].iter().any(|token| token.kind == Kind::Word);
        if end - at >= 2 && words {
            changed = true;
            found.push(Piece::Run(places));
            at = end;
        } else {
            let end = end.max(at + 1);
            found.extend(pieces(&query[at..end]));
            at = end;
        }
    }
    changed.then_some(found)
}

/// The longest stretch of glyphs and sounds from `at` on, as places, and where it ends.
fn sounding(query: &[Token], at: usize) -> (Vec<Place>, usize) {
    let mut places = Vec::new();
    for (offset, token) in query[at..].iter().enumerate() {
        let place = at + offset;
        let beside_word = place > at && query[place - 1].kind == Kind::Word;
        let goes_on = token.joined || (beside_word && token.kind == Kind::Word);
        if offset > 0 && !goes_on || places.len() >= LONGEST_RUN {
            return (places, place);
        }
        match token.kind {
            Kind::Glyph => places.extend(token.text.chars().map(Place::Glyph)),
            Kind::Word => {
                let ways = pinyin::cut(&token.text, place + 1 == query.len());
                let ways = ways.into_iter().next().or_else(|| {
                    let last = place + 1 == query.len() && place > at;
                    last.then(|| pinyin::unfinished(&token.text)).flatten()
                });
                let Some(way) = ways else { return (places, place) };
                places.extend(way.into_iter().map(Place::Sound));
            }
        }
    }
    (places, query.len())
}

/// The query with two neighbours written as one word, where the goods have it so.
fn joined(index: &Index, query: &[Token]) -> Vec<Vec<Token>> {
    const MOST: usize = 3;
    let pairs = query.windows(2).enumerate().filter_map(|(at, pair)| {
        let words = pair.iter().all(|token| token.kind == Kind::Word);
        let text = words.then(|| format!("{}{}", pair[0].text, pair[1].text))?;
        index.terms.get(&text)?;
        Some(replaced(query, at..at + 2, &[Token { text, ..pair[0].clone() }]))
    });
    pairs.take(MOST).collect()
}

/// The query with words that nobody wrote split in two that somebody did.
fn split(index: &Index, query: &[Token]) -> Option<Vec<Token>> {
    let mut tokens = query.to_vec();
    let mut changed = false;
    for at in (0..query.len()).rev() {
        let token = &query[at];
        if token.kind == Kind::Word
            && index.terms.get(&token.text).is_none()
            && let Some(cut) = best_cut(index, &token.text)
        {
            let half =
                |part: Range<usize>| Token { text: token.text[part].to_string(), ..token.clone() };
            let halves = [half(0..cut), half(cut..token.text.len())];
            tokens = replaced(&tokens, at..at + 1, &halves);
            changed = true;
        }
    }
    changed.then_some(tokens)
}

/// Where to split a word so that the rarer half is as common as can be.
fn best_cut(index: &Index, word: &str) -> Option<usize> {
    let bytes = word.as_bytes();
    let digit = |at: usize| bytes[at].is_ascii_digit();
    let is_cut = |at: usize| {
        let edge = digit(at - 1) != digit(at);
        edge || (at >= 3 && at + 3 <= bytes.len() && !digit(at))
    };
    let uses = |text: &str| index.terms.get(text).map(|term| index.terms.uses(term));
    let cuts = (1..bytes.len()).filter(|at| word.is_ascii() && is_cut(*at));
    let known = cuts.filter_map(|at| Some((uses(&word[..at])?.min(uses(&word[at..])?), at)));
    known.max().map(|(_, at)| at)
}
