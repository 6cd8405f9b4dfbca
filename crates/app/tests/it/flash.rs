//! Flash sales: in their hours, for so many, so many each; what nobody paid is sold again, in the
//! order of those who wait.

use app::campaign::{Offered, PutCampaign, Step, Terms};
use app::checkout::{self, Placed, What};
use app::failure::Failure;
use app::flash_sale::{self, FlashStage, LeaveFlash, RemindFlash, WaitFlash};
use app::{Visitor, campaign, notice, order_desk};
use domain::campaign::Campaign;
use domain::flash_sale::{Slot, Terms as FlashTerms};
use domain::id::Id;
use domain::moment::Span;
use domain::order::Status;

use crate::campaigns::licensed;
use crate::games::launch;
use crate::orders::late_notice_as;
use crate::races::{at_once, both, expect, rounds};
use crate::support::{TestShop, both_engines};
use crate::trade::{Goods, place};

/// All day long, one each, ten minutes to pay, with a line.
pub fn usual() -> FlashTerms {
    FlashTerms { slots: Vec::new(), per_order: 2, per_person: 2, ..FlashTerms::usual() }
}

/// A sale of these goods at ¥19.90, so many of them, which runs for a day.
pub fn sale(
    shop: &TestShop,
    goods: Goods,
    quota: Option<i64>,
    terms: FlashTerms,
    edit: impl Fn(&mut PutCampaign),
) -> Id<Campaign> {
    licensed(shop);
    // The former price was charged long enough to be shown.
    shop.clock.advance(Span::days(31));
    let id = launch(shop, Terms::FlashSale(terms), 1, |put| {
        put.frame.budget = None;
        put.offered = vec![Offered { variant: goods.variant, price: 1_990, quota }];
        edit(put);
    });
    id.unwrap_or_else(|failure| panic!("{failure:?}"))
}

pub fn buys(
    shop: &TestShop,
    who: &Visitor,
    (campaign, goods): (Id<Campaign>, Goods),
    quantity: i64,
) -> Result<Placed, Failure> {
    shop.order(who, What::FlashSale { campaign, variant: goods.variant, quantity })
}

fn waits(shop: &TestShop, who: &Visitor, what: (Id<Campaign>, Goods)) -> Result<i64, Failure> {
    let wish = WaitFlash { variant: what.1.variant, quantity: 1 };
    flash_sale::wait(&shop.app, &shop.keyed(who), what.0, wish).map(|place| place.ahead)
}

fn left(shop: &TestShop, id: Id<Campaign>) -> i64 {
    let view = flash_sale::get(&shop.app, &Visitor::default(), id).unwrap();
    view.goods[0].left.unwrap()
}

fn code<T>(result: Result<T, Failure>) -> String {
    result.map_or_else(|failure| failure.code().to_string(), |_| "ok".into())
}

fn crowd(shop: &TestShop, n: usize) -> Vec<Visitor> {
    (0..n).map(|number| shop.shopper(&format!("hunter-{number}"))).collect()
}

#[test]
fn it_sells_in_its_hours_at_its_price() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 10);
        licensed(shop);
        shop.clock.advance(Span::days(31));
        // A slot an hour from now, for an hour, wherever the clock stands.
        let local = shop.app.now().plus(Span::hours(8)).0.rem_euclid(Span::days(1).0);
        let hour = local / Span::hours(1).0;
        shop.clock.advance(Span::hours(24 - hour + 9));
        let slots = vec![
            Slot { from: Span::hours(10), until: Span::hours(12) },
            Slot { from: Span::hours(20), until: Span::hours(22) },
        ];
        let terms = FlashTerms { slots, preheat: Span::minutes(30), ..usual() };
        let id = launch(shop, Terms::FlashSale(terms), 1, |put| {
            put.frame.budget = None;
            put.offered = vec![Offered { variant: goods.variant, price: 1_990, quota: Some(4) }];
        });
        let id = id.unwrap();
        let see = || flash_sale::get(&shop.app, &shop.ann, id).unwrap();
        assert_eq!(see().stage, FlashStage::Before);
        let slot = see().slots[0].clone();
        let wish = RemindFlash { slot: slot.from };
        flash_sale::remind(&shop.app, &shop.keyed(&shop.ann), id, wish).unwrap();
        assert!(see().slots[0].reminded);
        let refused = buys(shop, &shop.ann, (id, goods), 1);
        assert_eq!(code(refused), "flash_sale.not_yet");
        shop.clock.advance(Span(slot.from.since(shop.app.now()).0 - Span::minutes(10).0));
        assert_eq!(see().stage, FlashStage::Preheat);
        shop.later(Span::minutes(10));
        assert_eq!(see().stage, FlashStage::On);
        let told = notice::list(&shop.app, &shop.ann, None, 10).unwrap();
        assert!(told.iter().any(|one| one.kind == "flash_begins"), "{told:?}");
        // Its price, and nothing that is taken off beside it.
        let what = What::FlashSale { campaign: id, variant: goods.variant, quantity: 2 };
        let quote = checkout::ask(&shop.app, &shop.ann, checkout::Ask::of(what)).unwrap();
        assert_eq!((quote.lines[0].unit_price.minor, quote.subtotal.minor), (1_990, 3_980));
        assert_eq!(code(buys(shop, &shop.ann, (id, goods), 3)), "flash_sale.too_many_per_order");
        let placed = buys(shop, &shop.ann, (id, goods), 2).unwrap();
        assert_eq!(placed.pay_by.since(shop.app.now()), Span::minutes(10));
        let more = buys(shop, &shop.ann, (id, goods), 1);
        assert_eq!(code(more), "flash_sale.too_many_per_person");
        shop.pay(&shop.ann, placed.order).unwrap();
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::ToShip);
        assert_eq!((left(shop, id), see().has), (2, 2));
        // Between its hours it sells nothing, and at night again.
        shop.later(Span::hours(3));
        assert_eq!(code(buys(shop, &shop.bob, (id, goods), 1)), "flash_sale.not_yet");
        shop.later(Span::hours(7));
        buys(shop, &shop.bob, (id, goods), 1).unwrap();
        shop.later(Span::days(1));
        assert_eq!(see().stage, FlashStage::Over);
        assert_eq!(code(buys(shop, &shop.lin, (id, goods), 1)), "flash_sale.over");
        // What nobody bought is everybody's again.
        assert_eq!(shop.stock(goods).available, 8);
    });
}

#[test]
fn what_nobody_paid_is_sold_again() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 10);
        let what = (sale(shop, goods, Some(2), usual(), |_| ()), goods);
        let placed = buys(shop, &shop.ann, what, 2).unwrap();
        assert_eq!(code(buys(shop, &shop.bob, what, 1)), "flash_sale.sold_out");
        assert_eq!(
            code(shop.order(&shop.bob, What::Now { variant: goods.variant, quantity: 8 })),
            "ok"
        );
        shop.later(Span::minutes(11));
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::Cancelled);
        assert_eq!(left(shop, what.0), 2);
        // Her limit is hers again, and so is what was counted of the campaign's.
        let again = buys(shop, &shop.ann, what, 2).unwrap();
        shop.pay(&shop.ann, again.order).unwrap();
        assert_eq!(shop.number("select sum(count) from campaign_counts where scope = 'person'"), 1);
        // Refunded before it was sent, it is sold once more.
        order_desk::cancel(&shop.app, &shop.ann, again.order).unwrap();
        shop.work();
        assert_eq!(left(shop, what.0), 2);
        buys(shop, &shop.bob, what, 1).unwrap();
        assert_eq!(
            shop.number("select quantity from campaign_people order by quantity limit 1"),
            0
        );
    });
}

#[test]
fn those_who_wait_are_served_in_the_order_they_came() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 10);
        let what = (sale(shop, goods, Some(1), usual(), |_| ()), goods);
        let first = buys(shop, &shop.ann, what, 1).unwrap();
        assert_eq!(waits(shop, &shop.bob, what).unwrap(), 0);
        assert_eq!(waits(shop, &shop.lin, what).unwrap(), 1);
        assert_eq!(waits(shop, &shop.bob, what).unwrap(), 0, "a place is kept");
        shop.later(Span::minutes(10));
        assert_eq!(shop.see(&shop.ann, first.order).status, Status::Cancelled);
        // It is Bob's turn, and nobody else's.
        let late = buys(shop, &shop.shopper("late"), what, 1);
        assert!(["flash_sale.queued", "flash_sale.sold_out"].contains(&code(late).as_str()));
        assert_eq!(code(buys(shop, &shop.lin, what, 1)), "flash_sale.sold_out");
        let told = notice::list(&shop.app, &shop.bob, None, 10).unwrap();
        assert!(told.iter().any(|one| one.kind == "flash_turn"), "{told:?}");
        // He does not come in his time: it is Lin's.
        shop.later(Span::minutes(10));
        assert_eq!(code(buys(shop, &shop.bob, what, 1)), "flash_sale.sold_out");
        let bought = buys(shop, &shop.lin, what, 1).unwrap();
        shop.pay(&shop.lin, bought.order).unwrap();
        assert_eq!(left(shop, what.0), 0);
        // Who leaves is passed.
        waits(shop, &shop.bob, what).unwrap();
        let leaves = LeaveFlash { variant: goods.variant };
        flash_sale::leave(&shop.app, &shop.keyed(&shop.bob), what.0, leaves).unwrap();
        campaign::step(&shop.app, &shop.zoe, what.0, Step::End).unwrap();
    });
}

#[test]
fn late_money_buys_what_is_left_or_goes_back() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 10);
        let what = (sale(shop, goods, Some(1), usual(), |_| ()), goods);
        for (number, another) in [false, true].into_iter().enumerate() {
            let who = shop.shopper(&format!("slow-{number}"));
            let placed = buys(shop, &who, what, 1).unwrap();
            let begun = app::payment::begin(&shop.app, &who, placed.order).unwrap();
            let reference = begun.payment.to_string();
            // It closes while the provider says nothing.
            shop.later(Span::minutes(11));
            assert_eq!(shop.see(&who, placed.order).status, Status::Cancelled);
            if another {
                buys(shop, &shop.bob, what, 1).unwrap();
            }
            late_notice_as(shop, &format!("evt_{number}"), &reference, placed.total.minor);
            shop.work();
            let want = if another { Status::LatePaid } else { Status::ToShip };
            assert_eq!(shop.see(&who, placed.order).status, want);
            if !another {
                assert_eq!(left(shop, what.0), 0);
                order_desk::cancel(&shop.app, &who, placed.order).unwrap();
                shop.work();
                assert_eq!(left(shop, what.0), 1);
            }
        }
    });
}

/// Somebody waits for what was not paid: it is theirs, and the money that comes late goes back.
#[test]
fn late_money_passes_nobody_who_waits() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 10);
        let what = (sale(shop, goods, Some(1), usual(), |_| ()), goods);
        let placed = buys(shop, &shop.ann, what, 1).unwrap();
        let begun = app::payment::begin(&shop.app, &shop.ann, placed.order).unwrap();
        waits(shop, &shop.bob, what).unwrap();
        shop.later(Span::minutes(10));
        late_notice_as(shop, "evt_late", &begun.payment.to_string(), placed.total.minor);
        shop.work();
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::LatePaid);
        buys(shop, &shop.bob, what, 1).unwrap();
    });
}

#[test]
fn sold_out_is_known_without_asking_and_only_while_it_is_so() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 10);
        let what = (sale(shop, goods, Some(1), usual(), |_| ()), goods);
        let keyed = shop.keyed(&shop.ann);
        let wish = place(What::FlashSale { campaign: what.0, variant: goods.variant, quantity: 1 });
        let placed = checkout::place(&shop.app, &keyed, wish.clone()).unwrap().value;
        assert_eq!(code(buys(shop, &shop.bob, what, 1)), "flash_sale.sold_out");
        let before = shop.app.sold_out.answered();
        for who in crowd(shop, 5) {
            assert_eq!(code(buys(shop, &who, what, 1)), "flash_sale.sold_out");
        }
        assert_eq!(shop.app.sold_out.answered(), before + 5);
        // Whoever has an order gets it again for the same key.
        let again = checkout::place(&shop.app, &keyed, wish).unwrap();
        assert!(again.replayed && again.value.order == placed.order);
        // It is free again, and sold at once.
        shop.later(Span::minutes(10));
        assert_eq!(shop.see(&shop.ann, placed.order).status, Status::Cancelled);
        buys(shop, &shop.bob, what, 1).unwrap();
    });
}

#[test]
fn two_hundred_and_fifty_six_hunt_ten_units() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 100);
        let what = (sale(shop, goods, Some(10), usual(), |_| ()), goods);
        let crowd = crowd(shop, 256);
        let results = at_once(256, |n| buys(shop, &crowd[n], what, 1));
        expect(shop, &results, &[("ok", 10), ("flash_sale.sold_out", 246)]);
        // Half of them pay; what the others held is hunted again.
        let winners: Vec<usize> = (0..256).filter(|n| results[*n].is_ok()).collect();
        for n in winners.iter().take(5) {
            shop.pay(&crowd[*n], results[*n].as_ref().unwrap().order).unwrap();
        }
        shop.later(Span::minutes(11));
        assert_eq!(left(shop, what.0), 5);
        let again = at_once(256, |n| buys(shop, &crowd[n], what, 1));
        assert_eq!(again.iter().filter(|one| one.is_ok()).count(), 5, "on {}", shop.engine);
        assert_eq!(left(shop, what.0), 0);
        assert_eq!(shop.stock(goods).available, 90);
    });
}

#[test]
fn nobody_passes_their_limit_however_many_windows_they_have() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 1_000);
        let what = (sale(shop, goods, Some(100), usual(), |_| ()), goods);
        let results = at_once(64, |_| buys(shop, &shop.ann, what, 1));
        expect(shop, &results, &[("ok", 2), ("flash_sale.too_many_per_person", 62)]);
    });
}

#[test]
fn a_household_is_one_household() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 1_000);
        let id = sale(shop, goods, Some(100), usual(), |put| {
            put.frame.limits.per_person = 3;
            put.frame.limits.per_cluster = 3;
        });
        // All of them have it sent to one address.
        let crowd = crowd(shop, 32);
        let results = at_once(32, |n| buys(shop, &crowd[n], (id, goods), 1));
        expect(shop, &results, &[("ok", 3), ("campaign.limit_shared", 29)]);
    });
}

/// The last unit is bought while its sale is ended: it is of the sale, or there is no order.
#[test]
fn a_sale_ends_while_somebody_buys() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 100);
        for round in 0..rounds() {
            let what = (sale(shop, goods, Some(1), usual(), |_| ()), goods);
            let who = shop.shopper(&format!("last-{round}"));
            let (bought, ended) = both(
                || buys(shop, &who, what, 1),
                || campaign::step(&shop.app, &shop.zoe, what.0, Step::End),
            );
            ended.unwrap();
            let late = ["flash_sale.over", "flash_sale.sold_out", "campaign.not_running", "ok"];
            assert!(late.contains(&code(bought).as_str()), "on {}", shop.engine);
            shop.later(Span::minutes(11));
            assert_eq!(shop.stock(goods).available, 100);
        }
    });
}
