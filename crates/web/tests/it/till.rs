//! The way to pay, page by page: a code, on to a provider, by hand, and the other ways beside it;
//! for orders and for top-ups, which no form of ours leads away from us.

use std::sync::Arc;

use app::checkout::What;
use app::config::Config;
use app::outside::gateway::{Back, Backed, Charge, Envelope, Known, Made, Told};
use app::outside::{Gateway, Outside, ProviderState, Trouble};
use app::payment::offline::{self, Terms};
use domain::moment::{Moment, Span};
use domain::money::Currency;
use domain::payment::Refusal;
use domain::reconciliation::{Day, Line};

use crate::served::{Answer, Served, serve};
use crate::support;

/// A provider that shows a code, or has a page.
struct Stand {
    name: &'static str,
    url: &'static str,
}

impl Gateway for Stand {
    fn name(&self) -> &'static str {
        self.name
    }
    fn takes(&self, _: Currency) -> bool {
        true
    }
    fn create(&self, _: &Charge) -> Result<Made, Trouble> {
        Ok(Made { url: self.url.into(), theirs: String::new() })
    }
    fn query(&self, _: &Known) -> Result<ProviderState, Trouble> {
        Ok(ProviderState::Open)
    }
    fn close(&self, _: &Known) -> Result<ProviderState, Trouble> {
        Ok(ProviderState::Closed)
    }
    fn refund(&self, _: &Back) -> Result<Backed, Trouble> {
        Err(Trouble::Away("nobody".into()))
    }
    fn read(&self, _: Moment, _: &Envelope) -> Result<Told, Refusal> {
        Err(Refusal::BadNotice)
    }
    fn statement(&self, _: Day) -> Result<Vec<Line>, Trouble> {
        Ok(Vec::new())
    }
    fn read_statement(&self, _: &[u8]) -> Result<Vec<Line>, String> {
        Ok(Vec::new())
    }
    fn zone(&self) -> Span {
        Span(0)
    }
}

const CODE: &str = "weixin://wxpay/bizpayurl?pr=1";
const PAGE: &str = "https://stripe.example/pay/1";

fn till() -> Served {
    let mut config = Config::plain("http://127.0.0.1:3000");
    config.sandbox = false;
    let gateways: Vec<Arc<dyn Gateway>> = vec![
        Arc::new(Stand { name: "wechat", url: CODE }),
        Arc::new(Stand { name: "stripe", url: PAGE }),
    ];
    let outside = Outside { gateways, ..Outside::remembered() };
    let shop = serve(support::sqlite_in(config, outside), |_| {});
    let terms =
        Terms {
            active: true, how: "农业银行 6228".into(), how_en: "Bank 6228".into(), days: 3
        };
    offline::set(&shop.app, &shop.zoe, terms).unwrap();
    shop
}

fn post(shop: &Served, (cookie, csrf): &(String, String), path: &str, fields: &str) -> Answer {
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let body = format!("csrf={csrf}&{fields}");
    shop.send("POST", path, &[form, ("Cookie", cookie)], body.as_bytes())
}

#[test]
fn an_order_is_paid_by_a_code_on_a_page_or_by_hand_and_the_other_ways_stand_beside_it() {
    let shop = till();
    let tea = shop.goods("tea", 3_900, 10);
    let placed = shop.order(&shop.ann, What::Now { variant: tea.variant, quantity: 1 }).unwrap();
    let (ann, bob) = (shop.browser("ann"), shop.browser("bob"));
    let path = format!("/orders/{}/pay", placed.order);
    let get = |path: &str| shop.get(path, &[("Cookie", &ann.0)]);
    // Nothing was begun: there is everything to choose from, and nowhere to go.
    let page = get(&path);
    let text = page.text();
    for way in ["wechat", "stripe", "offline"] {
        assert!(text.contains(&format!("name=\"pay_with\" value=\"{way}\"")), "{way}");
    }
    assert!(!text.contains('⟨') && page.header("refresh").is_empty(), "a text is missing");
    assert!(!text.contains("code.svg") && text.contains("name=\"total\" value=\"4700\""));
    // A code, with the rest beside it.
    let chosen = post(&shop, &ann, &path, "pay_with=wechat");
    assert_eq!((chosen.status, chosen.header("location").ends_with(&path)), (303, true));
    let text = get(&path).text();
    assert!(text.contains("code.svg") && text.contains("<details") && text.contains("offline"));
    let code = get(&format!("/orders/{}/code.svg", placed.order));
    assert_eq!((code.status, code.header("content-type")), (200, "image/svg+xml"));
    // Elsewhere: no form leads there, a page of ours does.
    let chosen = post(&shop, &ann, &path, "pay_with=stripe");
    assert_eq!((chosen.status, chosen.header("location")), (303, path.as_str()));
    assert_eq!(get(&path).header("refresh"), format!("0;url={PAGE}"));
    assert_eq!(get(&format!("/orders/{}/code.svg", placed.order)).status, 404);
    // By hand: what to do, under which number.
    let chosen = post(&shop, &ann, &path, "pay_with=offline");
    assert_eq!(chosen.header("location"), format!("/orders/{}", placed.order));
    let page = get(&path);
    assert!(page.header("refresh").is_empty());
    let text = page.text();
    assert!(text.contains("农业银行 6228") && text.contains(&placed.order.to_string()));
    // Somebody else's is nowhere, and what is over leads to what came of it.
    assert_eq!(shop.get(&path, &[("Cookie", &bob.0)]).status, 404);
    app::order_desk::cancel(&shop.app, &shop.ann, placed.order).unwrap();
    let over = get(&path);
    assert_eq!(over.status, 303);
    assert_eq!(over.header("location"), format!("/orders/{}/paid", placed.order));
}

#[test]
fn a_top_up_is_paid_in_the_same_ways_and_its_owner_chooses() {
    let shop = till();
    let (ann, bob) = (shop.browser("ann"), shop.browser("bob"));
    let get = |path: &str| shop.get(path, &[("Cookie", &ann.0)]);
    let text = get("/account/wallet").text();
    assert!(text.contains("value=\"wechat\"") && text.contains("value=\"stripe\""));
    assert!(!text.contains("value=\"offline\""), "a wallet is not topped up by hand");
    let begin = |key: &str, way: &str| {
        let fields = format!("key={key}&amount=50&pay_with={way}");
        let answer = post(&shop, &ann, "/account/wallet", &fields);
        assert_eq!(answer.status, 303, "{}", answer.text());
        let to = answer.header("location").trim_start_matches("http://127.0.0.1:3000");
        assert!(to.starts_with("/account/wallet/top-ups/top_"), "{to}");
        to.to_string()
    };
    let coded = begin("a-key-of-my-own-1", "wechat");
    let page = get(&coded);
    assert!(page.text().contains("code.svg") && page.header("refresh").is_empty());
    assert!(!page.text().contains('⟨'), "a text is missing");
    let code = coded.replace("/pay", "/code.svg");
    assert_eq!(get(&code).status, 200);
    let paged = begin("a-key-of-my-own-2", "stripe");
    assert_eq!(get(&paged).header("refresh"), format!("0;url={PAGE}"));
    assert_eq!(get(&paged.replace("/pay", "/code.svg")).status, 404);
    for path in [&coded, &code, &paged] {
        assert_eq!(shop.get(path, &[("Cookie", &bob.0)]).status, 404);
    }
    // Gone on with from the wallet's page, which waits for word when one comes back to it.
    let again = post(&shop, &ann, &paged, "");
    assert_eq!((again.status, again.header("location")), (303, paged.as_str()));
    let id = paged.split('/').nth(4).unwrap();
    let back = get(&format!("/account/wallet?paid={id}"));
    assert_eq!(back.header("refresh"), format!("3;url=/account/wallet?paid={id}&look=1"));
    let long = get(&format!("/account/wallet?paid={id}&look=20"));
    assert!(long.status == 200 && long.header("refresh").is_empty());
    assert_eq!(post(&shop, &bob, &paged, "").status, 404);
}

/// Whoever has an order's link goes the same ways without signing in, and comes back to the link.
#[test]
fn a_link_leads_to_a_code_or_a_page_and_back() {
    let shop = till();
    let tea = shop.goods("tea", 3_900, 10);
    let placed = shop.order(&shop.ann, What::Now { variant: tea.variant, quantity: 1 }).unwrap();
    let link = app::pay_link::make(&shop.app, &shop.mo, placed.order).unwrap();
    let path = link.url.trim_start_matches("http://127.0.0.1:3000").to_string();
    let (onward, code) = (format!("{path}/onward"), format!("{path}/code.svg"));
    let choose = |way: &str| {
        let form = ("Content-Type", "application/x-www-form-urlencoded");
        let body = format!("pay_with={way}&total=4700");
        let chosen =
            shop.send("POST", &path, &[form, ("Sec-Fetch-Site", "same-origin")], body.as_bytes());
        assert_eq!(chosen.status, 303, "{}", chosen.text());
        chosen.header("location").trim_start_matches("http://127.0.0.1:3000").to_string()
    };
    // Nothing was begun: onward is the link's own page.
    assert_eq!(shop.get(&onward, &[]).header("location"), path);
    assert_eq!(shop.get(&code, &[]).status, 404);
    assert_eq!(choose("wechat"), onward);
    let page = shop.get(&onward, &[]).text();
    assert!(page.contains(&code) && !page.contains('⟨') && !page.contains("/orders/"), "{page}");
    assert_eq!(shop.get(&code, &[]).header("content-type"), "image/svg+xml");
    assert_eq!(choose("stripe"), onward);
    assert_eq!(shop.get(&onward, &[]).header("refresh"), format!("0;url={PAGE}"));
    assert_eq!(shop.get(&code, &[]).status, 404);
    assert_eq!(choose("offline"), path);
    assert_eq!(shop.get(&onward, &[]).header("location"), path);
    // Another's link, or half of one, begins nothing and shows nothing.
    let cut = &path[..path.len() - 1];
    assert_eq!(shop.get(&format!("{cut}/code.svg"), &[]).status, 404);
    assert_eq!(shop.get(&format!("{cut}/onward"), &[]).status, 303);
}
