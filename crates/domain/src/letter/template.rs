//! Words with names in braces: `Your { product } is on its way`. Two braces are one in the text.

use super::{Channel, Field, Letter, Refusal};

/// The most characters of a subject.
pub const LONGEST_SUBJECT: usize = 200;

/// The words of a letter, checked against what it knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Empty for what has none.
    pub subject: String,
    pub body: String,
}

impl Template {
    /// Checks words: every name is known, every brace has its other one, nothing is missing or too
    /// long. What goes without a subject has none.
    pub fn new(
        letter: &Letter,
        channel: Channel,
        subject: &str,
        body: &str,
    ) -> Result<Template, Refusal> {
        if !letter.goes_by(channel) || channel == Channel::Inbox {
            return Err(Refusal::NotByThis);
        }
        let body: String = body.replace("\r\n", "\n").trim().to_string();
        let subject = match channel {
            Channel::Email => subject.trim().to_string(),
            _ => String::new(),
        };
        if channel == Channel::Email && subject.is_empty() {
            return Err(Refusal::NoSubject);
        }
        if body.is_empty() {
            return Err(Refusal::NoBody);
        }
        let one_line = !subject.chars().any(char::is_control);
        let plain = body.chars().all(|c| c == '\n' || c == '\t' || !c.is_control());
        if !one_line || !plain {
            return Err(Refusal::NoBody);
        }
        if subject.chars().count() > LONGEST_SUBJECT {
            return Err(Refusal::TooLong(LONGEST_SUBJECT));
        }
        if body.chars().count() > channel.longest() {
            return Err(Refusal::TooLong(channel.longest()));
        }
        for text in [&subject, &body] {
            fields_in(letter, text)?;
        }
        Ok(Template { subject, body })
    }
}

/// A piece of a template.
enum Piece<'t> {
    Words(&'t str),
    Named(Field),
}

/// What a text names, each once.
pub fn fields_in(letter: &Letter, text: &str) -> Result<Vec<Field>, Refusal> {
    let mut fields = Vec::new();
    for piece in pieces(letter, text)? {
        if let Piece::Named(field) = piece
            && !fields.contains(&field)
        {
            fields.push(field);
        }
    }
    Ok(fields)
}

/// The text with its names filled in. What is filled in is never read as a template again.
pub fn fill(
    letter: &Letter,
    text: &str,
    value: impl Fn(Field) -> String,
) -> Result<String, Refusal> {
    let pieces = pieces(letter, text)?;
    let said = pieces.into_iter().map(|piece| match piece {
        Piece::Words(words) => words.to_string(),
        Piece::Named(field) => value(field),
    });
    Ok(said.collect())
}

fn pieces<'t>(letter: &Letter, text: &'t str) -> Result<Vec<Piece<'t>>, Refusal> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        pieces.push(Piece::Words(&rest[..at]));
        let from = &rest[at..];
        if from.starts_with("{{") || from.starts_with("}}") {
            pieces.push(Piece::Words(&from[..1]));
            rest = &from[2..];
            continue;
        }
        let inside = from.strip_prefix('{').ok_or(Refusal::OpenBrace)?;
        let end = inside.find(['{', '}']).ok_or(Refusal::OpenBrace)?;
        let after = inside[end..].strip_prefix('}').ok_or(Refusal::OpenBrace)?;
        let name = inside[..end].trim();
        let known = letter.field(name);
        pieces.push(Piece::Named(known.ok_or_else(|| unknown(name))?));
        rest = after;
    }
    pieces.push(Piece::Words(rest));
    Ok(pieces)
}

/// A name nobody knows, short enough to be told.
fn unknown(name: &str) -> Refusal {
    Refusal::NoSuchField(name.chars().filter(|c| !c.is_control()).take(40).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::LETTERS;
    use proptest::prelude::*;

    fn shipped() -> &'static Letter {
        Letter::find("order_shipped").unwrap()
    }

    #[test]
    fn names_are_filled_in() {
        let check = |text: &str, said: Result<&str, Refusal>| {
            let value = |field: Field| format!("<{}>", field.name());
            let filled = fill(shipped(), text, value);
            assert_eq!(filled, said.map(str::to_string), "{text}");
        };
        check("", Ok(""));
        check("On its way: {product}", Ok("On its way: <product>"));
        check("{ product }{carrier}", Ok("<product><carrier>"));
        check("寄出：{product}（{tracking}）", Ok("寄出：<product>（<tracking>）"));
        check("{{product}}", Ok("{product}"));
        check("a }} b {{ c", Ok("a } b { c"));
        check("{code}", Err(Refusal::NoSuchField("code".into())));
        check("{Product}", Err(Refusal::NoSuchField("Product".into())));
        check("{}", Err(Refusal::NoSuchField(String::new())));
        check("{product", Err(Refusal::OpenBrace));
        check("{product {name}", Err(Refusal::OpenBrace));
        check("product}", Err(Refusal::OpenBrace));
    }

    #[test]
    fn words_are_checked() {
        let long = "字".repeat(301);
        let check = |channel, subject: &str, body: &str, refusal| {
            let made = Template::new(shipped(), channel, subject, body);
            assert_eq!(made.err(), refusal, "{subject} {body}");
        };
        check(Channel::Email, "Sent", "{product}\r\n\r\n{link}", None);
        check(Channel::Sms, "", "{product}", None);
        check(Channel::Email, " ", "x", Some(Refusal::NoSubject));
        check(Channel::Email, "x", " \n", Some(Refusal::NoBody));
        check(Channel::Email, "x\nBcc: eve@example.com", "x", Some(Refusal::NoBody));
        check(Channel::Sms, "", &long, Some(Refusal::TooLong(300)));
        check(Channel::Chat, "", &long, None);
        check(Channel::Email, &long, "x", Some(Refusal::TooLong(LONGEST_SUBJECT)));
        check(Channel::Inbox, "x", "x", Some(Refusal::NotByThis));
        check(Channel::Email, "{price}", "x", Some(Refusal::NoSuchField("price".into())));
        let inside = Letter::find("order_to_pay").unwrap();
        let made = Template::new(inside, Channel::Email, "x", "x");
        assert_eq!(made, Err(Refusal::NotByThis));
    }

    proptest! {
        #[test]
        fn any_text_is_filled_or_refused(text in "[{}a-z\\n字 ]{0,40}", which in 0..LETTERS.len()) {
            let letter = &LETTERS[which];
            let filled = fill(letter, &text, |field| format!("<{}>", field.name()));
            prop_assert_eq!(filled.is_ok(), fields_in(letter, &text).is_ok());
            if let Ok(fields) = fields_in(letter, &text) {
                prop_assert!(fields.iter().all(|field| letter.knows().any(|one| one == *field)));
            }
        }

        /// Whatever a value holds, it comes out as it is: no value is a template.
        #[test]
        fn values_are_never_read_as_templates(value in ".{0,30}") {
            let said = fill(shipped(), "a {product} b", |_| value.clone());
            prop_assert_eq!(said, Ok(format!("a {value} b")));
        }

        /// Text without braces says itself, and doubled braces are those braces.
        #[test]
        fn escaped_text_says_itself(text in ".{0,40}") {
            let escaped = text.replace('{', "{{").replace('}', "}}");
            prop_assert_eq!(fill(shipped(), &escaped, |_| String::new()), Ok(text));
        }

        /// A lock holds whatever anybody chose; otherwise a no is a no.
        #[test]
        fn choices_hold(which in 0..LETTERS.len(), off: bool, choice: Option<bool>) {
            let letter = &LETTERS[which];
            for channel in Channel::ALL {
                let goes = letter.goes(channel, off, choice);
                if letter.is_locked(channel) {
                    prop_assert!(goes);
                } else if off || choice == Some(false) || !letter.goes_by(channel) {
                    prop_assert!(!goes);
                }
            }
        }
    }
}
