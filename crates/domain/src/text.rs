//! Text that has been checked: once on the way in, trusted after.

use serde::Serialize;
use std::fmt;

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadText {
    Empty,
    /// More characters than this.
    TooLong(usize),
    /// Not of the expected form.
    Malformed,
}

macro_rules! checked {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

checked!(
    /// A person's or thing's name: one line, 1 to 255 characters, no control characters.
    Name
);
checked!(
    /// The readable part of an address: lower-case letters of any script, digits and hyphens.
    Slug
);
checked!(
    /// An e-mail address, lower-cased.
    Email
);
checked!(
    /// A phone number in E.164 (`+8613800000000`); a bare Chinese mobile number gets `+86`.
    Phone
);

impl Name {
    pub const LONGEST: usize = 255;

    pub fn new(text: &str) -> Result<Name, BadText> {
        let text = one_line(text);
        if text.is_empty() {
            return Err(BadText::Empty);
        }
        if text.chars().count() > Name::LONGEST {
            return Err(BadText::TooLong(Name::LONGEST));
        }
        Ok(Name(text))
    }
}

/// Control characters become spaces, runs of white space one space, the ends are trimmed.
pub fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Slug {
    pub const LONGEST: usize = 200;

    pub fn new(text: &str) -> Result<Slug, BadText> {
        if text.is_empty() {
            return Err(BadText::Empty);
        }
        if text.chars().count() > Slug::LONGEST {
            return Err(BadText::TooLong(Slug::LONGEST));
        }
        let fits = |c: char| c == '-' || c == '_' || (c.is_alphanumeric() && !c.is_uppercase());
        if text.chars().all(fits) { Ok(Slug(text.to_string())) } else { Err(BadText::Malformed) }
    }

    /// The slug of a title: `Jasmine Tea, 50 g` is `jasmine-tea-50-g`.
    pub fn of_title(title: &str) -> Option<Slug> {
        let spaced: String = title
            .to_lowercase()
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { ' ' })
            .collect();
        let joined = spaced.split_whitespace().collect::<Vec<_>>().join("-");
        Slug::new(&joined.chars().take(Slug::LONGEST).collect::<String>()).ok()
    }
}

impl Email {
    pub fn new(text: &str) -> Result<Email, BadText> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return Err(BadText::Empty);
        }
        if text.len() > 254 {
            return Err(BadText::TooLong(254));
        }
        let (mailbox, host) = text.rsplit_once('@').ok_or(BadText::Malformed)?;
        let mailbox_fits = (1..=64).contains(&mailbox.len())
            && mailbox.bytes().all(|b| b.is_ascii_graphic() && !b"\"(),:;<>@[\\]".contains(&b))
            && !mailbox.starts_with('.')
            && !mailbox.ends_with('.')
            && !mailbox.contains("..");
        let label_fits = |label: &str| {
            (1..=63).contains(&label.len())
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let host_fits = host.contains('.') && host.split('.').all(label_fits);
        if mailbox_fits && host_fits { Ok(Email(text)) } else { Err(BadText::Malformed) }
    }
}

impl Phone {
    pub fn new(text: &str) -> Result<Phone, BadText> {
        let digits: String =
            text.trim().chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.')).collect();
        if digits.is_empty() {
            return Err(BadText::Empty);
        }
        let (plus, digits) = match digits.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, digits.as_str()),
        };
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BadText::Malformed);
        }
        let chinese_mobile = digits.len() == 11 && digits.starts_with('1');
        match (plus, digits.len()) {
            (true, 8..=15) if !digits.starts_with('0') => Ok(Phone(format!("+{digits}"))),
            (false, _) if chinese_mobile => Ok(Phone(format!("+86{digits}"))),
            _ => Err(BadText::Malformed),
        }
    }
}

/// How a contact looks to somebody else: `a***@example.com`, `+86****5678`, `安*`.
pub fn masked(text: &str) -> String {
    if let Some((mailbox, host)) = text.split_once('@') {
        let first: String = mailbox.chars().take(1).collect();
        return format!("{first}***@{host}");
    }
    if text.len() > 8 && text.bytes().skip(1).all(|b| b.is_ascii_digit()) {
        return format!("{}****{}", &text[..3], &text[text.len() - 4..]);
    }
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(_)) => format!("{first}**"),
        (Some(_), None) => "*".to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails() {
        for good in ["ann@example.com", " Ann.Lee+tea@Mail.Example.co ", "ann@例子.中国"] {
            assert!(Email::new(good).is_ok(), "{good}");
        }
        for bad in ["", "ann", "ann@", "@example.com", "a b@example.com", "ann@example", "a@-x.com"]
        {
            assert!(Email::new(bad).is_err(), "{bad}");
        }
        assert_eq!(Email::new("ANN@Example.com").unwrap().as_str(), "ann@example.com");
    }

    #[test]
    fn phones() {
        assert_eq!(Phone::new("138 0000 0000").unwrap().as_str(), "+8613800000000");
        assert_eq!(Phone::new("+1 (415) 555-0100").unwrap().as_str(), "+14155550100");
        for bad in ["", "12345", "+0123456789", "abc", "+1234567890123456"] {
            assert!(Phone::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_lose_their_line_breaks() {
        assert_eq!(Name::new(" a\n\tb ").unwrap().as_str(), "a b");
        assert_eq!(Name::new(" \u{7} "), Err(BadText::Empty));
        assert_eq!(Name::new(&"x".repeat(256)), Err(BadText::TooLong(255)));
    }

    #[test]
    fn slugs() {
        assert_eq!(Slug::of_title("Jasmine Tea, 50 g").unwrap().as_str(), "jasmine-tea-50-g");
        assert_eq!(Slug::of_title("龙井 2026").unwrap().as_str(), "龙井-2026");
        assert_eq!(Slug::of_title("!!!"), None);
        assert!(Slug::new("Tea").is_err());
    }

    #[test]
    fn others_see_little_of_a_contact() {
        assert_eq!(masked("ann@example.com"), "a***@example.com");
        assert_eq!(masked("+8613800005678"), "+86****5678");
        assert_eq!(masked("李雷"), "李**");
        assert_eq!(masked(""), "");
    }
}
