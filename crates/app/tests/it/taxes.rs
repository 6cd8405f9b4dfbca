//! Tax on both engines: on every line, in the books, and back with what goes back.

use app::cart::{self, SetLine};
use app::checkout::{self, Ask, Destination, What};
use app::order_desk;
use app::tax::{self, PutTax, TaxView};
use domain::moment::Span;
use domain::order::Status;
use domain::rate::Rate;
use domain::region::Area;
use domain::tax::{Class, Rule};
use proptest::prelude::*;

use crate::after_sale::{KEEPS, SENDS, code};
use crate::prices::now;
use crate::support::{TestShop, both_engines, on_sqlite};
use crate::trade::Goods;

pub fn rule(area: &str, class: Class, points: i64) -> Rule {
    let rate = Rate::from_basis_points(points).unwrap();
    Rule { area: Area::parse(area).unwrap(), postcode: String::new(), class, rate }
}

impl TestShop {
    pub fn taxed(&self, inclusive: bool, shipping: bool, rules: Vec<Rule>) -> TaxView {
        let home = "CN/浙江".to_string();
        let put = PutTax { inclusive, shipping, home, rules, version: None };
        tax::put(&self.app, &self.zoe, &put).unwrap()
    }

    /// A product of a class.
    fn of_class(&self, goods: Goods, class: Class) {
        let (taxable, code) = match class {
            Class::Zero => (0_i64, ""),
            Class::Reduced => (1, "reduced"),
            Class::Standard => (1, ""),
        };
        let sql = "update variants set taxable = $2, tax_code = $3 where id = $1";
        let params = [goods.variant.into(), taxable.into(), code.into()];
        self.app.write(|tx| tx.run(sql, &params)).unwrap();
    }

    pub fn owed(&self) -> i64 {
        self.number("select coalesce(sum(balance), 0) from accounts where kind = 'tax_payable'")
    }

    pub fn earned(&self) -> i64 {
        self.number("select coalesce(sum(balance), 0) from accounts where kind = 'sales'")
    }
}

#[test]
fn tax_is_by_place_and_class() {
    both_engines(|shop| {
        let (tea, book) = (shop.goods("tea", 10_000, 10), shop.goods("book", 10_000, 10));
        let card = shop.goods("card", 10_000, 10);
        shop.of_class(book, Class::Reduced);
        shop.of_class(card, Class::Zero);
        shop.taxed(
            false,
            false,
            vec![
                rule("CN", Class::Standard, 1_300),
                rule("CN", Class::Reduced, 900),
                rule("US/CA", Class::Standard, 725),
            ],
        );
        let tax = |goods, country: &str, region: &str| {
            let to = Destination {
                country: country.into(),
                region: region.into(),
                ..Destination::default()
            };
            let ask = Ask { to: Some(to), ..Ask::of(now(goods, 1)) };
            checkout::ask(&shop.app, &shop.ann, ask).unwrap().tax.minor
        };
        assert_eq!(tax(tea, "CN", "浙江"), 1_300);
        assert_eq!(tax(book, "CN", "浙江"), 900);
        assert_eq!(tax(card, "CN", "浙江"), 0);
        assert_eq!(tax(tea, "US", "CA"), 725);
        assert_eq!(tax(tea, "FR", ""), 0);
        // Where it goes is not known yet: the shop's own area counts.
        assert_eq!(shop.quote(&shop.ann, now(tea, 1)).unwrap().tax.minor, 1_300);
        let stale = PutTax {
            inclusive: true,
            shipping: false,
            home: String::new(),
            rules: vec![],
            version: Some(0),
        };
        assert_eq!(code(tax::put(&shop.app, &shop.zoe, &stale)), "stale");
        let bad = PutTax { home: "China".into(), version: None, ..stale };
        assert_eq!(code(tax::put(&shop.app, &shop.zoe, &bad)), "price.bad_tax");
    });
}

#[test]
fn tax_that_is_added_goes_back_with_its_line_and_is_owed_when_settled() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_333, 10);
        shop.taxed(false, true, vec![rule("CN", Class::Standard, 1_300)]);
        let order = shop.arrived(&shop.ann, &[(tea, 2)]);
        let seen = shop.see(&shop.ann, order);
        // 66.66 and 8.00, each with 13 %.
        assert_eq!((seen.subtotal.minor, seen.shipping.minor), (6_666, 800));
        assert_eq!((seen.tax.minor, seen.total.minor), (867 + 104, 6_666 + 800 + 867 + 104));
        assert_eq!((seen.lines[0].tax.minor, seen.lines[0].tax_rate), (867, 1_300));
        let one = shop.ask(&shop.ann, order, SENDS, &[(0, 1)]).unwrap();
        // Half of what the line cost with its tax.
        assert_eq!(one.amount.minor, 3_767);
        shop.agree(one.id).unwrap();
        shop.comes_back(&shop.ann, one.id, &[1]);
        assert_eq!(shop.number("select tax from refunds"), 433);
        assert_eq!(shop.number("select tax_back from order_lines"), 433);
        shop.later(Span::days(30));
        assert_eq!(shop.see(&shop.ann, order).status, Status::Completed);
        assert_eq!(shop.owed(), 971 - 433);
        let left = seen.total.minor - one.amount.minor;
        assert_eq!(shop.earned(), left - (971 - 433));
    });
}

#[test]
fn a_refund_after_settling_takes_the_tax_from_where_it_went() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 11_300, 10);
        shop.taxed(true, false, vec![rule("CN", Class::Standard, 1_300)]);
        let order = shop.arrived(&shop.ann, &[(tea, 2)]);
        let seen = shop.see(&shop.ann, order);
        assert_eq!((seen.tax.minor, seen.tax_inside.minor), (0, 2_600));
        assert_eq!((seen.total.minor, seen.lines[0].tax.minor), (22_600, 2_600));
        shop.later(Span::days(7));
        assert_eq!((shop.owed(), shop.earned()), (2_600, 20_000));
        let one = shop.ask(&shop.ann, order, KEEPS, &[(0, 1)]).unwrap();
        shop.agree(one.id).unwrap();
        shop.work();
        assert_eq!((shop.owed(), shop.earned()), (1_300, 10_000));
        let two = shop.ask(&shop.ann, order, KEEPS, &[(0, 1)]).unwrap();
        shop.agree(two.id).unwrap();
        shop.work();
        assert_eq!((shop.owed(), shop.earned()), (0, 0));
        assert_eq!(shop.see(&shop.ann, order).status, Status::Refunded);
    });
}

#[test]
fn a_team_that_grows_gives_back_tax_too() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 5_000, 10);
        shop.taxed(false, false, vec![rule("CN", Class::Standard, 1_000)]);
        let group_buy = shop.group_buy(tea, 4_000, None, |settings| {
            settings.need = 2;
            let tier = app::group_buy::TierSettings { size: 3, off_basis_points: 1_250 };
            settings.tiers = vec![tier];
        });
        let team = shop.open_team(&shop.ann, group_buy, tea);
        shop.join(&shop.bob, team, tea).unwrap();
        shop.join(&shop.eve, team, tea).unwrap();
        shop.later(Span::days(8));
        let back = "select coalesce(sum(amount), 0) from refunds where reason = 'tier'";
        assert_eq!(shop.number(back), 3 * 550);
        assert_eq!(shop.number("select sum(tax) from refunds"), 3 * 50);
    });
}

#[test]
fn all_of_an_order_goes_back_with_its_tax() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 3_333, 10), shop.goods("cup", 777, 10));
        shop.of_class(cup, Class::Reduced);
        let rules = vec![rule("*", Class::Standard, 1_300), rule("CN", Class::Reduced, 600)];
        shop.taxed(false, true, rules);
        for (goods, quantity) in [(tea, 1), (cup, 3)] {
            let line = SetLine { variant: goods.variant, quantity, add: false };
            cart::set(&shop.app, &shop.ann, line).unwrap();
        }
        let placed = shop.order(&shop.ann, What::Cart).unwrap();
        shop.pay(&shop.ann, placed.order).unwrap();
        order_desk::cancel(&shop.app, &shop.ann, placed.order).unwrap();
        shop.work();
        let seen = shop.see(&shop.ann, placed.order);
        assert_eq!((seen.status, seen.refunded), (Status::Refunded, seen.total));
        assert_eq!(shop.number("select tax from refunds"), seen.tax.minor);
    });
}

/// Any rates, any prices, any parts: what goes back sums to what was paid, tax to tax, and the
/// books and the audit agree.
#[test]
fn any_order_in_any_parts_gives_back_what_was_paid() {
    let config = proptest::test_runner::Config { cases: 12, ..Default::default() };
    let lines = prop::collection::vec((1i64..100_000, 1i64..4), 1..4);
    let parts = (lines, 0i64..=2_500, any::<bool>(), any::<bool>(), any::<bool>());
    proptest::test_runner::TestRunner::new(config)
        .run(&parts, |(lines, points, inclusive, shipping, settled)| {
            let shop = on_sqlite();
            shop.taxed(inclusive, shipping, vec![rule("*", Class::Standard, points)]);
            let goods: Vec<(Goods, i64)> = lines
                .iter()
                .enumerate()
                .map(|(n, (price, quantity))| {
                    (shop.goods(&format!("goods{n}"), *price, 100), *quantity)
                })
                .collect();
            let order = shop.arrived(&shop.ann, &goods);
            if settled {
                shop.later(Span::days(7));
            }
            let paid = shop.see(&shop.ann, order);
            for (at, line) in paid.lines.iter().enumerate() {
                for _ in 0..line.quantity {
                    let asked = shop.ask(&shop.ann, order, KEEPS, &[(at, 1)]).unwrap();
                    shop.agree(asked.id).unwrap();
                    shop.work();
                }
            }
            let seen = shop.see(&shop.ann, order);
            let added = if inclusive { 0 } else { 1 };
            for line in &seen.lines {
                let want = line.total.minor + added * line.tax.minor;
                prop_assert_eq!(line.refunded.minor, want);
            }
            let tax: i64 = seen.lines.iter().map(|line| line.tax.minor).sum();
            prop_assert_eq!(shop.number("select coalesce(sum(tax), 0) from refunds"), tax);
            shop.finish();
            Ok(())
        })
        .unwrap();
}
