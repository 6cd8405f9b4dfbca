//! Facets: narrowing by what products have in common, and counting what is left to choose.
//!
//! A product passes if it has, in every facet that is chosen from, one of the chosen values. The
//! counts of a facet leave its own choice out, so that a second value can be added to the first:
//! with `Red` chosen, `Blue (12)` still says twelve.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::document::Document;
use super::index::Glance;

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

/// Every value that some document had, and which documents have which.
#[derive(Default)]
pub struct Values {
    facets: Vec<Facet>,
    /// The values of each facet.
    ids: Vec<FxHashMap<String, ValueId>>,
    /// The place of a value's facet among `facets`, and the value.
    all: Vec<(u16, String)>,
    /// The values of all documents, one document after the other.
    kept: Vec<ValueId>,
}

/// Where the values of one document are among those of all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stretch {
    from: u32,
    count: u16,
    /// How many there is room for.
    room: u16,
}

/// Further facets than this have no values.
const FACETS: usize = 1_000;
/// Further values than this one document does not have.
const VALUES: usize = u16::MAX as usize;

impl Values {
    fn place(&self, facet: &Facet) -> Option<usize> {
        self.facets.iter().position(|other| other == facet)
    }

    fn id(&mut self, facet: Facet, value: &str) -> Option<ValueId> {
        let place = self.place(&facet).or_else(|| {
            self.facets.push(facet);
            self.ids.push(FxHashMap::default());
            Some(self.facets.len() - 1)
        });
        let place = place.filter(|place| *place < FACETS)?;
        if let Some(id) = self.ids[place].get(value) {
            return Some(*id);
        }
        let id = self.all.len() as ValueId;
        self.all.push((place as u16, value.to_string()));
        self.ids[place].insert(value.to_string(), id);
        Some(id)
    }

    fn get(&self, facet: &Facet, value: &str) -> Option<ValueId> {
        self.ids[self.place(facet)?].get(value).copied()
    }

    /// Keeps the values of a document, in place of those it had if there is room. What becomes too
    /// small is left: a document that gets more values each time is rare, and a few bytes.
    pub fn keep(&mut self, before: Stretch, document: &Document) -> Stretch {
        let values = self.of(document);
        let count = values.len() as u16;
        if count <= before.room {
            let from = before.from as usize;
            self.kept[from..from + values.len()].copy_from_slice(&values);
            return Stretch { count, ..before };
        }
        let from = self.kept.len() as u32;
        self.kept.extend(values);
        Stretch { from, count, room: count }
    }

    /// The values of a document.
    fn at(&self, stretch: Stretch) -> &[ValueId] {
        &self.kept[stretch.from as usize..][..usize::from(stretch.count)]
    }

    /// About how many bytes are held for documents.
    pub fn bytes(&self) -> usize {
        4 * self.kept.capacity()
    }

    /// The values of a document, each once.
    fn of(&mut self, document: &Document) -> Vec<ValueId> {
        let mut found = Vec::new();
        for depth in 1..=document.category.len() {
            found.extend(self.id(Facet::Category, &document.category[..depth].join(PATH)));
        }
        if !document.brand.is_empty() {
            found.extend(self.id(Facet::Brand, &document.brand));
        }
        for tag in &document.tags {
            found.extend(self.id(Facet::Tag, tag));
        }
        for (name, value) in &document.options {
            found.extend(self.id(Facet::Option(name.clone()), value));
        }
        found.sort_unstable();
        found.dedup();
        found.truncate(VALUES);
        found
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
    /// The values of each facet and how many products have them, most first; a hundred at most.
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
    /// For each chosen facet, its place and the values that pass.
    chosen: Vec<(Option<usize>, Vec<ValueId>)>,
    /// Whether somebody asks.
    counted: bool,
    /// For each value.
    counts: Vec<u32>,
    price: Option<(i64, i64)>,
    in_stock: usize,
}

const PRICE: u32 = 1;
const STOCK: u32 = 2;
/// The first chosen facet; the others follow.
const FIRST: u32 = 4;
/// So many values of a facet are told.
const SHOWN: usize = 100;
/// Further facets than this are not looked at.
const MOST: usize = 24;

impl<'a> Sieve<'a> {
    /// Made ready to pass documents, and to count them if `counted`.
    pub fn new(filter: &'a Filter, values: &'a Values, counted: bool) -> Sieve<'a> {
        let chosen = filter.facets.iter().filter(|(_, wanted)| !wanted.is_empty()).take(MOST);
        let chosen = chosen
            .map(|(facet, wanted)| {
                let ids = wanted.iter().filter_map(|value| values.get(facet, value));
                (values.place(facet), ids.collect())
            })
            .collect();
        let counts = vec![0; if counted { values.all.len() } else { 0 }];
        Sieve { filter, values, chosen, counted, counts, price: None, in_stock: 0 }
    }

    /// Whether a document passes. It is counted wherever it would, but for one choice.
    pub fn passes(&mut self, glance: &Glance) -> bool {
        let values = self.values.at(glance.values);
        let fails = self.fails(glance, values);
        if !self.counted {
            return fails == 0;
        }
        if fails & !PRICE == 0 {
            let (low, high) = self.price.unwrap_or(glance.price);
            self.price = Some((low.min(glance.price.0), high.max(glance.price.1)));
        }
        if fails & !STOCK == 0 && glance.in_stock {
            self.in_stock += 1;
        }
        if fails == 0 {
            values.iter().for_each(|value| self.counts[*value as usize] += 1);
        } else if fails.is_power_of_two() && fails >= FIRST {
            let (facet, _) = self.chosen[(fails / FIRST).trailing_zeros() as usize];
            for value in values {
                if Some(self.values.all[*value as usize].0 as usize) == facet {
                    self.counts[*value as usize] += 1;
                }
            }
        }
        fails == 0
    }

    /// A bit for each choice that the document is not in.
    fn fails(&self, glance: &Glance, values: &[ValueId]) -> u32 {
        let (low, high) = self.filter.price;
        let cheap = low.is_some_and(|low| glance.price.1 < low);
        let dear = high.is_some_and(|high| glance.price.0 > high);
        let mut fails = if cheap || dear { PRICE } else { 0 };
        if self.filter.in_stock && !glance.in_stock {
            fails |= STOCK;
        }
        for (at, (_, wanted)) in self.chosen.iter().enumerate() {
            if !values.iter().any(|value| wanted.contains(value)) {
                fails |= FIRST << at;
            }
        }
        fails
    }

    /// What was counted.
    pub fn counts(self) -> Counts {
        let mut by_facet: Vec<Vec<(&str, usize)>> = vec![Vec::new(); self.values.facets.len()];
        for ((facet, value), count) in self.values.all.iter().zip(&self.counts) {
            if *count > 0 {
                by_facet[usize::from(*facet)].push((value, *count as usize));
            }
        }
        let mut facets = BTreeMap::new();
        for (facet, mut values) in self.values.facets.iter().zip(by_facet) {
            values.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
            values.truncate(SHOWN);
            if !values.is_empty() {
                let values = values.into_iter().map(|(value, count)| (value.to_string(), count));
                facets.insert(facet.clone(), values.collect());
            }
        }
        Counts { facets, price: self.price, in_stock: self.in_stock }
    }
}
