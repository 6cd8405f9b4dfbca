//! Where parcels go: the lists an address is picked from, and what is asked about a place that
//! looks wrong.

use crate::served::{Answer, Served, served};

fn post(shop: &Served, path: &str, (cookie, csrf): &(String, String), fields: &str) -> Answer {
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let headers = [form, ("Cookie", cookie.as_str()), ("Sec-Fetch-Site", "same-origin")];
    shop.send("POST", path, &headers, format!("csrf={csrf}&{fields}").as_bytes())
}

/// What an address form sends without script.
fn at(province: &str, city: &str, district: &str) -> String {
    format!(
        "name=ann&phone=13800138000&country=CN&province={province}&region=&city={city}\
         &district={district}&line1=1&line2=&postcode="
    )
}

/// The value of a field of the page.
fn value(page: &str, name: &str) -> String {
    let field = page.split(&format!(" name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
    field.split('"').next().unwrap_or_default().to_string()
}

#[test]
fn provinces_have_cities_and_cities_districts_for_everybody() {
    let shop = served();
    let all = shop.get("/api/v1/provinces", &[]);
    assert_eq!(all.json()["data"].as_array().unwrap().len(), 34);
    for name in ["CN-ZJ", "zj", "Zhejiang", "%E6%B5%99%E6%B1%9F%E7%9C%81"] {
        let one = shop.get(&format!("/api/v1/provinces/{name}"), &[]);
        assert_eq!(one.header("cache-control"), "public, max-age=86400");
        let told = one.json();
        assert_eq!((&told["code"], &told["name"]), (&"CN-ZJ".into(), &"浙江省".into()));
        let first = &told["cities"][0];
        assert_eq!(first["name"], "杭州市");
        let district = serde_json::json!({ "name": "西湖区", "sound": "Xihu" });
        let districts = first["districts"].as_array().unwrap();
        assert!(districts.contains(&district), "{districts:?}");
        // Once a day is enough, and then it is not sent again.
        let tag = one.header("etag");
        let again = shop.get(&format!("/api/v1/provinces/{name}"), &[("If-None-Match", tag)]);
        assert_eq!((again.status, again.bytes.len()), (304, 0));
    }
    assert_eq!(shop.get("/api/v1/provinces/CN-TW", &[]).json()["cities"], serde_json::json!([]));
    assert_eq!(shop.get("/api/v1/provinces/atlantis", &[]).code(), "not_found");
    // What is fetched for one address is small.
    for province in domain::region::PROVINCES {
        let one = shop.get(&format!("/api/v1/provinces/{}", province.code), &[]);
        assert!(one.status == 200 && one.bytes.len() < 16_000, "{}", province.name);
    }
}

#[test]
fn without_script_the_lists_come_with_the_page() {
    let shop = served();
    let ann = shop.browser("ann");
    let path = "/account/addresses";
    let page = shop.get(&format!("{path}/new"), &[("Cookie", &ann.0)]).text();
    assert!(page.contains("value=\"places\"") && !page.contains("<option value=\"杭州市\">"));
    // The province alone is chosen: its cities are there, and nothing is kept or complained about.
    let cities = post(&shop, path, &ann, &format!("{}&do=places", at("浙江省", "", "")));
    let page = cities.text();
    assert_eq!(cities.status, 200);
    assert!(
        page.contains("<option value=\"杭州市\">") && page.contains("<option value=\"宁波市\">")
    );
    assert!(!page.contains("<option value=\"西湖区\">") && !page.contains("class=\"error\""));
    // And with the city, its districts.
    let page = post(&shop, path, &ann, &format!("{}&do=places", at("浙江省", "杭州", ""))).text();
    assert!(page.contains("<option value=\"西湖区\">") && !page.contains("玄武区"));
    assert_eq!(value(&page, "city"), "杭州");
    assert_eq!(shop.number("select count(*) from addresses"), 0);
    let kept = post(&shop, path, &ann, &at("浙江省", "杭州", "西湖"));
    assert_eq!(kept.status, 303, "{}", kept.text());
    // Another address is likely to be near: the place of the usual one is there already.
    let page = shop.get(&format!("{path}/new"), &[("Cookie", &ann.0)]).text();
    assert_eq!((value(&page, "city"), value(&page, "district")), ("杭州".into(), "西湖".into()));
    assert_eq!(value(&page, "line1"), "");
}

#[test]
fn a_place_that_is_elsewhere_is_asked_about_once_and_a_new_one_never() {
    let shop = served();
    let ann = shop.browser("ann");
    let path = "/account/addresses";
    let count = || shop.number("select count(*) from addresses");
    let wrong = at("浙江省", "杭州市", "海淀区");
    let asked = post(&shop, path, &ann, &format!("{wrong}&asked="));
    let page = asked.text();
    assert_eq!((asked.status, count()), (422, 0));
    assert!(page.contains("id=\"e-district\"") && page.contains("北京"), "{page}");
    assert_eq!(value(&page, "asked"), "浙江省/杭州市/海淀区");
    // Said of another place, the answer does not count for this one.
    let other = format!("{wrong}&asked=浙江省/杭州市/朝阳区");
    assert_eq!((post(&shop, path, &ann, &other).status, count()), (422, 0));
    let sure = format!("{wrong}&asked=浙江省/杭州市/海淀区");
    assert_eq!((post(&shop, path, &ann, &sure).status, count()), (303, 1));
    // A city of another province.
    let asked = post(&shop, path, &ann, &at("浙江省", "南京市", "玄武区"));
    assert!(asked.status == 422 && asked.text().contains("id=\"e-city\""), "{}", asked.status);
    // What is on no list may be new.
    let new = post(&shop, path, &ann, &at("浙江省", "杭州市", "云上新区"));
    assert_eq!((new.status, count()), (303, 2));
}

#[test]
fn a_checkout_asks_too_and_for_what_is_fetched_it_does_not() {
    let shop = served();
    let ann = shop.browser("ann");
    let tea = shop.goods("tea", 3_900, 10);
    let bought = format!("key=a-key-of-this-test-1&variant={}&quantity=1", tea.variant);
    let wrong = at("浙江省", "杭州市", "海淀区");
    let order = |more: &str| post(&shop, "/checkout", &ann, &format!("{bought}&{more}"));
    let count = || shop.number("select count(*) from orders");
    let ways = "shipping=standard&kind-standard=delivery&total-standard=4700";
    let lists = order(&format!("{wrong}&{ways}&do=places"));
    assert_eq!((lists.status, count()), (200, 0));
    assert!(lists.text().contains("<option value=\"西湖区\">"));
    let asked = order(&format!("{wrong}&{ways}"));
    assert_eq!((asked.status, count()), (422, 0));
    assert!(asked.text().contains("id=\"e-district\""));
    let placed = order(&format!("{wrong}&{ways}&asked=浙江省/杭州市/海淀区"));
    assert_eq!((placed.status, count()), (303, 1), "{}", placed.text());
    // Who fetches it is asked for no address; the place it is fetched at is another rule's.
    let fetched = order(&format!("{wrong}&shipping=standard&kind-standard=pickup"));
    assert!(!fetched.text().contains("id=\"e-district\""), "{}", fetched.status);
}
