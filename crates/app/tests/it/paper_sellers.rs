//! What two sellers and the shop are owed, against a model of it: the same random steps on paper,
//! where an order is a few numbers, and in the shop. `PINWHEEL_CASES` says how many lists.

use app::checkout::What;
use app::{order_desk, payment, sandbox, settlement, work};
use domain::id::Id;
use domain::ledger::AccountKind;
use domain::moment::Span;
use domain::order::{Order, Status};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::after_sale::KEEPS;
use crate::sellers::{balance, goods_of, now, owed, seller, split_to};
use crate::support::{TestShop, both_engines, on_postgres, on_sqlite};
use crate::trade::Goods;

/// What a unit costs of the shop's own, of the one and of the other; and their commissions.
const PRICES: [i64; 3] = [777, 1_999, 333];
const RATES: [i64; 3] = [0, 1_250, 3_333];

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Somebody orders and pays.
    Buy { of: usize, units: i64 },
    /// It is sent and received.
    Deliver { order: usize },
    /// A unit's money goes back, the goods stay.
    Back { order: usize },
    /// The buyer ends it before it is sent.
    End { order: usize },
    /// Eight days go by: what was received is completed.
    Wait,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let order = 0..100_usize;
    let step = prop_oneof![
        3 => (0..3_usize, 1..4_i64).prop_map(|(of, units)| Step::Buy { of, units }),
        4 => order.clone().prop_map(|order| Step::Deliver { order }),
        4 => order.clone().prop_map(|order| Step::Back { order }),
        1 => order.prop_map(|order| Step::End { order }),
        3 => Just(Step::Wait),
    ];
    prop::collection::vec(step, 4..24)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    Paid,
    Delivered,
    Completed,
    Ended,
}

/// An order on paper.
#[derive(Clone, Debug)]
struct PaperOrder {
    id: Id<Order>,
    of: usize,
    /// Units whose money is still there, and what it costs beside goods.
    units: i64,
    shipping: i64,
    stands: Stands,
    /// How often eight days went by since it was received.
    age: i64,
}

impl PaperOrder {
    fn goods(&self) -> i64 {
        self.units * PRICES[self.of]
    }

    fn commission(&self) -> i64 {
        (self.goods() * RATES[self.of] + 5_000) / 10_000
    }
}

#[derive(Default)]
struct Paper {
    orders: Vec<PaperOrder>,
    sales: i64,
    commission: i64,
    owed: [i64; 3],
    split: i64,
}

impl Paper {
    fn complete(&mut self, at: usize) {
        let order = &mut self.orders[at];
        order.stands = Stands::Completed;
        let (whole, kept, of) = (order.goods() + order.shipping, order.commission(), order.of);
        if of == 0 {
            self.sales += whole;
            return;
        }
        self.commission += kept;
        self.owed[of] += whole - kept;
        // What they owe from before is kept back.
        let split = (whole - kept).min(self.owed[of]).max(0);
        self.split += split;
        self.owed[of] -= split;
    }

    fn back(&mut self, at: usize) {
        let order = &mut self.orders[at];
        let before = order.commission();
        order.units -= 1;
        let (less, of) = (before - order.commission(), order.of);
        if order.stands != Stands::Completed {
            return;
        }
        match of {
            0 => self.sales -= PRICES[0],
            _ => {
                self.commission -= less;
                self.owed[of] -= PRICES[of] - less;
            }
        }
    }
}

fn follows(shop: &TestShop, steps: &[Step]) {
    let sellers = [seller(shop, "one", RATES[1]), seller(shop, "two", RATES[2])];
    let goods: [Goods; 3] = [
        shop.goods("own", PRICES[0], 500),
        goods_of(shop, &sellers[0], "tea", PRICES[1], 500),
        goods_of(shop, &sellers[1], "cup", PRICES[2], 500),
    ];
    let mut paper = Paper::default();
    for step in steps {
        let pick = |order: usize| match paper.orders.len() {
            0 => None,
            count => Some(order % count),
        };
        match *step {
            Step::Buy { of, units } => {
                let what = What::Now { variant: goods[of].variant, quantity: units };
                let placed = shop.order(&shop.ann, what).unwrap();
                shop.pay(&shop.ann, placed.order).unwrap();
                let shipping = placed.total.minor - units * PRICES[of];
                let (id, stands, age) = (placed.order, Stands::Paid, 0);
                paper.orders.push(PaperOrder { id, of, units, shipping, stands, age });
            }
            Step::Deliver { order } => {
                let Some(at) = pick(order) else { continue };
                if paper.orders[at].stands == Stands::Paid {
                    shop.ship_it(paper.orders[at].id);
                    order_desk::confirm_receipt(&shop.app, &shop.ann, paper.orders[at].id).unwrap();
                    paper.orders[at].stands = Stands::Delivered;
                }
            }
            Step::Back { order } => {
                let Some(at) = pick(order) else { continue };
                let PaperOrder { id, units, stands, age, .. } = paper.orders[at];
                let came = matches!(stands, Stands::Delivered | Stands::Completed);
                // Within the time in which something wrong may be said of it.
                if came && units > 0 && age < 3 {
                    let asked = shop.ask(&shop.ann, id, KEEPS, &[(0, 1)]).unwrap();
                    shop.agree(asked.id).unwrap();
                    shop.work();
                    paper.back(at);
                }
            }
            Step::End { order } => {
                let Some(at) = pick(order) else { continue };
                if paper.orders[at].stands == Stands::Paid {
                    order_desk::cancel(&shop.app, &shop.ann, paper.orders[at].id).unwrap();
                    paper.orders[at].stands = Stands::Ended;
                }
            }
            Step::Wait => {
                shop.later(Span::days(8));
                for at in 0..paper.orders.len() {
                    paper.orders[at].age += i64::from(paper.orders[at].stands != Stands::Paid);
                    if paper.orders[at].stands == Stands::Delivered {
                        paper.complete(at);
                    }
                }
            }
        }
        shop.work();
        let seen = |of: usize| owed(shop, &sellers[of - 1]).0;
        assert_eq!((seen(1), seen(2)), (paper.owed[1], paper.owed[2]), "owed after {step:?}");
        assert_eq!(balance(shop, AccountKind::Commission), paper.commission, "after {step:?}");
        assert_eq!(balance(shop, AccountKind::Sales), paper.sales, "sales after {step:?}");
        assert_eq!(split_to(shop), paper.split, "split after {step:?}");
    }
    let completed = paper.orders.iter().filter(|order| order.stands == Stands::Completed);
    for order in completed.filter(|order| order.units > 0) {
        assert_eq!(shop.see(&shop.ann, order.id).status, Status::Completed);
    }
    for one in &sellers {
        let splits = settlement::splits(&shop.app, &shop.zoe, one.id, None, 100).unwrap();
        assert!(splits.iter().all(|split| split.status == "succeeded"));
    }
}

fn follows_the_paper(cases: u32, shop: impl Fn() -> TestShop) {
    let asked = std::env::var("PINWHEEL_CASES").ok().and_then(|number| number.parse().ok());
    let config = Config {
        cases: asked.unwrap_or(cases),
        source_file: Some(file!()),
        max_shrink_iters: 100,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&steps(), |steps| {
            let shop = shop();
            follows(&shop, &steps);
            shop.finish();
            Ok(())
        })
        .unwrap();
}

#[test]
fn sellers_are_owed_what_the_paper_says() {
    follows_the_paper(16, on_sqlite);
    if on_postgres().is_some() {
        follows_the_paper(3, || on_postgres().expect("it was there a moment ago"));
    }
}

#[test]
fn money_that_comes_beside_a_completed_order_s_own_costs_nobody_anything() {
    both_engines(|shop| {
        let tea = seller(shop, "teahouse", 1_000);
        for (goods, kind) in [
            (goods_of(shop, &tea, "tea", 1_000, 9), AccountKind::Commission),
            (shop.goods("own", 1_000, 9), AccountKind::Sales),
        ] {
            let order = shop.order(&shop.ann, now(goods, 1)).unwrap().order;
            let first = payment::begin(&shop.app, &shop.ann, order).unwrap();
            shop.pay(&shop.ann, order).unwrap();
            shop.ship_it(order);
            order_desk::confirm_receipt(&shop.app, &shop.ann, order).unwrap();
            shop.later(Span::days(8));
            let before = balance(shop, kind);
            // Another payment of it, at the same provider, that nobody knew of.
            shop.app
                .write(|tx| {
                    let id: Id<domain::payment::Payment> = tx.id();
                    tx.run(
                        "insert into payments (id, order_id, provider, reference, pay_url, status,
                             purpose, currency, amount, captured, created_at, updated_at)
                         select $1, order_id, provider, $2, '', 'pending', 'order', currency,
                             amount, 0, created_at, updated_at from payments where id = $3",
                        &[id.into(), id.to_string().into(), first.payment.into()],
                    )?;
                    tx.run(
                        "insert into sandbox_payments (reference, currency, amount, description,
                             return_url, status, created_at)
                         select $1, currency, amount, description, return_url, 'open', created_at
                         from sandbox_payments where reference = $2",
                        &[id.to_string().into(), first.payment.to_string().into()],
                    )?;
                    Ok(id)
                })
                .map(|id| sandbox::act(&shop.app, &id.to_string(), sandbox::Act::Pay).unwrap())
                .unwrap();
            shop.deliver();
            work::drain(&shop.app).unwrap();
            let open = "select count(*) from refunds where status <> 'succeeded'";
            assert_eq!(shop.number(open), 0);
            assert_eq!(balance(shop, kind), before);
            assert_eq!(balance(shop, AccountKind::Escrow), 0);
        }
        assert_eq!(shop.number("select count(*) from refunds where reason = 'surplus'"), 2);
    });
}
