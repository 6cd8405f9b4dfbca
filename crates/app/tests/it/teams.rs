//! Group buying (MECHANICS §2), rule by rule, on both engines.

use app::checkout::What;
use app::group_buy::{self, Step, TierSettings};
use app::order_desk::{self, Ship};
use app::{payment, sandbox, team};
use domain::group_buy::{LatePolicy, TeamStatus, WhoJoins, WhoOpens};
use domain::id::Id;
use domain::moment::Span;
use domain::order::{Order, Status};

use crate::support::{TestShop, both_engines};
use crate::trade::Goods;

fn join(team: Id<domain::group_buy::Team>, goods: Goods) -> What {
    What::JoinTeam { team, variant: goods.variant, quantity: 1 }
}

fn status(shop: &TestShop, who: &app::Visitor, order: Id<Order>) -> Status {
    shop.see(who, order).status
}

fn code<T>(result: Result<T, app::failure::Failure>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(failure) => failure.code(),
    }
}

/// The order with which somebody is in a team.
fn order_in(shop: &TestShop, who: &app::Visitor, team: Id<domain::group_buy::Team>) -> Id<Order> {
    team::get(&shop.app, who, team).unwrap().my_order.unwrap()
}

#[test]
fn two_people_win_the_group_price_and_their_orders_go_ahead() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let offer = shop.group_buy(tea, 2_900, None, |_| ());
        let team = shop.open_team(&shop.ann, offer, tea);
        let anns = order_in(shop, &shop.ann, team);
        assert_eq!(status(shop, &shop.ann, anns), Status::AwaitingTeam);
        let seen = shop.team(team);
        assert_eq!((seen.status, seen.confirmed, seen.missing), (TeamStatus::Open, 1, 1));
        let bobs = shop.join(&shop.bob, team, tea).unwrap();
        assert_eq!(status(shop, &shop.ann, anns), Status::ToShip);
        assert_eq!(status(shop, &shop.bob, bobs), Status::ToShip);
        let seen = shop.team(team);
        assert_eq!((seen.status, seen.people), (TeamStatus::Succeeded, Some(2)));
        assert_eq!(code(shop.join(&shop.eve, team, tea)), "group_buy.not_open");
        // 29.00 and 8.00 to carry it.
        assert_eq!(shop.see(&shop.bob, bobs).total.minor, 3_700);
    });
}

#[test]
fn a_team_that_does_not_fill_refunds_each_payer_once() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let offer = shop.group_buy(tea, 2_900, None, |settings| settings.need = 3);
        let team = shop.open_team(&shop.ann, offer, tea);
        let anns = order_in(shop, &shop.ann, team);
        let bobs = shop.join(&shop.bob, team, tea).unwrap();
        shop.later(Span::hours(24));
        shop.work();
        for (who, order) in [(&shop.ann, anns), (&shop.bob, bobs)] {
            let seen = shop.see(who, order);
            assert_eq!(seen.status, Status::Refunded);
            assert_eq!(seen.refunds.len(), 1);
            assert_eq!(seen.refunds[0].reason, "group_failed");
        }
        assert_eq!(shop.team(team).status, TeamStatus::Failed);
        assert_eq!(shop.stock(tea).available, 10);
        let paid_back = "select cast(sum(refunded) as bigint) from sandbox_payments";
        assert_eq!(shop.number(paid_back), 7_400);
        // A late job closes nothing twice.
        team::close_due(&shop.app, team).unwrap();
        assert_eq!(shop.number("select count(*) from refunds"), 2);
    });
}

/// Case 23: nobody joins what is over.
#[test]
fn the_clock_judges_when_the_job_is_late() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let offer = shop.group_buy(tea, 2_900, None, |_| ());
        let team = shop.open_team(&shop.ann, offer, tea);
        shop.clock.advance(Span::hours(24));
        assert_eq!(code(shop.join(&shop.bob, team, tea)), "group_buy.too_late");
        shop.work();
        shop.work();
    });
}

#[test]
fn a_place_is_held_for_the_pay_window_only() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let offer = shop.group_buy(tea, 2_900, None, |_| ());
        let team = shop.open_team(&shop.ann, offer, tea);
        let bobs = shop.order(&shop.bob, join(team, tea)).unwrap().order;
        assert_eq!(code(shop.order(&shop.bob, join(team, tea))), "group_buy.already_in");
        assert_eq!(code(shop.order(&shop.eve, join(team, tea))), "group_buy.full");
        shop.later(Span::minutes(15));
        assert_eq!(status(shop, &shop.bob, bobs), Status::Cancelled);
        shop.join(&shop.eve, team, tea).unwrap();
        assert_eq!(shop.team(team).status, TeamStatus::Succeeded);
    });
}

#[test]
fn a_team_nobody_paid_for_is_never_seen() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let offer = shop.group_buy(tea, 2_900, None, |_| ());
        let what = What::OpenTeam { group_buy: offer, variant: tea.variant, quantity: 1 };
        let placed = shop.order(&shop.ann, what).unwrap();
        let team = placed.team.unwrap();
        assert_eq!(code(team::get(&shop.app, &shop.bob, team)), "not_found");
        assert_eq!(code(shop.order(&shop.bob, join(team, tea))), "group_buy.not_open");
        shop.later(Span::minutes(15));
        let state = "select count(*) from teams where status = 'abandoned'";
        assert_eq!(shop.number(state), 1);
    });
}

/// bob's order in ann's full team timed out; then his money comes.
fn pay_late(shop: &TestShop, offer_team: Id<domain::group_buy::Team>, goods: Goods) -> Id<Order> {
    let placed = shop.order(&shop.bob, join(offer_team, goods)).unwrap();
    let pay = payment::begin(&shop.app, &shop.bob, placed.order).unwrap();
    shop.later(Span::minutes(15));
    shop.join(&shop.eve, offer_team, goods).unwrap();
    let body = serde_json::to_string(&sandbox::Body {
        event_id: "evt_late".into(),
        reference: pay.payment.to_string(),
        status: "paid".into(),
        amount: placed.total.minor,
        currency: domain::money::Currency::Cny,
    })
    .unwrap();
    let notice = shop.app.write(|tx| {
        tx.run("update sandbox_payments set status = 'paid' where status = 'closed'", &[])?;
        sandbox::signed(tx, "evt_late".into(), body.clone())
    });
    payment::notice(&shop.app, "sandbox", &notice.unwrap()).unwrap();
    shop.work();
    placed.order
}

#[test]
fn late_money_takes_a_place_in_another_open_team() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let offer = shop.group_buy(tea, 2_900, None, |_| ());
        let anns = shop.open_team(&shop.ann, offer, tea);
        let lins = shop.open_team(&shop.lin, offer, tea);
        let order = pay_late(shop, anns, tea);
        assert_eq!(shop.see(&shop.bob, order).team, Some(lins));
        assert_eq!(status(shop, &shop.bob, order), Status::ToShip);
        let lins = team::get(&shop.app, &shop.lin, lins).unwrap();
        assert_eq!(lins.status, TeamStatus::Succeeded);
    });
}

#[test]
fn late_money_opens_a_new_team_or_goes_back_as_the_merchant_set() {
    both_engines(|shop| {
        for (policy, want) in
            [(LatePolicy::NewTeam, Status::AwaitingTeam), (LatePolicy::Refund, Status::LatePaid)]
        {
            let name = format!("tea-{policy:?}").to_lowercase();
            let tea = shop.goods(&name, 3_900, 10);
            let offer = shop.group_buy(tea, 2_900, None, |settings| settings.late = policy);
            let anns = shop.open_team(&shop.ann, offer, tea);
            shop.app.write(|tx| tx.run("delete from payment_notices", &[])).unwrap();
            let order = pay_late(shop, anns, tea);
            assert_eq!(status(shop, &shop.bob, order), want);
        }
    });
}

#[test]
fn money_that_comes_after_its_team_was_decided_goes_on_elsewhere_or_back() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let offer = shop.group_buy(tea, 2_900, None, |settings| settings.need = 3);
        let team = shop.open_team(&shop.ann, offer, tea);
        shop.clock.advance(Span::minutes(24 * 60 - 5));
        let placed = shop.order(&shop.bob, join(team, tea)).unwrap();
        assert!(placed.pay_by <= shop.team(team).deadline.unwrap());
        let pay = payment::begin(&shop.app, &shop.bob, placed.order).unwrap();
        sandbox::act(&shop.app, &pay.payment.to_string(), sandbox::Act::PayLate).unwrap();
        shop.clock.advance(Span::minutes(5));
        // The team's time is up, its job has not run: the notice is judged by the clock.
        shop.deliver();
        let seen = shop.see(&shop.bob, placed.order);
        assert_ne!(seen.team, Some(team));
        assert_eq!(seen.status, Status::AwaitingTeam);
        shop.work();
        shop.work();
        assert_eq!(shop.team(team).status, TeamStatus::Failed);
    });
}

#[test]
fn leaving_refunds_frees_the_place_and_passes_the_lead_on() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let offer = shop.group_buy(tea, 2_900, None, |settings| settings.need = 3);
        let team = shop.open_team(&shop.ann, offer, tea);
        let deadline = shop.team(team).deadline;
        let anns = order_in(shop, &shop.ann, team);
        shop.join(&shop.bob, team, tea).unwrap();
        assert_eq!(code(team::leave(&shop.app, &shop.eve, team)), "group_buy.not_in");
        team::leave(&shop.app, &shop.ann, team).unwrap();
        shop.work();
        assert_eq!(status(shop, &shop.ann, anns), Status::Refunded);
        let seen = shop.team(team);
        assert_eq!((seen.confirmed, seen.deadline), (1, deadline));
        assert!(seen.leader_name.starts_with('b'));
        // Somebody who left may come back.
        shop.join(&shop.ann, team, tea).unwrap();
        // When everybody leaves, the team is over.
        team::leave(&shop.app, &shop.ann, team).unwrap();
        team::leave(&shop.app, &shop.bob, team).unwrap();
        shop.work();
        let seen = shop.team(team);
        assert_eq!(seen.status, TeamStatus::Failed);
        assert_eq!(seen.ended_because.as_deref(), Some("everyone_left"));
    });
}

#[test]
fn nothing_ships_before_the_team_is_complete() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let offer = shop.group_buy(tea, 2_900, None, |_| ());
        let team = shop.open_team(&shop.ann, offer, tea);
        let order = order_in(shop, &shop.ann, team);
        let parcel = Ship::all("SF", "SF1234");
        let refused = order_desk::ship(&shop.app, &shop.zoe, order, parcel);
        assert_eq!(code(refused), "order.awaits_team");
    });
}

/// Case 24: whoever leaves after the difference came back gets what is left, and no more.
#[test]
fn a_larger_team_is_cheaper_for_all_and_the_difference_goes_back() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 20);
        let offer = shop.group_buy(tea, 3_000, None, |settings| {
            settings.tiers = vec![
                TierSettings { size: 3, off_basis_points: 1_000 },
                TierSettings { size: 4, off_basis_points: 2_000 },
            ];
        });
        let team = shop.open_team(&shop.ann, offer, tea);
        let anns = order_in(shop, &shop.ann, team);
        shop.join(&shop.bob, team, tea).unwrap();
        shop.join(&shop.eve, team, tea).unwrap();
        let seen = shop.team(team);
        assert_eq!((seen.status, seen.missing, seen.free), (TeamStatus::Open, 0, 1));
        shop.later(Span::hours(24));
        shop.work();
        assert_eq!(shop.team(team).people, Some(3));
        let seen = shop.see(&shop.ann, anns);
        assert_eq!((seen.status, seen.refunded.minor), (Status::ToShip, 300));
        assert_eq!(seen.refunds[0].reason, "tier");
        // What is refunded later is what is left.
        order_desk::refund(&shop.app, &shop.zoe, anns, "changed her mind").unwrap();
        shop.work();
        let seen = shop.see(&shop.ann, anns);
        assert_eq!((seen.status, seen.refunded), (Status::Refunded, seen.total));
        // She shows as a member no more; the team stays as it is.
        let seen = shop.team(team);
        assert_eq!((seen.status, seen.faces.len()), (TeamStatus::Succeeded, 2));
    });
}

#[test]
fn a_merchant_may_deliver_to_fewer_and_says_so() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 10);
        let offer = shop.group_buy(tea, 2_900, None, |settings| {
            settings.need = 3;
            settings.lowered_to = Some(2);
        });
        let team = shop.open_team(&shop.ann, offer, tea);
        shop.join(&shop.bob, team, tea).unwrap();
        shop.later(Span::hours(24));
        let seen = shop.team(team);
        assert_eq!((seen.status, seen.lowered), (TeamStatus::Succeeded, true));
        assert_eq!((seen.people, seen.need, seen.faces.len()), (Some(2), 3, 2));
    });
}

#[test]
fn set_aside_units_are_sold_to_the_group_buy_alone_and_come_back_at_its_end() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 5);
        let offer = shop.group_buy(tea, 2_900, Some(3), |settings| settings.per_order = 3);
        assert_eq!((shop.stock(tea).available, shop.stock(tea).set_aside), (2, 3));
        let now = What::Now { variant: tea.variant, quantity: 3 };
        assert_eq!(code(shop.order(&shop.ann, now)), "inventory.only_left");
        let team = shop.open_team(&shop.ann, offer, tea);
        let open = What::OpenTeam { group_buy: offer, variant: tea.variant, quantity: 3 };
        assert_eq!(code(shop.order(&shop.bob, open)), "group_buy.sold_out");
        group_buy::step(&shop.app, &shop.zoe, offer, Step::EndAndFail).unwrap();
        assert_eq!(shop.stock(tea).set_aside, 0);
        shop.work();
        shop.work();
        assert_eq!(shop.team(team).ended_because.as_deref(), Some("ended_by_merchant"));
        assert_eq!(shop.stock(tea).available, 5);
    });
}

#[test]
fn a_unit_set_aside_that_nobody_paid_for_is_the_group_buy_s_again() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 5);
        let offer = shop.group_buy(tea, 2_900, Some(1), |_| ());
        let open = What::OpenTeam { group_buy: offer, variant: tea.variant, quantity: 1 };
        shop.order(&shop.ann, open.clone()).unwrap();
        assert_eq!(code(shop.order(&shop.bob, open.clone())), "group_buy.sold_out");
        shop.later(Span::minutes(15));
        shop.order(&shop.bob, open).unwrap();
    });
}

#[test]
fn limits_per_person_hold_over_several_teams() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 50);
        let offer = shop.group_buy(tea, 2_900, None, |settings| {
            settings.per_order = 2;
            settings.per_person = 3;
        });
        let open = |quantity| What::OpenTeam { group_buy: offer, variant: tea.variant, quantity };
        assert_eq!(code(shop.order(&shop.ann, open(3))), "group_buy.too_many_per_order");
        shop.order(&shop.ann, open(2)).unwrap();
        assert_eq!(code(shop.order(&shop.ann, open(2))), "group_buy.too_many_per_person");
        // What was not paid for counts no more.
        shop.later(Span::minutes(15));
        shop.order(&shop.ann, open(2)).unwrap();
        shop.later(Span::minutes(15));
    });
}

#[test]
fn buyers_open_and_new_customers_join_where_the_merchant_wants_it_so() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 50);
        let offer = shop.group_buy(tea, 2_900, None, |settings| {
            settings.open_by = WhoOpens::Buyers;
            settings.join_by = WhoJoins::NewCustomers;
        });
        let open = What::OpenTeam { group_buy: offer, variant: tea.variant, quantity: 1 };
        assert_eq!(code(shop.order(&shop.ann, open)), "group_buy.buyers_only");
        for who in [&shop.ann, &shop.bob] {
            let now = What::Now { variant: tea.variant, quantity: 1 };
            let order = shop.order(who, now).unwrap().order;
            shop.pay(who, order).unwrap();
        }
        let team = shop.open_team(&shop.ann, offer, tea);
        assert_eq!(code(shop.join(&shop.bob, team, tea)), "group_buy.new_customers_only");
        shop.join(&shop.eve, team, tea).unwrap();
    });
}

#[test]
fn a_paused_group_buy_opens_no_team_and_lets_open_ones_fill() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 50);
        let offer = shop.group_buy(tea, 2_900, None, |_| ());
        let team = shop.open_team(&shop.ann, offer, tea);
        group_buy::step(&shop.app, &shop.zoe, offer, Step::Pause).unwrap();
        let open = What::OpenTeam { group_buy: offer, variant: tea.variant, quantity: 1 };
        assert_eq!(code(shop.order(&shop.bob, open)), "group_buy.not_running");
        shop.join(&shop.bob, team, tea).unwrap();
        assert_eq!(shop.team(team).status, TeamStatus::Succeeded);
        assert_eq!(code(group_buy::step(&shop.app, &shop.ann, offer, Step::Resume)), "forbidden");
    });
}

#[test]
fn a_team_may_fill_after_the_group_buy_has_ended() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 3_900, 5);
        let offer = shop.group_buy(tea, 2_900, Some(3), |_| ());
        shop.clock.advance(Span::hours(7 * 24 - 1));
        let team = shop.open_team(&shop.ann, offer, tea);
        shop.later(Span::hours(1));
        assert_eq!(shop.stock(tea).set_aside, 0);
        let open = What::OpenTeam { group_buy: offer, variant: tea.variant, quantity: 1 };
        assert_eq!(code(shop.order(&shop.eve, open)), "group_buy.not_running");
        shop.join(&shop.bob, team, tea).unwrap();
        assert_eq!(shop.team(team).status, TeamStatus::Succeeded);
    });
}
