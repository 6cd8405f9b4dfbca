//! What recurs: the whole list.

use domain::moment::{Moment, Span};

use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, payment, reconciliation};

/// Something that recurs: its name, how often, and what it is.
pub struct Recurring {
    pub name: &'static str,
    pub every: Span,
    pub run: fn(&App) -> Result<(), Failure>,
}

/// Everything that recurs.
pub const RECURRING: &[Recurring] = &[
    Recurring { name: "audit", every: Span::hours(1), run: audit },
    Recurring { name: "sweep", every: Span::minutes(1), run: sweep },
    Recurring { name: "letters", every: Span::minutes(1), run: crate::letter::look },
    Recurring { name: "hints", every: Span::minutes(1), run: hints },
    Recurring { name: "payments", every: Span::minutes(1), run: payments },
    Recurring { name: "statements", every: Span::hours(1), run: reconciliation::ask_due },
    Recurring { name: "customers", every: Span::minutes(1), run: crate::customer::catch_up },
    Recurring { name: "points", every: Span::minutes(1), run: crate::point::expire },
    Recurring { name: "levels", every: Span::minutes(1), run: crate::level::judge },
    Recurring { name: "coupons", every: Span::minutes(1), run: crate::coupon::tidy },
    Recurring { name: "forget", every: Span::hours(6), run: forget },
];

/// Every invariant, hourly.
fn audit(app: &App) -> Result<(), Failure> {
    crate::audit::run_and_keep(app).map(|_| ())
}

/// Payments that stay open are asked about.
fn payments(app: &App) -> Result<(), Failure> {
    payment::ask::round(app).map(|_| ())
}

/// Asks again for what should have happened by now: a job that was given up, or lost with a copy
/// of the data, must not leave an order or a team hanging.
fn sweep(app: &App) -> Result<(), Failure> {
    app.write(|tx| {
        let late = tx.now.minus(Span::seconds(30));
        overdue(tx, "order.close", "orders", "status = 'pending_payment' and pay_by", late)?;
        overdue(tx, crate::gift::CLOSE, "gifts", "state = 'open' and deadline", late)?;
        overdue(tx, "team.close", "teams", "status = 'open' and deadline", late)?;
        overdue(tx, "after_sale.due", "after_sales", "due_at", late)?;
        let open = "status in ('running', 'reached') and order_id is null and ends_at";
        overdue(tx, crate::bargain::EXPIRE, "bargains", open, late)?;
        overdue(tx, "order.bulk", "order_bulks", "status = 'running' and created_at", late)?;
        overdue(tx, "order.split", "splits", "status = 'pending' and created_at", late)?;
        overdue(tx, "refund.send", "refunds", "status = 'pending' and created_at", late)?;
        let asked = "state = 'asked' and due_at";
        overdue(tx, crate::own_data::ERASE, "erasures", asked, late)?;
        let kept = "state = 'done' and coalesce(keep_until, 0)";
        overdue(tx, crate::own_data::FINISH, "erasures", kept, late)?;
        let on = "status in ('scheduled', 'running', 'paused') and ends_at";
        overdue(tx, crate::campaign::END, "campaigns", on, late)
    })
}

fn overdue(
    tx: &mut Tx,
    job: &'static str,
    table: &str,
    when: &str,
    before: Moment,
) -> Result<(), Failure> {
    let sql = format!(
        "select id from {table} t where {when} < $1 and not exists
           (select 1 from jobs j where j.kind = $2 and j.about_id = t.id
            and j.state in ('ready', 'running')) limit 200"
    );
    for id in tx.all(&sql, &[before.into(), job.into()], |row| row.get::<i64>(0))? {
        tx.ask(job, id, tx.now)?;
    }
    Ok(())
}

/// What is odd about orders of the last minutes.
fn hints(app: &App) -> Result<(), Failure> {
    crate::order_desk::hints::judge_new(app).map(|_| ())
}

/// Forgets what has no use any more: done jobs, old keys, ended sessions, old tries.
fn forget(app: &App) -> Result<(), Failure> {
    app.write(|tx| {
        let week_ago = tx.now.minus(Span::days(7));
        crate::jobs::forget_done(tx, week_ago)?;
        tx.run("delete from idempotency_keys where created_at < $1", &[week_ago.into()])?;
        crate::tries::forget(tx, week_ago)?;
        crate::person::forget_codes(tx, week_ago)?;
        crate::message::forget(tx, tx.now.minus(Span::days(90)))?;
        crate::letter::forget(tx, tx.now.minus(Span::days(90)))?;
        tx.run("delete from sandbox_notices where delivered_at < $1", &[week_ago.into()])?;
        crate::webhook::forget(tx)?;
        crate::session::purge(tx)?;
        crate::favourite::purge(tx)?;
        crate::own_data::purge(tx)?;
        crate::second_factor::purge(tx)?;
        crate::passkey::purge(tx)?;
        Ok(())
    })
}
