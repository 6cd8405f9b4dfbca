//! What is put into the index: a product, as far as a search looks at it.

use super::text::{self, Kind, Token};

/// A product as the search sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    pub id: i64,
    pub title: String,
    /// The title in other languages, and other names.
    pub names: Vec<String>,
    pub brand: String,
    pub tags: Vec<String>,
    /// From the widest to the narrowest: `["Home", "Kitchen", "Cups"]`.
    pub category: Vec<String>,
    /// What variants differ in: `("Colour", "Red")`.
    pub options: Vec<(String, String)>,
    pub skus: Vec<String>,
    /// The brief and, if wished, the description as plain text.
    pub brief: String,
    /// The lowest and the highest price, in minor units.
    pub price: (i64, i64),
    pub in_stock: bool,
    /// When it was added: any number that grows.
    pub added: i64,
    pub sold: u64,
    /// How wanted it is; breaks near ties and ranks suggestions.
    pub popularity: u32,
}

/// Where in a document a term is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Title,
    Names,
    Brand,
    Tags,
    Category,
    Options,
    Skus,
    Brief,
}

/// How many fields there are.
pub const FIELDS: usize = 8;

impl Field {
    pub const ALL: [Field; FIELDS] = [
        Field::Title,
        Field::Names,
        Field::Brand,
        Field::Tags,
        Field::Category,
        Field::Options,
        Field::Skus,
        Field::Brief,
    ];

    /// How much a term here counts.
    pub fn weight(self) -> f32 {
        match self {
            Field::Title => 3.0,
            Field::Names | Field::Skus => 2.5,
            Field::Brand => 2.0,
            Field::Tags => 1.5,
            Field::Category | Field::Options => 1.2,
            Field::Brief => 0.6,
        }
    }

    /// How much longer texts count less: the `b` of BM25.
    pub fn slope(self) -> f32 {
        match self {
            Field::Title | Field::Names => 0.4,
            Field::Brief => 0.6,
            _ => 0.2,
        }
    }

    /// How many tokens of it are read.
    fn most(self) -> usize {
        match self {
            Field::Title => 64,
            Field::Brief => 300,
            _ => 32,
        }
    }

    fn texts(self, document: &Document) -> Vec<&str> {
        match self {
            Field::Title => vec![&document.title],
            Field::Names => each(&document.names),
            Field::Brand => vec![&document.brand],
            Field::Tags => each(&document.tags),
            Field::Category => each(&document.category),
            Field::Options => document.options.iter().map(|(_, value)| value.as_str()).collect(),
            Field::Skus => each(&document.skus),
            Field::Brief => vec![&document.brief],
        }
    }
}

fn each(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

/// Says every term of a field: words, compounds, glyphs and pairs of glyphs; gives its length.
pub fn terms_of(document: &Document, field: Field, mut say: impl FnMut(&str)) -> usize {
    let mut length = 0;
    for text in field.texts(document).into_iter().take(64) {
        let tokens = text::tokens(text, field.most());
        length += tokens.len();
        let mut pair = String::new();
        let compounds = text::compounds(text, &tokens);
        // `PW-0123-1` is found by `0123` and as a whole; `1` would find everything.
        let little = |token: &Token| token.text.len() < 3 && !compounds.is_empty();
        for (at, token) in tokens.iter().enumerate() {
            if field != Field::Skus || !little(token) {
                say(&token.text);
            }
            if let Some(before) = glyph_before(&tokens, at) {
                pair.clear();
                pair.push_str(&before.text);
                pair.push_str(&token.text);
                say(&pair);
            }
        }
        compounds.iter().for_each(|compound| say(compound));
        text::halves(text, &tokens).iter().for_each(|half| say(half));
    }
    length
}

/// The glyph that a glyph stands right behind.
fn glyph_before(tokens: &[Token], at: usize) -> Option<&Token> {
    let token = &tokens[at];
    let before = tokens.get(at.checked_sub(1)?)?;
    (token.kind == Kind::Glyph && token.joined && before.kind == Kind::Glyph).then_some(before)
}
