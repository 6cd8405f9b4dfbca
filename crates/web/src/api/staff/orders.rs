//! Orders as staff handle them: finding, shipping, refunding; and cases somebody must look at.

use std::io::Write;

use app::App;
use app::case::{self, CaseView};
use app::order_csv::{self, Want};
use app::order_desk::{self, DeskRow, Filter, Ship, Sort};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use describe::{IntoParams, ToSchema};
use domain::catalog::Product;
use domain::group_buy::GroupBuy;
use domain::id::Id;
use domain::moment::Moment;
use domain::order::{Order, Status};
use domain::payment::Case;
use domain::person::Person;
use domain::seller::Seller;
use serde::Deserialize;

use crate::answer::AsJson;
use crate::api::input::{At, Body, Keyed, PageQuery, Query, once_after};
use crate::api::output::{self, Listed, Span};
use crate::visitor::Staff;
use crate::{Shop, act, download};
#[cfg(feature = "schema")]
use {crate::api::input::KeyHeader, app::order_desk::DeskView};

operations! {
    /// The routes of orders.
    "/api/v1/staff/orders": get list;
    "/api/v1/staff/exports/orders": get export;
    "/api/v1/staff/orders/{order}": get show;
    "/api/v1/staff/orders/{order}/shipments": post ship;
    "/api/v1/staff/orders/{order}/refunds": post refund;
    "/api/v1/staff/cases": get cases;
    "/api/v1/staff/cases/{case}/closing": post close_case;
}

/// Which orders.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
struct OrderQuery {
    #[param(inline)]
    status: Option<Status>,
    /// Only those that were paid (true) or not (false).
    paid: Option<bool>,
    /// Only orders in teams (true) or outside (false).
    in_team: Option<bool>,
    /// An order's id or its end, a buyer's name, e-mail address or phone or its end, a tracking
    /// number.
    q: String,
    placed_after: Option<Moment>,
    placed_before: Option<Moment>,
    /// Placed within so many days until now.
    days: Option<i64>,
    /// Totals in minor units.
    total_from: Option<i64>,
    total_to: Option<i64>,
    /// The code of a way to ship.
    shipping_method: String,
    /// How the province or state begins.
    region: String,
    product: Option<Id<Product>>,
    sku: String,
    tag: String,
    buyer: Option<Id<Person>>,
    group_buy: Option<Id<GroupBuy>>,
    /// Only this seller's.
    seller: Option<Id<Seller>>,
    has_note: Option<bool>,
    has_return: Option<bool>,
    /// The code of a hint, or `any`.
    hint: String,
    #[param(inline)]
    sort: Sort,
    /// Of a file: a row for each line of an order.
    per_line: bool,
    /// Of a file: begin with the mark of UTF-8.
    mark: bool,
    /// How many, 1 to 100; 20 when it is not said.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

impl OrderQuery {
    fn filter(&self) -> Filter {
        let query = self.clone();
        Filter {
            status: query.status,
            paid: query.paid,
            in_team: query.in_team,
            query: query.q,
            placed_after: query.placed_after,
            placed_before: query.placed_before,
            days: query.days,
            total_from: query.total_from,
            total_to: query.total_to,
            shipping_method: query.shipping_method,
            region: query.region,
            product: query.product,
            sku: query.sku,
            tag: query.tag,
            buyer: query.buyer,
            group_buy: query.group_buy,
            seller: query.seller,
            has_note: query.has_note,
            has_return: query.has_return,
            hint: query.hint,
            sort: query.sort,
        }
    }
}

/// Everybody's orders, the latest first
#[describe::path(get, path = "/api/v1/staff/orders", tag = "staff: orders", params(OrderQuery),
    operation_id = "staff_list_orders", responses((status = 200, body = Listed<DeskRow>)))]
async fn list(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<OrderQuery>,
) -> Result<Json<Listed<DeskRow>>, AsJson> {
    let filter = query.filter();
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let span = Span::of(&shop, &format!("staff orders\n{filter:?}"), &page)?;
    let (before, ask) = (span.id(), span.ask);
    let found =
        act(&shop, move |app| order_desk::list(app, &visitor, &filter, before, ask)).await?;
    Ok(span.page(&shop, found, |order| order.id.to_string()))
}

/// Orders as a CSV file
///
/// A row an order, or with `per_line` a row a line. No cell is taken for a formula.
#[describe::path(get, path = "/api/v1/staff/exports/orders", tag = "staff: orders",
    operation_id = "staff_export_orders", params(OrderQuery),
    responses((status = 200, body = String, content_type = "text/csv")))]
async fn export(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    Query(query): Query<OrderQuery>,
) -> Result<Response, AsJson> {
    // A file has everything; what is said of pages must still be what it says.
    PageQuery { limit: query.limit, cursor: None }.limit()?;
    let want = Want { filter: query.filter(), per_line: query.per_line, mark: query.mark };
    let write = move |app: &App, out: &mut dyn Write| {
        order_csv::export(app, &visitor, &want, out, &mut |_, _| {}).map(|_| ())
    };
    download::csv(&shop, "orders.csv", write).await
}

/// An order from every side
#[describe::path(get, path = "/api/v1/staff/orders/{order}", tag = "staff: orders",
    operation_id = "staff_show_order", params(("order" = Id<Order>, Path)),
    responses((status = 200, body = DeskView)))]
async fn show(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Order>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| order_desk::get(app, &visitor, id)).await?;
    let version = found.order.version;
    Ok(output::versioned(found, version))
}

/// Ship an order
///
/// It must be paid and its team, if it has one, have succeeded.
#[describe::path(post, path = "/api/v1/staff/orders/{order}/shipments", tag = "staff: orders",
    params(("order" = Id<Order>, Path), KeyHeader), request_body = Ship,
    responses((status = 201, body = DeskView)))]
async fn ship(
    State(shop): State<Shop>,
    At(id): At<Order>,
    Keyed { visitor, body, again }: Keyed<Ship>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| {
        once_after(app, &visitor, "order.ship", || order_desk::ship(app, &visitor, id, body))
    })
    .await?;
    let at = format!("/api/v1/staff/orders/{id}");
    Ok(output::maybe_again(output::made(found, &at), &again))
}

/// Why staff do something.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Reason {
    pub reason: String,
}

/// End an order and refund it in full
#[describe::path(post, path = "/api/v1/staff/orders/{order}/refunds", tag = "staff: orders",
    params(("order" = Id<Order>, Path), KeyHeader), request_body = Reason,
    responses((status = 201, body = DeskView)))]
async fn refund(
    State(shop): State<Shop>,
    At(id): At<Order>,
    Keyed { visitor, body: Reason { reason }, again }: Keyed<Reason>,
) -> Result<Response, AsJson> {
    let found = act(&shop, move |app| {
        once_after(app, &visitor, "order.end", || order_desk::refund(app, &visitor, id, &reason))
    })
    .await?;
    let at = format!("/api/v1/staff/orders/{id}");
    Ok(output::maybe_again(output::made(found, &at), &again))
}

/// Cases somebody must look at, open ones first
#[describe::path(get, path = "/api/v1/staff/cases", tag = "staff: orders",
    responses((status = 200, body = Listed<CaseView>)))]
async fn cases(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
) -> Result<Json<Listed<CaseView>>, AsJson> {
    Ok(output::all(act(&shop, move |app| case::list(app, &visitor, 100)).await?))
}

/// Close a case, saying what was done
#[describe::path(post, path = "/api/v1/staff/cases/{case}/closing", tag = "staff: orders",
    params(("case" = Id<Case>, Path)), request_body = Reason, responses((status = 204)))]
async fn close_case(
    State(shop): State<Shop>,
    Staff(visitor): Staff,
    At(id): At<Case>,
    Body(Reason { reason }): Body<Reason>,
) -> Result<StatusCode, AsJson> {
    act(&shop, move |app| case::close(app, &visitor, id, &reason)).await?;
    Ok(StatusCode::NO_CONTENT)
}
