//! A gift on a phone: ann pays and sends the link, bob unwraps it and says where it goes, and no
//! price is told to him anywhere. SQLite speaks Chinese and PostgreSQL English.

use crate::browser::{buys_now, pays_the_bank, signs_in, signs_in_as, walk, zoe_signs_in};

#[test]
fn a_friend_unwraps_a_gift_and_says_where_it_goes() {
    walk(async |open| {
        open.apart(|shop| {
            shop.goods("longjing", 3_900, 10);
        });
        // The shop says by which way gifts go.
        let zoe = open.browser("zoe").await;
        zoe_signs_in(&zoe).await;
        zoe.go("/console/delivery").await;
        zoe.click("a[href^='/console/delivery/methods/shm_']").await;
        zoe.fill("input[name=gift_fee]", "8").await;
        zoe.click(".c-actions button.primary").await;
        zoe.until("gifts go by it", async || {
            let go = "select count(*) from shipping_methods where gift_fee = 800";
            (open.number(go) == 1).then_some(())
        })
        .await;

        let ann = open.browser("ann").await;
        ann.go("/sign-in").await;
        signs_in(open, &ann).await;
        ann.go("/products/longjing").await;
        buys_now(&ann).await;
        ann.arrives("/checkout").await;
        ann.click("a[href*='give=1']").await;
        ann.see("#f-give-card").await;
        assert!(ann.shown("#f-line1").await.is_none());
        ann.fill("#f-give-card", "生日快乐").await;
        ann.keeps_a_picture("gift-checkout").await;
        ann.click("button[data-pay]").await;
        pays_the_bank(&ann).await;
        // Back from paying she has the link to send.
        ann.until("the gift", async || {
            (open.number("select count(*) from gifts where state = 'open'") == 1).then_some(())
        })
        .await;
        ann.go("/gifts").await;
        ann.click(".gift-row a").await;
        ann.arrives("/gifts/gft_").await;
        ann.see("#share-link").await;
        ann.keeps_a_picture("gift-giver").await;
        let link = ann.attribute("#share-link", "value").await;
        let secret = link.split_once("?k=").unwrap().1.to_string();
        let path = ann.path().await;

        let bob = open.browser("bob").await;
        bob.go(&format!("{path}?k={secret}")).await;
        bob.hears(".gift-words", "生日快乐").await;
        bob.keeps_a_picture("gift-card").await;
        bob.click(".gift-box > summary").await;
        bob.click(".gift-box a.button.primary").await;
        bob.arrives("/sign-in").await;
        signs_in_as(open, &bob, "bob").await;
        bob.arrives("/gifts/gft_").await;
        bob.click(".gift-box > summary").await;
        bob.keeps_a_picture("gift-unwrapped").await;
        bob.writes_an_address("Bob", "Lane 7").await;
        bob.click(".gift-box form button.primary").await;
        bob.until("it is taken", async || {
            (open.number("select count(*) from gift_takers") == 1).then_some(())
        })
        .await;
        bob.go(&path).await;
        bob.hears(".gift-box", "Lane 7").await;
        bob.keeps_a_picture("gift-taken").await;
        for page in [path.as_str(), "/gifts", "/inbox"] {
            bob.go(page).await;
            let said = bob.see("main").await;
            assert!(!said.contains('¥') && !said.contains("39"), "{said}");
        }
        // And she does not see where it went.
        ann.go(&path).await;
        let said = ann.see("main").await;
        assert!(!said.contains("Lane 7"), "{said}");
        zoe.go("/console/orders?status=to_ship").await;
        zoe.hears("main", "ann").await;
    });
}
