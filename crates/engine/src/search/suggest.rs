//! What to offer while somebody types.
//!
//! Popular queries first: they are an index of their own, so that they too are found by sound, by
//! initials and in spite of a slip. Then words that go on from what is typed, then titles.

use super::document::Document;
use super::index::Index;
use super::rank::Sort;
use super::text::{self, Kind};
use super::{Query, Source, Suggestion};

/// Popular queries, found like products.
#[derive(Default)]
pub struct Popular(Option<Box<Index>>);

impl Popular {
    pub fn new(queries: impl IntoIterator<Item = (String, u32)>) -> Popular {
        let documents = queries.into_iter().enumerate().map(|(id, (title, popularity))| Document {
            id: id as i64,
            title,
            popularity,
            ..Document::default()
        });
        Popular(Some(Box::new(Index::build(documents))))
    }
}

/// Typed text longer than this is not completed.
const LONGEST: usize = 60;

impl Index {
    /// Up to `most` ways to go on from what is typed.
    pub fn suggest(&self, typed: &str, most: usize) -> Vec<Suggestion> {
        let mut found: Vec<Suggestion> = Vec::new();
        let tokens = text::tokens(typed, 16);
        if tokens.is_empty() || typed.chars().count() > LONGEST {
            return found;
        }
        let mut add = |text: String, source: Source| {
            let same =
                |other: &Suggestion| text::folded(&other.text, 64) == text::folded(&text, 64);
            if found.len() < most && !found.iter().any(same) {
                found.push(Suggestion { text, source });
            }
        };
        if let Popular(Some(popular)) = &self.popular {
            popular.titles(typed, most).into_iter().for_each(|text| add(text, Source::Query));
        }
        let last = &tokens[tokens.len() - 1];
        if last.kind == Kind::Word {
            let before = &typed[..last.start];
            // Half the places at most: titles say more than words.
            for term in self.going_on(before, &last.text, most.div_ceil(2)) {
                add(format!("{before}{}", self.terms.text(term)), Source::Word);
            }
        }
        self.titles(typed, most).into_iter().for_each(|text| add(text, Source::Title));
        found
    }

    /// Titles that fit what is typed, the most wanted first.
    fn titles(&self, typed: &str, most: usize) -> Vec<String> {
        let query = Query { sort: Sort::Popular, limit: most, ..Query::of(typed) };
        let found = self.search(&query);
        if !found.dropped.is_empty() {
            return Vec::new();
        }
        found.hits.into_iter().filter_map(|hit| self.title(hit.id).map(str::to_string)).collect()
    }

    /// Words that go on from `letters` and are found together with what stands before.
    fn going_on(&self, before: &str, letters: &str, most: usize) -> Vec<super::terms::TermId> {
        const TRIED: usize = 12;
        let mut words = self.terms.beginning(letters, TRIED);
        if !text::tokens(before, 1).is_empty() {
            words.retain(|word| {
                let query = format!("{before}{}", self.terms.text(*word));
                let found = self.search(&Query { limit: 0, ..Query::of(&query) });
                found.total > 0 && found.dropped.is_empty()
            });
        }
        words.truncate(most);
        words
    }
}
