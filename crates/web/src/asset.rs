//! Styles, scripts and drawings from inside the binary, and pictures from the database.
//!
//! Assets live under `/assets/<hash of them all>/…` and are kept for ever; templates write plain
//! `/assets/…` and the renderer puts the hash in. Modules import each other by relative path, which
//! is why the whole set has one hash.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use app::catalog::{self, Browse, Sort, categories};
use app::content;
use app::embedded::Folder;
use app::failure::Failure;
use app::{App, Visitor};
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::content::colour;
use engine::shade::{self, Rgb, Shades};
use sha2::{Digest, Sha256};

use crate::answer::Fault;
use crate::{Shop, act, link};

static ASSETS: Folder = Folder(include!(concat!(env!("OUT_DIR"), "/assets.rs")));

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("public, no-cache");
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// The routes of everything that is the same for everybody.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/assets/{*path}", get(asset))
        .route("/files/{hash}", get(file))
        .route("/demo/pictures/{*path}", get(demo_picture))
        .route("/demo/previews/{*path}", get(demo_preview))
        .route("/theme/{file}", get(theme))
        .route("/favicon.ico", get(favicon))
        .route("/robots.txt", get(robots))
        .route("/sitemap.xml", get(sitemap))
}

/// What the assets are known by: each by a tag of its own, and all of them by one hash.
struct Set {
    hash: String,
    tags: BTreeMap<&'static str, String>,
}

/// Worked out once: what is inside the binary does not change while it runs.
fn known() -> &'static Set {
    static KNOWN: OnceLock<Set> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut whole = Sha256::new();
        let mut tags = BTreeMap::new();
        for (path, bytes) in ASSETS.files() {
            let hash = Sha256::digest(bytes);
            whole.update(path.as_bytes());
            whole.update(hash);
            tags.insert(path, hex(&hash[..12]));
        }
        Set { hash: hex(&whole.finalize()[..6]), tags }
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hash of the whole set.
pub fn set() -> &'static str {
    &known().hash
}

/// The address of an asset: `css/base.css` is at `/assets/<hash>/css/base.css`.
pub fn url(path: &str) -> String {
    format!("/assets/{}/{path}", set())
}

/// A page with the hash put into the addresses of its assets.
pub fn place(page: &str) -> String {
    page.replace("\"/assets/", &format!("\"/assets/{}/", set()))
}

async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Fault> {
    let (name, keep) = match path.split_once('/') {
        Some((first, rest)) if first == set() => (rest, FOR_EVER),
        // An older page asks for an older set: what we have now is the best there is.
        Some((first, rest)) if is_hash(first) => (rest, ASK_AGAIN),
        _ => (path.as_str(), ASK_AGAIN),
    };
    let bytes = ASSETS.get(name).ok_or(Failure::NotFound)?;
    let tag = known().tags.get(name).ok_or(Failure::NotFound)?;
    Ok(send(&headers, media(name), keep, tag, bytes))
}

fn is_hash(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Answers with bytes, or says that the visitor's copy is still good.
fn send(
    headers: &HeaderMap,
    media: &str,
    keep: HeaderValue,
    tag: &str,
    bytes: impl Into<Body>,
) -> Response {
    let tag = format!("\"{tag}\"");
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known.is_some_and(|known| matches(known, &tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(bytes.into());
        if let Ok(media) = HeaderValue::from_str(media) {
            response.headers_mut().insert(header::CONTENT_TYPE, media);
        }
        response
    };
    response.headers_mut().insert(header::CACHE_CONTROL, keep);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Whether an `If-None-Match` or `If-Match` names this tag.
pub fn matches(header: &str, tag: &str) -> bool {
    header
        .split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

fn media(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, end)| end) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "jpg" | "jpeg" => "image/jpeg",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// A picture is only ever a picture, also when somebody opens it by itself.
fn harmless(mut response: Response) -> Response {
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    // Others may show the shop's pictures.
    let anyone = HeaderValue::from_static("cross-origin");
    response.headers_mut().insert("cross-origin-resource-policy", anyone);
    response
}

async fn file(
    State(shop): State<Shop>,
    Path(hash): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let name = hash.clone();
    let file = act(&shop, move |app| app::file::get(app, &name)).await?;
    Ok(harmless(send(&headers, &file.mime, FOR_EVER, &hash, file.bytes)))
}

async fn demo_picture(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Fault> {
    demo(&format!("pictures/{path}"), &headers)
}

async fn demo_preview(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Fault> {
    demo(&format!("previews/{path}"), &headers)
}

fn demo(path: &str, headers: &HeaderMap) -> Result<Response, Fault> {
    let found = app::demo::content::file(path);
    let (media, bytes) = found.ok_or(Failure::NotFound)?;
    let tag = hex(&Sha256::digest(bytes)[..12]);
    Ok(harmless(send(headers, media, AN_HOUR, &tag, bytes)))
}

async fn favicon(headers: HeaderMap) -> Result<Response, Fault> {
    asset(Path("img/favicon.svg".into()), headers).await
}

/// Our papers by day and by night, on which a merchant's colour must be read: as in `tokens.css`.
const DAY: [Rgb; 3] = [[0xfb, 0xfa, 0xf7], [0xff; 3], [0xf3, 0xf0, 0xe9]];
const NIGHT: [Rgb; 4] =
    [[0x14, 0x13, 0x0f], [0x1d, 0x1b, 0x16], [0x25, 0x23, 0x1d], [0x2a, 0x28, 0x21]];

/// The shades of a colour, `/theme/1f8a70.css`: the same for ever, and made of the address alone.
async fn theme(Path(file): Path<String>) -> Result<Response, Fault> {
    let digits = file.strip_suffix(".css").ok_or(Failure::NotFound)?;
    let chosen = colour(&format!("#{digits}")).map_err(|_| Failure::NotFound)?;
    let day = declared(&shade::by_day(chosen, &DAY));
    let night = declared(&shade::by_night(chosen, &NIGHT));
    let css = format!(
        ":root {{ {day} }}\n\
         @media (prefers-color-scheme: dark) {{\n\
         :root:not([data-theme=\"light\"]) {{ {night} }}\n}}\n\
         :root[data-theme=\"dark\"] {{ {night} }}\n"
    );
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (header::CACHE_CONTROL, FOR_EVER),
    ];
    Ok((headers, css).into_response())
}

fn declared(shades: &Shades) -> String {
    let one = |name: &str, [red, green, blue]: Rgb| {
        format!("--accent{name}: #{red:02x}{green:02x}{blue:02x};")
    };
    [
        one("", shades.accent),
        one("-text", shades.text),
        one("-fill", shades.fill),
        one("-fill-hover", shades.fill_hover),
        one("-wash", shades.wash),
    ]
    .join(" ")
}

async fn robots(State(shop): State<Shop>) -> Response {
    let base = &shop.app.config.base_url;
    let closed = ["/console", "/cart", "/checkout", "/orders", "/inbox", "/account", "/sandbox"];
    let mut text = String::from("User-agent: *\n");
    for path in closed {
        text.push_str(&format!("Disallow: {path}\n"));
    }
    text.push_str(&format!("Sitemap: {base}/sitemap.xml\n"));
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

async fn sitemap(State(shop): State<Shop>) -> Result<Response, Fault> {
    let base = shop.app.config.base_url.clone();
    let paths = act(&shop, sitemap_paths).await?;
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for path in paths {
        text.push_str(&format!("<url><loc>{base}{path}</loc></url>\n"));
    }
    text.push_str("</urlset>\n");
    Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], text).into_response())
}

/// Every page that anybody may find: a sitemap has at most 50,000.
fn sitemap_paths(app: &App) -> Result<Vec<String>, Failure> {
    let nobody = Visitor { locale: app.config.locale.clone(), ..Visitor::default() };
    let mut paths: Vec<String> = vec!["/".into(), "/discover".into(), "/teams".into()];
    paths.extend(content::published(app)?);
    let categories = categories::list(app, &nobody)?;
    paths.extend(categories.iter().map(|category| link::category(&category.slug)));
    let mut cursor = None;
    while paths.len() < 49_000 {
        let browse = Browse { sort: Sort::New, limit: Some(100), cursor, ..Browse::default() };
        let page = catalog::browse(app, &nobody, browse)?;
        paths.extend(page.items.iter().map(|product| link::product(&product.handle)));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(paths)
}
