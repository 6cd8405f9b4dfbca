//! The words that come with the shop, in both languages. A merchant's own stand before them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use domain::letter::{Channel, Template};

/// Each kind with a line that says what it is and one that says it all.
const CHINESE: &str = include_str!("../../letters/zh-CN.txt");
const ENGLISH: &str = include_str!("../../letters/en.txt");

/// The languages letters are written in.
pub const LOCALES: [&str; 2] = ["zh-CN", "en"];

/// The language to write in: ours, or the first of ours.
pub fn known(locale: &str) -> &'static str {
    LOCALES.into_iter().find(|known| *known == locale).unwrap_or(LOCALES[0])
}

type Words = BTreeMap<&'static str, (&'static str, &'static str)>;

fn read(file: &'static str) -> Words {
    let mut words = Words::new();
    let mut lines = file.lines();
    while let Some(line) = lines.next() {
        let Some(code) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) else {
            continue;
        };
        let subject = lines.next().unwrap_or_default();
        let sentence = lines.next().unwrap_or_default();
        words.insert(code, (subject, sentence));
    }
    words
}

fn all(locale: &str) -> &'static Words {
    static READ: OnceLock<[Words; 2]> = OnceLock::new();
    let [chinese, english] = READ.get_or_init(|| [read(CHINESE), read(ENGLISH)]);
    if locale == "en" { english } else { chinese }
}

/// The words of a letter as they come with the shop.
pub fn built_in(code: &str, channel: Channel, locale: &str) -> Template {
    let (subject, sentence) = all(locale).get(code).copied().unwrap_or_default();
    let english = locale == "en";
    match channel {
        Channel::Email | Channel::Inbox => Template {
            subject: format!("{subject} · {{shop}}"),
            body: match english {
                true => format!("Hello {{name}},\n\n{sentence}\n\n{{link}}\n\n{{shop}}"),
                false => format!("{{name}}，你好：\n\n{sentence}\n\n{{link}}\n\n{{shop}}"),
            },
        },
        Channel::Sms | Channel::Chat => Template {
            subject: String::new(),
            body: match english {
                true => format!("{{shop}}: {sentence} {{link}}"),
                false => format!("【{{shop}}】{sentence} {{link}}"),
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::letter::{Field, LETTERS, fields_in};

    #[test]
    fn every_letter_has_words_that_name_only_what_it_knows() {
        for locale in LOCALES {
            for letter in LETTERS {
                for channel in letter.by.iter().filter(|channel| **channel != Channel::Inbox) {
                    let words = built_in(letter.code, *channel, locale);
                    let checked = Template::new(letter, *channel, &words.subject, &words.body);
                    assert_eq!(checked, Ok(words), "{} {channel:?} {locale}", letter.code);
                }
            }
            assert_eq!(all(locale).len(), LETTERS.len(), "{locale}: words of no letter");
        }
    }

    /// A code that is said too early is worth nothing, one that is not said is worth less.
    #[test]
    fn what_is_fetched_comes_with_its_code() {
        for locale in LOCALES {
            for channel in Channel::OUT {
                let ready = domain::letter::Letter::find("order_ready").unwrap();
                let words = built_in(ready.code, channel, locale);
                assert!(fields_in(ready, &words.body).unwrap().contains(&Field::Code));
                assert!(!fields_in(ready, &words.subject).unwrap().contains(&Field::Code));
            }
        }
    }
}
