//! The search engine: products found by what people type, in Chinese and English.
//!
//! An inverted index in memory. `Index::put` and `Index::remove` change it at once; `Index::search`
//! answers a query with hits, facets and help. A query goes through `text` (cut into tokens),
//! `plan` and `choice` (what the tokens may stand for), `score` (which documents fit, how well),
//! `facet` (which pass) and `rank` (what comes first). How it works and what it costs is told in
//! `docs/explanation/search.md`.

mod text;
mod pinyin;
mod typo;
mod terms;
mod document;
mod facet;
mod synonym;
mod index;
mod choice;
mod plan;
mod score;
mod rank;
mod mark;
mod find;
mod suggest;
pub mod evaluate;

use std::ops::Range;

pub use document::Document;
pub use facet::{Counts, Facet, Filter, PATH};
pub use index::Index;
pub use rank::Sort;
pub use synonym::{Group, Synonyms};

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// As typed. Nothing but space finds everything.
    pub text: String,
    pub filter: Filter,
    pub sort: Sort,
    /// How many hits to leave out first, and how many to give.
    pub offset: usize,
    pub limit: usize,
    /// Whether facets are counted.
    pub counted: bool,
}

impl Query {
    /// A first page of twenty for a text.
    pub fn of(text: &str) -> Query {
        Query { text: text.to_string(), limit: 20, counted: true, ..Query::default() }
    }
}

/// A document that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub id: i64,
    /// How well it fits; comparable within one answer.
    pub score: f32,
    /// The bytes of the title that matched.
    pub marked: Vec<Range<usize>>,
}

/// The answer to a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// How many there are on all pages.
    pub total: usize,
    pub hits: Vec<Hit>,
    pub counts: Counts,
    /// What was probably meant, if what was typed is nobody's word: "did you mean".
    pub corrected: Option<String>,
    /// The words left out because nothing has them all: "showing results without".
    pub dropped: Vec<String>,
    /// If nothing was found even so, the nearest words there are.
    pub nearest: Vec<String>,
}

/// Where a suggestion comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Query,
    Word,
    Title,
}

/// What somebody may go on to type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub text: String,
    pub source: Source,
}

#[cfg(test)]
mod tests;
