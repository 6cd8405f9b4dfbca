//! How well documents fit: BM25 over weighted fields, the best reading of each clause, all clauses.
//!
//! The rarity of a clause is counted over everything it may stand for, so that a rare misspelling
//! does not outweigh the likely one: between the choices of a clause only their weights decide.

use std::sync::Mutex;

use super::choice::{Chain, Choice, Reading, Rung};
use super::document::Field;
use super::index::{Index, Posting};
use super::plan::Clause;
use super::text;

/// A document that fits, how well, and by which choice where several are as good.
#[derive(Clone, Copy, Debug)]
pub struct Scored {
    pub slot: u32,
    pub score: f32,
    /// Documents of one tag fit by the same guess; 0 is no guess at all.
    pub tag: u32,
}

/// How soon a term that is repeated stops counting more: the `k` of BM25.
const SATURATION: f32 = 1.2;
/// A glyph on its own, where a pair was asked for.
const LONE_GLYPH: f32 = 0.3;

/// Adds up what documents are worth, clause after clause.
pub struct Scorer<'a> {
    index: &'a Index,
    /// What a count is worth in a field of a length: weight over length norm.
    worth: Vec<[f32; 256]>,
    sheet: Sheet,
}

/// Cells for each document. They are empty between clauses, and so between queries.
#[derive(Default)]
struct Sheet {
    clause: Cells,
    chain: Cells,
    masks: Vec<Mask>,
}

/// Sheets that no query has in use: clearing a new one for every query would cost as much as many
/// a query itself.
#[derive(Default)]
pub struct Pool(Mutex<Vec<Sheet>>);

impl Pool {
    fn take(&self, slots: usize) -> Sheet {
        let kept = self.0.lock().map(|mut sheets| sheets.pop()).unwrap_or_default();
        let mut sheet = kept.unwrap_or_default();
        sheet.clause.grow(slots);
        sheet.chain.grow(slots);
        sheet.masks.resize(slots.max(sheet.masks.len()), Mask::default());
        sheet
    }
}

impl Drop for Scorer<'_> {
    fn drop(&mut self) {
        // After a panic half-filled cells must not come back.
        if !std::thread::panicking()
            && let Ok(mut sheets) = self.index.cells.0.lock()
        {
            sheets.push(std::mem::take(&mut self.sheet));
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Mask {
    links: u64,
    singles: u64,
}

#[derive(Default)]
struct Cells {
    scores: Vec<f32>,
    tags: Vec<u32>,
    touched: Vec<u32>,
}

impl Cells {
    fn grow(&mut self, slots: usize) {
        self.scores.resize(slots.max(self.scores.len()), 0.0);
        self.tags.resize(slots.max(self.tags.len()), 0);
    }

    /// Keeps the better of what is there and this.
    #[inline]
    fn raise(&mut self, slot: u32, score: f32, tag: u32) {
        let cell = &mut self.scores[slot as usize];
        if *cell == 0.0 {
            self.touched.push(slot);
        }
        if score > *cell {
            *cell = score;
            self.tags[slot as usize] = tag;
        }
    }

    #[inline]
    fn add(&mut self, slot: u32, score: f32, tag: u32) {
        let cell = &mut self.scores[slot as usize];
        if *cell == 0.0 {
            self.touched.push(slot);
        }
        *cell += score;
        self.tags[slot as usize] = self.tags[slot as usize].wrapping_add(tag);
    }

    /// Empties the cells, saying what was in them.
    fn drain(&mut self) -> Vec<Scored> {
        let mut touched = std::mem::take(&mut self.touched);
        let mut found = Vec::with_capacity(touched.len());
        // What comes after reads documents one by one: in order, if there are many of them.
        if touched.len() * 8 > self.scores.len() {
            for (slot, score) in self.scores.iter_mut().enumerate() {
                if *score > 0.0 {
                    let (score, tag) =
                        (std::mem::take(score), std::mem::take(&mut self.tags[slot]));
                    found.push(Scored { slot: slot as u32, score, tag });
                }
            }
        } else {
            for slot in &touched {
                let at = *slot as usize;
                let score = std::mem::take(&mut self.scores[at]);
                found.push(Scored { slot: *slot, score, tag: std::mem::take(&mut self.tags[at]) });
            }
        }
        // The room is used again.
        touched.clear();
        self.touched = touched;
        found
    }
}

impl<'a> Scorer<'a> {
    pub fn new(index: &'a Index) -> Scorer<'a> {
        let averages = index.averages();
        let worth = Field::ALL.map(|field| {
            let (weight, slope) = (field.weight(), field.slope());
            let average = averages[field as usize].max(1.0);
            std::array::from_fn(|length| weight / (1.0 - slope + slope * length as f32 / average))
        });
        let slots = index.entries.len();
        Scorer { index, worth: worth.to_vec(), sheet: index.cells.take(slots) }
    }

    /// The documents that fit a clause.
    pub fn clause(&mut self, clause: &Clause) -> Vec<Scored> {
        for reading in &clause.readings {
            match reading {
                Reading::Word(choices) => self.word(choices),
                Reading::Chain(chain) => self.chain(chain),
            }
        }
        self.sheet.clause.drain()
    }

    fn word(&mut self, choices: &[Choice]) {
        let rarity = self.rarity(choices);
        for choice in choices {
            for posting in &self.index.postings[choice.term as usize] {
                if posting.counts & choice.within != 0 {
                    let score = rarity * choice.weight * self.strength(posting);
                    self.sheet.clause.raise(posting.slot, score, tag(choice));
                }
            }
        }
    }

    fn chain(&mut self, chain: &Chain) {
        let places = chain.places.len();
        if chain.links.is_empty() {
            return chain.singles.iter().for_each(|choices| self.word(choices));
        }
        for (at, choices) in chain.links.iter().enumerate() {
            self.link(choices, 1 << at);
        }
        if places > 2 && !chain.singles.is_empty() {
            for (at, choices) in chain.singles.iter().enumerate() {
                self.single(choices, 1 << at);
            }
        }
        for scored in self.sheet.chain.drain() {
            let mask = std::mem::take(&mut self.sheet.masks[scored.slot as usize]);
            if fits(mask, places, chain.strict) && self.stands(chain, scored.slot) {
                self.sheet.clause.raise(scored.slot, scored.score, scored.tag);
            }
        }
    }

    fn link(&mut self, choices: &[Choice], bit: u64) {
        let rarity = self.rarity(choices);
        for choice in choices {
            for posting in &self.index.postings[choice.term as usize] {
                let mask = &mut self.sheet.masks[posting.slot as usize];
                // Choices come best first: the first that fits is the link's.
                if mask.links & bit == 0 && posting.counts & choice.within != 0 {
                    mask.links |= bit;
                    let score = rarity * choice.weight * self.strength(posting);
                    self.sheet.chain.add(posting.slot, score, tag(choice));
                }
            }
        }
    }

    /// Glyphs that no link explains, in documents that have some link.
    fn single(&mut self, choices: &[Choice], bit: u64) {
        let rarity = self.rarity(choices);
        for choice in choices {
            for posting in &self.index.postings[choice.term as usize] {
                let mask = &mut self.sheet.masks[posting.slot as usize];
                if mask.links != 0 && (mask.links | mask.links << 1) & bit == 0 {
                    mask.singles |= bit;
                    let score = rarity * choice.weight * self.strength(posting);
                    self.sheet.chain.add(posting.slot, LONE_GLYPH * score, 0);
                }
            }
        }
    }

    /// Whether the places of a strict chain stand side by side in the title.
    fn stands(&self, chain: &Chain, slot: u32) -> bool {
        if !chain.strict || chain.places.len() <= 2 {
            return true;
        }
        let title: Vec<char> = self.index.title_at(slot).chars().collect();
        let takes = |(place, glyph): (&super::terms::Place, &char)| {
            text::is_glyph(*glyph)
                && place.takes(*glyph, self.index.terms.readings(*glyph)).is_some()
        };
        title.windows(chain.places.len()).any(|part| chain.places.iter().zip(part).all(takes))
    }

    /// The rarer all choices together, the more they say: the `idf` of BM25.
    fn rarity(&self, choices: &[Choice]) -> f32 {
        let all = self.index.len() as f32;
        let uses = choices.iter().map(|choice| f64::from(self.index.terms.uses(choice.term)));
        let uses = (uses.sum::<f64>() as f32).min(all);
        (1.0 + (all - uses + 0.5) / (uses + 0.5)).ln()
    }

    /// How much of a document is about a term, 0 to 1.
    #[inline]
    fn strength(&self, posting: &Posting) -> f32 {
        let lengths = &self.index.lengths[posting.slot as usize];
        let mut sum = 0.0;
        let mut counts = posting.counts;
        while counts != 0 {
            let field = counts.trailing_zeros() as usize / 4;
            let count = (counts >> (4 * field)) & 15;
            sum += count as f32 * self.worth[field][lengths[field] as usize];
            counts &= !(15 << (4 * field));
        }
        sum / (SATURATION + sum)
    }

    /// Documents that are in every required list; scores add up, tags are told together.
    pub fn all(&mut self, lists: &[(&[Scored], bool)]) -> Vec<Scored> {
        let required = lists.iter().filter(|(_, required)| *required).count() as u64;
        for (list, _) in lists.iter().filter(|(_, required)| *required) {
            for scored in *list {
                self.sheet.masks[scored.slot as usize].links += 1;
            }
        }
        for (list, _) in lists {
            for scored in *list {
                if self.sheet.masks[scored.slot as usize].links == required {
                    let tag = self.sheet.clause.tags[scored.slot as usize].wrapping_mul(31);
                    self.sheet.clause.add(scored.slot, scored.score, 0);
                    self.sheet.clause.tags[scored.slot as usize] = tag.wrapping_add(scored.tag);
                }
            }
        }
        for (list, _) in lists {
            list.iter().for_each(|scored| self.sheet.masks[scored.slot as usize] = Mask::default());
        }
        self.sheet.clause.drain()
    }

    /// Documents of any list, each with the best score it has, times the list's weight.
    pub fn any(&mut self, lists: &[(Vec<Scored>, f32)]) -> Vec<Scored> {
        for (list, weight) in lists {
            for scored in list {
                self.sheet.clause.raise(scored.slot, scored.score * weight, scored.tag);
            }
        }
        self.sheet.clause.drain()
    }
}

/// Guesses are told apart; what was written is not one.
fn tag(choice: &Choice) -> u32 {
    match choice.rung {
        Rung::Written | Rung::Beginning => 0,
        Rung::Misspelt | Rung::Heard => (choice.term + 1).wrapping_mul(0x9E37_79B1),
    }
}

/// Whether enough of a chain is there: every place, and for a loose one at least half by pairs.
fn fits(mask: Mask, places: usize, strict: bool) -> bool {
    if strict {
        return mask.links == (1 << (places - 1)) - 1;
    }
    let linked = mask.links | mask.links << 1;
    linked | mask.singles == (1 << places) - 1 && linked.count_ones() as usize * 2 >= places
}
