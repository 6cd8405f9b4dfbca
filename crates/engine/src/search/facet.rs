//! Facets: narrowing by what products have in common, and counting what is left to choose.
//!
//! A product passes if it has, in every facet that is chosen from, one of the chosen values. The
//! counts of a facet leave its own choice out, so that a second value can be added to the first: with
//! `Red` chosen, `Blue (12)` still says twelve.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::document::Document;
use super::index::Entry;

/// What products are grouped by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// Values are paths, `Home > Kitchen`; a product is in every category above its own.
    Category,
    Brand,
    Tag,
    /// What variants differ in: `Colour`.
    Option(String),
}

/// What stands between the parts of a category's path.
pub const PATH: &str = " > ";

/// The number of a value.
pub type ValueId = u32;

/// Every value that some document had.
#[derive(Default)]
pub struct Values {
    ids: FxHashMap<(Facet, String), ValueId>,
    all: Vec<(Facet, String)>,
}

impl Values {
    fn id(&mut self, facet: Facet, value: &str) -> ValueId {
        *self.ids.entry((facet, value.to_string())).or_insert_with_key(|key| {
            self.all.push(key.clone());
            self.all.len() as ValueId - 1
        })
    }

    /// The values of a document, each once.
    pub fn of(&mut self, document: &Document) -> Box<[ValueId]> {
        let mut found = Vec::new();
        for depth in 1..=document.category.len() {
            found.push(self.id(Facet::Category, &document.category[..depth].join(PATH)));
        }
        if !document.brand.is_empty() {
            found.push(self.id(Facet::Brand, &document.brand));
        }
        for tag in &document.tags {
            found.push(self.id(Facet::Tag, tag));
        }
        for (name, value) in &document.options {
            found.push(self.id(Facet::Option(name.clone()), value));
        }
        found.sort_unstable();
        found.dedup();
        found.into()
    }
}

/// What a search is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// In each of these facets, one of these values.
    pub facets: Vec<(Facet, Vec<String>)>,
    /// The lowest and highest price, in minor units; a product's range must touch it.
    pub price: (Option<i64>, Option<i64>),
    pub in_stock: bool,
}

/// What can be chosen among what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The values of each facet and how many products have them, most first.
    pub facets: BTreeMap<Facet, Vec<(String, usize)>>,
    /// The lowest and the highest price, whatever price was chosen.
    pub price: Option<(i64, i64)>,
    /// How many are in stock, whether or not that was chosen.
    pub in_stock: usize,
}

/// A filter made ready for an index.
pub struct Sieve<'a> {
    filter: &'a Filter,
    values: &'a Values,
    /// For each chosen facet, the values that pass.
    chosen: Vec<(&'a Facet, Vec<ValueId>)>,
    counts: Vec<u32>,
    price: Option<(i64, i64)>,
    in_stock: usize,
}

const PRICE: u32 = 1;
const STOCK: u32 = 2;
/// The first chosen facet; the others follow.
const FIRST: u32 = 4;
/// Further facets than this are not looked at.
const MOST: usize = 24;

impl<'a> Sieve<'a> {
    pub fn new(filter: &'a Filter, values: &'a Values) -> Sieve<'a> {
        let number = |facet: &Facet, value: &String| {
            values.ids.get(&(facet.clone(), value.clone())).copied()
        };
        let chosen = filter.facets.iter().filter(|(_, wanted)| !wanted.is_empty()).take(MOST);
        let chosen = chosen
            .map(|(facet, wanted)| {
                (facet, wanted.iter().filter_map(|value| number(facet, value)).collect())
            })
            .collect();
        let counts = vec![0; values.all.len()];
        Sieve { filter, values, chosen, counts, price: None, in_stock: 0 }
    }

    /// Whether a document passes. It is counted wherever it would, but for one choice.
    pub fn passes(&mut self, entry: &Entry) -> bool {
        let fails = self.fails(entry);
        if fails & !PRICE == 0 {
            let (low, high) = self.price.unwrap_or(entry.price);
            self.price = Some((low.min(entry.price.0), high.max(entry.price.1)));
        }
        if fails & !STOCK == 0 && entry.in_stock {
            self.in_stock += 1;
        }
        if fails == 0 {
            entry.values.iter().for_each(|value| self.counts[*value as usize] += 1);
        } else if fails.is_power_of_two() && fails >= FIRST {
            let (facet, _) = self.chosen[(fails / FIRST).trailing_zeros() as usize];
            for value in &entry.values {
                if self.values.all[*value as usize].0 == *facet {
                    self.counts[*value as usize] += 1;
                }
            }
        }
        fails == 0
    }

    /// A bit for each choice that the document is not in.
    fn fails(&self, entry: &Entry) -> u32 {
        let (low, high) = self.filter.price;
        let cheap = low.is_some_and(|low| entry.price.1 < low);
        let dear = high.is_some_and(|high| entry.price.0 > high);
        let mut fails = if cheap || dear { PRICE } else { 0 };
        if self.filter.in_stock && !entry.in_stock {
            fails |= STOCK;
        }
        for (at, (_, wanted)) in self.chosen.iter().enumerate() {
            if !entry.values.iter().any(|value| wanted.contains(value)) {
                fails |= FIRST << at;
            }
        }
        fails
    }

    /// What was counted.
    pub fn counts(self) -> Counts {
        let mut facets: BTreeMap<Facet, Vec<(String, usize)>> = BTreeMap::new();
        for ((facet, value), count) in self.values.all.iter().zip(&self.counts) {
            if *count > 0 {
                let values = facets.entry(facet.clone()).or_default();
                values.push((value.clone(), *count as usize));
            }
        }
        for values in facets.values_mut() {
            values.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        }
        Counts { facets, price: self.price, in_stock: self.in_stock }
    }
}
