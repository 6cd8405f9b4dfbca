//! Returns in real browsers: a part of a discounted order of three lines, and an exchange. In
//! Chinese on SQLite, with the buyer on a phone and staff on a wide screen; in English on
//! PostgreSQL the other way round.

use app::checkout::What;
use app::{cart, order_desk};
use domain::money::{Currency, Money};

use crate::browser::{Open, signs_in, walk, zoe_signs_in};
use crate::chromium::Browser;
use crate::support::TestShop;

/// A picture of two by two pixels.
const PICTURE: &[u8] = b"\
    \x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x02\x00\
    \x00\x00\x02\x08\x02\x00\x00\x00\xfd\xd4\x9a\x73\x00\x00\x00\x10\x49\x44\x41\x54\x78\
    \x9c\x63\x38\x91\x62\x04\x44\x0c\x10\x0a\x00\x28\xae\x05\x79\x42\xe1\x27\xee\x00\x00\
    \x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

/// ann's order of three teas, a cup and two tins, ¥10 off over all of it, that arrived.
fn three_lines(shop: &TestShop) -> String {
    for (handle, price, quantity) in [("tea", 3_333, 3), ("cup", 5_000, 1), ("tin", 1_700, 2)] {
        let variant = shop.goods(handle, price, 10).variant;
        cart::set(&shop.app, &shop.ann, cart::SetLine { variant, quantity, add: false }).unwrap();
    }
    let placed = shop.order(&shop.ann, What::Cart).unwrap();
    let lines = shop.see(&shop.ann, placed.order).lines;
    let weights: Vec<i64> = lines.iter().map(|line| line.total.minor).collect();
    let off = Money::new(1_000, Currency::Cny).split(&weights);
    shop.discount(placed.order, &off.iter().map(|part| part.minor).collect::<Vec<_>>());
    shop.pay(&shop.ann, placed.order).unwrap();
    shop.ship_it(placed.order);
    order_desk::confirm_receipt(&shop.app, &shop.ann, placed.order).unwrap();
    placed.order.to_string()
}

async fn ann_comes_in(open: &Open) -> Browser {
    let ann = open.browser_of_each_width("ann").await;
    ann.go("/sign-in").await;
    signs_in(open, &ann).await;
    ann
}

/// zoe finds the one return there is in a queue of the console, and opens it.
async fn zoe_opens_the_return(zoe: &Browser, queue: &str) {
    zoe.go(&format!("/console/returns?queue={queue}")).await;
    zoe.click("a[data-row-link]").await;
    zoe.arrives("/console/returns/aft_").await;
}

/// ann tells the number of her parcel.
async fn ann_sends_it_back(ann: &Browser, page: &str) {
    ann.go(page).await;
    ann.hears("main", "Lane 1").await;
    ann.write("#f-carrier", "SF").await;
    ann.write("#f-tracking", "SF9000000001").await;
    ann.click("form[action$='/parcel'] button").await;
    ann.gone("#f-tracking").await;
}

async fn until(open: &Open, sql: &str, want: i64) {
    for _ in 0..100 {
        if open.number(sql) == want {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(open.number(sql), want, "{sql}");
}

#[test]
fn a_part_of_an_order_goes_back() {
    walk(async |open| {
        let order = open.apart(three_lines);
        let line = "select id from order_lines where quantity = 3";
        let worth = open.number("select total from order_lines where quantity = 3");
        let ann = ann_comes_in(open).await;
        ann.go(&format!("/orders/{order}")).await;
        let id = open.apart(|shop| {
            let line: domain::id::Id<domain::order::Line> =
                shop.app.read(|tx| tx.one(line, &[], |row| row.get(0))).unwrap();
            line.to_string()
        });
        ann.click(&format!("a.return-link[href$='{id}']")).await;
        ann.arrives(&format!("/orders/{order}/return")).await;

        // Two of the three teas, with a picture of what is wrong, after a look at what comes back.
        ann.click(&format!("select[name=count-{id}] option[value='2']")).await;
        ann.click("#f-reason option[value=damaged]").await;
        ann.write("#f-text", "两罐压坏了").await;
        ann.click("button[name=do][value=preview]").await;
        ann.see(".alert.good .price").await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tea.png");
        std::fs::write(&file, PICTURE).unwrap();
        ann.attach("#f-pictures", &file).await;
        ann.click("form[enctype] button.primary").await;
        ann.arrives("/returns/aft_").await;
        let page = ann.path().await;
        assert_eq!(ann.count(".return-shots img").await, 1);

        let zoe = open.browser_of_other_width("zoe").await;
        zoe_signs_in(&zoe).await;
        zoe_opens_the_return(&zoe, "to_answer").await;
        assert_eq!(zoe.count(".c-return-shots img").await, 1);
        zoe.click("form[action$='/approval'] button.primary").await;
        zoe.gone("form[action$='/approval']").await;
        ann_sends_it_back(&ann, &page).await;
        zoe_opens_the_return(&zoe, "to_receive").await;
        zoe.fill("input[name^=sellable-]", "1").await;
        zoe.fill("input[name^=damaged-]", "1").await;
        zoe.click("form[action$='/receipt'] button.primary").await;
        zoe.gone("form[action$='/receipt']").await;

        // Two thirds of what the line really cost, to the cent; one of the two is sold again.
        let back = (worth * 2 + 1) / 3;
        until(open, "select sum(refunded) from sandbox_payments", back).await;
        until(open, "select count(*) from after_sales where status = 'refunded'", 1).await;
        let stock = "select available * 100 + lost from stock where sold = 1 and received = 10";
        assert_eq!(open.number(&format!("{stock} and lost > 0")), 801);
        assert_eq!(open.number("select refunded from orders"), back);
        ann.go(&page).await;
        let said = Money::new(back, Currency::Cny).decimal();
        ann.hears("main", &said).await;
        ann.go(&format!("/orders/{order}")).await;
        ann.hears("main", &said).await;
        // What is left of the line is worth what is left of its price.
        ann.go(&format!("/orders/{order}/return?line={id}")).await;
        ann.hears("main", &Money::new(worth - back, Currency::Cny).decimal()).await;
        zoe.go(&format!("/console/orders/{order}")).await;
        zoe.hears("main", &said).await;
    });
}

#[test]
fn an_exchange() {
    walk(async |open| {
        let order = open.apart(|shop| {
            let tea = shop.goods("tea", 3_900, 3);
            shop.arrived(&shop.ann, &[(tea, 1)]).to_string()
        });
        let ann = ann_comes_in(open).await;
        ann.go(&format!("/orders/{order}/return")).await;
        ann.click("input[name=kind][value=exchange]").await;
        ann.click("#f-reason option[value=quality]").await;
        ann.click("form[enctype] button.primary").await;
        ann.arrives("/returns/aft_").await;
        let page = ann.path().await;
        let zoe = open.browser_of_other_width("zoe").await;
        zoe_signs_in(&zoe).await;
        zoe_opens_the_return(&zoe, "to_answer").await;
        zoe.click("form[action$='/approval'] button.primary").await;
        zoe.gone("form[action$='/approval']").await;
        assert_eq!(open.number("select reserved from stock"), 1, "the other one is kept");
        ann_sends_it_back(&ann, &page).await;
        zoe_opens_the_return(&zoe, "to_receive").await;
        zoe.fill("input[name^=sellable-]", "0").await;
        zoe.fill("input[name^=damaged-]", "1").await;
        zoe.click("form[action$='/receipt'] button.primary").await;
        zoe.gone("form[action$='/receipt']").await;
        zoe.write("form[action$='/replacement'] input[name=carrier]", "SF").await;
        zoe.write("form[action$='/replacement'] input[name=tracking]", "SF9000000002").await;
        zoe.click("form[action$='/replacement'] button.primary").await;
        zoe.gone("form[action$='/replacement']").await;
        ann.go(&page).await;
        ann.hears("main", "SF9000000002").await;
        ann.go("/inbox").await;
        ann.hears("main", "SF9000000002").await;
        assert_eq!(open.number("select available * 100 + sold * 10 + lost from stock"), 111);
        assert_eq!(open.number("select count(*) from refunds"), 0);
    });
}
