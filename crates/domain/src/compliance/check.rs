//! Holding a draft against a pack.

use crate::campaign::Channel;
use crate::campaign::favour::Way;
use crate::moment::Moment;
use crate::price::history;

use super::pack::{Check, Pack, Rule, Severity};
use super::words::Folded;
use super::{Draft, Figure, Finding};

/// Everything the rules in force find, in the order of the pack.
pub fn check(pack: &Pack, draft: &Draft, now: Moment) -> Vec<Finding> {
    let kinds = kinds(pack, draft);
    let holds = |rule: &&Rule| {
        let is_for = rule.kinds.is_empty() || rule.kinds.iter().any(|kind| kinds.contains(kind));
        is_for && rule.is_in_force(now)
    };
    let texts: Vec<(&str, Folded)> = draft
        .texts
        .iter()
        .map(|text| (text.field.as_str(), Folded::new(pack, &text.text)))
        .collect();
    pack.rules
        .iter()
        .filter(holds)
        .flat_map(|rule| found(pack, rule, draft, &texts, &kinds))
        .collect()
}

/// What a draft is: its mechanic, its traits, and what these make it count as.
fn kinds(pack: &Pack, draft: &Draft) -> Vec<String> {
    let mut kinds: Vec<String> = draft.traits.to_vec();
    kinds.push(draft.mechanic.code().to_string());
    for (traits, kind) in &pack.treats {
        if traits.iter().all(|one| kinds.contains(one)) && !kinds.contains(kind) {
            kinds.push(kind.clone());
        }
    }
    kinds
}

fn finding(rule: &Rule, field: &str, about: impl Into<String>) -> Finding {
    Finding {
        rule: rule.id.clone(),
        source: rule.source.clone(),
        severity: rule.severity,
        field: field.to_string(),
        about: about.into(),
        sentence: String::new(),
        answers: rule.answers.clone(),
    }
}

fn found(
    pack: &Pack,
    rule: &Rule,
    draft: &Draft,
    texts: &[(&str, Folded)],
    kinds: &[String],
) -> Vec<Finding> {
    let figure = |wanted: Figure| {
        draft.figures.iter().find(|(figure, _)| *figure == wanted).map(|(_, value)| *value)
    };
    match &rule.check {
        Check::Words(list) => texts
            .iter()
            .flat_map(|(field, text)| {
                text.claims(pack, list, draft.names).into_iter().map(|(hit, warns)| Finding {
                    severity: if warns { Severity::Warn } else { rule.severity },
                    sentence: text.sentence(&hit),
                    ..finding(rule, field, text.written(&hit))
                })
            })
            .collect(),
        Check::Need(codes) => {
            let said = |code: &&String| {
                let mut published = draft.published.iter();
                !published.any(|(name, words)| name == *code && !words.trim().is_empty())
            };
            let missing = codes.iter().filter(said);
            missing.map(|code| finding(rule, "published", code.clone())).collect()
        }
        // A figure that is not told is not known to be right.
        Check::Most(wanted, most) => match figure(*wanted) {
            Some(value) if value <= *most => Vec::new(),
            value => {
                let value = value.map_or(String::new(), |value| value.to_string());
                vec![finding(rule, wanted.code(), value)]
            }
        },
        Check::Equal(one, other) => match (figure(*one), figure(*other)) {
            (Some(one), Some(other)) if one == other => Vec::new(),
            (value, _) => {
                let value = value.map_or(String::new(), |value| value.to_string());
                vec![finding(rule, one.code(), value)]
            }
        },
        Check::Evidence => draft
            .reductions
            .iter()
            .filter(|cut| {
                let shown = history::former(cut.claimed, cut.price, cut.begins, &cut.past);
                shown != Ok(cut.claimed)
            })
            .map(|cut| finding(rule, &cut.variant.to_string(), cut.claimed.to_string()))
            .collect(),
        Check::Live => {
            let made_up = draft.counters.iter().filter(|counter| {
                counter.query.as_ref().is_none_or(|query| query.trim().is_empty())
            });
            made_up.map(|counter| finding(rule, "counter", counter.shows.clone())).collect()
        }
        Check::Share => {
            let lures = draft.mechanic.rewards_sharing();
            let forbids = |channel: Channel| !channel.usual().rewarded;
            let used = draft.channels.iter().filter(|one| one.rewarded && forbids(one.channel));
            used.filter(|_| lures).map(|one| finding(rule, "channel", one.channel.code())).collect()
        }
        Check::Changes => {
            let against = draft.changes.iter().filter(|change| match change.field.way() {
                Way::Up => change.to < change.from,
                Way::Down => change.to > change.from,
                Way::Nowhere => change.to != change.from,
                Way::Anywhere => false,
            });
            against.map(|change| finding(rule, "change", change.field.code())).collect()
        }
        Check::Forbid(traits) => {
            let there = traits.iter().filter(|one| kinds.contains(one));
            there.map(|one| finding(rule, "trait", one.clone())).collect()
        }
    }
}
