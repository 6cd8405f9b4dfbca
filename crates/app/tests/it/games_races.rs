//! The last prize, the last part, the last chance, with everybody at once: exactly the limit, never
//! more and never fewer.

use app::{Visitor, campaign, guess, packet, quiz};
use domain::draw::{Gives, Source};
use domain::moment::Span;
use domain::red_packet::Split;

use crate::games::{
    cny, draw_terms, draws, end, launch, one_each, packet_terms, prize, proved, takes, usual_draw,
};
use crate::races::{at_once, both, expect, rounds};
use crate::support::{TestShop, both_engines};

fn crowd(shop: &TestShop, n: usize) -> Vec<Visitor> {
    (0..n).map(|number| shop.shopper(&format!("player-{number}"))).collect()
}

#[test]
fn two_hundred_and_fifty_six_draw_for_the_last_prizes() {
    both_engines(|shop| {
        let prizes = vec![
            prize("¥10", 900, Some(7), 1_000, Gives::Credit),
            prize("茶杯", 99, Some(1), 3_900, Gives::Thing),
            prize("谢谢", 1, None, 0, Gives::Nothing),
        ];
        let terms = draw_terms(prizes, vec![Source::Daily { chances: 1 }]);
        let id = launch(shop, terms, 10_900, |_| ()).unwrap();
        let crowd = crowd(shop, 256);
        let results = at_once(256, |n| draws(shop, &crowd[n], id));
        expect(shop, &results, &[("ok", 256)]);
        end(shop, id);
        let won = proved(shop, id);
        // Every one of them drew a prize while there was one: all are gone, and none twice.
        assert_eq!((won[0], won[1], won[2]), (7, 1, 248));
        let budget = campaign::get_desk(&shop.app, &shop.zoe, id).unwrap().budget.unwrap();
        assert_eq!(
            (budget.given, budget.escrow, budget.available),
            (cny(7_000), cny(3_900), cny(0))
        );
    });
}

#[test]
fn one_chance_is_one_draw_however_often_it_is_used_at_once() {
    both_engines(|shop| {
        let id = launch(shop, usual_draw(1), 20_000, |_| ()).unwrap();
        let results = at_once(64, |_| draws(shop, &shop.ann, id));
        expect(shop, &results, &[("ok", 1), ("draw.no_chance", 63)]);
        shop.later(Span::days(2));
        assert_eq!(proved(shop, id).iter().sum::<i64>(), 1);
    });
}

#[test]
fn sixty_four_take_the_last_parts() {
    both_engines(|shop| {
        let id = launch(shop, packet_terms(1_000, 10, Split::Random), 1_000, one_each).unwrap();
        let crowd = crowd(shop, 64);
        // One node decides in one lane; two have to hold against each other.
        let other = shop.another_node();
        let results = at_once(64, |n| {
            let app = other.as_ref().filter(|_| n % 2 == 1).unwrap_or(&shop.app);
            packet::take(app, &shop.keyed(&crowd[n]), id).map(|taken| taken.value.amount.minor)
        });
        expect(shop, &results, &[("ok", 10), ("packet.all_taken", 54)]);
        // To the last cent.
        let taken: i64 = results.iter().flatten().sum();
        assert_eq!(taken, 1_000);
        let view = packet::get(&shop.app, &shop.ann, id).unwrap();
        assert_eq!((view.taken, view.taken_worth), (10, cny(1_000)));
    });
}

#[test]
fn nobody_takes_two_parts_at_once() {
    both_engines(|shop| {
        let id = launch(shop, packet_terms(1_000, 10, Split::Equal), 1_000, one_each).unwrap();
        let results = at_once(64, |_| takes(shop, &shop.ann, id));
        assert_eq!(results.iter().flatten().count(), 1, "on {}", shop.engine);
        assert_eq!(packet::get(&shop.app, &shop.ann, id).unwrap().taken, 1);
    });
}

/// Somebody takes a part while the packet is ended (31): they have it and it did not go back, or
/// they have not and it did.
#[test]
fn a_part_is_taken_or_goes_back() {
    both_engines(|shop| {
        for round in 0..rounds() {
            let id = launch(shop, packet_terms(500, 2, Split::Equal), 500, one_each).unwrap();
            let who = shop.shopper(&format!("late-{round}"));
            let (took, ()) = both(|| takes(shop, &who, id), || end(shop, id));
            let budget = campaign::get_desk(&shop.app, &shop.zoe, id).unwrap().budget.unwrap();
            // Whoever did not get it hears that it is over, and nothing broke.
            let late = ["packet.expired", "packet.all_taken", "campaign.not_running"];
            assert!(took.as_ref().map_or_else(|no| late.contains(&no.code()), |_| true));
            let given = if took.is_ok() { 250 } else { 0 };
            assert_eq!((budget.given, budget.returned), (cny(given), cny(500 - given)));
        }
    });
}

/// Somebody draws while the seed is revealed: the draw is before it, or there is none.
#[test]
fn nobody_draws_with_a_seed_that_is_known() {
    both_engines(|shop| {
        for round in 0..rounds() {
            let id = launch(shop, usual_draw(1), 20_000, |_| ()).unwrap();
            let who = shop.shopper(&format!("last-{round}"));
            let (drew, ()) = both(|| draws(shop, &who, id), || end(shop, id));
            let late = ["draw.revealed", "campaign.not_running"];
            assert!(drew.as_ref().map_or_else(|no| late.contains(&no.code()), |_| true));
            assert_eq!(proved(shop, id).iter().sum::<i64>(), i64::from(drew.is_ok()));
        }
    });
}

#[test]
fn guesses_and_tries_are_counted_at_once() {
    both_engines(|shop| {
        let rule = domain::guess::Terms { per_person: 3, winners: 1, within: None };
        let what = "茶杯".to_string();
        let game = domain::guess::Game { rule, what, answer: 3_900, reward: 100 };
        let id = launch(shop, campaign::Terms::Guess(game), 1_000, |_| ()).unwrap();
        let results = at_once(32, |n| {
            let make = guess::MakeGuess { amount: 100 + n as i64 };
            guess::guess(&shop.app, &shop.keyed(&shop.ann), id, make)
        });
        expect(shop, &results, &[("ok", 3), ("guess.enough", 29)]);
        let quiz = domain::quiz::Game::usual();
        let id = launch(shop, campaign::Terms::Quiz(quiz), 1_000, |_| ()).unwrap();
        let begun = at_once(32, |_| quiz::begin(&shop.app, &shop.keyed(&shop.bob), id));
        assert_eq!(begun.iter().flatten().count(), 1, "on {}", shop.engine);
    });
}
