//! A merchant of two settles a month: zoe takes a seller in, ann's basket has two groups and each
//! goes to the checkout by itself, the seller sends what is theirs, and when the month is over the
//! statement is settled. In real browsers: SQLite in Chinese on a phone's width, PostgreSQL in
//! English on a wide screen.

use domain::moment::Span;

use crate::browser::{Open, pays_the_bank, signs_in, walk, zoe_signs_in};
use crate::chromium::Browser;

const PASSWORD: &str = "leaves of the spring";

async fn signs_in_behind_the_counter(tess: &Browser) {
    tess.go("/console").await;
    tess.arrives("/console/sign-in").await;
    tess.fill("input[name=name]", "tess@example.com").await;
    tess.fill("input[name=password]", PASSWORD).await;
    tess.click("form.c-form button.primary").await;
    tess.see("main h1").await;
}

/// zoe takes a seller in, and somebody who works for them: where that seller is.
async fn takes_a_seller_in(zoe: &Browser) -> String {
    zoe.go("/console/sellers").await;
    zoe.click("a[href='/console/sellers/new']").await;
    zoe.fill("input[name=name]", "Tea House").await;
    zoe.fill("input[name=commission]", "8").await;
    zoe.fill("input[name=licence]", "Tea House Ltd., licence 9133").await;
    zoe.fill("input[name=receiver-sandbox]", "acct_tea").await;
    zoe.click("form.c-form button.primary").await;
    zoe.arrives("/console/sellers/sel_").await;
    let path = zoe.path().await;
    let path = path.split('?').next().unwrap_or_default().to_string();
    zoe.fill("input[name=person_contact]", "tess@example.com").await;
    zoe.fill("input[name=person_name]", "Tess").await;
    zoe.fill("input[name=password]", PASSWORD).await;
    zoe.submit("form[action$='/people']").await;
    zoe.hears("main", "tess@example.com").await;
    path
}

async fn into_the_basket(open: &Open, ann: &Browser, handle: &str) {
    ann.go(&format!("/products/{handle}")).await;
    // On a phone what can be chosen lies behind the bar.
    if open.language != "en" {
        ann.click(".action-bar [data-want=buy]").await;
    }
    ann.click("button[name=do][value=cart]").await;
    ann.arrives("/cart").await;
}

/// From a group of the basket to the bank, and back: the address of the order.
async fn pays(ann: &Browser) -> String {
    ann.arrives("/checkout").await;
    if ann.shown("#f-line1").await.is_some() {
        ann.writes_an_address("ann", "Lake Road 1").await;
    }
    ann.click("button[data-pay]").await;
    pays_the_bank(ann).await
}

/// Time goes by, and what is due is done.
async fn days_go_by(open: &Open, days: i64, until: &str) {
    open.shop.clock.advance(Span::days(days));
    open.shop.app.bell.ring();
    for _ in 0..600 {
        if open.number(until) > 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{days} days later, still not: {until}");
}

#[test]
fn a_merchant_of_two_settles_a_month() {
    walk(async |open| {
        open.apart(|shop| {
            shop.goods("tea", 10_000, 10);
            shop.goods("cup", 5_000, 10);
        });
        let zoe = open.browser_of_each_width("zoe").await;
        zoe_signs_in(&zoe).await;
        let seller = takes_a_seller_in(&zoe).await;
        // The tea is the seller's from now on.
        let tea = open.apart(|shop| shop.goods_of("tea").product);
        zoe.go(&format!("/console/products/{tea}")).await;
        zoe.click("select[name=seller] option:last-child").await;
        zoe.click("button[form=product][data-key-save]").await;
        let given = "select count(*) from products where seller_id is not null";
        zoe.until("the tea to be theirs", async || (open.number(given) == 1).then_some(())).await;

        // ann reads who sells it. Her basket has two groups, and each goes its own way.
        let ann = open.browser_of_each_width("ann").await;
        ann.go("/sign-in").await;
        signs_in(open, &ann).await;
        ann.go("/products/tea").await;
        ann.hears("[data-seller]", "licence 9133").await;
        into_the_basket(open, &ann, "tea").await;
        into_the_basket(open, &ann, "cup").await;
        ann.counts("[data-seller-group]", 2).await;
        ann.go("/checkout").await;
        ann.arrives("/cart").await;
        ann.click("a[href^='/checkout?seller=sel_']").await;
        let order = pays(&ann).await;
        ann.go(&order).await;
        ann.hears("[data-seller]", "Tea House").await;
        ann.go("/cart").await;
        ann.counts("[data-seller-group]", 1).await;
        ann.click("a[href='/checkout']").await;
        let own = pays(&ann).await;

        // tess sees her order and no other, and sends it.
        let tess = open.browser_of_each_width("tess").await;
        signs_in_behind_the_counter(&tess).await;
        tess.go("/console/orders").await;
        tess.counts("a[data-row-link]", 1).await;
        tess.go(&format!("/console{own}")).await;
        assert!(!tess.see("body").await.contains("cup"), "another's order is not found");
        tess.go(&format!("/console{order}")).await;
        tess.write("input[name=carrier]", "SF").await;
        tess.write("input[name=tracking]", "SF1000000007").await;
        tess.click("form.c-next button[data-key-save]").await;
        tess.gone("input[name=tracking]").await;
        ann.go(&order).await;
        ann.click("form[action$='/confirm'] button").await;
        let received = "select count(*) from orders where status = 'delivered'";
        ann.until("that it is received", async || (open.number(received) == 1).then_some(())).await;

        // Eight days later it is completed and split; the month is still running.
        let split = "select count(*) from splits where status = 'succeeded'";
        days_go_by(open, 8, split).await;
        assert_eq!(open.number("select cast(sum(amount) as bigint) from sandbox_splits"), {
            open.number("select total from orders where seller_id is not null") - 800
        });
        // In December zoe settles November.
        open.shop.clock.advance(Span::days(3));
        zoe_signs_in(&zoe).await;
        zoe.go(&format!("{seller}/months/2026-11")).await;
        zoe.submit("form[action$='/settlement']").await;
        zoe.hears("[data-number]", "TEA-HOUSE-2026-11-CNY").await;
        assert_eq!(zoe.count("form[action$='/settlement']").await, 0);
        assert_eq!(open.number("select commission from settlements"), 800);

        // tess reads the same, and nothing of the shop's own.
        signs_in_behind_the_counter(&tess).await;
        tess.go("/console/sellers").await;
        tess.arrives(&seller).await;
        tess.click("a[href$='/months/2026-11']").await;
        tess.hears("[data-number]", "TEA-HOUSE-2026-11-CNY").await;
        assert_eq!(tess.count("form[method=post] input[name=commission]").await, 0);
        tess.go("/console/ledger").await;
        assert_eq!(tess.count("table.c-table").await, 0, "the books are not hers to read");
    });
}
