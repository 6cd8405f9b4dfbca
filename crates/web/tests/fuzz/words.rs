//! The small words of the shop: amounts, shares, ids, moments, names, addresses.

use domain::catalog::Product;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::{Currency, LARGEST, Money};
use domain::order::Order;
use domain::place::Address;
use domain::rate::Rate;
use domain::text::{Email, Name, Phone, Slug, masked, one_line};
use web::locale::Locale;
use web::{link, locale};

use crate::driver::fuzz;

fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Whole numbers out of whatever bytes there are.
fn numbers(bytes: &[u8]) -> Vec<i64> {
    let part = |part: &[u8]| {
        let mut eight = [0; 8];
        eight[..part.len()].copy_from_slice(part);
        i64::from_le_bytes(eight)
    };
    bytes.chunks(8).map(part).collect()
}

#[test]
fn an_amount_is_read_back_as_it_is_written() {
    fuzz("money", 20_000, &[",", ".", "-", "999,999", "0.00", "¥"], |bytes| {
        let text = text(bytes);
        for currency in Currency::ALL {
            let Ok(money) = Money::parse(&text, currency) else { continue };
            assert!(money.minor.abs() <= LARGEST);
            assert_eq!(Money::parse(&money.decimal(), currency), Ok(money));
            // Nobody is charged for letters.
            let plain = text.trim().bytes().all(|byte| b"0123456789.,-".contains(&byte));
            assert!(plain, "{text:?} was read as {money:?}");
        }
        Money::parse(&text, Currency::Cny).map(|money| money.minor.signum())
    });
}

#[test]
fn shares_are_within_the_whole_and_parts_sum_to_it() {
    fuzz("shares", 20_000, &[], |bytes| {
        let numbers = numbers(bytes);
        let Some((first, rest)) = numbers.split_first() else { return 0 };
        let amount = Money::new(first % (LARGEST + 1), Currency::Cny);
        if let Some(rate) = rest.first().and_then(|points| Rate::from_basis_points(points % 20_000))
        {
            let share = rate.of(amount);
            assert!(share.minor.abs() <= amount.minor.abs());
            // Half a unit is the most that rounding takes or gives.
            let exact = i128::from(amount.minor) * i128::from(rate.basis_points());
            assert!((i128::from(share.minor) * 10_000 - exact).abs() <= 5_000);
        }
        let weights: Vec<i64> = rest.iter().map(|weight| weight.saturating_abs()).collect();
        if weights.is_empty() {
            return 1;
        }
        let parts = amount.split(&weights);
        assert_eq!(parts.iter().map(|part| part.minor).sum::<i64>(), amount.minor);
        assert!(parts.iter().all(|part| part.minor.signum() * amount.minor.signum() >= 0));
        parts.len().min(20)
    });
}

#[test]
fn an_id_has_one_way_to_be_written() {
    fuzz("ids", 20_000, &["ord_", "prd_", "0000000000000", "zzzzzzzzzzzzz"], |bytes| {
        let text = text(bytes);
        let order = Id::<Order>::parse(&text);
        if let Some(id) = order {
            assert_eq!(id.to_string(), text);
            assert_eq!(Id::<Product>::parse(&text), None, "one kind is not another");
        }
        order.is_some()
    });
}

#[test]
fn a_moment_is_read_back_as_it_is_written() {
    let words = ["T", "Z", "-", ":", ".", "2026-02-29", "24:00:00", "23:59:60", "9999-12-31"];
    fuzz("moments", 20_000, &words, |bytes| {
        let text = text(bytes);
        let moment = Moment::parse(&text);
        if let Some(moment) = moment {
            // What is written has milliseconds; what is finer is not said.
            let written = moment.rfc3339();
            let again = Moment::parse(&written).unwrap();
            assert_eq!(again.as_millis(), moment.as_millis(), "{text} {written}");
            assert_eq!(again.rfc3339(), written);
        }
        let local = locale::from_local(&text);
        if let Some(local) = local {
            // Forms say minutes.
            let shown = locale::to_local(local);
            assert_eq!(locale::from_local(&shown).map(locale::to_local), Some(shown));
        }
        (moment.is_some(), local.is_some())
    });
}

#[test]
fn between_two_moments_there_is_a_span_wherever_they_are() {
    fuzz("spans", 20_000, &[], |bytes| {
        let numbers = numbers(bytes);
        let [one, other, ..] = numbers[..] else { return false };
        let (one, other) = (Moment(one), Moment(other));
        let span = one.since(other);
        assert_eq!(span.0 < 0, one < other);
        // As far as moments go.
        assert!(one.plus(Span(other.0)) <= Moment(i64::MAX));
        span.0 < 0
    });
}

#[test]
fn checked_words_are_checked_once_for_all() {
    let words = ["@", "example.com", "+86", "138 0000 0000", "-", " ", "ａ", "İ", "\u{200b}"];
    fuzz("words", 10_000, &words, |bytes| {
        let text = text(bytes);
        let name = Name::new(&text).ok().map(|name| name.to_string());
        let slug = Slug::new(&text).ok().map(|slug| slug.to_string());
        let email = Email::new(&text).ok().map(|email| email.to_string());
        let phone = Phone::new(&text).ok().map(|phone| phone.to_string());
        if let Some(name) = &name {
            assert_eq!(Name::new(name).unwrap().as_str(), name);
            assert!(!name.chars().any(char::is_control));
        }
        if let Some(slug) = &slug {
            assert!(
                !slug.contains(|c: char| c.is_whitespace() || "/?#%&\"<>".contains(c)),
                "{slug}"
            );
        }
        if let Some(made) = Slug::of_title(&text) {
            assert_eq!(Slug::new(made.as_str()).unwrap().as_str(), made.as_str());
        }
        if let Some(email) = &email {
            assert_eq!(Email::new(email).unwrap().as_str(), email);
            assert!(!email.contains(char::is_whitespace) && email.contains('@'));
        }
        if let Some(phone) = &phone {
            assert_eq!(Phone::new(phone).unwrap().as_str(), phone);
            let digits = phone.trim_start_matches('+');
            assert!(digits.bytes().all(|byte| byte.is_ascii_digit()), "{phone}");
        }
        let line = one_line(&text);
        assert_eq!(one_line(&line), line);
        assert!(!line.contains(['\r', '\n']));
        // Whoever sees a mask does not see all of what is under it.
        assert!(text.chars().count() < 4 || masked(&text) != text, "{text:?}");
        (name.is_some(), slug.is_some(), email.is_some(), phone.is_some())
    });
}

#[test]
fn a_checked_address_stays_as_it_is() {
    let words = ["CN", "US", "310000", "+86 138 0000 0000", "\n", "浙江省"];
    fuzz("addresses", 10_000, &words, |bytes| {
        let text = text(bytes);
        let mut lines = text.split('\n').map(str::to_string);
        let mut line = || lines.next().unwrap_or_default();
        let address = Address {
            name: line(),
            phone: line(),
            country: line(),
            region: line(),
            city: line(),
            district: line(),
            line1: line(),
            line2: line(),
            postcode: line(),
        };
        let checked = address.checked();
        if let Ok(checked) = &checked {
            assert_eq!(checked.clone().checked().as_ref(), Ok(checked));
            assert!(!checked.in_one_line().chars().any(char::is_control));
        }
        checked.map(|_| ())
    });
}

#[test]
fn a_language_is_ours_or_none_and_a_way_on_stays_inside() {
    let words = ["zh-CN", "en", ";q=", "0.5", ",", "*", "//", "/\\", "https:", "@"];
    fuzz("ways", 20_000, &words, |bytes| {
        let text = text(bytes);
        let inside = link::inside(&text);
        // What browsers take for another site begins with two slashes, however they are written.
        assert!(inside.starts_with('/') && !inside[1..].starts_with(['/', '\\']), "{inside}");
        assert!(inside.bytes().all(|byte| byte.is_ascii_graphic()));
        let part = link::part(&text);
        assert!(part.bytes().all(|byte| byte.is_ascii_graphic() && !b"/?#&=<>\"".contains(&byte)));
        let pairs = [("next", &*text), ("page", "2")];
        let query = link::query(&pairs);
        let with = link::with_query(&format!("/x?{query}"), "page", "3");
        assert!(with.ends_with("page=3") && !with.contains("page=2"), "{with}");
        Locale::accepted(&text).map(Locale::code)
    });
}
