//! A seller's part of a payment, split off by each provider: once, though it is away or slow, and
//! only of what was made to be split.

use app::order_desk;
use app::settlement;
use domain::moment::Span;
use domain::order::Status;

use super::{Scene, each, each_on_both};
use crate::sellers;

/// The tea is a seller's whom the provider knows.
fn with_seller(scene: &Scene) -> app::seller::SellerView {
    let shop = &scene.shop;
    let tea = sellers::seller(shop, "teahouse", 1_000);
    let (name, sql) = (
        scene.double.name(),
        "update seller_receivers set provider = $2, receiver = 'acct_1' where seller_id = $1",
    );
    shop.app.write(|tx| tx.run(sql, &[tea.id.into(), name.into()])).unwrap();
    let sql = "update products set seller_id = $2 where id = $1";
    shop.app.write(|tx| tx.run(sql, &[scene.tea.product.into(), tea.id.into()])).unwrap();
    tea
}

#[test]
fn a_seller_s_part_reaches_them_once_though_the_provider_is_away() {
    each_on_both(|scene| {
        let (shop, double) = (&scene.shop, &scene.double);
        let tea = with_seller(scene);
        let paying = scene.paid(3);
        let reference = paying.payment.to_string();
        let shipping = paying.amount.minor - 36_000;
        shop.ship_it(paying.order);
        order_desk::confirm_receipt(&shop.app, &shop.ann, paying.order).unwrap();
        assert_eq!(double.split(&reference).0, 0);
        double.set_away(true);
        scene.later(Span::days(8));
        assert_eq!(scene.status(paying.order), Status::Completed);
        assert_eq!(double.split(&reference).0, 0);
        double.set_away(false);
        scene.later(Span::hours(2));
        let net = 36_000 - 3_600 + shipping;
        assert_eq!(double.split(&reference), (net, "acct_1".to_string()));
        // What it still holds for us is the commission.
        assert_eq!(scene.holds(), 3_600);
        let splits = settlement::splits(&shop.app, &shop.zoe, tea.id, None, 9).unwrap();
        assert_eq!((splits.len(), splits[0].status.as_str()), (1, "succeeded"));
        // Asked once more under the same name, as after a crash, it is the same.
        let again = app::provider::split(&shop.app, double.name(), &share(scene, &splits[0]));
        again.unwrap();
        assert_eq!(double.split(&reference).0, net);
        scene.later(Span::hours(2));
        assert_eq!(double.split(&reference).0, net);
    });
}

fn share(scene: &Scene, split: &settlement::SplitView) -> app::outside::gateway::Share {
    let (reference, theirs, minor) = scene
        .shop
        .app
        .read(|tx| {
            let sql = "select reference, theirs, amount from payments where order_id = $1";
            tx.one(sql, &[split.order.into()], |row| {
                (row.get::<String>(0), row.get::<String>(1), row.get::<i64>(2))
            })
        })
        .unwrap();
    let amount = domain::money::Money::new(minor, split.amount.currency);
    app::outside::gateway::Share {
        of: app::outside::gateway::Known { reference, theirs, amount },
        key: split.id.to_string(),
        theirs: String::new(),
        receiver: "acct_1".into(),
        name: "teahouse".into(),
        amount: split.amount,
    }
}

#[test]
fn a_slow_split_is_looked_at_again() {
    each(|scene| {
        let tea = with_seller(scene);
        let paying = scene.paid(1);
        scene.shop.ship_it(paying.order);
        order_desk::confirm_receipt(&scene.shop.app, &scene.shop.ann, paying.order).unwrap();
        scene.double.slow_refunds(true);
        scene.later(Span::days(8));
        let all = settlement::splits(&scene.shop.app, &scene.shop.zoe, tea.id, None, 9).unwrap();
        // Only one of them takes its time.
        let slow = scene.double.name() == "wechat";
        assert_eq!(all[0].status == "pending", slow);
        if slow {
            scene.later(Span::days(1));
            let slow = "select count(*) from cases where kind = 'split_slow' and state = 'open'";
            assert_eq!(scene.number(slow), 1);
            scene.double.slow_refunds(false);
            scene.later(Span::hours(2));
            assert_eq!(scene.number(slow), 0);
        }
        let all = settlement::splits(&scene.shop.app, &scene.shop.zoe, tea.id, None, 9).unwrap();
        assert_eq!(all[0].status, "succeeded");
        assert_eq!(scene.holds(), 1_200);
    });
}
