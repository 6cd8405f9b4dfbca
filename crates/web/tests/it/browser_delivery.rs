//! Fetching goods by a code, and finding them by their sound, in real browsers. In Chinese on
//! SQLite, with the buyer on a phone and staff on a wide screen; in English on PostgreSQL the
//! other way round.

use app::delivery::{self, PutMethod, PutPoint};
use domain::shipping::{How, Rate};

use crate::browser::{buys_now, pays_the_bank, signs_in, walk, zoe_signs_in};
use crate::support::TestShop;

/// A counter where goods are fetched.
fn counter(shop: &TestShop) {
    let put = PutMethod {
        code: "counter".into(),
        kind: How::Pickup,
        name: "到店自提".into(),
        name_en: "Fetch it".into(),
        active: true,
        rates: vec![Rate::flat(0, None)],
        gift_fee: None,
        version: None,
    };
    delivery::add_method(&shop.app, &shop.keyed(&shop.zoe), put).unwrap();
    let put = PutPoint {
        name: "湖边店 Lake Road".into(),
        address: "Lake Road 1".into(),
        phone: String::new(),
        hours: "9–18".into(),
        active: true,
        version: None,
    };
    delivery::add_point(&shop.app, &shop.keyed(&shop.zoe), put).unwrap();
}

#[test]
fn what_is_found_by_its_sound_is_bought_and_fetched() {
    walk(async |open| {
        open.apart(|shop| {
            counter(shop);
            let tea = shop.goods("longjing", 3_900, 10);
            let title = "update products set title = '西湖龙井' where id = $1";
            shop.app.write(|tx| tx.run(title, &[tea.product.into()])).unwrap();
            shop.app.search.prepare(&shop.app).unwrap();
        });
        let ann = open.browser_of_each_width("ann").await;
        ann.go("/sign-in").await;
        signs_in(open, &ann).await;
        ann.go("/discover?q=xihulongjing").await;
        ann.hears("main", "西湖龙井").await;
        ann.click(".good-card a").await;
        ann.arrives("/products/longjing").await;
        buys_now(&ann).await;
        ann.arrives("/checkout").await;
        // Who fetches it is asked for their name and phone, and for no address.
        ann.click("input[name=shipping][value=counter]").await;
        ann.hears("[data-delivery]", "Lake Road").await;
        assert!(ann.shown("#f-line1").await.is_none());
        ann.fill("#f-name", "ann").await;
        ann.fill("#f-phone", "13800138000").await;
        ann.click("button[data-pay]").await;
        let order = pays_the_bank(&ann).await;
        ann.go(&order).await;
        let code = ann.see(".pickup-code").await;
        assert_eq!(code.chars().filter(char::is_ascii_digit).count(), 8, "{code}");

        let zoe = open.browser_of_other_width("zoe").await;
        zoe_signs_in(&zoe).await;
        zoe.go("/console/orders").await;
        zoe.fill("input[name=code]", "0000 0000").await;
        zoe.click("form[action='/console/pickups'] button").await;
        zoe.see("[role=alert]").await;
        zoe.fill("input[name=code]", &code).await;
        zoe.click("form[action='/console/pickups'] button").await;
        zoe.arrives("/console/orders/ord_").await;
        let delivered = "select count(*) from orders where status = 'delivered'";
        assert_eq!(open.number(delivered), 1);
        ann.go(&order).await;
        ann.gone(".pickup-code").await;
    });
}
