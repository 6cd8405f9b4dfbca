//! The life of a campaign, who takes part, what may change, and budgets that never give more than
//! they have.

use proptest::prelude::*;

use super::audience::Who;
use super::favour::{Change, Field, changes, may_change};
use super::limit::{Counts, Key, Reached};
use super::*;
use crate::money::Currency;

fn campaign(status: Status) -> Campaign {
    Campaign {
        id: Id::new(1),
        mechanic: Mechanic::Draw,
        status,
        starts_at: Moment(100),
        ends_at: Moment(200),
        frame: Frame {
            title: "Spring wheel".into(),
            goals: vec![Goal { measure: Measure::Orders, target: 500 }],
            audience: Audience::Everyone,
            limits: Limits { per_person: 3, per_cluster: 4, per_day: Some(1), total: Some(1_000) },
            budget: Some(Money::new(100_000, Currency::Cny)),
            holdout: Rate::from_basis_points(500).unwrap(),
            channels: vec![Channel::Shop.usual(), Channel::Wechat.usual()],
            combines: Combines::ALL,
        },
    }
}

const PASS: Command = Command::Pass { may_launch: true };
const SCHEDULE: Command = Command::Schedule { funded: true, stocked: true };

#[test]
fn a_life_from_draft_to_evaluated() {
    use Status::*;
    let check = |from: Status, command, now, want: Result<(Status, bool), Refusal>| {
        let came = decide(&campaign(from), command, Moment(now));
        let came = came.map(|moved| (moved.to, moved.gives_back));
        assert_eq!(came, want, "{from:?} {command:?} at {now}");
    };
    let not = |status| Err(Refusal::NotNow(status));
    check(Draft, PASS, 50, Ok((Checked, false)));
    check(Draft, Command::Pass { may_launch: false }, 50, Err(Refusal::NotLawful));
    check(Draft, SCHEDULE, 50, not(Draft));
    check(Checked, SCHEDULE, 50, Ok((Scheduled, false)));
    check(Checked, SCHEDULE, 199, Ok((Scheduled, false)));
    check(Checked, SCHEDULE, 200, Err(Refusal::TooLate));
    let unfunded = Command::Schedule { funded: false, stocked: true };
    check(Checked, unfunded, 50, Err(Refusal::NotFunded));
    let unstocked = Command::Schedule { funded: true, stocked: false };
    check(Checked, unstocked, 50, Err(Refusal::NotStocked));
    // Whatever was changed is checked anew; what was reserved for it goes back.
    check(Checked, Command::Edit, 50, Ok((Draft, false)));
    check(Scheduled, Command::Edit, 50, Ok((Draft, true)));
    check(Scheduled, Command::Edit, 100, not(Running));
    // The clock, late or not.
    check(Scheduled, Command::Tick, 99, not(Scheduled));
    check(Scheduled, Command::Tick, 100, Ok((Running, false)));
    check(Scheduled, Command::Tick, 200, Ok((Ended, true)));
    check(Paused, Command::Tick, 200, Ok((Ended, true)));
    check(Scheduled, Command::Pause, 100, Ok((Paused, false)));
    check(Running, Command::Pause, 150, Ok((Paused, false)));
    check(Running, Command::Pause, 200, not(Ended));
    check(Paused, Command::Resume, 150, Ok((Running, false)));
    check(Scheduled, Command::Resume, 50, not(Scheduled));
    check(Running, Command::End, 150, Ok((Ended, true)));
    check(Scheduled, Command::End, 50, Ok((Ended, true)));
    check(Draft, Command::End, 50, not(Draft));
    check(Ended, Command::Evaluate { waiting: 3 }, 250, Err(Refusal::StillWaiting(3)));
    check(Ended, Command::Evaluate { waiting: 0 }, 250, Ok((Evaluated, false)));
    check(Running, Command::Evaluate { waiting: 0 }, 150, not(Running));
    check(Evaluated, Command::Resume, 250, not(Evaluated));
}

#[test]
fn settings_that_cannot_be_are_named() {
    let check = |edit: fn(&mut Campaign), want| {
        let mut campaign = campaign(Status::Draft);
        edit(&mut campaign);
        assert_eq!(campaign.check(), want);
        let passed = decide(&campaign, PASS, Moment(0)).map(|_| ());
        assert_eq!(passed, want.map_err(Refusal::BadFrame));
    };
    check(|_| (), Ok(()));
    check(|c| c.frame.title = "  ".into(), Err(BadFrame::Title));
    check(|c| c.ends_at = c.starts_at, Err(BadFrame::Dates));
    check(|c| c.ends_at = c.starts_at.plus(LONGEST), Ok(()));
    check(|c| c.ends_at = c.starts_at.plus(Span(LONGEST.0 + 1)), Err(BadFrame::Dates));
    check(|c| c.frame.goals.clear(), Err(BadFrame::Goals));
    check(|c| c.frame.goals[0].target = 0, Err(BadFrame::Goals));
    check(|c| c.frame.goals.push(c.frame.goals[0]), Err(BadFrame::Goals));
    check(|c| c.frame.audience = Audience::Groups { groups: vec![] }, Err(BadFrame::Audience));
    check(|c| c.frame.limits.per_cluster = 2, Err(BadFrame::Limits));
    check(|c| c.frame.limits.per_day = Some(4), Err(BadFrame::Limits));
    check(|c| c.frame.limits.total = Some(2), Err(BadFrame::Limits));
    check(|c| c.frame.budget = None, Err(BadFrame::Budget));
    check(|c| (c.frame.budget, c.mechanic) = (None, Mechanic::FlashSale), Ok(()));
    check(|c| c.frame.holdout = Rate::from_basis_points(5_001).unwrap(), Err(BadFrame::Holdout));
    check(|c| c.frame.channels.clear(), Err(BadFrame::Channels));
    check(|c| c.frame.channels.push(Channel::Shop.usual()), Err(BadFrame::Channels));
}

#[test]
fn who_may_enter() {
    let gold = Id::new(7);
    let who = |has_bought, rank| Who { has_bought, rank, groups: &[], lists: &[] };
    let check = |audience: Audience, who: &Who, is_in: bool| {
        assert_eq!(audience.includes(who), is_in, "{audience:?} {who:?}");
    };
    check(Audience::Everyone, &who(false, 0), true);
    check(Audience::NewCustomers, &who(false, 0), true);
    check(Audience::NewCustomers, &who(true, 0), false);
    check(Audience::Buyers, &who(true, 0), true);
    check(Audience::Buyers, &who(false, 0), false);
    check(Audience::Level { from: 2 }, &who(true, 2), true);
    check(Audience::Level { from: 2 }, &who(true, 1), false);
    check(Audience::Groups { groups: vec![gold] }, &who(true, 9), false);
    let member = Who { groups: &[gold], ..who(false, 0) };
    check(Audience::Groups { groups: vec![Id::new(6), gold] }, &member, true);
    check(Audience::List { list: Id::new(3) }, &who(true, 9), false);
    let listed = Who { lists: &[Id::new(3)], ..who(true, 0) };
    check(Audience::List { list: Id::new(3) }, &listed, true);
    let enter = |status, bucket, counts: Counts, now| {
        let visitor = Visitor { person: Id::new(1), who: who(true, 0), bucket, counts };
        may_enter(&campaign(status), &visitor, Moment(now))
    };
    let none = Counts::default;
    assert_eq!(enter(Status::Scheduled, 500, none(), 100), Ok(()));
    assert_eq!(enter(Status::Running, 499, none(), 100), Err(NoEntry::HeldOut));
    assert_eq!(enter(Status::Running, 500, none(), 200), Err(NoEntry::NotRunning));
    assert_eq!(enter(Status::Paused, 500, none(), 150), Err(NoEntry::NotRunning));
    let limited = |counts| enter(Status::Running, 500, counts, 150);
    let reached = |one| Err(NoEntry::Limit(one));
    assert_eq!(limited(Counts { person: 3, ..none() }), reached(Reached::Person(3)));
    assert_eq!(limited(Counts { person: 1, today: 1, ..none() }), reached(Reached::Today(1)));
    let keys = vec![(Key::Device, 3), (Key::Payee, 4)];
    assert_eq!(limited(Counts { keys, ..none() }), reached(Reached::Cluster(Key::Payee, 4)));
    assert_eq!(limited(Counts { total: 1_000, ..none() }), reached(Reached::Total(1_000)));
    let almost = Counts { person: 2, today: 0, keys: vec![(Key::Address, 3)], total: 999 };
    assert_eq!(limited(almost), Ok(()));
}

#[test]
fn wechat_rewards_no_sharing_unless_somebody_says_so() {
    let campaign = campaign(Status::Running);
    assert!(campaign.rewards_share_by(Channel::Shop));
    assert!(!campaign.rewards_share_by(Channel::Wechat));
    for channel in Channel::ALL {
        assert_eq!(channel.usual().rewarded, *channel != Channel::Wechat);
    }
    // What nobody switched is as usual.
    let mut campaign = campaign;
    campaign.frame.channels = vec![Channel::Shop.usual()];
    assert!(!campaign.rewards_share_by(Channel::Wechat));
    assert!(campaign.rewards_share_by(Channel::Weibo));
    let on = ChannelUse { channel: Channel::Wechat, rewarded: true };
    let off = ChannelUse { channel: Channel::Weibo, rewarded: false };
    campaign.frame.channels = vec![on, off];
    assert!(campaign.rewards_share_by(Channel::Wechat));
    assert!(!campaign.rewards_share_by(Channel::Weibo));
}

#[test]
fn a_friend_in_a_silent_channel_is_not_rewarded() {
    let mut campaign = campaign(Status::Running);
    for mechanic in Mechanic::ALL {
        campaign.mechanic = *mechanic;
        let silent = Err(NoEntry::Silent(Channel::Wechat));
        let want = if mechanic.rewards_sharing() { silent } else { Ok(()) };
        assert_eq!(campaign.may_reward_in(Some(Channel::Wechat)), want, "{mechanic:?}");
        assert_eq!(campaign.may_reward_in(Some(Channel::Douyin)), Ok(()));
        assert_eq!(campaign.may_reward_in(None), Ok(()));
    }
}

#[test]
fn the_browsers_of_apps_are_known() {
    let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15";
    for (more, want) in [
        (" Mobile/15E148 MicroMessenger/8.0.50(0x18003226) NetType/WIFI", Some(Channel::Wechat)),
        (" Mobile/15E148 Weibo (iPhone13,2__weibo__14.1.1__iphone__os17.0)", Some(Channel::Weibo)),
        (" Mobile/15E148 aweme_28.5.0 ByteLocale/zh", Some(Channel::Douyin)),
        (" Mobile/15E148 discover/8.20 xhsdiscover", Some(Channel::Xiaohongshu)),
        (" Version/18.0 Mobile/15E148 Safari/604.1", None),
    ] {
        assert_eq!(Channel::of_browser(&format!("{phone}{more}")), want, "{more}");
    }
}

#[test]
fn after_the_start_changes_favour_shoppers() {
    let running = campaign(Status::Running);
    let check = |edit: fn(&mut Campaign), want: Result<(), Field>| {
        let mut new = running.clone();
        edit(&mut new);
        let made = changes(&running, &new);
        assert!(!made.is_empty());
        let came = may_change(&running, &made, Moment(150));
        assert_eq!(came, want.map_err(Refusal::Frozen));
        let before = Campaign { status: Status::Scheduled, ..running.clone() };
        assert_eq!(may_change(&before, &made, Moment(99)), Ok(()));
        // By the clock it has started.
        assert_eq!(may_change(&before, &made, Moment(100)), want.map_err(Refusal::Frozen));
    };
    check(|c| c.ends_at = Moment(201), Ok(()));
    check(|c| c.ends_at = Moment(199), Err(Field::Ends));
    check(|c| c.starts_at = Moment(99), Err(Field::Starts));
    check(|c| c.frame.budget = Some(Money::new(100_001, Currency::Cny)), Ok(()));
    check(|c| c.frame.budget = Some(Money::new(99_999, Currency::Cny)), Err(Field::Budget));
    check(|c| c.frame.limits.per_person = 2, Err(Field::PerPerson));
    check(|c| c.frame.limits.per_cluster = 9, Ok(()));
    check(|c| c.frame.limits.per_day = None, Ok(()));
    check(|c| c.frame.limits.total = Some(999), Err(Field::Total));
    check(|c| c.frame.holdout = Rate::NONE, Err(Field::Holdout));
    check(|c| c.frame.audience = Audience::Buyers, Err(Field::Audience));
    check(|c| c.frame.combines = Combines::default(), Err(Field::Combines));
    check(|c| c.frame.title = "Summer".into(), Ok(()));
    // What an app forbids can end at once, and begins with nobody's answer for it.
    check(
        |c| c.frame.channels = vec![ChannelUse { channel: Channel::Douyin, rewarded: false }],
        Ok(()),
    );
    check(
        |c| c.frame.channels = vec![ChannelUse { channel: Channel::Wechat, rewarded: true }],
        Err(Field::Channels),
    );
    let one =
        |field, from, to| may_change(&running, &[Change { field, from, to }], Moment(150)).is_ok();
    assert!(one(Field::Price, 100, 99) && !one(Field::Price, 100, 101));
    assert!(one(Field::Threshold, 5, 4) && !one(Field::Threshold, 5, 6));
    assert!(one(Field::PrizeStock, 5, 6) && !one(Field::PrizeStock, 5, 4));
    assert!(!one(Field::PrizeWeight, 5, 6) && !one(Field::PrizeWeight, 5, 4));
    let ended = may_change(&running, &[], Moment(200));
    assert_eq!(ended, Err(Refusal::NotNow(Status::Ended)));
}

#[test]
fn what_a_merchant_begins_with_makes_a_campaign() {
    let budget = Some(Money::new(100_000, Currency::Cny));
    for mechanic in Mechanic::ALL {
        let frame = Frame::usual(*mechanic, "Tea for all", budget);
        assert_eq!(frame.budget.is_some(), mechanic.rewards());
        let begun = Campaign { mechanic: *mechanic, frame, ..campaign(Status::Draft) };
        assert_eq!(begun.check(), Ok(()), "{mechanic:?}");
    }
    let ended = campaign(Status::Evaluated);
    let again = ended.copy(Id::new(2), Moment(900));
    assert_eq!((again.id, again.status), (Id::new(2), Status::Draft));
    assert_eq!((again.starts_at, again.ends_at), (Moment(900), Moment(1_000)));
    assert_eq!(again.frame, ended.frame);
}

#[test]
fn codes_are_read_back() {
    assert!(Mechanic::ALL.iter().all(|one| Mechanic::parse(one.code()) == Some(*one)));
    assert!(Status::ALL.iter().all(|one| Status::parse(one.code()) == Some(*one)));
    assert!(Field::ALL.iter().all(|one| Field::parse(one.code()) == Some(*one)));
    assert_eq!(Channel::parse("telegram"), None);
    assert_eq!(Goal { measure: Measure::Orders, target: 500 }.reached(600), 12_000);
    for mechanic in Mechanic::ALL {
        let alone = mechanic.combines() == Combines::default();
        let priced = [Mechanic::GroupBuy, Mechanic::FlashSale, Mechanic::Bargain];
        assert_eq!(alone, priced.contains(mechanic));
    }
}

/// The share that is held out is what was asked for, and differs from campaign to campaign.
#[test]
fn a_hold_out_is_as_large_as_it_says() {
    let share = Rate::from_basis_points(1_000).unwrap();
    let out = |campaign: i64, person: i64| {
        let hash = holdout::hash(Id::new(campaign), Id::new(person));
        holdout::is_out(holdout::bucket(hash), share)
    };
    let people = 0..20_000;
    let first: Vec<bool> = people.clone().map(|person| out(1, person)).collect();
    let second: Vec<bool> = people.map(|person| out(2, person)).collect();
    let count = |list: &[bool]| list.iter().filter(|out| **out).count();
    // Four standard deviations of 20,000 at a tenth are 170.
    assert!((1_830..=2_170).contains(&count(&first)), "{}", count(&first));
    let both = first.iter().zip(&second).filter(|(a, b)| **a && **b).count();
    assert!((145..=255).contains(&both), "{both} of 200 expected");
    assert_eq!(holdout::bucket(0), 0);
    assert_eq!(holdout::bucket(u64::MAX), 9_999);
}

mod budgets;

proptest! {
    #[test]
    fn a_larger_hold_out_keeps_those_who_were_out(
        hash: u64, less in 0i64..5_000, more in 0i64..5_000,
    ) {
        let rate = |points| Rate::from_basis_points(points).unwrap();
        let bucket = holdout::bucket(hash);
        prop_assert!((0..10_000).contains(&bucket));
        let out = holdout::is_out(bucket, rate(less));
        prop_assert!(!out || holdout::is_out(bucket, rate(less + more)));
    }

    /// Whatever is commanded whenever: nothing leaves the states there are, an ended campaign never
    /// runs again, and nothing runs that was not checked and scheduled.
    #[test]
    fn lives_only_go_on(steps in proptest::collection::vec((0u8..9, 0i64..12), 1..40)) {
        let mut campaign = campaign(Status::Draft);
        let mut now = Moment(0);
        let mut was_ended = false;
        for (verb, later) in steps {
            now = now.plus(Span(later));
            let command = match verb {
                0 => Command::Pass { may_launch: true },
                1 => Command::Pass { may_launch: false },
                2 => SCHEDULE,
                3 => Command::Edit,
                4 => Command::Tick,
                5 => Command::Pause,
                6 => Command::Resume,
                7 => Command::End,
                _ => Command::Evaluate { waiting: later % 2 },
            };
            let before = campaign.status_at(now);
            if let Ok(moved) = decide(&campaign, command, now) {
                let ticked = command == Command::Tick || moved.to == before;
                prop_assert!(ticked || before.may_become(moved.to), "{before:?} {moved:?}");
                campaign.status = moved.to;
            }
            let status = campaign.status_at(now);
            was_ended |= status == Status::Ended;
            prop_assert!(!was_ended || matches!(status, Status::Ended | Status::Evaluated));
            if status == Status::Running {
                prop_assert!(now < campaign.ends_at);
            }
        }
    }
}
