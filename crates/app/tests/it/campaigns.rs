//! Campaigns: written, checked, launched, stopped; budgets and limits that hold whoever comes at
//! once.

use std::sync::Barrier;

use app::assist;
use app::campaign::{self, AnswerFinding, CampaignDesk, Creative, PutCampaign, Step, Terms};
use app::checkout::What;
use app::customer::MergeCustomers;
use app::failure::Failure;
use app::reward::{self, Promise, Purse};
use app::{Visitor, customer, ledger};

use domain::campaign::{Campaign, Channel, Mechanic, Status};
use domain::compliance::Ground;
use domain::id::Id;
use domain::ledger::AccountKind;
use domain::moment::Span;
use domain::money::{Currency, Money};
use domain::rate::Rate;
use proptest::prelude::*;

use crate::support::{TestShop, both_engines, on_sqlite};
use crate::trade::Goods;
use crate::wallets::holds;

fn cny(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

/// Everybody does it at the same moment.
pub fn at_once<T: Send>(n: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(n);
    std::thread::scope(|scope| {
        let each = |n| {
            barrier.wait();
            work(n)
        };
        let threads: Vec<_> = (0..n).map(|n| scope.spawn(move || each(n))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// Says who the shop is, without which nothing may be launched.
pub fn licensed(shop: &TestShop) {
    app::rehearsal::licensed(&shop.app, &shop.zoe).unwrap();
}

/// A campaign of a mechanic with this budget, for the next week, as it would be sent.
pub fn draft(shop: &TestShop, mechanic: Mechanic, budget: i64) -> PutCampaign {
    let mut put = campaign::template(&shop.app, &shop.zoe, mechanic).unwrap();
    put.frame.title = "一起来玩".into();
    put.frame.budget = put.frame.budget.map(|before| Money::new(budget, before.currency));
    put
}

/// The same, written and launched.
pub fn launched(shop: &TestShop, put: PutCampaign) -> Id<Campaign> {
    let made = campaign::create(&shop.app, &shop.keyed(&shop.zoe), put).unwrap();
    let desk = campaign::step(&shop.app, &shop.zoe, made.id, Step::Launch).unwrap();
    assert_eq!(desk.status, Status::Running);
    made.id
}

pub fn seen(shop: &TestShop, id: Id<Campaign>) -> CampaignDesk {
    campaign::get_desk(&shop.app, &shop.zoe, id).unwrap()
}

/// Available, escrow, given, returned.
pub fn pots(shop: &TestShop, id: Id<Campaign>) -> (i64, i64, i64, i64) {
    let budget = seen(shop, id).budget.unwrap();
    (budget.available.minor, budget.escrow.minor, budget.given.minor, budget.returned.minor)
}

#[test]
fn a_campaign_lives_from_draft_to_evaluated() {
    both_engines(|shop| {
        let put = draft(shop, Mechanic::Assist, 5_000);
        let made = campaign::create(&shop.app, &shop.keyed(&shop.zoe), put.clone()).unwrap();
        // Nobody is told who the shop is: that stands in the way.
        let refused = campaign::step(&shop.app, &shop.zoe, made.id, Step::Launch);
        assert_eq!(refused.unwrap_err().code(), "campaign.not_lawful");
        licensed(shop);
        let desk = campaign::step(&shop.app, &shop.zoe, made.id, Step::Launch).unwrap();
        assert_eq!((desk.status, pots(shop, made.id)), (Status::Running, (5_000, 0, 0, 0)));
        // Its copy begins later, and is called back with everything that was reserved.
        let later = shop.app.now().plus(Span::days(2));
        let copied = campaign::copy(&shop.app, &shop.keyed(&shop.zoe), made.id, later).unwrap();
        let desk = campaign::step(&shop.app, &shop.zoe, copied.id, Step::Launch).unwrap();
        assert_eq!(desk.status, Status::Scheduled);
        let desk = campaign::step(&shop.app, &shop.zoe, copied.id, Step::Recall).unwrap();
        assert_eq!(desk.status, Status::Draft);
        assert_eq!(pots(shop, copied.id), (0, 0, 0, 5_000));
        campaign::step(&shop.app, &shop.zoe, copied.id, Step::Launch).unwrap();
        // The clock starts and ends, and what was not given goes back.
        shop.clock.advance(Span::days(3));
        shop.work();
        assert_eq!(seen(shop, copied.id).status, Status::Running);
        campaign::step(&shop.app, &shop.zoe, made.id, Step::Pause).unwrap();
        let begun = assist::begin(&shop.app, &shop.keyed(&shop.ann), made.id);
        assert_eq!(begun.unwrap_err().code(), "campaign.not_running");
        campaign::step(&shop.app, &shop.zoe, made.id, Step::Resume).unwrap();
        shop.clock.advance(Span::days(30));
        shop.work();
        for id in [made.id, copied.id] {
            assert_eq!(seen(shop, id).status, Status::Ended);
            assert_eq!(pots(shop, id).0, 0);
            let desk = campaign::step(&shop.app, &shop.zoe, id, Step::Evaluate).unwrap();
            assert_eq!(desk.status, Status::Evaluated);
        }
        let refused = campaign::step(&shop.app, &shop.zoe, made.id, Step::Resume);
        assert_eq!(refused.unwrap_err().code(), "campaign.not_now");
        let steps: Vec<Status> = seen(shop, made.id).moves.iter().map(|one| one.to).collect();
        let lived = [
            Status::Draft,
            Status::Checked,
            Status::Scheduled,
            Status::Running,
            Status::Paused,
            Status::Running,
            Status::Ended,
            Status::Evaluated,
        ];
        assert_eq!(steps, lived);
    });
}

#[test]
fn another_mechanic_is_another_campaign() {
    both_engines(|shop| {
        let put = draft(shop, Mechanic::Assist, 5_000);
        let made = campaign::create(&shop.app, &shop.keyed(&shop.zoe), put).unwrap();
        let other = draft(shop, Mechanic::Quiz, 5_000);
        let refused = campaign::change(&shop.app, &shop.zoe, made.id, other).unwrap_err();
        assert_eq!(refused.code(), "campaign.bad_terms");
        assert_eq!(seen(shop, made.id).mechanic, Mechanic::Assist);
    });
}

#[test]
fn after_the_start_only_what_favours_shoppers_changes() {
    both_engines(|shop| {
        licensed(shop);
        let id = launched(shop, draft(shop, Mechanic::Assist, 5_000));
        let mut put = draft(shop, Mechanic::Assist, 8_000);
        let before = seen(shop, id);
        (put.starts_at, put.ends_at) = (before.starts_at, before.ends_at.plus(Span::days(1)));
        put.version = Some(before.version);
        let after = campaign::change(&shop.app, &shop.zoe, id, put.clone()).unwrap();
        assert_eq!(after.budget.unwrap().available.minor, 8_000);
        let stale = campaign::change(&shop.app, &shop.zoe, id, put.clone());
        assert!(matches!(stale, Err(Failure::Stale)));
        put.version = None;
        for worse in 0..4 {
            let mut put = put.clone();
            match worse {
                0 => put.frame.budget = Some(cny(100)),
                1 => put.ends_at = before.ends_at,
                2 => put.frame.holdout = Rate::from_basis_points(100).unwrap(),
                _ => put.frame.limits.per_person = 1,
            }
            let refused = campaign::change(&shop.app, &shop.zoe, id, put).unwrap_err();
            assert_eq!(refused.code(), "campaign.frozen", "{worse}");
        }
        assert_eq!(pots(shop, id), (8_000, 0, 0, 0));
    });
}

#[test]
fn what_is_said_while_it_runs_is_checked_again() {
    both_engines(|shop| {
        licensed(shop);
        let id = launched(shop, draft(shop, Mechanic::Assist, 5_000));
        let before = seen(shop, id);
        let says = |title: &str, copy: &str| {
            let mut put = draft(shop, Mechanic::Assist, 5_000);
            (put.starts_at, put.ends_at) = (before.starts_at, before.ends_at);
            put.frame.title = title.into();
            put.creative = Creative { copy: copy.into(), picture: String::new() };
            campaign::change(&shop.app, &shop.zoe, id, put).map(|desk| desk.frame.title)
        };
        for (title, copy) in [("全网第一", ""), ("一起来玩", "躺赚，日入过千。")] {
            let refused = says(title, copy).unwrap_err();
            assert_eq!(refused.code(), "campaign.not_lawful", "{title} {copy}");
        }
        assert_eq!(seen(shop, id).frame.title, "一起来玩");
        assert_eq!(says("再来一起玩", "好友助力，一起拿。").unwrap(), "再来一起玩");
    });
}

#[test]
fn who_takes_part_is_nobody_else_until_it_is_over() {
    both_engines(|shop| {
        licensed(shop);
        let id = launched(shop, draft(shop, Mechanic::Assist, 5_000));
        assist::begin(&shop.app, &shop.keyed(&shop.bob), id).unwrap();
        let of = |who: &Visitor| who.person.as_ref().unwrap().id;
        let two = MergeCustomers { survivor: of(&shop.ann), other: of(&shop.bob) };
        let refused = customer::merge(&shop.app, &shop.zoe, &two).unwrap_err();
        assert_eq!(refused.code(), "customer.in_campaigns");
        campaign::step(&shop.app, &shop.zoe, id, Step::End).unwrap();
        shop.work();
        customer::merge(&shop.app, &shop.zoe, &two).unwrap();
    });
}

#[test]
fn what_the_check_finds_is_mended_or_answered_by_somebody() {
    both_engines(|shop| {
        licensed(shop);
        let mut put = draft(shop, Mechanic::Assist, 5_000);
        put.creative =
            Creative { copy: "全网第一的好茶，躺赚。".into(), picture: String::new() };
        let made = campaign::create(&shop.app, &shop.keyed(&shop.zoe), put.clone()).unwrap();
        let check = campaign::check(&shop.app, &shop.zoe, made.id).unwrap();
        assert!(!check.may_launch);
        let rules: Vec<&str> = check.findings.iter().map(|one| one.rule.as_str()).collect();
        assert!(rules.contains(&"CN-AD-02") && rules.contains(&"CN-MLM-09"), "{rules:?}");
        // An income claim can only be mended.
        let answer = |rule: &str, ground, evidence: Vec<String>| {
            let finding = check.findings.iter().find(|one| one.rule == rule).unwrap();
            let given = AnswerFinding {
                rule: rule.into(),
                field: finding.field.clone(),
                about: finding.about.clone(),
                sentence: finding.sentence.clone(),
                ground,
                evidence,
            };
            campaign::answer(&shop.app, &shop.zoe, made.id, given)
        };
        let said = vec!["评选结果 2026-01".to_string()];
        let refused = answer("CN-MLM-09", Ground::Award, said.clone()).unwrap_err();
        assert_eq!(refused.code(), "campaign.not_answerable");
        let refused = answer("CN-AD-02", Ground::Award, Vec::new()).unwrap_err();
        assert_eq!(refused.code(), "campaign.no_evidence");
        let after = answer("CN-AD-02", Ground::Award, said).unwrap();
        let answered = after.findings.iter().find(|one| one.rule == "CN-AD-02").unwrap();
        assert!(answered.answered.is_some() && !after.may_launch);
        // Mended, the answer no longer fits, and nothing stands in the way.
        put.creative.copy = "好茶，一起喝。".into();
        campaign::change(&shop.app, &shop.zoe, made.id, put).unwrap();
        assert!(campaign::check(&shop.app, &shop.zoe, made.id).unwrap().may_launch);
        // Rewarded sharing where the channel forbids it is found.
        let mut put = draft(shop, Mechanic::Assist, 5_000);
        for used in &mut put.frame.channels {
            used.rewarded |= used.channel == Channel::Wechat;
        }
        let made = campaign::create(&shop.app, &shop.keyed(&shop.zoe), put).unwrap();
        let check = campaign::check(&shop.app, &shop.zoe, made.id).unwrap();
        assert!(check.findings.iter().any(|one| one.rule == "CN-PRO-17"), "{check:?}");
    });
}

#[test]
fn stock_is_set_aside_and_comes_back() {
    both_engines(|shop| {
        licensed(shop);
        let goods = shop.goods("tea", 3_000, 10);
        // Its former price was charged long enough to be shown.
        shop.clock.advance(Span::days(31));
        let id = flash_sale(shop, goods, 11);
        let refused = campaign::step(&shop.app, &shop.zoe, id, Step::Launch).unwrap_err();
        assert_eq!(refused.code(), "campaign.not_stocked");
        shop.app
            .write(|tx| tx.run("update campaign_stock set quota = 4", &[]).map(|_| ()))
            .unwrap();
        campaign::step(&shop.app, &shop.zoe, id, Step::Launch).unwrap();
        assert_eq!(shop.stock(goods).available, 6);
        campaign::step(&shop.app, &shop.zoe, id, Step::End).unwrap();
        assert_eq!(shop.stock(goods).available, 10);
    });
}

/// A flash sale of these goods, as a draft that asks for more than there is.
fn flash_sale(shop: &TestShop, goods: Goods, quota: i64) -> Id<Campaign> {
    let terms = Terms::FlashSale(domain::flash_sale::Terms::usual());
    let frame = domain::campaign::Frame::usual(Mechanic::FlashSale, "秒杀", None);
    let text = |value: Result<String, _>| value.unwrap();
    let (terms, frame) = (text(serde_json::to_string(&terms)), text(serde_json::to_string(&frame)));
    shop.app
        .write(|tx| {
            let id: Id<Campaign> = tx.id();
            let (now, end) = (tx.now, tx.now.plus(Span::days(1)));
            tx.run(
                "insert into campaigns (id, mechanic, status, title, starts_at, ends_at, frame,
                     terms, copy, picture, version, created_by, created_at, updated_at)
                 values ($1, 'flash_sale', 'draft', 'x', $2, $3, $4, $5, '', '', 1, 0, $2, $2)",
                &[id.into(), now.into(), end.into(), frame.as_str().into(), terms.as_str().into()],
            )?;
            tx.run(
                "insert into campaign_moves (campaign_id, seq, to_status, reason, at)
                 values ($1, 1, 'draft', 'created', $2)",
                &[id.into(), now.into()],
            )?;
            tx.run(
                "insert into campaign_stock (campaign_id, variant_id, price, quota, left_over)
                 values ($1, $2, 2000, $3, 0)",
                &[id.into(), goods.variant.into(), quota.into()],
            )?;
            Ok(id)
        })
        .unwrap()
}

/// Promises `minor` under a key, and says whether it was new.
fn promise(shop: &TestShop, id: Id<Campaign>, to: &Visitor, key: &str, minor: i64) -> Option<bool> {
    let person = to.person.as_ref().unwrap().id;
    let done = shop.app.write(|tx| {
        let promise = Promise {
            campaign: id,
            key,
            person,
            amount: cny(minor),
            purse: Purse::StoreCredit,
            waits: false,
            about: ("test", 1),
        };
        reward::promise(tx, &promise)
    });
    match done {
        Ok((_, new)) => Some(new),
        Err(Failure::Refused(refused)) => {
            assert_eq!(refused.code, "reward.only_left");
            None
        }
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_budget_gives_exactly_what_it_has_whoever_comes_at_once() {
    both_engines(|shop| {
        licensed(shop);
        let id = launched(shop, draft(shop, Mechanic::Assist, 1_000));
        let people: Vec<Visitor> = (0..64).map(|n| shop.shopper(&format!("p{n}"))).collect();
        // 64 want 30 each: 33 get it, and ten cents are left over.
        let got = at_once(64, |n| promise(shop, id, &people[n], &format!("k{n}"), 30));
        assert_eq!(got.iter().filter(|one| **one == Some(true)).count(), 33);
        assert_eq!(pots(shop, id), (10, 0, 990, 0));
        // The last ten cents, wanted by everybody, under two keys each asked twice.
        let got = at_once(64, |n| promise(shop, id, &people[n % 32], &format!("l{}", n % 32), 10));
        assert_eq!(got.iter().filter(|one| **one == Some(true)).count(), 1);
        assert_eq!(pots(shop, id), (0, 0, 1_000, 0));
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever is promised, given, released and taken back in whatever order: the books are right
    /// after each, and the audit says so.
    #[test]
    fn any_order_of_rewards_keeps_the_books(
        steps in proptest::collection::vec((0_usize..5, 0_usize..6, 1_i64..400), 1..40),
    ) {
        let shop = on_sqlite();
        licensed(&shop);
        let id = launched(&shop, draft(&shop, Mechanic::Assist, 1_000));
        let people = [&shop.ann, &shop.bob, &shop.eve];
        let mut promised: Vec<(Id<reward::Reward>, usize)> = Vec::new();
        for (at, (what, which, minor)) in steps.into_iter().enumerate() {
            let known = promised.get(which).copied();
            let done = shop.app.write(|tx| match (what, known) {
                (0 | 1, _) => {
                    let promise = Promise {
                        campaign: id,
                        key: &format!("{at}"),
                        person: people[which % 3].person.as_ref().unwrap().id,
                        amount: cny(minor),
                        purse: Purse::StoreCredit,
                        waits: what == 0,
                        about: ("test", 1),
                    };
                    reward::promise(tx, &promise).map(|(id, _)| Some(id))
                }
                (2, Some((id, _))) => reward::qualify(tx, id).map(|()| None),
                (3, Some((id, _))) => reward::release(tx, id).map(|()| None),
                (4, Some((id, _))) => reward::claw_back(tx, id).map(|()| None),
                _ => Ok(None),
            });
            match done {
                Ok(Some(new)) => promised.push((new, which % 3)),
                Ok(None) | Err(Failure::Refused(_)) => (),
                Err(other) => panic!("{other:?}"),
            }
        }
        let (available, escrow, given, returned) = pots(&shop, id);
        prop_assert_eq!(available + escrow + given, 1_000 - returned);
        let held: i64 = people.iter().map(|who| holds(&shop, who).0).sum();
        let owed = seen(&shop, id).budget.unwrap().owed.minor;
        prop_assert_eq!(held, given - owed);
    }
}

#[test]
fn limits_hold_for_whoever_comes_often_at_once() {
    both_engines(|shop| {
        licensed(shop);
        let mut put = draft(shop, Mechanic::Assist, 5_000);
        put.frame.limits.per_person = 3;
        put.frame.limits.per_cluster = 3;
        put.frame.limits.per_day = None;
        put.frame.limits.total = Some(10);
        let id = launched(shop, put);
        let enter = |who: &Visitor| {
            shop.app.write(|tx| {
                let found = campaign::find(tx, id)?;
                campaign::enter(tx, &found, who, who.person.as_ref().unwrap().id)
            })
        };
        let done = at_once(64, |_| enter(&shop.ann));
        assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 3);
        let refused = done.into_iter().find_map(Result::err).unwrap();
        assert_eq!(refused.code(), "campaign.limit_person");
        // Seven are left for all the others together.
        let people: Vec<Visitor> = (0..64).map(|n| shop.shopper(&format!("c{n}"))).collect();
        let done = at_once(64, |n| enter(&people[n]));
        assert_eq!(done.iter().filter(|one| one.is_ok()).count(), 7);
        assert_eq!(enter(&shop.bob).unwrap_err().code(), "campaign.limit_total");
        let desk = seen(shop, id);
        assert_eq!((desk.people, desk.entries), (8, 10));
    });
}

#[test]
fn held_out_people_see_no_campaign() {
    both_engines(|shop| {
        licensed(shop);
        let mut put = draft(shop, Mechanic::Assist, 5_000);
        put.frame.holdout = Rate::from_basis_points(5_000).unwrap();
        let id = launched(shop, put);
        let mut out = 0;
        for n in 0..40 {
            let who = shop.shopper(&format!("w{n}"));
            let begun = assist::begin(&shop.app, &shop.keyed(&who), id);
            let sees = campaign::get(&shop.app, &who, id).is_ok();
            assert_eq!(begun.is_ok(), sees, "who sees it may take part");
            if let Err(failure) = begun {
                assert!(matches!(failure, Failure::NotFound));
                out += 1;
            }
        }
        assert!((8..=32).contains(&out), "about half are held out: {out} of 40");
    });
}

#[test]
fn what_is_undone_comes_back_or_is_owed_and_repaid_first() {
    both_engines(|shop| {
        licensed(shop);
        let id = launched(shop, draft(shop, Mechanic::Assist, 5_000));
        promise(shop, id, &shop.ann, "first", 1_000);
        let first = reward::own(&shop.app, &shop.ann, None, 9).unwrap()[0].id;
        // Ann spends it.
        let goods = shop.goods("tea", 1_000, 9);
        let placed =
            shop.order(&shop.ann, What::Now { variant: goods.variant, quantity: 1 }).unwrap();
        crate::wallets::with_wallet(shop, &shop.ann, placed.order).unwrap();
        let left = holds(shop, &shop.ann).0;
        shop.app.write(|tx| reward::claw_back(tx, first)).unwrap();
        shop.app.write(|tx| reward::claw_back(tx, first)).unwrap();
        let owed = reward::own(&shop.app, &shop.ann, None, 9).unwrap()[0].owed.minor;
        assert_eq!((owed, holds(shop, &shop.ann).0), (1_000 - left, 0));
        assert!(owed > 0);
        // What she wins next repays it first.
        promise(shop, id, &shop.ann, "second", 1_500);
        assert_eq!(holds(shop, &shop.ann).0, 1_500 - owed);
        let books = ledger::trial_balance(&shop.app, &shop.zoe).unwrap();
        assert!(books.balanced);
        assert!(books.lines.iter().any(|line| line.kind == AccountKind::CampaignFund));
    });
}
