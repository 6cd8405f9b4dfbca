//! The order desk over HTTP: found, changed, acted on by many, written as files, paid by a link.

use app::checkout::What;
use app::payment::offline;
use serde_json::{Value, json};

use crate::served::{Answer, Served, served};
use crate::trade::{Goods, address};

fn keyed(shop: &Served, token: &str, method: &str, path: &str, body: &Value) -> Answer {
    shop.call_with(token, method, path, body, &[("Idempotency-Key", &crate::trade::key())])
}

fn ordered(shop: &Served, goods: Goods, quantity: i64) -> String {
    let what = What::Now { variant: goods.variant, quantity };
    shop.order(&shop.ann, what).unwrap().order.to_string()
}

#[test]
fn orders_are_changed_by_programs() {
    let shop = served();
    let tea = shop.goods("tea", 3_900, 100);
    let (ann, mo) = (shop.token(&shop.ann), shop.token(&shop.mo));
    let order = ordered(&shop, tea, 3);
    let at = |what: &str| format!("/api/v1/staff/orders/{order}{what}");
    let cheaper = json!({ "total": 9_000, "reason": "a friend" });
    assert_eq!(keyed(&shop, &ann, "POST", &at("/price"), &cheaper).status, 403);
    let changed = keyed(&shop, &mo, "POST", &at("/price"), &cheaper);
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert_eq!(changed.json()["order"]["total"]["minor"], 9_000);
    let noted = keyed(&shop, &mo, "POST", &at("/notes"), &json!({ "text": "rings twice" }));
    assert_eq!((noted.status, noted.header("location")), (201, at("").as_str()));
    let tagged = shop.call(&mo, "POST", &at("/tags"), &json!({ "add": ["VIP"] }));
    assert_eq!(tagged.json()["tags"], json!(["vip"]));
    let mine = shop.call(&ann, "GET", &format!("/api/v1/orders/{order}"), &Value::Null).text();
    assert!(!mine.contains("rings twice") && !mine.contains("vip"));
    let list = |query: &str| {
        let path = format!("/api/v1/staff/orders?{query}");
        shop.call(&mo, "GET", &path, &Value::Null).json()["data"].as_array().unwrap().len()
    };
    assert_eq!((list("tag=vip&paid=false&has_note=true"), list("tag=none")), (1, 0));
    assert_eq!((list("total_from=9000&sort=dearest"), list("total_from=9001")), (1, 0));
    let file = shop.call(&mo, "GET", "/api/v1/staff/exports/orders?per_line=true", &Value::Null);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(file.text().lines().count(), 2);
    // Squeezed together it is the same file: a browser asks for that.
    let gzip = [("Accept-Encoding", "gzip")];
    let exports = "/api/v1/staff/exports/orders?per_line=true";
    let squeezed = shop.call_with(&mo, "GET", exports, &Value::Null, &gzip);
    assert_eq!((squeezed.status, squeezed.header("content-encoding")), (200, "gzip"));
    assert_eq!(shop.call(&ann, "GET", "/api/v1/staff/exports/orders", &Value::Null).status, 403);
    let rows = json!([{ "order": order }]);
    let act = json!({ "what": { "act": "cancel", "reason": "sold" }, "rows": rows });
    let begun = keyed(&shop, &mo, "POST", "/api/v1/staff/order-bulks", &act);
    assert_eq!(begun.status, 202, "{}", begun.text());
    shop.work();
    let bulk = format!("/api/v1/staff/order-bulks/{}", begun.json()["id"].as_str().unwrap());
    assert_eq!(shop.call(&mo, "GET", &bulk, &Value::Null).json()["went"], 1);
    let happened = shop.call(&mo, "GET", &at("/timeline"), &Value::Null).json();
    let kinds: Vec<&str> = happened["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect();
    for kind in ["move", "change", "note", "act", "told"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
}

#[test]
fn staff_work_through_orders_on_pages() {
    let shop = served();
    let tea = shop.goods("tea", 3_900, 100);
    let order = ordered(&shop, tea, 3);
    let (cookie, csrf) = shop.browser("zoe");
    let get = |path: &str| shop.get(path, &[("Cookie", cookie.as_str())]);
    let post = |path: &str, fields: &[(&str, &str)]| {
        let mut body = format!("csrf={csrf}");
        for (name, value) in fields {
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            body.push_str(&format!("&{name}={value}"));
        }
        let headers = [
            ("Cookie", cookie.as_str()),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Sec-Fetch-Site", "same-origin"),
        ];
        shop.send("POST", path, &headers, body.as_bytes())
    };
    let at = |what: &str| format!("/console/orders/{order}{what}");
    let changed = post(&at("/price"), &[("by", "whole"), ("total", "90"), ("reason", "a friend")]);
    assert_eq!(changed.status, 303, "{}", changed.text());
    let refused = post(&at("/price"), &[("by", "whole"), ("total", "-1"), ("reason", "x")]);
    assert_eq!(refused.status, 422);
    assert_eq!(post(&at("/notes"), &[("text", "rings <b>twice</b>")]).status, 303);
    assert_eq!(post(&at("/tags"), &[("add", "vip, gift")]).status, 303);
    let page = get(&at("")).text();
    for said in ["a friend", "rings &#60;b&#62;twice", "gift", "vip"] {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains('⟨'), "a text is missing");
    for path in [
        "/console/orders?tag=vip&from=2026-11-01&to=2026-12-01&least=10&note=yes&sort=dearest",
        "/console/orders/parcels",
        "/console/drafts",
        "/console/drafts/new",
        "/console/stock/import",
        &at("/edit"),
        &format!("/console/orders/print?as=orders&order={order}"),
        &format!("/console/orders/print?as=labels&order={order}&order={order}"),
    ] {
        let answer = get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        assert!(!answer.text().contains('⟨'), "{path}: a text is missing");
    }
    let kept = post("/console/orders/views", &[("view_name", "my vips"), ("tag", "vip")]);
    assert_eq!(kept.status, 303);
    let list = get("/console/orders").text();
    assert!(list.contains("my vips") && list.contains("tag=vip"));
    let file = get("/console/orders/export.csv?tag=vip&rows=lines");
    assert!(file.text().starts_with('\u{feff}') && file.text().lines().count() == 2);
    let many = [("id", order.as_str()), ("act", "tag"), ("tag_names", "urgent")];
    let done = post("/console/orders/bulks", &many);
    assert_eq!(done.status, 303);
    let result = get(done.header("location")).text();
    assert!(result.contains(&order) && !result.contains('⟨'), "{result}");
    let none = post("/console/orders/bulks", &[("act", "pack")]);
    assert!(none.header("location").contains("said=many-none"));
    let linked = post(&at("/pay-link"), &[("do", "show")]).text();
    assert!(linked.contains("/pay/ord_"), "{linked}");
}

/// Whoever has the link pays; nobody learns whose order it is, and a wrong link is nothing.
#[test]
fn a_link_is_paid_by_a_stranger() {
    let shop = served();
    let tea = shop.goods("tea", 3_900, 100);
    let mo = shop.token(&shop.mo);
    let body = json!({
        "contact": "13900139000", "name": "Lao Wang", "address": address(),
        "lines": [{ "variant": tea.variant, "quantity": 2 }], "note": "by the back door",
    });
    let draft = keyed(&shop, &mo, "POST", "/api/v1/staff/drafts", &body);
    assert_eq!(draft.status, 201, "{}", draft.text());
    let at = draft.header("location").to_string();
    let send = json!({ "hours": 24, "version": 1 });
    let sent = keyed(&shop, &mo, "POST", &format!("{at}/sending"), &send).json();
    let url = sent["link"]["url"].as_str().unwrap();
    let path = url.split_once("/pay/").map(|(_, token)| format!("/pay/{token}")).unwrap();
    let page = shop.get(&path, &[]);
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("tea") && page.text().contains("86"));
    for hidden in ["Wang", "139001", "138001", "龙井", "back door"] {
        assert!(!page.text().contains(hidden), "{hidden}");
    }
    assert!(page.text().contains("noindex"));
    let paying = shop.send("POST", &path, &[("Sec-Fetch-Site", "same-origin")], b"");
    assert_eq!(paying.status, 303, "{}", paying.text());
    assert!(paying.header("location").contains("/sandbox/pay/"));
    assert_eq!(shop.get("/pay/ord_0000000000001-0000", &[]).status, 404);
    assert_eq!(shop.get(&path[..path.len() - 1], &[]).status, 404);
}

/// A draft is paid at the counter: chosen by its link, seen by staff on the draft's own page.
#[test]
fn a_draft_is_paid_at_the_counter() {
    let shop = served();
    let tea = shop.goods("tea", 3_900, 100);
    let how = "Pay at the counter in Lane 1".to_string();
    let terms = offline::Terms { active: true, how, how_en: String::new(), days: 3 };
    offline::set(&shop.app, &shop.zoe, terms).unwrap();
    let mo = shop.token(&shop.mo);
    let body = json!({
        "contact": "13900139000", "name": "Lao Wang", "address": address(),
        "lines": [{ "variant": tea.variant, "quantity": 1 }],
    });
    let draft = keyed(&shop, &mo, "POST", "/api/v1/staff/drafts", &body).json();
    let id = draft["id"].as_str().unwrap();
    let send = json!({ "hours": 24, "version": 1 });
    let at = format!("/api/v1/staff/drafts/{id}/sending");
    let sent = keyed(&shop, &mo, "POST", &at, &send).json();
    let (order, total) = (sent["order"].as_str().unwrap(), &sent["total"]["minor"]);
    assert_eq!((&sent["order_status"], &sent["due"]["minor"]), (&json!("pending_payment"), total));
    let path = sent["link"]["url"].as_str().unwrap().split_once("/pay/").unwrap().1;
    let path = format!("/pay/{path}");
    let choose = |total: i64| {
        let body = format!("pay_with=offline&total={total}");
        let form = ("Content-Type", "application/x-www-form-urlencoded");
        shop.send("POST", &path, &[form, ("Sec-Fetch-Site", "same-origin")], body.as_bytes())
    };
    let total = total.as_i64().unwrap();
    let old = choose(total - 1);
    assert_eq!(old.status, 422, "{}", old.text());
    let chosen = choose(total);
    assert_eq!((chosen.status, chosen.header("location")), (303, path.as_str()));
    let page = shop.get(&path, &[]).text();
    assert!(page.contains("Lane 1") && page.contains(order) && !page.contains('⟨'), "{page}");

    let (cookie, csrf) = shop.browser("zoe");
    let get = |path: &str| shop.get(path, &[("Cookie", cookie.as_str())]).text();
    let page = get(&format!("/console/drafts/{id}"));
    assert!(page.contains("popovertarget=\"received\"") && page.contains(&path), "{page}");
    let amount = format!("{}.{:02}", total / 100, total % 100);
    assert!(page.contains(&amount) && !page.contains('⟨'), "{page}");
    let body = format!("csrf={csrf}&key={}&amount={amount}&proof=R-17", crate::trade::key());
    let headers = [
        ("Cookie", cookie.as_str()),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Sec-Fetch-Site", "same-origin"),
    ];
    let receipt = format!("/console/orders/{order}/receipt");
    let seen = shop.send("POST", &receipt, &headers, body.as_bytes());
    assert_eq!(seen.status, 303, "{}", seen.text());
    assert!(seen.header("location").starts_with(&format!("/console/orders/{order}")));
    let page = get(&format!("/console/drafts/{id}"));
    assert!(!page.contains("received") && !page.contains(&path), "the link has done its work");
    assert!(get(&format!("/console/orders/{order}")).contains("R-17"));
}

#[test]
fn stock_is_counted_by_a_file() {
    let shop = served();
    let tea = shop.goods("tea", 3_900, 10);
    let mo = shop.token(&shop.mo);
    let bearer = format!("Bearer {mo}");
    let headers = [("Authorization", bearer.as_str()), ("Content-Type", "text/csv")];
    let path = "/api/v1/staff/imports/stock?reason=counted";
    for changed in [1, 0] {
        let report = shop.send("POST", path, &headers, b"sku,available\ntea,12\n").json();
        assert_eq!((&report["changed"], &report["rows"]), (&json!(changed), &json!(1)));
    }
    assert_eq!(shop.stock(tea).available, 12);
    let plain = [("Authorization", bearer.as_str()), ("Content-Type", "text/plain")];
    assert_eq!(shop.send("POST", path, &plain, b"x").status, 415);
    let file = shop.call(&mo, "GET", "/api/v1/staff/exports/stock", &Value::Null).text();
    assert!(file.contains(",tea,tea,,12,0,0,0,0,"), "{file}");
}
