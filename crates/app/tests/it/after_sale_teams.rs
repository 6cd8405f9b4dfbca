//! Returns of what was bought together: who is shown, whose the units are, who may buy again.

use app::after_sale;
use app::checkout::What;
use app::order_desk;
use domain::after_sale::{Kind, Status};

use crate::after_sale::{SENDS, code, parcel};
use crate::support::both_engines;

#[test]
fn a_member_who_returns_everything_is_not_shown_in_the_team() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 8_800, 20);
        let group_buy = shop.group_buy(tea, 6_800, Some(10), |_| ());
        let team = shop.open_team(&shop.ann, group_buy, tea);
        let order = shop.join(&shop.bob, team, tea).unwrap();
        shop.ship_it(order);
        order_desk::confirm_receipt(&shop.app, &shop.bob, order).unwrap();
        let faces = shop.team(team).faces.len();
        let asked = shop.ask(&shop.bob, order, SENDS, &[(0, 1)]).unwrap();
        shop.agree(asked.id).unwrap();
        shop.comes_back(&shop.bob, asked.id, &[1]);
        assert_eq!(shop.state(asked.id), Status::Refunded);
        assert_eq!(shop.team(team).faces.len(), faces - 1);
        // The unit is the campaign's again, and bob may buy another.
        assert_eq!(shop.stock(tea).set_aside, 9);
        shop.open_team(&shop.bob, group_buy, tea);
    });
}

#[test]
fn an_exchange_in_a_group_buy_still_counts_as_bought() {
    both_engines(|shop| {
        let tea = shop.goods("tea", 8_800, 20);
        let group_buy = shop.group_buy(tea, 6_800, Some(10), |settings| {
            (settings.per_order, settings.per_person) = (1, 1);
        });
        let team = shop.open_team(&shop.ann, group_buy, tea);
        let order = shop.join(&shop.bob, team, tea).unwrap();
        shop.ship_it(order);
        order_desk::confirm_receipt(&shop.app, &shop.bob, order).unwrap();
        let asked = shop.ask(&shop.bob, order, Kind::Exchange, &[(0, 1)]).unwrap();
        shop.agree(asked.id).unwrap();
        shop.comes_back(&shop.bob, asked.id, &[1]);
        let what = What::OpenTeam { group_buy, variant: tea.variant, quantity: 1 };
        let again = shop.order(&shop.bob, what);
        assert_eq!(code(again), "group_buy.too_many_per_person");
        after_sale::replace(&shop.app, &shop.mo, asked.id, parcel()).unwrap();
        assert_eq!(shop.stock(tea).set_aside, 9);
    });
}
