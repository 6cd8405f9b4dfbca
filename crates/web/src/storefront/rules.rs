//! The rules of a group buy in the reader's words.

use app::group_buy::RuleView;
use domain::money::{Currency, Money};

use crate::locale::{Locale, Price};
use crate::storefront::view::short;

/// Every rule as a sentence, in reading order.
pub fn sentences(rules: &[RuleView], currency: Currency, locale: Locale) -> Vec<String> {
    rules.iter().map(|rule| sentence(rule, currency, locale)).collect()
}

/// One of them.
pub fn sentence(rule: &RuleView, currency: Currency, locale: Locale) -> String {
    let id = format!("rule-{}", rule.code);
    // The one amount among the rules is in minor units of the shop's currency.
    match rule.args["amount"].as_i64() {
        Some(minor) => {
            let amount = short(&Price::of(Money::new(minor, currency)));
            locale.with(&id, "amount", amount)
        }
        None => locale.tell_json(&id, &rule.args),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rules_are_said_in_both_languages() {
        let rule = |code: &str, args| RuleView { code: code.into(), args };
        let rules = [
            rule("team", json!({ "need": 3, "hours": 24 })),
            rule("leader-off", json!({ "amount": 500 })),
        ];
        let said = sentences(&rules, Currency::Cny, Locale::English);
        assert!(said[0].starts_with("3 people make a team. It has 24 hours to fill"), "{said:?}");
        assert!(said[1].contains("¥5 less"), "{said:?}");
        let said = sentences(&rules, Currency::Cny, Locale::Chinese);
        assert!(said[0].starts_with("满 3 人成团"), "{said:?}");
    }
}
