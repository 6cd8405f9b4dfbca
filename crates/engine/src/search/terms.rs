//! The vocabulary: every word and glyph pair of the goods, and ways to find the one that is meant.
//!
//! Words are kept as written; forms of a word, words that begin alike and words that are misspelt
//! are found here, when somebody asks, so that postings are kept once. Glyph pairs are found by
//! sound.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::pinyin::{self, Sound, Syllable};
use super::text;
use super::typo::{self, Mark};

/// The number of a term.
pub type TermId = u32;

/// One glyph of a query: as written, or as it sounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Glyph(char),
    Sound(Sound),
}

impl Place {
    /// Whether a glyph that may be read so can stand here, and whether by its usual reading.
    pub fn takes(&self, glyph: char, readings: &[Syllable]) -> Option<bool> {
        match self {
            Place::Glyph(own) => (*own == glyph).then_some(true),
            Place::Sound(sound) => {
                let usual = readings.first().is_some_and(|first| sound.may_be.contains(first));
                let any = usual || readings.iter().any(|reading| sound.may_be.contains(reading));
                any.then_some(usual)
            }
        }
    }
}

/// A term that a place or two may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    pub term: TermId,
    /// Every character is read as it usually is.
    pub usual: bool,
}

/// A word that may have been meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    pub term: TermId,
    pub edits: usize,
    pub likelihood: u32,
}

/// No more article numbers than this are looked at for one beginning.
const NUMBERS: usize = 1_000;

/// The vocabulary of an index.
#[derive(Default)]
pub struct Terms {
    ids: FxHashMap<Arc<str>, TermId>,
    texts: Vec<Arc<str>>,
    /// In how many documents each term is.
    uses: Vec<u32>,
    words: BTreeMap<Arc<str>, TermId>,
    /// Words with digits: article numbers are many, and looked up by a beginning that has digits
    /// too.
    numbers: BTreeMap<Arc<str>, TermId>,
    families: FxHashMap<Box<str>, Vec<TermId>>,
    marks: Vec<(Mark, TermId)>,
    /// Pairs of glyphs, by the two syllables of each way to read them.
    pairs: BTreeMap<(Syllable, Syllable), Vec<TermId>>,
    singles: BTreeMap<Syllable, Vec<TermId>>,
    readings: FxHashMap<char, Box<[Syllable]>>,
}

impl Terms {
    /// The number of a term, new or known. Text of one or two glyphs is a glyph term.
    pub fn intern(&mut self, text: &str) -> TermId {
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = self.texts.len() as TermId;
        let text: Arc<str> = text.into();
        self.texts.push(text.clone());
        self.uses.push(0);
        self.ids.insert(text.clone(), id);
        if text.chars().all(text::is_glyph) {
            self.hear(&text, id);
        } else if text.contains(|c: char| c.is_ascii_digit()) {
            self.numbers.insert(text, id);
        } else {
            self.families.entry(text::stem(&text).into()).or_default().push(id);
            if typo::takes_part(&text) {
                self.marks.push((Mark::of(&text), id));
            }
            self.words.insert(text, id);
        }
        id
    }

    fn hear(&mut self, text: &str, id: TermId) {
        let mut glyphs = text.chars();
        let (first, second) = (glyphs.next(), glyphs.next());
        let first = first.map(|c| self.readings_of(c)).unwrap_or_default();
        let Some(second) = second.map(|c| self.readings_of(c)) else {
            for syllable in first {
                self.singles.entry(syllable).or_default().push(id);
            }
            return;
        };
        for a in first {
            for b in &second {
                self.pairs.entry((a, *b)).or_default().push(id);
            }
        }
    }

    fn readings_of(&mut self, c: char) -> Box<[Syllable]> {
        let read = || pinyin::readings(c).into_boxed_slice();
        self.readings.entry(c).or_insert_with(read).clone()
    }

    /// How a glyph of the vocabulary is read.
    pub fn readings(&self, c: char) -> &[Syllable] {
        self.readings.get(&c).map_or(&[], |readings| readings)
    }

    pub fn text(&self, id: TermId) -> &str {
        &self.texts[id as usize]
    }

    pub fn uses(&self, id: TermId) -> u32 {
        self.uses[id as usize]
    }

    /// How many terms have a number.
    pub fn count_all(&self) -> usize {
        self.texts.len()
    }

    /// About how many bytes the vocabulary holds.
    pub fn bytes(&self) -> usize {
        let texts = self.texts.iter().map(|text| text.len() + 16).sum::<usize>();
        // A term in each list: id map, text, use, word tree, family, mark; and a sound or two.
        texts + self.count_all() * (26 + 16 + 4 + 30 + 40 + 12) + self.pairs.len() * 60
    }

    /// Counts a document more, or one less.
    pub fn count(&mut self, id: TermId, in_use: bool) {
        let uses = &mut self.uses[id as usize];
        *uses = if in_use { *uses + 1 } else { uses.saturating_sub(1) };
    }

    /// A term that some document has.
    pub fn get(&self, text: &str) -> Option<TermId> {
        self.ids.get(text).copied().filter(|id| self.uses(*id) > 0)
    }

    /// Other forms of a word.
    pub fn family(&self, word: &str) -> Vec<TermId> {
        let all = self.families.get(text::stem(word)).map_or(&[][..], |ids| ids);
        let others = all.iter().copied().filter(|id| self.uses(*id) > 0 && self.text(*id) != word);
        self.most_used(others.collect(), 16)
    }

    /// The most used words that go on from these letters.
    pub fn beginning(&self, letters: &str, most: usize) -> Vec<TermId> {
        let words = self.going_on(&self.words, letters, usize::MAX);
        if words.is_empty() {
            return self.most_used(self.going_on(&self.numbers, letters, NUMBERS), most);
        }
        self.most_used(words, most)
    }

    fn going_on(
        &self,
        words: &BTreeMap<Arc<str>, TermId>,
        letters: &str,
        most: usize,
    ) -> Vec<TermId> {
        let from = (Bound::Excluded(letters), Bound::Unbounded);
        let words = words.range::<str, _>(from);
        let words = words.take_while(|(word, _)| word.starts_with(letters));
        words.map(|(_, id)| *id).filter(|id| self.uses(*id) > 0).take(most).collect()
    }

    /// The most used first; the alphabet decides between equals, so that a rebuilt index agrees.
    fn most_used(&self, mut ids: Vec<TermId>, most: usize) -> Vec<TermId> {
        let order = |a: &TermId, b: &TermId| {
            self.uses(*b).cmp(&self.uses(*a)).then_with(|| self.text(*a).cmp(self.text(*b)))
        };
        if ids.len() > most && most > 0 {
            ids.select_nth_unstable_by(most - 1, order);
            ids.truncate(most);
        }
        ids.sort_unstable_by(order);
        ids
    }

    /// Words within `most` edits, the nearest and likeliest first.
    pub fn near(&self, word: &str, most: usize) -> Vec<Near> {
        self.measured(word, most, Mark::is_near, typo::distance)
    }

    /// Words that begin within `most` edits of these letters.
    pub fn near_beginning(&self, letters: &str, most: usize) -> Vec<Near> {
        self.measured(letters, most, Mark::is_near_beginning, typo::distance_to_beginning)
    }

    fn measured(
        &self,
        word: &str,
        most: usize,
        may_be: fn(Mark, Mark, u32) -> bool,
        distance: fn(&[char], &[char], usize) -> Option<usize>,
    ) -> Vec<Near> {
        const KEPT: usize = 24;
        if most == 0 || !typo::takes_part(word) {
            return Vec::new();
        }
        let (mark, typed): (Mark, Vec<char>) = (Mark::of(word), word.chars().collect());
        let mut found = Vec::new();
        let mut meant = Vec::new();
        for (other, term) in &self.marks {
            if !may_be(mark, *other, most as u32) || self.uses(*term) == 0 {
                continue;
            }
            meant.clear();
            meant.extend(self.text(*term).chars());
            if let Some(edits) = distance(&typed, &meant, most).filter(|edits| *edits > 0) {
                let likelihood = typo::likelihood(&typed, &meant, edits);
                found.push(Near { term: *term, edits, likelihood });
            }
        }
        found.sort_unstable_by(|a, b| {
            let by_use = self.uses(b.term).cmp(&self.uses(a.term));
            let by_text = || self.text(a.term).cmp(self.text(b.term));
            (a.edits, b.likelihood).cmp(&(b.edits, a.likelihood)).then(by_use).then_with(by_text)
        });
        found.truncate(KEPT);
        found
    }

    /// Glyphs that a single place may stand for.
    pub fn single(&self, place: &Place) -> Vec<Heard> {
        match place {
            Place::Glyph(c) => self.written(&c.to_string()),
            Place::Sound(sound) => {
                let ids = self.singles.range(sound.may_be.clone()).flat_map(|(_, ids)| ids);
                self.heard(ids.copied().collect(), &[place])
            }
        }
    }

    /// Pairs of glyphs that two places side by side may stand for.
    pub fn pair(&self, first: &Place, second: &Place) -> Vec<Heard> {
        if let (Place::Glyph(a), Place::Glyph(b)) = (first, second) {
            return self.written(&String::from_iter([*a, *b]));
        }
        let mut ids = Vec::new();
        for a in self.sounds(first) {
            for seconds in self.sounds_ranges(second) {
                let range = (a, seconds.start)..(a, seconds.end);
                ids.extend(self.pairs.range(range).flat_map(|(_, ids)| ids.iter().copied()));
            }
        }
        self.heard(ids, &[first, second])
    }

    fn written(&self, text: &str) -> Vec<Heard> {
        self.get(text).map(|term| Heard { term, usual: true }).into_iter().collect()
    }

    fn sounds(&self, place: &Place) -> Vec<Syllable> {
        self.sounds_ranges(place).into_iter().flatten().collect()
    }

    fn sounds_ranges(&self, place: &Place) -> Vec<std::ops::Range<Syllable>> {
        match place {
            Place::Glyph(c) => self.readings(*c).iter().map(|s| *s..*s + 1).collect(),
            Place::Sound(sound) => vec![sound.may_be.clone()],
        }
    }

    /// Keeps what truly fits, each once, the most used first.
    fn heard(&self, mut ids: Vec<TermId>, places: &[&Place]) -> Vec<Heard> {
        const KEPT: usize = 200;
        ids.sort_unstable();
        ids.dedup();
        ids.retain(|id| self.uses(*id) > 0);
        let fits = |term: TermId| {
            let mut usual = true;
            for (place, glyph) in places.iter().zip(self.text(term).chars()) {
                usual &= place.takes(glyph, self.readings(glyph))?;
            }
            Some(Heard { term, usual })
        };
        self.most_used(ids, KEPT).into_iter().filter_map(fits).collect()
    }
}

#[cfg(test)]
mod tests;
