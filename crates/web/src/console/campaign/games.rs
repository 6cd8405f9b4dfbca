//! What draws, red packets, fission coupons, guesses and quizzes ask, as fields of the one form.

use app::campaign::Terms;
use domain::campaign::Mechanic;
use domain::draw::{self, Face, Gives, Offered, Prize, Source};
use domain::fission::{self, Starts, Takers};
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::quiz::{self, Asked};
use domain::red_packet::{self, Split};
use domain::{guess, moment::Span};

use super::terms::{Field, Maker, Typed};
use crate::console::fields::{amount, whole};

/// The fields of a game, filled in; none for what is no game.
pub fn fields(make: &Maker, terms: &Terms) -> Vec<Field> {
    match terms {
        Terms::Draw(terms) => {
            let faces: Vec<&str> = Face::ALL.iter().map(|face| face.code()).collect();
            vec![
                make.lines("prizes", prizes(terms, make.unit)),
                make.choice("face", terms.face.code(), &faces),
                make.number("daily_chances", terms.daily()),
                make.number("order_chances", terms.by_order()),
                make.switch("by_hand", terms.sources.contains(&Source::Staff)),
            ]
        }
        Terms::RedPacket(terms) => {
            let splits: Vec<&str> = Split::ALL.iter().map(|split| split.code()).collect();
            vec![
                make.amount("packet_total", terms.total),
                make.number("packet_count", terms.count),
                make.choice("split", terms.split.code(), &splits),
                make.amount("least_part", terms.least),
                make.hours("life", terms.life),
            ]
        }
        Terms::FissionCoupon(terms) => {
            let splits: Vec<&str> = Split::ALL.iter().map(|split| split.code()).collect();
            let starts: Vec<&str> = Starts::ALL.iter().map(|starts| starts.code()).collect();
            let takers: Vec<&str> = Takers::ALL.iter().map(|takers| takers.code()).collect();
            let kind = terms.coupon.map_or(String::new(), |kind| kind.to_string());
            vec![
                make.kind("part_coupon", &kind),
                make.amount("fission_total", terms.total),
                make.number("fission_count", terms.count),
                make.choice("split", terms.split.code(), &splits),
                make.amount("least_part", terms.least),
                make.choice("starter", terms.starts.code(), &starts),
                make.choice("takers", terms.takers.code(), &takers),
                make.number("per_taker", terms.per_taker),
                make.hours("life", terms.life),
                make.switch("own_part", terms.own_part),
            ]
        }
        Terms::Guess(game) => vec![
            make.lines("what", game.what.clone()),
            make.amount("answer", game.answer),
            make.amount("winner_gets", game.reward),
            make.number("winners", game.rule.winners),
            make.number("guesses", game.rule.per_person),
        ],
        Terms::Quiz(game) => vec![
            make.lines("questions", questions(game)),
            make.number("ask", game.rule.ask as i64),
            make.number("pass", game.rule.pass as i64),
            make.number("seconds", game.rule.time.as_seconds()),
            make.number("tries", game.rule.per_day),
            make.amount("winner_gets", game.reward),
        ],
        _ => Vec::new(),
    }
}

/// Prizes, one a line: name, what it is, its worth, its weight and how many there are.
fn prizes(terms: &draw::Terms, unit: Currency) -> String {
    let line = |offered: &Offered| {
        let Prize { name, weight, stock, value } = &offered.prize;
        let value = Money::new(*value, unit).decimal();
        let stock = stock.map_or(String::new(), |stock| stock.to_string());
        format!("{name} | {} | {value} | {weight} | {stock}", offered.gives.code())
    };
    terms.prizes.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Questions with a blank line between; an option begins with `-`, the right one with `*`.
fn questions(game: &quiz::Game) -> String {
    let said = |one: &Asked| {
        let options = one.options.iter().enumerate().map(|(at, option)| {
            let mark = if at == one.right { '*' } else { '-' };
            format!("\n{mark} {option}")
        });
        one.text.clone() + &options.collect::<String>()
    };
    game.questions.iter().map(said).collect::<Vec<_>>().join("\n\n")
}

/// The settings of a game that were typed; `None` where something cannot be read.
pub fn read(typed: &Typed, mechanic: Mechanic) -> Option<Terms> {
    Some(match mechanic {
        Mechanic::Draw => {
            let mut sources = Vec::new();
            let (daily, order) = (typed.number("daily_chances")?, typed.number("order_chances")?);
            if daily > 0 {
                sources.push(Source::Daily { chances: daily });
            }
            if order > 0 {
                sources.push(Source::Order { chances: order });
            }
            if typed.on("by_hand") {
                sources.push(Source::Staff);
            }
            Terms::Draw(draw::Terms {
                face: Face::parse(typed.form.get("face"))?,
                prizes: read_prizes(typed.form.raw("prizes"), typed.unit)?,
                sources,
            })
        }
        Mechanic::RedPacket => Terms::RedPacket(red_packet::Terms {
            count: typed.number("packet_count")?,
            split: Split::parse(typed.form.get("split"))?,
            least: typed.amount("least_part")?,
            life: typed.hours("life")?,
            // The campaign's own limit: its counters keep it.
            per_cluster: typed.number("per_cluster")?,
            ..red_packet::Terms::usual(typed.amount("packet_total")?)
        }),
        Mechanic::FissionCoupon => Terms::FissionCoupon(fission::Terms {
            coupon: Id::parse(typed.form.get("part_coupon")),
            total: typed.amount("fission_total")?,
            count: typed.number("fission_count")?,
            split: Split::parse(typed.form.get("split"))?,
            least: typed.amount("least_part")?,
            starts: Starts::parse(typed.form.get("starter"))?,
            own_part: typed.on("own_part"),
            takers: Takers::parse(typed.form.get("takers"))?,
            per_taker: typed.number("per_taker")?,
            life: typed.hours("life")?,
        }),
        Mechanic::Guess => Terms::Guess(guess::Game {
            rule: guess::Terms {
                per_person: typed.number("guesses")?,
                winners: typed.number("winners")?,
                within: None,
            },
            what: domain::text::one_line(typed.form.raw("what")),
            answer: typed.amount("answer")?,
            reward: typed.amount("winner_gets")?,
        }),
        Mechanic::Quiz => Terms::Quiz(quiz::Game {
            rule: quiz::Terms {
                ask: usize::try_from(typed.number("ask")?).ok()?,
                pass: usize::try_from(typed.number("pass")?).ok()?,
                time: Span::seconds(typed.number("seconds")?),
                per_day: typed.number("tries")?,
            },
            questions: read_questions(typed.form.raw("questions"))?,
            reward: typed.amount("winner_gets")?,
        }),
        _ => return None,
    })
}

fn read_prizes(text: &str, unit: Currency) -> Option<Vec<Offered>> {
    let mut prizes = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let parts: Vec<&str> = line.split(['|', '｜']).map(str::trim).collect();
        let [name, gives, value, weight, stock] = parts.as_slice() else { return None };
        let value = if value.is_empty() { 0 } else { amount(value, unit)?.minor };
        let stock = if stock.is_empty() { None } else { Some(whole(stock)?) };
        let weight = u64::try_from(whole(weight)?).ok()?;
        let prize = Prize { name: (*name).to_string(), weight, stock, value };
        prizes.push(Offered { prize, gives: Gives::parse(gives)? });
    }
    Some(prizes)
}

fn read_questions(text: &str) -> Option<Vec<Asked>> {
    let mut questions: Vec<Asked> = Vec::new();
    let mut rights = 0;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let option = line.strip_prefix(['-', '*', '＊', '－']);
        match (option, questions.last_mut()) {
            (Some(option), Some(last)) => {
                if line.starts_with(['*', '＊']) {
                    last.right = last.options.len();
                    rights += 1;
                }
                last.options.push(option.trim().to_string());
            }
            (Some(_), None) => return None,
            (None, _) => {
                questions.push(Asked { text: line.to_string(), options: Vec::new(), right: 0 });
            }
        }
    }
    // Each has one right answer.
    (rights == questions.len()).then_some(questions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prizes_are_read_as_they_are_written() {
        let terms = draw::Terms::usual("¥5", 500, "谢谢");
        let text = prizes(&terms, Currency::Cny);
        assert_eq!(text, "¥5 | credit | 5.00 | 1 | 10\n谢谢 | nothing | 0.00 | 99 | ");
        assert_eq!(read_prizes(&text, Currency::Cny), Some(terms.prizes));
        assert_eq!(read_prizes("¥5 | money | 5 | 1 | 10", Currency::Cny), None);
        assert_eq!(read_prizes("¥5 | credit | 5 | 1", Currency::Cny), None);
    }

    #[test]
    fn questions_are_read_as_they_are_written() {
        let asked = |right| Asked {
            text: "Which?".into(),
            options: vec!["This".into(), "That".into()],
            right,
        };
        let game = quiz::Game { questions: vec![asked(1), asked(0)], ..quiz::Game::usual() };
        assert_eq!(read_questions(&questions(&game)), Some(game.questions));
        assert_eq!(read_questions("* This"), None);
        assert_eq!(read_questions("Which?\n- This\n- That"), None);
    }
}
