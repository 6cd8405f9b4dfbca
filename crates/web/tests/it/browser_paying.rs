//! A first purchase with each way to pay: a guest finds something, makes an account, picks an
//! address, pays and sees it paid; in real browsers, on a phone and on a wide screen. SQLite
//! speaks Chinese and PostgreSQL English.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use app::clock::Held;
use app::config::Config;
use app::outside::Outside;
use app::outside::gateway::Envelope;
use app::payment::offline::{self, Seen, Terms};
use app::wallet::{self, GiveCredit};
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::order::Order;
use domain::payment::Payment;
use domain::person::Person;

use crate::browser::{Open, buys_now, signs_in_as, walk_in};
use crate::chromium::Browser;
use crate::doubles::{Double, Paid, Twist, alipay, stripe, wechat};
use crate::support::MORNING;

/// The ways to pay, each with who pays so.
const WAYS: [(&str, &str); 6] = [
    ("sandbox", "sandy"),
    ("wallet", "wally"),
    ("offline", "otto"),
    ("stripe", "stella"),
    ("wechat", "wei"),
    ("alipay", "ali"),
];

type Doubles = Vec<Box<dyn Double>>;

/// A shop that takes everything: the sandbox and a double of each provider beside it.
fn world(base: &str) -> (Config, Outside, Doubles) {
    let clock = || Arc::new(Held::at(MORNING));
    let doubles: Doubles = vec![
        Box::new(stripe::StripeDouble::open(clock())),
        Box::new(wechat::WeChatDouble::open(clock())),
        Box::new(alipay::AlipayDouble::open(clock())),
    ];
    let config = Config::plain(base);
    let gateways = doubles.iter().map(|double| double.gateway()).collect();
    let outside = Outside { gateways, ..Outside::real(&config).unwrap() };
    (config, outside, doubles)
}

/// What a provider tells us, over HTTP.
fn tells(open: &Open, provider: &str, notice: Envelope) {
    let address = open.base.trim_start_matches("http://");
    let mut head = format!(
        "POST /hooks/payments/{provider} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-length: {}\r\n",
        notice.body.len()
    );
    for (name, value) in &notice.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(&[head.as_bytes(), b"\r\n", &notice.body].concat()).unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    assert!(said.starts_with("HTTP/1.1 200"), "{provider}: {said}");
}

/// The payment that was begun at a provider, with where it is paid.
async fn begun(open: &Open, buyer: &Browser, provider: &str) -> (Id<Payment>, Id<Order>, String) {
    let sql = "select id, order_id, pay_url from payments
               where provider = $1 and status = 'pending' and pay_url <> ''";
    let row = |row: &app::db::Row| (row.get(0), row.get(1), row.get(2));
    let found = async || {
        let ask = |tx: &mut app::db::Tx| tx.maybe(sql, &[provider.into()], row);
        open.apart(|shop| shop.app.read(ask)).unwrap()
    };
    buyer.until(&format!("{provider} is asked"), found).await
}

/// A guest comes in, fills in where it goes, and presses *pay*.
async fn orders(open: &Open, buyer: &Browser, way: &str, who: &str) {
    buyer.go("/products/teapot").await;
    buys_now(buyer).await;
    signs_in_as(open, buyer, who).await;
    buyer.arrives("/checkout").await;
    if way == "wallet" {
        let email = format!("{who}@example.com");
        open.apart(|shop| {
            let sql = "select id from people where email = $1";
            let ask = |tx: &mut app::db::Tx| tx.one(sql, &[email.into()], |row| row.get(0));
            let person: Id<Person> = shop.app.read(ask).unwrap();
            let amount = Money::new(20_000, Currency::Cny);
            let give = GiveCredit { amount, reason: "a gift".into() };
            wallet::give(&shop.app, &shop.keyed(&shop.zoe), person, give).unwrap();
        });
        let here = buyer.path().await;
        buyer.go(&here).await;
    }
    buyer.writes_an_address(who, "Lake Road 1").await;
    match way {
        "wallet" => buyer.click("input[name=use_wallet]").await,
        _ => buyer.click(&format!("input[name=pay_with][value={way}]")).await,
    }
    buyer.click("button[data-pay]").await;
}

/// Pays as that way is paid; the page that says whether it came.
async fn pays(open: &Open, buyer: &Browser, way: &str, doubles: &Doubles) -> String {
    if way == "sandbox" {
        buyer.arrives("/sandbox/pay/").await;
        buyer.click("button[name=act][value=pay]").await;
    }
    let Some(double) = doubles.iter().find(|double| double.name() == way) else {
        buyer.arrives("/orders/").await;
        let path = buyer.path().await;
        let order = path.trim_start_matches("/orders/").split(['/', '?']).next().unwrap();
        if way == "offline" {
            buyer.hears("main", "Bank 6222 0000").await;
            let order: Id<Order> = Id::parse(order).unwrap();
            open.apart(|shop| {
                let amount = Money::new(9_900, Currency::Cny);
                let seen = Seen { amount, proof: "transfer 7".into() };
                offline::received(&shop.app, &shop.keyed(&shop.zoe), order, seen).unwrap();
            });
        }
        return format!("/orders/{order}/paid");
    };
    let (payment, order, url) = begun(open, buyer, way).await;
    match way {
        // A code is read off our own page by the buyer's phone.
        "wechat" => drop(buyer.see("img.pay-code").await),
        // The page between leads on to the provider's.
        _ => drop(buyer.see("h1").await),
    }
    let away = async || (!buyer.path().await.starts_with('/')).then_some(());
    if way != "wechat" {
        buyer.until(&format!("{way}'s page"), away).await;
    }
    let reference = payment.to_string();
    assert_eq!(double.pay(&reference, &url), Paid::Now);
    tells(open, way, double.notice(&reference, Twist::Right));
    // The same once more, as providers do.
    tells(open, way, double.notice(&reference, Twist::Again));
    format!("/orders/{order}/paid")
}

async fn a_first_purchase_with_each(open: &Open, doubles: &Doubles, size: (i64, i64)) {
    open.apart(|shop| {
        shop.goods("teapot", 9_900, 10);
        let how = "Bank 6222 0000".to_string();
        let terms = Terms { active: true, how: how.clone(), how_en: how, days: 3 };
        offline::set(&shop.app, &shop.zoe, terms).unwrap();
    });
    let buyer = Browser::open_at("buyer", &open.base, open.language, size).await;
    for (number, (way, who)) in WAYS.into_iter().enumerate() {
        orders(open, &buyer, way, who).await;
        let paid = pays(open, &buyer, way, doubles).await;
        buyer.go(&paid).await;
        let good = async || {
            buyer.go(&paid).await;
            buyer.shown(".seal:not(.waiting):not(.bad)").await
        };
        buyer.until(&format!("what {way} paid is seen"), good).await;
        let order = paid.trim_end_matches("/paid");
        buyer.go(order).await;
        buyer.hears("main", "Lake Road 1").await;
        buyer.hears("main", "西湖区").await;
        let done = "select count(*) from orders where status = 'to_ship'";
        assert_eq!(open.number(done), number as i64 + 1, "{way}");
        // The next one is a stranger again.
        buyer.forgets().await;
        buyer.go(order).await;
        assert!(!buyer.see("body").await.contains("Lake Road 1"));
        buyer.go(&format!("/?lang={}", open.language)).await;
    }
    let money = "select cast(sum(amount) as bigint) from payments where status = 'captured'";
    assert_eq!(open.number(money), 6 * 9_900);
}

#[test]
fn a_first_purchase_with_each_way_to_pay_on_a_phone() {
    walk_in(world, async |open, doubles| {
        a_first_purchase_with_each(open, doubles, (390, 844)).await;
    });
}

#[test]
fn a_first_purchase_with_each_way_to_pay_on_a_wide_screen() {
    walk_in(world, async |open, doubles| {
        a_first_purchase_with_each(open, doubles, (1440, 900)).await;
    });
}
