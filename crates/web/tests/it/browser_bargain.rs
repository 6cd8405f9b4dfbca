//! A bargain, on a phone: zoe offers a teapot, ann bargains for it, friends cut it down from her
//! link while she looks on, and she buys it at its lowest price. SQLite speaks Chinese, PostgreSQL
//! English.

use crate::browser::{Open, pays_the_bank, signs_in_as, walk, zoe_signs_in};
use crate::browser_campaigns::licensed;
use crate::chromium::Browser;

async fn cuts(open: &Open, friend: &Browser, link: &str) {
    friend.go(link).await;
    friend.arrives("/bargains/brg_").await;
    friend.keeps_a_picture("bargain-guest").await;
    // Whoever comes in goes on where they were.
    friend.click(".bargain-help").await;
    signs_in_as(open, friend, friend.who).await;
    friend.arrives("/bargains/brg_").await;
    friend.click("form .bargain-help").await;
    friend.see(".bargain-stamp").await;
    friend.keeps_a_picture("bargain-helped").await;
    friend.gone("form .bargain-help").await;
}

#[test]
fn friends_cut_a_teapot_down_and_it_is_bought() {
    walk(async |open| {
        licensed(open);
        open.apart(|shop| {
            shop.goods("teapot", 9_900, 10);
            // A price is struck through once it was charged for a week.
            shop.clock.advance(domain::moment::Span::days(8));
        });
        let zoe = open.browser("zoe").await;
        zoe_signs_in(&zoe).await;
        zoe.go("/console/campaigns/new").await;
        zoe.click("a[data-mechanic=bargain]").await;
        zoe.fill("input[name=title]", "A teapot among friends").await;
        zoe.fill("input[name=cuts]", "3").await;
        zoe.fill("textarea[name=offered]", "teapot 59 5").await;
        zoe.keeps_a_picture("console-bargain-form").await;
        zoe.click("button[name=launch]").await;
        zoe.arrives("/console/campaigns/cmp_").await;
        let running = "select count(*) from campaigns where status = 'running'";
        zoe.until("that it runs", async || (open.number(running) == 1).then_some(())).await;

        // The goods say that they can be bargained for.
        let ann = open.browser("ann").await;
        ann.go("/sign-in").await;
        signs_in_as(open, &ann, "ann").await;
        ann.go("/products/teapot").await;
        ann.keeps_a_picture("bargain-product").await;
        ann.click("a[data-bargain]").await;
        ann.arrives("/bargains/cmp_").await;
        ann.keeps_a_picture("bargain-hall").await;
        ann.click(".bargain-good form button").await;
        ann.arrives("/bargains/brg_").await;
        ann.keeps_a_picture("bargain-own").await;
        let link = ann.attribute("#share-link", "value").await;
        let link = &link[link.find("/s/").expect("a link that was shared")..];

        let bob = open.browser("bob").await;
        cuts(open, &bob, link).await;
        // ann looks on: what bob cut off is gone while her page stays.
        ann.mark().await;
        let eve = open.browser("eve").await;
        cuts(open, &eve, link).await;
        ann.see(".bargain-card[data-state=reached]").await;
        assert!(ann.is_marked().await, "the page was loaded anew");
        assert_eq!(open.number("select taken from bargains"), 3);
        assert_eq!(open.number("select start - cut from bargains"), 5_900);
        ann.keeps_a_picture("bargain-reached").await;

        ann.click("a.button.primary[href^='/checkout']").await;
        ann.arrives("/checkout").await;
        ann.hears("[data-sums]", "67").await;
        ann.writes_an_address("ann", "Lake Road 1").await;
        ann.click("button[data-pay]").await;
        pays_the_bank(&ann).await;
        let bought = "select count(*) from bargains b join orders o on o.id = b.order_id
            where b.status = 'bought' and o.subtotal = 5900";
        ann.until("the payment", async || (open.number(bought) == 1).then_some(())).await;

        // The desk counts it.
        zoe.go("/console/campaigns").await;
        zoe.click(".c-main-cell a").await;
        zoe.see(".c-facts").await;
        zoe.keeps_a_picture("console-bargain-desk").await;
        ann.go(link).await;
        ann.see(".bargain-card[data-state=bought]").await;
        ann.keeps_a_picture("bargain-bought").await;
    });
}
