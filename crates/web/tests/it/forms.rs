//! What another site makes a browser send is refused, and what a page of ours sends is not.

use crate::served::{Answer, Served, served};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

fn rename(shop: &Served, headers: &[(&str, &str)]) -> Answer {
    let mut all = vec![("Content-Type", "application/json")];
    all.extend_from_slice(headers);
    shop.send("PATCH", "/api/v1/me", &all, b"{\"name\":\"Ann\"}")
}

#[test]
fn a_cookie_alone_changes_nothing() {
    let shop = served();
    let (cookie, csrf) = shop.browser("ann");
    let cookie = ("Cookie", cookie.as_str());
    let key = ("X-CSRF-Token", csrf.as_str());
    assert_eq!(rename(&shop, &[cookie]).code(), "csrf");
    assert_eq!(rename(&shop, &[cookie, ("X-CSRF-Token", "guess")]).code(), "csrf");
    let elsewhere = ("Origin", "https://evil.example");
    assert_eq!(rename(&shop, &[cookie, key, elsewhere]).code(), "csrf");
    let across = ("Sec-Fetch-Site", "cross-site");
    assert_eq!(rename(&shop, &[cookie, key, across]).code(), "csrf");
    assert_eq!(rename(&shop, &[cookie, key]).status, 200);
    assert_eq!(rename(&shop, &[cookie, key, ("Sec-Fetch-Site", "same-origin")]).status, 200);
}

#[test]
fn forms_carry_the_key_in_a_field() {
    let shop = served();
    let (cookie, csrf) = shop.browser("zoe");
    let cookie = ("Cookie", cookie.as_str());
    let sign_out =
        |fields: &str| shop.send("POST", "/console/sign-out", &[FORM, cookie], fields.as_bytes());
    assert_eq!(sign_out("").status, 403);
    assert_eq!(sign_out("csrf=wrong").status, 403);
    assert_eq!(sign_out(&format!("csrf={csrf}")).status, 303);
}

#[test]
fn another_site_cannot_sign_somebody_in() {
    let shop = served();
    let headers = [FORM, ("Origin", "https://evil.example")];
    let answer = shop.send("POST", "/sign-in", &headers, b"contact=eve@example.com");
    assert_eq!(answer.status, 403);
}

#[test]
fn a_session_is_hidden_from_scripts_and_other_sites() {
    let shop = served();
    let goods = shop.goods("longjing", 3_900, 10);
    let body = format!("{{\"variant\":\"{}\",\"quantity\":1}}", goods.variant);
    let kind = ("Content-Type", "application/json");
    let answer = shop.send("POST", "/api/v1/cart/lines", &[kind], body.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text());
    let set = answer.header("set-cookie");
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
    // The guest's cart is there for this browser, and for no other.
    let cookie = answer.cookie();
    let count =
        |headers: &[(&str, &str)]| shop.get("/api/v1/cart", headers).json()["count"].clone();
    assert_eq!(count(&[("Cookie", &cookie)]), 1);
    assert_eq!(count(&[]), 0);
}

#[test]
fn every_page_comes_with_its_guards() {
    let shop = served();
    for path in ["/", "/api", "/console/sign-in", "/nothing", "/healthz"] {
        let answer = shop.get(path, &[]);
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'self'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
    }
}
