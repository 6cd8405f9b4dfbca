//! What would come of a campaign that is being written: the phone, what it puts at risk, what the
//! check says and its rules. Nothing of it is kept.

use app::campaign::{FindingView, FormerPrice, PutCampaign, Sketch};
use app::failure::Failure;
use askama::Template;
use domain::campaign::Mechanic;

use crate::answer::Fault;
use crate::console::part::Check;
use crate::console::{Desk, Frame};
use crate::form::Form;
use crate::storefront::campaign::rules;

#[derive(Template)]
#[template(path = "console/campaign/preview.html")]
pub struct PreviewPart {
    pub p: Frame,
    pub v: Preview,
}

/// What the form comes to.
#[derive(Default)]
pub struct Preview {
    pub kind: String,
    pub title: String,
    pub copy: String,
    pub until: String,
    pub picture: String,
    /// What the first of the goods costs in it, and alone.
    pub price: String,
    pub alone: String,
    pub goods: String,
    pub risk: String,
    pub checks: Vec<Check>,
    pub rules: Vec<String>,
    pub other_rules: Vec<String>,
}

impl Preview {
    /// Of a form something in which cannot be read.
    pub fn unreadable(p: &Frame, mechanic: Mechanic, form: &Form, field: &str) -> Preview {
        let text = p.t1("console-campaign-bad-field", "field", field);
        Preview {
            checks: vec![Check::wrong(text)],
            ..named(p, mechanic, form.get("title"), form.get("copy"))
        }
    }

    /// Of what was read, with what it names that is not there.
    pub fn of(
        desk: &Desk,
        p: &Frame,
        (put, sketch, unknown): (PutCampaign, Sketch, Option<Failure>),
    ) -> Result<Preview, Fault> {
        let mut checks = Vec::new();
        // One refusal is enough: what is not known is not offered either.
        if let Some(refused) = unknown.or(sketch.refused) {
            checks.push(Check::wrong(desk.complaint(refused)?));
        }
        for one in &sketch.check.findings {
            checks.push(match (&one.answered, one.blocks) {
                (Some(_), _) => Check::good(said(p, one)),
                (None, true) => Check::wrong(said(p, one)),
                (None, false) => Check::careful(said(p, one)),
            });
        }
        if checks.is_empty() {
            checks.push(Check::good(p.t("console-campaign-check-clean")));
        }
        let first = sketch.goods.first();
        let risk = match sketch.risk {
            Some(money) if put.frame.budget.is_some() => {
                p.t1("console-campaign-risk", "amount", p.money(money))
            }
            Some(money) => p.t1("console-campaign-risk-off", "amount", p.money(money)),
            None if sketch.goods.is_empty() => String::new(),
            None => p.t("console-campaign-risk-open"),
        };
        let mechanic = put.terms.mechanic();
        Ok(Preview {
            until: p.t1("store-campaign-until", "when", p.locale.exact_near(put.ends_at, p.now)),
            picture: first.map_or(String::new(), |(goods, _)| goods.picture.clone()),
            price: first.map_or(String::new(), |(_, price)| p.money(*price)),
            alone: first.map_or(String::new(), |(goods, _)| p.money(goods.price)),
            goods: first.map_or(String::new(), |(goods, _)| goods.title.clone()),
            risk,
            checks,
            rules: rules(&sketch.clauses, sketch.units, p.locale),
            other_rules: rules(&sketch.clauses, sketch.units, p.locale.other()),
            ..named(p, mechanic, &put.frame.title, &put.creative.copy)
        })
    }
}

/// What was found, in a line.
fn said(p: &Frame, finding: &FindingView) -> String {
    match &finding.former {
        Some(former) => format!("{} · {}", struck(p, former), finding.rule),
        None => format!("{} · {} {}", finding.about, finding.rule, finding.sentence).trim().into(),
    }
}

/// A former price that cannot be shown, and what to do.
pub fn struck(p: &Frame, former: &FormerPrice) -> String {
    let price = p.money(former.price);
    p.tell("console-campaign-former", &[("goods", &former.goods), ("price", &price)])
}

fn named(p: &Frame, mechanic: Mechanic, title: &str, copy: &str) -> Preview {
    Preview {
        kind: p.t(&format!("mechanic-{}", mechanic.code())),
        title: match title {
            "" => p.t("console-campaign-unnamed"),
            title => title.to_string(),
        },
        copy: match copy {
            "" => p.t(&format!("mechanic-{}-say", mechanic.code())),
            copy => copy.to_string(),
        },
        ..Preview::default()
    }
}
