//! What a payment provider may say, in every order it may say it: late, twice, forged, altered, of
//! another amount. Whatever the order, the same news ends in the same state.

use app::checkout::What;
use app::dice::{Seeded, below};
use app::sandbox::{self, Body, Notice};
use app::{App, payment};
use domain::id::Id;
use domain::moment::Span;
use domain::money::{Currency, Money};
use domain::order::{Order, Status};

use crate::lanes::together;
use crate::support::{TestShop, on_postgres, on_sqlite};
use crate::trade::Goods;

/// Something that arrives at the hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum News {
    Paid,
    /// The same event once more.
    PaidAgain,
    /// Another event that says the same.
    PaidAnew,
    Failed,
    Closed,
    /// One fen less than was asked.
    TooLittle,
    /// The right number in another currency.
    Dollars,
    /// A kind we do not know.
    Unheard,
    /// Signed by somebody else.
    Forged,
    /// One byte of the body was changed on the way.
    Altered,
    /// Signed rightly, but ten minutes ago.
    Stale,
    /// About a payment that is not ours.
    Stranger,
}

use News::*;

const ALL: [News; 12] = [
    Paid, PaidAgain, PaidAnew, Failed, Closed, TooLittle, Dollars, Unheard, Forged, Altered, Stale,
    Stranger,
];

/// One order, begun to be paid, and how to tell the shop about it.
struct Sale<'s> {
    shop: &'s TestShop,
    order: Id<Order>,
    reference: String,
    total: Money,
}

impl Sale<'_> {
    fn begin(shop: &TestShop, goods: Goods) -> Sale<'_> {
        let placed =
            shop.order(&shop.ann, What::Now { variant: goods.variant, quantity: 1 }).unwrap();
        let begun = payment::begin(&shop.app, &shop.ann, placed.order).unwrap();
        let reference = begun.payment.to_string();
        Sale { shop, order: placed.order, reference, total: placed.total }
    }

    fn tell(&self, news: News) {
        let notice = self.notice(news);
        let answer = payment::notice(&self.shop.app, sandbox::NAME, &notice);
        let refused = matches!(news, Forged | Altered | Stale);
        assert_eq!(answer.is_err(), refused, "{news:?}: {answer:?}");
    }

    fn notice(&self, news: News) -> Notice {
        let app: &App = &self.shop.app;
        let status = match news {
            Failed => "failed",
            Closed => "closed",
            Unheard => "disputed",
            _ => "paid",
        };
        let name = if news == PaidAgain { Paid } else { news };
        let currency = if news == Dollars { Currency::Usd } else { self.total.currency };
        let reference =
            if news == Stranger { "pay_0000000000000".to_string() } else { self.reference.clone() };
        let body = Body {
            event_id: format!("evt-{}-{name:?}", self.reference),
            reference,
            status: status.to_string(),
            amount: self.total.minor - i64::from(news == TooLittle),
            currency,
        };
        let text = serde_json::to_string(&body).unwrap();
        let mut notice = app.read(|tx| sandbox::signed(tx, body.event_id, text)).unwrap();
        match news {
            Forged => notice.signature = format!("v1,{}", "0".repeat(64)),
            Altered => notice.body = notice.body.replacen("paid", "paie", 1),
            Stale => {
                let then = app.now().minus(Span::minutes(10)).0 / 1_000_000;
                let shop = app.read(app::shop::get).unwrap();
                notice.timestamp = then.to_string();
                notice.signature =
                    sandbox::signature(&shop, &notice.id, &notice.timestamp, &notice.body);
            }
            _ => (),
        }
        notice
    }

    /// What came of it: the order's state, what was kept, what went back, what a person must see.
    fn state(&self) -> (Status, i64, i64, i64) {
        let order = self.shop.see(&self.shop.ann, self.order);
        let (id, reference) = (self.order.0, &self.reference);
        let number = |sql: &str| self.shop.number(sql);
        let captured = number(&format!(
            "select coalesce(sum(captured), 0) from payments where order_id = {id}"
        ));
        let back = number(&format!(
            "select refunded from sandbox_payments where reference = '{reference}'"
        ));
        let cases = number(&format!(
            "select count(*) from cases c join payments p on p.id = c.about_id
             where c.kind = 'amount_mismatch' and p.order_id = {id}"
        ));
        (order.status, captured, back, cases)
    }

    /// The payment window closes; `slips` when the provider took the money all the same.
    fn expires(&self, slips: bool) {
        self.shop.later(domain::order::PAY_WINDOW);
        assert_eq!(self.shop.see(&self.shop.ann, self.order).status, Status::Cancelled);
        if slips {
            let sql = "update sandbox_payments set status = 'paid' where reference = $1";
            let slip = self.shop.app.write(|tx| tx.run(sql, &[(&self.reference).into()]));
            assert_eq!(slip.unwrap(), 1);
        }
    }

    /// What must come of it, worked out without the shop.
    fn expected(&self, told: &[News], expired: bool, gone: bool) -> (Status, i64, i64, i64) {
        let paid = told.iter().any(|news| matches!(news, Paid | PaidAgain | PaidAnew));
        let case = told.iter().any(|news| matches!(news, TooLittle | Dollars));
        let total = self.total.minor;
        let (status, captured, back) = match (paid, expired) {
            (true, true) if gone => (Status::LatePaid, total, total),
            (true, _) => (Status::ToShip, total, 0),
            (false, true) => (Status::Cancelled, 0, 0),
            (false, false) => (Status::PendingPayment, 0, 0),
        };
        (status, captured, back, i64::from(case))
    }
}

/// Every choice of up to `most` of `of`, in every order.
fn orders(of: &[News], most: usize) -> Vec<Vec<News>> {
    let mut all: Vec<Vec<News>> = vec![Vec::new()];
    let mut from = 0;
    for _ in 0..most {
        let to = all.len();
        for at in from..to {
            let shorter = all[at].clone();
            for news in of.iter().filter(|news| !shorter.contains(news)) {
                let mut longer = shorter.clone();
                longer.push(*news);
                all.push(longer);
            }
        }
        from = to;
    }
    all
}

fn every_order(shop: &TestShop, most: usize) -> usize {
    let kinds = [Paid, PaidAgain, Failed, Closed, TooLittle, Forged];
    let goods = shop.goods("cup", 3_950, 1_000_000);
    let orders = orders(&kinds, most);
    for told in &orders {
        let sale = Sale::begin(shop, goods);
        for news in told {
            sale.tell(*news);
        }
        assert_eq!(sale.state(), sale.expected(told, false, false), "{told:?}");
    }
    orders.len()
}

#[test]
fn every_order_of_up_to_four_notices() {
    // 1 + 6 + 30 + 120 + 360 ways to say up to four of six things.
    assert_eq!(every_order(&on_sqlite(), 4), 517);
}

#[test]
fn every_order_of_up_to_three_notices_on_postgres() {
    if let Some(shop) = on_postgres() {
        assert_eq!(every_order(&shop, 3), 157);
    }
}

/// Seeded shuffles of up to ten notices; some orders run out first, for some of these the last
/// unit is gone when the money comes.
fn shuffles(shop: &TestShop, count: u64) {
    let plenty = shop.goods("cup", 3_950, 1_000_000);
    for seed in 0..count {
        let dice = Seeded::new(seed);
        let roll = |bound| below(&dice, bound);
        let gone = roll(8) == 0;
        let goods = if gone { shop.goods(&format!("last-{seed}"), 3_950, 1) } else { plenty };
        let sale = Sale::begin(shop, goods);
        let told: Vec<News> = (0..roll(11)).map(|_| ALL[roll(ALL.len() as u64) as usize]).collect();
        let late = gone || roll(5) == 0;
        let paid = told.iter().any(|news| matches!(news, Paid | PaidAgain | PaidAnew));
        if late {
            sale.expires(paid);
        } else if paid {
            let sql = "update sandbox_payments set status = 'paid' where reference = $1";
            shop.app.write(|tx| tx.run(sql, &[(&sale.reference).into()])).unwrap();
        }
        if gone {
            let what = What::Now { variant: goods.variant, quantity: 1 };
            let other = shop.order(&shop.bob, what).unwrap();
            shop.pay(&shop.bob, other.order).unwrap();
        }
        for news in &told {
            sale.tell(*news);
        }
        shop.work();
        assert_eq!(
            sale.state(),
            sale.expected(&told, late, gone),
            "seed {seed} on {}: {told:?}, late: {late}, gone: {gone}",
            shop.engine
        );
        if seed % 500 == 499 {
            shop.audit();
        }
    }
}

fn count(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|count| count.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn two_thousand_shuffles() {
    shuffles(&on_sqlite(), count("PINWHEEL_SHUFFLES", 2_000));
}

#[test]
fn shuffles_on_postgres() {
    if let Some(shop) = on_postgres() {
        shuffles(&shop, count("PINWHEEL_SHUFFLES", 200));
    }
}

/// News of many orders at the same moment: each of them ends as if it were alone.
fn crowds(shop: &TestShop, rounds: u64) {
    let goods = shop.goods("crowded", 3_950, 1_000_000);
    for seed in 0..rounds {
        let dice = Seeded::new(seed);
        let roll = |bound| below(&dice, bound);
        let sales: Vec<Sale> = (0..16).map(|_| Sale::begin(shop, goods)).collect();
        for sale in &sales {
            let sql = "update sandbox_payments set status = 'paid' where reference = $1";
            shop.app.write(|tx| tx.run(sql, &[(&sale.reference).into()])).unwrap();
        }
        let told: Vec<Vec<News>> = sales
            .iter()
            .map(|_| (0..roll(5)).map(|_| ALL[roll(ALL.len() as u64) as usize]).collect())
            .collect();
        let all: Vec<(usize, News)> = told
            .iter()
            .enumerate()
            .flat_map(|(sale, told)| told.iter().map(move |news| (sale, *news)))
            .collect();
        // What is refused at the door never waits in the lane.
        let waits = |news: &News| !matches!(news, Forged | Altered | Stale);
        let all: Vec<(usize, News)> = all.into_iter().filter(|(_, news)| waits(news)).collect();
        if all.is_empty() {
            continue;
        }
        // SQLite has one writer; on PostgreSQL nobody writes down a notice meanwhile.
        let hold = match shop.engine {
            "postgres" => "lock table payment_notices in share mode",
            _ => "update shop set demo = demo",
        };
        together(&shop.app, &shop.app.news, hold, all.len(), |n| {
            let (sale, news) = all[n];
            sales[sale].tell(news);
        });
        for (sale, told) in sales.iter().zip(&told) {
            assert_eq!(sale.state(), sale.expected(told, false, false), "seed {seed}: {told:?}");
        }
    }
}

#[test]
fn crowds_of_notices() {
    crowds(&on_sqlite(), count("PINWHEEL_SHUFFLES", 40).min(400));
    if let Some(shop) = on_postgres() {
        crowds(&shop, count("PINWHEEL_SHUFFLES", 10).min(100));
    }
}
