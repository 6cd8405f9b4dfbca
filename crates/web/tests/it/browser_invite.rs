//! An invitation on phones: zoe writes the campaign, ann sends her link, a friend who was never
//! here takes it and buys; both have their reward when the order can no longer be sent back. SQLite
//! speaks Chinese, PostgreSQL English.

use app::after_sale;
use app::order_desk::{self, Ship};
use domain::id::Id;
use domain::moment::Span;

use crate::browser::{Open, buys_now, pays_the_bank, signs_in_as, walk, zoe_signs_in};
use crate::browser_campaigns::licensed;
use crate::chromium::Browser;

/// From the product's page to the order that was paid.
async fn buys(friend: &Browser) -> String {
    friend.go("/products/teapot").await;
    buys_now(friend).await;
    friend.arrives("/checkout").await;
    friend.writes_an_address(friend.who, "Lake Road 1").await;
    friend.click("button[data-pay]").await;
    pays_the_bank(friend).await
}

/// It arrives, and is kept until nobody can send it back.
async fn keeps(open: &Open, friend: &Browser, order: &str) {
    let id = Id::parse(order.trim_start_matches("/orders/")).expect("an order");
    let paid = "select count(*) from orders where status = 'to_ship'";
    friend.until("that it is paid", async || (open.number(paid) == 1).then_some(())).await;
    open.apart(|shop| {
        let ship = Ship::all("SF Express", "SF1234567890");
        order_desk::ship(&shop.app, &shop.mo, id, ship).unwrap();
        after_sale::set_return_address(&shop.app, &shop.mo, "Mo\nLane 1").unwrap();
    });
    friend.go(order).await;
    friend.click("form[action$='/confirm'] button").await;
    let received = "select count(*) from orders where status = 'delivered'";
    friend.until("that it is received", async || (open.number(received) == 1).then_some(())).await;
    open.shop.clock.advance(Span::days(8));
    open.shop.app.bell.ring();
}

#[test]
fn a_friend_is_invited_and_both_win() {
    walk(async |open| {
        licensed(open);
        open.apart(|shop| {
            shop.goods("teapot", 9_900, 10);
        });
        let zoe = open.browser("zoe").await;
        zoe_signs_in(&zoe).await;
        zoe.go("/console/campaigns").await;
        zoe.click("a[href='/console/campaigns/new']").await;
        zoe.click("a[data-mechanic=invite_reward]").await;
        zoe.fill("input[name=title]", "Bring a friend").await;
        // Longer than an order can be sent back.
        let later = "const field = document.querySelector('input[name=ends_at]');
            const end = new Date(field.value + ':00Z'); end.setDate(end.getDate() + 30);
            field.value = end.toISOString().slice(0, 16);";
        zoe.client.execute(later, vec![]).await.unwrap();
        zoe.click("button[data-key-save]").await;
        let running = "select count(*) from campaigns where status = 'running'";
        zoe.until("that it runs", async || (open.number(running) == 1).then_some(())).await;

        let ann = open.browser("ann").await;
        ann.go("/sign-in").await;
        signs_in_as(open, &ann, "ann").await;
        ann.go("/campaigns").await;
        ann.click(".campaign-go").await;
        ann.arrives("/invite").await;
        ann.keeps_a_picture("invite-own").await;
        let link = ann.attribute("#share-link", "value").await;
        let link = &link[link.find("/s/").expect("a link that was shared")..];

        let dan = open.browser("dan").await;
        dan.go(link).await;
        dan.arrives("/invite").await;
        dan.keeps_a_picture("invite-guest").await;
        open.shop.clock.advance(Span::minutes(1));
        dan.click(".assist-top a.button.primary").await;
        signs_in_as(open, &dan, "dan").await;
        dan.arrives("/invite").await;
        dan.click(".assist-top form button").await;
        dan.see(".assist-top .alert.good").await;
        dan.keeps_a_picture("invite-taken").await;

        let order = buys(&dan).await;
        // Nobody has anything yet: the order may still be sent back.
        assert_eq!(open.number("select count(*) from rewards where state = 'given'"), 0);
        let ordered = "select count(*) from invites where state = 'ordered'";
        ann.until("that dan ordered", async || (open.number(ordered) == 1).then_some(())).await;
        ann.go("/invite").await;
        ann.see(".assist-helpers .badge.waiting").await;
        keeps(open, &dan, &order).await;
        let given = "select count(*) from rewards where state = 'given' and amount = 1000";
        ann.until("both rewards", async || (open.number(given) == 2).then_some(())).await;
        for friend in [&ann, &dan] {
            friend.go("/account/wallet").await;
            friend.hears("main", "10").await;
            friend.counts(".entries > li", 1).await;
        }
        ann.go("/invite").await;
        ann.see(".assist-helpers .badge.good").await;
    });
}
