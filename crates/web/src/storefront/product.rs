//! A product: what it is, what it costs alone and together, and which teams are open.

use app::catalog::ProductView;
use app::group_buy::rules_of;
use app::product_page::{self, ProductPage, RunningGroupBuy};
use app::share;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::group_buy::Terms;
use domain::share::Object;
use serde_json::json;

use crate::answer::{self, Fault};
use crate::form::Form;
use crate::locale::{Locale, Price};
use crate::page::{Page, render, render_with};
use crate::storefront::chooser::{self, Chooser, Purpose};
use crate::storefront::frame::{Frame, Here, plain};
use crate::storefront::goods::{self, LARGE};
use crate::storefront::review_tile::{self, ReviewTile, Score};
use crate::storefront::rules;
use crate::storefront::view::{Card, Kind, Picture, TeamTile, short};
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
    brand: String,
    c: Chooser,
    /// What together saves, in words.
    save: String,
    together_line: String,
    /// The price before, when it was more.
    was: String,
    teams: Vec<TeamTile>,
    open_teams: i64,
    /// Cleaned HTML.
    story: String,
    rules: Vec<String>,
    share_link: String,
    share_words: String,
    share_picture: Picture,
    share_qr: String,
    score: Score,
    reviews: Vec<ReviewTile>,
    reviews_href: String,
    /// Nobody votes here: the page is the same for everybody.
    back: &'static str,
    similar: Vec<Card>,
}

/// `GET /products/{handle}`
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(handle): Path<String>,
) -> Result<Response, Fault> {
    Ok(render(&draw(&shop, visitor, page, handle, String::new()).await?))
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
    let signed_in = visitor.person.is_some();
    let (view, link) = act(shop, move |app| {
        let view = product_page::show(app, &visitor, &handle)?;
        // Only who is signed in has links that are theirs; others share the page's own address.
        let link = match signed_in {
            true => Some(share::link(app, &visitor, Object::Product, view.product.id.0)?),
            false => None,
        };
        Ok((view, link))
    })
    .await?;
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
    let life = group.map(|group| locale.span(group.life)).unwrap_or_default();
    Ok(Show {
        problem,
        kinds: kinds.collect(),
        name: product.title.clone(),
        brand: product.vendor.clone(),
        save: saving(group, locale),
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
        share_link: link
            .as_ref()
            .map_or(page.absolute(link::product(&product.handle)), |link| link.url.clone()),
        share_words,
        share_picture: pictures.first().cloned().unwrap_or_default(),
        share_qr: link.as_ref().map_or(String::new(), |link| link::qr(&link.code)),
        score: review_tile::score(&view.summary, &page),
        reviews: view.reviews.iter().map(|one| review_tile::tile(one, false, &page)).collect(),
        reviews_href: format!("{}/reviews", link::product(&product.handle)),
        back: "",
        similar: goods::cards(&view.similar).into_iter().take(4).collect(),
        pictures,
        c,
        p: Frame::new(page, Here::Discover, &["product", "team", "review"])
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

/// What the first price saves, in words.
fn saving(group: Option<&RunningGroupBuy>, locale: Locale) -> String {
    let Some(price) = group.and_then(|group| group.prices.first()) else { return String::new() };
    let saved = price.alone.minus(price.together);
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
