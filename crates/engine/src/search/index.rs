//! The inverted index: which documents have which terms, and what is kept of each document.
//!
//! A posting is eight bytes: a document's slot and how often the term is in each of eight fields,
//! four bits each. Postings are kept in order of slots, so that one document is put or taken out by
//! a binary search in each of its terms' lists. Slots of removed documents are used again. What is
//! counted over all documents (how many, how long) is kept as integers: whatever the order of
//! changes, the index answers like one built afresh.

use rustc_hash::FxHashMap;

use super::document::{Document, FIELDS, Field, terms_of};
use super::facet::{Stretch, Values};
use super::score::Pool;
use super::suggest::Popular;
use super::synonym::Synonyms;
use super::terms::{TermId, Terms};

/// A term in a document: the slot, and four bits of count for each field.
#[derive(Clone, Copy, Debug)]
pub struct Posting {
    pub slot: u32,
    pub counts: u32,
}

/// What is kept of a document for whoever shows it.
pub struct Entry {
    pub title: Box<str>,
    /// Every term, for taking the document out again.
    terms: Box<[TermId]>,
}

/// What is read of every document that fits, whether or not a page shows it: side by side in
/// memory, and as little as can be.
#[derive(Clone, Copy, Default)]
pub struct Glance {
    pub id: i64,
    pub price: (i64, i64),
    pub added: i64,
    pub sold: u64,
    pub popularity: u32,
    /// What popularity multiplies a score by: a little more than one.
    pub wanted: f32,
    /// How many bytes the title has.
    pub title: u32,
    /// Where the document's values are.
    pub values: Stretch,
    pub in_stock: bool,
}

/// A search engine over products, held in memory.
#[derive(Default)]
pub struct Index {
    pub(super) terms: Terms,
    pub(super) postings: Vec<Vec<Posting>>,
    pub(super) entries: Vec<Option<Entry>>,
    /// One for each entry; those of empty slots say nothing.
    pub(super) glances: Vec<Glance>,
    /// How many tokens each field has, up to 255, by slot: read for every posting.
    pub(super) lengths: Vec<[u8; FIELDS]>,
    pub(super) slots: FxHashMap<i64, u32>,
    free: Vec<u32>,
    /// The lengths of all documents together, by field.
    totals: [u64; FIELDS],
    pub(super) values: Values,
    pub(super) synonyms: Synonyms,
    pub(super) popular: Popular,
    pub(super) cells: Pool,
}

/// Twice as wanted counts so much more, in all scores.
const WANTED: f32 = 0.005;

impl Index {
    /// Builds an index of many documents at once.
    pub fn build(documents: impl IntoIterator<Item = Document>) -> Index {
        let mut index = Index::default();
        for document in documents {
            index.put(document);
        }
        index.postings.iter_mut().for_each(Vec::shrink_to_fit);
        index.entries.shrink_to_fit();
        index.glances.shrink_to_fit();
        index
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Puts a document in, in place of the one with its id. The next search sees it.
    pub fn put(&mut self, document: Document) {
        let slot = self.slots.get(&document.id).copied().unwrap_or_else(|| self.new_slot());
        let (counts, lengths) = self.count(&document);
        let before = self.entries[slot as usize].take().map(|entry| entry.terms);
        self.exchange(slot, &before.unwrap_or_default(), &counts);
        self.measure(slot, lengths);
        self.slots.insert(document.id, slot);
        let glance = &mut self.glances[slot as usize];
        *glance = Glance {
            id: document.id,
            price: document.price,
            added: document.added,
            sold: document.sold,
            popularity: document.popularity,
            wanted: 1.0 + WANTED * (document.popularity as f32 + 1.0).log2(),
            title: document.title.len() as u32,
            values: self.values.keep(glance.values, &document),
            in_stock: document.in_stock,
        };
        self.entries[slot as usize] = Some(Entry {
            terms: counts.into_iter().map(|(term, _)| term).collect(),
            title: document.title.into(),
        });
    }

    fn new_slot(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.entries.push(None);
            self.glances.push(Glance::default());
            self.lengths.push([0; FIELDS]);
            self.entries.len() as u32 - 1
        })
    }

    /// Changes a slot's postings; terms that stay are not moved, and both lists are in order.
    fn exchange(&mut self, slot: u32, before: &[TermId], after: &[(TermId, u32)]) {
        for term in before {
            if after.binary_search_by_key(term, |(term, _)| *term).is_err() {
                let postings = &mut self.postings[*term as usize];
                if let Ok(at) = postings.binary_search_by_key(&slot, |posting| posting.slot) {
                    postings.remove(at);
                    self.terms.count(*term, false);
                }
            }
        }
        for (term, counts) in after {
            let postings = &mut self.postings[*term as usize];
            let posting = Posting { slot, counts: *counts };
            match postings.binary_search_by_key(&slot, |posting| posting.slot) {
                Ok(at) => postings[at] = posting,
                Err(at) => {
                    postings.insert(at, posting);
                    self.terms.count(*term, true);
                }
            }
        }
    }

    fn measure(&mut self, slot: u32, lengths: [u8; FIELDS]) {
        let before = std::mem::replace(&mut self.lengths[slot as usize], lengths);
        for ((total, before), now) in self.totals.iter_mut().zip(before).zip(lengths) {
            *total = *total - u64::from(before) + u64::from(now);
        }
    }

    /// The document's terms with their counts, and the lengths of its fields.
    fn count(&mut self, document: &Document) -> (Vec<(TermId, u32)>, [u8; FIELDS]) {
        let mut places: FxHashMap<TermId, usize> = FxHashMap::default();
        let mut counts: Vec<(TermId, u32)> = Vec::new();
        let mut lengths = [0; FIELDS];
        for field in Field::ALL {
            let shift = 4 * field as u32;
            let length = terms_of(document, field, |text| {
                let term = self.terms.intern(text);
                let at = *places.entry(term).or_insert(counts.len());
                if at == counts.len() {
                    counts.push((term, 0));
                }
                if (counts[at].1 >> shift) & 15 < 15 {
                    counts[at].1 += 1 << shift;
                }
            });
            lengths[field as usize] = length.min(255) as u8;
        }
        counts.sort_unstable_by_key(|(term, _)| *term);
        self.postings.resize_with(self.terms.count_all(), Vec::new);
        (counts, lengths)
    }

    /// Takes a document out. Says whether it was there.
    pub fn remove(&mut self, id: i64) -> bool {
        let Some(slot) = self.slots.remove(&id) else { return false };
        let Some(entry) = self.entries[slot as usize].take() else { return false };
        self.exchange(slot, &entry.terms, &[]);
        self.measure(slot, [0; FIELDS]);
        self.free.push(slot);
        true
    }

    /// The groups of words that mean the same.
    pub fn set_synonyms(&mut self, synonyms: Synonyms) {
        self.synonyms = synonyms;
    }

    /// What people search for, with how often: the first source of suggestions.
    pub fn set_popular(&mut self, queries: impl IntoIterator<Item = (String, u32)>) {
        self.popular = Popular::new(queries);
    }

    /// The usual length of each field.
    pub(super) fn averages(&self) -> [f32; FIELDS] {
        let count = self.len().max(1) as f32;
        self.totals.map(|total| total as f32 / count)
    }

    /// About how many bytes the index holds.
    pub fn bytes(&self) -> usize {
        let postings = self.postings.iter().map(|list| 24 + 8 * list.capacity()).sum::<usize>();
        let entry = |entry: &Entry| entry.title.len() + 4 * entry.terms.len() + 32;
        let entries = self.entries.iter().flatten().map(entry).sum::<usize>();
        let slot = size_of::<Option<Entry>>() + size_of::<Glance>();
        let slots = self.entries.capacity() * slot + self.slots.len() * 20;
        postings + entries + slots + self.values.bytes() + self.terms.bytes()
    }
}
