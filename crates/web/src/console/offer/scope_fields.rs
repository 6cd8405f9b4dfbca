//! Which goods something is for, and goods with how many, as forms say them.

use app::catalog::CategoryView;
use app::failure::Failure;
use app::price_list;
use domain::catalog::Variant;
use domain::id::Id;
use domain::promotion::{Part, Scope, Selector};
use domain::quantity::Quantity;

use crate::console::fields::whole;
use crate::console::part::Choice;
use crate::console::{Desk, Frame};
use crate::form::Form;

/// How many kinds of goods a form has fields for.
pub const PARTS: usize = 5;

/// The fields of a scope.
pub struct ScopeFields {
    pub overs: Vec<Choice>,
    pub tag: String,
    pub goods: String,
    pub but: String,
}

/// A kind of goods with how many.
pub struct PartFields {
    pub number: usize,
    pub goods: String,
    pub quantity: String,
}

/// The variants that a list of stock numbers, handles and ids names.
async fn named(desk: &Desk, text: &str, bad: &Failure) -> Result<Vec<Id<Variant>>, Failure> {
    let mut variants = Vec::new();
    for one in text.split([',', '，', '\n']).map(str::trim).filter(|one| !one.is_empty()) {
        let one = one.to_string();
        let found = desk.act(move |app, visitor| price_list::named(app, visitor, &one)).await;
        variants.extend(found.map_err(|_| bad.clone())?);
    }
    Ok(variants)
}

/// The scope a form says.
pub async fn scope(desk: &Desk, form: &Form, bad: &Failure) -> Result<Scope, Failure> {
    let variants = |found: Vec<Id<Variant>>| {
        found.into_iter().map(|variant| Selector::Variant { variant }).collect::<Vec<_>>()
    };
    let include = match form.get("over") {
        "" | "everything" => Vec::new(),
        "tag" => vec![Selector::Tag { tag: form.get("tag").to_string() }],
        "goods" => variants(named(desk, form.get("goods"), bad).await?),
        category => {
            let category = Id::parse(category).ok_or_else(|| bad.clone())?;
            vec![Selector::Category { category }]
        }
    };
    let empty = form.get("over") == "goods" && include.is_empty();
    if empty || (form.get("over") == "tag" && form.get("tag").is_empty()) {
        return Err(bad.clone());
    }
    let exclude = variants(named(desk, form.get("but"), bad).await?);
    Ok(Scope { include, exclude })
}

/// The goods with how many that a form says.
pub async fn parts(desk: &Desk, form: &Form, bad: &Failure) -> Result<Vec<Part>, Failure> {
    let mut parts = Vec::new();
    for n in 0..PARTS {
        let goods = form.get(&format!("part-{n}-goods"));
        if goods.is_empty() {
            continue;
        }
        let variant = *named(desk, goods, bad).await?.first().ok_or_else(|| bad.clone())?;
        let count = match form.get(&format!("part-{n}-quantity")) {
            "" => 1,
            text => whole(text).ok_or_else(|| bad.clone())?,
        };
        let quantity = Quantity::new(count).ok_or_else(|| bad.clone())?;
        parts.push(Part { variant, quantity });
    }
    Ok(parts)
}

/// The fields a scope would have been typed into.
pub fn filled(scope: &Scope, pairs: &mut Vec<(String, String)>) {
    let ids = |list: &[Selector]| {
        let ids = list.iter().filter_map(|one| match one {
            Selector::Variant { variant } => Some(variant.to_string()),
            _ => None,
        });
        ids.collect::<Vec<String>>().join(", ")
    };
    let over = match scope.include.first() {
        None => "everything".to_string(),
        Some(Selector::Tag { tag }) => {
            pairs.push(("tag".into(), tag.clone()));
            "tag".to_string()
        }
        Some(Selector::Category { category }) => category.to_string(),
        Some(_) => {
            pairs.push(("goods".into(), ids(&scope.include)));
            "goods".to_string()
        }
    };
    pairs.push(("over".into(), over));
    pairs.push(("but".into(), ids(&scope.exclude)));
}

/// The fields the goods would have been typed into.
pub fn filled_parts(parts: &[Part], pairs: &mut Vec<(String, String)>) {
    for (n, part) in parts.iter().enumerate() {
        pairs.push((format!("part-{n}-goods"), part.variant.to_string()));
        pairs.push((format!("part-{n}-quantity"), part.quantity.count().to_string()));
    }
}

/// The fields of a scope as a form has them.
pub fn fields(p: &Frame, categories: &[CategoryView], form: &Form) -> ScopeFields {
    let fixed = [
        ("everything".to_string(), p.t("console-prices-over-everything")),
        ("goods".to_string(), p.t("console-offer-over-goods")),
        ("tag".to_string(), p.t("console-prices-over-tag")),
    ];
    let categories = categories.iter().map(|category| {
        let depth = "– ".repeat(usize::try_from(category.depth).unwrap_or(0).min(4));
        (category.id.to_string(), format!("{depth}{}", category.name))
    });
    ScopeFields {
        overs: Choice::among(form.get("over"), fixed.into_iter().chain(categories)),
        tag: form.get("tag").to_string(),
        goods: form.get("goods").to_string(),
        but: form.get("but").to_string(),
    }
}

/// The fields of goods with how many as a form has them.
pub fn part_fields(form: &Form) -> Vec<PartFields> {
    let field = |number: usize| PartFields {
        number,
        goods: form.get(&format!("part-{number}-goods")).to_string(),
        quantity: form.get(&format!("part-{number}-quantity")).to_string(),
    };
    (0..PARTS).map(field).collect()
}
