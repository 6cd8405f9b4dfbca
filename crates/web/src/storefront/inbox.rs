//! Notices: what happened to what is mine.

use app::notice::{self, MarkRead, NoticeView};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::Id;
use serde::Deserialize;

use crate::answer::Fault;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::goods;
use crate::storefront::view::When;
use crate::visitor::SignedIn;
use crate::{Shop, act, link};

/// Notices on one page.
const MOST: i64 = 30;

#[derive(Template)]
#[template(path = "storefront/inbox/list.html")]
struct List {
    p: Frame,
    notices: Vec<Shown>,
    next: String,
}

struct Shown {
    icon: &'static str,
    unread: bool,
    href: String,
    title: String,
    body: String,
    when: When,
}

/// Where the page begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct From {
    before: String,
}

/// `GET /inbox`
pub async fn list(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Query(from): Query<From>,
) -> Result<Response, Fault> {
    let before = Id::parse(&from.before);
    let some = act(&shop, move |app| notice::list(app, &visitor, before, MOST)).await?;
    let last = some.last().filter(|_| some.len() as i64 == MOST);
    let next = last
        .map_or(String::new(), |last| link::with_query("/inbox", "before", &last.id.to_string()));
    let notices = some.iter().map(|notice| shown(notice, &page)).collect();
    let title = page.t("store-nav-inbox");
    let p = Frame::new(page, Here::Inbox, &["account"]).titled(title);
    Ok(render(&List { p, notices, next }))
}

fn shown(notice: &NoticeView, page: &Page) -> Shown {
    let id = format!("notice-{}", notice.kind.replace('_', "-"));
    let place = match notice.about.as_str() {
        "order" => "orders",
        "team" => "teams",
        "return" => "returns",
        "review" => "account/reviews",
        "campaign" => "campaigns",
        "gift" => "gifts",
        "bargain" => "bargains",
        _ => "",
    };
    // A friend whose name is not known is still a friend.
    let mut args = notice.args.clone();
    if args["name"].as_str().is_none_or(str::is_empty) {
        args["name"] = page.t("store-somebody").into();
    }
    Shown {
        icon: icon(&notice.kind),
        unread: !notice.read,
        href: match place {
            "" if notice.about == "wallet" => "/account/wallet".into(),
            "" if notice.about == "coupon" => "/account/coupons".into(),
            "" if notice.about == "data" => "/account/data".to_string(),
            "" if notice.about == "account" => "/account".to_string(),
            "" => String::new(),
            place => format!("/{place}/{}", notice.about_id),
        },
        title: page.locale.tell_json(&format!("{id}-title"), &args),
        body: page.locale.tell_json(&format!("{id}-body"), &args),
        when: goods::when(notice.created_at, page.now, page.locale),
    }
}

fn icon(kind: &str) -> &'static str {
    match kind {
        "order_shipped" | "gift_shipped" => "truck",
        "order_paid" | "order_price_changed" | "order_to_pay" | "order_unpaid" => "wallet",
        "order_edited" | "order_ready" => "box",
        "signed_in" | "password_changed" | "second_step_on" | "second_step_off"
        | "passkey_added" | "passkey_removed" => "shield",
        "token_made" => "key",
        "team_ending" | "flash_begins" | "flash_turn" => "clock",
        "gift_taken" | "gift_returned" | "coupon_given" | "coupon_ending" | "coupon_back" => "gift",
        "bargain_reached" => "check",
        "credit_given" | "reward_won" | "credit_taken" | "topped_up" | "top_up_returned" => {
            "wallet"
        }
        "invoice_issued" | "invoice_declined" | "invoice_red" => "receipt",
        "order_completed" => "check",
        "refunded" | "late_refunded" | "refund_failed" | "team_failed" => "refund",
        "order_cancelled" | "return_refused" | "return_rejected" | "return_closed" => "cross",
        "return_send_back" | "return_received" => "box",
        "return_replaced" => "truck",
        "return_approved" | "return_paid_instead" => "refund",
        "review_answered" | "review_hidden" | "review_shown" => "star",
        "leader_now" => "crown",
        "data_ready" => "download",
        _ => "teams",
    }
}

/// `POST /inbox/read`: all of them.
pub async fn read(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Response, Fault> {
    act(&shop, move |app| notice::mark_read(app, &visitor, MarkRead::default())).await?;
    Ok(Redirect::to("/inbox").into_response())
}
