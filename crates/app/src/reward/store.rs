//! The tables `rewards`, `reward_repayments` and `campaign_funds`, and a budget's accounts.

use domain::campaign::Campaign;
use domain::campaign::budget::{Budget, GrantState};
use domain::id::Id;
use domain::ledger::Account;
use domain::money::{Currency, Money};
use domain::person::Person;

use super::{Found, Promise, Purse, Reward, RewardView};
use crate::db::{Row, Tx};
use crate::failure::Failure;

pub fn money(row: &Row, amount: usize, currency: usize) -> Money {
    let unit = Currency::of_books(&row.get::<String>(currency));
    Money::new(row.get(amount), unit.expect("the table holds known units"))
}

fn state(row: &Row, column: usize) -> GrantState {
    match row.get::<String>(column).as_str() {
        "waiting" => GrantState::Waiting,
        "given" => GrantState::Given,
        "released" => GrantState::Released,
        _ => GrantState::ClawedBack { back: row.get(column + 1), owed: row.get(column + 2) },
    }
}

/// What a campaign's accounts hold of this unit. What was given is with its receivers.
pub fn budget(tx: &mut Tx, campaign: Id<Campaign>, currency: Currency) -> Result<Budget, Failure> {
    let balances = tx.all(
        "select kind, balance from accounts where owner_id = $1 and currency = $2
           and kind in ('campaign_fund', 'campaign_escrow')",
        &[campaign.into(), currency.code().into()],
        |row| (row.get::<String>(0), row.get::<i64>(1)),
    )?;
    let of = |wanted: &str| {
        let found = balances.iter().find(|(kind, _)| kind == wanted);
        found.map_or(0, |(_, balance)| *balance)
    };
    let over = tx.maybe(
        "select 1 from campaigns where id = $1 and closed = 1",
        &[campaign.into()],
        |row| row.get::<i64>(0),
    )?;
    Ok(Budget {
        available: of("campaign_fund"),
        escrow: of("campaign_escrow"),
        given: 0,
        closed: over.is_some(),
    })
}

/// What can be spent of an account: no hold keeps it.
pub fn free(tx: &mut Tx, account: Id<Account>) -> Result<i64, Failure> {
    let sql = format!("select balance - held from accounts where id = $1{}", tx.lock());
    tx.one(&sql, &[account.into()], |row| row.get(0))
}

pub fn add_fund(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    amount: Money,
    by: Option<Id<Person>>,
) -> Result<i64, Failure> {
    let id: Id<Reward> = tx.id();
    tx.run(
        "insert into campaign_funds (id, campaign_id, currency, amount, by_id, at)
         values ($1, $2, $3, $4, $5, $6)",
        &[
            id.into(),
            campaign.into(),
            amount.currency.code().into(),
            amount.minor.into(),
            by.into(),
            tx.now.into(),
        ],
    )?;
    Ok(id.0)
}

/// What was put into a campaign's budget, and what went back.
pub fn funds(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    currency: Currency,
) -> Result<(i64, i64), Failure> {
    tx.one(
        "select coalesce(cast(sum(case when amount > 0 then amount else 0 end) as bigint), 0),
                coalesce(cast(sum(case when amount < 0 then -amount else 0 end) as bigint), 0)
         from campaign_funds where campaign_id = $1 and currency = $2",
        &[campaign.into(), currency.code().into()],
        |row| (row.get(0), row.get(1)),
    )
}

/// What its receivers have of what it gave, and what is owed of what was undone.
pub fn given(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    currency: Currency,
) -> Result<(i64, i64), Failure> {
    tx.one(
        "select coalesce(cast(sum(case when state = 'given' then amount
                  when state = 'clawed_back' then owed else 0 end) as bigint), 0),
                coalesce(cast(sum(owed) as bigint), 0)
         from rewards where campaign_id = $1 and currency = $2",
        &[campaign.into(), currency.code().into()],
        |row| (row.get(0), row.get(1)),
    )
}

/// Whether it is new: another with the same key was there otherwise.
pub fn add(
    tx: &mut Tx,
    id: Id<Reward>,
    promise: &Promise,
    state: GrantState,
) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into rewards (id, campaign_id, key, person_id, purse, currency, amount, state,
                              about, about_id, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
         on conflict (campaign_id, key) do nothing",
        &[
            id.into(),
            promise.campaign.into(),
            promise.key.into(),
            promise.person.into(),
            promise.purse.code().into(),
            promise.amount.currency.code().into(),
            promise.amount.minor.into(),
            state.code().into(),
            promise.about.0.into(),
            promise.about.1.into(),
            tx.now.into(),
        ],
    )?;
    Ok(added == 1)
}

const COLUMNS: &str =
    "id, campaign_id, person_id, purse, amount, currency, state, back, owed, key, about, about_id,
     created_at";

fn found(row: &Row) -> Found {
    Found {
        id: row.get(0),
        campaign: row.get(1),
        person: row.get(2),
        purse: Purse::parse(&row.get::<String>(3)),
        amount: money(row, 4, 5),
        state: state(row, 6),
    }
}

pub fn by_key(tx: &mut Tx, campaign: Id<Campaign>, key: &str) -> Result<Option<Found>, Failure> {
    let sql = format!("select {COLUMNS} from rewards where campaign_id = $1 and key = $2");
    tx.maybe(&sql, &[campaign.into(), key.into()], found)
}

pub fn find_to_change(tx: &mut Tx, id: Id<Reward>) -> Result<Found, Failure> {
    let sql = format!("select {COLUMNS} from rewards where id = $1{}", tx.lock());
    tx.one(&sql, &[id.into()], found)
}

pub fn set_state(tx: &mut Tx, id: Id<Reward>, state: GrantState) -> Result<(), Failure> {
    let (back, owed) = match state {
        GrantState::ClawedBack { back, owed } => (back, owed),
        _ => (0, 0),
    };
    tx.run(
        "update rewards set state = $2, back = $3, owed = $4, updated_at = $5 where id = $1",
        &[id.into(), state.code().into(), back.into(), owed.into(), tx.now.into()],
    )?;
    Ok(())
}

/// Whether it still waited: it is promised to somebody else now.
pub fn pass_on(tx: &mut Tx, id: Id<Reward>, to: Id<Person>) -> Result<bool, Failure> {
    let sql = "update rewards set person_id = $2, updated_at = $3
        where id = $1 and state = 'waiting'";
    Ok(tx.run(sql, &[id.into(), to.into(), tx.now.into()])? == 1)
}

/// So many more rewards of a campaign wait, or fewer.
pub fn wait(tx: &mut Tx, campaign: Id<Campaign>, more: i64) -> Result<(), Failure> {
    tx.run(
        "update campaigns set waiting = waiting + $2 where id = $1",
        &[campaign.into(), more.into()],
    )?;
    Ok(())
}

/// Rewards somebody owes for, the oldest first.
pub fn owed(tx: &mut Tx, person: Id<Person>) -> Result<Vec<Id<Reward>>, Failure> {
    let sql = "select id from rewards where person_id = $1 and owed > 0 order by id";
    tx.all(sql, &[person.into()], |row| row.get(0))
}

pub fn add_repayment(tx: &mut Tx, reward: Id<Reward>, amount: i64) -> Result<i64, Failure> {
    let id: Id<Reward> = tx.id();
    tx.run(
        "insert into reward_repayments (id, reward_id, amount, at) values ($1, $2, $3, $4)",
        &[id.into(), reward.into(), amount.into(), tx.now.into()],
    )?;
    Ok(id.0)
}

fn view(row: &Row) -> RewardView {
    let found = found(row);
    let (back, owed) = match found.state {
        GrantState::ClawedBack { back, owed } => (back, owed),
        _ => (0, 0),
    };
    RewardView {
        id: found.id,
        campaign: found.campaign,
        person: found.person,
        purse: found.purse,
        amount: found.amount,
        state: found.state.code().to_string(),
        back: Money::new(back, found.amount.currency),
        owed: Money::new(owed, found.amount.currency),
        about: row.get(10),
        at: row.get(12),
    }
}

pub fn of_campaign(
    tx: &mut Tx,
    campaign: Id<Campaign>,
    before: i64,
    limit: i64,
) -> Result<Vec<RewardView>, Failure> {
    let sql = format!(
        "select {COLUMNS} from rewards where campaign_id = $1 and id < $2 order by id desc limit $3"
    );
    tx.all(&sql, &[campaign.into(), before.into(), limit.into()], view)
}

pub fn of_person(
    tx: &mut Tx,
    person: Id<Person>,
    before: i64,
    limit: i64,
) -> Result<Vec<RewardView>, Failure> {
    let sql = format!(
        "select {COLUMNS} from rewards where person_id = $1 and id < $2 and purse <> 'spent'
         order by id desc limit $3"
    );
    tx.all(&sql, &[person.into(), before.into(), limit.into()], view)
}
