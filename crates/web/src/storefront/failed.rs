//! What is shown when something did not work: what happened, that nothing was lost, what to do.

use app::failure::Failure;
use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use crate::answer::Fault;
use crate::link;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here};

#[derive(Template)]
#[template(path = "storefront/error.html")]
struct Shown {
    p: Frame,
    heading: String,
    more: String,
    back: String,
    back_label: String,
    /// For whoever asks us about it.
    reference: String,
}

/// The page of a fault; the caller sets its status.
pub fn page(page: Page, fault: &Fault) -> Response {
    if let Fault::Failed(Failure::SignInFirst) = fault {
        // A page of somebody: they come back here after signing in.
        return Redirect::to(&link::sign_in(&link::inside(&page.path))).into_response();
    }
    let (heading, more) = match fault {
        Fault::Failed(Failure::NotFound) => {
            (page.t("store-not-found"), page.t("store-not-found-more"))
        }
        Fault::Failed(Failure::Broken(_) | Failure::Unavailable) | Fault::Deadline => {
            (page.t("store-wrong"), page.t("store-wrong-more"))
        }
        Fault::Csrf => (page.t("store-stale"), page.t("store-stale-more")),
        other => (other.title(page.locale), other.detail(page.locale)),
    };
    let broken = fault.status().is_server_error();
    let (back, back_label) = match broken {
        true => (link::inside(&page.path), page.t("store-try-again")),
        false => (String::new(), String::new()),
    };
    let reference = if broken { page.request_id.clone() } else { String::new() };
    let p = Frame::new(page, Here::Elsewhere, &[]).titled(heading.clone());
    render(&Shown { p, heading, more, back, back_label, reference })
}
