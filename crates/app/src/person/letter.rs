//! What people are sent when they want to come in, in their language.

use domain::text::one_line;

use super::{Contact, LONGEST_NAME};

/// A message to one person.
pub struct Letter {
    pub subject: String,
    pub body: String,
}

/// The letter with a code. The code comes early, where a phone's preview shows it.
pub fn code(locale: &str, shop: &str, code: &str) -> Letter {
    if locale == "en" {
        return Letter {
            subject: format!("{code} is your code for {shop}"),
            body: format!(
                "{code} is your sign-in code for {shop}. It works once, within 10 minutes. Nobody \
                 from the shop will ever ask for it. If you did not ask for it, do nothing: nobody \
                 can sign in without it."
            ),
        };
    }
    Letter {
        subject: format!("{code} 是你的登录验证码 · {shop}"),
        body: format!(
            "{code} 是你在「{shop}」的登录验证码，10 分钟内有效，只能用一次。店里的人不会向你索要它。\
             如果不是你本人操作，不用理会：没有验证码，谁也登录不了。"
        ),
    }
}

/// The letter to staff who asked for a code: they have a password.
pub fn staff(locale: &str, shop: &str, base_url: &str) -> Letter {
    if locale == "en" {
        return Letter {
            subject: format!("Staff of {shop} sign in with a password"),
            body: format!(
                "Somebody asked for a sign-in code with this contact. It belongs to the staff of \
                 {shop}, who sign in with a password: {base_url}/console/sign-in. If it was not \
                 you, do nothing."
            ),
        };
    }
    Letter {
        subject: format!("「{shop}」的店员请用密码登录"),
        body: format!(
            "有人用这个联系方式索要登录验证码。它属于「{shop}」的店员，店员用密码登录：\
             {base_url}/console/sign-in 。如果不是你本人操作，不用理会。"
        ),
    }
}

/// What somebody is called before they say so. Of a phone number only the end is shown.
pub fn first_name(contact: &Contact, locale: &str) -> String {
    match contact {
        Contact::Email(email) => {
            let mailbox = email.as_str().split(['@', '+']).next().unwrap_or_default();
            let words = one_line(&mailbox.replace(['.', '_', '-'], " "));
            let name: String = words.chars().take(LONGEST_NAME).collect();
            if name.chars().any(char::is_alphanumeric) { name } else { nobody(locale, "") }
        }
        Contact::Phone(phone) => {
            // A checked phone number has at least eight ASCII digits.
            let text = phone.as_str();
            nobody(locale, &text[text.len() - 4..])
        }
    }
}

fn nobody(locale: &str, end: &str) -> String {
    let name = if locale == "en" { format!("Shopper {end}") } else { format!("朋友 {end}") };
    one_line(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_names() {
        let name = |text: &str, locale: &str| first_name(&Contact::new(text).unwrap(), locale);
        assert_eq!(name("ann.lee+tea@example.com", "en"), "ann lee");
        assert_eq!(name("__@example.com", "en"), "Shopper");
        assert_eq!(name("13800005678", "zh-CN"), "朋友 5678");
        assert_eq!(name("13800005678", "en"), "Shopper 5678");
    }

    #[test]
    fn a_letter_with_a_code_begins_with_it() {
        for locale in ["zh-CN", "en"] {
            assert!(code(locale, "Pinwheel", "012345").body.starts_with("012345"));
        }
    }
}
