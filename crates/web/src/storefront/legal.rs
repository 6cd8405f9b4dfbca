//! Terms, privacy policy and the like, every version of them; and the shop's licences.

use app::failure::Failure;
use app::legal::{self, LicenceView};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::legal::{ICP_LINK, LegalKind};

use crate::answer::Fault;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here, plain};
use crate::visitor::Anyone;
use crate::{Shop, act};

#[derive(Template)]
#[template(path = "storefront/legal/show.html")]
struct Show {
    p: Frame,
    heading: String,
    story: String,
    published: String,
    /// What is said of a version that holds no more.
    over: String,
    now_href: String,
    versions: Vec<(String, String, bool)>,
    hash: String,
}

#[derive(Template)]
#[template(path = "storefront/legal/licence.html")]
struct Licences {
    p: Frame,
    picture: String,
    /// What, how it is called, and where it leads.
    rows: Vec<(String, String, String)>,
}

/// `GET /legal/{kind}`: the version that holds.
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(kind): Path<String>,
) -> Result<Response, Fault> {
    version(shop, visitor, page, &kind, None).await
}

/// `GET /legal/{kind}/{number}`: one that did or does.
pub async fn show_version(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path((kind, number)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let number = number.parse().map_err(|_| Failure::NotFound)?;
    version(shop, visitor, page, &kind, Some(number)).await
}

async fn version(
    shop: Shop,
    visitor: app::Visitor,
    page: Page,
    kind: &str,
    number: Option<i64>,
) -> Result<Response, Fault> {
    let kind = LegalKind::parse(kind).ok_or(Failure::NotFound)?;
    let found = act(&shop, move |app| legal::get(app, &visitor, kind, number)).await?;
    let heading = page.t(&format!("legal-{}", kind.code()));
    let here = format!("/legal/{}", kind.code());
    let said = |number: i64, at| {
        let day = page.locale.date(at);
        page.t2("legal-version", ("n", &number), ("when", &day))
    };
    let versions = found.versions.iter().map(|one| {
        let chosen = one.number == found.number;
        (said(one.number, one.published_at), format!("{here}/{}", one.number), chosen)
    });
    let versions = versions.collect();
    let published = said(found.number, found.published_at);
    let over = if found.current { String::new() } else { page.t("legal-over") };
    let description = plain(&found.body_html, 160);
    let p = Frame::new(page, Here::Elsewhere, &["product"])
        .titled(heading.clone())
        .public(&description, "");
    let (story, hash) = (found.body_html, found.hash);
    Ok(render(&Show { p, heading, story, published, over, now_href: here, versions, hash }))
}

/// `GET /legal/licence`: what the shop is allowed to do, and where that is written.
pub async fn licence(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
) -> Result<Response, Fault> {
    let found = act(&shop, move |app| legal::licence(app, &visitor)).await?;
    if found.licence.is_empty() && found.picture.is_empty() {
        return Err(Failure::NotFound.into());
    }
    let rows = rows(&page, &found);
    let title = page.t("legal-licence");
    let p = Frame::new(page, Here::Elsewhere, &["product"]).titled(title).public("", "");
    Ok(render(&Licences { p, picture: found.picture, rows }))
}

fn rows(page: &Page, found: &LicenceView) -> Vec<(String, String, String)> {
    let one = &found.licence;
    let rows = [
        ("legal-licence-name", &one.name, String::new()),
        ("legal-licence-number", &one.number, one.link.clone()),
        ("legal-licence-icp", &one.icp, ICP_LINK.to_string()),
        ("legal-licence-police", &one.police, one.police_link()),
        ("legal-licence-permits", &one.permits, String::new()),
    ];
    let said = rows.into_iter().filter(|(_, text, _)| !text.is_empty());
    said.map(|(id, text, href)| (page.t(id), text.clone(), href)).collect()
}
