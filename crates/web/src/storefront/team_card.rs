//! A team at a glance: faces, how many are missing, how long is left, one thing to do.

use app::catalog::ProductView;
use app::team::TeamView;
use domain::group_buy::{TeamStatus, price_at};
use domain::moment::Span;
use domain::money::Money;

use crate::link;
use crate::locale::Price;
use crate::page::Page;
use crate::storefront::goods;
use crate::storefront::view::{Act, Clock, Face, Picture, short};

/// From how many places on faces are drawn smaller and without names.
const MANY: i64 = 10;
/// The most empty places that are drawn.
const MOST_FREE: i64 = 20;
/// A team that was completed this recently turns its pinwheel once.
const FRESH: Span = Span::minutes(1);

/// What the card's template draws.
pub struct TeamCard {
    /// `done`, `failed` or nothing.
    pub look: &'static str,
    pub live: String,
    pub card: String,
    pub state: &'static str,
    pub version: String,
    pub fresh: bool,
    pub badge: String,
    pub badge_look: &'static str,
    pub badge_icon: &'static str,
    /// Who invites: the one who shared, or else who leads.
    pub leader: Face,
    pub heading: String,
    pub more: String,
    pub href: String,
    pub picture: Picture,
    pub name: String,
    pub price: Price,
    pub alone: Price,
    pub save: String,
    pub many: bool,
    pub places_label: String,
    pub places: Vec<Place>,
    /// Places somebody is paying for just now.
    pub held: i64,
    pub free: i64,
    pub clock: Option<Clock>,
    pub tiers: Vec<Step>,
    pub notice: String,
    pub notice_look: &'static str,
    pub notice_icon: &'static str,
    pub main: Option<Act>,
    pub safe: String,
    pub second: Option<Act>,
    /// What a screen reader is told when the card changed.
    pub announce: String,
}

/// Somebody's place.
pub struct Place {
    pub number: i64,
    pub face: Face,
    pub look: &'static str,
    pub you: bool,
    pub opener: bool,
}

/// A size and its price.
pub struct Step {
    pub words: String,
    pub reached: bool,
}

/// The card of a team for its visitor.
pub fn draw(
    page: &Page,
    view: &TeamView,
    product: Option<&ProductView>,
    sharer: Option<&str>,
    refunded: Option<Money>,
) -> TeamCard {
    let open = view.status == TeamStatus::Open;
    let fresh = view.closed_at.is_some_and(|at| page.now.since(at) < FRESH);
    let leader = view.faces.iter().find(|face| face.leader);
    let leader = match (sharer, leader) {
        (Some(name), _) => Face::of(name),
        (None, Some(face)) => Face::with_hue(&face.name, face.hue),
        (None, None) => Face::of(&view.leader_name),
    };
    let (badge, badge_look, badge_icon) = badge(page, view);
    let (heading, more) = heading(page, view);
    let saved = view.ordinary_price.minus(view.price);
    let wanted = if view.missing > 0 { view.missing } else { view.most - view.confirmed };
    let held = if open { (view.most - view.confirmed - view.free).clamp(0, wanted) } else { 0 };
    let empty = if open { wanted.max(0) } else { (view.need - view.confirmed).max(0) };
    let empty = if view.status == TeamStatus::Succeeded { 0 } else { empty.min(MOST_FREE) };
    let announce = match open {
        true => page.n("store-missing-title", view.missing.max(1)),
        false => heading.clone(),
    };
    let (notice, notice_look, notice_icon) = notice(page, view, refunded);
    TeamCard {
        look: match view.status {
            TeamStatus::Succeeded => "done",
            TeamStatus::Failed | TeamStatus::Abandoned => "failed",
            _ => "",
        },
        live: link::team_live(view.id),
        card: format!("{}/card", link::team(view.id)),
        state: view.status.code(),
        version: view.version.to_string(),
        fresh,
        badge,
        badge_look,
        badge_icon,
        leader,
        heading,
        more,
        href: link::product(&view.handle),
        picture: match product.and_then(|product| product.pictures.first()) {
            Some(first) => goods::picture(Some(first), title(view, product), goods::IN_GRID),
            None => goods::small(&view.picture),
        },
        name: title(view, product).to_string(),
        price: Price::of(view.price),
        alone: Price::of(view.ordinary_price),
        save: match saved.minor {
            ..=0 => String::new(),
            _ => page.t1("store-save", "price", short(&Price::of(saved))),
        },
        many: view.confirmed + empty > MANY,
        places_label: page.t2(
            "store-places-label",
            ("taken", &view.confirmed),
            ("size", &view.need),
        ),
        places: view.faces.iter().map(place).collect(),
        held: held.min(empty),
        free: empty - held.min(empty),
        clock: view.deadline.filter(|_| open).map(|end| goods::clock(end, page.now, page.locale)),
        tiers: tiers(page, view),
        notice,
        notice_look,
        notice_icon,
        main: main(page, view),
        safe: if open && view.may_join { page.t("store-join-safe") } else { String::new() },
        second: second(page, view),
        announce,
    }
}

/// What the goods are called in the reader's language, while they are shown.
pub fn title<'a>(view: &'a TeamView, product: Option<&'a ProductView>) -> &'a str {
    product.map_or(&view.product_title, |product| &product.title)
}

fn place(face: &app::team::Face) -> Place {
    Place {
        number: face.number,
        face: Face::with_hue(&face.name, face.hue),
        look: "big",
        you: face.me,
        opener: face.leader,
    }
}

fn badge(page: &Page, view: &TeamView) -> (String, &'static str, &'static str) {
    match view.status {
        TeamStatus::Open if view.my_place_paid => (page.t("store-you-are-in"), "good", "check"),
        TeamStatus::Failed | TeamStatus::Abandoned => (page.t("store-team-over"), "", "clock"),
        _ => (String::new(), "", ""),
    }
}

fn heading(page: &Page, view: &TeamView) -> (String, String) {
    let said = |heading: &str, more: &str| (page.t(heading), page.t(more));
    match view.status {
        TeamStatus::Forming => said("store-team-forming", "store-team-forming-more"),
        TeamStatus::Open if view.missing == 0 => {
            said("store-team-stands", "store-team-stands-more")
        }
        TeamStatus::Open => (page.n("store-missing-title", view.missing), String::new()),
        TeamStatus::Succeeded if view.lowered => (
            page.t("store-team-lowered"),
            page.n("store-team-lowered-more", view.people.unwrap_or(view.confirmed)),
        ),
        TeamStatus::Succeeded => said("store-team-full", "store-team-full-more"),
        TeamStatus::Failed if view.ended_because.as_deref() == Some("ended_by_merchant") => {
            said("store-team-ended", "store-team-failed-more")
        }
        TeamStatus::Failed => said("store-team-failed", "store-team-failed-more"),
        TeamStatus::Abandoned => said("store-team-abandoned", "store-team-abandoned-more"),
    }
}

fn notice(
    page: &Page,
    view: &TeamView,
    refunded: Option<Money>,
) -> (String, &'static str, &'static str) {
    let unpaid = view.my_order.is_some() && !view.my_place_paid;
    match view.status {
        TeamStatus::Failed => match refunded {
            Some(sum) => {
                let said = page.t1("store-refunded-you", "price", Price::of(sum));
                (said, "good", "refund")
            }
            None => (String::new(), "", ""),
        },
        TeamStatus::Open if unpaid => (page.t("store-place-yours-held"), "waiting", "clock"),
        TeamStatus::Open if !view.may_join && !view.my_place_paid => {
            (page.t("store-team-all-held"), "waiting", "clock")
        }
        _ => (String::new(), "", ""),
    }
}

/// The one thing to do.
fn main(page: &Page, view: &TeamView) -> Option<Act> {
    let price = short(&Price::of(view.price));
    let own = || Act {
        label: page.t1("store-open-own", "price", &price),
        href: link::product(&view.handle),
        ..Act::default()
    };
    let to_order = |id: &str| {
        view.my_order.map(|order| Act {
            label: page.t(id),
            href: link::order(order),
            ..Act::default()
        })
    };
    match view.status {
        TeamStatus::Forming => to_order("store-pay-now"),
        TeamStatus::Open if view.my_place_paid => Some(Act {
            label: page.n("store-invite-n", view.missing.max(1)),
            href: "#share".into(),
            icon: "share",
            ..Act::default()
        }),
        TeamStatus::Open if view.may_join => {
            let one = view.variants.first().filter(|_| view.variants.len() == 1);
            let href = one.map_or("#choose".into(), |one| goods::checkout(view.id, one.variant, 1));
            let want = if one.is_some() { "" } else { "join" };
            let label = page.t1("store-join-for", "price", &price);
            Some(Act { label, href, want, ..Act::default() })
        }
        TeamStatus::Open if view.my_order.is_some() => to_order("store-pay-now"),
        TeamStatus::Succeeded => to_order("store-my-order").or_else(|| Some(own())),
        TeamStatus::Open | TeamStatus::Failed | TeamStatus::Abandoned => Some(own()),
    }
}

fn second(page: &Page, view: &TeamView) -> Option<Act> {
    let order = view.my_order.map(|order| Act {
        label: page.t("store-my-order"),
        href: link::order(order),
        ..Act::default()
    });
    match view.status {
        TeamStatus::Open if view.my_place_paid => order,
        TeamStatus::Failed => order,
        TeamStatus::Succeeded if order.is_some() => Some(Act {
            label: page.t1("store-open-own", "price", short(&Price::of(view.price))),
            href: link::product(&view.handle),
            ..Act::default()
        }),
        _ => None,
    }
}

/// The price at each size, when larger teams are cheaper.
fn tiers(page: &Page, view: &TeamView) -> Vec<Step> {
    let Ok(terms) = view.settings.terms() else { return Vec::new() };
    if terms.tiers.is_empty() {
        return Vec::new();
    }
    let sizes = std::iter::once(terms.need).chain(terms.tiers.iter().map(|tier| tier.size));
    sizes
        .map(|size| {
            let price = short(&Price::of(price_at(&terms, view.price, size)));
            let words = page.t2("store-tier", ("n", &size), ("price", &price));
            Step { words, reached: view.confirmed >= size }
        })
        .collect()
}
