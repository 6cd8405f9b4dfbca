//! What buyers say about a product: every review that is shown, in the order asked for.

use app::product_page::{self, ProductReviews};
use app::review::{self, Look, Vote};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::Id;
use domain::review::{Review, Sort};
use serde::Deserialize;

use crate::answer::Fault;
use crate::form::Form;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::review_tile::{self, ReviewTile, Score};
use crate::storefront::view::Tab;
use crate::visitor::{Anyone, SignedIn};
use crate::{Shop, act, link};

/// Reviews on one page.
const MOST: i64 = 20;

#[derive(Template)]
#[template(path = "storefront/review/list.html")]
struct List {
    p: Frame,
    name: String,
    href: String,
    score: Score,
    sorts: Vec<Tab>,
    filters: Vec<Tab>,
    reviews: Vec<ReviewTile>,
    /// Where a vote leads back to.
    back: String,
    next: String,
}

/// Which reviews, and where on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wish {
    sort: Sort,
    stars: String,
    pictured: String,
    after: String,
}

/// `GET /products/{handle}/reviews`
pub async fn list(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(handle): Path<String>,
    Query(wish): Query<Wish>,
) -> Result<Response, Fault> {
    let look = Look {
        sort: wish.sort,
        stars: wish.stars.parse().ok().filter(|stars| (1..=5).contains(stars)),
        pictured: wish.pictured == "1",
        after: Id::parse(&wish.after),
        limit: MOST,
    };
    let asked = look.clone();
    let (found, voted) = act(&shop, move |app| {
        let found = product_page::reviews(app, &visitor, &handle, &asked)?;
        let ids: Vec<Id<Review>> = found.items.iter().map(|review| review.id).collect();
        let voted = review::voted(app, &visitor, &ids)?;
        Ok((found, voted))
    })
    .await?;
    Ok(render(&draw(page, &look, &found, &voted)))
}

fn draw(page: Page, look: &Look, found: &ProductReviews, voted: &[Id<Review>]) -> List {
    let here = format!("{}/reviews", link::product(&found.handle));
    let address = |look: &Look| {
        let stars = look.stars.map_or(String::new(), |stars| stars.to_string());
        let mut pairs = Vec::new();
        if look.sort != Sort::default() {
            pairs.push(("sort", look.sort.code()));
        }
        if !stars.is_empty() {
            pairs.push(("stars", stars.as_str()));
        }
        if look.pictured {
            pairs.push(("pictured", "1"));
        }
        if pairs.is_empty() { here.clone() } else { format!("{here}?{}", link::query(&pairs)) }
    };
    let whole = Look { after: None, ..look.clone() };
    let sorts = Sort::ALL.map(|sort| Tab {
        label: page.t(&format!("store-review-sort-{}", sort.code().replace('_', "-"))),
        href: address(&Look { sort, ..whole.clone() }),
        here: sort == look.sort,
    });
    let plain = Look { stars: None, pictured: false, ..whole.clone() };
    let mut filters = vec![
        Tab { label: page.t("store-review-all"), href: address(&plain), here: plain == whole },
        Tab {
            label: page.n("store-review-with-pictures", found.summary.pictured),
            href: address(&Look { pictured: true, ..plain.clone() }),
            here: look.pictured,
        },
    ];
    filters.extend((1..=5).rev().map(|stars| Tab {
        label: format!("{stars} ★"),
        href: address(&Look { stars: Some(stars), ..plain.clone() }),
        here: look.stars == Some(stars),
    }));
    let last = found.items.last().filter(|_| found.items.len() as i64 == MOST);
    let next = last.map_or(String::new(), |last| {
        link::with_query(&address(&whole), "after", &last.id.to_string())
    });
    let tile =
        |review: &review::ReviewView| review_tile::tile(review, voted.contains(&review.id), &page);
    List {
        name: found.title.clone(),
        href: link::product(&found.handle),
        score: review_tile::score(&found.summary, &page),
        sorts: sorts.into_iter().collect(),
        filters,
        reviews: found.items.iter().map(tile).collect(),
        back: address(&whole),
        next,
        p: {
            let title = page.t1("store-reviews-of", "name", &found.title);
            let description = page.n("store-reviews-n", found.summary.count);
            Frame::new(page, Here::Discover, &["review", "product"])
                .titled(title)
                .public(&description, "")
        },
    }
}

/// `POST /reviews/{id}/vote`: it helps, or it does not after all.
pub async fn vote(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id: Id<Review> = Id::parse(&id).ok_or(app::failure::Failure::NotFound)?;
    let helpful = form.is_on("helpful");
    act(&shop, move |app| review::vote(app, &visitor, id, Vote { helpful })).await?;
    Ok(Redirect::to(&format!("{}#{id}", link::inside(form.get("back")))).into_response())
}
