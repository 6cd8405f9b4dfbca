//! Which parts of a title matched, so that a page can mark them.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::choice::{Choice, Reading};
use super::index::Index;
use super::plan::Plan;
use super::terms::TermId;
use super::text::{self, Kind};

/// The terms that a query may be found by.
pub fn looked_for(plans: &[Plan]) -> FxHashSet<TermId> {
    let mut terms = FxHashSet::default();
    let mut add = |choices: &[Choice]| terms.extend(choices.iter().map(|choice| choice.term));
    for reading in plans.iter().flat_map(|plan| &plan.clauses).flat_map(|c| &c.readings) {
        match reading {
            Reading::Word(choices) => add(choices),
            Reading::Chain(chain) => {
                chain.links.iter().for_each(|choices| add(choices));
                if chain.places.len() != 2 {
                    chain.singles.iter().for_each(|choices| add(choices));
                }
            }
        }
    }
    terms
}

/// The bytes of a title that those terms are, in order and apart from each other.
pub fn spans(index: &Index, title: &str, terms: &FxHashSet<TermId>) -> Vec<Range<usize>> {
    let tokens = text::tokens(title, 64);
    let is_in = |text: &str| index.terms.get(text).is_some_and(|term| terms.contains(&term));
    let mut spans: Vec<Range<usize>> = Vec::new();
    let mut mark = |from: usize, to: usize| match spans.last_mut() {
        Some(last) if last.end >= from => last.end = last.end.max(to),
        _ => spans.push(from..to),
    };
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1).filter(|next| next.joined && next.kind == Kind::Glyph);
        if is_in(&token.text) {
            mark(token.start, token.end);
        }
        if token.kind == Kind::Glyph
            && let Some(next) = next
            && is_in(&format!("{}{}", token.text, next.text))
        {
            mark(token.start, next.end);
        }
    }
    spans
}
