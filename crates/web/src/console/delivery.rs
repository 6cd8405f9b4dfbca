//! Delivery: the ways to ship, and the places where goods are fetched.

use app::delivery::{self, MethodView, PointView};
use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use domain::shipping::How;

use super::{Answer, Desk, Frame};
use crate::Shop;

pub mod method;
pub mod point;

/// Its entry in the rail.
const HERE: &str = "/console/delivery";

/// The routes of delivery.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/delivery", get(index))
        .route("/console/delivery/methods", post(method::create))
        .route("/console/delivery/methods/new", get(method::new))
        .route("/console/delivery/methods/{id}", get(method::show).post(method::update))
        .route("/console/delivery/points", post(point::create))
        .route("/console/delivery/points/new", get(point::new))
        .route("/console/delivery/points/{id}", get(point::show).post(point::update))
}

#[derive(Template)]
#[template(path = "console/delivery/list.html")]
struct List {
    p: Frame,
    methods: Vec<Row>,
    points: Vec<Row>,
    /// Goods are to be fetched, and there is nowhere to fetch them; or the other way round.
    half: String,
}

struct Row {
    href: String,
    name: String,
    detail: String,
    tone: &'static str,
    state: String,
}

/// Both lists.
pub async fn index(desk: Desk) -> Answer {
    let (methods, points) = desk
        .act(|app, visitor| Ok((delivery::methods(app, visitor)?, delivery::points(app, visitor)?)))
        .await?;
    let p = desk.frame(HERE);
    let fetched = methods.iter().any(|method| method.active && method.kind == How::Pickup);
    let somewhere = points.iter().any(|point| point.active);
    let half = match (fetched, somewhere) {
        (true, false) => p.t("console-delivery-no-point"),
        (false, true) => p.t("console-delivery-no-pickup"),
        _ => String::new(),
    };
    desk.show(List {
        methods: methods.iter().map(|method| method_row(&p, method)).collect(),
        points: points.iter().map(|point| point_row(&p, point)).collect(),
        half,
        p,
    })
}

fn state(p: &Frame, active: bool) -> (&'static str, String) {
    match active {
        true => ("good", p.t("console-delivery-active")),
        false => ("", p.t("console-delivery-inactive")),
    }
}

fn method_row(p: &Frame, method: &MethodView) -> Row {
    let (tone, state) = state(p, method.active);
    let name = if p.is_chinese() { &method.name } else { &method.name_en };
    let kind = p.t(&format!("console-delivery-kind-{}", method.kind.code()));
    let rates = p.t1("console-delivery-rates-count", "count", method.rates.len());
    Row {
        href: format!("{HERE}/methods/{}", method.id),
        name: name.clone(),
        detail: format!("{kind} · {rates} · {}", method.code),
        tone,
        state,
    }
}

fn point_row(p: &Frame, point: &PointView) -> Row {
    let (tone, state) = state(p, point.active);
    let detail = [&point.address, &point.hours];
    let detail: Vec<&str> =
        detail.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    Row {
        href: format!("{HERE}/points/{}", point.id),
        name: point.name.clone(),
        detail: detail.join(" · "),
        tone,
        state,
    }
}
