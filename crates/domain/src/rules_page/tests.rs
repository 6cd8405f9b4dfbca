//! Shoppers read every rule that is enforced, and no other.

use super::*;
use crate::campaign::{Frame, Goal, Measure, Mechanic, Status, limit::Limits};
use crate::coupon::Issuer;
use crate::id::Id;
use crate::money::Currency;
use crate::promotion::{Combines, Scope};
use crate::rate::Rate;

fn campaign(mechanic: Mechanic) -> Campaign {
    Campaign {
        id: Id::new(1),
        mechanic,
        status: Status::Draft,
        starts_at: Moment(1),
        ends_at: Moment(2),
        frame: Frame {
            title: "Tea".into(),
            goals: vec![Goal { measure: Measure::Orders, target: 1 }],
            audience: Audience::NewCustomers,
            limits: Limits { per_person: 1, per_cluster: 2, per_day: None, total: None },
            budget: None,
            holdout: Rate::NONE,
            channels: vec![Channel::Shop.usual(), Channel::Wechat.usual()],
            combines: Combines::ALL,
        },
    }
}

#[test]
fn a_frame_says_whom_when_and_how_often() {
    let least = [
        Runs { from: Moment(1), until: Moment(2) },
        For(Audience::NewCustomers),
        PerPerson(1),
        PerCluster(2),
    ];
    assert_eq!(frame(&campaign(Mechanic::Promotion)), least);
    let mut most = campaign(Mechanic::Assist);
    most.frame.limits.per_day = Some(1);
    most.frame.limits.total = Some(9);
    most.frame.budget = Some(Money::new(500, Currency::Cny));
    most.frame.combines = Combines::default();
    let more = [
        PerDay(1),
        InAll(9),
        Budget(Money::new(500, Currency::Cny)),
        NoPromotions,
        NoCoupons,
        NoPoints,
        NotRewardedIn(Channel::Wechat),
    ];
    assert_eq!(frame(&most), [least.as_slice(), &more].concat());
}

/// What a merchant begins with is right without a further thought.
#[test]
fn usual_settings_are_sensible() {
    let yuan = |minor| Money::new(minor, Currency::Cny);
    assert_eq!(bargain::Terms::usual().check(yuan(9_900), yuan(4_900)), Ok(()));
    assert_eq!(assist::Terms::usual(500).check(), Ok(()));
    assert_eq!(red_packet::Terms::usual(1_000).check(), Ok(()));
    assert_eq!(flash_sale::Terms::usual().check(), Ok(()));
    assert_eq!(check_in::Terms::usual().check(), Ok(()));
    assert!(invite::Terms::usual(500).is_sensible() && guess::Terms::usual().is_sensible());
    for count in [1, 2, 9] {
        let question = quiz::Question { options: 2, right: 0 };
        assert_eq!(quiz::Terms::usual(count).check(&vec![question; count]), Ok(()));
    }
}

#[test]
fn a_coupon_says_what_it_gives_and_when() {
    let off = Off::Amount { minor: 10 };
    let template = Template {
        id: Id::new(1),
        issuer: Issuer::Merchant,
        currency: Currency::Cny,
        gives: coupon::Gives::Goods { off },
        threshold: 0,
        scope: Scope::default(),
        stacks: Stacks::InGroup { group: "shop".into() },
        life: Life::After { span: Span(5) },
        claim_from: Moment(0),
        claim_until: Moment(9),
        total: None,
        per_person: 1,
        per_cluster: 1,
        back_on_refund: false,
    };
    let least = [TakesOff(off), UsableFor(Span(5)), PerPerson(1), PerCluster(1), GoneOnRefund];
    assert_eq!(super::coupon(&template), least);
    let most = Template {
        gives: coupon::Gives::Shipping { most: Some(5) },
        threshold: 99,
        stacks: Stacks::Alone,
        life: Life::Dates { from: Moment(1), until: Moment(2) },
        total: Some(7),
        back_on_refund: true,
        ..template
    };
    let told = [
        TakesOffFreight(Some(5)),
        FromAmount(99),
        StandsAlone,
        UsableBetween { from: Moment(1), until: Moment(2) },
        PerPerson(1),
        PerCluster(1),
        InAll(7),
        ComesBackOnRefund,
    ];
    assert_eq!(super::coupon(&most), told);
}

#[test]
fn mechanics_say_what_they_enforce() {
    let terms = bargain::Terms {
        cuts: 9,
        own_first: false,
        new_takes: 1,
        per_helper: 3,
        per_helper_day: 1,
        life: Span(7),
        pay_window: Span(5),
        any_price: false,
        quantity: 1,
    };
    let helper = HelperLimits { in_all: 3, a_day: 1 };
    let ends = [Lives(Span(7)), PayWithin(Span(5)), OneOrder];
    let cuts = Cuts { at_most: 9, whole: 4_000 };
    let least = [[cuts.clone(), helper.clone(), FloorOnly].as_slice(), &ends].concat();
    assert_eq!(super::bargain(&terms, 4_000), least);
    let more = bargain::Terms { own_first: true, new_takes: 2, any_price: true, ..terms };
    let begins = [cuts, OwnCut, NewHelpersCut(2), helper, AnyPrice];
    assert_eq!(super::bargain(&more, 4_000), [begins.as_slice(), &ends].concat());

    let packet = red_packet::Terms {
        gives: red_packet::Gives::Credit,
        total: 100,
        count: 5,
        split: Split::Equal,
        least: 1,
        life: Span(7),
        per_cluster: 1,
    };
    let random = red_packet::Terms { split: Split::Random, ..packet };
    assert!(!super::red_packet(&packet, "ab").contains(&LeastPart(1)));
    let told = super::red_packet(&random, "ab");
    for clause in [LeastPart(1), SeedHash("ab".into()), RestGoesBack, NoCash, Lives(Span(7))] {
        assert!(told.contains(&clause), "{clause:?}");
    }

    let prize = |weight, stock| draw::Prize { name: "cup".into(), weight, stock, value: 3_900 };
    let told = super::draw(&[prize(1, Some(5)), prize(3, None)], "ab");
    let said = |count, millionths| Prize { name: "cup".into(), count, value: 3_900, millionths };
    let want =
        [said(Some(5), 250_000), said(None, 750_000), GoneFallsToLast, SeedHash("ab".into())];
    assert_eq!(told, want);
}

#[test]
fn games_and_invitations_say_what_they_enforce() {
    let assist = assist::Terms {
        steps: vec![assist::Step { need: 3, reward: 500 }],
        who: assist::WhoHelps::NewCustomers,
        counts_on: assist::Event::FirstPaid,
        helper_reward: 0,
        helper_on: assist::Event::Helped,
        per_helper: 2,
        life: Span(7),
    };
    let told = super::assist(&assist);
    assert_eq!(told.len(), 5);
    let paid = assist::Terms { helper_reward: 50, ..assist };
    let gets = HelperGets { reward: 50, on: assist::Event::Helped };
    assert!(super::assist(&paid).contains(&gets));
    let invite =
        invite::Terms { reward: 10, friend_reward: 5, per_month: 3, window: Span(9), least: 0 };
    let told = super::invite(&invite);
    assert!(told.contains(&OneLevel) && told.contains(&WhenKept) && told.len() == 5);
    let from = invite::Terms { least: 99, ..invite };
    assert!(super::invite(&from).contains(&FirstOrderFrom(99)));
    let flash = flash_sale::Terms {
        slots: vec![flash_sale::Slot { from: Span(1), until: Span(2) }],
        per_order: 1,
        per_person: 2,
        pay_window: Span(5),
        preheat: Span(0),
        queue: true,
    };
    let want = [
        Slot { from: Span(1), until: Span(2) },
        Quantities { per_order: 1, per_person: 2 },
        PayWithin(Span(5)),
        FirstComeFirstServed,
    ];
    assert_eq!(super::flash_sale(&flash), want);
    let days = check_in::Terms {
        days: vec![1, 2],
        bonuses: vec![check_in::Bonus { streak: 7, points: 9 }],
    };
    let want = [DayPoints(vec![1, 2]), StreakBonus { streak: 7, points: 9 }];
    assert_eq!(super::check_in(&days), want);
    let guess = guess::Terms { per_person: 2, winners: 1, within: Some(5) };
    let nearest = NearestWin { winners: 1, within: Some(5) };
    assert!(super::guess(&guess, "ab").contains(&nearest));
    let quiz = quiz::Terms { ask: 3, pass: 2, time: Span(30), per_day: 1 };
    let asked = Questions { asked: 3, pass: 2, time: Span(30) };
    assert_eq!(super::quiz(&quiz), [asked, TriesADay(1)]);
}
