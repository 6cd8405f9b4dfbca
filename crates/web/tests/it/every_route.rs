//! Every route there is, and who may use it: a route that is not named open here refuses strangers.

use serde_json::{Value, json};
use web::api::document::{self, PUBLIC};

use crate::served::{Answer, Served, served};

/// Pages for everybody.
const OPEN: &[&str] = &[
    "/",
    "/c/{slug}",
    "/discover",
    "/discover/suggestions",
    "/products/{handle}",
    "/products/{handle}/reviews",
    "/cart",
    "/pay/{token}",
    "/gifts/{id}",
    "/coupons",
    "/coupons/{link}",
    "/pay/{token}/onward",
    "/pay/{token}/code.svg",
    "/account",
    "/pages/{slug}",
    "/legal/licence",
    "/legal/{kind}",
    "/legal/{kind}/{number}",
    "/campaigns",
    "/campaigns/{id}",
    "/campaigns/{id}/rules",
    "/assists/{id}",
    "/help/{id}",
    "/bargains/{id}",
    "/bargains/{id}/card",
    "/bargains/{id}/live",
    "/invite",
    "/teams",
    "/teams/{id}",
    "/teams/{id}/card",
    "/teams/{id}/live",
    "/check-in",
    "/tasks",
    "/points-shop",
    "/points-shop/{campaign}/{item}",
    "/draws/{id}",
    "/draws/{id}/proof",
    "/draws/{id}/records.json",
    "/drops/{id}",
    "/fissions/{id}",
    "/split/{id}",
    "/split/{id}/live",
    "/packets/{id}",
    "/flash/{id}",
    "/flash/{id}/live",
    "/guesses/{id}",
    "/quizzes/{id}",
    "/sign-in",
    "/s/{code}",
    "/qr/{file}",
    "/favourites",
    "/unsubscribe/{token}",
    "/letters/stop/{token}",
    "/console/sign-in",
    "/sandbox/pay/{reference}",
];

/// What everybody may send to pages: carts of guests, signing in, going on to the checkout.
const OPEN_POSTS: &[&str] = &[
    "/products/{handle}",
    "/teams/{id}",
    "/cart/lines/{variant}",
    "/pay/{token}",
    "/sign-in",
    "/sign-in/code",
    "/sign-in/as/{name}",
    "/sign-out",
    "/favourites",
    "/unsubscribe/{token}",
    "/letters/stop/{token}",
    "/console/sign-in",
    "/console/sign-in/demo",
    "/console/sign-in/code",
    "/sandbox/pay/{reference}",
];

/// The routes of a router, which prints them when it is debugged: methods first, then paths.
fn routes(printed: &str) -> Vec<(String, String)> {
    let (routes, rest) = printed.split_once("paths: {").expect("a router prints its paths");
    let paths = rest.find("\"}").map_or(rest, |end| &rest[..=end]);
    let mut found = Vec::new();
    for route in routes.split("RouteId(").skip(1) {
        let number = route.split(')').next().unwrap();
        let methods = route.rsplit("allow_header: Bytes(b\"").next().unwrap();
        let methods = methods.split('"').next().unwrap();
        let after = paths.split(&format!("RouteId({number}): \"")).nth(1);
        let Some(path) = after.and_then(|path| path.split('"').next()) else { continue };
        for method in methods.split(',').filter(|method| *method != "HEAD") {
            found.push((method.to_string(), path.to_string()));
        }
    }
    found
}

pub fn pages() -> Vec<(String, String)> {
    let printed = [
        format!("{:?}", web::storefront::routes()),
        format!("{:?}", web::console::routes()),
        format!("{:?}", web::sandbox::routes()),
    ];
    let all: Vec<_> = printed.iter().flat_map(|printed| routes(printed)).collect();
    assert!(all.len() > 40, "the print of routers was not understood: {all:?}");
    all
}

/// An address of the route: with ids that are well-formed where a kind is plain, and belong to
/// nobody.
pub fn filled(path: &str) -> String {
    let kinds = [
        ("{order}", "ord"),
        ("{team}", "tem"),
        ("{product}", "prd"),
        ("{variant}", "var"),
        ("{group_buy}", "gby"),
        ("{token}", "tok"),
        ("{person}", "per"),
        ("{picture}", "pic"),
        ("{return}", "aft"),
        ("{case}", "cse"),
        ("{job}", "job"),
        ("{webhook}", "whk"),
        ("{event}", "evt"),
        ("{address}", "adr"),
        ("{method}", "shm"),
        ("{point}", "pup"),
        ("{synonyms}", "syn"),
        ("{review}", "rev"),
        ("{draft}", "drf"),
        ("{view}", "vew"),
        ("{bulk}", "blk"),
        ("{note}", "cno"),
        ("{merge}", "mrg"),
        ("{export}", "dex"),
        ("{refund}", "ref"),
        ("{statement}", "rec"),
        ("{difference}", "dif"),
        ("{top_up}", "top"),
        ("{campaign}", "cmp"),
        ("{draw}", "drw"),
        ("{attempt}", "qza"),
        ("{page}", "pge"),
        ("{redirect}", "dtr"),
        ("{role}", "rol"),
        ("{group}", "cgr"),
        ("{list}", "prl"),
        ("{passkey}", "psk"),
        ("{message}", "msg"),
        ("{invoice}", "inv"),
        ("{request}", "irq"),
        ("{title}", "itl"),
        ("{seller}", "sel"),
        ("{campaign}", "cmp"),
        ("{promotion}", "prm"),
        ("{coupon_template}", "cpt"),
        ("{coupon}", "cpn"),
        ("{assist}", "ass"),
        ("{fission}", "fsn"),
        ("{gift}", "gft"),
        ("{bargain}", "brg"),
        ("{saved_list}", "svl"),
    ];
    let mut path = path.to_string();
    for (name, prefix) in kinds {
        path = path.replace(name, &format!("{prefix}_0000000000001"));
    }
    // What letters are named by.
    for (name, word) in [("{letter}", "order_shipped"), ("{channel}", "chat"), ("{locale}", "en")] {
        path = path.replace(name, word);
    }
    if path.contains("staff/categories") {
        path = path.replace("{category}", "cat_0000000000001");
    }
    if path.contains("/legal/") {
        path = path.replace("{kind}", "terms");
    }
    while let (Some(start), Some(end)) = (path.find('{'), path.find('}')) {
        path.replace_range(start..=end, "nothing");
    }
    path
}

#[test]
fn strangers_are_shown_the_way_in() {
    let shop = served();
    let mut wrong = Vec::new();
    for (method, path) in pages() {
        let open = if method == "GET" { OPEN } else { OPEN_POSTS };
        if open.contains(&path.as_str()) {
            continue;
        }
        let address = filled(&path);
        let answer = shop.send(&method, &address, &[("Sec-Fetch-Site", "same-origin")], b"");
        let way = answer.header("location");
        let door = if path.starts_with("/console") { "/console/sign-in" } else { "/sign-in" };
        let sent = answer.status == 303 && way.starts_with(door);
        if !sent && ![401, 403].contains(&answer.status) {
            wrong.push(format!("{method} {path}: {} {way}", answer.status));
        }
    }
    assert!(wrong.is_empty(), "not refused to strangers:\n{}", wrong.join("\n"));
}

#[test]
fn shoppers_do_not_get_behind_the_counter() {
    let shop = served();
    let (cookie, csrf) = shop.browser("ann");
    let headers = [
        ("Cookie", cookie.as_str()),
        ("X-CSRF-Token", csrf.as_str()),
        ("Sec-Fetch-Site", "same-origin"),
    ];
    let mut wrong = Vec::new();
    for (method, path) in pages() {
        if !path.starts_with("/console") || path.starts_with("/console/sign-") {
            continue;
        }
        let answer = shop.send(&method, &filled(&path), &headers, b"");
        let away =
            answer.status == 303 && answer.header("location").starts_with("/console/sign-in");
        if !away && ![403, 404].contains(&answer.status) {
            wrong.push(format!("{method} {path}: {}", answer.status));
        }
    }
    assert!(wrong.is_empty(), "open to shoppers:\n{}", wrong.join("\n"));
}

#[test]
fn no_page_breaks_when_it_is_asked_for_nothing() {
    let shop = served();
    let (cookie, _) = shop.browser("zoe");
    let mut wrong = Vec::new();
    for (method, path) in pages() {
        // A stream does not end by itself.
        if method != "GET" || path.ends_with("/live") {
            continue;
        }
        for headers in [&[][..], &[("Cookie", cookie.as_str())][..]] {
            let answer = shop.get(&filled(&path), headers);
            if answer.status >= 500 || answer.text().contains('⟨') {
                wrong.push(format!("{path}: {} {}", answer.status, missing(&answer)));
            }
        }
    }
    assert!(wrong.is_empty(), "broken:\n{}", wrong.join("\n"));
}

/// The texts a page lacks.
fn missing(answer: &Answer) -> String {
    let text = answer.text();
    let ids = text.split('⟨').skip(1).filter_map(|rest| rest.split('⟩').next());
    ids.take(5).collect::<Vec<_>>().join(" ")
}

pub fn operations() -> Vec<(String, String, Value)> {
    let paths = document::whole()["paths"].as_object().unwrap();
    let mut all = Vec::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            all.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    assert!(all.len() > 60, "{}", all.len());
    all
}

fn try_out(shop: &Served, token: &str, method: &str, path: &str) -> Answer {
    let body = if method == "GET" || method == "DELETE" { Value::Null } else { json!({}) };
    let more = [("Idempotency-Key", "a-key-of-a-stranger-1"), ("If-Match", "\"1\"")];
    shop.call_with(token, method, &filled(path), &body, &more)
}

#[test]
fn every_operation_refuses_strangers_unless_it_says_otherwise() {
    let shop = served();
    let mut wrong = Vec::new();
    for (method, path, _) in operations() {
        let answer = try_out(&shop, "", &method, &path);
        let open = PUBLIC.contains(&(method.to_lowercase().as_str(), path.as_str()));
        if open == (answer.status == 401) || answer.status >= 500 {
            wrong.push(format!("{method} {path}: {} {}", answer.status, answer.text()));
        } else if answer.status >= 400 {
            answer.problem();
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_operation_of_staff_refuses_shoppers_and_readers() {
    let shop = served();
    let ann = shop.token(&shop.ann);
    let reader = shop.token_for(&shop.zoe, &[domain::person::Scope::Read]);
    let mut wrong = Vec::new();
    for (method, path, _) in operations() {
        if !path.starts_with("/api/v1/staff/") {
            continue;
        }
        let answer = try_out(&shop, &ann, &method, &path);
        if answer.status != 403 {
            wrong.push(format!("ann {method} {path}: {} {}", answer.status, answer.text()));
        }
        if method != "GET" {
            let answer = try_out(&shop, &reader, &method, &path);
            if !(400..=499).contains(&answer.status) {
                wrong.push(format!("reader {method} {path}: {}", answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_document_is_complete() {
    let whole = document::whole();
    let text = whole.to_string();
    for reference in text.split("\"$ref\":\"").skip(1) {
        let reference = reference.split('"').next().unwrap();
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(whole.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    let mut ids = std::collections::BTreeSet::new();
    let mut lines = Vec::new();
    for (method, path, operation) in operations() {
        let id = operation["operationId"].as_str().unwrap().to_string();
        assert!(ids.insert(id.clone()), "{id} is there twice");
        assert!(operation["summary"].as_str().is_some_and(|said| !said.is_empty()), "{id}");
        let params = operation["parameters"].as_array().cloned().unwrap_or_default();
        for named in path.split('{').skip(1) {
            let name = named.split('}').next().unwrap();
            let there = params.iter().any(|p| p["name"] == name && p["in"] == "path");
            assert!(there, "{method} {path} does not describe {name}");
        }
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with('2')), "{id}");
        assert!(responses.contains_key("401") && responses.contains_key("500"), "{id}");
        let names: Vec<&str> = params.iter().filter_map(|p| p["name"].as_str()).collect();
        let statuses: Vec<&str> = responses.keys().map(String::as_str).collect();
        lines.push(format!("{method} {path} ({})\n    {}", names.join(", "), statuses.join(" ")));
    }
    lines.sort();
    insta::assert_snapshot!("operations", lines.join("\n"));
}
