//! Checking in and lists of tasks: points out of a campaign's budget, once for each day and deed.

use app::campaign::{self, Step, Terms};
use app::failure::Failure;
use app::legal::{self, PublishLegal};
use app::review::{self, Write};
use app::{Visitor, check_in, point, share, task};
use domain::campaign::{Campaign, Mechanic};
use domain::check_in::{Bonus, Terms as Days};
use domain::id::Id;
use domain::legal::LegalKind;
use domain::moment::Span;
use domain::money::{Currency, Money};
use domain::share::Object;
use domain::task::{Asked, Deed, Every, Reward, Terms as Tasks};

use crate::points::has;
use crate::races::{at_once, expect};
use crate::support::{TestShop, both_engines};

/// A campaign that has begun, with so many points to give.
fn runs(shop: &TestShop, mechanic: Mechanic, terms: Terms, budget: i64) -> Id<Campaign> {
    // Whoever promises something says who they are. The second time it is there.
    let (body_html, body_html_en) = ("<p>Tea house</p>".into(), String::new());
    let imprint = PublishLegal { body_html, body_html_en, after: 0 };
    legal::publish(&shop.app, &shop.keyed(&shop.zoe), LegalKind::Imprint, imprint).ok();
    let mut put = campaign::template(&shop.app, &shop.zoe, mechanic).unwrap();
    put.frame.title = "Tea days".into();
    put.frame.budget = Some(Money::new(budget, Currency::Points));
    put.ends_at = put.starts_at.plus(Span::days(60));
    put.terms = terms;
    let made = campaign::create(&shop.app, &shop.keyed(&shop.zoe), put).unwrap();
    campaign::step(&shop.app, &shop.keyed(&shop.zoe), made.id, Step::Launch).unwrap();
    shop.work();
    made.id
}

fn days() -> Terms {
    let bonuses = vec![Bonus { streak: 3, points: 10 }];
    Terms::CheckIn(Days { days: vec![1, 2, 5], bonuses })
}

fn comes(shop: &TestShop, who: &Visitor) -> Result<(), Failure> {
    check_in::check_in(&shop.app, &shop.keyed(who)).map(|_| ())
}

#[test]
fn a_streak_brings_more_each_day_and_a_day_counts_once() {
    both_engines(|shop| {
        assert!(matches!(check_in::show(&shop.app, &shop.ann), Err(Failure::NotFound)));
        runs(shop, Mechanic::CheckIn, days(), 1_000);
        for (day, points) in [(1, 1), (2, 3), (3, 18)] {
            comes(shop, &shop.ann).unwrap();
            assert_eq!(comes(shop, &shop.ann).unwrap_err().code(), "check_in.already");
            assert_eq!(has(shop, &shop.ann), (points, 0));
            let view = check_in::show(&shop.app, &shop.ann).unwrap();
            assert_eq!((view.streak, view.checked_today), (day, true));
            shop.later(Span::days(1));
        }
        let view = check_in::show(&shop.app, &shop.ann).unwrap();
        assert_eq!((view.streak, view.checked_today), (3, false));
        // A day is missed: it begins anew.
        shop.later(Span::days(1));
        assert_eq!(check_in::show(&shop.app, &shop.ann).unwrap().streak, 0);
        comes(shop, &shop.ann).unwrap();
        assert_eq!(has(shop, &shop.ann), (19, 0));
        assert!(check_in::show(&shop.app, &Visitor::default()).unwrap().days[0].today);
    });
}

#[test]
fn sixty_four_times_today_is_once_and_the_budget_ends() {
    both_engines(|shop| {
        let once = Terms::CheckIn(Days { days: vec![10], bonuses: Vec::new() });
        runs(shop, Mechanic::CheckIn, once, 45);
        let results = at_once(16, |_| comes(shop, &shop.ann));
        expect(shop, &results, &[("ok", 1), ("check_in.already", 15)]);
        // Ten points each out of forty-five: three more people, and nobody after them.
        let crowd: Vec<Visitor> = (0..12).map(|n| shop.shopper(&format!("guest-{n}"))).collect();
        let results = at_once(12, |n| comes(shop, &crowd[n]));
        let won = results.iter().filter(|one| one.is_ok()).count();
        assert_eq!(won, 3, "{results:?}");
        let out = point::liability(&shop.app, &shop.zoe).unwrap();
        assert_eq!(out.points, 40);
    });
}

fn asked(deed: Deed, count: i64, every: Every, points: i64) -> Asked {
    Asked { deed, count, every, reward: Reward::Points { points } }
}

#[test]
fn tasks_are_done_by_what_happens_and_taken_once() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 50);
        let list = vec![
            asked(Deed::OrderPaid, 2, Every::Day, 20),
            asked(Deed::Review, 1, Every::Once, 30),
            asked(Deed::CheckIn, 1, Every::Week, 5),
            asked(Deed::ShareVisited, 1, Every::Once, 7),
        ];
        let id = runs(shop, Mechanic::Tasks, Terms::Tasks(Tasks { list }), 1_000);
        runs(shop, Mechanic::CheckIn, days(), 1_000);
        let take = |number: i64| task::claim(&shop.app, &shop.keyed(&shop.ann), id, number);
        let done = || {
            let list = task::show(&shop.app, &shop.ann).unwrap().remove(0);
            list.tasks.iter().map(|task| (task.done, task.ready)).collect::<Vec<_>>()
        };
        assert_eq!(take(0).unwrap_err().code(), "task.not_done");
        let first = shop.arrived(&shop.ann, &[(goods, 1)]);
        shop.work();
        assert_eq!(done()[0], (1, false));
        shop.arrived(&shop.ann, &[(goods, 1)]);
        shop.work();
        assert_eq!(done()[0], (2, true));
        let results = at_once(8, |_| take(0));
        expect(shop, &results, &[("ok", 1), ("task.claimed", 7)]);
        assert_eq!(has(shop, &shop.ann), (20, 0));
        // A review, whatever it says.
        let line = shop.see(&shop.ann, first).lines[0].id;
        let new = Write { line, stars: 2, text: "it is tea".into() };
        review::write(&shop.app, &shop.keyed(&shop.ann), new, &[]).unwrap();
        comes(shop, &shop.ann).unwrap();
        take(1).unwrap();
        take(2).unwrap();
        assert_eq!(has(shop, &shop.ann), (56, 0));
        // Somebody comes by her share: herself does not count, and nobody twice.
        let code = share::link(&shop.app, &shop.ann, Object::Home, 0).unwrap().code;
        let visit = |who: &Visitor| share::visit(&shop.app, who, &code, "Mozilla/5.0").unwrap();
        visit(&shop.ann);
        assert_eq!(done()[3], (0, false));
        visit(&shop.bob);
        assert_eq!(done()[3], (1, true));
        // The next day its own list begins anew.
        shop.later(Span::days(1));
        assert_eq!(done()[0], (0, false));
        assert_eq!(take(1).unwrap_err().code(), "task.claimed");
    });
}
