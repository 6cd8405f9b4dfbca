//! Promotions on both engines: what is taken off in which order, what of it each line keeps, what
//! comes along, and that a shop without any asks for none.

use app::Visitor;
use app::cart::{self, SetLine};
use app::checkout::{self, Place, QuoteView, What};
use app::promotion::{self, PromotionView, PutPromotion};
use domain::id::Id;
use domain::moment::Span;
use domain::order::Order;
use domain::promotion::{Effect, Off, Part, Scope, Selector, Step, Threshold};
use domain::quantity::Quantity;
use domain::rate::Rate;

use crate::after_sale::code;
use crate::prices::now;
use crate::support::{TestShop, both_engines};
use crate::trade::{Goods, place};

/// So much off from so much on.
pub fn saves(from: i64, off: i64) -> Effect {
    let step = Step { from: Threshold::Amount { minor: from }, off: Off::Amount { minor: off } };
    Effect::SpendAndSave { steps: vec![step], for_every: false }
}

pub fn parts(parts: &[(Goods, i64)]) -> Vec<Part> {
    let part = |(goods, count): &(Goods, i64)| Part {
        variant: goods.variant,
        quantity: Quantity::new(*count).unwrap(),
    };
    parts.iter().map(part).collect()
}

pub fn only(goods: Goods) -> Scope {
    Scope { include: vec![Selector::Product { product: goods.product }], exclude: vec![] }
}

impl TestShop {
    /// A promotion for a week, as `change` has it.
    pub fn promotion(
        &self,
        name: &str,
        effect: Effect,
        change: impl FnOnce(&mut PutPromotion),
    ) -> PromotionView {
        let mut put = PutPromotion {
            name: name.into(),
            name_en: String::new(),
            currency: None,
            starts_at: None,
            ends_at: self.app.now().plus(Span::days(7)),
            groups: vec![],
            stack: String::new(),
            priority: 0,
            active: true,
            scope: Scope::default(),
            effect,
            version: None,
        };
        change(&mut put);
        promotion::add(&self.app, &self.keyed(&self.zoe), &put).unwrap()
    }

    /// These goods in somebody's cart, and nothing else.
    pub fn fill(&self, who: &Visitor, goods: &[(Goods, i64)]) -> What {
        for (one, quantity) in goods {
            let line = SetLine { variant: one.variant, quantity: *quantity, add: false };
            cart::set(&self.app, who, line).unwrap();
        }
        What::Cart
    }

    /// What each step took off an order's lines, as it is kept.
    pub fn kept(&self, order: Id<Order>) -> Vec<(String, i64, i64)> {
        let sql = "select s.cause, l.position, d.amount from order_line_discounts d
            join order_lines l on l.id = d.line_id
            join order_steps s on s.order_id = l.order_id and s.position = d.position
            where l.order_id = $1 order by s.position, l.position";
        let row = |row: &app::db::Row| (row.get(0), row.get(1), row.get(2));
        self.app.read(|tx| tx.all(sql, &[order.into()], row)).unwrap()
    }
}

pub fn steps(quote: &QuoteView) -> Vec<(&str, &str, i64)> {
    quote
        .steps
        .iter()
        .map(|step| (step.cause.as_str(), step.name.as_str(), step.off.minor))
        .collect()
}

fn causes(kept: &[(String, i64, i64)]) -> Vec<(&str, i64, i64)> {
    kept.iter().map(|(cause, line, amount)| (cause.as_str(), *line, *amount)).collect()
}

#[test]
fn bundles_come_before_spend_and_save_and_each_line_keeps_its_share() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 10_000, 100), shop.goods("cup", 5_000, 100));
        let bundle = Effect::Bundle { parts: parts(&[(tea, 1), (cup, 1)]), price: 13_000, most: 9 };
        shop.promotion("pair", bundle, |put| put.stack = "pairs".into());
        shop.promotion("spring", saves(20_000, 3_000), |_| ());
        let what = shop.fill(&shop.ann, &[(tea, 2), (cup, 1)]);
        let quote = shop.quote(&shop.ann, what.clone()).unwrap();
        let want = vec![("bundle", "pair", 2_000), ("spend_and_save", "spring", 3_000)];
        assert_eq!(steps(&quote), want);
        assert_eq!((quote.subtotal.minor, quote.discount.minor), (20_000, 5_000));
        let placed = shop.order(&shop.ann, what).unwrap();
        assert_eq!(placed.total, quote.total);
        let kept = shop.kept(placed.order);
        let off: i64 = kept.iter().map(|(.., amount)| amount).sum();
        assert_eq!(off, 5_000);
        // 20 off a tea at 100 and a cup at 50; then 30 off 186.67 and 43.33.
        let want = vec![
            ("bundle", 0, 1_333),
            ("bundle", 1, 667),
            ("spend_and_save", 0, 2_435),
            ("spend_and_save", 1, 565),
        ];
        assert_eq!(causes(&kept), want);
        let seen = shop.see(&shop.ann, placed.order);
        assert_eq!(seen.lines[0].discount.minor, 1_333 + 2_435);
        assert_eq!(seen.lines[1].discount.minor, 667 + 565);
    });
}

#[test]
fn of_one_stack_a_line_gets_the_one_that_saves_most() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 10_000, 100), shop.goods("cup", 5_000, 100));
        shop.promotion("spring", saves(20_000, 3_000), |_| ());
        shop.promotion("cups", saves(5_000, 800), |put| put.scope = only(cup));
        let step = Step {
            from: Threshold::Amount { minor: 10_000 },
            off: Off::Part { rate: Rate::from_basis_points(500).unwrap(), most: None },
        };
        let club = Effect::SpendAndSave { steps: vec![step], for_every: false };
        let gold = shop.group("gold", &[&shop.bob]);
        shop.promotion("member", club, |put| {
            (put.stack, put.groups) = ("club".into(), vec![gold.id]);
        });
        let what = shop.fill(&shop.ann, &[(tea, 1), (cup, 1)]);
        assert_eq!(
            steps(&shop.quote(&shop.ann, what.clone()).unwrap()),
            [("spend_and_save", "cups", 800)]
        );
        shop.fill(&shop.ann, &[(tea, 2), (cup, 1)]);
        assert_eq!(
            steps(&shop.quote(&shop.ann, what.clone()).unwrap()),
            [("spend_and_save", "spring", 3_000)]
        );
        // What is for a group is for those who are in it, and follows on what is left.
        shop.fill(&shop.bob, &[(tea, 2), (cup, 1)]);
        let quote = shop.quote(&shop.bob, what.clone()).unwrap();
        let mut seen = steps(&quote);
        seen.sort_unstable();
        assert_eq!(seen.len(), 2);
        assert_eq!(shop.order(&shop.bob, what).unwrap().total, quote.total);
    });
}

#[test]
fn a_gift_comes_along_while_it_is_there() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 10_000, 100), shop.goods("cup", 5_000, 3));
        let from = Threshold::Amount { minor: 10_000 };
        let gift = Effect::Gift { from, parts: parts(&[(cup, 2)]), most: 1 };
        shop.promotion("a cup", gift, |_| ());
        let quote = shop.quote(&shop.ann, now(tea, 1)).unwrap();
        let gifts: Vec<(i64, i64, bool)> =
            quote.lines.iter().map(|line| (line.quantity, line.total.minor, line.gift)).collect();
        assert_eq!(gifts, [(1, 10_000, false), (2, 0, true)]);
        let placed = shop.order(&shop.ann, now(tea, 1)).unwrap();
        assert_eq!(placed.total, quote.total);
        assert_eq!((shop.stock(cup).available, shop.stock(cup).reserved), (1, 2));
        let seen = shop.see(&shop.ann, placed.order);
        assert!(seen.lines[1].gift && !seen.lines[0].gift);
        // One is left: two are promised to nobody, and the tea is sold all the same.
        let other = shop.order(&shop.bob, now(tea, 1)).unwrap();
        assert_eq!(shop.see(&shop.bob, other.order).lines.len(), 1);
        // What closes unpaid gives its gift back.
        shop.later(Span::hours(2));
        assert_eq!(shop.stock(cup).available, 3);
        let paid = shop.order(&shop.ann, now(tea, 1)).unwrap();
        shop.pay(&shop.ann, paid.order).unwrap();
        assert_eq!((shop.stock(cup).available, shop.stock(cup).sold), (1, 2));
    });
}

#[test]
fn a_promotion_holds_while_it_is_on_and_for_the_shop_s_own_alone() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 10_000, 100);
        let made = shop.promotion("spring", saves(9_000, 1_000), |_| ());
        let total = |who: &Visitor| shop.quote(who, now(tea, 1)).unwrap().subtotal.minor;
        assert_eq!(total(&shop.ann), 9_000);
        let seen = shop.quote(&shop.ann, now(tea, 1)).unwrap().total;
        promotion::switch(&shop.app, &shop.zoe, made.id, false).unwrap();
        assert_eq!(total(&shop.ann), 10_000);
        // Who saw the lower price is told, and pays nothing they did not see.
        let place = Place { expected_total: Some(seen.minor), ..place(now(tea, 1)) };
        let placed = checkout::place(&shop.app, &shop.keyed(&shop.ann), place);
        assert_eq!(code(placed), "order.price_changed");
        promotion::switch(&shop.app, &shop.zoe, made.id, true).unwrap();
        assert_eq!(total(&shop.ann), 9_000);
        shop.later(Span::days(7));
        assert_eq!(total(&shop.ann), 10_000);
        // A group's price goes with nothing.
        shop.promotion("summer", saves(1_000, 900), |_| ());
        let group_buy = shop.group_buy(tea, 8_000, None, |_| ());
        let what = What::OpenTeam { group_buy, variant: tea.variant, quantity: 1 };
        let quote = shop.quote(&shop.ann, what).unwrap();
        assert!(quote.steps.iter().all(|step| step.cause == "benefit"));
    });
}

#[test]
fn staff_make_promotions_and_are_told_what_cannot_be() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 10_000, 100);
        let made = shop.promotion("spring", saves(9_000, 1_000), |_| ());
        let again = PutPromotion {
            name: "spring".into(),
            name_en: String::new(),
            currency: None,
            starts_at: None,
            ends_at: shop.app.now().plus(Span::days(1)),
            groups: vec![],
            stack: String::new(),
            priority: 0,
            active: true,
            scope: Scope::default(),
            effect: saves(1_000, 1_000),
            version: None,
        };
        let try_it =
            |put: &PutPromotion| code(promotion::add(&shop.app, &shop.keyed(&shop.zoe), put));
        assert_eq!(try_it(&again), "promotion.bad_settings");
        let again = PutPromotion { effect: saves(1_000, 100), ..again };
        assert_eq!(try_it(&again), "price.name_taken");
        let bundle = Effect::Bundle { parts: parts(&[(tea, 1)]), price: 100, most: 1 };
        assert_eq!(
            try_it(&PutPromotion { name: "b".into(), effect: bundle, ..again.clone() }),
            "promotion.bad_settings"
        );
        assert_eq!(code(promotion::list(&shop.app, &shop.ann)), "forbidden");
        let put = PutPromotion { name: "late spring".into(), version: Some(99), ..again };
        assert_eq!(code(promotion::change(&shop.app, &shop.zoe, made.id, &put)), "stale");
        let put = PutPromotion { version: Some(made.version), ..put };
        let changed = promotion::change(&shop.app, &shop.zoe, made.id, &put).unwrap();
        assert_eq!((changed.name.as_str(), changed.version), ("late spring", 2));
    });
}
