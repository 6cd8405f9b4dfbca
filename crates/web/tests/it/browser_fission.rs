//! A fission coupon, on a phone: zoe makes it, ann starts one and sends it, friends take parts
//! while she looks on, and one is used at the checkout. SQLite speaks Chinese, PostgreSQL English.

use app::coupon::{self, PutTemplate};
use domain::coupon::{Gives, Issuer, Life};
use domain::moment::Span;
use domain::promotion::{Off, Scope};

use crate::browser::{Open, buys_now, pays_the_bank, signs_in_as, walk, zoe_signs_in};
use crate::browser_campaigns::licensed;
use crate::chromium::Browser;

/// A kind of coupon for parts: from ¥30, for a week.
pub fn kind(open: &Open) {
    open.apart(|shop| {
        // Well above the amount from which the way is free: a coupon never costs more there.
        shop.goods("teapot", 19_900, 10);
        let put = PutTemplate {
            name: "好友券".into(),
            name_en: "Friends’ coupon".into(),
            issuer: Issuer::Merchant,
            currency: None,
            gives: Gives::Goods { off: Off::Amount { minor: 100 } },
            threshold: 3_000,
            scope: Scope::default(),
            stacks: None,
            life: Life::After { span: Span::days(7) },
            claim_from: None,
            claim_until: None,
            total: None,
            per_person: 1,
            per_cluster: Some(1_000),
            back_on_refund: false,
            active: true,
            listed: false,
            link: None,
            version: None,
        };
        coupon::add(&shop.app, &shop.keyed(&shop.zoe), &put).unwrap();
    });
}

async fn takes(open: &Open, friend: &Browser, link: &str) {
    friend.go(link).await;
    friend.keeps_a_picture("fission-guest").await;
    friend.click(".packet a.button").await;
    friend.arrives("/sign-in").await;
    signs_in_as(open, friend, friend.who).await;
    friend.arrives("/split/fsn_").await;
    friend.keeps_a_picture("fission-friend").await;
    friend.click(".packet .seal").await;
    friend.see(".split-ticket").await;
    friend.keeps_a_picture("fission-taken").await;
}

#[test]
fn friends_share_a_coupon_and_use_it() {
    walk(async |open| {
        licensed(open);
        kind(open);
        let zoe = open.browser("zoe").await;
        zoe_signs_in(&zoe).await;
        zoe.go("/console/campaigns/new").await;
        zoe.click("a[data-mechanic=fission_coupon]").await;
        zoe.fill("input[name=title]", "Twenty among friends").await;
        zoe.fill("input[name=fission_count]", "3").await;
        zoe.keeps_a_picture("console-fission-form").await;
        zoe.click("button[name=launch]").await;
        zoe.arrives("/console/campaigns/cmp_").await;
        let running = "select count(*) from campaigns where status = 'running'";
        zoe.until("that it runs", async || (open.number(running) == 1).then_some(())).await;
        zoe.see("form[action$='/steps']").await;
        let path = zoe.path().await;
        let id = path.split('?').next().unwrap().replace("/console/campaigns/", "");

        let ann = open.browser("ann").await;
        ann.go("/sign-in").await;
        signs_in_as(open, &ann, "ann").await;
        ann.go("/campaigns").await;
        ann.keeps_a_picture("fission-campaigns").await;
        ann.go(&format!("/fissions/{id}")).await;
        ann.keeps_a_picture("fission-hall").await;
        ann.click(".packet form button").await;
        ann.arrives("/split/fsn_").await;
        ann.counts(".split-slots li", 3).await;
        ann.keeps_a_picture("fission-own").await;
        let link = ann.path().await;
        ann.click(".packet .seal").await;
        ann.see(".split-ticket").await;
        ann.counts(".split-slots .is-taken", 1).await;

        // She looks on: her page fills by itself.
        ann.mark().await;
        let bob = open.browser("bob").await;
        takes(open, &bob, &link).await;
        ann.counts(".split-slots .is-taken", 2).await;
        let eve = open.browser("eve").await;
        takes(open, &eve, &link).await;
        ann.counts(".split-slots .is-taken", 3).await;
        ann.see(".split-slots .badge.waiting").await;
        assert!(ann.is_marked().await, "the page was loaded anew");
        ann.keeps_a_picture("fission-full").await;
        assert_eq!(open.number("select count(*) from fission_parts where person_id > 0"), 3);

        // Bob's part is a coupon of his, and the checkout takes it by itself.
        bob.go("/account/coupons").await;
        bob.counts(".ticket", 1).await;
        bob.keeps_a_picture("fission-coupons").await;
        bob.go("/products/teapot").await;
        buys_now(&bob).await;
        bob.arrives("/checkout").await;
        bob.writes_an_address("bob", "Lake Road 1").await;
        bob.click("button[data-pay]").await;
        pays_the_bank(&bob).await;
        let used = "select count(*) from coupons c join orders o on o.id = c.order_id
            where c.state = 'used' and o.discount = c.amount";
        bob.until("the coupon used", async || (open.number(used) == 1).then_some(())).await;

        zoe.go(&format!("/console/campaigns/{id}")).await;
        zoe.counts("#shared tbody tr", 1).await;
        zoe.keeps_a_picture("console-fission-desk").await;
        zoe.click("form[action$='/steps']:has(input[value=end]) button").await;
        let over = "select count(*) from campaigns where status = 'ended'";
        zoe.until("its end", async || (open.number(over) == 1).then_some(())).await;
    });
}
