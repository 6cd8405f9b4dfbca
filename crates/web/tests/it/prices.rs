//! Prices over HTTP: whose price a page shows, in which currency, and what staff set.

use serde_json::{Value, json};

use crate::served::{Answer, Served, served};

fn keyed(shop: &Served, token: &str, path: &str, body: &Value, key: &str) -> Answer {
    shop.call_with(token, "POST", path, body, &[("Idempotency-Key", key)])
}

fn told(shop: &Served, path: &str, headers: &[(&str, &str)]) -> Value {
    let page = shop.get(path, headers).text();
    let data = page.split("application/ld+json\">").nth(1).unwrap();
    serde_json::from_str(data.split("</script>").next().unwrap()).unwrap()
}

/// Sends a form of the console as zoe.
fn post(shop: &Served, (cookie, csrf): &(String, String), path: &str, form: &str) -> Answer {
    let body = format!("csrf={csrf}&{form}");
    let headers = [
        ("Cookie", cookie.as_str()),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Sec-Fetch-Site", "same-origin"),
    ];
    shop.send("POST", path, &headers, body.as_bytes())
}

#[test]
fn a_member_sees_their_price_and_everybody_else_the_ordinary_one() {
    let shop = served();
    let tea = shop.goods("tea", 5_000, 100);
    let (ann, zoe) = (shop.token(&shop.ann), shop.token(&shop.zoe));
    let staff = "/api/v1/staff";
    let group = json!({ "name": "金卡", "name_en": "Gold", "level": 3 });
    let path = format!("{staff}/customer-groups");
    assert_eq!(keyed(&shop, &ann, &path, &group, "group-of-ann-00001").status, 403);
    let group = keyed(&shop, &zoe, &path, &group, "group-of-zoe-00001");
    assert_eq!(group.status, 201, "{}", group.text());
    let group = group.json()["id"].as_str().unwrap().to_string();
    let who = json!({ "person": "ann@example.com" });
    let put_in = shop.call(&zoe, "POST", &format!("{path}/{group}/members"), &who);
    assert_eq!(put_in.json()["name"], "ann", "{}", put_in.text());

    let cut = json!({ "over": { "kind": "everything" }, "off": 1000 });
    let list = json!({ "name": "gold", "groups": [group], "cuts": [cut] });
    let lists = format!("{staff}/price-lists");
    let made = keyed(&shop, &zoe, &lists, &list, "list-of-zoe-000001");
    assert_eq!(made.status, 201, "{}", made.text());
    let list = format!("{lists}/{}", made.json()["id"].as_str().unwrap());
    let price = json!({ "variant": tea.variant.to_string(), "from": 10, "price": 4000 });
    let put = shop.call(&zoe, "PUT", &format!("{list}/prices"), &json!({ "prices": [price] }));
    assert_eq!(put.json()["prices"], 1, "{}", put.text());
    let file = shop.call(&zoe, "GET", &format!("{list}/file"), &Value::Null);
    assert!(file.text().contains(",10,40.00,CNY,"), "{}", file.text());

    let seen = |token: &str| {
        let page = shop.call(token, "GET", "/api/v1/products/tea", &Value::Null).json();
        page["product"]["variants"][0].clone()
    };
    assert_eq!(
        (seen("")["price"]["minor"].as_i64(), &seen("")["tiers"]),
        (Some(5_000), &json!([]))
    );
    assert_eq!(seen(&ann)["price"]["minor"], 4_500);
    assert_eq!(seen(&ann)["because"], "level");
    assert_eq!(seen(&ann)["tiers"][1]["unit_price"]["minor"], 4_000);
    // The page shows the table, in words; a stranger's does not.
    let (cookie, _) = shop.browser("ann");
    let page = shop.get("/products/tea", &[("Cookie", cookie.as_str())]).text();
    assert!(page.contains("class=\"tiers") && page.contains("40.00"), "{page}");
    let page = shop.get("/products/tea", &[]).text();
    assert!(!page.contains("class=\"tiers") && page.contains("50"));
    let cards = shop.call(&ann, "GET", "/api/v1/products", &Value::Null).json();
    assert_eq!(cards["data"][0]["product"]["price"]["minor"], 4_500);
    let probe = json!({ "goods": "tea", "quantity": 10, "person": "ann@example.com" });
    let said = shop.call(&zoe, "POST", &format!("{staff}/price-probes"), &probe).json();
    assert_eq!(said["data"][0]["list_name"], "gold");
}

#[test]
fn a_visitor_chooses_a_currency_and_it_is_remembered() {
    let shop = served();
    shop.goods("tea", 5_000, 100);
    let zoe = shop.token(&shop.zoe);
    let euro = json!({ "others": [{ "currency": "EUR", "rate": "0.128", "step": 10 }] });
    let put = shop.call(&zoe, "PUT", "/api/v1/staff/currencies", &euro);
    assert_eq!(put.status, 200, "{}", put.text());
    let chosen = shop.get("/products/tea?currency=EUR", &[]);
    assert!(chosen.header("set-cookie").contains("pw_currency=EUR"), "{}", chosen.text());
    let cookie = [("Cookie", "pw_currency=EUR")];
    let offers = told(&shop, "/products/tea", &cookie)["offers"].clone();
    assert_eq!((&offers["priceCurrency"], &offers["lowPrice"]), (&json!("EUR"), &json!("6.40")));
    assert_eq!(told(&shop, "/products/tea", &[])["offers"]["priceCurrency"], "CNY");
    // The switch is at the foot of the page, with what is chosen marked.
    let page = shop.get("/products/tea", &cookie).text();
    let mark = page.split("currency=EUR").nth(1).unwrap().split('>').next().unwrap();
    assert!(mark.contains("aria-current"), "{mark}");
    let dollars = [("Cookie", "pw_currency=USD")];
    assert_eq!(told(&shop, "/products/tea", &dollars)["offers"]["priceCurrency"], "CNY");
    let header = [("X-Currency", "EUR")];
    let seen = shop.call_with("", "GET", "/api/v1/products/tea", &Value::Null, &header).json();
    assert_eq!(seen["product"]["price"]["currency"], "EUR");
}

#[test]
fn the_console_sets_tax_and_prices_without_script() {
    let shop = served();
    let tea = shop.goods("tea", 10_000, 100);
    let desk = shop.browser("zoe");
    let see = |path: &str| {
        let page = shop.get(path, &[("Cookie", desk.0.as_str())]);
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        page.text()
    };
    let done = |answer: Answer| {
        assert_eq!(answer.status, 303, "{}", answer.text());
        answer.header("location").to_string()
    };
    see("/console/tax");
    let form = "way=added&rule-0-area=CN&rule-0-class=standard&rule-0-rate=13&home=CN";
    done(post(&shop, &desk, "/console/tax", form));
    assert!(see("/console/tax").contains("value=\"13\""));
    let refused = post(&shop, &desk, "/console/tax", "way=added&rule-0-area=China&rule-0-rate=1");
    assert_eq!(refused.status, 422);
    let what = json!({ "what": { "kind": "now", "variant": tea.variant.to_string(),
        "quantity": 1 } });
    let quote = shop.call("", "POST", "/api/v1/quotes", &what).json();
    assert_eq!(
        (quote["tax"]["minor"].as_i64(), quote["lines"][0]["tax_rate"].as_i64()),
        (Some(1_300), Some(1_300))
    );

    see("/console/customer-groups");
    let group = "key=key_of_zoe_for_groups_1&name=Gold&level=3";
    let group = done(post(&shop, &desk, "/console/customer-groups", group));
    let group = group.split('?').next().unwrap();
    done(post(&shop, &desk, &format!("{group}/members"), "person=ann%40example.com"));
    // Contacts in lists are masked; whoever may see them does so on the customer's own page.
    assert!(see(group).contains("a***@example.com"));
    let nobody = post(&shop, &desk, &format!("{group}/members"), "person=nobody%40example.com");
    assert_eq!(nobody.status, 422);

    see("/console/prices");
    see("/console/prices/new");
    let list =
        "key=key_of_zoe_for_lists_01&name=Spring&active=1&cut-0-over=everything&cut-0-off=20";
    let list = done(post(&shop, &desk, "/console/prices", list));
    let list = list.split(['?', '#']).next().unwrap();
    done(post(&shop, &desk, &format!("{list}/prices"), "new-0-goods=tea&new-0-price=75"));
    assert!(see(list).contains("75.00"));
    let quote = shop.call("", "POST", "/api/v1/quotes", &what).json();
    assert_eq!(quote["subtotal"]["minor"], 7_500);
    assert!(see("/console/prices?goods=tea&quantity=1").contains("Spring"));
    assert!(see("/console/prices/evidence?goods=tea").contains("Spring"));
    see("/console/currencies");
    done(post(&shop, &desk, "/console/currencies", "USD-on=1&USD-rate=0.1389&USD-step=1"));
    assert!(see("/console/currencies").contains("0.1389"));
    let bad = post(&shop, &desk, "/console/currencies", "USD-on=1&USD-rate=many");
    assert_eq!(bad.status, 422);
}

#[test]
fn a_list_of_people_is_pasted_and_a_campaign_is_for_it() {
    let shop = served();
    let zoe = shop.token(&shop.zoe);
    let desk = shop.browser("zoe");
    let done = |answer: Answer| {
        assert_eq!(answer.status, 303, "{}", answer.text());
        answer.header("location").to_string()
    };
    let see = |path: &str| shop.get(path, &[("Cookie", desk.0.as_str())]).text();
    assert!(see("/console/saved-lists").contains("/console/saved-lists"));
    let form = "key=saved-list-of-zoe-01&name=Tea+friends";
    let at = done(post(&shop, &desk, "/console/saved-lists", form));
    let at = at.split('?').next().unwrap().to_string();
    let again = "key=saved-list-of-zoe-02&name=Tea+friends";
    assert_eq!(post(&shop, &desk, "/console/saved-lists", again).status, 422);
    // A file as a spreadsheet writes it: ann is there twice, and one line is nobody's.
    let pasted = "people=email,name%0Aann%40example.com,Ann%0A%22ann%40example.com%22%0A\
        nobody%40example.com";
    let page = post(&shop, &desk, &format!("{at}/people"), pasted);
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("nobody@example.com") && page.text().contains(">ann<"));
    let id = at.rsplit('/').next().unwrap().to_string();
    let lists = "/api/v1/staff/saved-lists";
    let seen = shop.call(&zoe, "GET", lists, &Value::Null).json();
    assert_eq!(seen["data"][0]["people"], 1, "{seen}");
    let ann = shop.call(&zoe, "GET", &format!("{lists}/{id}/people"), &Value::Null).json();
    let ann = ann["data"][0]["person"].as_str().unwrap().to_string();

    let path = "/api/v1/staff/campaigns/template?mechanic=check_in";
    let mut put = shop.call(&zoe, "GET", path, &Value::Null).json();
    put["frame"]["title"] = json!("Tea friends check in");
    put["frame"]["audience"] = json!({ "kind": "list", "list": id });
    let made = keyed(&shop, &zoe, "/api/v1/staff/campaigns", &put, "campaign-of-list-1");
    assert_eq!(made.status, 201, "{}", made.text());
    assert!(
        see(&format!("/console/campaigns/{}/edit", made.json()["id"].as_str().unwrap()))
            .contains("Tea friends")
    );
    let removal = shop.call(&zoe, "DELETE", &format!("{lists}/{id}"), &Value::Null);
    assert_eq!(
        (removal.status, removal.json()["code"].as_str()),
        (409, Some("campaign.list_in_use"))
    );
    done(post(&shop, &desk, &format!("{at}/people/{ann}/removal"), ""));
    // From her own page she comes back.
    let hers = format!("/console/saved-lists?person={ann}");
    assert!(see(&format!("/console/customers/{ann}")).contains(&hers));
    assert!(see(&hers).contains(&format!("value=\"{ann}\"")));
    done(post(&shop, &desk, &format!("{at}/people"), &format!("people={ann}")));
    done(post(&shop, &desk, &format!("{at}/people/{ann}/removal"), ""));
    let seen = shop.call(&zoe, "GET", lists, &Value::Null).json();
    assert_eq!(seen["data"][0]["people"], 0, "{seen}");
}
