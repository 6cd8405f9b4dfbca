//! Rewards: the only way value leaves a campaign.
//!
//! A campaign's budget is ledger accounts: `campaign_fund` for what can still be promised,
//! `campaign_escrow` for what is promised and waits. Both have a floor, so that no order of
//! requests, retries or crashes gives out more than was put in. Every reward has a key; whoever
//! asks for the same one again gets the one there is. Which move follows from which command is
//! `domain::campaign::budget`'s to say.

use describe::ToSchema;
use domain::campaign::Campaign;
use domain::campaign::budget::{self, Command, Decided, Grant, GrantState, Move, Pot};
use domain::id::{Id, Kind};
use domain::ledger::{Account, AccountKind, Posting};
use domain::money::{Currency, Money};
use domain::person::Person;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::{ledger, point};

mod store;
mod view;

pub(crate) use store::money;
pub use view::{RewardView, of_campaign, own};

/// Something somebody was promised, or has, out of a campaign's budget.
pub struct Reward;
impl Kind for Reward {
    const PREFIX: &'static str = "rwd";
}
domain::id::described!(Reward);

/// What a reward is given as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RewardPurse)]
pub enum Purse {
    /// Store credit in its receiver's wallet.
    StoreCredit,
    Points,
    /// What a coupon took off a price: nobody has it.
    Spent,
}

impl Purse {
    fn code(self) -> &'static str {
        match self {
            Purse::StoreCredit => "store_credit",
            Purse::Points => "points",
            Purse::Spent => "spent",
        }
    }

    fn parse(code: &str) -> Purse {
        match code {
            "store_credit" => Purse::StoreCredit,
            "points" => Purse::Points,
            _ => Purse::Spent,
        }
    }

    /// The account its receiver's part lies in; a campaign's own for what nobody has.
    fn account(
        self,
        tx: &mut Tx,
        (campaign, person): (Id<Campaign>, Id<Person>),
        currency: Currency,
    ) -> Result<Id<Account>, Failure> {
        let (kind, owner) = match self {
            Purse::StoreCredit => (AccountKind::StoreCredit, person.0),
            Purse::Points => (AccountKind::PointsHeld, person.0),
            Purse::Spent => (AccountKind::CampaignSpent, campaign.0),
        };
        ledger::account(tx, kind, owner, currency)
    }
}

/// A reward that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Promise<'a> {
    pub campaign: Id<Campaign>,
    /// Why, whom, about what: one reward for each.
    pub key: &'a str,
    pub person: Id<Person>,
    pub amount: Money,
    pub purse: Purse,
    /// Whether it waits in escrow for what it depends on.
    pub waits: bool,
    /// What it is for, such as `("draw", 17)`.
    pub about: (&'a str, i64),
}

/// A reward as it stands.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub id: Id<Reward>,
    pub campaign: Id<Campaign>,
    pub person: Id<Person>,
    pub purse: Purse,
    pub amount: Money,
    pub state: GrantState,
}

/// Where what a campaign gives comes from, and goes back to.
fn funder(tx: &mut Tx, currency: Currency) -> Result<Id<Account>, Failure> {
    let kind = match currency {
        Currency::Points => AccountKind::PointsIssued,
        _ => AccountKind::CreditGiven,
    };
    ledger::account(tx, kind, 0, currency)
}

/// A campaign's budget for whoever looks at it: what was put in, can still be promised, waits, is
/// given, went back, and is owed.
pub(crate) fn standing(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    currency: Currency,
) -> Result<[Money; 6], Failure> {
    let budget = store::budget(tx, campaign, currency)?;
    let (funded, returned) = store::funds(tx, campaign, currency)?;
    let (given, owed) = store::given(tx, campaign, currency)?;
    let all = [funded, budget.available, budget.escrow, given, returned, owed];
    Ok(all.map(|minor| Money::new(minor, currency)))
}

/// Puts `amount` into a campaign's budget, or takes it back where it is negative and still there.
pub(crate) fn fund(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    amount: Money,
    by: Option<Id<Person>>,
) -> Result<(), Failure> {
    if amount.is_zero() {
        return Ok(());
    }
    let from = funder(tx, amount.currency)?;
    let to = ledger::account(tx, AccountKind::CampaignFund, campaign.0, amount.currency)?;
    let id = store::add_fund(tx, campaign, amount, by)?;
    let postings =
        [Posting { account: from, amount: amount.negated() }, Posting { account: to, amount }];
    ledger::post(tx, "campaign_fund", ("campaign_fund", id), &postings)?;
    Ok(())
}

/// What can still be promised goes back to where it came from: the campaign is over, or no longer
/// scheduled.
pub(crate) fn give_back(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    currency: Currency,
    by: Option<Id<Person>>,
) -> Result<(), Failure> {
    let fund = ledger::account(tx, AccountKind::CampaignFund, campaign.0, currency)?;
    let left = ledger::balance_to_change(tx, fund)?;
    self::fund(tx, campaign, Money::new(left, currency).negated(), by)
}

/// Promises a reward, or gives it at once. Asked again with the same key, nothing is promised anew.
/// The reward, and whether it is new.
pub fn promise(tx: &mut Tx, promise: &Promise) -> Result<(Id<Reward>, bool), Failure> {
    let (campaign, currency) = (promise.campaign, promise.amount.currency);
    if let Some(found) = store::by_key(tx, campaign, promise.key)? {
        if found.amount != promise.amount || found.person != promise.person {
            return Err(budget::Refusal::OtherAmount(found.amount.minor).into());
        }
        return Ok((found.id, false));
    }
    let now = store::budget(tx, campaign, currency)?;
    let amount = promise.amount.minor;
    let command = Command::Grant { amount, waits: promise.waits };
    let decided = budget::decide(&now, None, command)?;
    let id: Id<Reward> = tx.id();
    let state = decided.grant.map_or(GrantState::Waiting, |grant| grant.state);
    // The key's row is what two at once meet at: the second finds it there.
    if !store::add(tx, id, promise, state)? {
        return Err(tx.again());
    }
    let found = Found {
        id,
        campaign,
        person: promise.person,
        purse: promise.purse,
        amount: promise.amount,
        state,
    };
    move_value(tx, &found, "reward", ("reward", id.0), &decided).map_err(|failure| {
        // The floor held where the look before it was too old.
        match failure {
            Failure::Refused(_) => budget::Refusal::OnlyLeft(now.available.min(amount - 1)).into(),
            other => other,
        }
    })?;
    if promise.waits {
        store::wait(tx, campaign, 1)?;
    } else {
        repay(tx, promise.person)?;
    }
    Ok((id, true))
}

/// The reward there is under a key, and what it is.
pub(crate) fn of_key(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    key: &str,
) -> Result<Option<(Id<Reward>, Money)>, Failure> {
    Ok(store::by_key(tx, campaign, key)?.map(|found| (found.id, found.amount)))
}

/// What a reward waited for has come: it is given.
pub fn qualify(tx: &mut Tx, id: Id<Reward>) -> Result<(), Failure> {
    settle(tx, id, "reward_qualify", |_| Command::Qualify)?;
    let found = store::find_to_change(tx, id)?;
    repay(tx, found.person)
}

/// What it waited for did not come, or never can.
pub fn release(tx: &mut Tx, id: Id<Reward>) -> Result<(), Failure> {
    settle(tx, id, "reward_release", |_| Command::Release)
}

/// What it was given for was undone: as much as its receiver still has comes back, and the rest is
/// owed. What still waited is simply not given.
pub fn claw_back(tx: &mut Tx, id: Id<Reward>) -> Result<(), Failure> {
    settle(tx, id, "reward_claw_back", |has| Command::ClawBack { has })
}

/// What was promised and waits is somebody else's from now on. Whether it still waited.
pub(crate) fn pass_on(tx: &mut Tx, id: Id<Reward>, to: Id<Person>) -> Result<bool, Failure> {
    store::pass_on(tx, id, to)
}

/// The event came for whatever still waits; what does not wait stays as it is.
pub(crate) fn qualify_waiting(tx: &mut Tx, id: Id<Reward>) -> Result<(), Failure> {
    match store::find_to_change(tx, id)?.state {
        GrantState::Waiting => qualify(tx, id),
        _ => Ok(()),
    }
}

/// Nothing comes of it any more: what waits is released, and what was given is taken back.
pub(crate) fn undo(tx: &mut Tx, id: Id<Reward>) -> Result<(), Failure> {
    match store::find_to_change(tx, id)?.state {
        GrantState::Waiting => release(tx, id),
        GrantState::Given => claw_back(tx, id),
        _ => Ok(()),
    }
}

/// Repays what somebody owes for rewards that were undone, out of what they have now: before they
/// have anything of a new one.
fn repay(tx: &mut Tx, person: Id<Person>) -> Result<(), Failure> {
    for id in store::owed(tx, person)? {
        let found = store::find_to_change(tx, id)?;
        let GrantState::ClawedBack { owed, .. } = found.state else { continue };
        let amount = has(tx, &found)?.min(owed);
        if amount < 1 {
            continue;
        }
        let repayment = store::add_repayment(tx, id, amount)?;
        let about = ("reward_repayment", repayment);
        step(tx, &found, "reward_repay", about, Command::Repay { amount })?;
    }
    Ok(())
}

/// What its receiver still has of the kind a reward was given in.
fn has(tx: &mut Tx, found: &Found) -> Result<i64, Failure> {
    let owner = (found.campaign, found.person);
    let account = found.purse.account(tx, owner, found.amount.currency)?;
    store::free(tx, account)
}

fn settle(
    tx: &mut Tx,
    id: Id<Reward>,
    kind: &str,
    command: impl Fn(i64) -> Command,
) -> Result<(), Failure> {
    let found = store::find_to_change(tx, id)?;
    let has = has(tx, &found)?;
    step(tx, &found, kind, ("reward", id.0), command(has))
}

fn step(
    tx: &mut Tx,
    found: &Found,
    kind: &str,
    about: (&str, i64),
    command: Command,
) -> Result<(), Failure> {
    let budget = store::budget(tx, found.campaign, found.amount.currency)?;
    let grant = Grant { amount: found.amount.minor, state: found.state };
    let decided = budget::decide(&budget, Some(&grant), command)?;
    if decided.again {
        return Ok(());
    }
    planted!("reward_undone_for_free", {
        if kind == "reward_claw_back" {
            return store::set_state(tx, found.id, GrantState::Released);
        }
    });
    move_value(tx, found, kind, about, &decided)?;
    let state = decided.grant.map_or(found.state, |grant| grant.state);
    store::set_state(tx, found.id, state)?;
    if found.state == GrantState::Waiting && state != GrantState::Waiting {
        store::wait(tx, found.campaign, -1)?;
    }
    Ok(())
}

/// Posts what was decided.
fn move_value(
    tx: &mut Tx,
    found: &Found,
    kind: &str,
    about: (&str, i64),
    decided: &Decided,
) -> Result<(), Failure> {
    let Some(Move { from, to, amount }) = decided.moves else { return Ok(()) };
    let amount = Money::new(amount, found.amount.currency);
    if to == Pot::Funder {
        // Its campaign is over: what comes back now goes on to where it came from.
        store::add_fund(tx, found.campaign, amount.negated(), None)?;
    }
    let accounts = (pot(tx, found, from)?, pot(tx, found, to)?);
    let postings = [
        Posting { account: accounts.0, amount: amount.negated() },
        Posting { account: accounts.1, amount },
    ];
    ledger::post(tx, kind, about, &postings)?;
    if found.purse == Purse::Points {
        // Points lie in lots beside the books.
        match (from, to) {
            (_, Pot::Given) => point::won(tx, found.person, amount.minor, about)?,
            (Pot::Given, _) => point::won_back(tx, found.person, amount.minor, about)?,
            _ => (),
        }
    }
    Ok(())
}

fn pot(tx: &mut Tx, found: &Found, pot: Pot) -> Result<Id<Account>, Failure> {
    let (campaign, currency) = (found.campaign, found.amount.currency);
    match pot {
        Pot::Funder => funder(tx, currency),
        Pot::Available => ledger::account(tx, AccountKind::CampaignFund, campaign.0, currency),
        Pot::Escrow => ledger::account(tx, AccountKind::CampaignEscrow, campaign.0, currency),
        Pot::Given => found.purse.account(tx, (campaign, found.person), currency),
    }
}
