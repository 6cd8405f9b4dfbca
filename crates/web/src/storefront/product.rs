//! A product: what it is, what it costs alone and together, and which teams are open.

use app::bargain;
use app::browsing;
use app::catalog::ProductView;
use app::flash_sale;
use app::group_buy::rules_of;
use app::price_list::PriceTier;
use app::product_page::{self, ProductPage, RunningGroupBuy};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::Mechanic;
use domain::catalog::Product;
use domain::group_buy::Terms;
use domain::id::Id;
use domain::share::Object;
use serde_json::json;

use crate::answer::{self, Fault};
use crate::form::Form;
use crate::locale::{Locale, Price};
use crate::page::{Page, render, render_with};
use crate::storefront::chooser::{self, Chooser, Purpose};
use crate::storefront::frame::{Frame, Here, plain};
use crate::storefront::goods::{self, LARGE};
use crate::storefront::offers;
use crate::storefront::review_tile::{self, ReviewTile, Score};
use crate::storefront::rules;
use crate::storefront::seen;
use crate::storefront::sharing::{self, Sharing};
use crate::storefront::view::{Card, Clock, Kind, Picture, TeamTile, short};
use crate::visitor::{Anyone, Remembered};
use crate::{Shop, act, link};

/// How many open teams a product page shows.
const TEAMS: usize = 3;

#[derive(Template)]
#[template(path = "storefront/product/show.html")]
struct Show {
    p: Frame,
    problem: String,
    pictures: Vec<Picture>,
    kinds: Vec<Kind>,
    name: String,
    seller: Option<goods::Sold>,
    brand: String,
    c: Chooser,
    /// What together saves, in words.
    save: String,
    together_line: String,
    /// The price before, when it was more.
    was: String,
    /// What others pay, when the visitor's price is a group's.
    ordinary: String,
    /// What more of it costs, for each variant that says the same.
    tiers: Vec<TierTable>,
    /// Why it is not for sale in the currency that was chosen, or that a team's price is in
    /// another.
    currency_line: String,
    teams: Vec<TeamTile>,
    open_teams: i64,
    /// Cleaned HTML.
    story: String,
    rules: Vec<String>,
    share: Sharing,
    score: Score,
    reviews: Vec<ReviewTile>,
    reviews_href: String,
    /// Nobody votes here: the page is the same for everybody.
    back: &'static str,
    similar: Vec<Card>,
    /// The promotions that hold for it.
    offers: Vec<String>,
    /// Where it can be bargained down, and what that is called; empty where it cannot.
    bargain_href: String,
    bargain_line: String,
    /// What this visitor looked at before.
    seen: Vec<Card>,
    id: Id<Product>,
    /// What it costs in a flash sale that is on.
    flash: Option<Flash>,
}

/// A flash sale that sells it now.
struct Flash {
    href: String,
    price: Price,
    clock: Clock,
}

/// What one costs from which quantity on.
struct TierTable {
    /// Of which variants; empty where it is all of them.
    title: String,
    rows: Vec<(String, Price)>,
}

/// `GET /products/{handle}`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(handle): Path<String>,
) -> Result<Response, Fault> {
    let drawn = draw(&shop, visitor.clone(), page, handle, String::new()).await?;
    if visitor.person.is_some() {
        // Kept only for those who allowed it, and after the page was drawn.
        let id = drawn.id;
        act(&shop, move |app| browsing::saw(app, &visitor, id)).await?;
    }
    Ok(render(&drawn))
}

/// `POST /products/{handle}`: into the cart, buy alone, or open a team with what was chosen.
pub async fn choose(
    State(shop): State<Shop>,
    Remembered(visitor): Remembered,
    page: Page,
    Path(handle): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let (key, asker) = (handle.clone(), visitor.clone());
    let view = act(&shop, move |app| product_page::show(app, &asker, &key)).await?;
    let Some(variant) = chooser::chosen(&view.product, &form) else {
        let problem = page.t("store-choose-again");
        let drawn = draw(&shop, visitor, page, handle, problem).await?;
        return Ok(render_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &drawn));
    };
    let id = variant.id;
    let quantity: i64 = form.parse("quantity").unwrap_or(1).clamp(1, 9_999);
    let (variant_text, quantity_text) = (id.to_string(), quantity.to_string());
    let what = [("variant", variant_text.as_str()), ("quantity", &quantity_text)];
    match form.get("do") {
        "open" => {
            let offers =
                |group: &&RunningGroupBuy| chooser::price_of(&group.prices, variant).is_some();
            let group = view.group_buys.iter().find(offers);
            let group = group.ok_or(app::failure::Failure::NotFound)?.id.to_string();
            let [variant, quantity] = what;
            let to = link::query(&[("group_buy", &group), variant, quantity]);
            Ok(Redirect::to(&format!("/checkout?{to}")).into_response())
        }
        "buy" => Ok(Redirect::to(&format!("/checkout?{}", link::query(&what))).into_response()),
        _ => {
            let line = app::cart::SetLine { variant: id, quantity, add: true };
            let asker = visitor.clone();
            match act(&shop, move |app| app::cart::set(app, &asker, line)).await {
                Ok(_) => Ok(Redirect::to("/cart?done=added").into_response()),
                Err(failure) => {
                    let fault = Fault::from(failure.clone());
                    let problem = answer::words(&failure, page.locale);
                    let drawn = draw(&shop, visitor, page, handle, problem).await?;
                    Ok(render_with(fault.status(), &drawn))
                }
            }
        }
    }
}

async fn draw(
    shop: &Shop,
    visitor: app::Visitor,
    page: Page,
    handle: String,
    problem: String,
) -> Result<Show, Fault> {
    let asker = visitor.clone();
    let (view, link, bargained) = act(shop, move |app| {
        let view = product_page::show(app, &visitor, &handle)?;
        let bargained = bargain::of_product(app, &visitor, view.product.id)?;
        // Only who is signed in has links that are theirs; others share the page's own address.
        let link = sharing::link_to(app, &visitor, Object::Product, view.product.id.0)?;
        Ok((view, link, bargained))
    })
    .await?;
    let id = view.product.id;
    let variants: Vec<_> = view.product.variants.iter().map(|one| one.id).collect();
    let (looker, own) = (asker.clone(), variants.clone());
    let flash = act(shop, move |app| flash_sale::running_prices(app, &looker, &own)).await?;
    let flash = variants.iter().find_map(|variant| flash.get(variant));
    let flash = flash.map(|one| Flash {
        href: format!("/flash/{}", one.campaign),
        price: Price::of(one.price),
        clock: Clock::until(one.until, page.now, page.locale.exact(one.until)),
    });
    let seen = seen::row(shop, &asker, Some(id)).await?;
    let (product, locale) = (&view.product, page.locale);
    let group = view.group_buys.first();
    let action = link::product(&product.handle);
    let prices = group.map_or(&[][..], |group| group.prices.as_slice());
    let size = group.map_or(0, |group| group.need);
    let c = chooser::chooser(product, prices, size, Purpose::Buy, action, locale);
    let currency = product.price.currency;
    let was = first_compare_at(product).map_or(String::new(), |was| Price::of(was).to_string());
    let price = c.together.as_ref().unwrap_or(&c.alone);
    let share_words =
        page.t2("store-share-goods", ("name", &product.title), ("price", &short(price)));
    let pictures: Vec<Picture> = product
        .pictures
        .iter()
        .map(|one| goods::picture(Some(one), &product.title, LARGE))
        .collect();
    let kinds = product.categories.iter().map(|category| Kind {
        href: link::category(&category.slug),
        name: category.name.clone(),
        picture: Picture::default(),
        here: false,
    });
    let description = match product.seo_description.as_str() {
        "" => product.body_html.as_str(),
        written => written,
    };
    let title = match product.seo_title.as_str() {
        "" => product.title.clone(),
        written => written.to_string(),
    };
    let picture = product.pictures.first().map_or("", |picture| picture.src.as_str());
    let about = structured(&view, &page, description, picture);
    let share = {
        let href = link::product(&product.handle);
        let picture = pictures.first().cloned().unwrap_or_default();
        let share = Sharing::page(&page, link.as_ref(), &href, share_words);
        let share = match group {
            Some(_) => share.of(&page, Mechanic::GroupBuy, &product.title),
            None => share.titled(&product.title),
        };
        share.pictured(picture).worth(short(price)).instead_of(match c.together {
            // What it costs alone can be had now: it was not before.
            Some(_) => String::new(),
            None => was.clone(),
        })
    };
    let life = group.map(|group| locale.span(group.life)).unwrap_or_default();
    Ok(Show {
        id,
        seen,
        flash,
        problem,
        kinds: kinds.collect(),
        name: product.title.clone(),
        brand: product.vendor.clone(),
        seller: product.seller.as_ref().map(goods::Sold::by),
        save: saving(product, group, locale),
        ordinary: ordinary_line(product, &page),
        tiers: tier_tables(product, &page),
        currency_line: currency_line(&view, &page),
        together_line: group.map_or(String::new(), |group| {
            locale.tell("store-together-line", &[("n", &group.need), ("time", &life)])
        }),
        was,
        teams: goods::teams(&view.teams, page.now, locale).into_iter().take(TEAMS).collect(),
        open_teams: view.open_teams,
        story: product.body_html.clone(),
        rules: group.map_or(Vec::new(), |group| {
            rules::sentences(&rules_of(&terms(group)), currency, locale)
        }),
        share,
        score: review_tile::score(&view.summary, &page),
        reviews: view.reviews.iter().map(|one| review_tile::tile(one, false, &page)).collect(),
        reviews_href: format!("{}/reviews", link::product(&product.handle)),
        back: "",
        bargain_href: bargained
            .map_or(String::new(), |(campaign, _)| format!("/bargains/{campaign}")),
        bargain_line: bargained.map_or(String::new(), |(_, floor)| {
            page.t1("store-bargain-to", "price", short(&Price::of(floor)))
        }),
        offers: offers::more(&page, &view.offers),
        similar: goods::cards(&view.similar).into_iter().take(4).collect(),
        pictures,
        c,
        p: Frame::new(page, Here::Discover, &["product", "team", "review", "share"])
            .of_type("product")
            .titled(title)
            .public(description, picture)
            .about(about),
    })
}

fn first_compare_at(product: &ProductView) -> Option<domain::money::Money> {
    let first = product.variants.iter().find(|variant| variant.price == product.price)?;
    first.compare_at.filter(|was| was.minor > first.price.minor)
}

/// What others pay for the cheapest variant, when the price is a group's.
fn ordinary_line(product: &ProductView, page: &Page) -> String {
    let first = product.variants.iter().find(|variant| variant.price == product.price);
    let ordinary = first.and_then(|first| first.ordinary_price);
    ordinary.map_or(String::new(), |price| {
        page.t1("store-member-price", "price", short(&Price::of(price)))
    })
}

fn tier_tables(product: &ProductView, page: &Page) -> Vec<TierTable> {
    let mut tables: Vec<(Vec<String>, &[PriceTier])> = Vec::new();
    for variant in product.variants.iter().filter(|variant| !variant.tiers.is_empty()) {
        match tables.iter_mut().find(|(_, tiers)| *tiers == variant.tiers) {
            Some((titles, _)) => titles.push(variant.title.clone()),
            None => tables.push((vec![variant.title.clone()], &variant.tiers)),
        }
    }
    let all = product.variants.len();
    let table = |(titles, tiers): (Vec<String>, &[PriceTier])| TierTable {
        title: if titles.len() == all { String::new() } else { titles.join(" · ") },
        rows: tiers
            .iter()
            .map(|tier| (page.n("store-tier-from", tier.from), Price::of(tier.unit_price)))
            .collect(),
    };
    tables.into_iter().map(table).collect()
}

fn currency_line(view: &ProductPage, page: &Page) -> String {
    let product = &view.product;
    let wanted = page.currency.map_or("", |currency| currency.code());
    if product.variants.iter().all(|variant| !variant.for_sale) {
        return page.t1("store-not-in-currency", "code", wanted);
    }
    let group = view.group_buys.first().and_then(|group| group.prices.first());
    match group.filter(|price| price.together.currency != product.price.currency) {
        Some(price) => page.t1("store-team-currency", "code", price.together.currency.code()),
        None => String::new(),
    }
}

/// What the first price saves of what the visitor pays alone, in words.
fn saving(product: &ProductView, group: Option<&RunningGroupBuy>, locale: Locale) -> String {
    let Some(price) = group.and_then(|group| group.prices.first()) else { return String::new() };
    let own = product.variants.iter().find(|variant| variant.id == price.variant);
    let own = own.map(|variant| variant.price);
    let alone = own.filter(|own| own.currency == price.together.currency).unwrap_or(price.alone);
    let saved = alone.minus(price.together);
    if saved.minor <= 0 {
        return String::new();
    }
    locale.with("store-save", "price", short(&Price::of(saved)))
}

/// The settings behind a running group buy, as the rules are made from.
pub fn terms(group: &RunningGroupBuy) -> Terms {
    Terms {
        need: group.need,
        tiers: group.tiers.clone(),
        life: group.life,
        pay_window: group.pay_window,
        per_order: group.per_order,
        per_person: group.per_person,
        open_by: group.open_by,
        join_by: group.join_by,
        leader_off: group.leader_off.minor,
        listed: group.listed,
        lowered_to: group.lowered_to,
        late: group.late,
    }
}

fn structured(
    view: &ProductPage,
    page: &Page,
    description: &str,
    picture: &str,
) -> serde_json::Value {
    let (product, group) = (&view.product, view.group_buys.first());
    let (low, currency) = goods::plain(product.price);
    let (high, _) = goods::plain(product.price_to);
    let stock = if product.sold_out { "OutOfStock" } else { "InStock" };
    let mut about = json!({
        "@type": "Product",
        "name": product.title,
        "description": plain(description, 500),
        "url": page.absolute(link::product(&product.handle)),
        "sku": product.variants.first().map(|variant| variant.sku.as_str()),
        "offers": {
            "@type": "AggregateOffer",
            "priceCurrency": currency,
            "lowPrice": low,
            "highPrice": high,
            "offerCount": product.variants.len() + group.map_or(0, |group| group.prices.len()),
            "availability": format!("https://schema.org/{stock}"),
        },
    });
    if !product.vendor.is_empty() {
        about["brand"] = json!({ "@type": "Brand", "name": product.vendor });
    }
    if picture.starts_with('/') {
        about["image"] = json!(page.absolute(picture));
    }
    if let Some(tenths) = view.summary.tenths {
        about["aggregateRating"] = json!({
            "@type": "AggregateRating",
            "ratingValue": goods::tenths(tenths),
            "reviewCount": view.summary.count,
            "bestRating": 5,
            "worstRating": 1,
        });
        let reviews = view.reviews.iter().map(|review| {
            json!({
                "@type": "Review",
                "author": { "@type": "Person", "name": review.author },
                "datePublished": review.written_at.rfc3339(),
                "reviewBody": review.text,
                "reviewRating": {
                    "@type": "Rating",
                    "ratingValue": review.stars,
                    "bestRating": 5,
                    "worstRating": 1,
                },
            })
        });
        about["review"] = reviews.collect();
    }
    about
}
