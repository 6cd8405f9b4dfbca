//! Buying as a gift (送礼): somebody pays, a friend says where it goes.
//!
//! The order is paid and waits; its giver shares a link, and whoever takes the gift first with it
//! gives an address. Nobody took it in time, or the giver thought again: the money goes back.
//! Prices are never shown to whoever takes it.

use serde::{Deserialize, Serialize};

use crate::id::{Id, Kind};
use crate::moment::{Moment, Span};
use crate::order::Order;
use crate::person::Person;

/// A gift on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gift {
    pub id: Id<Gift>,
    pub order: Id<Order>,
    pub giver: Id<Person>,
    pub deadline: Moment,
    pub state: State,
}
impl Kind for Gift {
    const PREFIX: &'static str = "gft";
}
crate::id::described!(Gift);

/// Where a gift stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its order is not paid yet, or ended unpaid: nobody hears of it.
    Waiting,
    /// Paid, and nobody has taken it.
    Open,
    /// Somebody took it and said where it goes: the order is to be shipped.
    Taken { by: Id<Person> },
    /// The giver took it back, or nobody came in time: the money goes back.
    Returned,
}

impl State {
    pub fn code(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Open => "open",
            State::Taken { .. } => "taken",
            State::Returned => "returned",
        }
    }
}

impl State {
    /// The state of a row, with who took it.
    pub fn read(code: &str, by: Option<Id<Person>>) -> Option<State> {
        match (code, by) {
            ("waiting", None) => Some(State::Waiting),
            ("open", None) => Some(State::Open),
            ("returned", None) => Some(State::Returned),
            ("taken", Some(by)) => Some(State::Taken { by }),
            _ => None,
        }
    }
}

/// A gift can be taken at least and at most so long.
pub const SHORTEST: Span = Span::hours(1);
pub const LONGEST: Span = Span::days(15);
/// The card with it has at most this many characters.
pub const LONGEST_CARD: usize = 200;

/// What a giver chooses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = GiftWish))]
pub struct Wish {
    pub card: String,
    #[cfg_attr(feature = "schema", schema(value_type = i64))]
    pub life: Span,
}

/// Why a gift does not move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A card of up to 200 characters, an hour to fifteen days.
    BadWish,
    /// Nobody gives to themselves.
    OwnGift,
    /// Somebody took it: this visitor, or another.
    Taken { by_you: bool },
    /// Nobody came in time, or its giver took it back.
    Over,
    /// Somebody else's: the visitor hears that there is none.
    NotYours,
    /// A team's price, or nothing that is sent: such an order is no gift.
    NotAGift,
    /// The shop sends no gifts by this way.
    NotOffered,
}

impl Wish {
    pub fn check(&self) -> Result<(), Refusal> {
        let fits = self.card.chars().count() <= LONGEST_CARD
            && self.card.chars().all(|c| !c.is_control() || c == '\n');
        let lives = (SHORTEST..=LONGEST).contains(&self.life);
        if fits && lives { Ok(()) } else { Err(Refusal::BadWish) }
    }
}

/// Takes a gift: the first who comes.
pub fn take(gift: &Gift, person: Id<Person>, now: Moment) -> Result<State, Refusal> {
    if person == gift.giver {
        return Err(Refusal::OwnGift);
    }
    match gift.state {
        State::Taken { by } => Err(Refusal::Taken { by_you: by == person }),
        State::Returned => Err(Refusal::Over),
        State::Waiting => Err(Refusal::NotYours),
        State::Open if now >= gift.deadline => Err(Refusal::Over),
        State::Open => Ok(State::Taken { by: person }),
    }
}

/// The giver thinks again, as long as nobody has taken it.
pub fn take_back(gift: &Gift, person: Id<Person>) -> Result<State, Refusal> {
    if person != gift.giver {
        return Err(Refusal::NotYours);
    }
    match gift.state {
        State::Open => Ok(State::Returned),
        State::Taken { .. } => Err(Refusal::Taken { by_you: false }),
        State::Returned => Err(Refusal::Over),
        // It is not paid: its giver cancels the order.
        State::Waiting => Err(Refusal::NotYours),
    }
}

/// What time makes of a gift that nobody took: once, the money goes back.
pub fn overdue(gift: &Gift, now: Moment) -> Option<State> {
    (gift.state == State::Open && now >= gift.deadline).then_some(State::Returned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ANN: Id<Person> = Id::new(1);
    const BOB: Id<Person> = Id::new(2);

    fn gift(state: State) -> Gift {
        let deadline = Moment(100);
        Gift { id: Id::new(1), order: Id::new(1), giver: ANN, deadline, state }
    }

    #[test]
    fn the_first_who_comes_takes_it() {
        let check = |state, person, now, want| {
            assert_eq!(take(&gift(state), person, Moment(now)), want, "{state:?} {now}");
        };
        check(State::Open, BOB, 99, Ok(State::Taken { by: BOB }));
        check(State::Open, BOB, 100, Err(Refusal::Over));
        check(State::Open, ANN, 9, Err(Refusal::OwnGift));
        check(State::Returned, BOB, 9, Err(Refusal::Over));
        check(State::Waiting, BOB, 9, Err(Refusal::NotYours));
        let taken = State::Taken { by: BOB };
        check(taken, BOB, 200, Err(Refusal::Taken { by_you: true }));
        check(taken, Id::new(3), 9, Err(Refusal::Taken { by_you: false }));
    }

    #[test]
    fn its_giver_or_time_takes_it_back() {
        let taken = State::Taken { by: BOB };
        assert_eq!(take_back(&gift(State::Open), ANN), Ok(State::Returned));
        assert_eq!(take_back(&gift(State::Open), BOB), Err(Refusal::NotYours));
        assert_eq!(take_back(&gift(taken), ANN), Err(Refusal::Taken { by_you: false }));
        assert_eq!(take_back(&gift(State::Returned), ANN), Err(Refusal::Over));
        assert_eq!(take_back(&gift(State::Waiting), ANN), Err(Refusal::NotYours));
        assert_eq!(overdue(&gift(State::Waiting), Moment(100)), None);
        assert_eq!(overdue(&gift(State::Open), Moment(99)), None);
        assert_eq!(overdue(&gift(State::Open), Moment(100)), Some(State::Returned));
        assert_eq!(overdue(&gift(taken), Moment(100)), None);
        assert_eq!(overdue(&gift(State::Returned), Moment(100)), None);
    }

    #[test]
    fn states_are_read_back() {
        for state in [State::Waiting, State::Open, State::Returned, State::Taken { by: BOB }] {
            let by = if let State::Taken { by } = state { Some(by) } else { None };
            assert_eq!(State::read(state.code(), by), Some(state));
        }
        assert_eq!((State::read("taken", None), State::read("open", Some(BOB))), (None, None));
    }

    #[test]
    fn wishes_have_limits() {
        let check = |card: &str, life, right: bool| {
            assert_eq!(Wish { card: card.into(), life }.check().is_ok(), right);
        };
        check("生日快乐", Span::days(1), true);
        check(&"乐".repeat(200), SHORTEST, true);
        check(&"乐".repeat(201), SHORTEST, false);
        check("a\u{7}b", LONGEST, false);
        check("", Span(LONGEST.0 + 1), false);
        check("", Span(SHORTEST.0 - 1), false);
    }

    proptest! {
        /// Whoever does what when: it is taken once or its money goes back once, never both.
        #[test]
        fn it_is_taken_or_goes_back(steps in proptest::collection::vec((0u8..3, 1i64..5), 1..30)) {
            let mut gift = gift(State::Open);
            let mut ends = 0;
            for (n, (verb, person)) in steps.into_iter().enumerate() {
                let now = Moment(n as i64 * 7);
                let person = Id::new(person);
                let came = match verb {
                    0 => take(&gift, person, now).ok(),
                    1 => take_back(&gift, person).ok(),
                    _ => overdue(&gift, now),
                };
                if let Some(state) = came {
                    ends += 1;
                    gift.state = state;
                }
            }
            prop_assert!(ends <= 1);
            prop_assert_eq!(gift.state == State::Open, ends == 0);
        }
    }
}
