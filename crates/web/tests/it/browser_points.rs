//! Points from the counter to the shopper: settled, a check-in and a task begun by zoe, a day's
//! coin and its task taken by ann, and points off an order; in real browsers on a phone's width.
//! SQLite speaks Chinese and PostgreSQL English.

use app::campaign::{self, Step, Terms};
use app::legal::{self, PublishLegal};
use domain::campaign::Mechanic;
use domain::legal::LegalKind;
use domain::money::{Currency, Money};
use domain::task::{Asked, Deed, Every, Reward};

use crate::browser::{Open, signs_in, walk, zoe_signs_in};

/// A list with one thing to do: come by.
fn begins_tasks(open: &Open) {
    open.apart(|shop| {
        let mut put = campaign::template(&shop.app, &shop.zoe, Mechanic::Tasks).unwrap();
        put.frame.title = "Tea tasks".into();
        put.frame.budget = Some(Money::new(1_000, Currency::Points));
        let reward = Reward::Points { points: 5 };
        let come = Asked { deed: Deed::CheckIn, count: 1, every: Every::Day, reward };
        put.terms = Terms::Tasks(domain::task::Terms { list: vec![come] });
        let made = campaign::create(&shop.app, &shop.keyed(&shop.zoe), put).unwrap();
        campaign::step(&shop.app, &shop.keyed(&shop.zoe), made.id, Step::Launch).unwrap();
        shop.work();
    });
}

#[test]
fn points_are_settled_won_and_spent() {
    walk(async |open| {
        open.apart(|shop| {
            shop.goods("teapot", 9_900, 10);
            let (body_html, body_html_en) = ("<p>Tea house</p>".into(), String::new());
            let imprint = PublishLegal { body_html, body_html_en, after: 0 };
            let zoe = shop.keyed(&shop.zoe);
            legal::publish(&shop.app, &zoe, LegalKind::Imprint, imprint).unwrap();
        });
        let zoe = open.browser("zoe").await;
        zoe_signs_in(&zoe).await;
        // Points are earned and taken, and there are two levels.
        zoe.go("/console/levels").await;
        zoe.click("input[name=earns]").await;
        zoe.click("input[name=spends]").await;
        zoe.click("button[name=do][value=points]").await;
        zoe.arrives("/console/levels").await;
        zoe.fill("input[name=step-0-name]", "Leaf").await;
        zoe.fill("input[name=step-1-name]", "Bud").await;
        zoe.fill("input[name=step-1-from]", "100").await;
        zoe.fill("input[name=step-1-boost]", "1.5").await;
        zoe.click("button[name=do][value=ladder]").await;
        zoe.arrives("/console/levels").await;
        assert_eq!(open.number("select count(*) from levels"), 2);
        // A check-in, from the counter.
        zoe.go("/console/campaigns/new?mechanic=check_in").await;
        zoe.fill("input[name=title]", "Tea days").await;
        zoe.fill("textarea[name=day_points]", "400").await;
        zoe.click("button[name=launch]").await;
        zoe.arrives("/console/campaigns/cmp_").await;
        let on = "select count(*) from campaigns where status in ('scheduled', 'running')";
        zoe.until("the campaign", async || (open.number(on) == 1).then_some(())).await;
        begins_tasks(open);

        let ann = open.browser("ann").await;
        ann.go("/sign-in").await;
        signs_in(open, &ann).await;
        ann.go("/check-in").await;
        ann.counts(".coins > li", 7).await;
        ann.click("[data-check-in]").await;
        ann.counts(".coin.done", 1).await;
        ann.gone("[data-check-in]").await;
        ann.go("/tasks").await;
        ann.click("[data-claim]").await;
        ann.gone("[data-claim]").await;
        ann.go("/account/points").await;
        ann.hears(".point-card", "405").await;
        ann.counts(".level-steps > li", 2).await;
        ann.counts(".entries > li", 2).await;

        // Four hundred of them take four off a teapot.
        ann.go("/products/teapot").await;
        ann.click(".action-bar [data-want=buy]").await;
        ann.click("button[name=do][value=buy]").await;
        ann.arrives("/checkout").await;
        ann.click("#coupons input[name=points]").await;
        ann.click("[data-choose]").await;
        ann.shown("#coupons input[name=points][checked]").await;
        ann.writes_an_address("ann", "Lake Road 1").await;
        ann.click("button[data-pay]").await;
        ann.arrives("/sandbox/pay/").await;
        assert_eq!(open.number("select spent from order_points"), 405);
        zoe.go("/console/points").await;
        zoe.hears("main", "0").await;
    });
}
