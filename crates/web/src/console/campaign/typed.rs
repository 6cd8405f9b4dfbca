//! A campaign as its form says it: what was typed, and which of it cannot be read.

use app::campaign::{self, Creative, Offered, PutCampaign};
use app::failure::Failure;
use app::{App, Visitor, points_shop};
use domain::campaign::audience::Audience;
use domain::campaign::limit::Limits;
use domain::campaign::{Channel, ChannelUse, Frame as Settings, Goal, Measure, Mechanic};
use domain::id::Id;
use domain::money::Currency;
use domain::promotion::Combines;
use domain::rate::Rate;

use super::terms::{self, Field, Typed};
use super::wares;
use crate::console::Frame;
use crate::console::fields::{amount, points, whole};
use crate::form::Form;
use crate::locale::from_local;

/// What the form says of a campaign, and what it names beside it; nothing when something in it
/// cannot be read (`unreadable` says what).
pub fn put(form: &Form, mechanic: Mechanic, own: Currency) -> Option<(PutCampaign, Lines)> {
    let unit = Currency::of_books(form.get("unit")).unwrap_or(own);
    let budget = match mechanic.rewards() {
        true => Some(amount(form.get("budget"), unit)?),
        false => None,
    };
    let audience = match form.get("audience") {
        "new_customers" => Audience::NewCustomers,
        "buyers" => Audience::Buyers,
        "groups" => Audience::Groups {
            groups: form.all("group").into_iter().filter_map(Id::parse).collect(),
        },
        "list" => Audience::List { list: Id::parse(form.get("list"))? },
        _ => Audience::Everyone,
    };
    let optional = |name: &str| match form.get(name) {
        "" => Some(None),
        text => whole(text).map(Some),
    };
    let limits = Limits {
        per_person: whole(form.get("per_person"))?,
        per_cluster: whole(form.get("per_cluster"))?,
        per_day: optional("per_day")?,
        total: optional("total")?,
    };
    let (used, rewarded) = (form.all("channel"), form.all("rewarded"));
    // Only of an app is it known where a link was opened: there is a switch for those alone.
    let channels = Channel::ALL.iter().map(|channel| ChannelUse {
        channel: *channel,
        rewarded: !channel.is_app() || rewarded.contains(&channel.code()),
    });
    // A switch counts for a channel that is not used too: what nobody switched is as usual.
    let channels =
        channels.filter(|one| used.contains(&one.channel.code()) || *one != one.channel.usual());
    let combines = form.all("combines");
    let frame = Settings {
        title: form.get("title").to_string(),
        goals: vec![Goal {
            measure: Measure::parse(form.get("measure"))?,
            target: whole(form.get("target"))?,
        }],
        audience,
        limits,
        budget,
        holdout: Rate::from_basis_points(points(form.get("holdout"))?)?,
        channels: channels.collect(),
        combines: Combines {
            promotions: combines.contains(&"promotions"),
            coupons: combines.contains(&"coupons"),
            points: combines.contains(&"points"),
            commissions: false,
        },
    };
    let terms = terms::read(&Typed { form, unit }, mechanic)?;
    let lines = match mechanic {
        Mechanic::PointsShop => Lines::Wares(wares::read(form.raw("offered"), own)?),
        _ if terms.offers_goods() => Lines::Goods(lines(form.raw("offered"), own)?),
        _ => Lines::Goods(Vec::new()),
    };
    let put = PutCampaign {
        starts_at: from_local(form.get("starts_at"))?,
        ends_at: from_local(form.get("ends_at"))?,
        frame,
        terms,
        offered: Vec::new(),
        creative: Creative { copy: form.get("copy").to_string(), picture: String::new() },
        version: form.parse("version"),
    };
    Some((put, lines))
}

/// One line of goods: what they are called, the price, and how many are set aside.
type Line = (String, i64, Option<i64>);

fn lines(text: &str, own: Currency) -> Option<Vec<Line>> {
    let mut lines = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let parts: Vec<&str> = line.split_whitespace().collect();
        let (name, price, quota) = match parts.as_slice() {
            [name, price] => (*name, *price, None),
            [name, price, quota] => (*name, *price, Some(whole(quota)?)),
            _ => return None,
        };
        lines.push((name.to_string(), amount(price, own)?.minor, quota));
    }
    Some(lines)
}

/// What was written beside the terms, by name.
#[derive(Clone)]
pub enum Lines {
    Goods(Vec<Line>),
    Wares(Vec<points_shop::Line>),
}

impl Lines {
    /// Puts what is named into the campaign.
    pub fn name(self, app: &App, visitor: &Visitor, put: &mut PutCampaign) -> Result<(), Failure> {
        match self {
            Lines::Goods(lines) => {
                for (name, price, quota) in lines {
                    let variant = campaign::variant_named(app, visitor, &name)?;
                    put.offered.push(Offered { variant, price, quota });
                }
            }
            Lines::Wares(lines) => {
                let terms = points_shop::named(app, visitor, &lines)?;
                put.terms = campaign::Terms::PointsShop(terms);
            }
        }
        Ok(())
    }
}

/// The first field of a form that cannot be read, by name: of the frame, of these of the mechanic,
/// then of the goods.
pub fn unreadable(
    form: &Form,
    (mechanic, fields): (Mechanic, &[Field]),
    (unit, own): (Currency, Currency),
) -> &'static str {
    let typed = |name: &str| !form.get(name).is_empty();
    let sent = |name: &str| form.fields().any(|(one, _)| one == name);
    let dates = ["starts_at", "ends_at"].into_iter();
    let dates = dates.filter(|name| from_local(form.get(name)).is_none());
    let budget = Some("budget").filter(|name| sent(name) && amount(form.get(name), unit).is_none());
    let needed = ["target", "per_person", "per_cluster"].into_iter();
    let needed = needed.filter(|name| whole(form.get(name)).is_none());
    let wished = ["per_day", "total"].into_iter();
    let wished = wished.filter(|name| typed(name) && whole(form.get(name)).is_none());
    let rate = |name: &str| points(form.get(name)).and_then(Rate::from_basis_points);
    let holdout = Some("holdout").filter(|name| rate(name).is_none());
    let own_fields = fields.iter().filter(|field| match field.kind {
        // Some of them may be left empty.
        "number" => typed(field.name) && whole(form.get(field.name)).is_none(),
        "amount" => typed(field.name) && amount(form.get(field.name), unit).is_none(),
        _ => false,
    });
    let offered = match mechanic {
        Mechanic::PointsShop => {
            Some("wares").filter(|_| wares::read(form.raw("offered"), own).is_none())
        }
        _ => Some("offered").filter(|name| lines(form.raw(name), own).is_none()),
    };
    let text = fields.iter().find(|field| field.kind == "lines").map(|field| field.name);
    let empty = fields.iter().find(|field| field.kind == "number" && !typed(field.name));
    let text = text.or(empty.map(|field| field.name));
    let frame = dates.chain(budget).chain(needed).chain(wished).chain(holdout);
    let mut all = frame.chain(own_fields.map(|field| field.name)).chain(offered).chain(text);
    all.next().unwrap_or("title")
}

/// What a field of the form is called.
pub fn label(p: &Frame, fields: &[Field], name: &str) -> String {
    match fields.iter().find(|field| field.name == name) {
        Some(field) => field.label.clone(),
        None => p.t(match name {
            "starts_at" => "console-campaign-starts",
            "ends_at" => "console-campaign-ends",
            "budget" => "console-campaign-budget",
            "target" => "console-campaign-target",
            "per_person" => "console-campaign-per-person",
            "per_cluster" => "console-campaign-per-cluster",
            "per_day" => "console-campaign-per-day",
            "total" => "console-campaign-total",
            "holdout" => "console-campaign-holdout",
            "offered" => "console-campaign-offered",
            "wares" => "console-campaign-wares",
            _ => "console-campaign-title",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A form in which everything can be read, but for one field.
    fn form(mechanic: Mechanic, (name, text): (&str, &str)) -> Form {
        let offered = match mechanic {
            Mechanic::PointsShop => "tea | 100 | 5",
            _ => "tea 6.50 5",
        };
        let pairs = [
            ("starts_at", "2026-12-01T10:00"),
            ("ends_at", "2026-12-08T10:00"),
            ("budget", "100"),
            ("target", "50"),
            ("per_person", "1"),
            ("per_cluster", "3"),
            ("per_day", ""),
            ("total", ""),
            ("holdout", "5"),
            ("offered", offered),
            ("life", "30"),
        ];
        Form::of(&pairs.map(|(one, usual)| (one, if one == name { text } else { usual })))
    }

    #[test]
    fn the_field_that_cannot_be_read_is_named() {
        let life = Field { name: "life", kind: "number", ..Field::default() };
        let check = |mechanic, typed, want| {
            let form = form(mechanic, typed);
            let own = Currency::Cny;
            let found = unreadable(&form, (mechanic, std::slice::from_ref(&life)), (own, own));
            assert_eq!(found, want, "{typed:?}");
        };
        for (name, text) in [
            ("starts_at", "tomorrow"),
            ("ends_at", ""),
            ("budget", "a lot"),
            ("target", ""),
            ("per_person", "one"),
            ("per_cluster", ""),
            ("per_day", "few"),
            ("total", "few"),
            ("holdout", "200"),
            ("offered", "tea for two, cheap"),
            ("offered", "tea | 100 | 5"),
            ("life", "long"),
            ("life", ""),
        ] {
            check(Mechanic::Bargain, (name, text), name);
        }
        // What other campaigns offer is no line of a points shop, and is named as it is there.
        check(Mechanic::PointsShop, ("offered", "tea 6.50 5"), "wares");
        check(Mechanic::PointsShop, ("life", "long"), "life");
    }
}
