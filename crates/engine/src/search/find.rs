//! A search from the text to the answer.

use rustc_hash::FxHashSet;

use super::choice::{Chain, Reading};
use super::facet::Sieve;
use super::index::Index;
use super::mark;
use super::plan::{self, Clause, Plan, Way};
use super::rank::{self, Candidate, Look};
use super::score::{Scored, Scorer};
use super::text::{self, Kind, Token};
use super::{Found, Hit, Query};

/// So many characters of a query are read, and so many tokens.
const CHARACTERS: usize = 200;
const TOKENS: usize = 32;
/// How many near words are named when there is nothing to show.
const NEAREST: usize = 5;

/// Whoever types a whole title means that product.
const WHOLE_TITLE: f32 = 10.0;

/// What a query came to before filters.
struct Outcome {
    matched: Vec<Scored>,
    dropped: Vec<String>,
    plans: Vec<Plan>,
    corrected: Option<String>,
}

impl Index {
    /// Answers a query.
    pub fn search(&self, query: &Query) -> Found {
        let typed: String = query.text.chars().take(CHARACTERS).collect();
        let tokens = text::tokens(&typed, TOKENS);
        if typed.trim().is_empty() {
            let everything = self.entries.iter().enumerate().filter(|(_, entry)| entry.is_some());
            let matched =
                everything.map(|(slot, _)| Scored { slot: slot as u32, score: 1.0, tag: 0 });
            let matched = matched.collect();
            let nothing = Vec::new();
            let outcome = Outcome { matched, dropped: nothing, plans: vec![], corrected: None };
            return self.answer(query, &tokens, outcome);
        }
        if tokens.is_empty() {
            return Found::default();
        }
        let mut found = self.answer(query, &tokens, self.look_up(&tokens));
        if found.total == 0 && found.corrected.is_none() {
            found.nearest = self.nearest(&tokens);
        }
        found
    }

    /// The title of a document.
    pub fn title(&self, id: i64) -> Option<&str> {
        self.slots.get(&id).map(|slot| self.title_at(*slot))
    }

    /// The title in a slot; nothing in one that is empty.
    pub(super) fn title_at(&self, slot: u32) -> &str {
        self.entries[slot as usize].as_ref().map_or("", |entry| &entry.title)
    }

    /// The slots that have all of these tokens, in whatever way they are taken.
    pub(super) fn with_all(&self, tokens: &[Token]) -> FxHashSet<u32> {
        let outcome = self.look_up(tokens);
        let whole = outcome.dropped.is_empty();
        outcome.matched.iter().filter(|_| whole).map(|scored| scored.slot).collect()
    }

    fn look_up(&self, tokens: &[Token]) -> Outcome {
        let mut plans = plan::plans(self, tokens);
        let mut scorer = Scorer::new(self);
        let mut found: Vec<(Vec<Scored>, f32)> = Vec::new();
        for plan in &plans {
            found.push((together(&mut scorer, &plan.clauses), plan.weight));
        }
        let best = (0..plans.len()).find(|at| !found[*at].0.is_empty());
        let corrected = best.and_then(|at| corrected(self, &plans[at], tokens));
        let mut dropped = Vec::new();
        let matched = match (best, found.len()) {
            (None, _) => {
                let fewer = with_fewer(self, &mut scorer, plans.swap_remove(0));
                plans = vec![fewer.plan];
                dropped = fewer.dropped;
                fewer.matched
            }
            (Some(_), 1) => found.swap_remove(0).0,
            _ => scorer.any(&found),
        };
        Outcome { matched, dropped, plans, corrected }
    }

    /// What passes the filter, counted, sorted and cut to a page.
    fn answer(&self, query: &Query, tokens: &[Token], outcome: Outcome) -> Found {
        let mut sieve = Sieve::new(&query.filter, &self.values, query.counted);
        let typed = query.text.trim();
        let folded = text::folded(typed, TOKENS);
        let is_title = |title: &str| text::folded(title, TOKENS) == folded;
        let mut candidates = Vec::with_capacity(outcome.matched.len());
        for scored in &outcome.matched {
            let glance = &self.glances[scored.slot as usize];
            if sieve.passes(glance) {
                // Few titles are as long as what was typed.
                let alike = glance.title as usize == typed.len();
                let whole = alike && is_title(self.title_at(scored.slot));
                let score = scored.score * glance.wanted * if whole { WHOLE_TITLE } else { 1.0 };
                let number = query.sort.number(glance);
                let Scored { slot, tag, .. } = *scored;
                candidates.push(Candidate { glance, slot, tag, score, number });
            }
        }
        let total = candidates.len();
        let need = query.offset.saturating_add(query.limit).min(total);
        let look = Look::new(self, tokens, &outcome.plans);
        let ranked = rank::first(candidates, query.sort, need, &look);
        let terms = mark::looked_for(&outcome.plans);
        let page = ranked.iter().take(need).skip(query.offset);
        let hits = page.map(|candidate| Hit {
            id: candidate.glance.id,
            score: candidate.score,
            marked: mark::spans(self, self.title_at(candidate.slot), &terms),
        });
        Found {
            total,
            hits: hits.collect(),
            counts: sieve.counts(),
            corrected: outcome.corrected,
            dropped: outcome.dropped,
            nearest: Vec::new(),
        }
    }

    /// Words that are less near than a misspelling, but the nearest there are.
    fn nearest(&self, tokens: &[Token]) -> Vec<String> {
        let mut near = Vec::new();
        for token in tokens.iter().filter(|token| token.kind == Kind::Word) {
            let most = (token.text.chars().count() / 2).min(3);
            near.extend(self.terms.near(&token.text, most));
        }
        near.sort_by(|a, b| {
            let uses = self.terms.uses(b.term).cmp(&self.terms.uses(a.term));
            a.edits.cmp(&b.edits).then(uses)
        });
        let mut words: Vec<String> = Vec::new();
        for near in near {
            let word = self.terms.text(near.term);
            if words.len() < NEAREST && !words.iter().any(|other| other == word) {
                words.push(word.to_string());
            }
        }
        words
    }
}

/// The documents that fit all clauses.
fn together(scorer: &mut Scorer, clauses: &[Clause]) -> Vec<Scored> {
    let mut lists: Vec<(Vec<Scored>, bool)> = Vec::new();
    for clause in clauses {
        let list = scorer.clause(clause);
        if clause.required && list.is_empty() {
            return Vec::new();
        }
        lists.push((list, clause.required));
    }
    if lists.len() == 1 {
        return lists.swap_remove(0).0;
    }
    let lists: Vec<(&[Scored], bool)> = lists.iter().map(|(list, r)| (&list[..], *r)).collect();
    scorer.all(&lists)
}

/// What was probably meant, where nobody wrote what was typed.
fn corrected(index: &Index, plan: &Plan, typed: &[Token]) -> Option<String> {
    let meant = |clause: &Clause| match clause.readings.first() {
        Some(Reading::Word(_)) => clause.meant().map(|choice| choice.term),
        _ => None,
    };
    let only_word = |clause: &Clause| clause.readings.len() == 1;
    let guessed = plan.clauses.iter().any(|clause| meant(clause).is_some() && only_word(clause));
    let changed = matches!(plan.way, Way::Joined | Way::Split);
    if !guessed && !changed {
        return None;
    }
    let said = plan.clauses.iter().map(|clause| match meant(clause) {
        Some(term) if only_word(clause) => index.terms.text(term).to_string(),
        _ => clause.text.clone(),
    });
    let said = said.collect::<Vec<_>>().join(" ");
    let same = typed.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ") == said;
    (!same).then_some(said)
}

/// What is found with fewer words.
struct Fewer {
    plan: Plan,
    matched: Vec<Scored>,
    dropped: Vec<String>,
}

/// A clause and the documents that fit it.
type Kept = (Clause, Vec<Scored>);

/// Leaves out what nothing has, then what says least, until something is found.
fn with_fewer(index: &Index, scorer: &mut Scorer, plan: Plan) -> Fewer {
    let (way, weight) = (plan.way, plan.weight);
    let mut kept: Vec<Kept> = Vec::new();
    let mut dropped = Vec::new();
    for clause in plan.clauses {
        for clause in parted(index, scorer, clause) {
            let list = scorer.clause(&clause);
            if list.is_empty() {
                dropped.push(clause.text);
            } else {
                kept.push((clause, list));
            }
        }
    }
    let mut matched = shared(scorer, kept.iter());
    while matched.is_empty() && !kept.is_empty() {
        let left_out;
        (left_out, matched) = one_less(scorer, &kept);
        dropped.push(kept.remove(left_out).0.text);
    }
    let clauses = kept.into_iter().map(|(clause, _)| clause).collect();
    let dropped = if matched.is_empty() { Vec::new() } else { dropped };
    Fewer { plan: Plan { way, weight, clauses }, matched, dropped }
}

/// The clause to leave out: of those without which something is found, or else of all, the one that
/// most documents have.
fn one_less(scorer: &mut Scorer, kept: &[Kept]) -> (usize, Vec<Scored>) {
    // With many words one is hardly enough, and each trial costs.
    const TRIED: usize = 8;
    let mut by_use: Vec<usize> = (0..kept.len()).collect();
    by_use.sort_by_key(|at| std::cmp::Reverse(kept[*at].1.len()));
    for at in by_use.iter().filter(|_| kept.len() <= TRIED) {
        let others = kept.iter().enumerate().filter(|(other, _)| other != at);
        let matched = shared(scorer, others.map(|(_, kept)| kept));
        if !matched.is_empty() {
            return (*at, matched);
        }
    }
    (by_use[0], Vec::new())
}

/// The documents that fit all of these clauses.
fn shared<'k>(scorer: &mut Scorer, kept: impl Iterator<Item = &'k Kept>) -> Vec<Scored> {
    let lists: Vec<(&[Scored], bool)> = kept.map(|(_, list)| (&list[..], true)).collect();
    if lists.is_empty() { Vec::new() } else { scorer.all(&lists) }
}

/// A run of glyphs that nothing has as a whole, cut where its pairs are rarest.
fn parted(index: &Index, scorer: &mut Scorer, clause: Clause) -> Vec<Clause> {
    let Some(Reading::Chain(chain)) = clause.readings.first() else { return vec![clause] };
    if chain.places.len() < 2 || !scorer.clause(&clause).is_empty() {
        return vec![clause];
    }
    let cut = rarest_link(index, chain);
    let part = |places: &[super::terms::Place]| plan::of_glyphs(index, places.to_vec());
    let (before, after) = (part(&chain.places[..=cut]), part(&chain.places[cut + 1..]));
    let mut parts = parted(index, scorer, before);
    parts.extend(parted(index, scorer, after));
    parts
}

fn rarest_link(index: &Index, chain: &Chain) -> usize {
    let uses = |at: &usize| {
        let choices = chain.links[*at].iter();
        choices.map(|choice| u64::from(index.terms.uses(choice.term))).sum::<u64>()
    };
    (0..chain.links.len()).min_by_key(uses).unwrap_or_default()
}
