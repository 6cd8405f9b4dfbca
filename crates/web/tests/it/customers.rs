//! Customers over HTTP: looked after in the console and the API, with what is their own.

use app::consent::{self, SetConsent};
use app::message;
use domain::customer::Purpose;
use serde_json::{Value, json};

use crate::served::{Answer, Served, served};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// A form of the browser with this cookie and key.
fn post(shop: &Served, (cookie, csrf): &(String, String), path: &str, fields: &str) -> Answer {
    let body = format!("csrf={csrf}&{fields}");
    shop.send("POST", path, &[FORM, ("Cookie", cookie)], body.as_bytes())
}

#[test]
fn staff_look_after_customers_in_the_console() {
    let shop = served();
    let tea = shop.goods("tea", 3_900, 10);
    shop.arrived(&shop.ann, &[(tea, 2)]);
    let zoe = shop.browser("zoe");
    let get = |path: &str| shop.get(path, &[("Cookie", &zoe.0)]);
    let list = get("/console/customers");
    assert_eq!(list.status, 200);
    assert!(list.text().contains("a***@example.com") && !list.text().contains("ann@example.com"));
    for asked in ["q=ann", "ordered=yes", "ordered=30", "spent=0-100", "sort=spent", "joined=7"] {
        let text = get(&format!("/console/customers?{asked}")).text();
        assert!(text.contains("a***@example.com"), "{asked}");
    }
    for asked in ["q=nobody", "ordered=never&q=ann", "spent=1000-", "allows=marketing_email"] {
        let text = get(&format!("/console/customers?{asked}")).text();
        assert!(!text.contains("a***@example.com"), "{asked}");
    }
    let ann = shop.ann.person.as_ref().unwrap().id;
    let href = format!("/console/customers/{ann}");
    let page = get(&href);
    assert!(page.status == 200 && !page.text().contains("ann@example.com"));
    assert!(!page.text().contains('⟨'), "a text is missing");
    assert!(post(&shop, &zoe, &format!("{href}/contacts"), "").text().contains("ann@example.com"));
    assert_eq!(post(&shop, &zoe, &format!("{href}/notes"), "text=likes+tea").status, 303);
    assert_eq!(post(&shop, &zoe, &format!("{href}/tags"), "tag=VIP&do=on").status, 303);
    assert_eq!(post(&shop, &zoe, &format!("{href}/block"), "ordering=1").status, 422);
    let block = post(&shop, &zoe, &format!("{href}/block"), "ordering=1&reason=late+parcels");
    assert_eq!(block.status, 303, "{}", block.text());
    let text = get(&href).text();
    for part in ["likes tea", "VIP", "late parcels"] {
        assert!(text.contains(part), "{part}");
    }
    let bob = shop.bob.person.as_ref().unwrap().id;
    let two = format!("survivor={ann}&other={bob}");
    let merged = post(&shop, &zoe, "/console/customers/merges", &two);
    assert_eq!(merged.status, 303, "{}", merged.text());
    assert_eq!(post(&shop, &zoe, "/console/customers/merges", &two).status, 422);
    assert!(get(&format!("{href}?said=customers-merged")).text().contains("b***@example.com"));
    assert_eq!(get(&format!("/console/customers/{bob}")).status, 200);

    let mut file = format!("--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}", zoe.1);
    file.push_str(
        "\r\n--x\r\nContent-Disposition: form-data; name=\"do\"\r\n\r\nimport\r\n--x\r\n",
    );
    file.push_str("Content-Disposition: form-data; name=\"file\"; filename=\"c.csv\"\r\n\r\n");
    file.push_str("Email,Name\ncat@example.com,Cat\nnobody,No\n\r\n--x--\r\n");
    let kind = ("Content-Type", "multipart/form-data; boundary=x");
    let headers = [kind, ("Cookie", zoe.0.as_str())];
    let done = shop.send("POST", "/console/customers/import", &headers, file.as_bytes());
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(shop.number("select count(*) from people where email = 'cat@example.com'"), 1);
    let all = get("/console/customers/export.csv");
    assert!(all.text().contains("cat@example.com") && all.header("cache-control") == "no-store");
}

#[test]
fn a_letter_is_left_with_one_click_and_nobody_signed_in() {
    let shop = served();
    let set = SetConsent { purpose: Purpose::MarketingEmail, given: true, version: None };
    consent::set(&shop.app, &shop.ann, "account", &set).unwrap();
    let (ann, base) = (shop.ann.person.as_ref().unwrap().id, &shop.app.config.base_url);
    let put =
        || shop.app.write(|tx| message::put_marketing(tx, base, ann, "email", ("Tea", "New tea.")));
    put().unwrap();
    let letter = message::list(&shop.app, &shop.mo, None, 1).unwrap().remove(0);
    let path = letter.body.split(base.as_str()).nth(1).unwrap().trim().to_string();
    // Looking at the link changes nothing; what a mail program posts does (RFC 8058).
    assert!(shop.get(&path, &[]).text().contains("<form"));
    assert!(put().is_ok());
    let one_click = shop.send("POST", &path, &[FORM], b"List-Unsubscribe=One-Click");
    assert_eq!(one_click.status, 200, "{}", one_click.text());
    assert_eq!(put().unwrap_err().code(), "customer.no_consent");
    assert_eq!(shop.send("POST", &path, &[FORM], b"").status, 200, "once more is as well");
    let forged = path.replace("marketing_email", "marketing_sms");
    assert!((400..500).contains(&shop.get(&forged, &[]).status));
}

#[test]
fn what_is_one_s_own_is_nobody_else_s() {
    let shop = served();
    shop.goods("tea", 3_900, 10);
    let (ann, bob) = (shop.token(&shop.ann), shop.token(&shop.bob));
    let call = |token: &str, method: &str, path: &str, body: Value| {
        shop.call(token, method, &format!("/api/v1{path}"), &body)
    };
    let like = json!({ "liked": true });
    assert_eq!(call(&ann, "PUT", "/favourites/tea", like.clone()).json()["count"], 1);
    let first = |token: &str| call(token, "GET", "/favourites", Value::Null).json()["data"].clone();
    assert_eq!(first(&ann)[0]["product"]["handle"], "tea");
    assert_eq!(first(&bob), json!([]));
    // A guest's is kept with their session, with a form or a program.
    let guest =
        shop.send("POST", "/favourites", &[FORM], b"product=tea&liked=1&back=/products/tea");
    assert_eq!((guest.status, guest.header("location")), (303, "/products/tea"));
    let page = shop.get("/products/tea", &[("Cookie", &guest.cookie())]).text();
    assert!(page.contains("aria-pressed=\"true\""), "the heart is full for this guest");
    assert!(!shop.get("/products/tea", &[]).text().contains("aria-pressed=\"true\""));
    let away =
        shop.send("POST", "/favourites", &[FORM], b"product=tea&liked=0&back=//evil.example");
    assert_eq!(away.header("location"), "/");

    let allow = json!({ "purpose": "browsing_history", "given": true, "version": 1 });
    let all = call(&ann, "PUT", "/me/consents", allow.clone()).json();
    assert_eq!(all["data"][2]["given"], true);
    let old = json!({ "purpose": "marketing_email", "given": true, "version": 0 });
    assert_eq!(call(&ann, "PUT", "/me/consents", old).code(), "stale");
    let (cookie, _) = shop.browser("ann");
    shop.goods("cup", 1_900, 10);
    for page in ["/products/tea", "/products/cup"] {
        assert_eq!(shop.get(page, &[("Cookie", &cookie)]).status, 200);
    }
    let seen = call(&ann, "GET", "/me/browsing", Value::Null).json();
    assert_eq!(seen["seen"].as_array().unwrap().len(), 2);
    // Hers are on her pages, and on nobody else's.
    let mark = "id=\"h-seen\"";
    assert!(shop.get("/", &[("Cookie", &cookie)]).text().contains(mark));
    let (bobs, _) = shop.browser("bob");
    for headers in [&[][..], &[("Cookie", bobs.as_str())][..]] {
        assert!(!shop.get("/", headers).text().contains(mark));
        assert!(!shop.get("/products/tea", headers).text().contains(mark));
    }
    let export = call(&ann, "POST", "/me/data/exports", json!({}));
    assert_eq!(export.status, 202, "{}", export.text());
    shop.work();
    let id = export.json()["id"].as_str().unwrap().to_string();
    let path = format!("/me/data/exports/{id}/download");
    let code = call(&ann, "POST", "/me/data/code", json!({})).json();
    let code = json!({ "code": code["demo_code"] });
    assert_eq!(call(&bob, "POST", &path, code.clone()).status, 404);
    let file = call(&ann, "POST", &path, code.clone());
    assert!(file.status == 200 && file.text().contains("ann@example.com"), "{}", file.text());
    assert_eq!(call(&ann, "POST", &path, code).code(), "person.code_expired");
    let erased = call(&ann, "POST", "/me/data/erasure", json!({ "code": "000000" }));
    assert_eq!(erased.status, 422, "{}", erased.text());
}
