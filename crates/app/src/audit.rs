//! What must always hold, as queries: an empty answer passes.
//!
//! The same checks run after every test that touched the database, hourly while the shop is open,
//! by command and on a page. Ids follow the list of invariants in `docs/reference/invariants.md`.

use describe::ToSchema;
use domain::moment::{Moment, Span};
use domain::person::Permission;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::measures::measures;
use crate::{App, Visitor, invoice, ledger, legal, staff_act};

mod bargain_checks;
mod campaign_checks;
mod checks;
mod coupon_checks;
mod coupon_drop_checks;
mod delivery_checks;
mod desk_checks;
mod flash_checks;
mod fission_checks;
mod game_checks;
mod gift_checks;
mod hook_checks;
mod letter_checks;
mod invoice_checks;
mod payment_checks;
mod people_checks;
mod point_checks;
mod points_shop_checks;
mod price_checks;
mod return_checks;
mod review_checks;
mod seller_checks;
mod sign_in_checks;
mod staff_checks;
mod stock_checks;
mod wallet_checks;

pub use checks::Check;

/// Every invariant that can be seen in one state of the database.
pub fn every_check() -> impl Iterator<Item = &'static Check> {
    let goods = stock_checks::CHECKS.iter().chain(delivery_checks::CHECKS);
    let trade = checks::CHECKS.iter().chain(goods).chain(return_checks::CHECKS);
    let trade = trade.chain(review_checks::CHECKS).chain(wallet_checks::CHECKS);
    let trade = trade.chain(people_checks::CHECKS).chain(staff_checks::CHECKS);
    let trade = trade.chain(price_checks::CHECKS).chain(desk_checks::CHECKS);
    let trade = trade.chain(payment_checks::CHECKS).chain(invoice_checks::CHECKS);
    let trade = trade.chain(letter_checks::CHECKS);
    let trade = trade.chain(seller_checks::CHECKS).chain(campaign_checks::CHECKS);
    let trade = trade.chain(point_checks::CHECKS).chain(coupon_checks::CHECKS);
    let trade = trade.chain(game_checks::CHECKS).chain(flash_checks::CHECKS);
    let trade = trade.chain(points_shop_checks::CHECKS).chain(gift_checks::CHECKS);
    let trade = trade.chain(bargain_checks::CHECKS).chain(coupon_drop_checks::CHECKS);
    let trade = trade.chain(fission_checks::CHECKS);
    trade.chain(hook_checks::CHECKS).chain(sign_in_checks::CHECKS)
}

/// How late something may be before "should happen soon" counts as broken.
pub const GRACE: Span = Span::seconds(60);

/// One invariant as it was found.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Checked {
    pub id: String,
    pub statement: String,
    /// What offends, at most twenty of them.
    pub violations: Vec<String>,
    /// How long the check took, in microseconds.
    pub took_us: i64,
}

/// A whole audit.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AuditReport)]
pub struct Report {
    pub checks: Vec<Checked>,
    pub at: Moment,
    pub took_us: i64,
    pub clean: bool,
}

impl Report {
    /// The checks that found something.
    pub fn broken(&self) -> impl Iterator<Item = &Checked> {
        self.checks.iter().filter(|check| !check.violations.is_empty())
    }
}

/// Runs every check on one snapshot. `grace` is how late things may be.
pub fn run(app: &App, grace: Span) -> Result<Report, Failure> {
    let began = app.seams.clock.now();
    let (mut checks, at) = app.read(|tx| {
        let mut checks = Vec::new();
        for check in every_check() {
            checks.push(run_one(app, tx, check, grace)?);
        }
        Ok((checks, tx.now))
    })?;
    for (id, statement, first) in [
        ("L8", "Every journal's hash is what its content and the one before it make", {
            app.read(ledger::first_broken)?.map(|id| id.to_string())
        }),
        ("T2", "Every entry of the staff log has the hash its content makes", {
            app.read(staff_act::verify)?.map(|id| id.to_string())
        }),
        ("J6", "Every invoice has the seal its content and the one before it make", {
            app.read(invoice::first_broken)?
        }),
        ("J8", "Every legal text has the hash its words make", app.read(legal::first_broken)?),
    ] {
        checks.push(Checked {
            id: format!("{id}#"),
            statement: statement.to_string(),
            violations: first.into_iter().collect(),
            took_us: 0,
        });
    }
    let clean = checks.iter().all(|check| check.violations.is_empty());
    let took_us = app.seams.clock.now().since(began).0;
    Ok(Report { checks, at, took_us, clean })
}

fn run_one(app: &App, tx: &mut Tx, check: &Check, grace: Span) -> Result<Checked, Failure> {
    let began = app.seams.clock.now();
    let sql =
        check.sql.replace("{now}", &tx.now.0.to_string()).replace("{grace}", &grace.0.to_string());
    let mut violations = tx.all(&sql, &[], |row| row.in_words())?;
    violations.truncate(20);
    Ok(Checked {
        id: check.id.to_string(),
        statement: check.statement.to_string(),
        violations,
        took_us: app.seams.clock.now().since(began).0,
    })
}

/// Runs every check, keeps the result for the console and counts violations for the metrics.
pub fn run_and_keep(app: &App) -> Result<Report, Failure> {
    let report = run(app, GRACE)?;
    for check in &report.checks {
        let found = i64::try_from(check.violations.len()).unwrap_or(i64::MAX);
        measures().invariant_violations.with_label_values(&[&check.id]).set(found);
        if found > 0 {
            let violations = &check.violations;
            tracing::error!(id = check.id, ?violations, "an invariant is broken");
        }
    }
    app.write(|tx| {
        let id: domain::id::Id<Checked> = tx.id();
        let broken: usize = report.broken().count();
        tx.run(
            "insert into audits (id, at, took_us, violations, report) values ($1, $2, $3, $4, $5)",
            &[
                id.into(),
                report.at.into(),
                report.took_us.into(),
                (broken as i64).into(),
                serde_json::to_string(&report)?.into(),
            ],
        )?;
        tx.run("delete from audits where at < $1", &[tx.now.minus(Span::days(30)).into()])?;
        Ok(())
    })?;
    Ok(report)
}

/// The last audit, for staff; `None` before the first.
pub fn last(app: &App, visitor: &Visitor) -> Result<Option<Report>, Failure> {
    visitor.staff_reader(Permission::Audit)?;
    let text = app.read(|tx| {
        tx.maybe("select report from audits order by id desc limit 1", &[], |row| {
            row.get::<String>(0)
        })
    })?;
    Ok(match text {
        Some(text) => Some(serde_json::from_str(&text)?),
        None => None,
    })
}

/// Runs an audit now, for staff.
pub fn run_now(app: &App, visitor: &Visitor) -> Result<Report, Failure> {
    visitor.staff(Permission::Audit)?;
    run_and_keep(app)
}
