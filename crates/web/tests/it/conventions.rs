//! What every answer keeps: the API's edition, tags, and the headers that guard a browser.

use app::config::Config;

use crate::served::{served, served_with};

#[test]
fn every_answer_of_the_api_says_its_edition() {
    let shop = served();
    let edition = web::api::version::SPOKEN;
    for path in ["/api/v1/products", "/api/v1/me", "/api/v1/nothing", "/api/openapi.json"] {
        assert_eq!(shop.get(path, &[]).header("api-version"), edition, "{path}");
    }
    assert_eq!(shop.get("/", &[]).header("api-version"), "", "pages have none");
    assert_eq!(shop.get("/api/v1/products", &[("Api-Version", edition)]).status, 200);
    let other = shop.get("/api/v1/products", &[("Api-Version", "2019-01-01")]);
    assert_eq!((other.status, other.code().as_str()), (400, "unknown_version"));
    assert_eq!(other.header("api-version"), edition);
    // Pages do not mind.
    assert_eq!(shop.get("/", &[("Api-Version", "2019-01-01")]).status, 200);
}

#[test]
fn who_has_the_catalogue_already_is_told_only_that() {
    let shop = served();
    shop.goods("longjing", 3_900, 10);
    for path in ["/api/v1/products", "/api/v1/categories", "/assets/css/base.css"] {
        let first = shop.get(path, &[]);
        let tag = first.header("etag").to_string();
        assert!(tag.starts_with('"'), "{path}: {tag}");
        let again = shop.get(path, &[("If-None-Match", &tag)]);
        assert_eq!((again.status, again.bytes.len()), (304, 0), "{path}");
        assert_eq!(again.header("etag"), tag, "{path}");
        assert_eq!(shop.get(path, &[("If-None-Match", "\"other\"")]).status, 200, "{path}");
    }
}

#[test]
fn a_shop_on_https_keeps_its_visitors_there_and_its_cookies_to_itself() {
    let plain = served();
    let answer = plain.get("/", &[]);
    assert_eq!(answer.header("strict-transport-security"), "");

    let mut config = Config::plain("https://shop.example");
    config.secure_cookies = true;
    let shop = served_with(config);
    let answer = shop.get("/console/sign-in", &[]);
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    let goods = shop.goods("longjing", 3_900, 10);
    let body = format!("{{\"variant\":\"{}\",\"quantity\":1}}", goods.variant);
    let kind = ("Content-Type", "application/json");
    let made = shop.send("POST", "/api/v1/cart/lines", &[kind], body.as_bytes());
    let set = made.header("set-cookie");
    assert!(set.starts_with("__Host-pw_session=") && set.contains("; Secure"), "{set}");
    let cookie = set.split(';').next().unwrap().to_string();
    let count =
        |cookie: &str| shop.get("/api/v1/cart", &[("Cookie", cookie)]).json()["count"].clone();
    assert_eq!(count(&cookie), 1);
    // One that another host of the domain could have planted is not looked at.
    assert_eq!(count(cookie.strip_prefix("__Host-").unwrap()), 0);
}

#[test]
fn other_sites_can_use_our_pictures_and_nothing_else() {
    let shop = served();
    for path in ["/", "/api/v1/products", "/console/sign-in"] {
        let answer = shop.get(path, &[]);
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        assert!(answer.header("content-security-policy").contains("script-src 'self';"), "{path}");
    }
}

#[test]
fn who_comes_with_a_token_is_its_owner_or_nobody() {
    let shop = served();
    let (cookie, _) = shop.browser("ann");
    let token = shop.token(&shop.bob);
    let me = |token: &[u8]| {
        let mut request = b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".to_vec();
        request.extend(format!("Cookie: {cookie}\r\nAuthorization: ").bytes());
        request.extend_from_slice(token);
        request.extend_from_slice(b"\r\n\r\n");
        shop.send_raw(&request)
    };
    assert_eq!(me(format!("bearer {token}").as_bytes()).json()["name"], "bob");
    // One that is wrong, or cannot even be read, is not passed over for the cookie beside it.
    for wrong in [&b"Bearer pw_wrong"[..], b"Bearer", b"Bearer ", b"Bearer \xff\xfe"] {
        assert_eq!(me(wrong).status, 401, "{}", String::from_utf8_lossy(wrong));
    }
    // What a proxy in front of us asked for is not meant for us.
    assert_eq!(me(b"Basic YW5uOmFubg==").json()["name"], "ann");
}
