//! The points shop from the counter to the shopper: written by zoe by name, a coupon and a teapot
//! had by ann, in real browsers on a phone's width. SQLite speaks Chinese and PostgreSQL English.

use app::coupon::{self, PutTemplate};
use app::legal::{self, PublishLegal};
use app::point::{self, GivePoints};
use domain::coupon::{Gives, Issuer, Life};
use domain::legal::LegalKind;
use domain::moment::Span;
use domain::promotion::{Off, Scope};

use crate::browser::{Open, signs_in, walk, zoe_signs_in};

/// A teapot, a kind of coupon nobody finds elsewhere, and points for ann.
fn prepares(open: &Open) {
    open.apart(|shop| {
        shop.goods("teapot", 9_900, 10);
        let (body_html, body_html_en) = ("<p>Tea house</p>".into(), String::new());
        let imprint = PublishLegal { body_html, body_html_en, after: 0 };
        let zoe = || shop.keyed(&shop.zoe);
        legal::publish(&shop.app, &zoe(), LegalKind::Imprint, imprint).unwrap();
        let put = PutTemplate {
            name: "Ten off".into(),
            name_en: String::new(),
            issuer: Issuer::Merchant,
            currency: None,
            gives: Gives::Goods { off: Off::Amount { minor: 1_000 } },
            threshold: 0,
            scope: Scope::default(),
            stacks: None,
            life: Life::After { span: Span::days(7) },
            claim_from: None,
            claim_until: None,
            total: None,
            per_person: 1,
            per_cluster: None,
            back_on_refund: false,
            active: true,
            listed: false,
            link: None,
            version: None,
        };
        coupon::add(&shop.app, &zoe(), &put).unwrap();
        let ann = shop.ann.person.as_ref().unwrap().id;
        let give = GivePoints { points: 1_000, reason: "welcome".into() };
        point::give(&shop.app, &zoe(), ann, give).unwrap();
    });
}

#[test]
fn points_are_exchanged_for_a_coupon_and_a_teapot() {
    walk(async |open| {
        prepares(open);
        let zoe = open.browser("zoe").await;
        zoe_signs_in(&zoe).await;
        zoe.go("/console/campaigns/new?mechanic=points_shop").await;
        zoe.fill("input[name=title]", "Points shop").await;
        let wares = "Ten off | 300 | | 1\nteapot | 500 | 2 | 2 | | 0";
        zoe.fill("textarea[name=offered]", wares).await;
        zoe.click("button[name=launch]").await;
        zoe.see("form[action$='/steps']").await;
        let at = zoe.path().await.split('?').next().unwrap().to_string();
        let aside = "select set_aside from stock where set_aside > 0";
        assert_eq!(open.number(aside), 2, "the teapots are set aside");

        let ann = open.browser("ann").await;
        ann.go("/points-shop").await;
        ann.counts(".ticket", 2).await;
        ann.click(".ticket:nth-of-type(1) a.button").await;
        ann.click("main a.button.primary").await;
        ann.arrives("/sign-in").await;
        signs_in(open, &ann).await;
        ann.arrives("/points-shop/").await;
        ann.click("[data-exchange]").await;
        ann.arrives("/account/exchanges").await;
        ann.counts(".entries > li", 1).await;
        ann.go("/account/coupons").await;
        ann.counts(".ticket", 1).await;

        ann.go("/account/points").await;
        ann.hears(".point-card", "700").await;
        ann.click("a[href='/points-shop']").await;
        ann.click(".ticket:nth-of-type(2) a.button").await;
        ann.writes_an_address("ann", "Lake Road 1").await;
        ann.click("[data-exchange]").await;
        ann.arrives("/account/exchanges").await;
        ann.counts(".entries > li", 2).await;
        assert_eq!(open.number("select count(*) from orders where status = 'to_ship'"), 1);
        assert_eq!(open.number("select spent from order_points"), 500);
        ann.go("/points-shop").await;
        ann.gone(".ticket a.button").await;

        zoe.go(&at).await;
        zoe.hears("main", "500").await;
        // What was written is written again the same.
        zoe.go(&format!("{at}/edit")).await;
        zoe.see("textarea[name=offered]").await;
    });
}
