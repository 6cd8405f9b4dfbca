//! Words that mean the same, as the merchant says, applied to the query.

use rustc_hash::FxHashMap;

use super::text::{self, Token};

/// Words or phrases that are looked for together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Group {
    /// Any of these is found by any other: `sofa`, `couch`, `settee`.
    Same(Vec<String>),
    /// Whoever looks for this finds these too, not the other way round: `fruit` finds `apple`.
    Also(String, Vec<String>),
}

/// The groups, by the first token of each phrase.
#[derive(Clone, Debug, Default)]
pub struct Synonyms {
    by_first: FxHashMap<String, Vec<Rule>>,
}

#[derive(Clone, Debug)]
struct Rule {
    from: Vec<String>,
    to: Vec<Token>,
}

/// No query is written in more other ways than this.
const MOST: usize = 6;

impl Synonyms {
    pub fn new(groups: impl IntoIterator<Item = Group>) -> Synonyms {
        let mut synonyms = Synonyms::default();
        for group in groups {
            match group {
                Group::Same(phrases) => {
                    for from in &phrases {
                        let others = phrases.iter().filter(|to| *to != from);
                        others.for_each(|to| synonyms.add(from, to));
                    }
                }
                Group::Also(from, all) => all.iter().for_each(|to| synonyms.add(&from, to)),
            }
        }
        synonyms
    }

    fn add(&mut self, from: &str, to: &str) {
        let from: Vec<String> = text::tokens(from, 16).iter().map(key).collect();
        let to = text::tokens(to, 16);
        let Some(first) = from.first().filter(|_| !to.is_empty()) else { return };
        self.by_first.entry(first.clone()).or_default().push(Rule { from, to });
    }

    /// The query with one phrase said in another way, for each that can be.
    pub fn rewrite(&self, query: &[Token]) -> Vec<Vec<Token>> {
        let mut found: Vec<Vec<Token>> = Vec::new();
        if self.by_first.is_empty() {
            return found;
        }
        let keys: Vec<String> = query.iter().map(key).collect();
        for at in 0..keys.len() {
            for rule in self.by_first.get(&keys[at]).into_iter().flatten() {
                if keys[at..].starts_with(&rule.from) && found.len() < MOST {
                    found.push(replaced(query, at..at + rule.from.len(), &rule.to));
                }
            }
        }
        found
    }
}

/// Plural and singular are one word here.
fn key(token: &Token) -> String {
    text::stem(&token.text).to_string()
}

/// The tokens with a part of them replaced by others.
pub fn replaced(query: &[Token], part: std::ops::Range<usize>, by: &[Token]) -> Vec<Token> {
    let mut all = query[..part.start].to_vec();
    let (start, end) = (query[part.start].start, query[part.end - 1].end);
    all.extend(by.iter().map(|token| Token { start, end, ..token.clone() }));
    if let Some(first) = all.get_mut(part.start) {
        first.joined = false;
    }
    let after = all.len();
    all.extend_from_slice(&query[part.end..]);
    if let Some(next) = all.get_mut(after) {
        next.joined = false;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_said_in_other_ways() {
        let synonyms = Synonyms::new([
            Group::Same(vec!["sofa".into(), "couch".into(), "love seat".into()]),
            Group::Also("fruit".into(), vec!["apple".into(), "pear".into()]),
            Group::Same(vec!["电脑".into(), "计算机".into()]),
            Group::Same(vec!["!".into(), "nothing".into()]),
        ]);
        let check = |line: &str| {
            let (query, want) = line.split_once(" | ").unwrap();
            let said = synonyms.rewrite(&text::tokens(query, 32));
            let said: Vec<String> = said
                .iter()
                .map(|tokens| {
                    let texts = tokens.iter().map(|token| token.text.as_str());
                    texts.collect::<Vec<_>>().join(" ")
                })
                .collect();
            assert_eq!(said.join(", "), want, "{query}");
        };
        check("red sofas | red couch, red love seat");
        check("Love Seat blue | sofa blue, couch blue");
        check("fruit bowl | apple bowl, pear bowl");
        check("apple | ");
        check("大电脑桌 | 大 计 算 机 桌");
        check("nothing | ");
    }
}
