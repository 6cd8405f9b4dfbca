//! What a template suggests for a product: the form as it is first seen.

use app::catalog::ProductDetail;
use app::group_buy::Template as Shape;
use domain::moment::Span;
use domain::money::Money;

use super::show::{late_policy, who_joins, who_opens};
use crate::console::Desk;
use crate::console::fields::percent;
use crate::form::Form;
use crate::locale::local;

/// What a template takes off, to begin with.
pub fn discount(code: &str) -> i64 {
    match code {
        "pair" => 10,
        "welcome" => 25,
        "tiers" => 15,
        _ => 20,
    }
}

/// A price with so many percent off, without odd cents where they would look odd.
fn reduced(price: Money, off: i64) -> Money {
    let minor = price.minor * (100 - off) / 100;
    let whole = 10_i64.pow(price.currency.decimals());
    let step = if minor >= 10 * whole { whole } else { (whole / 10).max(1) };
    Money::new((minor / step * step).max(1), price.currency)
}

/// The form a template suggests for a product.
pub fn suggested(desk: &Desk, shape: &Shape, product: &ProductDetail) -> Form {
    let s = &shape.settings;
    let locale = desk.locale();
    let name = locale.say(&format!("console-gb-t-{}", shape.code));
    let title: String = format!("{name} · {}", product.title).chars().take(100).collect();
    let ends = local(desk.now().plus(Span::days(7))).date();
    let mut fields: Vec<(String, String)> = vec![
        ("template".into(), shape.code.clone()),
        ("product".into(), product.id.to_string()),
        ("title".into(), title),
        ("need".into(), s.need.to_string()),
        ("life_hours".into(), (s.life_minutes / 60).to_string()),
        ("pay_minutes".into(), s.pay_minutes.to_string()),
        ("per_order".into(), s.per_order.to_string()),
        ("per_person".into(), s.per_person.to_string()),
        ("open_by".into(), who_opens(s.open_by).into()),
        ("join_by".into(), who_joins(s.join_by).into()),
        ("late".into(), late_policy(s.late).into()),
        ("ends_at".into(), format!("{ends}T23:59")),
        ("lowered_to".into(), s.lowered_to.map_or(String::new(), |n| n.to_string())),
    ];
    if s.listed {
        fields.push(("listed".into(), "yes".into()));
    }
    for tier in &s.tiers {
        fields.push(("tier_size".into(), tier.size.to_string()));
        fields.push(("tier_off".into(), percent(tier.off_basis_points)));
    }
    let most = s.tiers.last().map_or(s.need, |tier| tier.size);
    for variant in &product.variants {
        let half = variant.available / 2;
        let quota = if variant.tracked && half >= most { half.to_string() } else { String::new() };
        fields.push(("variant".into(), variant.id.to_string()));
        fields.push(("price".into(), reduced(variant.price, discount(&shape.code)).decimal()));
        fields.push(("set_aside".into(), quota));
    }
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Form::of(&fields)
}
