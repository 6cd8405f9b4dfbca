//! The first sale told as JSON: goods, a quote, an order, its payment and its parcel; a team.

use app::sandbox::{self, Act};
use app::work;
use serde_json::{Value, json};

use crate::served::{Answer, Served, served};
use crate::trade::{self, Goods};

fn address() -> Value {
    json!(trade::address())
}

fn order_of(goods: &Goods, quantity: i64) -> Value {
    let what = json!({ "kind": "now", "variant": goods.variant, "quantity": quantity });
    json!({ "what": what, "address": address() })
}

/// A request with a key.
fn keyed(shop: &Served, token: &str, path: &str, body: &Value, key: &str) -> Answer {
    shop.call_with(token, "POST", path, body, &[("Idempotency-Key", key)])
}

/// Delivers what the provider has to say, over HTTP, and answers with the statuses.
fn hear(shop: &Served) -> Vec<u16> {
    let notices = sandbox::take_due(&shop.app).unwrap();
    let sent = notices.iter().map(|notice| {
        let headers = [
            ("Content-Type", "application/json"),
            ("webhook-id", notice.id.as_str()),
            ("webhook-timestamp", notice.timestamp.as_str()),
            ("webhook-signature", notice.signature.as_str()),
        ];
        shop.send("POST", "/hooks/payments/sandbox", &headers, notice.body.as_bytes()).status
    });
    sent.collect()
}

/// Pays an order as its buyer would, at the provider's page.
fn pay(shop: &Served, token: &str, order: &str, act: Act) {
    let path = format!("/api/v1/orders/{order}/payment");
    let begun = keyed(shop, token, &path, &json!({}), &format!("pay-{order}"));
    assert_eq!(begun.status, 200, "{}", begun.text());
    let url = begun.json()["pay_url"].as_str().unwrap().to_string();
    let reference = url.rsplit('/').next().unwrap().to_string();
    sandbox::act(&shop.app, &reference, act).unwrap();
}

#[test]
fn an_order_is_placed_paid_and_shipped() {
    let shop = served();
    let goods = shop.goods("longjing", 3_900, 10);
    let (ann, bob, mo) = (shop.token(&shop.ann), shop.token(&shop.bob), shop.token(&shop.mo));
    let what = json!({ "what": { "kind": "now", "variant": goods.variant, "quantity": 2 } });
    let quote = shop.call(&ann, "POST", "/api/v1/quotes", &what);
    assert_eq!(quote.json()["subtotal"], json!({ "minor": 7_800, "currency": "CNY" }));

    let body = order_of(&goods, 2);
    let placed = keyed(&shop, &ann, "/api/v1/orders", &body, "order-of-ann-000001");
    assert_eq!(placed.status, 201, "{}", placed.text());
    let again = keyed(&shop, &ann, "/api/v1/orders", &body, "order-of-ann-000001");
    assert_eq!((again.status, &again.bytes), (201, &placed.bytes));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.header("location"), placed.header("location"));
    let order = placed.json()["order"].as_str().unwrap().to_string();
    let path = format!("/api/v1/orders/{order}");
    assert_eq!(placed.header("location"), path);

    // Somebody else's order is not there.
    assert_eq!(shop.call(&bob, "GET", &path, &Value::Null).code(), "not_found");
    let seen = shop.call(&ann, "GET", &path, &Value::Null);
    assert_eq!(seen.json()["status"], "pending_payment");
    let tag = seen.header("etag").to_string();
    let same = shop.call_with(&ann, "GET", &path, &Value::Null, &[("If-None-Match", &tag)]);
    assert_eq!((same.status, same.bytes.len()), (304, 0));

    pay(&shop, &ann, &order, Act::PayTwice);
    assert_eq!(hear(&shop), [200]);
    shop.clock.advance(domain::moment::Span::seconds(2));
    assert_eq!(hear(&shop), [200], "a notice that comes again is answered alike");
    let seen = shop.call(&ann, "GET", &path, &Value::Null);
    assert_eq!(seen.json()["status"], "to_ship");
    assert_ne!(seen.header("etag"), tag);

    let parcel = json!({ "carrier": "SF", "tracking": "SF1234567890" });
    let shipments = format!("/api/v1/staff/orders/{order}/shipments");
    let shipped = keyed(&shop, &mo, &shipments, &parcel, "shipment-of-mo-0001");
    assert_eq!(shipped.status, 201, "{}", shipped.text());
    let twice = keyed(&shop, &mo, &shipments, &parcel, "shipment-of-mo-0001");
    assert_eq!((twice.status, &twice.bytes), (201, &shipped.bytes));
    assert_eq!(twice.header("idempotency-replayed"), "true");
    let other = keyed(&shop, &mo, &shipments, &parcel, "shipment-of-mo-0002");
    assert_eq!((other.status, other.code().as_str()), (409, "order.not_now"));

    let receipt = format!("{path}/receipt");
    let received = keyed(&shop, &ann, &receipt, &json!({}), "receipt-of-ann-0001");
    assert_eq!(received.json()["status"], "delivered", "{}", received.text());
}

#[test]
fn a_team_fills_over_the_api() {
    let shop = served();
    let goods = shop.goods("longjing", 3_900, 10);
    app::rehearsal::licensed(&shop.app, &shop.zoe).unwrap();
    let zoe = shop.token(&shop.zoe);
    let templates = shop.call(&zoe, "GET", "/api/v1/staff/group-buy-templates", &Value::Null);
    let settings = templates.json()["data"][0]["settings"].clone();
    let new = json!({
        "title": "Longjing together",
        "product": goods.product,
        "starts_at": "2026-11-21T07:00:00.000Z",
        "ends_at": "2026-12-21T07:00:00.000Z",
        "settings": settings,
        "variants": [{ "variant": goods.variant, "price": 2_900, "quota": 4 }],
        "launch": true,
    });
    let made = keyed(&shop, &zoe, "/api/v1/staff/group-buys", &new, "group-buy-of-zoe-001");
    assert_eq!(made.status, 201, "{}", made.text());
    let group_buy = made.json()["id"].as_str().unwrap().to_string();
    let (ann, bob) = (shop.token(&shop.ann), shop.token(&shop.bob));

    let what = json!({
        "kind": "open_team", "group_buy": group_buy, "variant": goods.variant, "quantity": 1
    });
    let body = json!({ "what": what, "address": address() });
    let opened = keyed(&shop, &ann, "/api/v1/orders", &body, "team-of-ann-0000001").json();
    let team = opened["team"].as_str().unwrap().to_string();
    pay(&shop, &ann, opened["order"].as_str().unwrap(), Act::Pay);
    hear(&shop);
    let listed = shop.get("/api/v1/teams", &[]).json();
    assert_eq!(listed["data"][0]["id"], json!(team));
    assert_eq!(listed["data"][0]["missing"], 1);

    let members = format!("/api/v1/teams/{team}/members");
    let join = json!({ "variant": goods.variant, "address": address() });
    let joined = keyed(&shop, &bob, &members, &join, "team-of-bob-0000001");
    assert_eq!(joined.status, 201, "{}", joined.text());
    let eve = shop.token(&shop.eve);
    let full = keyed(&shop, &eve, &members, &join, "team-of-eve-0000001");
    assert_eq!((full.status, full.code().as_str()), (409, "group_buy.full"));
    pay(&shop, &bob, joined.json()["order"].as_str().unwrap(), Act::Pay);
    hear(&shop);
    work::drain(&shop.app).unwrap();
    let team = shop.get(&format!("/api/v1/teams/{team}"), &[]).json();
    assert_eq!(team["status"], "succeeded");
    assert_eq!(team["confirmed"], 2);
}

#[test]
fn notices_of_strangers_are_not_believed() {
    let shop = served();
    let body = json!({ "event_id": "evt_1", "reference": "x", "status": "paid", "amount": 1,
                       "currency": "CNY" });
    let headers =
        [("webhook-id", "evt_1"), ("webhook-timestamp", "1"), ("webhook-signature", "v1,00")];
    let send = |headers: &[(&str, &str)]| {
        shop.send("POST", "/hooks/payments/sandbox", headers, body.to_string().as_bytes())
    };
    let forged = send(&headers);
    assert_eq!((forged.status, forged.code().as_str()), (401, "payment.bad_signature"));
    assert_eq!(send(&headers[..2]).status, 400);
}

#[test]
fn changing_a_product_needs_the_version_that_was_read() {
    let shop = served();
    let goods = shop.goods("longjing", 3_900, 10);
    let (zoe, mo) = (shop.token(&shop.zoe), shop.token(&shop.mo));
    let path = format!("/api/v1/staff/products/{}", goods.product);
    let read = shop.call(&zoe, "GET", &path, &Value::Null);
    assert_eq!(read.header("etag"), "\"1\"", "{}", read.text());
    let found = read.json();
    let input = json!({
        "title": "Longjing of the first picking",
        "handle": "longjing",
        "status": "active",
        "variants": [{ "id": found["variants"][0]["id"],
                       "price": { "minor": 4_200, "currency": "CNY" } }],
    });
    let put = |token: &str, tag: &[(&str, &str)]| shop.call_with(token, "PUT", &path, &input, tag);
    let none = put(&zoe, &[]);
    assert_eq!((none.status, none.code().as_str()), (428, "precondition_required"));
    let first = put(&zoe, &[("If-Match", "\"1\"")]);
    assert_eq!(first.status, 200, "{}", first.text());
    assert_ne!(first.header("etag"), "\"1\"");
    let late = put(&mo, &[("If-Match", "\"1\"")]);
    assert_eq!((late.status, late.code().as_str()), (412, "stale"));
}

#[test]
fn lists_are_walked_by_signed_cursors() {
    let shop = served();
    let goods = shop.goods("longjing", 3_900, 100);
    let ann = shop.token(&shop.ann);
    for number in 0..5 {
        let body = order_of(&goods, 1);
        let key = format!("order-number-{number:06}");
        assert_eq!(keyed(&shop, &ann, "/api/v1/orders", &body, &key).status, 201);
    }
    let list =
        |query: &str| shop.call(&ann, "GET", &format!("/api/v1/orders{query}"), &Value::Null);
    let mut seen: Vec<String> = Vec::new();
    let mut next = String::new();
    loop {
        let page = list(&format!("?limit=2{next}")).json();
        let ids = page["data"].as_array().unwrap().iter().map(|one| one["id"].to_string());
        seen.extend(ids);
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    assert_eq!(seen.len(), 5);
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    sorted.reverse();
    assert_eq!(seen, sorted, "the latest first, each once");
    assert_eq!(list("?limit=0").status, 400);
    assert_eq!(list("?limit=101").status, 400);
    assert_eq!(list("?cursor=made-up-made-up-made-up").status, 400);
    // A cursor of another list is no cursor of this one.
    let cursor = list("?limit=2").json()["next_cursor"].as_str().unwrap().to_string();
    assert_eq!(list(&format!("?shelf=to_pay&cursor={cursor}")).status, 400);
}

#[test]
fn the_document_and_its_page_are_served() {
    let shop = served();
    let document = shop.get("/api/openapi.json", &[]).json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for language in ["zh-CN", "en"] {
        let page = shop.get("/api", &[("Accept-Language", language)]);
        assert_eq!(page.status, 200);
        let text = page.text();
        assert!(!text.contains('⟨'), "a text is missing in {language}");
        assert!(text.contains("/api/v1/teams/{team}/members"));
        assert!(text.contains("group_buy.full"));
        assert!(!text.contains("<script"), "the reference needs no script");
    }
}
