//! Text cut into what can be looked up: words, and single characters of scripts without spaces.
//!
//! Case, width and accents are folded away, so that `Ｃａｆé` and `cafe` are one word. Folding keeps
//! the place of every token in the text it came from, for marking what matched.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters and digits between spaces.
    Word,
    /// One character of a script that writes without spaces: Han, kana, hangul.
    Glyph,
}

/// A word or a glyph, folded, with the bytes it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    /// Nothing stands between this token and the one before it.
    pub joined: bool,
}

/// Longer words are cut, in the index and in queries alike.
const LONGEST_WORD: usize = 40;

/// Whether a character is written without spaces around its words.
pub fn is_glyph(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3134F}'
        | '\u{3005}' | '\u{3007}' | '\u{3041}'..='\u{30FF}' | '\u{AC00}'..='\u{D7A3}')
}

/// Characters that are there and not seen: they neither belong to a word nor end it.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// Says the folded characters of `c`: lower case, full width made half, accents gone.
fn fold(c: char, mut say: impl FnMut(char)) {
    if c.is_ascii() {
        return say(c.to_ascii_lowercase());
    }
    if is_glyph(c) {
        return say(c);
    }
    decompose_compatible(c, |part| match part {
        'ß' => ['s', 's'].into_iter().for_each(&mut say),
        'æ' | 'Æ' => ['a', 'e'].into_iter().for_each(&mut say),
        'œ' | 'Œ' => ['o', 'e'].into_iter().for_each(&mut say),
        'ø' | 'Ø' => say('o'),
        'ł' | 'Ł' => say('l'),
        'ı' => say('i'),
        '’' | '‘' | 'ʼ' => say('\''),
        mark if is_combining_mark(mark) => (),
        letter => letter.to_lowercase().filter(|c| !is_combining_mark(*c)).for_each(&mut say),
    });
}

/// A word being read.
#[derive(Default)]
struct Reader {
    tokens: Vec<Token>,
    word: String,
    letters: usize,
    start: usize,
    end: usize,
    /// A dot that belongs to the word only if a digit follows.
    dot: bool,
    /// Nothing stands between the last token and what comes.
    touching: bool,
}

impl Reader {
    fn read(&mut self, c: char, from: usize, to: usize) {
        if is_glyph(c) {
            self.end_word();
            self.push(c.to_string(), Kind::Glyph, from, to);
        } else if c.is_alphanumeric() {
            self.letter(c, from, to);
        } else if c == '.' && !self.dot && self.word.ends_with(|c: char| c.is_ascii_digit()) {
            self.dot = true;
        } else if c != '\'' || self.word.is_empty() {
            // An apostrophe joins: `women's` is `womens`.
            self.end_word();
            self.touching = false;
        }
    }

    fn letter(&mut self, c: char, from: usize, to: usize) {
        if self.dot {
            if c.is_ascii_digit() {
                self.add('.');
            } else {
                self.end_word();
                self.touching = false;
            }
            self.dot = false;
        }
        if self.word.is_empty() {
            self.start = from;
        }
        self.end = to;
        self.add(c);
    }

    fn add(&mut self, c: char) {
        if self.letters < LONGEST_WORD {
            self.word.push(c);
            self.letters += 1;
        }
    }

    fn end_word(&mut self) {
        if !self.word.is_empty() {
            let text = std::mem::take(&mut self.word);
            self.push(text, Kind::Word, self.start, self.end);
        }
        self.letters = 0;
        if std::mem::take(&mut self.dot) {
            self.touching = false;
        }
    }

    fn push(&mut self, text: String, kind: Kind, start: usize, end: usize) {
        let joined = std::mem::replace(&mut self.touching, true);
        self.tokens.push(Token { text, kind, start, end, joined });
    }
}

/// Cuts a text into its first `most` tokens.
pub fn tokens(text: &str, most: usize) -> Vec<Token> {
    let mut reader = Reader::default();
    for (from, c) in text.char_indices() {
        if reader.tokens.len() >= most {
            break;
        }
        if !is_invisible(c) {
            fold(c, |folded| reader.read(folded, from, from + c.len_utf8()));
        }
    }
    reader.end_word();
    reader.tokens.truncate(most);
    reader.tokens
}

/// The folded tokens of a text with single spaces between those that stand apart.
pub fn folded(text: &str, most: usize) -> String {
    let mut all = String::new();
    for token in tokens(text, most) {
        if !token.joined && !all.is_empty() {
            all.push(' ');
        }
        all.push_str(&token.text);
    }
    all
}

/// Compounds of parts that a hyphen, slash or underscore joins: `t-shirt` is also `tshirt`.
pub fn compounds(text: &str, tokens: &[Token]) -> Vec<String> {
    let mut found = Vec::new();
    let joins = |a: &Token, b: &Token| {
        let between = text.get(a.end..b.start).unwrap_or(" ");
        let words = a.kind == Kind::Word && b.kind == Kind::Word;
        words && matches!(between, "-" | "_" | "/" | "." | "\u{2010}" | "\u{2011}")
    };
    let mut first = 0;
    for last in 0..tokens.len() {
        let goes_on = tokens.get(last + 1).is_some_and(|next| joins(&tokens[last], next));
        if !goes_on {
            if (1..=4).contains(&(last - first)) {
                let parts = tokens[first..=last].iter().map(|token| token.text.as_str());
                found.push(parts.collect::<String>().chars().take(LONGEST_WORD).collect());
            }
            first = last + 1;
        }
    }
    found
}

/// What stands before and behind an apostrophe: `d'azure` is also `azure`, `women's` also `women`.
pub fn halves(text: &str, tokens: &[Token]) -> Vec<String> {
    let apostrophe = |c: char| matches!(c, '\'' | '’' | '‘' | 'ʼ');
    let written = tokens.iter().filter_map(|token| text.get(token.start..token.end));
    let apart = written.filter(|word| word.contains(apostrophe));
    let halves = apart.flat_map(|word| word.split(apostrophe)).filter(|half| half.len() >= 3);
    halves.map(|half| folded(half, 1)).filter(|half| !half.is_empty()).collect()
}

/// The ending-less form that singular and plural, `paint` and `painting`, have in common.
///
/// Light on purpose: it only groups words that are looked up together, a little below the exact
/// one, so a miss costs nothing and a wrong group little.
pub fn stem(word: &str) -> &str {
    if !word.is_ascii() || word.len() < 4 || word.bytes().any(|b| b.is_ascii_digit()) {
        return word;
    }
    let plain = singular(word);
    for ending in ["ing", "ed"] {
        if let Some(rest) = plain.strip_suffix(ending)
            && rest.len() >= 3
            && rest.bytes().any(|b| b"aeiouy".contains(&b))
        {
            return undouble(rest);
        }
    }
    undouble(plain.strip_suffix('e').filter(|rest| rest.len() >= 3).unwrap_or(plain))
}

/// `candles`, `boxes`, `berries` without their plural.
fn singular(word: &str) -> &str {
    if word.len() > 4 && word.ends_with("ies") {
        // `berries` and `berry` meet at `berr`.
        return &word[..word.len() - 3];
    }
    for ending in ["sses", "shes", "ches", "xes", "zes"] {
        if word.ends_with(ending) {
            return &word[..word.len() - 2];
        }
    }
    if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") {
        return &word[..word.len() - 1];
    }
    word.strip_suffix('y').filter(|rest| rest.len() >= 3).unwrap_or(word)
}

/// `stopp` is `stop`; `berr` and `tall` lose a letter too, which both sides of a pair do.
fn undouble(word: &str) -> &str {
    let bytes = word.as_bytes();
    match bytes {
        [.., a, b] if a == b && bytes.len() > 3 => &word[..word.len() - 1],
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str) {
        let (text, want) = line.split_once(" | ").unwrap();
        let shown: Vec<String> = tokens(text, 99)
            .into_iter()
            .map(|token| if token.joined { format!("+{}", token.text) } else { token.text })
            .collect();
        assert_eq!(shown.join(" "), want, "{text}");
    }

    #[test]
    fn text_is_cut_into_words_and_glyphs() {
        check("Red  MUG | red mug");
        check("Ｃａｆé №5 | cafe no5");
        check("women's t-shirt | womens t shirt");
        check("4.5 kg. 3.x | 4.5 kg 3 x");
        check("保温bei 500ml杯 | 保 +温 +bei 500ml +杯");
        check("轻奢，纯棉 | 轻 +奢 纯 +棉");
        check("zero\u{200B}width ☕ ﬁne Straße | zerowidth fine strasse");
        check("e\u{301}te\u{301} İstanbul | ete istanbul");
        check("カメラ 한국 | カ +メ +ラ 한 +국");
        check("!!! ... | ");
    }

    #[test]
    fn tokens_know_where_they_stood() {
        for text in ["Café 杯, 4.5! 3.", "ﬁne ½ x.", "5.x 5..6 'a' É"] {
            for token in tokens(text, 99) {
                let source = &text[token.start..token.end];
                assert!(!source.contains(' ') && !source.is_empty(), "{text}: {source}");
            }
        }
        let cafe = &tokens("a Café!", 9)[1];
        assert_eq!((cafe.start, cafe.end), (2, 7));
    }

    #[test]
    fn compounds_are_joined() {
        let of = |text: &str| compounds(text, &tokens(text, 99));
        assert_eq!(of("red t-shirt AB-12/x"), ["tshirt", "ab12x"]);
        assert_eq!(of("a - b 4.5 保-温"), [""; 0]);
    }

    #[test]
    fn halves_are_known() {
        let of = |text: &str| halves(text, &tokens(text, 99));
        assert_eq!(of("Côte d’Azure women's 'a' o'clock"), ["azure", "women", "clock"]);
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        let check = |line: &str| {
            let stems: Vec<&str> = line.split(' ').map(stem).collect();
            assert!(stems.iter().all(|stem| *stem == stems[0]), "{line}: {stems:?}");
        };
        check("candle candles");
        check("berry berries");
        check("box boxes");
        check("glass glasses");
        check("paint paints painting painted");
        check("stop stopped stopping");
        check("bake baked baking bakes");
        check("dish dishes");
        assert_ne!(stem("bus"), stem("bush"));
        assert_ne!(stem("ring"), stem("red"));
        assert_eq!(stem("80s"), "80s");
    }
}
