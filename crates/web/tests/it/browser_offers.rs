//! A promotion and a coupon from the console to the buyer's order, in real browsers on a phone's
//! width. SQLite speaks Chinese and PostgreSQL English.

use crate::browser::{Open, pays_the_bank, signs_in, walk, zoe_signs_in};
use crate::chromium::Browser;

fn stock(open: &Open) {
    open.apart(|shop| {
        shop.goods("teapot", 9_900, 10);
    });
}

/// Zoe makes a promotion and a coupon, each on one form.
async fn makes_both(zoe: &Browser) {
    zoe.go("/console/promotions/new").await;
    zoe.fill("input[name=name]", "Spring").await;
    zoe.fill("input[name=step-0-from]", "90").await;
    zoe.fill("input[name=step-0-off]", "9").await;
    zoe.click("button[data-key-save]").await;
    zoe.see("[data-row-link]").await;
    zoe.hears("main", "Spring").await;
    zoe.go("/console/coupons/new").await;
    zoe.fill("input[name=name]", "Ten").await;
    zoe.fill("input[name=off]", "10").await;
    zoe.click("button[data-key-save]").await;
    zoe.see("#codes").await;
    zoe.keeps_a_picture("console-coupon").await;
}

#[test]
fn a_promotion_and_a_coupon_make_a_purchase_cheaper() {
    walk(async |open| {
        stock(open);
        let zoe = open.browser("zoe").await;
        zoe_signs_in(&zoe).await;
        makes_both(&zoe).await;

        let ann = open.browser("ann").await;
        ann.go("/sign-in").await;
        signs_in(open, &ann).await;
        ann.go("/coupons").await;
        ann.hears(".ticket", "Ten").await;
        ann.keeps_a_picture("coupons").await;
        ann.click(".ticket button").await;
        ann.arrives("/coupons").await;
        ann.gone(".ticket button").await;
        ann.go("/account/coupons").await;
        ann.hears(".ticket", "Ten").await;
        ann.keeps_a_picture("my-coupons").await;

        // The goods say what holds, and the checkout has reckoned it.
        ann.go("/products/teapot").await;
        ann.hears(".offer-lines", "Spring").await;
        ann.keeps_a_picture("product").await;
        ann.click(".action-bar [data-want=buy]").await;
        ann.click("button[name=do][value=buy]").await;
        ann.arrives("/checkout").await;
        ann.hears("[data-sums]", "Spring").await;
        ann.hears("[data-sums]", "Ten").await;
        ann.see("#coupons input[name=coupon]:checked").await;
        ann.keeps_a_picture("checkout").await;
        // Without the coupon, and with it again.
        ann.click("#coupons input[name=coupon]").await;
        ann.click("#coupons button").await;
        ann.counts("input[type=hidden][name=coupon]", 0).await;
        ann.click("#coupons input[name=coupon]").await;
        ann.click("#coupons button").await;
        ann.counts("input[type=hidden][name=coupon]", 1).await;
        ann.writes_an_address("ann", "Lake Road 1").await;
        ann.click("button[data-pay]").await;
        let order = pays_the_bank(&ann).await;
        let paid = "select count(*) from orders where status = 'to_ship' and discount = 1900";
        ann.until("the payment", async || (open.number(paid) == 1).then_some(())).await;
        ann.go(&format!("{order}/price")).await;
        ann.hears(".price-story", "Spring").await;
        ann.hears(".price-story", "Ten").await;
        ann.keeps_a_picture("price").await;
        zoe.go(&format!("/console{order}/price")).await;
        zoe.hears("main", "Spring").await;
        zoe.keeps_a_picture("console-price").await;
        zoe.go("/console/promotions").await;
        zoe.keeps_a_picture("console-promotions").await;
    });
}
