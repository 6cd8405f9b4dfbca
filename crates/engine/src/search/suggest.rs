//! What to offer while somebody types.
//!
//! Popular queries first: they are an index of their own, so that they too are found by sound, by
//! initials and in spite of a slip. Then words that go on from what is typed, then titles.

use super::document::Document;
use super::index::Index;
use super::rank::Sort;
use super::terms::TermId;
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
        let first = Query { sort: Sort::Popular, limit: most, ..Query::default() };
        let query = Query { text: typed.to_string(), ..first };
        let found = self.search(&query);
        if !found.dropped.is_empty() {
            return Vec::new();
        }
        found.hits.into_iter().filter_map(|hit| self.title(hit.id).map(str::to_string)).collect()
    }

    /// Words that go on from `letters` and are found together with what stands before.
    fn going_on(&self, before: &str, letters: &str, most: usize) -> Vec<TermId> {
        const TRIED: usize = 64;
        let mut words = self.terms.beginning(letters, TRIED);
        let before = text::tokens(before, 16);
        if !before.is_empty() {
            let together = self.with_all(&before);
            words.retain(|word| {
                let postings = &self.postings[*word as usize];
                postings.iter().any(|posting| together.contains(&posting.slot))
            });
        }
        words.truncate(most);
        words
    }
}
