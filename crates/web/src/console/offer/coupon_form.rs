//! A kind of coupon as a form says it.

use app::coupon::{PutTemplate, TemplateView};
use app::failure::Failure;
use domain::coupon::{Gives, Issuer, Life, Stacks};
use domain::moment::Span;
use domain::money::{Currency, Money};

use super::promotion::{filled_off, off};
use super::scope_fields as scoped;
use crate::console::Desk;
use crate::console::fields::{amount, whole};
use crate::form::Form;
use crate::locale::{from_local, to_local};

fn bad(field: &'static str) -> Failure {
    Failure::field("coupon.bad_template", field)
}

/// What the form says. A field that cannot be read is refused by its name.
pub async fn read(desk: &Desk, form: &Form, currency: Currency) -> Result<PutTemplate, Failure> {
    let minor = |name: &'static str| match form.get(name) {
        "" => Ok(None),
        text => amount(text, currency).map(|money| Some(money.minor)).ok_or_else(|| bad(name)),
    };
    let number = |name: &'static str| match form.get(name) {
        "" => Ok(None),
        text => whole(text).map(Some).ok_or_else(|| bad(name)),
    };
    let moment = |name: &'static str| match form.get(name) {
        "" => Ok(None),
        text => from_local(text).map(Some).ok_or_else(|| bad(name)),
    };
    let gives = match form.get("gives") {
        "shipping" => Gives::Shipping { most: minor("shipping_most")? },
        "gift" => {
            let parts = scoped::parts(desk, form, &bad("gives")).await?;
            Gives::Gift { part: *parts.first().ok_or_else(|| bad("gives"))? }
        }
        _ => Gives::Goods { off: off(form, "", currency, &bad("gives"))? },
    };
    let life = match (moment("usable_from")?, moment("usable_until")?) {
        (Some(from), Some(until)) => Life::Dates { from, until },
        _ => Life::After { span: Span::days(number("days")?.unwrap_or(0).clamp(0, 1_096)) },
    };
    let group = match form.get("group") {
        "" => "shop".to_string(),
        group => group.to_string(),
    };
    Ok(PutTemplate {
        name: form.get("name").to_string(),
        name_en: form.get("name_en").to_string(),
        issuer: Issuer::parse(form.get("issuer")).unwrap_or(Issuer::Merchant),
        currency: Some(currency),
        gives,
        threshold: minor("threshold")?.unwrap_or(0),
        scope: scoped::scope(desk, form, &bad("scope")).await?,
        stacks: Some(match form.is_on("alone") {
            true => Stacks::Alone,
            false => Stacks::InGroup { group },
        }),
        life,
        claim_from: moment("claim_from")?,
        claim_until: moment("claim_until")?,
        total: number("total")?,
        per_person: number("per_person")?.unwrap_or(1),
        per_cluster: number("per_cluster")?,
        back_on_refund: form.is_on("back_on_refund"),
        active: form.is_on("active"),
        listed: form.is_on("listed"),
        link: form.maybe("link").map(str::to_string),
        version: form.parse("version"),
    })
}

/// The form a kind of coupon would have been typed as.
pub fn filled(one: &TemplateView) -> Form {
    let decimal = |minor| Money::new(minor, one.currency).decimal();
    let mut pairs: Vec<(String, String)> = vec![
        ("name".into(), one.name.clone()),
        ("name_en".into(), one.name_en.clone()),
        ("issuer".into(), one.issuer.code().into()),
        ("claim_from".into(), to_local(one.claim_from)),
        ("claim_until".into(), to_local(one.claim_until)),
        ("per_person".into(), one.per_person.to_string()),
        ("per_cluster".into(), one.per_cluster.to_string()),
        ("link".into(), one.link.clone().unwrap_or_default()),
        ("version".into(), one.version.to_string()),
    ];
    if one.threshold > 0 {
        pairs.push(("threshold".into(), decimal(one.threshold)));
    }
    if let Some(total) = one.total {
        pairs.push(("total".into(), total.to_string()));
    }
    match one.gives {
        Gives::Goods { off } => {
            pairs.push(("gives".into(), "goods".into()));
            filled_off("", off, one.currency, &mut pairs);
        }
        Gives::Shipping { most } => {
            pairs.push(("gives".into(), "shipping".into()));
            pairs.push(("shipping_most".into(), most.map_or(String::new(), decimal)));
        }
        Gives::Gift { part } => {
            pairs.push(("gives".into(), "gift".into()));
            scoped::filled_parts(&[part], &mut pairs);
        }
    }
    match one.life {
        Life::After { span } => {
            pairs.push(("days".into(), (span.as_seconds() / 86_400).to_string()));
        }
        Life::Dates { from, until } => {
            pairs.push(("usable_from".into(), to_local(from)));
            pairs.push(("usable_until".into(), to_local(until)));
        }
    }
    match &one.stacks {
        Stacks::Alone => pairs.push(("alone".into(), "1".into())),
        Stacks::InGroup { group } => pairs.push(("group".into(), group.clone())),
    }
    let on =
        [("back_on_refund", one.back_on_refund), ("active", one.active), ("listed", one.listed)];
    pairs.extend(on.iter().filter(|(_, on)| *on).map(|(name, _)| (name.to_string(), "1".into())));
    scoped::filled(&one.scope, &mut pairs);
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    Form::of(&pairs)
}
