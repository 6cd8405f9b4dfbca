//! The settings of a group buy as forms and programs write them, templates to start from, and the
//! rules they make.

use describe::ToSchema;
use domain::group_buy::{
    BadTerms, Clause, LatePolicy, Refusal, Terms, Tier, WhoJoins, WhoOpens, rules,
};
use domain::moment::Span;
use domain::rate::Rate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A larger team and what it takes off the group price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TierSettings {
    pub size: i64,
    /// Off the group price, in basis points: 1000 is 10 %.
    pub off_basis_points: i64,
}

/// The settings of a group buy, as forms and programs write them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Settings {
    /// How many people make a team succeed, 2 to 100.
    pub need: i64,
    #[serde(default)]
    pub tiers: Vec<TierSettings>,
    /// How long a team has, in minutes: 5 to 10,080.
    pub life_minutes: i64,
    /// How long a place is held for its payment, in minutes: 1 to 60.
    pub pay_minutes: i64,
    pub per_order: i64,
    pub per_person: i64,
    pub open_by: WhoOpens,
    pub join_by: WhoJoins,
    /// What the leader's order costs less, in minor units.
    #[serde(default)]
    pub leader_off: i64,
    pub listed: bool,
    /// With at least this many, the merchant delivers at the deadline all the same.
    #[serde(default)]
    pub lowered_to: Option<i64>,
    pub late: LatePolicy,
}

impl Settings {
    /// The terms they say, checked.
    pub fn terms(&self) -> Result<Terms, Refusal> {
        let bad = |which| Refusal::BadTerms(which);
        let minutes = |n: i64, which| {
            if (0..=1_000_000).contains(&n) { Ok(Span::minutes(n)) } else { Err(bad(which)) }
        };
        let tiers = self
            .tiers
            .iter()
            .map(|tier| {
                let off = Rate::from_basis_points(tier.off_basis_points);
                Ok(Tier { size: tier.size, off: off.ok_or(bad(BadTerms::Tiers))? })
            })
            .collect::<Result<Vec<Tier>, Refusal>>()?;
        let terms = Terms {
            need: self.need,
            tiers,
            life: minutes(self.life_minutes, BadTerms::Life)?,
            pay_window: minutes(self.pay_minutes, BadTerms::PayWindow)?,
            per_order: self.per_order,
            per_person: self.per_person,
            open_by: self.open_by,
            join_by: self.join_by,
            leader_off: self.leader_off,
            listed: self.listed,
            lowered_to: self.lowered_to,
            late: self.late,
        };
        terms.check().map_err(bad)?;
        Ok(terms)
    }

    pub fn of(terms: &Terms) -> Settings {
        Settings {
            need: terms.need,
            tiers: terms
                .tiers
                .iter()
                .map(|tier| TierSettings {
                    size: tier.size,
                    off_basis_points: tier.off.basis_points(),
                })
                .collect(),
            life_minutes: terms.life.as_seconds() / 60,
            pay_minutes: terms.pay_window.as_seconds() / 60,
            per_order: terms.per_order,
            per_person: terms.per_person,
            open_by: terms.open_by,
            join_by: terms.join_by,
            leader_off: terms.leader_off,
            listed: terms.listed,
            lowered_to: terms.lowered_to,
            late: terms.late,
        }
    }
}

/// Settings to start from.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Template {
    /// pair, trio, welcome, tiers.
    pub code: String,
    pub settings: Settings,
}

/// The templates a merchant can start from.
pub fn templates() -> Vec<Template> {
    let plain = Settings {
        need: 2,
        tiers: vec![],
        life_minutes: 24 * 60,
        pay_minutes: 15,
        per_order: 2,
        per_person: 10,
        open_by: WhoOpens::Anyone,
        join_by: WhoJoins::Anyone,
        leader_off: 0,
        listed: true,
        lowered_to: None,
        late: LatePolicy::OtherTeam,
    };
    let template = |code: &str, settings| Template { code: code.to_string(), settings };
    vec![
        template("pair", plain.clone()),
        template("trio", Settings { need: 3, lowered_to: Some(2), ..plain.clone() }),
        template(
            "welcome",
            Settings {
                join_by: WhoJoins::NewCustomers,
                per_person: 1,
                per_order: 1,
                ..plain.clone()
            },
        ),
        template(
            "tiers",
            Settings {
                need: 3,
                tiers: vec![
                    TierSettings { size: 5, off_basis_points: 500 },
                    TierSettings { size: 10, off_basis_points: 1_000 },
                ],
                life_minutes: 48 * 60,
                ..plain
            },
        ),
    ]
}

/// One sentence of the rules: a code and what it says; the words are in the catalogues.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RuleView {
    pub code: String,
    #[schema(value_type = Object)]
    pub args: Value,
}

/// The rules with these terms, as data: texts come from the catalogues as `rule-<code>`.
pub fn rules_of(terms: &Terms) -> Vec<RuleView> {
    rules(terms).into_iter().map(rule_of).collect()
}

/// One of them.
pub fn rule_of(clause: Clause) -> RuleView {
    let hours = |span: Span| span.as_seconds() / 3_600;
    let minutes = |span: Span| span.as_seconds() / 60;
    let (code, args) = match clause {
        Clause::Team { need, life } if life.as_seconds() % 3_600 == 0 => {
            ("team", json!({ "need": need, "hours": hours(life) }))
        }
        Clause::Team { need, life } => {
            ("team-minutes", json!({ "need": need, "minutes": minutes(life) }))
        }
        // Percent with at most two decimals, as text: 12.5
        Clause::Tier { size, off } => {
            let points = off.basis_points();
            let text = match (points / 100, points % 100) {
                (whole, 0) => format!("{whole}"),
                (whole, part) if part % 10 == 0 => format!("{whole}.{}", part / 10),
                (whole, part) => format!("{whole}.{part:02}"),
            };
            ("tier", json!({ "size": size, "off": text }))
        }
        Clause::PayWindow(span) => ("pay-window", json!({ "minutes": minutes(span) })),
        Clause::BuyersOpen => ("buyers-open", json!({})),
        Clause::NewCustomersJoin => ("new-customers-join", json!({})),
        Clause::Limits { per_order, per_person } => {
            ("limits", json!({ "order": per_order, "person": per_person }))
        }
        Clause::LeaderOff(minor) => ("leader-off", json!({ "amount": minor })),
        Clause::LoweredTo(people) => ("lowered-to", json!({ "people": people })),
        Clause::Refund => ("refund", json!({})),
        Clause::Leaving => ("leaving", json!({})),
        Clause::LateRefund => ("late-refund", json!({})),
        Clause::LateOtherTeam => ("late-other-team", json!({})),
        Clause::LateNewTeam => ("late-new-team", json!({})),
        Clause::NoCoupons => ("no-coupons", json!({})),
        Clause::Listed => ("listed", json!({})),
    };
    RuleView { code: code.to_string(), args }
}
