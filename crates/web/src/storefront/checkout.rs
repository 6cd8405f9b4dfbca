//! Checkout: one page with address, delivery, what it costs and why, and paying.

use app::address::{self as book, EntryView};
use app::checkout::{self, Ask, Destination, Place, QuoteView, What};
use app::delivery::PointView;
use app::failure::Failure;
use app::payment::Choice;
use app::team::TeamView;
use app::{App, Visitor, group_buy, payment, team};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::coupon::Coupon;
use domain::group_buy::Team;
use domain::id::Id;
use domain::place::Address;
use domain::shipping::{How, PickupPoint};

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::locale::Price;
use crate::page::{Page, render, render_with};
use crate::storefront::address::{self, Row};
use crate::storefront::bought::{CARRIED, what};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::giving;
use crate::storefront::goods;
use crate::storefront::offers::{self, CouponRow, StepRow};
use crate::storefront::onward;
use crate::storefront::paying::{self, Ways};
use crate::storefront::view::{LineView, Sum, short};
use crate::visitor::SignedIn;
use crate::{Shop, act, link, wait};

#[derive(Template)]
#[template(path = "storefront/checkout/show.html")]
struct Show {
    p: Frame,
    back: String,
    problem: String,
    key: String,
    /// What the form carries on: what is bought.
    carried: Vec<(&'static str, String)>,
    team_line: String,
    /// Whether anything has to be carried; otherwise nobody is asked how.
    ships: bool,
    /// The buyer's address book, and whether something else is typed.
    known: Vec<Known>,
    typing: bool,
    address: Vec<Row>,
    methods: Vec<Method>,
    nowhere: bool,
    points: Vec<Point>,
    ways: Ways,
    note: String,
    /// Bought for a friend, who says where it goes; and the way to that and back.
    giving: bool,
    give_href: String,
    give_card: String,
    lives: Vec<(i64, String, bool)>,
    is_gift: bool,
    gift_message: String,
    lines: Vec<LineView>,
    sums: Vec<Sum>,
    coupons: Vec<CouponRow>,
    /// How many points there are, and whether they are spent.
    points_there: i64,
    points_said: String,
    spends: bool,
    /// The coupons that are used, and how the price came about.
    used: Vec<String>,
    story: Vec<StepRow>,
    more: Vec<String>,
    seller: Option<goods::Sold>,
    shipping: String,
    total: Price,
    /// The tax inside the total, when prices include it.
    tax_inside: String,
    safe: String,
}

/// An address of the book.
struct Known {
    id: String,
    who: String,
    at: String,
    chosen: bool,
}

/// Where goods can be fetched.
struct Point {
    id: String,
    name: String,
    more: String,
    chosen: bool,
}

/// A way to ship, with what everything costs then.
struct Method {
    code: String,
    kind: &'static str,
    delivers: bool,
    name: String,
    more: String,
    fee: String,
    chosen: bool,
    total: Price,
    total_minor: i64,
}

/// The coupons the form chose; none where nothing was chosen yet.
fn chosen_coupons(form: &Form) -> Option<Vec<Id<Coupon>>> {
    let chosen = form.maybe("coupons").is_some();
    chosen.then(|| form.all("coupon").into_iter().filter_map(Id::parse).collect())
}

/// A quote with what is said about its team.
struct Seen {
    quote: QuoteView,
    choice: Choice,
    known: Vec<EntryView>,
    team: Option<TeamView>,
    need: Option<i64>,
    handle: String,
}

fn see(app: &App, visitor: &Visitor, what: &What, form: &Form) -> Result<Seen, Failure> {
    let known = book::list(app, visitor)?;
    let meant = form.fields().any(|(name, _)| name == "address");
    let typed = match form.maybe("address").and_then(Id::parse) {
        Some(id) => known.iter().find(|entry| entry.id == id).map(|entry| entry.address.clone()),
        // Another address than those of the book is meant, however little of it is there yet.
        None => Some(address::read(form)).filter(|typed| meant || !typed.region.is_empty()),
    };
    let to = typed.map(|typed| Destination {
        country: typed.country,
        region: typed.region,
        city: typed.city,
        district: typed.district,
        postcode: typed.postcode,
    });
    let method = form.get("shipping").to_string();
    let coupons = chosen_coupons(form);
    let points = form.parse("points").unwrap_or(0);
    let gift = form.is_on("give");
    let ask = Ask { shipping_method: method, to, coupons, points, gift, ..Ask::of(what.clone()) };
    let quote = checkout::ask(app, visitor, ask)?;
    let in_team = matches!(what, What::OpenTeam { .. } | What::JoinTeam { .. });
    let seller = quote.seller.as_ref().map(|seller| seller.id);
    let choice = payment::choice(app, visitor, in_team, seller)?;
    let team = match what {
        What::JoinTeam { team, .. } => Some(team::get(app, visitor, *team)?),
        _ => None,
    };
    let need = match what {
        What::OpenTeam { group_buy, .. } => {
            Some(app.read(|tx| group_buy::find(tx, *group_buy))?.terms.need)
        }
        _ => None,
    };
    let handle = quote.lines.first().map_or(String::new(), |line| line.handle.clone());
    Ok(Seen { quote, choice, known, team, need, handle })
}

/// `GET /checkout`
pub async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
) -> Result<Response, Fault> {
    let query = page.path.split_once('?').map_or("", |(_, query)| query).to_string();
    let pairs: Vec<(String, String)> =
        form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let form = Form::of(&pairs);
    // A team's address alone is enough: the first variant is taken.
    if let (Some(team), None) = (form.maybe("team"), form.maybe("variant")) {
        let team = Id::<Team>::parse(team).ok_or(Failure::NotFound)?;
        return Ok(Redirect::to(&link::team(team)).into_response());
    }
    let what = what(&form)?;
    let (asked, bought) = (form.clone(), what.clone());
    let seen = act(&shop, move |app| see(app, &visitor, &what, &asked)).await;
    match seen {
        Ok(seen) => {
            let typed = match form.fields().any(|(name, _)| name == "region") {
                true => address::read(&form),
                false => address::near(seen.known.first().map(|entry| &entry.address)),
            };
            Ok(render(&draw(page, &form, seen, &typed, &Errors::none())))
        }
        // An empty cart has its own page.
        Err(Failure::Refused(refused)) if refused.code == "order.nothing_to_order" => {
            Ok(Redirect::to("/cart").into_response())
        }
        // What several sellers sell is ordered from each: the basket says how.
        Err(Failure::Refused(refused)) if refused.code == "seller.several_sellers" => {
            Ok(Redirect::to("/cart?why=several_sellers").into_response())
        }
        Err(failure) => match back_to(&bought, &failure) {
            Some(to) => Ok(Redirect::to(&to).into_response()),
            None => Err(failure.into()),
        },
    }
}

/// Where somebody is told what stands in their way, when what they want is a campaign's.
fn back_to(what: &What, failure: &Failure) -> Option<String> {
    let Failure::Refused(refused) = failure else { return None };
    match what {
        What::FlashSale { campaign, .. } => {
            let why = refused.code.strip_prefix("flash_sale.")?;
            Some(link::with_query(&format!("/flash/{campaign}"), "why", why))
        }
        _ => None,
    }
}

/// `POST /checkout`: the order is placed once, and its buyer goes on to pay.
pub async fn place(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    form: Form,
) -> Result<Response, Fault> {
    let what = what(&form)?;
    let method = form.get("shipping").to_string();
    let total = form.parse(&format!("total-{method}"));
    // A place is meant only with the way of fetching beside it, and an address with the others.
    let fetched = form.get(&format!("kind-{method}")) == How::Pickup.code();
    let giving = form.is_on("give");
    let typed = form.maybe("address").is_none() && !fetched && !giving;
    if let Some(errors) = address::pause(&form, &page).filter(|_| typed) {
        return again(&shop, visitor, page, form, what, &errors).await;
    }
    let address = match form.maybe("address") {
        Some(id) if !giving => {
            let id = Id::parse(id).ok_or(Failure::NotFound)?;
            let asker = visitor.clone();
            act(&shop, move |app| book::get(app, &asker, id)).await?.address
        }
        _ => address::read(&form),
    };
    let point = form.maybe("pickup_point").filter(|_| fetched).and_then(Id::<PickupPoint>::parse);
    let order = Place {
        shipping_method: method.clone(),
        address,
        pickup_point: point,
        note: form.get("note").to_string(),
        gift_message: form.is_on("gift").then(|| form.get("gift_message").to_string()),
        gift: giving.then(|| giving::wish(&form)),
        coupons: chosen_coupons(&form),
        points: form.parse("points").unwrap_or(0),
        expected_total: total,
        ..Place::of(what.clone())
    };
    let keyed = form.keyed(visitor.clone())?;
    let placed = wait(&shop, |aside, told| {
        checkout::place_aside(&shop.app, &keyed, order, aside, |placed| drop(told.send(placed)));
    });
    let placed = match placed.await {
        Ok(placed) => placed.value,
        Err(failure) => return refused(&shop, visitor, page, form, what, failure).await,
    };
    if !placed.to_pay {
        return Ok(Redirect::to(&link::paid(placed.order)).into_response());
    }
    // The order stands whether or not the provider answers just now.
    let pay = paying::read(&form);
    let begun = act(&shop, move |app| payment::begin_with(app, &keyed, placed.order, pay));
    let to = match begun.await {
        Ok(begun) => onward::way(&shop, &begun),
        Err(_) => link::paid(placed.order),
    };
    Ok(Redirect::to(&to).into_response())
}

/// The form again, with what was typed and what was wrong; a team that is gone has its own page.
async fn refused(
    shop: &Shop,
    visitor: Visitor,
    page: Page,
    form: Form,
    what: What,
    failure: Failure,
) -> Result<Response, Fault> {
    let conflict = Fault::from(failure.clone()).status() == StatusCode::CONFLICT;
    if let (What::JoinTeam { team, .. }, Failure::Refused(refused)) = (&what, &failure) {
        let gone = ["group_buy.full", "group_buy.not_open", "group_buy.too_late"];
        if gone.contains(&refused.code) {
            let why = refused.code.trim_start_matches("group_buy.");
            let to = link::with_query(&link::team(*team), "why", why);
            return Ok(Redirect::to(&to).into_response());
        }
        if refused.code == "group_buy.already_in" {
            return Ok(Redirect::to(&link::team(*team)).into_response());
        }
    }
    if let Some(to) = back_to(&what, &failure) {
        return Ok(Redirect::to(&to).into_response());
    }
    let errors = Errors::of(failure, page.locale)?;
    let mut response = again(shop, visitor, page, form, what, &errors).await?;
    if conflict {
        *response.status_mut() = StatusCode::CONFLICT;
    }
    Ok(response)
}

/// The form as it was typed, with what is wrong.
async fn again(
    shop: &Shop,
    visitor: Visitor,
    page: Page,
    form: Form,
    what: What,
    errors: &Errors,
) -> Result<Response, Fault> {
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let asked = form.clone();
    let seen = act(shop, move |app| see(app, &visitor, &what, &asked)).await?;
    let typed = address::read(&form);
    let mut p = draw(page, &form, seen, &typed, errors);
    p.note = form.get("note").to_string();
    Ok(render_with(status, &p))
}

fn draw(page: Page, form: &Form, seen: Seen, typed: &Address, errors: &Errors) -> Show {
    let (quote, locale) = (&seen.quote, page.locale);
    let methods = quote.methods.iter().map(|method| {
        let total = method.total;
        let name = if page.is_chinese() { &method.name } else { &method.name_en };
        let from = method.free_from.filter(|_| !method.fee.is_zero());
        Method {
            code: method.code.clone(),
            kind: method.kind.code(),
            delivers: method.delivers,
            name: name.clone(),
            more: from.map_or(String::new(), |from| {
                page.t1("store-free-from", "price", short(&Price::of(from)))
            }),
            fee: match method.delivers {
                true => fee(&page, method.fee),
                false => page.t("store-not-delivered"),
            },
            chosen: method.chosen,
            total: Price::of(total),
            total_minor: total.minor,
        }
    });
    let lines = quote.lines.iter().map(|line| LineView {
        variant: line.variant.to_string(),
        href: link::product(&line.handle),
        name: line.title.clone(),
        chosen: match line.gift {
            true => format!("{} {}", line.variant_title, page.t("offer-gift")).trim().to_string(),
            false => line.variant_title.clone(),
        },
        picture: goods::small(&line.picture),
        quantity: line.quantity,
        most: line.quantity,
        sum: Price::of(line.total),
        gone: false,
        warning: String::new(),
    });
    let in_team = seen.team.is_some() || seen.need.is_some();
    let team_line = match (&seen.team, seen.need) {
        (Some(team), _) => locale.tell(
            "store-checkout-team",
            &[("name", &team.leader_name), ("n", &(team.missing - 1).max(0))],
        ),
        (None, Some(need)) => page.n("store-opening", need),
        (None, None) => String::new(),
    };
    let carried = CARRIED
        .into_iter()
        .filter_map(|name| form.maybe(name).map(|value| (name, value.to_string())));
    let title = page.t("store-checkout");
    let mut summary = errors.summary.clone();
    let shown = ["name", "phone", "country", "region", "city", "district", "line1", "line2"];
    let known = known(&page, form, &seen.known);
    let typing = known.iter().all(|known| !known.chosen);
    let points = seen.quote.pickup_points.iter().map(|point| self::point(form, point));
    let mut points: Vec<Point> = points.collect();
    if let Some(first) = points.first_mut().filter(|_| form.maybe("pickup_point").is_none()) {
        first.chosen = true;
    }
    // What is wrong with no field of this page is said at the top.
    if summary.is_empty() && !errors.is_empty() && !shown.iter().any(|field| errors.has(field)) {
        summary = errors.all().join(" ");
    }
    Show {
        back: match (&seen.team, in_team || form.maybe("variant").is_some()) {
            (Some(team), _) => link::team(team.id),
            (None, true) => link::product(&seen.handle),
            (None, false) => "/cart".into(),
        },
        problem: summary,
        key: match form.key() {
            "" => page.new_key.clone(),
            key => key.to_string(),
        },
        carried: carried.collect(),
        team_line,
        ships: quote.ships,
        address: address::rows(typed, errors, &page, known.is_empty()),
        known,
        typing,
        nowhere: quote.ships && quote.methods.iter().all(|method| !method.delivers),
        methods: methods.collect(),
        points,
        ways: paying::ways(&page, &seen.choice, form),
        note: String::new(),
        giving: form.is_on("give"),
        give_href: giving::href(form, quote, &CARRIED),
        give_card: form.get("give_card").to_string(),
        lives: giving::lives(&page, form),
        is_gift: form.is_on("gift"),
        gift_message: form.get("gift_message").to_string(),
        lines: lines.collect(),
        sums: offers::sums(&page, quote),
        coupons: offers::coupons(&page, quote),
        points_there: quote.points_there,
        points_said: page.n("point-use", page.locale.number(quote.points_there)),
        spends: quote.points > 0,
        used: offers::used(quote),
        story: offers::story(&page, quote),
        more: offers::more(&page, &quote.more),
        seller: quote.seller.as_ref().map(goods::Sold::by),
        shipping: fee(&page, quote.shipping),
        total: Price::of(quote.total),
        tax_inside: offers::tax_inside(&page, quote.tax_inside),
        safe: if in_team { page.t("store-checkout-safe") } else { String::new() },
        p: Frame::new(page, Here::Elsewhere, &["checkout", "gift"]).titled(title).focused(),
    }
}

/// The buyer's addresses; the first is chosen unless another is, or something was typed.
fn known(page: &Page, form: &Form, entries: &[EntryView]) -> Vec<Known> {
    let sent = form.fields().any(|(name, _)| name == "address");
    let known = entries.iter().enumerate().map(|(n, entry)| {
        let (who, at) = address::in_short(&entry.address, page);
        let id = entry.id.to_string();
        let chosen = if sent { form.get("address") == id } else { n == 0 };
        Known { id, who, at, chosen }
    });
    known.collect()
}

fn point(form: &Form, point: &PointView) -> Point {
    let id = point.id.to_string();
    let more = [&point.address, &point.hours, &point.phone];
    let more: Vec<&str> =
        more.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    Point {
        chosen: form.get("pickup_point") == id,
        name: point.name.clone(),
        more: more.join(" · "),
        id,
    }
}

fn fee(page: &Page, fee: domain::money::Money) -> String {
    if fee.is_zero() { page.t("store-free") } else { Price::of(fee).to_string() }
}
