//! Whatever goes wrong is said in one shape, by handlers, the router and the limits alike.

use serde_json::{Value, json};

use crate::served::served;

#[test]
fn the_router_says_problems_too() {
    let shop = served();
    let missing = shop.get("/api/v1/nothing", &[]);
    assert_eq!((missing.status, missing.code().as_str()), (404, "not_found"));
    let method = shop.send("PATCH", "/api/v1/products", &[], b"");
    assert_eq!((method.status, method.code().as_str()), (405, "method_not_allowed"));
    assert!(method.header("allow").contains("GET"), "{:?}", method.headers);
    // A page's 404 is a page.
    let page = shop.get("/nothing", &[("Accept-Language", "en")]);
    assert_eq!(page.status, 404);
    assert!(page.header("content-type").starts_with("text/html"), "{}", page.text());
}

#[test]
fn bodies_are_refused_in_one_shape() {
    let shop = served();
    let ann = shop.token(&shop.ann);
    let bearer = format!("Bearer {ann}");
    let json_kind = ("Content-Type", "application/json");
    let who = ("Authorization", bearer.as_str());
    let send =
        |headers: &[(&str, &str)], body: &[u8]| shop.send("POST", "/api/v1/quotes", headers, body);
    let broken = send(&[who, json_kind], b"{\"what\": ");
    assert_eq!((broken.status, broken.code().as_str()), (400, "bad_json"));
    let wrong = send(&[who, json_kind], b"{\"what\": 1}");
    assert_eq!((wrong.status, wrong.code().as_str()), (422, "bad_field"));
    let lacking = send(&[who, json_kind], b"{}");
    assert_eq!(lacking.problem()["errors"][0]["pointer"], "/what");
    let kind = send(&[who, ("Content-Type", "text/plain")], b"what");
    assert_eq!((kind.status, kind.code().as_str()), (415, "unsupported_media_type"));
    let large = send(&[who, json_kind], &vec![b' '; (1 << 20) + 1]);
    assert_eq!((large.status, large.code().as_str()), (413, "too_large"));
    let deep = format!("{}1{}", "[".repeat(40), "]".repeat(40));
    assert_eq!(send(&[who, json_kind], deep.as_bytes()).status, 400);
    let long = shop.get(&format!("/api/v1/products?q={}", "x".repeat(9_000)), &[]);
    assert_eq!((long.status, long.code().as_str()), (414, "uri_too_long"));
    let heavy = "x".repeat(40_000);
    let headers = shop.get("/api/v1/products", &[("X-Heavy", &heavy)]);
    assert_eq!((headers.status, headers.code().as_str()), (431, "headers_too_large"));
}

#[test]
fn problems_are_said_in_the_callers_language() {
    let shop = served();
    let said = |language: &str| {
        let answer = shop.get("/api/v1/me", &[("Accept-Language", language)]);
        assert_eq!((answer.status, answer.code().as_str()), (401, "sign_in_first"));
        answer.problem()["title"].as_str().unwrap().to_string()
    };
    assert_eq!(said("en"), "Please sign in");
    assert_eq!(said("zh-CN"), "请先登录");
}

#[test]
fn ids_of_requests_are_taken_when_they_are_harmless() {
    let shop = served();
    let id = |given: &str| {
        shop.get("/api/v1/me", &[("X-Request-Id", given)]).header("x-request-id").to_string()
    };
    assert_eq!(id("trace-42:a"), "trace-42:a");
    assert!(id("<script>").starts_with("req_"));
    assert!(id(&"x".repeat(129)).starts_with("req_"));
}

#[test]
fn keys_are_asked_for_and_checked() {
    let shop = served();
    let goods = shop.goods("longjing", 3_900, 10);
    let zoe = shop.token(&shop.zoe);
    let adjust = json!({ "variant": goods.variant, "change": 5, "reason": "found in the cellar" });
    let path = "/api/v1/staff/stock/adjustments";
    let none = shop.call(&zoe, "POST", path, &adjust);
    assert_eq!((none.status, none.code().as_str()), (400, "idempotency.missing"));
    let send = |key: &str, body: &Value| {
        shop.call_with(&zoe, "POST", path, body, &[("Idempotency-Key", key)])
    };
    assert_eq!(send("short", &adjust).code(), "idempotency.malformed");
    let first = send("a-key-of-the-cellar-1", &adjust);
    assert_eq!((first.status, first.header("idempotency-replayed")), (201, ""), "{}", first.text());
    let again = send("a-key-of-the-cellar-1", &adjust);
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, "true"));
    assert_eq!(again.bytes, first.bytes);
    let other = json!({ "variant": goods.variant, "change": 6, "reason": "found in the cellar" });
    let reused = send("a-key-of-the-cellar-1", &other);
    assert_eq!((reused.status, reused.code().as_str()), (422, "idempotency.reused"));
}

#[test]
fn limits_are_told_and_kept() {
    let shop = served();
    let first = shop.get("/api/v1/products", &[]);
    assert_eq!(first.header("ratelimit-policy"), "\"default\";q=600;w=60");
    assert!(first.header("ratelimit").starts_with("\"default\";r=599;"));
    // The clock is held, so the window does not end.
    let mut last = first;
    for _ in 0..600 {
        last = shop.get("/api/v1/group-buys?limit=1", &[]);
    }
    assert_eq!((last.status, last.code().as_str()), (429, "too_many"));
    assert!(!last.header("retry-after").is_empty());
    assert_eq!(last.problem()["retryable"], true);
}
