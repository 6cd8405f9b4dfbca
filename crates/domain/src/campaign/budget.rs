//! A campaign's budget: reserved before anything is promised, given out once for each reason, and
//! never more of it than there is (SPEC §3, MECHANICS §4.4).
//!
//! Value lies in *pots* and only ever moves between them, so that their sum is what was put in.
//! `available → escrow → given` for a reward that waits for what it depends on, `available → given`
//! for one that does not; back from escrow when the event does not come; and what was given is
//! *clawed back* when its event is undone, as far as its receiver still has it: the rest is owed.
//! Every move has a *key* (reason, whom, about what): the same key twice is the same move.
//!
//! The rules here are those of any order of commands; the store keeps a pot as a ledger account
//! with a floor, and takes from it by one guarded statement.

use serde::{Deserialize, Serialize};

/// Where a campaign's value is, in minor units of its budget's currency or in points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = BudgetPot))]
pub enum Pot {
    /// With whoever pays for the campaign: it comes from and goes back there.
    Funder,
    /// Can be promised.
    Available,
    /// Promised, and waits for what it depends on.
    Escrow,
    /// With those who won it.
    Given,
}
codes!(Pot { Funder = "funder", Available = "available", Escrow = "escrow", Given = "given" });

/// A budget as it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    pub available: i64,
    pub escrow: i64,
    pub given: i64,
    /// Nothing more is promised; what waits is still settled.
    pub closed: bool,
}

impl Budget {
    /// What the funder has put in and not got back.
    pub fn funded(&self) -> i64 {
        self.available + self.escrow + self.given
    }

    /// What may still have to be given: shown to the merchant as the campaign's liability.
    pub fn liability(&self) -> i64 {
        self.escrow
    }
}

/// One reward, by its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    pub amount: i64,
    pub state: GrantState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum GrantState {
    /// In escrow.
    Waiting,
    Given,
    /// What it waited for did not come.
    Released,
    /// Its event was undone: so much came back, and so much is still owed by its receiver.
    ClawedBack {
        back: i64,
        owed: i64,
    },
}

impl GrantState {
    pub fn code(self) -> &'static str {
        match self {
            GrantState::Waiting => "waiting",
            GrantState::Given => "given",
            GrantState::Released => "released",
            GrantState::ClawedBack { .. } => "clawed_back",
        }
    }
}

/// What is wanted of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Puts value in, before or during the campaign.
    Reserve { amount: i64 },
    /// Promises a reward that waits for its event, or gives it at once.
    Grant { amount: i64, waits: bool },
    /// The event came: what waited is given.
    Qualify,
    /// It did not, or never can.
    Release,
    /// It was undone: what its receiver still has of the reward comes back.
    ClawBack { has: i64 },
    /// So much of what is owed was repaid: a fact of its own each time, with its own key.
    Repay { amount: i64 },
    /// The campaign is over: what is not promised goes back to the funder.
    Close,
}

/// A move between pots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub from: Pot,
    pub to: Pot,
    pub amount: i64,
}

/// What a command brings about: at most one move, and what the grant is then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    pub moves: Option<Move>,
    pub grant: Option<Grant>,
    /// It had happened already: nothing is done again.
    pub again: bool,
    pub closes: bool,
}

/// Why a budget does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Only so much can be promised.
    OnlyLeft(i64),
    /// Nothing, or less than nothing, or more than is owed.
    BadAmount,
    /// The campaign is over.
    Closed,
    /// No reward has this key.
    NoGrant,
    /// The key was used for another amount.
    OtherAmount(i64),
    /// The reward is in a state in which that cannot be.
    NotNow(GrantState),
}

/// Decides a command about the grant of a key, if there is one.
pub fn decide(
    budget: &Budget,
    grant: Option<&Grant>,
    command: Command,
) -> Result<Decided, Refusal> {
    match command {
        Command::Reserve { amount } => reserve(budget, amount),
        Command::Grant { amount, waits } => promise(budget, grant, amount, waits),
        Command::Close => Ok(Decided {
            moves: some_move(Pot::Available, Pot::Funder, budget.available),
            grant: None,
            again: budget.closed,
            closes: true,
        }),
        Command::Qualify | Command::Release | Command::ClawBack { .. } | Command::Repay { .. } => {
            let grant = grant.ok_or(Refusal::NoGrant)?;
            settle(budget, grant, command)
        }
    }
}

fn some_move(from: Pot, to: Pot, amount: i64) -> Option<Move> {
    (amount > 0).then_some(Move { from, to, amount })
}

fn reserve(budget: &Budget, amount: i64) -> Result<Decided, Refusal> {
    let fits = (1..=crate::money::LARGEST).contains(&amount)
        && budget.funded().checked_add(amount).is_some_and(|sum| sum <= crate::money::LARGEST);
    if !fits {
        return Err(Refusal::BadAmount);
    }
    if budget.closed {
        return Err(Refusal::Closed);
    }
    let moves = some_move(Pot::Funder, Pot::Available, amount);
    Ok(Decided { moves, grant: None, again: false, closes: false })
}

fn promise(
    budget: &Budget,
    grant: Option<&Grant>,
    amount: i64,
    waits: bool,
) -> Result<Decided, Refusal> {
    if amount < 1 {
        return Err(Refusal::BadAmount);
    }
    // Asked again, whatever became of it since: nothing more is promised for the same reason.
    if let Some(before) = grant {
        return match before.amount == amount {
            true => Ok(Decided { moves: None, grant: Some(*before), again: true, closes: false }),
            false => Err(Refusal::OtherAmount(before.amount)),
        };
    }
    if budget.closed {
        return Err(Refusal::Closed);
    }
    if amount > budget.available {
        return Err(Refusal::OnlyLeft(budget.available));
    }
    let (to, state) = match waits {
        true => (Pot::Escrow, GrantState::Waiting),
        false => (Pot::Given, GrantState::Given),
    };
    let moves = some_move(Pot::Available, to, amount);
    Ok(Decided { moves, grant: Some(Grant { amount, state }), again: false, closes: false })
}

/// Where what was not given goes: on into the campaign, or back when that is over.
fn back_to(budget: &Budget) -> Pot {
    if budget.closed { Pot::Funder } else { Pot::Available }
}

fn settle(budget: &Budget, grant: &Grant, command: Command) -> Result<Decided, Refusal> {
    use GrantState::*;
    let done = |moves, state| {
        let grant = Some(Grant { state, ..*grant });
        Ok(Decided { moves, grant, again: false, closes: false })
    };
    let again = Ok(Decided { moves: None, grant: Some(*grant), again: true, closes: false });
    let not_now = Err(Refusal::NotNow(grant.state));
    match (command, grant.state) {
        (Command::Qualify, Waiting) => {
            done(some_move(Pot::Escrow, Pot::Given, grant.amount), Given)
        }
        (Command::Qualify, Given) => again,
        (Command::Release, Waiting) => {
            done(some_move(Pot::Escrow, back_to(budget), grant.amount), Released)
        }
        (Command::Release, Released) => again,
        (Command::ClawBack { has }, Given) => {
            let back = has.clamp(0, grant.amount);
            let state = ClawedBack { back, owed: grant.amount - back };
            done(some_move(Pot::Given, back_to(budget), back), state)
        }
        // Undone before it was given: it simply is not.
        (Command::ClawBack { .. }, Waiting) => {
            done(some_move(Pot::Escrow, back_to(budget), grant.amount), Released)
        }
        (Command::ClawBack { .. }, ClawedBack { .. } | Released) => again,
        (Command::Repay { amount }, ClawedBack { back, owed }) => {
            if !(1..=owed).contains(&amount) {
                return Err(Refusal::BadAmount);
            }
            let state = ClawedBack { back: back + amount, owed: owed - amount };
            done(some_move(Pot::Given, back_to(budget), amount), state)
        }
        (Command::Qualify | Command::Release | Command::Repay { .. }, _) => not_now,
        // `decide` sends nothing else here.
        (Command::Reserve { .. } | Command::Grant { .. } | Command::Close, _) => not_now,
    }
}

/// The budget after what was decided. A pot that would fall below nothing is a programmer's error.
#[must_use]
pub fn apply(budget: &Budget, decided: &Decided) -> Budget {
    let mut after = *budget;
    if let Some(Move { from, to, amount }) = decided.moves {
        for (pot, amount) in [(from, -amount), (to, amount)] {
            match pot {
                Pot::Funder => (),
                Pot::Available => after.available += amount,
                Pot::Escrow => after.escrow += amount,
                Pot::Given => after.given += amount,
            }
        }
    }
    after.closed |= decided.closes;
    let whole = after.available >= 0 && after.escrow >= 0 && after.given >= 0;
    assert!(whole, "no pot holds less than nothing");
    after
}
