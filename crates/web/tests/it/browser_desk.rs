//! An order made on the phone and paid by its link, in real browsers. In Chinese on SQLite, with
//! the buyer on a phone and staff on a wide screen; in English on PostgreSQL the other way round.

use crate::browser::{walk, zoe_signs_in};

#[test]
fn a_draft_is_paid_by_its_link() {
    walk(async |open| {
        open.apart(|shop| {
            shop.goods("longjing", 8_800, 10);
        });
        let zoe = open.browser_of_other_width("zoe").await;
        zoe_signs_in(&zoe).await;
        // Lao Wang calls: zoe writes down what he wants and where it goes.
        zoe.go("/console/drafts/new").await;
        zoe.fill("input[name=contact]", "13900139000").await;
        zoe.fill("input[name=customer_name]", "Lao Wang").await;
        zoe.writes_an_address("Lao Wang", "龙井路 1 号").await;
        zoe.click(".c-desk-offers button[name=add]").await;
        zoe.arrives("/console/drafts/drf_").await;
        zoe.write("input[name^=quantity-]", "2").await;
        zoe.write("input[name^=discount-]", "10").await;
        zoe.write("input[name^=reason-]", "an old friend").await;
        zoe.click("button[name=do][value=send]").await;
        zoe.see("code[data-copy-text]").await;
        let link = zoe.see("code[data-copy-text]").await;
        assert_eq!(open.number("select reserved from stock"), 2);

        // He opens the link on his phone, without an account in it, and pays.
        let wang = open.browser_of_each_width("wang").await;
        let path = link.split_once("/pay/").map(|(_, token)| format!("/pay/{token}")).unwrap();
        wang.go(path.trim()).await;
        let seen = wang.see("main").await;
        assert!(seen.contains("longjing") && !seen.contains("Wang"), "{seen}");
        wang.click("button[data-pay]").await;
        wang.arrives("/sandbox/pay/").await;
        wang.click("button[name=act][value=pay]").await;
        wang.arrives("/pay/").await;
        let paid = async || {
            wang.go(path.trim()).await;
            wang.shown(".seal.good").await
        };
        wang.until("that it is paid", paid).await;

        // zoe finds it among those to be sent.
        zoe.go("/console/orders?status=to_ship&q=Wang").await;
        zoe.click("a[data-row-link]").await;
        zoe.see("input[name=tracking]").await;
        assert_eq!(open.number("select count(*) from orders where status = 'to_ship'"), 1);
    });
}
