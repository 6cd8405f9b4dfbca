//! Tax numbers of companies: China's unified social credit code with its check digit, and the form
//! of VAT numbers in the European Union and the United Kingdom.

/// The signs of a unified social credit code, each worth its place (GB 32100-2015): no I, O, S, V
/// and Z, which look like others.
const SIGNS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// What VAT numbers look like behind their country: `9` a digit, `A` a letter, `X` either, `?` one
/// of those two or a sign; any other character is itself.
const VAT: &[(&str, &[&str])] = &[
    ("AT", &["U99999999"]),
    ("BE", &["9999999999"]),
    ("BG", &["999999999", "9999999999"]),
    ("CY", &["99999999A"]),
    ("CZ", &["99999999", "999999999", "9999999999"]),
    ("DE", &["999999999"]),
    ("DK", &["99999999"]),
    ("EE", &["999999999"]),
    ("EL", &["999999999"]),
    ("ES", &["X9999999X"]),
    ("FI", &["99999999"]),
    ("FR", &["XX999999999"]),
    ("GB", &["999999999", "999999999999"]),
    ("HR", &["99999999999"]),
    ("HU", &["99999999"]),
    ("IE", &["9999999A", "9999999AA", "9?99999A"]),
    ("IT", &["99999999999"]),
    ("LT", &["999999999", "999999999999"]),
    ("LU", &["99999999"]),
    ("LV", &["99999999999"]),
    ("MT", &["99999999"]),
    ("NL", &["999999999B99"]),
    ("PL", &["9999999999"]),
    ("PT", &["999999999"]),
    (
        "RO",
        &["99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999"],
    ),
    ("SE", &["999999999999"]),
    ("SI", &["99999999"]),
    ("SK", &["9999999999"]),
    ("XI", &["999999999", "999999999999"]),
];

/// The number in capitals without spaces, dots and hyphens, if it is one.
pub fn checked(text: &str) -> Option<String> {
    let plain: String =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.')).collect();
    let plain = plain.to_ascii_uppercase();
    (is_credit_code(&plain) || is_vat(&plain)).then_some(plain)
}

/// Whether these eighteen signs are a unified social credit code: the last is the check over the
/// others.
pub fn is_credit_code(code: &str) -> bool {
    let values: Option<Vec<usize>> =
        code.bytes().map(|byte| SIGNS.iter().position(|sign| *sign == byte)).collect();
    match values.as_deref() {
        Some([first @ .., last]) if first.len() == 17 => check_sign(first) == *last,
        _ => false,
    }
}

/// The check over seventeen signs: each times a power of three, modulo 31.
fn check_sign(values: &[usize]) -> usize {
    let mut weight = 1;
    let mut sum = 0;
    for value in values {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    (31 - sum % 31) % 31
}

/// Whether it has the form of a VAT number with its country in front.
pub fn is_vat(number: &str) -> bool {
    let Some((country, rest)) = number.split_at_checked(2) else { return false };
    let forms = VAT.iter().find(|(known, _)| *known == country).map_or(&[][..], |(_, forms)| forms);
    forms.iter().any(|form| fits(rest, form))
}

fn fits(text: &str, form: &str) -> bool {
    let fit = |(byte, sign): (u8, u8)| match sign {
        b'9' => byte.is_ascii_digit(),
        b'A' => byte.is_ascii_uppercase(),
        b'X' => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
        b'?' => byte.is_ascii_uppercase() || matches!(byte, b'+' | b'*'),
        other => byte == other,
    };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(fit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Codes that are in public registers.
    const REAL: [&str; 4] =
        ["91330100799655058B", "9144030071526726XG", "914403001922038216", "91110000802100433B"];

    #[test]
    fn credit_codes_end_in_their_check() {
        for real in REAL {
            assert!(is_credit_code(real), "{real}");
        }
        assert_eq!(checked(" 9133 0100-799655058b "), Some(REAL[0].to_string()));
        for bad in ["", "91330100799655058A", "91330100799655058", "913301007996550580B", "税号"]
        {
            assert!(!is_credit_code(bad), "{bad}");
        }
    }

    #[test]
    fn vat_numbers_have_the_form_of_their_country() {
        for good in
            ["DE123456789", "ATU12345678", "FR12345678901", "FRAB123456789", "NL123456789B01"]
        {
            assert!(is_vat(good), "{good}");
        }
        for good in
            ["IE1234567A", "IE1234567FA", "IE1+23456A", "GB123456789", "RO12", "ESX1234567X"]
        {
            assert!(is_vat(good), "{good}");
        }
        for bad in ["", "DE", "DE12345678", "AT12345678", "US123456789", "NL123456789A01", "茶12"]
        {
            assert!(!is_vat(bad), "{bad}");
        }
        assert_eq!(checked("de 123.456.789"), Some("DE123456789".into()));
    }

    proptest! {
        #[test]
        fn one_wrong_sign_or_two_that_changed_places_are_seen(
            base in proptest::collection::vec(0usize..31, 17),
            at in 0usize..18, other in 0usize..31,
        ) {
            let mut values = base.clone();
            values.push(check_sign(&base));
            let text = |values: &[usize]| -> String {
                values.iter().map(|value| SIGNS[*value] as char).collect()
            };
            prop_assert!(is_credit_code(&text(&values)));
            let mut wrong = values.clone();
            wrong[at] = other;
            prop_assert_eq!(is_credit_code(&text(&wrong)), wrong == values);
            if at < 16 {
                let mut swapped = values.clone();
                swapped.swap(at, at + 1);
                prop_assert_eq!(is_credit_code(&text(&swapped)), swapped == values);
            }
        }

        #[test]
        fn what_is_checked_is_checked_again(text in "[A-Z0-9 .\\-]{0,24}") {
            if let Some(once) = checked(&text) {
                prop_assert_eq!(checked(&once), Some(once.clone()));
            }
        }
    }
}
