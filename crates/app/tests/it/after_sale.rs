//! Returns, on both engines: money, goods and counters go back together, in time and once.

use app::after_sale::{
    self, AgreedLine, ApproveReturn, DecideReturn, NewReturn, NewReturnLine, ParcelView, Queue,
    ReceiveReturn, ReceivedLine, ReturnView,
};
use app::checkout::What;
use app::failure::Failure;
use app::order::OrderView;
use app::{Visitor, cart, order_desk};
use domain::after_sale::{AfterSale, Kind, Reason, Status};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::order::{Order, Status as OrderStatus};

use crate::support::{TestShop, both_engines};

pub const KEEPS: Kind = Kind::RefundOnly;
pub const SENDS: Kind = Kind::ReturnAndRefund;

pub fn parcel() -> ParcelView {
    ParcelView { carrier: "SF Express".into(), tracking: "SF7700001".into() }
}

impl TestShop {
    pub fn ask(
        &self,
        who: &Visitor,
        order: Id<Order>,
        kind: Kind,
        lines: &[(usize, i64)],
    ) -> Result<ReturnView, Failure> {
        let reason = if kind == SENDS { Reason::NotWanted } else { Reason::Damaged };
        let new = self.wish(who, order, kind, reason, lines);
        after_sale::request(&self.app, &self.keyed(who), new, &[])
    }

    fn wish(
        &self,
        who: &Visitor,
        order: Id<Order>,
        kind: Kind,
        reason: Reason,
        lines: &[(usize, i64)],
    ) -> NewReturn {
        let seen = self.see(who, order);
        let lines = lines.iter().map(|(at, quantity)| NewReturnLine {
            line: seen.lines[*at].id,
            quantity: *quantity,
            amount: None,
            exchange_for: None,
        });
        NewReturn { order, kind, reason, text: "see".into(), lines: lines.collect() }
    }

    pub fn agree(&self, id: Id<AfterSale>) -> Result<Status, Failure> {
        let what = ApproveReturn::default();
        let desk = after_sale::approve(&self.app, &self.mo, id, &what)?;
        Ok(desk.after_sale.status)
    }

    /// The goods come back, so many of each line fine.
    pub fn comes_back(&self, who: &Visitor, id: Id<AfterSale>, fine: &[i64]) {
        after_sale::send_back(&self.app, who, id, parcel()).unwrap();
        let seen = self.returned(who, id);
        let lines = seen.lines.iter().zip(fine).map(|(line, fine)| ReceivedLine {
            line: line.line,
            sellable: *fine,
            damaged: line.quantity - fine,
        });
        let what = ReceiveReturn { lines: lines.collect() };
        after_sale::receive(&self.app, &self.mo, id, &what).unwrap();
        self.work();
    }

    pub fn returned(&self, who: &Visitor, id: Id<AfterSale>) -> ReturnView {
        after_sale::get(&self.app, who, id).unwrap()
    }

    pub fn state(&self, id: Id<AfterSale>) -> Status {
        after_sale::show(&self.app, &self.zoe, id).unwrap().after_sale.status
    }
}

pub fn code<T>(result: Result<T, Failure>) -> &'static str {
    result.map_or_else(|failure| failure.code(), |_| "ok")
}

pub fn refunded(order: &OrderView) -> Vec<i64> {
    order.lines.iter().map(|line| line.refunded.minor).collect()
}

/// Three lines with a discount of ¥10 over them; two units of three of one line go back, then the
/// third: together exactly what the line really cost.
#[test]
fn a_part_of_a_discounted_order_goes_back_to_the_cent() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_333, 10);
        let cup = shop.goods("cup", 5_000, 10);
        let tin = shop.goods("tin", 1_700, 10);
        for (goods, quantity) in [(tea, 3), (cup, 1), (tin, 2)] {
            let line = cart::SetLine { variant: goods.variant, quantity, add: false };
            cart::set(&shop.app, &shop.ann, line).unwrap();
        }
        let placed = shop.order(&shop.ann, What::Cart).unwrap();
        let whole = domain::money::Money::new(1_000, placed.total.currency);
        let off: Vec<i64> =
            whole.split(&[9_999, 5_000, 3_400]).iter().map(|part| part.minor).collect();
        assert_eq!(off.iter().sum::<i64>(), 1_000);
        shop.discount(placed.order, &off);
        shop.pay(&shop.ann, placed.order).unwrap();
        shop.ship_it(placed.order);
        order_desk::confirm_receipt(&shop.app, &shop.ann, placed.order).unwrap();
        let paid = shop.see(&shop.ann, placed.order);
        let line = paid.lines.iter().position(|line| line.quantity == 3).unwrap();
        let cost = paid.lines[line].total.minor;

        let first = shop.ask(&shop.ann, placed.order, SENDS, &[(line, 2)]).unwrap();
        assert_eq!(shop.agree(first.id).unwrap(), Status::AwaitingReturn);
        shop.comes_back(&shop.ann, first.id, &[1]);
        let back = shop.returned(&shop.ann, first.id);
        assert_eq!((back.status, back.refunded), (Status::Refunded, back.amount));
        let seen = shop.see(&shop.ann, placed.order);
        assert_eq!((seen.status, seen.refunded), (OrderStatus::Delivered, back.amount));
        // One of the two can be sold again, the other is lost.
        let stock = shop.stock(tea);
        assert_eq!((stock.available, stock.sold, stock.lost), (8, 1, 1));

        let second = shop.ask(&shop.ann, placed.order, SENDS, &[(line, 1)]).unwrap();
        assert_eq!(back.amount.minor + second.amount.minor, cost);
        shop.agree(second.id).unwrap();
        shop.comes_back(&shop.ann, second.id, &[1]);
        let seen = shop.see(&shop.ann, placed.order);
        let mut want = vec![0, 0, 0];
        want[line] = cost;
        assert_eq!(refunded(&seen), want);
        let again = shop.ask(&shop.ann, placed.order, SENDS, &[(line, 1)]);
        assert_eq!(code(again), "return.only_left");
        let paid_back = "select sum(refunded) from sandbox_payments";
        assert_eq!(shop.number(paid_back), cost);
    });
}

#[test]
fn all_of_an_order_in_parts_makes_it_refunded_and_its_sales_nothing() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 3_900, 5), shop.goods("cup", 1_000, 5));
        let order = shop.arrived(&shop.ann, &[(tea, 1), (cup, 1)]);
        shop.later(Span::days(7));
        assert_eq!(shop.see(&shop.ann, order).status, OrderStatus::Completed);
        assert_eq!(shop.number("select balance from accounts where kind = 'sales'"), 5_700);
        let one = shop.ask(&shop.ann, order, KEEPS, &[(0, 1)]).unwrap();
        let two = shop.ask(&shop.ann, order, KEEPS, &[(1, 1)]).unwrap();
        assert_eq!(shop.agree(one.id).unwrap(), Status::Approved);
        shop.work();
        assert_eq!(shop.state(one.id), Status::Refunded);
        assert_eq!(shop.see(&shop.ann, order).status, OrderStatus::Completed);
        // With the shipping fee it is all of it.
        let what = ApproveReturn { shipping: 801, ..ApproveReturn::default() };
        let refused = after_sale::approve(&shop.app, &shop.mo, two.id, &what);
        assert_eq!(code(refused), "return.bad_amount");
        let what = ApproveReturn { shipping: 800, ..what };
        after_sale::approve(&shop.app, &shop.mo, two.id, &what).unwrap();
        assert_eq!(shop.see(&shop.ann, order).status, OrderStatus::Refunding);
        shop.work();
        let seen = shop.see(&shop.ann, order);
        assert_eq!((seen.status, seen.refunded), (OrderStatus::Refunded, seen.total));
        assert_eq!(shop.number("select balance from accounts where kind = 'sales'"), 0);
        // The goods stayed with her.
        assert_eq!((shop.stock(tea).sold, shop.stock(cup).sold), (1, 1));
    });
}

#[test]
fn less_needs_a_reason_and_never_more_than_asked() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 5);
        let order = shop.arrived(&shop.ann, &[(tea, 2)]);
        let mut new = shop.wish(&shop.ann, order, KEEPS, Reason::Damaged, &[(0, 1)]);
        let preview = after_sale::preview(&shop.app, &shop.ann, &new).unwrap();
        assert_eq!(preview.amount.minor, 3_900);
        for (amount, want) in [(3_901, "return.bad_amount"), (0, "return.bad_amount")] {
            new.lines[0].amount = Some(amount);
            let asked = after_sale::request(&shop.app, &shop.keyed(&shop.ann), new.clone(), &[]);
            assert_eq!(code(asked), want, "{amount}");
        }
        new.lines[0].amount = Some(2_000);
        let asked = after_sale::request(&shop.app, &shop.keyed(&shop.ann), new, &[]).unwrap();
        let line = asked.lines[0].line;
        let agree = |amount, reason: &str| {
            let lines = vec![AgreedLine { line, amount }];
            let reason = reason.to_string();
            let what = ApproveReturn { lines, reason, ..ApproveReturn::default() };
            code(after_sale::approve(&shop.app, &shop.mo, asked.id, &what))
        };
        assert_eq!(agree(2_001, "kind"), "return.bad_amount");
        assert_eq!(agree(0, "no"), "return.bad_amount");
        assert_eq!(agree(1_500, ""), "return.no_reason");
        assert_eq!(agree(1_500, "only scratched"), "ok");
        assert_eq!(agree(1_500, "only scratched"), "return.not_now");
        shop.work();
        assert_eq!(refunded(&shop.see(&shop.ann, order)), [1_500]);
        // The other unit is worth what it was.
        let other = shop.ask(&shop.ann, order, SENDS, &[(0, 1)]).unwrap();
        assert_eq!(other.amount.minor, 3_900);
    });
}

/// CN-RET-01, and that a late job lets nobody do what they may not.
#[test]
fn seven_days_without_a_reason_end_with_the_day() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 5);
        // Delivered in the afternoon of the 21st in Hangzhou.
        let order = shop.arrived(&shop.ann, &[(tea, 2)]);
        let end = Moment::parse("2026-11-28T16:00:00Z").unwrap();
        shop.clock.advance(Span(end.since(shop.app.now()).0 - 1));
        let asked = shop.ask(&shop.ann, order, SENDS, &[(0, 1)]).unwrap();
        shop.clock.advance(Span(1));
        let late = shop.ask(&shop.ann, order, SENDS, &[(0, 1)]);
        assert_eq!(code(late), "return.too_late");
        // Something wrong with it can still be found.
        let wish = shop.wish(&shop.ann, order, SENDS, Reason::Quality, &[(0, 1)]);
        after_sale::request(&shop.app, &shop.keyed(&shop.ann), wish, &[]).unwrap();
        assert_eq!(shop.agree(asked.id).unwrap(), Status::AwaitingReturn);
        shop.later(Span::seconds(1));
    });
}

#[test]
fn an_exchange_keeps_takes_back_and_sends() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 3);
        let order = shop.arrived(&shop.ann, &[(tea, 2)]);
        let asked = shop.ask(&shop.ann, order, Kind::Exchange, &[(0, 1)]).unwrap();
        assert_eq!(shop.agree(asked.id).unwrap(), Status::AwaitingReturn);
        let stock = shop.stock(tea);
        assert_eq!((stock.available, stock.reserved, stock.sold), (0, 1, 2));
        shop.comes_back(&shop.ann, asked.id, &[0]);
        assert_eq!(shop.state(asked.id), Status::Received);
        after_sale::replace(&shop.app, &shop.mo, asked.id, parcel()).unwrap();
        let stock = shop.stock(tea);
        assert_eq!((stock.reserved, stock.sold, stock.lost), (0, 2, 1));
        let seen = shop.returned(&shop.ann, asked.id);
        assert_eq!((seen.status, seen.lines[0].sent), (Status::Replaced, 1));
        assert_eq!(shop.see(&shop.ann, order).refunded.minor, 0);
        shop.later(Span::days(15));
        assert_eq!(shop.state(asked.id), Status::Closed);
        // What was exchanged is not asked for again; the other unit is.
        assert_eq!(code(shop.ask(&shop.ann, order, KEEPS, &[(0, 2)])), "return.only_left");
    });
}

#[test]
fn what_cannot_be_sent_instead_becomes_money() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 3);
        let order = shop.arrived(&shop.ann, &[(tea, 2)]);
        let ask = || shop.ask(&shop.ann, order, Kind::Exchange, &[(0, 1)]).unwrap().id;
        let (first, second) = (ask(), ask());
        shop.agree(first).unwrap();
        // None is left to be kept for the second.
        assert_eq!(code(shop.agree(second)), "inventory.only_left");
        let what = ApproveReturn { as_refund: true, ..ApproveReturn::default() };
        let desk = after_sale::approve(&shop.app, &shop.mo, second, &what).unwrap();
        assert_eq!(desk.after_sale.kind, SENDS);
        shop.comes_back(&shop.ann, second, &[1]);
        assert_eq!(shop.state(second), Status::Refunded);
        // The first is here, but staff send nothing for a week.
        shop.comes_back(&shop.ann, first, &[0]);
        shop.later(Span::days(7));
        assert_eq!(shop.state(first), Status::Refunded);
        let stock = shop.stock(tea);
        assert_eq!((stock.available, stock.reserved, stock.sold, stock.lost), (2, 0, 0, 1));
        assert_eq!(refunded(&shop.see(&shop.ann, order)), [7_800]);
        let late = after_sale::replace(&shop.app, &shop.mo, first, parcel());
        assert_eq!(code(late), "return.not_now");
    });
}

#[test]
fn whom_nobody_answers_the_owner_does_and_her_word_is_the_last() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 3);
        let order = shop.arrived(&shop.ann, &[(tea, 2)]);
        let asked = shop.ask(&shop.ann, order, KEEPS, &[(0, 1)]).unwrap();
        // The job is late: the clock judges.
        shop.clock.advance(Span::hours(48));
        assert_eq!(code(shop.agree(asked.id)), "return.not_now");
        shop.work();
        assert_eq!(shop.state(asked.id), Status::Escalated);
        let open = |n: usize| {
            let cases = app::case::list(&shop.app, &shop.zoe, 10).unwrap();
            assert_eq!(cases.iter().filter(|case| case.open).count(), n);
        };
        open(1);
        let no = DecideReturn { reason: "it is as described".into(), ..DecideReturn::default() };
        let decide = |who: &Visitor, what: &DecideReturn| {
            code(after_sale::decide(&shop.app, who, asked.id, what))
        };
        assert_eq!(decide(&shop.mo, &no), "forbidden");
        assert_eq!(decide(&shop.zoe, &DecideReturn::default()), "return.no_reason");
        assert_eq!(decide(&shop.zoe, &no), "ok");
        assert_eq!(shop.state(asked.id), Status::Closed);
        open(0);
        let on = after_sale::escalate(&shop.app, &shop.ann, asked.id, "but look");
        assert_eq!(code(on), "return.not_now");

        // A refusal that is taken to the owner, who grants it.
        let asked = shop.ask(&shop.ann, order, KEEPS, &[(0, 1)]).unwrap();
        assert_eq!(
            code(after_sale::refuse(&shop.app, &shop.mo, asked.id, " ")),
            "return.no_reason"
        );
        after_sale::refuse(&shop.app, &shop.mo, asked.id, "no picture").unwrap();
        after_sale::escalate(&shop.app, &shop.ann, asked.id, "but look").unwrap();
        open(1);
        let yes = DecideReturn { grant: true, reason: "she is right".into(), ..no };
        after_sale::decide(&shop.app, &shop.zoe, asked.id, &yes).unwrap();
        shop.work();
        assert_eq!(shop.state(asked.id), Status::Refunded);
        open(0);
    });
}

#[test]
fn time_ends_what_its_people_leave_alone() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 9);
        let order = shop.arrived(&shop.ann, &[(tea, 4)]);
        let ask = |kind| shop.ask(&shop.ann, order, kind, &[(0, 1)]).unwrap().id;
        let (refused, unsent, unseen) = (ask(KEEPS), ask(Kind::Exchange), ask(SENDS));
        after_sale::refuse(&shop.app, &shop.mo, refused, "no").unwrap();
        shop.agree(unsent).unwrap();
        shop.agree(unseen).unwrap();
        after_sale::send_back(&shop.app, &shop.ann, unseen, parcel()).unwrap();
        assert_eq!(shop.stock(tea).reserved, 1);
        // Nothing goes to the shop while one is open, though the window is over.
        shop.clock.advance(Span::days(7));
        let late = after_sale::send_back(&shop.app, &shop.ann, unsent, parcel());
        assert_eq!(code(late), "return.not_now");
        let late = after_sale::escalate(&shop.app, &shop.ann, refused, "but");
        assert_eq!(code(late), "return.not_now");
        shop.work();
        assert_eq!(shop.state(refused), Status::Closed);
        assert_eq!(shop.state(unsent), Status::Closed);
        // A parcel nobody confirmed counts as received; what nobody saw is not sold again.
        assert_eq!(shop.state(unseen), Status::Refunded);
        let stock = shop.stock(tea);
        assert_eq!((stock.reserved, stock.lost, stock.available), (0, 1, 5));
        // Then the order is completed, with what is left of its money.
        assert_eq!(shop.see(&shop.ann, order).status, OrderStatus::Completed);
        let sales = "select balance from accounts where kind = 'sales'";
        assert_eq!(shop.number(sales), 3 * 3_900);
        shop.later(Span::days(15));
        assert_eq!(shop.state(unseen), Status::Closed);
    });
}

#[test]
fn a_parcel_that_holds_something_else_is_for_the_owner() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 9);
        let order = shop.arrived(&shop.ann, &[(tea, 2)]);
        let ask = || shop.ask(&shop.ann, order, SENDS, &[(0, 1)]).unwrap().id;
        let back = |id| {
            shop.agree(id).unwrap();
            after_sale::send_back(&shop.app, &shop.ann, id, parcel()).unwrap();
            after_sale::dispute(&shop.app, &shop.mo, id, "a brick").unwrap();
        };
        let (brick, tin) = (ask(), ask());
        back(brick);
        back(tin);
        let no = DecideReturn { reason: "a brick".into(), ..DecideReturn::default() };
        after_sale::decide(&shop.app, &shop.zoe, brick, &no).unwrap();
        assert_eq!(shop.state(brick), Status::Closed);
        let line = shop.returned(&shop.ann, tin).lines[0].line;
        let received = vec![ReceivedLine { line, sellable: 1, damaged: 0 }];
        let yes = DecideReturn { grant: true, received, ..no };
        after_sale::decide(&shop.app, &shop.zoe, tin, &yes).unwrap();
        shop.work();
        assert_eq!(shop.state(tin), Status::Refunded);
        assert_eq!(shop.stock(tea).available, 8);
    });
}

#[test]
fn another_buyer_s_return_is_not_found() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 9);
        let order = shop.arrived(&shop.ann, &[(tea, 1)]);
        let asked = shop.ask(&shop.ann, order, SENDS, &[(0, 1)]).unwrap();
        let (app, eve, id) = (&shop.app, &shop.eve, asked.id);
        assert_eq!(code(after_sale::get(app, eve, id)), "not_found");
        assert_eq!(code(after_sale::withdraw(app, eve, id)), "not_found");
        assert_eq!(code(after_sale::send_back(app, eve, id, parcel())), "not_found");
        assert_eq!(code(after_sale::escalate(app, eve, id, "mine")), "not_found");
        assert_eq!(code(after_sale::add_picture(app, eve, id, b"x")), "not_found");
        assert_eq!(code(after_sale::offer(app, eve, order)), "not_found");
        assert_eq!(code(after_sale::of_order(app, eve, order)), "not_found");
        let mut wish = shop.wish(&shop.ann, order, SENDS, Reason::Damaged, &[(0, 1)]);
        assert_eq!(code(after_sale::preview(app, eve, &wish)), "not_found");
        let keyed = shop.keyed(eve);
        assert_eq!(code(after_sale::request(app, &keyed, wish.clone(), &[])), "not_found");
        // Her own order with a line of ann's.
        wish.order = shop.arrived(eve, &[(tea, 1)]);
        let keyed = shop.keyed(eve);
        assert_eq!(code(after_sale::request(app, &keyed, wish, &[])), "return.no_lines");
        let what = ApproveReturn::default();
        assert_eq!(code(after_sale::approve(app, eve, id, &what)), "forbidden");
        assert_eq!(code(after_sale::show(app, eve, id)), "forbidden");
        assert_eq!(code(after_sale::list(app, eve, Queue::All, None, 9)), "forbidden");
        assert!(after_sale::mine(app, eve, None, 9).unwrap().is_empty());
        assert_eq!(after_sale::mine(app, &shop.ann, None, 9).unwrap().len(), 1);
        after_sale::withdraw(app, &shop.ann, id).unwrap();
        // What was taken back can be asked for again.
        shop.ask(&shop.ann, order, KEEPS, &[(0, 1)]).unwrap();
    });
}

#[test]
fn what_can_be_asked_for_and_what_stands_in_the_way() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 9);
        let placed =
            shop.order(&shop.ann, What::Now { variant: tea.variant, quantity: 1 }).unwrap();
        assert_eq!(
            code(shop.ask(&shop.ann, placed.order, KEEPS, &[(0, 1)])),
            "return.not_returnable"
        );
        let order = shop.arrived(&shop.ann, &[(tea, 2)]);
        let refused = |kind, reason, lines: &[(usize, i64)]| {
            let wish = shop.wish(&shop.ann, order, kind, reason, lines);
            code(after_sale::request(&shop.app, &shop.keyed(&shop.ann), wish, &[]))
        };
        assert_eq!(refused(KEEPS, Reason::NotWanted, &[(0, 1)]), "return.bad_reason");
        assert_eq!(refused(KEEPS, Reason::NotReceived, &[(0, 1)]), "return.bad_reason");
        assert_eq!(refused(SENDS, Reason::Damaged, &[]), "return.no_lines");
        assert_eq!(refused(SENDS, Reason::Damaged, &[(0, 0)]), "return.no_lines");
        assert_eq!(refused(SENDS, Reason::Damaged, &[(0, 1), (0, 1)]), "return.no_lines");
        assert_eq!(refused(SENDS, Reason::Damaged, &[(0, 3)]), "return.only_left");
        let wish = shop.wish(&shop.ann, order, SENDS, Reason::Damaged, &[(0, 1)]);
        let picture = after_sale::request(&shop.app, &shop.keyed(&shop.ann), wish.clone(), &[b"x"]);
        assert_eq!(code(picture), "return.bad_pictures");
        let mut swap = shop.wish(&shop.ann, order, Kind::Exchange, Reason::Damaged, &[(0, 1)]);
        swap.lines[0].exchange_for = Some(shop.goods("cup", 3_900, 1).variant);
        let swapped = after_sale::request(&shop.app, &shop.keyed(&shop.ann), swap, &[]);
        assert_eq!(code(swapped), "return.bad_exchange");
        // Twice under one key is once.
        let keyed = shop.keyed(&shop.ann);
        let first = after_sale::request(&shop.app, &keyed, wish.clone(), &[]).unwrap();
        let twin = after_sale::request(&shop.app, &keyed, wish, &[]).unwrap();
        assert_eq!(first.id, twin.id);
        // An order is not ended as a whole while something of it is on its way.
        let whole = order_desk::refund(&shop.app, &shop.zoe, order, "all of it");
        assert_eq!(code(whole), "return.still_open");
        after_sale::set_return_address(&shop.app, &shop.mo, "").unwrap();
        assert_eq!(code(shop.agree(first.id)), "return.no_address");
        after_sale::set_return_address(&shop.app, &shop.mo, "Mo\n Lane 1 ").unwrap();
        shop.agree(first.id).unwrap();
        assert_eq!(shop.returned(&shop.ann, first.id).return_to, "Mo\nLane 1");
        let what = ReceiveReturn::default();
        assert_eq!(
            code(after_sale::receive(&shop.app, &shop.mo, first.id, &what)),
            "return.not_now"
        );
        after_sale::send_back(&shop.app, &shop.ann, first.id, parcel()).unwrap();
        assert_eq!(
            code(after_sale::receive(&shop.app, &shop.mo, first.id, &what)),
            "return.bad_count"
        );
        assert_eq!(code(after_sale::withdraw(&shop.app, &shop.ann, first.id)), "return.not_now");
        shop.later(Span::days(7));
        let whole = order_desk::refund(&shop.app, &shop.zoe, order, "the rest");
        assert_eq!(code(whole), "ok");
        shop.work();
        assert_eq!(shop.see(&shop.ann, order).status, OrderStatus::Refunded);
    });
}

#[test]
fn a_parcel_that_never_came_is_paid_back_before_it_is_received() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 9);
        let order = shop.shipped(&shop.ann, &[(tea, 1)]);
        let wish = shop.wish(&shop.ann, order, KEEPS, Reason::NotReceived, &[(0, 1)]);
        let asked = after_sale::request(&shop.app, &shop.keyed(&shop.ann), wish, &[]).unwrap();
        let what = ApproveReturn { shipping: 800, ..ApproveReturn::default() };
        after_sale::approve(&shop.app, &shop.mo, asked.id, &what).unwrap();
        shop.work();
        assert_eq!(shop.see(&shop.ann, order).status, OrderStatus::Refunded);
        shop.later(Span::days(30));
    });
}
