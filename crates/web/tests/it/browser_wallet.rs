//! A first purchase with each way to pay: from the wallet, from wallet and bank together, and by
//! transfer; in real browsers on a phone's width. SQLite speaks Chinese and PostgreSQL English.

use app::payment::offline::{self, Terms};

use crate::browser::{Open, pays_the_bank, signs_in, walk, zoe_signs_in};
use crate::chromium::Browser;

fn transfers(open: &Open) {
    open.apart(|shop| {
        shop.goods("teapot", 9_900, 10);
        let terms = Terms {
            active: true,
            how: "Bank 6222 0000".into(),
            how_en: "Bank 6222 0000".into(),
            days: 3,
        };
        offline::set(&shop.app, &shop.zoe, terms).unwrap();
    });
}

/// To the checkout of one teapot, with an address.
async fn wants_a_teapot(browser: &Browser) {
    browser.go("/products/teapot").await;
    browser.click(".action-bar [data-want=buy]").await;
    browser.click("button[name=do][value=buy]").await;
    browser.arrives("/checkout").await;
    if browser.shown("#f-line1").await.is_some() {
        browser.writes_an_address("ann", "Lake Road 1").await;
    }
}

#[test]
fn a_wallet_pays_alone_and_with_the_bank_and_a_transfer_is_seen_by_hand() {
    walk(async |open| {
        transfers(open);
        let ann = open.browser("ann").await;
        ann.go("/sign-in").await;
        signs_in(open, &ann).await;
        // Zoe finds ann by her address and gives her something.
        let zoe = open.browser("zoe").await;
        zoe_signs_in(&zoe).await;
        zoe.go("/console/wallets").await;
        zoe.fill("input[name=q]", "ann@example.com").await;
        zoe.click("main form button").await;
        zoe.arrives("/console/wallets/per_").await;
        zoe.fill("input[name=amount]", "150").await;
        zoe.fill("input[name=reason]", "sorry for the wait").await;
        zoe.click("button[name=do][value=give]").await;
        zoe.hears("main", "sorry for the wait").await;

        // The wallet holds enough: the order is paid at once.
        wants_a_teapot(&ann).await;
        ann.click("input[name=use_wallet]").await;
        ann.click("button[data-pay]").await;
        ann.arrives("/orders/").await;
        let paid = "select count(*) from orders where status = 'to_ship'";
        assert_eq!(open.number(paid), 1);
        ann.go("/account/wallet").await;
        ann.counts(".entries > li", 2).await;

        // What is left of it pays a part, the bank the rest.
        wants_a_teapot(&ann).await;
        ann.click("input[name=use_wallet]").await;
        ann.click("button[data-pay]").await;
        pays_the_bank(&ann).await;
        ann.until("the bank's notice", async || (open.number(paid) == 2).then_some(())).await;

        // By transfer: the goods are kept, and zoe says when the money is there.
        wants_a_teapot(&ann).await;
        ann.click("input[name=pay_with][value=offline]").await;
        ann.click("button[data-pay]").await;
        ann.arrives("/orders/").await;
        ann.hears("main", "Bank 6222 0000").await;
        let path = ann.path().await;
        zoe.go(&format!("/console{path}")).await;
        zoe.click("button[popovertarget=received]").await;
        zoe.fill("#received input[name=proof]", "transfer 7").await;
        zoe.click("#received .primary").await;
        let captured = "select count(*) from payments
                        where provider = 'offline' and status = 'captured'";
        zoe.hears("main", "transfer 7").await;
        assert_eq!((open.number(captured), open.number(paid)), (1, 3));

        // Topped up, and sent back again.
        ann.go("/account/wallet").await;
        ann.fill("#other", "20").await;
        ann.click("form[action='/account/wallet'] button").await;
        ann.arrives("/sandbox/pay/").await;
        ann.click("button[name=act][value=pay]").await;
        ann.arrives("/account/wallet").await;
        let came = "select count(*) from top_ups where status = 'captured'";
        ann.until("the top-up", async || (open.number(came) == 1).then_some(())).await;
        ann.go("/account/wallet").await;
        ann.hears(".wallet-card", "20").await;
        ann.click("form[action$='/return'] button").await;
        let back = "select count(*) from top_up_refunds";
        ann.arrives("/account/wallet").await;
        ann.gone("form[action$='/return']").await;
        assert_eq!(open.number(back), 1);
    });
}
