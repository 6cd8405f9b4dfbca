//! Reviews over HTTP: written, read, hidden, and what search engines are told of them.

use app::checkout::What;
use app::order_desk::{self, Ship};
use serde_json::{Value, json};

use crate::served::{Answer, Served, served};
use crate::trade::Goods;

/// The line of an order of ann's that came.
fn received(shop: &Served, tea: Goods, number: &str) -> (String, String) {
    let what = What::Now { variant: tea.variant, quantity: 1 };
    let order = shop.order(&shop.ann, what).unwrap().order;
    shop.pay(&shop.ann, order).unwrap();
    order_desk::ship(&shop.app, &shop.mo, order, Ship::all("SF", number)).unwrap();
    order_desk::confirm_receipt(&shop.app, &shop.ann, order).unwrap();
    (order.to_string(), shop.see(&shop.ann, order).lines[0].id.to_string())
}

fn keyed(shop: &Served, token: &str, path: &str, body: &Value, key: &str) -> Answer {
    shop.call_with(token, "POST", path, body, &[("Idempotency-Key", key)])
}

/// What the product page tells search engines.
fn told(shop: &Served) -> Value {
    let page = shop.get("/products/tea", &[]).text();
    let data = page.split("application/ld+json\">").nth(1).unwrap();
    serde_json::from_str(data.split("</script>").next().unwrap()).unwrap()
}

#[test]
fn a_review_is_written_answered_and_hidden() {
    let shop = served();
    let tea = shop.goods("tea", 3_900, 10);
    let (ann, bob, mo) = (shop.token(&shop.ann), shop.token(&shop.bob), shop.token(&shop.mo));
    let (order, line) = received(&shop, tea, "SF0001");
    assert!(told(&shop).get("aggregateRating").is_none(), "nobody has said anything");

    let lines = shop.call(&ann, "GET", &format!("/api/v1/orders/{order}/reviews"), &Value::Null);
    assert_eq!(lines.json()["data"][0]["may_write"], true);
    let body = json!({ "line": line, "stars": 4, "text": "<b>good</b> </script> tea" });
    let key = "review-of-ann-000001";
    let written = keyed(&shop, &ann, "/api/v1/reviews", &body, key);
    assert_eq!(written.status, 201, "{}", written.text());
    let again = keyed(&shop, &ann, "/api/v1/reviews", &body, key);
    assert_eq!((again.status, &again.bytes), (201, &written.bytes));
    assert_eq!(again.header("idempotency-replayed"), "true");
    let twice = keyed(&shop, &ann, "/api/v1/reviews", &body, "review-of-ann-000002");
    assert_eq!((twice.status, twice.code().as_str()), (409, "review.written"));
    let theirs = keyed(&shop, &bob, "/api/v1/reviews", &body, "review-of-bob-000001");
    assert_eq!(theirs.status, 404);
    let id = written.json()["review"]["id"].as_str().unwrap().to_string();
    let path = format!("/api/v1/reviews/{id}");
    assert_eq!(written.header("location"), path);

    // Everybody reads it, search engines too; what was written is text and nothing else.
    let page = shop.get("/products/tea", &[]).text();
    assert!(page.contains("&#60;b&#62;good&#60;/b&#62;") || page.contains("&lt;b&gt;good"));
    let said = told(&shop);
    assert_eq!(said["aggregateRating"]["ratingValue"], "4.0");
    assert_eq!(said["aggregateRating"]["reviewCount"], 1);
    assert_eq!(said["review"][0]["reviewBody"], "<b>good</b> </script> tea");
    assert_eq!(said["review"][0]["author"]["name"], "a**");

    let vote = json!({ "helpful": true });
    let voted = shop.call(&bob, "PUT", &format!("{path}/vote"), &vote);
    assert_eq!(voted.json()["helpful"], 1, "{}", voted.text());
    assert_eq!(shop.call(&ann, "PUT", &format!("{path}/vote"), &vote).code(), "review.own");
    let more = json!({ "text": "still good" });
    let added = keyed(&shop, &ann, &format!("{path}/follow-up"), &more, "review-of-ann-000003");
    assert_eq!(added.json()["review"]["follow_up"]["text"], "still good");
    let list = "/api/v1/products/tea/reviews";
    for asked in ["", "?sort=helpful", "?sort=stars_up&stars=4", "?sort=stars_down&limit=1"] {
        let found = shop.get(&format!("{list}{asked}"), &[]).json();
        assert_eq!(found["data"][0]["id"], id.as_str(), "{asked}: {found}");
    }
    assert_eq!(shop.get(&format!("{list}?stars=5"), &[]).json()["data"], json!([]));
    assert_eq!(shop.get(&format!("{list}?stars=9"), &[]).status, 422);

    let desk = format!("/api/v1/staff/reviews/{id}");
    let answer = json!({ "text": "Thank you" });
    assert_eq!(shop.call(&ann, "PUT", &format!("{desk}/answer"), &answer).status, 403);
    let answered = shop.call(&mo, "PUT", &format!("{desk}/answer"), &answer);
    assert_eq!(answered.json()["review"]["review"]["answer"]["text"], "Thank you");
    let why = json!({ "ground": "low_score", "reason": "we do not like it" });
    let refused = keyed(&shop, &mo, &format!("{desk}/hiding"), &why, "hiding-of-mo-000001");
    assert_eq!(refused.status, 422, "a low score is no ground: {}", refused.text());
    let why = json!({ "ground": "private", "reason": "a phone number" });
    let hidden = keyed(&shop, &mo, &format!("{desk}/hiding"), &why, "hiding-of-mo-000002");
    assert_eq!(hidden.status, 200, "{}", hidden.text());

    // Now nobody but its author and staff finds it, wherever they look.
    assert_eq!(shop.get(list, &[]).json()["data"], json!([]));
    for token in ["", bob.as_str()] {
        assert_eq!(shop.call(token, "GET", &path, &Value::Null).status, 404);
    }
    for token in [&ann, &mo] {
        assert_eq!(shop.call(token, "GET", &path, &Value::Null).status, 200);
    }
    let said = told(&shop);
    assert!(said.get("aggregateRating").is_none() && said.get("review").is_none());
    for page in ["/products/tea", "/products/tea/reviews"] {
        let text = shop.get(page, &[]).text();
        assert!(!text.contains("still good") && text.contains("隐藏"), "{page}");
    }
    assert_eq!(shop.get("/api/v1/products/tea", &[]).json()["summary"]["hidden"], 1);
    let mine = shop.call(&ann, "GET", "/api/v1/me/reviews", &Value::Null).json();
    assert_eq!(mine["data"][0]["hidden"]["reason"], "a phone number");
    let (cookie, _) = shop.browser("ann");
    let page = shop.get(&format!("/account/reviews/{id}"), &[("Cookie", cookie.as_str())]);
    assert!(page.text().contains("a phone number"));
    let (cookie, _) = shop.browser("bob");
    let page = shop.get(&format!("/account/reviews/{id}"), &[("Cookie", cookie.as_str())]);
    assert_eq!(page.status, 404);
    let shown = keyed(&shop, &mo, &format!("{desk}/showing"), &json!({}), "showing-of-mo-000001");
    assert_eq!(shown.json()["rulings"].as_array().unwrap().len(), 2);
    assert_eq!(shop.get(list, &[]).json()["data"][0]["id"], id.as_str());
}
