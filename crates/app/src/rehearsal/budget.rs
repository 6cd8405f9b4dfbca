//! Budgets that many want something of: campaigns with little, and attempts to be promised some.

use domain::campaign::{Campaign, Mechanic};
use domain::id::Id;
use domain::legal::Licence;
use domain::money::{Currency, Money};
use domain::person::{Person, Role};
use domain::rate::Rate;

use crate::campaign::{self, Step};
use crate::failure::Failure;
use crate::reward::{self, Promise, Purse, Reward};
use crate::{App, Visitor, dice, legal, person, token, work};

/// How often something is wanted of each campaign.
pub const EACH: u64 = 10_000;

/// Who wants something, and of which campaigns.
pub struct Budgets {
    people: Vec<Id<Person>>,
    campaigns: Vec<Id<Campaign>>,
    currency: Currency,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempted {
    Promised(Id<Reward>),
    /// The budget had less left.
    Refused,
}

/// Launches so many campaigns with a budget of `minor` each.
pub fn launch(app: &App, count: u64, minor: i64) -> Result<(), Failure> {
    let password = dice::secret(app.seams.dice.as_ref(), token::LENGTH);
    let (name, role) = ("owner", Role::Owner);
    let owner = person::add_staff_from_terminal(app, name, "owner@example.com", role, &password)?;
    let owner = Visitor::of(owner.id, name, role);
    let before = legal::licence_desk(app, &owner)?;
    let licence = Licence {
        name: "Rehearsal".into(),
        number: "91330100799655058B".into(),
        ..before.licence.clone()
    };
    legal::set_licence(app, &owner, &legal::LicenceView { licence, ..before })?;
    for number in 0..count {
        let mut put = campaign::template(app, &owner, Mechanic::InviteReward)?;
        put.frame.title = format!("Friends {number}");
        put.frame.holdout = Rate::default();
        put.frame.budget = put.frame.budget.map(|budget| Money::new(minor, budget.currency));
        let keyed = owner.clone().with_key(&format!("rehearsal-budget-{number}"), "")?;
        let made = campaign::create(app, &keyed, put)?;
        campaign::step(app, &owner, made.id, Step::Launch)?;
    }
    work::drain(app)?;
    Ok(())
}

impl Budgets {
    /// What was launched before.
    pub fn find(app: &App) -> Result<Budgets, Failure> {
        let currency = app.read(crate::shop::get)?.currency;
        app.read(|tx| {
            let sql = "select id from people where role = 'shopper' order by id";
            let people = tx.all(sql, &[], |row| row.get(0))?;
            let campaigns =
                tx.all("select id from campaigns order by id", &[], |row| row.get(0))?;
            Ok(Budgets { people, campaigns, currency })
        })
    }

    /// What attempt `number` is about: whose budget, who wants it, and how much.
    fn wanted(&self, number: u64) -> (Id<Campaign>, Id<Person>, Money) {
        let campaign = (number / EACH) as usize % self.campaigns.len();
        // Amounts of 1 to 199 cents in an order that jumps about.
        let amount = 1 + (number.wrapping_mul(7_919) % 199) as i64;
        let person = self.people[number as usize % self.people.len()];
        (self.campaigns[campaign], person, Money::new(amount, self.currency))
    }

    /// How much attempt `number` wants, in minor units.
    pub fn amount(&self, number: u64) -> i64 {
        self.wanted(number).2.minor
    }

    /// Attempt `number`; made again, it is the same one. Every other promise waits in escrow, and
    /// of those every other is released again, so that others can have it.
    pub fn attempt(&self, app: &App, number: u64) -> Result<Attempted, Failure> {
        let (campaign, person, amount) = self.wanted(number);
        let visitor = Visitor::of(person, "shopper", Role::Shopper);
        let wait = number.is_multiple_of(2);
        let keyed = visitor.clone().with_key(&format!("attempt-at-a-budget-{number}"), "")?;
        let promised = app.win(&keyed, ("reward", campaign.0), move |tx| {
            let key = format!("attempt {number}");
            let about = ("attempt", number as i64);
            let purse = Purse::StoreCredit;
            let promise =
                Promise { campaign, key: &key, person, amount, purse, waits: wait, about };
            let (reward, _) = reward::promise(tx, &promise)?;
            Ok((reward, reward.0))
        });
        let reward = match promised {
            Ok(answer) => answer.value,
            Err(Failure::Refused(refused)) if refused.code == "reward.only_left" => {
                return Ok(Attempted::Refused);
            }
            Err(failure) => return Err(failure),
        };
        if number.is_multiple_of(4) {
            let keyed = visitor.with_key(&format!("release-of-a-promise-{number}"), "")?;
            app.win(&keyed, ("reward_release", campaign.0), move |tx| {
                reward::release(tx, reward)?;
                Ok(((), reward.0))
            })?;
        }
        Ok(Attempted::Promised(reward))
    }

    /// What each campaign has left, and whether what it gave and what waits is what was put in.
    pub fn left(&self, app: &App) -> Result<(Vec<i64>, bool), Failure> {
        app.read(|tx| {
            let mut left = Vec::new();
            let mut adds_up = true;
            for campaign in &self.campaigns {
                let all = reward::standing(tx, *campaign, self.currency)?;
                let [funded, available, escrow, given, returned, _] = all.map(|money| money.minor);
                left.push(available);
                adds_up &= funded - returned == available + escrow + given && available >= 0;
            }
            Ok((left, adds_up))
        })
    }

    /// Every promise there is, by the attempt it is of.
    pub fn promises(&self, app: &App) -> Result<Vec<(u64, Id<Reward>, i64)>, Failure> {
        app.read(|tx| {
            let sql = "select about_id, id, amount from rewards where about = 'attempt'";
            tx.all(sql, &[], |row| (row.get::<i64>(0) as u64, row.get(1), row.get(2)))
        })
    }
}
