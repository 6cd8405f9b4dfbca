//! An invoice from asking to the red one, and the texts at the foot, in real browsers on a phone's
//! width. SQLite speaks Chinese and PostgreSQL English.

use crate::browser::{Open, pays_the_bank, signs_in, walk, zoe_signs_in};
use crate::chromium::Browser;

async fn buys_a_teapot(browser: &Browser) {
    browser.go("/products/teapot").await;
    browser.click(".action-bar [data-want=buy]").await;
    browser.click("button[name=do][value=buy]").await;
    browser.arrives("/checkout").await;
    browser.writes_an_address("ann", "Lake Road 1").await;
    browser.click("button[data-pay]").await;
    pays_the_bank(browser).await;
}

fn stock(open: &Open) {
    open.apart(|shop| {
        shop.goods("teapot", 9_900, 10);
    });
}

#[test]
fn an_invoice_is_asked_for_issued_and_taken_back() {
    walk(async |open| {
        stock(open);
        let zoe = open.browser("zoe").await;
        zoe_signs_in(&zoe).await;
        // Who issues invoices, and the terms everybody agrees to.
        zoe.go("/console/invoices/settings").await;
        zoe.fill("input[name=name]", "Pinwheel Tea").await;
        zoe.fill("input[name=prefix]", "FP").await;
        zoe.click("main form button").await;
        zoe.arrives("/console/invoices/settings").await;
        zoe.go("/console/content/legal/terms").await;
        zoe.see(".c-next--waiting").await;
        zoe.go("/console/content/legal").await;
        zoe.fill("input[name=icp]", "浙ICP备12345678号-1").await;
        zoe.click("#licence button").await;
        let licensed = "select version from shop_licence";
        zoe.until("the licence", async || (open.number(licensed) == 2).then_some(())).await;

        let ann = open.browser("ann").await;
        ann.go("/sign-in").await;
        signs_in(open, &ann).await;
        ann.hears(".foot-licences", "浙ICP备12345678号-1").await;
        buys_a_teapot(&ann).await;
        let paid = "select count(*) from orders where status = 'to_ship'";
        ann.until("the payment", async || (open.number(paid) == 1).then_some(())).await;
        let path = ann.path().await;
        let order = path.split("/paid").next().unwrap().to_string();
        ann.go(&format!("{order}/invoice")).await;
        // A wrong tax number is told, and what was typed is still there.
        ann.click("input[name=kind][value=company]").await;
        ann.fill("#f-name", "Tea House").await;
        ann.fill("#f-tax", "DE12345").await;
        ann.click("form.step .primary").await;
        ann.see("[role=alert]").await;
        ann.fill("#f-tax", "DE123456789").await;
        ann.click("form.step .primary").await;
        ann.gone("#f-tax").await;

        zoe.go("/console/invoices").await;
        zoe.click("[data-row-link]").await;
        zoe.arrives("/console/invoices/requests/").await;
        zoe.click(".c-next .primary").await;
        zoe.arrives("/console/invoices/inv_").await;
        zoe.hears(".invoice-sheet", "-000001").await;

        ann.go(&format!("{order}/invoice")).await;
        ann.hears("main", "-000001").await;
        ann.click("a[href^='/account/invoices/inv_']").await;
        ann.hears(".invoice-sheet", "DE123456789").await;

        zoe.fill("input[name=reason]", "a wrong name").await;
        zoe.click(".danger").await;
        zoe.hears(".invoice-sheet", "a wrong name").await;
        ann.go(&format!("{order}/invoice")).await;
        ann.hears("main", "-000002").await;
        assert_eq!(open.number("select coalesce(sum(total), 0) from invoices"), 0);
    });
}
