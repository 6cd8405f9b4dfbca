//! Letters over HTTP: words, choices, gateways and the outbox, by console, storefront and API.

use app::work;
use serde_json::{Value, json};

use crate::served::{Answer, Served, served};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// A form of the browser with this cookie and key.
fn post(shop: &Served, (cookie, csrf): &(String, String), path: &str, fields: &str) -> Answer {
    let body = format!("csrf={csrf}&{fields}");
    shop.send("POST", path, &[FORM, ("Cookie", cookie)], body.as_bytes())
}

/// A demo keeps its letters to be read, so nothing needs to carry them.
fn demo() -> Served {
    let shop = served();
    let demo = "update shop set demo = 1";
    shop.app.write(|tx| tx.run(demo, &[]).map(|_| ())).unwrap();
    shop
}

#[test]
fn words_are_changed_looked_at_and_taken_back_in_the_console() {
    let shop = demo();
    let zoe = shop.browser("zoe");
    let get = |path: &str| shop.get(path, &[("Cookie", &zoe.0)]);
    let here = "/console/outbox/letters/order_paid/email/en";
    for path in ["/console/outbox", "/console/outbox/letters", "/console/outbox/gateways", here] {
        let page = get(path);
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text().contains('⟨'), "{path}: a text is missing");
    }
    assert_eq!(get("/console/outbox/letters/order_paid/inbox/en").status, 404);
    assert_eq!(get("/console/outbox/letters/nothing/email/en").status, 404);
    let unknown = post(&shop, &zoe, here, "do=save&version=0&subject=Paid&body=%7Bprice%7D");
    assert_eq!(unknown.status, 422);
    assert!(unknown.text().contains("price") && unknown.text().contains("{price}"));
    let words = "subject=Thank+you+for+%7Bproduct%7D&body=Dear+%7Bname%7D";
    let seen = post(&shop, &zoe, here, &format!("do=preview&version=0&{words}"));
    assert!(seen.text().contains("Dear zoe"), "{}", seen.text());
    let sent = post(&shop, &zoe, here, &format!("do=test&version=0&{words}"));
    assert!(sent.text().contains("zoe@example.com"), "{}", sent.text());
    let kept = post(&shop, &zoe, here, &format!("do=save&version=0&{words}"));
    assert_eq!(kept.status, 303, "{}", kept.text());
    assert_eq!(post(&shop, &zoe, here, "do=off").status, 422, "a receipt is sent in any case");
    assert!(get(here).text().contains("Thank you for {product}"));
    assert_eq!(post(&shop, &zoe, here, "do=reset").status, 303);
    assert!(!get(here).text().contains("Thank you for {product}"));
    let off = "/console/outbox/letters/order_shipped/email/zh-CN";
    assert_eq!(post(&shop, &zoe, off, "do=off").status, 303);
    assert_eq!(shop.number("select count(*) from letters_off"), 1);
    assert_eq!(post(&shop, &zoe, off, "do=on").status, 303);
    assert_eq!(shop.number("select count(*) from letters_off"), 0);
    assert!(shop.app.read(app::staff_act::verify).unwrap().is_none());
}

#[test]
fn what_was_sent_is_narrowed_and_read_and_readers_choose() {
    let shop = demo();
    let tea = shop.goods("tea", 3_900, 10);
    shop.shipped(&shop.ann, &[(tea, 1)]);
    work::drain(&shop.app).unwrap();
    let zoe = shop.browser("zoe");
    let get = |path: &str| shop.get(path, &[("Cookie", &zoe.0)]).text();
    let all = get("/console/outbox");
    assert!(all.contains("付款成功") && all.contains("已发货"), "{all}");
    let some = get("/console/outbox?state=caught&channel=email&letter=order_shipped");
    assert!(!some.contains("<b>付款成功") && some.contains("<b>已发货"), "{some}");
    assert!(!get("/console/outbox?state=dead").contains("<b>已发货"));

    let ann = shop.browser("ann");
    let page = shop.get("/account/letters", &[("Cookie", &ann.0)]);
    assert!(page.status == 200 && !page.text().contains('⟨'), "{}", page.text());
    assert!(!page.text().contains("staff_orders"));
    let set = post(&shop, &ann, "/account/letters", "group=orders&channel=email&on=0");
    assert_eq!(set.status, 303, "{}", set.text());
    assert_eq!(shop.number("select count(*) from letter_choices where wanted = 0"), 1);
    let locked = post(&shop, &ann, "/account/letters", "group=security&channel=email&on=0");
    assert_eq!(locked.status, 409);

    // The link in a letter, by nobody in particular and with one click.
    let body = "select body from messages where letter = 'order_shipped'";
    let body: String = shop.app.read(|tx| tx.one(body, &[], |row| row.get(0))).unwrap();
    let path = body.split("http://127.0.0.1").last().unwrap();
    let path = path.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit()).trim();
    assert!(shop.get(path, &[]).status == 200, "{path}");
    let click = shop.send("POST", path, &[FORM], b"List-Unsubscribe=One-Click");
    assert_eq!(click.status, 200, "{}", click.text());
    assert!((400..500).contains(&shop.get(&path.replace("orders", "teams"), &[]).status));
}

#[test]
fn programs_do_what_people_do_with_letters() {
    let shop = demo();
    let (zoe, ann) = (shop.token(&shop.zoe), shop.token(&shop.ann));
    let call = |token: &str, method: &str, path: &str, body: Value| {
        shop.call(token, method, &format!("/api/v1{path}"), &body)
    };
    let list = call(&zoe, "GET", "/staff/letters", Value::Null).json();
    let shipped = list["data"].as_array().unwrap().iter();
    let shipped = shipped.into_iter().find(|one| one["letter"] == "order_shipped").unwrap();
    assert_eq!(shipped["group"], "orders");
    assert!(shipped["fields"].to_string().contains("tracking"), "{shipped}");
    let at = "/staff/letters/order_shipped/email/words/en";
    let set = |body: &str, version| {
        let words = json!({ "subject": "Sent", "body": body, "version": version });
        call(&zoe, "PUT", at, words)
    };
    let refused = set("{discount}", 0);
    assert_eq!(refused.status, 422);
    assert_eq!(refused.json()["code"], "letter.no_such_field");
    assert_eq!(set("{product}", 0).json()["version"], 1);
    assert_eq!(set("{product}!", 0).status, 412);
    assert_eq!(call(&zoe, "DELETE", at, Value::Null).json()["own"], false);
    assert_eq!(call(&ann, "GET", "/staff/letters", Value::Null).status, 403);
    let off = json!({ "on": false });
    let switch = |letter: &str| {
        call(&zoe, "PUT", &format!("/staff/letters/{letter}/email"), off.clone()).status
    };
    assert_eq!((switch("team_joined"), switch("refunded")), (204, 409));

    let mine = json!({ "group": "orders", "channel": "sms", "on": true });
    let chosen = call(&ann, "PUT", "/me/letters", mine);
    assert_eq!(chosen.status, 200, "{}", chosen.text());
    assert_eq!(call(&ann, "GET", "/me/letters", Value::Null).json()["data"][0]["group"], "orders");
    let inside = json!({ "url": "https://169.254.169.254/", "on": true });
    assert_eq!(call(&zoe, "PUT", "/staff/letter-gateways/sms", inside).status, 422);
    assert_eq!(
        call(&zoe, "GET", "/staff/letter-gateways", Value::Null).json()["data"][0]["on"],
        false
    );
    let nothing = "/staff/letter-gateways/email";
    assert_eq!(
        call(&zoe, "PUT", nothing, json!({ "url": "https://x.example", "on": true })).status,
        404
    );
}
