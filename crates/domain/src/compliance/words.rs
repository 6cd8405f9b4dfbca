//! Finding words in what people write: widths, cases and old characters folded, and the dots and
//! spaces seen through that are put between characters so that nobody finds them.

use super::pack::{Pack, WordList};

/// A text as it is searched, and where each character of it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    chars: Vec<char>,
    /// The place of each in the characters of the original.
    from: Vec<usize>,
    original: Vec<char>,
}

/// A word that was found: its place among the folded characters, and what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit<'a> {
    pub start: usize,
    pub end: usize,
    pub word: &'a str,
}

/// How far before a word what it is about may stand, in characters.
const AIM_REACH: usize = 12;
const OWN_REACH: usize = 6;
const DENIAL_REACH: usize = 3;

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}')
}

/// What is put between characters to hide a word, and never begins or ends a clause.
fn hides(c: char) -> bool {
    let dots = ['*', '·', '.', '-', '_', '|', '/', '~', '+', '丨', '•', '^', '\u{3000}'];
    dots.contains(&c) || (c.is_whitespace() && c != '\n') || is_invisible(c)
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || "零一二两三四五六七八九十百千万亿几数多".contains(c)
}

fn is_numeral(c: char) -> bool {
    is_digit(c) || ",.+".contains(c)
}

/// Where one thought ends.
fn ends_clause(c: char) -> bool {
    "，。！？；：,!?;:\n、".contains(c)
}

fn ends_sentence(c: char) -> bool {
    "。！？!?\n".contains(c)
}

/// One character as it is compared: half width, small, of today.
fn same(pack: &Pack, c: char) -> char {
    let narrow = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    };
    pack.fold(narrow.to_ascii_lowercase())
}

impl Folded {
    pub fn new(pack: &Pack, text: &str) -> Folded {
        let original: Vec<char> = text.chars().collect();
        let mut folded = Folded { chars: Vec::new(), from: Vec::new(), original };
        for (at, c) in folded.original.iter().enumerate() {
            let after = folded.original[at + 1..].iter().find(|c| !hides(**c));
            let between = folded.chars.last().is_some_and(|before| is_han(*before))
                && after.is_some_and(|after| is_han(same(pack, *after)));
            if is_invisible(*c) || (hides(*c) && between) {
                continue;
            }
            // Clauses end with the full-width comma as with the other; it is kept as it is.
            let c = if ends_clause(*c) { *c } else { same(pack, *c) };
            folded.chars.push(c);
            folded.from.push(at);
        }
        folded
    }

    /// Where `word` ends if it stands at `start`. A `#` in it is any number; a word of letters does
    /// not stand in the middle of another.
    fn match_at(&self, word: &[char], start: usize) -> Option<usize> {
        let mut at = start;
        for c in word {
            if *c == '#' {
                let begin = at;
                while self.chars.get(at).is_some_and(|c| is_numeral(*c)) {
                    at += 1;
                }
                // Marks within a number are of it, those after it are not.
                while at > begin && !is_digit(self.chars[at - 1]) {
                    at -= 1;
                }
                if at == begin {
                    return None;
                }
            } else if self.chars.get(at) == Some(c) {
                at += 1;
            } else {
                return None;
            }
        }
        let alphanumeric = |at: usize| self.chars.get(at).is_some_and(char::is_ascii_alphanumeric);
        let first = word.first().is_some_and(char::is_ascii_alphanumeric);
        let last = word.last().is_some_and(char::is_ascii_alphanumeric);
        let inside = (first && start > 0 && alphanumeric(start - 1)) || (last && alphanumeric(at));
        (!inside).then_some(at)
    }

    /// Every place of every one of these words.
    fn find<'a>(&self, pack: &Pack, words: &'a [String]) -> Vec<Hit<'a>> {
        let mut hits = Vec::new();
        for word in words {
            let folded: Vec<char> = word.chars().map(|c| same(pack, c)).collect();
            for start in 0..self.chars.len() {
                let begins = folded.first().is_some_and(|c| *c == '#' || *c == self.chars[start]);
                if let Some(end) = begins.then(|| self.match_at(&folded, start)).flatten() {
                    hits.push(Hit { start, end, word });
                }
            }
        }
        hits
    }

    /// The claims of a list in this text, each the longest at its place, with whether it only
    /// warns. `names` are registered: what they say is no claim.
    pub(super) fn claims<'a>(
        &self,
        pack: &Pack,
        list: &'a WordList,
        names: &[String],
    ) -> Vec<(Hit<'a>, bool)> {
        let found = self.find(pack, &list.words).into_iter().map(|hit| (hit, false));
        let warned = self.find(pack, &list.warns).into_iter().map(|hit| (hit, true));
        let all: Vec<(Hit, bool)> = found.chain(warned).collect();
        if all.is_empty() {
            return all;
        }
        let mut spared = self.find(pack, &list.spare);
        spared.extend(self.find(pack, names).into_iter().map(|hit| Hit { word: "", ..hit }));
        let aims = self.find(pack, &list.aims);
        let denies = self.find(pack, &list.denies);
        let own = self.find(pack, &list.own);
        let within = |outer: &Hit, hit: &Hit| outer.start <= hit.start && hit.end <= outer.end;
        let longer = |outer: &Hit, hit: &Hit| {
            within(outer, hit) && outer.end - outer.start > hit.end - hit.start
        };
        let shadowed = |hit: &Hit, warns: bool| {
            all.iter().any(|(other, soft)| {
                let same = other.start == hit.start && other.end == hit.end;
                longer(other, hit) || (same && warns && !soft)
            })
        };
        let is_own = |hit: &Hit| list.own_words.iter().any(|word| word == hit.word);
        let mut claims: Vec<(Hit, bool)> = all
            .iter()
            .filter(|(hit, warns)| {
                let near = |markers: &[Hit], far| {
                    markers.iter().any(|marker| self.reaches(marker, hit, far))
                };
                let spared = spared.iter().any(|outer| within(outer, hit));
                let is_aim = near(&aims, AIM_REACH) || near(&denies, DENIAL_REACH);
                let is_own = is_own(hit) && near(&own, OWN_REACH);
                !(shadowed(hit, *warns) || spared || is_aim || is_own)
            })
            .copied()
            .collect();
        claims.sort_by_key(|(hit, _)| (hit.start, hit.end));
        claims.dedup_by_key(|(hit, _)| (hit.start, hit.end));
        claims
    }

    /// Whether a marker stands so near before a word, in the same clause.
    fn reaches(&self, marker: &Hit, hit: &Hit, far: usize) -> bool {
        marker.end <= hit.start
            && hit.start - marker.end <= far
            && !self.chars[marker.end..hit.start].iter().any(|c| ends_clause(*c))
    }

    /// What stands there, as it was written.
    pub(super) fn written(&self, hit: &Hit) -> String {
        let (from, to) = (self.from[hit.start], self.from[hit.end - 1]);
        self.original[from..=to].iter().collect()
    }

    /// The sentence it stands in, as it was written.
    pub(super) fn sentence(&self, hit: &Hit) -> String {
        let (from, to) = (self.from[hit.start], self.from[hit.end - 1]);
        let start = self.original[..from].iter().rposition(|c| ends_sentence(*c));
        let start = start.map_or(0, |at| at + 1);
        let end = self.original[to..].iter().position(|c| ends_sentence(*c));
        let end = end.map_or(self.original.len(), |length| to + length);
        let sentence: String = self.original[start..end].iter().collect();
        sentence.trim().to_string()
    }
}
