//! What comes first.
//!
//! By relevance, the best hundred are looked at once more, with their titles: the whole title as
//! typed, the words side by side, a title that begins so. Where the query was a guess (a
//! misspelling, initials) and several guesses are nearly as good, they take turns, so that the
//! right one is on the first page whichever it was.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;

use super::choice::{Chain, Reading};
use super::index::{Glance, Index};
use super::plan::Plan;
use super::terms::Place;
use super::text::{self, Token};

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Relevance,
    /// The most wanted first.
    Popular,
    Newest,
    /// By the lowest price of each product.
    PriceUp,
    PriceDown,
    Sales,
}

impl Sort {
    /// What a document is sorted by before its score, the smallest first.
    pub(super) fn number(self, glance: &Glance) -> i64 {
        match self {
            Sort::Relevance => 0,
            Sort::Popular => -i64::from(glance.popularity),
            Sort::Newest => glance.added.saturating_neg(),
            Sort::PriceUp => glance.price.0,
            Sort::PriceDown => glance.price.0.saturating_neg(),
            Sort::Sales => -i64::try_from(glance.sold).unwrap_or(i64::MAX),
        }
    }
}

/// A document that fits and passes.
#[derive(Clone, Copy)]
pub struct Candidate<'a> {
    pub glance: &'a Glance,
    pub slot: u32,
    pub tag: u32,
    pub score: f32,
    /// What it is sorted by before its score.
    pub number: i64,
}

/// How many are looked at twice.
const WINDOW: usize = 120;
/// Guesses take turns if they are at least so good, next to the best.
const NEARLY: f32 = 0.3;
/// No more guesses than this take turns, each with so many documents.
const GUESSES: usize = 12;
const OF_A_GUESS: usize = 16;

/// The first `need` candidates in order.
pub fn first<'a>(
    candidates: Vec<Candidate<'a>>,
    sort: Sort,
    need: usize,
    look: &Look,
) -> Vec<Candidate<'a>> {
    match sort {
        Sort::Relevance => relevant(candidates, need, look),
        _ => {
            let order =
                |a: &Candidate, b: &Candidate| a.number.cmp(&b.number).then_with(|| by_score(a, b));
            chosen(candidates, need, order).0
        }
    }
}

fn by_score(a: &Candidate, b: &Candidate) -> Ordering {
    let popular = || b.glance.popularity.cmp(&a.glance.popularity);
    let score = b.score.total_cmp(&a.score);
    score.then_with(popular).then_with(|| a.glance.id.cmp(&b.glance.id))
}

/// The first `need` in order, and the others as they come.
fn chosen<'a>(
    mut candidates: Vec<Candidate<'a>>,
    need: usize,
    order: impl Fn(&Candidate, &Candidate) -> Ordering,
) -> (Vec<Candidate<'a>>, Vec<Candidate<'a>>) {
    let mut others = Vec::new();
    if need < candidates.len() {
        if need > 0 {
            candidates.select_nth_unstable_by(need - 1, &order);
        }
        others = candidates.split_off(need);
    }
    candidates.sort_unstable_by(&order);
    (candidates, others)
}

fn relevant<'a>(candidates: Vec<Candidate<'a>>, need: usize, look: &Look) -> Vec<Candidate<'a>> {
    let (mut all, rest) = if candidates.iter().any(|candidate| candidate.tag != 0) {
        let (groups, rest) = guesses(candidates, look);
        (in_turns(groups), rest)
    } else {
        let (mut window, rest) = chosen(candidates, WINDOW, by_score);
        look.again(&mut window);
        (window, rest)
    };
    let missing = need.saturating_sub(all.len());
    all.extend(chosen(rest, missing, by_score).0);
    all
}

/// The candidates of each good guess, the best first, and what is left.
fn guesses<'a>(
    candidates: Vec<Candidate<'a>>,
    look: &Look,
) -> (Vec<Vec<Candidate<'a>>>, Vec<Candidate<'a>>) {
    let mut by_tag: FxHashMap<u32, Vec<Candidate>> = FxHashMap::default();
    for candidate in candidates {
        by_tag.entry(candidate.tag).or_default().push(candidate);
    }
    let best = |group: &Vec<Candidate<'a>>| group.iter().copied().min_by(by_score);
    let groups = by_tag.into_values().filter_map(|group| Some((best(&group)?, group)));
    let mut groups: Vec<(Candidate, Vec<Candidate>)> = groups.collect();
    groups.sort_unstable_by(|(a, _), (b, _)| by_score(a, b));
    let enough = groups.first().map_or(0.0, |(best, _)| best.score) * NEARLY;
    let good = groups.iter().take(GUESSES).take_while(|(best, _)| best.score >= enough).count();
    let mut rest = Vec::new();
    rest.extend(groups.split_off(good).into_iter().flat_map(|(_, group)| group));
    let mut windows = Vec::new();
    for (best, group) in groups {
        let size = if best.tag == 0 { WINDOW } else { OF_A_GUESS };
        let (mut window, others) = chosen(group, size, by_score);
        look.again(&mut window);
        windows.push(window);
        rest.extend(others);
    }
    windows.sort_unstable_by(|a, b| by_score(&a[0], &b[0]));
    (windows, rest)
}

/// One of each in turn.
fn in_turns(groups: Vec<Vec<Candidate>>) -> Vec<Candidate> {
    let mut all = Vec::new();
    let turns = groups.iter().map(Vec::len).max().unwrap_or(0);
    for turn in 0..turns {
        all.extend(groups.iter().filter_map(|group| group.get(turn).copied()));
    }
    all
}

/// A second look at the titles of the best.
pub struct Look<'a> {
    index: &'a Index,
    query: Vec<&'a str>,
    /// The chains that were heard, not written.
    heard: Vec<&'a Chain>,
}

impl<'a> Look<'a> {
    pub fn new(index: &'a Index, query: &'a [Token], plans: &'a [Plan]) -> Look<'a> {
        let readings = plans.iter().flat_map(|plan| &plan.clauses).flat_map(|c| &c.readings);
        let heard = readings.filter_map(|reading| match reading {
            Reading::Chain(chain) => {
                let sound = |place: &Place| matches!(place, Place::Sound(_));
                chain.places.iter().any(sound).then_some(chain)
            }
            Reading::Word(_) => None,
        });
        let query = query.iter().map(|token| token.text.as_str()).collect();
        Look { index, query, heard: heard.collect() }
    }

    fn again(&self, window: &mut [Candidate]) {
        for candidate in window.iter_mut() {
            candidate.score *= 1.0 + self.bonus(self.index.title_at(candidate.slot));
        }
        window.sort_unstable_by(by_score);
    }

    fn bonus(&self, title: &str) -> f32 {
        let tokens = text::tokens(title, 64);
        let texts: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
        if texts == self.query {
            return 1.0;
        }
        let mut bonus = 0.0;
        if self.query.len() > 1 && texts.windows(self.query.len()).any(|part| part == self.query) {
            bonus += 0.15;
        }
        if texts.starts_with(&self.query) {
            bonus += 0.1;
        }
        if !self.heard.is_empty() {
            bonus += 0.25 * self.edges(&tokens) as f32;
        }
        bonus
    }

    /// How many ends of what was heard are ends of a run of glyphs: words stand there.
    fn edges(&self, title: &[Token]) -> usize {
        let mut most = 0;
        for chain in &self.heard {
            let length = chain.places.len();
            for from in 0..(title.len() + 1).saturating_sub(length) {
                if self.is_at(chain, &title[from..from + length]) {
                    let begins = !title[from].joined;
                    let ends = title.get(from + length).is_none_or(|next| !next.joined);
                    most = most.max(usize::from(begins) + usize::from(ends));
                }
            }
        }
        most
    }

    fn is_at(&self, chain: &Chain, part: &[Token]) -> bool {
        chain.places.iter().zip(part).all(|(place, token)| {
            let glyph = token.text.chars().next().unwrap_or(' ');
            place.takes(glyph, self.index.terms.readings(glyph)).is_some()
        })
    }
}
