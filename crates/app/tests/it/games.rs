//! Games: draws that anybody can do again, packets divided to the cent, sealed answers, quizzes.

use app::address::{self, PutEntry};
use app::campaign::{self, PutCampaign, Step, Terms};
use app::draw::desk::{self, GiveChances};
use app::draw::{self, DrawOnce, DrawnView};
use app::failure::Failure;
use app::guess::{self, MakeGuess};
use app::legal::{self, PublishLegal};
use app::quiz::{self, AnswerAll};
use app::{Visitor, packet, work};
use domain::campaign::limit::Limits;
use domain::campaign::{Campaign, Mechanic};
use domain::draw::{Face, Gives, Inputs, Offered, Prize, Record, Source};
use domain::guess::{Game as GuessGame, seal};
use domain::id::Id;
use domain::legal::LegalKind;
use domain::moment::Span;
use domain::money::{Currency, Money};
use domain::order::Order;
use domain::place::Address;
use domain::quiz::{Asked, Game as QuizGame};
use domain::red_packet::{Split, Terms as PacketTerms};
use domain::seed::Seed;
use proptest::prelude::*;

use crate::after_sale::code;
use crate::support::{TestShop, both_engines};
use crate::trade::address;

pub fn cny(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

/// A campaign that was launched and runs for a day.
pub fn launch(
    shop: &TestShop,
    terms: Terms,
    budget: i64,
    edit: impl Fn(&mut PutCampaign),
) -> Result<Id<Campaign>, Failure> {
    let imprint =
        PublishLegal {
            body_html: "<p>风车茶馆</p>".into(), body_html_en: String::new(), after: 0
        };
    // Once is enough: the second hears that it is there.
    legal::publish(&shop.app, &shop.keyed(&shop.zoe), LegalKind::Imprint, imprint).ok();
    let mut put = campaign::template(&shop.app, &shop.zoe, terms.mechanic())?;
    put.terms = terms;
    put.ends_at = put.starts_at.plus(Span::days(1));
    put.frame.title = "周末一起玩".into();
    put.frame.budget = Some(cny(budget));
    put.frame.limits = Limits { per_person: 500, per_cluster: 500, per_day: None, total: None };
    edit(&mut put);
    let made = campaign::create(&shop.app, &shop.keyed(&shop.zoe), put)?;
    campaign::step(&shop.app, &shop.keyed(&shop.zoe), made.id, Step::Launch)?;
    Ok(made.id)
}

pub fn prize(name: &str, weight: u64, stock: Option<i64>, value: i64, gives: Gives) -> Offered {
    Offered { prize: Prize { name: name.into(), weight, stock, value }, gives }
}

pub fn draw_terms(prizes: Vec<Offered>, sources: Vec<Source>) -> Terms {
    Terms::Draw(domain::draw::Terms { face: Face::Wheel, prizes, sources })
}

/// Ten of ¥5, two cups, and kind words.
pub fn usual_draw(daily: i64) -> Terms {
    let prizes = vec![
        prize("¥5", 3, Some(10), 500, Gives::Credit),
        prize("茶杯", 1, Some(2), 3_900, Gives::Thing),
        prize("谢谢", 6, None, 0, Gives::Nothing),
    ];
    draw_terms(prizes, vec![Source::Daily { chances: daily }, Source::Staff])
}

pub fn draws(shop: &TestShop, who: &Visitor, id: Id<Campaign>) -> Result<DrawnView, Failure> {
    draw::draw(&shop.app, &shop.keyed(who), id, &DrawOnce { salt: "a1B2".into() })
        .map(|answer| answer.value)
}

fn credit(shop: &TestShop, who: &Visitor) -> i64 {
    app::wallet::mine(&shop.app, who).unwrap().store_credit.minor
}

/// Ends a campaign and does all its draws again from what is published.
pub fn proved(shop: &TestShop, id: Id<Campaign>) -> Vec<i64> {
    let proof = draw::proof(&shop.app, id).unwrap();
    let seed = Seed::parse(&proof.seed.unwrap()).unwrap();
    let prizes: Vec<Prize> = proof
        .prizes
        .iter()
        .map(|one| Prize {
            name: one.name.clone(),
            weight: one.weight.unsigned_abs(),
            stock: one.stock,
            value: 0,
        })
        .collect();
    let records = draw::records(&shop.app, id, 0, 100_000).unwrap();
    assert_eq!(records.len() as i64, proof.drawn);
    let record = |one: &draw::RecordView| Record {
        inputs: Inputs { number: one.number, draw: one.draw, salt: one.salt.clone() },
        ticket: one.ticket.unsigned_abs(),
        wins: usize::try_from(one.wins).unwrap(),
    };
    let records: Vec<Record> = records.iter().map(record).collect();
    domain::draw::replay(&prizes, &proof.hash, &seed, &records).unwrap()
}

pub fn end(shop: &TestShop, id: Id<Campaign>) {
    campaign::step(&shop.app, &shop.keyed(&shop.zoe), id, Step::End).unwrap();
}

#[test]
fn a_draw_is_committed_to_before_and_revealed_after() {
    both_engines(|shop| {
        let id = launch(shop, usual_draw(1), 20_000, |put| {
            put.starts_at = put.starts_at.plus(Span::hours(1));
        })
        .unwrap();
        let before = draw::get(&shop.app, &shop.ann, id).unwrap();
        assert_eq!((before.hash.len(), before.seed), (64, None));
        assert_eq!(code(draws(shop, &shop.ann, id)), "campaign.not_running");
        shop.later(Span::hours(2));
        draws(shop, &shop.ann, id).unwrap();
        let proof = draw::proof(&shop.app, id).unwrap();
        assert_eq!((proof.hash.as_str(), &proof.seed), (before.hash.as_str(), &None));
        shop.later(Span::days(2));
        let proof = draw::proof(&shop.app, id).unwrap();
        let seed = Seed::parse(proof.seed.as_deref().unwrap()).unwrap();
        assert_eq!(seed.hash(), before.hash);
        assert_eq!(proved(shop, id).iter().sum::<i64>(), 1);
        assert_eq!(code(draws(shop, &shop.bob, id)), "campaign.not_running");
    });
}

#[test]
fn chances_are_earned_once_and_used_once() {
    both_engines(|shop| {
        let id = launch(shop, usual_draw(1), 20_000, |_| ()).unwrap();
        assert_eq!(draw::get(&shop.app, &shop.ann, id).unwrap().chances, Some(1));
        draws(shop, &shop.ann, id).unwrap();
        assert_eq!(draw::get(&shop.app, &shop.ann, id).unwrap().chances, Some(0));
        assert_eq!(code(draws(shop, &shop.ann, id)), "draw.no_chance");
        // By hand, with a reason, and in the staff log.
        let person = shop.ann.person.as_ref().unwrap().id;
        let give = |who: &Visitor, chances, reason: &str| {
            let input = GiveChances { person, chances, reason: reason.into() };
            desk::give_chances(&shop.app, &shop.keyed(who), id, &input).map(|a| a.value.earned)
        };
        assert_eq!(code(give(&shop.ann, 2, "please")), "forbidden");
        assert_eq!(code(give(&shop.zoe, 2, " ")), "draw.no_reason");
        assert_eq!(code(give(&shop.zoe, 0, "late")), "draw.bad_chances");
        assert_eq!(give(&shop.zoe, 2, "came late").unwrap(), 3);
        draws(shop, &shop.ann, id).unwrap();
        draws(shop, &shop.ann, id).unwrap();
        assert_eq!(code(draws(shop, &shop.ann, id)), "draw.no_chance");
        // A request that is repeated is the same draw.
        shop.later(Span::hours(17));
        let keyed = shop.keyed(&shop.ann);
        let once = || draw::draw(&shop.app, &keyed, id, &DrawOnce::default()).unwrap();
        let (first, second) = (once(), once());
        assert_eq!((first.value, second.replayed), (second.value, true));
        let bad = DrawOnce { salt: "not plain!".into() };
        assert_eq!(code(draw::draw(&shop.app, &shop.keyed(&shop.bob), id, &bad)), "draw.bad_salt");
    });
}

#[test]
fn whoever_works_here_wins_nothing() {
    both_engines(|shop| {
        let id = launch(shop, usual_draw(3), 20_000, |_| ()).unwrap();
        assert_eq!(code(draws(shop, &shop.zoe, id)), "draw.insider");
        assert_eq!(code(draws(shop, &shop.mo, id)), "draw.insider");
        assert_eq!(draw::records(&shop.app, id, 0, 10).unwrap().len(), 0);
    });
}

#[test]
fn a_thing_is_handed_over_and_leaves_the_budget_then() {
    both_engines(|shop| {
        let prizes = vec![
            prize("茶壶", 999_999, Some(2), 9_900, Gives::Thing),
            prize("谢谢", 1, None, 0, Gives::Nothing),
        ];
        let terms = draw_terms(prizes, vec![Source::Daily { chances: 1 }]);
        let id = launch(shop, terms, 19_800, |_| ()).unwrap();
        let won = draws(shop, &shop.ann, id).unwrap();
        assert_eq!((won.prize.as_str(), won.gives, won.handed_at), ("茶壶", Gives::Thing, None));
        assert_eq!(credit(shop, &shop.ann), 0);
        let budget = || campaign::get_desk(&shop.app, &shop.zoe, id).unwrap().budget.unwrap();
        assert_eq!((budget().escrow, budget().given), (cny(9_900), cny(0)));
        let hand = |who: &Visitor| desk::hand_over(&shop.app, &shop.keyed(who), won.draw);
        assert_eq!(code(hand(&shop.ann)), "forbidden");
        assert!(!hand(&shop.zoe).unwrap().value.waits);
        assert_eq!(code(hand(&shop.zoe)), "draw.nothing_to_hand_over");
        assert_eq!((budget().escrow, budget().given), (cny(0), cny(9_900)));
        end(shop, id);
        assert_eq!(budget().available, cny(0));
    });
}

#[test]
fn prizes_are_paid_for_before_the_first_is_drawn() {
    both_engines(|shop| {
        assert_eq!(code(launch(shop, usual_draw(1), 12_799, |_| ())), "draw.over_budget");
        let id = launch(shop, usual_draw(1), 12_800, |_| ()).unwrap();
        // Recalled and launched again it keeps its seed: nobody tries until one suits.
        let later = |put: &mut PutCampaign| put.starts_at = put.starts_at.plus(Span::hours(1));
        let waits = launch(shop, usual_draw(1), 20_000, later).unwrap();
        let hash = draw::proof(&shop.app, waits).unwrap().hash;
        let step = |step| campaign::step(&shop.app, &shop.keyed(&shop.zoe), waits, step).unwrap();
        step(Step::Recall);
        assert_eq!(code(draw::proof(&shop.app, waits)), "not_found");
        step(Step::Launch);
        assert_eq!(draw::proof(&shop.app, waits).unwrap().hash, hash);
        assert_ne!(draw::proof(&shop.app, id).unwrap().hash, hash);
    });
}

#[test]
fn an_order_that_was_kept_gives_chances_once() {
    both_engines(|shop| {
        let goods = shop.goods("tea", 3_000, 50);
        let mut terms = usual_draw(1);
        if let Terms::Draw(terms) = &mut terms {
            terms.sources = vec![Source::Order { chances: 2 }];
        }
        let id = launch(shop, terms, 20_000, |put| {
            put.ends_at = put.starts_at.plus(Span::days(60));
        })
        .unwrap();
        let chances = || draw::get(&shop.app, &shop.ann, id).unwrap().chances;
        let order: Id<Order> = shop.arrived(&shop.ann, &[(goods, 1)]);
        assert_eq!(chances(), Some(0), "{order} may still come back");
        shop.later(Span::days(8));
        work::drain(&shop.app).unwrap();
        assert_eq!(chances(), Some(2));
        draws(shop, &shop.ann, id).unwrap();
        assert_eq!(chances(), Some(1));
    });
}

#[test]
fn every_draw_through_the_shop_is_reproduced() {
    let config = ProptestConfig { cases: 6, ..ProptestConfig::default() };
    proptest!(config, |(weights in proptest::collection::vec((1u64..50, 1i64..6), 1..6),
                        rounds in 5usize..40)| {
        let shop = crate::support::shop();
        let mut prizes: Vec<Offered> = weights
            .iter()
            .map(|(weight, stock)| prize("¥1", *weight, Some(*stock), 100, Gives::Credit))
            .collect();
        prizes.push(prize("谢谢", 20, None, 0, Gives::Nothing));
        let worth: i64 = weights.iter().map(|(_, stock)| stock * 100).sum();
        let terms = draw_terms(prizes, vec![Source::Daily { chances: 100 }]);
        let id = launch(&shop, terms, worth, |_| ()).unwrap();
        for round in 0..rounds {
            let who = [&shop.ann, &shop.bob, &shop.eve][round % 3];
            draws(&shop, who, id).unwrap();
        }
        end(&shop, id);
        let won = proved(&shop, id);
        let all = [&shop.ann, &shop.bob, &shop.eve];
        let credits: i64 = all.iter().map(|who| credit(&shop, who)).sum();
        prop_assert_eq!(won[..won.len() - 1].iter().sum::<i64>() * 100, credits);
    });
}

pub fn packet_terms(total: i64, count: i64, split: Split) -> Terms {
    Terms::RedPacket(PacketTerms { count, split, ..PacketTerms::usual(total) })
}

/// One part for each person, and so many for all who look alike.
pub fn one_each(put: &mut PutCampaign) {
    put.frame.limits = Limits { per_person: 1, per_cluster: 1, per_day: None, total: None };
}

pub fn takes(shop: &TestShop, who: &Visitor, id: Id<Campaign>) -> Result<i64, Failure> {
    packet::take(&shop.app, &shop.keyed(who), id).map(|answer| answer.value.amount.minor)
}

#[test]
fn a_packet_is_taken_part_by_part() {
    both_engines(|shop| {
        let id = launch(shop, packet_terms(1_000, 3, Split::Random), 1_000, one_each).unwrap();
        let first = takes(shop, &shop.ann, id).unwrap();
        assert_eq!(credit(shop, &shop.ann), first);
        // Twice (29).
        assert_eq!(code(takes(shop, &shop.ann, id)), "packet.already_taken");
        let second = takes(shop, &shop.bob, id).unwrap();
        let view = packet::get(&shop.app, &shop.eve, id).unwrap();
        assert_eq!((view.taken, view.mine, view.seed), (2, None, None));
        assert!(view.parts.iter().all(|part| !part.luckiest && part.who.ends_with("**")));
        let third = takes(shop, &shop.eve, id).unwrap();
        assert_eq!(first + second + third, 1_000);
        assert_eq!(code(takes(shop, &shop.lin, id)), "packet.all_taken");
        let view = packet::get(&shop.app, &shop.ann, id).unwrap();
        assert_eq!(view.parts.iter().filter(|part| part.luckiest).count(), 1);
        let best = view.parts.iter().find(|part| part.luckiest).unwrap();
        assert!(view.parts.iter().all(|part| part.amount.minor <= best.amount.minor));
        // Its seed divides it the same for anybody.
        let seed = Seed::parse(&view.seed.unwrap()).unwrap();
        let again = PacketTerms { count: 3, ..PacketTerms::usual(1_000) }.divide(&seed);
        assert_eq!((seed.hash(), again), (view.hash, vec![first, second, third]));
    });
}

/// Whoever lives together takes one part together (25), by whatever name (26).
#[test]
fn one_household_takes_one_part() {
    both_engines(|shop| {
        let id = launch(shop, packet_terms(900, 3, Split::Equal), 900, one_each).unwrap();
        let lives_at = |who: &Visitor, name: &str| {
            let put = PutEntry { address: Address { name: name.into(), ..address() }, usual: true };
            address::add(&shop.app, who, put).unwrap();
        };
        lives_at(&shop.ann, "安");
        lives_at(&shop.bob, "安然");
        takes(shop, &shop.ann, id).unwrap();
        assert_eq!(code(takes(shop, &shop.bob, id)), "campaign.limit_shared");
        takes(shop, &shop.eve, id).unwrap();
        assert_eq!(packet::get(&shop.app, &shop.ann, id).unwrap().taken, 2);
    });
}

/// What was taken and what goes back is the whole (30), and nobody comes too late (31).
#[test]
fn what_nobody_took_goes_back() {
    both_engines(|shop| {
        let id = launch(shop, packet_terms(900, 3, Split::Equal), 900, |put| {
            one_each(put);
            put.ends_at = put.starts_at.plus(Span::days(3));
        })
        .unwrap();
        assert_eq!(takes(shop, &shop.ann, id).unwrap(), 300);
        // Its life is a day: a late job lets nobody in.
        shop.clock.advance(Span::hours(24));
        assert_eq!(code(takes(shop, &shop.bob, id)), "packet.expired");
        shop.work();
        assert!(packet::get(&shop.app, &shop.bob, id).unwrap().closed);
        shop.later(Span::days(3));
        let budget = campaign::get_desk(&shop.app, &shop.zoe, id).unwrap().budget.unwrap();
        assert_eq!((budget.available, budget.given, budget.returned), (cny(0), cny(300), cny(600)));
    });
}

#[test]
fn a_packet_is_launched_with_what_it_says() {
    both_engines(|shop| {
        let terms = || packet_terms(1_000, 3, Split::Equal);
        assert_eq!(code(launch(shop, terms(), 999, one_each)), "packet.over_budget");
        assert_eq!(code(launch(shop, terms(), 1_000, |_| ())), "packet.bad_terms");
        let more = packet_terms(2, 3, Split::Equal);
        assert_eq!(code(launch(shop, more, 1_000, one_each)), "packet.bad_terms");
    });
}

fn guess_terms(winners: i64, per_person: i64) -> Terms {
    let rule = domain::guess::Terms { per_person, winners, within: None };
    Terms::Guess(GuessGame { rule, what: "一只茶杯".into(), answer: 3_900, reward: 500 })
}

#[test]
fn the_nearest_guess_wins_what_was_sealed() {
    both_engines(|shop| {
        assert_eq!(code(launch(shop, guess_terms(2, 2), 999, |_| ())), "guess.over_budget");
        let id = launch(shop, guess_terms(2, 2), 1_000, |_| ()).unwrap();
        let make = |who: &Visitor, amount| {
            guess::guess(&shop.app, &shop.keyed(who), id, MakeGuess { amount })
                .map(|answer| answer.value.number)
        };
        assert_eq!(make(&shop.ann, 3_800).unwrap(), 1);
        assert_eq!(make(&shop.ann, 3_899).unwrap(), 2);
        assert_eq!(code(make(&shop.ann, 3_900)), "guess.enough");
        assert_eq!(code(make(&shop.bob, 0)), "guess.bad_amount");
        assert_eq!(code(make(&shop.zoe, 3_900)), "guess.insider");
        make(&shop.bob, 4_100).unwrap();
        make(&shop.eve, 9_900).unwrap();
        // Neither the page nor the frame's own tells the answer.
        let view = guess::get(&shop.app, &shop.ann, id).unwrap();
        assert_eq!((view.answer, view.salt, view.winners.len()), (None, None, 0));
        let (public, _) = campaign::get(&shop.app, &shop.ann, id).unwrap();
        assert!(matches!(public.terms, Terms::Guess(game) if game.answer == 0));
        let sealed = view.seal;
        shop.later(Span::days(2));
        let view = guess::get(&shop.app, &shop.ann, id).unwrap();
        assert_eq!(seal(view.answer.unwrap().minor, &view.salt.unwrap()), sealed);
        let ranks: Vec<(i64, i64)> =
            view.winners.iter().map(|one| (one.rank, one.amount.minor)).collect();
        assert_eq!(ranks, [(1, 3_899), (2, 4_100)]);
        let all = [&shop.ann, &shop.bob, &shop.eve].map(|who| credit(shop, who));
        assert_eq!(all, [500, 500, 0]);
        assert_eq!(code(make(&shop.lin, 3_900)), "guess.closed");
    });
}

fn quiz_terms() -> Terms {
    let asked = |right| Asked {
        text: "哪一个是绿茶？".into(),
        options: vec!["龙井".into(), "普洱".into()],
        right,
    };
    let rule = domain::quiz::Terms { ask: 2, pass: 2, time: Span::seconds(60), per_day: 2 };
    Terms::Quiz(QuizGame { rule, questions: vec![asked(0), asked(0), asked(0)], reward: 300 })
}

#[test]
fn a_quiz_is_won_once_in_its_time() {
    both_engines(|shop| {
        let id = launch(shop, quiz_terms(), 10_000, |_| ()).unwrap();
        let begin = |who: &Visitor| quiz::begin(&shop.app, &shop.keyed(who), id).map(|a| a.value);
        let answer = |who: &Visitor, attempt, answers: &[usize]| {
            let all = AnswerAll { answers: answers.to_vec() };
            quiz::answer(&shop.app, &shop.keyed(who), attempt, &all).map(|a| a.value)
        };
        let first = begin(&shop.ann).unwrap();
        assert_eq!(first.questions.len(), 2);
        assert_eq!(code(answer(&shop.bob, first.id, &[0, 0])), "not_found");
        assert_eq!(code(answer(&shop.ann, first.id, &[0])), "quiz.bad_answers");
        let failed = answer(&shop.ann, first.id, &[0, 1]).unwrap();
        assert_eq!((failed.passed, failed.reward), (Some(false), None));
        assert_eq!(code(answer(&shop.ann, first.id, &[0, 0])), "quiz.answered");
        let second = begin(&shop.ann).unwrap();
        let passed = answer(&shop.ann, second.id, &[0, 0]).unwrap();
        assert_eq!((passed.passed, passed.reward), (Some(true), Some(cny(300))));
        assert_eq!((credit(shop, &shop.ann), code(begin(&shop.ann))), (300, "quiz.already_won"));
        // Too late is too late, and three tries are one too many.
        let late = begin(&shop.bob).unwrap();
        shop.clock.advance(Span::seconds(63));
        assert_eq!(code(answer(&shop.bob, late.id, &[0, 0])), "quiz.too_late");
        begin(&shop.bob).unwrap();
        assert_eq!(code(begin(&shop.bob)), "quiz.enough_today");
        let (public, _) = campaign::get(&shop.app, &shop.ann, id).unwrap();
        assert_eq!(public.card.mechanic, Mechanic::Quiz);
    });
}
