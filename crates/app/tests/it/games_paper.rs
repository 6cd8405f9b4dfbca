//! Games on paper: random steps of a draw and a packet, each kept without a database; after each
//! step the shop's wallets, prizes, chances and budgets are held against the paper.

use app::campaign;
use app::draw::desk::{self, GiveChances};
use app::{Visitor, draw, packet};
use domain::campaign::Campaign;
use domain::draw::{Draw, Gives};
use domain::id::Id;
use domain::moment::Span;
use domain::red_packet::Split;
use proptest::prelude::*;

use crate::after_sale::code;
use crate::games::{cny, draws, end, launch, one_each, packet_terms, proved, takes, usual_draw};
use crate::support::{TestShop, on_postgres, on_sqlite};

#[derive(Clone, Debug)]
enum Step {
    Draw(usize),
    Give(usize, i64),
    Take(usize),
    HandOver,
    Later(i64),
    EndDraw,
    EndPacket,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        8 => (0usize..4).prop_map(Step::Draw),
        3 => (0usize..4, 1i64..4).prop_map(|(who, n)| Step::Give(who, n)),
        4 => (0usize..4).prop_map(Step::Take),
        2 => Just(Step::HandOver),
        2 => (1i64..8).prop_map(Step::Later),
        1 => Just(Step::EndDraw),
        1 => Just(Step::EndPacket),
    ];
    proptest::collection::vec(step, 1..40)
}

/// What a shopkeeper would write down.
#[derive(Default)]
struct Paper {
    hours: i64,
    chances: [i64; 4],
    came: [Option<i64>; 4],
    wallets: [i64; 4],
    left: [i64; 2],
    to_hand_over: Vec<Id<Draw>>,
    draw_over: bool,
    packet: [Option<i64>; 4],
    packet_over: bool,
}

const DRAW_BUDGET: i64 = 12_800;
const PACKET_BUDGET: i64 = 1_000;
const PARTS: usize = 3;

struct Held<'a> {
    shop: &'a TestShop,
    people: [Visitor; 4],
    draw: Id<Campaign>,
    packet: Id<Campaign>,
    paper: Paper,
    drawn: i64,
}

impl Held<'_> {
    /// Both end a day after their launch, at eight in the morning of UTC: four in the afternoon.
    fn over(&self) -> bool {
        self.paper.hours >= 24
    }

    /// The shop's day: it begins eight hours after midnight in the shop.
    fn day(&self) -> i64 {
        (16 + self.paper.hours) / 24
    }

    fn step(&mut self, step: &Step) {
        let shop = self.shop;
        match *step {
            Step::Draw(who) => {
                let day = self.day();
                let daily = i64::from(self.paper.came[who] != Some(day));
                let came = draws(shop, &self.people[who], self.draw);
                if self.paper.draw_over || self.over() {
                    assert_eq!(code(came), "campaign.not_running");
                } else if self.paper.chances[who] + daily < 1 {
                    assert_eq!(code(came), "draw.no_chance");
                } else {
                    let won = came.unwrap();
                    self.drawn += 1;
                    self.paper.came[who] = Some(day);
                    self.paper.chances[who] += daily - 1;
                    if won.gives == Gives::Credit {
                        self.paper.wallets[who] += 500;
                        self.paper.left[0] -= 1;
                    }
                    if won.gives == Gives::Thing {
                        self.paper.to_hand_over.push(won.draw);
                        self.paper.left[1] -= 1;
                    }
                    assert!(self.paper.left.iter().all(|left| *left >= 0), "one too many");
                }
            }
            Step::Give(who, chances) => {
                let person = self.people[who].person.as_ref().unwrap().id;
                let input = GiveChances { person, chances, reason: "late".into() };
                let given =
                    desk::give_chances(&shop.app, &shop.keyed(&shop.zoe), self.draw, &input);
                if self.paper.draw_over || self.over() {
                    assert_eq!(code(given), "draw.not_by_hand");
                } else {
                    given.unwrap();
                    self.paper.chances[who] += chances;
                }
            }
            Step::Take(who) => {
                let taken = takes(shop, &self.people[who], self.packet);
                let parts = self.paper.packet.iter().flatten().count();
                if self.paper.packet[who].is_some() {
                    assert_eq!(code(taken), "packet.already_taken");
                } else if self.paper.packet_over || self.over() {
                    assert_eq!(code(taken), "packet.expired");
                } else if parts == PARTS {
                    assert_eq!(code(taken), "packet.all_taken");
                } else {
                    let amount = taken.unwrap();
                    self.paper.packet[who] = Some(amount);
                    self.paper.wallets[who] += amount;
                }
            }
            Step::HandOver => {
                if let Some(one) = self.paper.to_hand_over.pop() {
                    desk::hand_over(&shop.app, &shop.keyed(&shop.zoe), one).unwrap();
                }
            }
            Step::Later(hours) => {
                shop.later(Span::hours(hours));
                self.paper.hours += hours;
                if self.over() {
                    self.paper.draw_over = true;
                    self.paper.packet_over = true;
                }
            }
            Step::EndDraw if !self.paper.draw_over => {
                end(shop, self.draw);
                self.paper.draw_over = true;
            }
            Step::EndPacket if !self.paper.packet_over => {
                end(shop, self.packet);
                self.paper.packet_over = true;
            }
            Step::EndDraw | Step::EndPacket => {}
        }
        self.compare();
    }

    fn compare(&self) {
        let (shop, paper) = (self.shop, &self.paper);
        for (who, visitor) in self.people.iter().enumerate() {
            let wallet = app::wallet::mine(&shop.app, visitor).unwrap();
            assert_eq!(wallet.store_credit, cny(paper.wallets[who]));
        }
        let view = draw::get(&shop.app, &self.people[0], self.draw).unwrap();
        assert_eq!(view.drawn, self.drawn);
        let left: Vec<i64> = view.prizes.iter().filter_map(|prize| prize.left).collect();
        assert_eq!(left, paper.left);
        let budget = |id| campaign::get_desk(&shop.app, &shop.zoe, id).unwrap().budget.unwrap();
        let gone = 500 * (10 - paper.left[0]) + 3_900 * (2 - paper.left[1]);
        let waits = 3_900 * paper.to_hand_over.len() as i64;
        let now = budget(self.draw);
        assert_eq!((now.escrow, now.given), (cny(waits), cny(gone - waits)));
        let back = if paper.draw_over { DRAW_BUDGET - gone } else { 0 };
        assert_eq!((now.returned, now.available), (cny(back), cny(DRAW_BUDGET - gone - back)));
        let taken: i64 = paper.packet.iter().flatten().sum();
        let now = budget(self.packet);
        let back = if paper.packet_over { PACKET_BUDGET - taken } else { 0 };
        assert_eq!((now.given, now.returned), (cny(taken), cny(back)));
        let view = packet::get(&shop.app, &self.people[0], self.packet).unwrap();
        assert_eq!(view.taken_worth, cny(taken));
    }
}

fn follow(cases: u32, shop: impl Fn() -> TestShop) {
    let asked = std::env::var("PINWHEEL_CASES").ok().and_then(|n| n.parse().ok());
    let config = ProptestConfig { cases: asked.unwrap_or(cases), ..ProptestConfig::default() };
    proptest!(config, |(steps in steps())| {
        let shop = shop();
        let people = ["ada", "bea", "cai", "dan"].map(|name| shop.shopper(name));
        let paper = Paper { left: [10, 2], ..Paper::default() };
        let draw = launch(&shop, usual_draw(1), DRAW_BUDGET, |_| ()).unwrap();
        let terms = packet_terms(PACKET_BUDGET, PARTS as i64, Split::Random);
        let packet = launch(&shop, terms, PACKET_BUDGET, one_each).unwrap();
        let mut held = Held { shop: &shop, people, draw, packet, paper, drawn: 0 };
        for step in &steps {
            held.step(step);
        }
        if !held.paper.draw_over {
            end(&shop, draw);
        }
        let won = proved(&shop, draw);
        prop_assert_eq!(won.iter().sum::<i64>(), held.drawn);
        prop_assert_eq!([10 - won[0], 2 - won[1]], held.paper.left);
    });
}

#[test]
fn the_games_follow_the_paper() {
    follow(12, on_sqlite);
}

#[test]
fn the_games_follow_the_paper_on_postgres() {
    if on_postgres().is_some() {
        follow(4, || on_postgres().expect("it was there a moment ago"));
    }
}
