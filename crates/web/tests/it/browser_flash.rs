//! A flash sale on a phone: zoe writes it, ann buys what there is of it, bob waits and has his turn
//! when she lets it go; his page says so by itself. SQLite speaks Chinese, PostgreSQL English.

use app::legal::{self, LicenceView};
use domain::moment::Span;

use crate::browser::{Open, pays_the_bank, signs_in_as, walk, zoe_signs_in};

fn stock(open: &Open) {
    open.apart(|shop| {
        let before = legal::licence_desk(&shop.app, &shop.zoe).unwrap();
        let licence = domain::legal::Licence {
            name: "Pinwheel Tea".into(),
            number: "91330100799655058B".into(),
            ..before.licence.clone()
        };
        legal::set_licence(&shop.app, &shop.zoe, &LicenceView { licence, ..before }).unwrap();
        shop.goods("teapot", 9_900, 10);
    });
    // The former price was charged long enough to be shown.
    open.shop.clock.advance(Span::days(31));
}

#[test]
fn a_flash_sale_from_the_console_to_whoever_waited() {
    walk(async |open| {
        stock(open);
        let zoe = open.browser("zoe").await;
        zoe_signs_in(&zoe).await;
        zoe.go("/console/campaigns/new").await;
        zoe.click("a[data-mechanic=flash_sale]").await;
        zoe.fill("input[name=title]", "Teapots today").await;
        zoe.fill("textarea[name=slots]", "").await;
        zoe.fill("textarea[name=offered]", "teapot 59.00 1").await;
        zoe.keeps_a_picture("console-flash").await;
        zoe.click("button[name=launch]").await;
        zoe.arrives("/console/campaigns/cmp_").await;
        let running = "select count(*) from campaigns where status = 'running'";
        zoe.until("that it runs", async || (open.number(running) == 1).then_some(())).await;

        let ann = open.browser("ann").await;
        ann.go("/sign-in").await;
        signs_in_as(open, &ann, "ann").await;
        ann.go("/products/teapot").await;
        ann.hears(".flash-banner", "59").await;
        ann.click(".flash-banner").await;
        ann.arrives("/flash/cmp_").await;
        let path = ann.path().await;
        ann.see(".flash-clock time").await;
        ann.keeps_a_picture("flash").await;
        ann.click(".flash-good .button.primary").await;
        ann.arrives("/checkout").await;
        ann.hears("[data-sums]", "67").await;
        ann.writes_an_address("ann", "Lake Road 1").await;
        ann.click("button[data-pay]").await;
        ann.arrives("/sandbox/pay/").await;

        // Bob is too late, and waits.
        let bob = open.browser("bob").await;
        bob.go("/sign-in").await;
        signs_in_as(open, &bob, "bob").await;
        bob.go(&path).await;
        bob.keeps_a_picture("flash-sold-out").await;
        bob.click(".flash-good form button").await;
        bob.arrives("/flash/cmp_").await;
        let waiting = "select count(*) from flash_waiting where status = 'waiting'";
        bob.until("his place", async || (open.number(waiting) == 1).then_some(())).await;
        bob.see(".flash-good [role=status]").await;
        // She does not pay in time. It is his turn, and his page says so by itself.
        open.shop.clock.advance(Span::minutes(11));
        let offered = "select count(*) from flash_waiting where status = 'offered'";
        bob.until("his turn", async || {
            open.apart(|shop| shop.work());
            (open.number(offered) == 1).then_some(())
        })
        .await;
        bob.see(".flash-good .button.primary").await;
        bob.keeps_a_picture("flash-turn").await;
        bob.click(".flash-good .button.primary").await;
        bob.arrives("/checkout").await;
        bob.writes_an_address("bob", "Hill Street 9").await;
        bob.click("button[data-pay]").await;
        pays_the_bank(&bob).await;
        let paid = "select count(*) from orders where status = 'to_ship'";
        bob.until("the payment", async || (open.number(paid) == 1).then_some(())).await;
    });
}
