//! A coupon drop from the console to the shopper's order, in real browsers on a phone's width.
//! SQLite speaks Chinese and PostgreSQL English.

use app::coupon::{self, PutTemplate};
use app::legal::{self, PublishLegal};
use app::promotion::{self, PutPromotion};
use domain::coupon::{Gives, Issuer, Life};
use domain::legal::LegalKind;
use domain::moment::Span;
use domain::promotion::{Effect, Off, Scope, Step, Threshold};

use crate::browser::{Open, signs_in, walk, zoe_signs_in};

/// A teapot, who we are, and a kind of coupon nobody finds elsewhere.
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
        let off = Off::Amount { minor: 1_000 };
        let steps = vec![Step { from: Threshold::Amount { minor: 90_000 }, off }];
        let spring = PutPromotion {
            name: "Spring".into(),
            name_en: String::new(),
            currency: None,
            starts_at: None,
            ends_at: shop.app.now().plus(Span::days(3)),
            groups: Vec::new(),
            stack: String::new(),
            priority: 0,
            active: true,
            scope: Scope::default(),
            effect: Effect::SpendAndSave { steps, for_every: false },
            version: None,
        };
        promotion::add(&shop.app, &zoe(), &spring).unwrap();
    });
}

#[test]
fn a_dropped_coupon_is_taken_and_used() {
    walk(async |open| {
        prepares(open);
        let zoe = open.browser("zoe").await;
        zoe_signs_in(&zoe).await;
        zoe.go("/console/campaigns/new?mechanic=coupon_drop").await;
        zoe.fill("input[name=title]", "Friday few").await;
        zoe.fill("input[name=coupon_count]", "2").await;
        // More than the budget holds: it is said, and nothing is lost of what was typed.
        zoe.fill("input[name=budget]", "10").await;
        zoe.keeps_a_picture("drop-form").await;
        zoe.click("button[name=launch]").await;
        zoe.see("form[action$='/steps']").await;
        assert_eq!(open.number("select count(*) from coupon_drops"), 0);
        zoe.click("a[href$='/edit']").await;
        zoe.fill("input[name=budget]", "20").await;
        zoe.click("button[data-key-save]").await;
        zoe.click("form[action$='/steps'] button.primary").await;
        zoe.counts("form[action$='/steps'] input[value=pause]", 1).await;
        let at = zoe.path().await.split('?').next().unwrap().to_string();
        let id = at.replace("/console/campaigns/", "");

        let ann = open.browser("ann").await;
        ann.go("/coupons").await;
        ann.hears(".ticket", "Friday few").await;
        ann.click(".ticket h2 a").await;
        ann.arrives(&format!("/drops/{id}")).await;
        ann.keeps_a_picture("drop").await;
        ann.click(".game a.button.primary").await;
        ann.arrives("/sign-in").await;
        signs_in(open, &ann).await;
        ann.arrives("/drops/").await;
        ann.click("[data-take]").await;
        ann.arrives(&format!("/drops/{id}?taken=1")).await;
        ann.see(".drop.torn").await;
        ann.gone("[data-take]").await;
        ann.keeps_a_picture("drop-taken").await;
        let promised = "select count(*) from rewards where state = 'waiting' and amount = 1000";
        assert_eq!(open.number(promised), 1);
        ann.go("/coupons").await;
        ann.gone(".ticket form").await;
        ann.keeps_a_picture("drop-centre").await;
        ann.go(&format!("/campaigns/{id}/rules")).await;
        ann.hears("main", "2").await;
        ann.keeps_a_picture("drop-rules").await;

        // The checkout uses it by itself.
        ann.go("/products/teapot").await;
        ann.click(".action-bar [data-want=buy]").await;
        ann.click("button[name=do][value=buy]").await;
        ann.arrives("/checkout").await;
        ann.hears("[data-sums]", "Ten off").await;
        ann.see("#coupons input[name=coupon]:checked").await;

        // The last one is bob's, by one tap in the centre, and then all are gone.
        let bob = open.browser("bob").await;
        bob.go("/sign-in").await;
        signs_in(open, &bob).await;
        bob.go("/coupons").await;
        bob.click(".ticket button").await;
        bob.arrives(&format!("/drops/{id}?taken=1")).await;
        let eve = open.browser("eve").await;
        eve.go(&format!("/drops/{id}")).await;
        eve.see(".drop.spent").await;
        eve.keeps_a_picture("drop-gone").await;

        zoe.go(&at).await;
        zoe.hears("main", "Ten off").await;
        zoe.keeps_a_picture("console-drop").await;
        assert_eq!(open.number("select taken from coupon_drops"), 2);

        // One calendar has both: what runs as a campaign, and what holds for every cart.
        zoe.go("/console/campaigns/calendar").await;
        zoe.hears(".c-calendar", "Friday few").await;
        zoe.hears(".c-calendar a[href*='/promotions/']", "Spring").await;
        zoe.keeps_a_picture("console-drop-calendar").await;
    });
}
