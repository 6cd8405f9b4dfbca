//! Group buys as campaigns: whom they are for, how often, and their life with all others.

use app::Visitor;
use app::campaign::{self, Offered, PutCampaign, Step, Terms};
use app::checkout::What;
use app::failure::Failure;
use domain::campaign::audience::Audience;
use domain::campaign::limit::Limits;
use domain::campaign::{Campaign, Mechanic, Status};
use domain::group_buy::{GroupBuy, Team};
use domain::id::Id;
use domain::moment::Span;
use domain::rate::Rate;
use domain::rules_page::Clause;

use crate::campaigns::{draft, launched, licensed};
use crate::races::{at_once, expect};
use crate::support::{TestShop, both_engines};
use crate::trade::{Goods, place};

/// A group buy whose teams are large, as a campaign like any other.
fn put(shop: &TestShop, goods: Goods, change: impl FnOnce(&mut PutCampaign)) -> PutCampaign {
    let mut put = draft(shop, Mechanic::GroupBuy, 0);
    put.offered = vec![Offered { variant: goods.variant, price: 2_900, quota: Some(20) }];
    if let Terms::GroupBuy(terms) = &mut put.terms {
        terms.need = 50;
    }
    change(&mut put);
    put
}

fn runs(
    shop: &TestShop,
    goods: Goods,
    change: impl FnOnce(&mut PutCampaign),
) -> (Id<Campaign>, Id<GroupBuy>) {
    licensed(shop);
    let id = launched(shop, put(shop, goods, change));
    (id, Id::new(id.0))
}

fn opens(id: Id<GroupBuy>, goods: Goods) -> What {
    What::OpenTeam { group_buy: id, variant: goods.variant, quantity: 1 }
}

fn joins(team: Id<Team>, goods: Goods) -> What {
    What::JoinTeam { team, variant: goods.variant, quantity: 1 }
}

fn code<T>(result: Result<T, Failure>) -> &'static str {
    result.map_or_else(|failure| failure.code(), |_| "ok")
}

fn entries(shop: &TestShop, id: Id<Campaign>) -> (i64, i64) {
    let desk = campaign::get_desk(&shop.app, &shop.zoe, id).unwrap();
    (desk.people, desk.entries)
}

#[test]
fn it_lives_like_every_campaign() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 50);
        licensed(shop);
        let mut put = put(shop, tea, |_| ());
        // Words that promise too much stand in the way, as anywhere.
        put.creative.copy = "全国第一，最好的茶".into();
        let made = campaign::create(&shop.app, &shop.keyed(&shop.zoe), put.clone()).unwrap();
        let launch = campaign::step(&shop.app, &shop.zoe, made.id, Step::Launch);
        assert_eq!(code(launch), "campaign.not_lawful");
        put.creative.copy = "约朋友一起喝茶".into();
        campaign::change(&shop.app, &shop.zoe, made.id, put).unwrap();
        campaign::step(&shop.app, &shop.zoe, made.id, Step::Launch).unwrap();
        let id: Id<GroupBuy> = Id::new(made.id.0);
        assert_eq!(shop.stock(tea).set_aside, 20);
        // The same for whoever looks for group buys, and for whoever looks for campaigns.
        let view = app::group_buy::get(&shop.app, &shop.ann, id).unwrap();
        assert_eq!((view.campaign, view.status), (made.id, Status::Running));
        let (_, clauses) = campaign::get(&shop.app, &shop.ann, made.id).unwrap();
        assert!(clauses.iter().any(|one| matches!(one, Clause::Together(_))));
        assert!(!clauses.iter().any(|one| matches!(one, Clause::PerPerson(_))));
        let team = shop.open_team(&shop.ann, id, tea);
        assert_eq!(entries(shop, made.id), (1, 1));
        // A copy is a draft of its own; what was set aside for the first stays there.
        let later = shop.app.now().plus(Span::days(30));
        let copy = campaign::copy(&shop.app, &shop.keyed(&shop.zoe), made.id, later).unwrap();
        assert_eq!(copy.status, Status::Draft);
        let copied = app::group_buy::get(&shop.app, &shop.zoe, Id::new(copy.id.0)).unwrap();
        assert_eq!((copied.variants[0].quota, copied.variants[0].left), (Some(20), Some(0)));
        // It ends, its team goes on, and what nobody took goes back.
        campaign::step(&shop.app, &shop.zoe, made.id, Step::End).unwrap();
        assert_eq!(shop.stock(tea).set_aside, 0);
        assert_eq!(code(shop.order(&shop.bob, opens(id, tea))), "group_buy.not_running");
        shop.join(&shop.bob, team, tea).unwrap();
        assert_eq!(entries(shop, made.id), (2, 2));
        let desk = campaign::step(&shop.app, &shop.zoe, made.id, Step::Evaluate).unwrap();
        assert_eq!(desk.status, Status::Evaluated);
    });
}

#[test]
fn what_everybody_sees_is_kept_from_nobody() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 50);
        let put = put(shop, tea, |put| {
            put.frame.holdout = Rate::from_basis_points(100).unwrap();
        });
        let made = campaign::create(&shop.app, &shop.keyed(&shop.zoe), put);
        assert_eq!(code(made), "campaign.bad_frame");
    });
}

/// Whom it is for and how often is asked of who opens and of who joins; an order that is never paid
/// for counts nothing.
#[test]
fn its_audience_and_limits_hold_for_openers_and_joiners() {
    both_engines(|shop| {
        let (tea, cup) = (shop.goods("tea", 3_900, 50), shop.goods("cup", 3_900, 50));
        let (id, offer) = runs(shop, tea, |put| {
            put.frame.audience = Audience::NewCustomers;
            put.frame.limits =
                Limits { per_person: 1, per_cluster: 9_999, per_day: None, total: Some(3) };
        });
        let known = shop.shopper("known");
        shop.arrived(&known, &[(cup, 1)]);
        assert_eq!(code(shop.order(&known, opens(offer, tea))), "campaign.not_for_you");
        let team = shop.open_team(&shop.ann, offer, tea);
        assert_eq!(code(shop.order(&known, joins(team, tea))), "campaign.not_for_you");
        let first = shop.order(&shop.bob, joins(team, tea)).unwrap();
        assert_eq!(code(shop.order(&shop.bob, opens(offer, tea))), "campaign.limit_person");
        shop.order(&shop.eve, joins(team, tea)).unwrap();
        let late = shop.shopper("late");
        assert_eq!(code(shop.order(&late, joins(team, tea))), "campaign.limit_total");
        // Who does not pay leaves the counters as well as the place.
        app::order_desk::cancel(&shop.app, &shop.bob, first.order).unwrap();
        shop.work();
        shop.join(&late, team, tea).unwrap();
        let again = shop.order(&shop.bob, joins(team, tea));
        assert_eq!(code(again), "campaign.limit_total");
        assert_eq!(entries(shop, id), (2, 2));
    });
}

#[test]
fn sixty_four_join_while_three_more_may() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 200);
        let (_, offer) = runs(shop, tea, |put| {
            put.frame.limits =
                Limits { per_person: 1, per_cluster: 9_999, per_day: None, total: Some(4) };
        });
        let team = shop.open_team(&shop.ann, offer, tea);
        let crowd: Vec<Visitor> = (0..64).map(|n| shop.shopper(&format!("many-{n}"))).collect();
        let other = shop.another_node();
        let results = at_once(64, |n| {
            let app = other.as_ref().filter(|_| n % 2 == 1).unwrap_or(&shop.app);
            let place = place(joins(team, tea));
            app::checkout::place(app, &shop.keyed(&crowd[n]), place)
        });
        expect(shop, &results, &[("ok", 3), ("campaign.limit_total", 61)]);
    });
}
