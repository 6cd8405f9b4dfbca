//! Every job by name, and the verb it runs; the workers that run them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::person::Permission;
use domain::task::Deed;

use crate::failure::Failure;
use crate::invite::Came;
use crate::jobs::{self, Claimed, Job, Queue};
use crate::schedule::RECURRING;
use crate::{
    App, Visitor, after_sale, bargain, campaign, case, catalog, coupon, coupon_drop, customer,
    deal, fission, flash_sale, gift, invite, invoice, letter, message, order_desk, order_points,
    own_data, packet, payment, points_shop, reconciliation, refund, sandbox, settlement, staff_act,
    task, team, top_up, webhook,
};

/// How many letters a worker of the post takes at a time: a mail server that does not answer holds
/// up as many for no longer than their lease.
const LETTERS_AT_ONCE: i64 = 4;
/// How long a worker for others waits after the bell for what else happens.
const TOGETHER: Duration = Duration::from_millis(50);

/// Has a job that waits or was given up run at once; jobs that may run twice lose nothing by it.
pub fn retry(app: &App, visitor: &Visitor, id: Id<Job>) -> Result<(), Failure> {
    let actor = visitor.staff(Permission::Jobs)?;
    app.write_for(visitor, |tx| {
        jobs::retry(tx, id)?;
        staff_act::record(tx, actor, "job.retry", ("job", id.0), "")
    })
}

/// Runs one job. A moment when it was too early and is to be run then.
fn run(app: &App, job: &Claimed) -> Result<Option<Moment>, Failure> {
    let id = job.about_id;
    let done = |result: Result<(), Failure>| result.map(|()| None);
    match job.kind.as_str() {
        "order.close" => payment::close_unpaid(app, Id::new(id)),
        "order.receive" => done(order_desk::receive_due(app, Id::new(id))),
        "order.complete" => done(order_desk::complete(app, Id::new(id))),
        order_desk::bulk::JOB => done(order_desk::bulk::run(app, Id::new(id))),
        "after_sale.due" => after_sale::due(app, Id::new(id)),
        "team.close" => team::close_due(app, Id::new(id)),
        "team.end" => done(team::end_by_merchant(app, Id::new(id))),
        "friend.paid" => done(invite::order_due(app, Id::new(id), Came::Paid)),
        "friend.kept" => done(invite::order_due(app, Id::new(id), Came::Kept)),
        "friend.undone" => done(invite::order_due(app, Id::new(id), Came::Undone)),
        // Group buys were not campaigns once, and may have been asked for then.
        campaign::START | "group_buy.start" => campaign::tick_due(app, Id::new(id), false),
        campaign::END | "group_buy.end" => campaign::tick_due(app, Id::new(id), true),
        "order.split" => settlement::send(app, Id::new(id)),
        order_points::ORDER | order_points::REVIVED => {
            done(order_points::order_moved(app, Id::new(id)))
        }
        task::PAID => done(task::ordered(app, Id::new(id), Deed::OrderPaid)),
        task::COMPLETED => done(task::ordered(app, Id::new(id), Deed::OrderCompleted)),
        points_shop::ORDER => done(points_shop::order_moved(app, Id::new(id))),
        order_points::REFUND => done(order_points::refunded(app, Id::new(id))),
        "refund.send" => refund::send(app, Id::new(id)),
        "top_up.close" => done(top_up::close_unpaid(app, Id::new(id))),
        "top_up.refund" => top_up::refund(app, Id::new(id)),
        gift::CLOSE => gift::close_due(app, Id::new(id)),
        bargain::ORDER => done(bargain::order_due(app, Id::new(id))),
        bargain::EXPIRE => bargain::expire_due(app, Id::new(id)),
        deal::FREED => flash_sale::serve_due(app, Id::new(id)),
        flash_sale::REMIND => flash_sale::remind_due(app, Id::new(id)),
        coupon::MOVED => done(coupon_drop::settle_due(app, Id::new(id))),
        fission::CLOSE => fission::close_due(app, Id::new(id)),
        packet::CLOSE => packet::close_due(app, Id::new(id)),
        "statement.read" => reconciliation::read_due(app, id),
        "sandbox.notify" => done(sandbox::notify(app, id)),
        letter::WRITE => done(letter::write(app)),
        message::SEND | message::SEND_LETTER => done(letter::send(app, Id::new(id))),
        "picture.fetch" => done(catalog::pictures::fetch(app, Id::new(id))),
        invoice::JOB => done(invoice::issue_due(app, Id::new(id))),
        customer::SETTLE => done(customer::settle(app, Id::new(id))),
        own_data::EXPORT => done(own_data::make_export(app, Id::new(id))),
        own_data::ERASE => own_data::due(app, Id::new(id)),
        own_data::FINISH => own_data::finish(app, Id::new(id)),
        webhook::SEND => webhook::send(app, Id::new(id)),
        other => Err(Failure::Broken(format!("no such job: {other}"))),
    }
}

/// Runs what is due, once around: how many jobs were run.
pub fn step(app: &App) -> Result<usize, Failure> {
    Ok(round(app, Queue::Ours)? + round(app, Queue::Post)? + round(app, Queue::Others)?)
}

/// The same for one queue. A worker of others' machines takes one job at a time, so that whoever is
/// slow holds up as few as can be.
fn round(app: &App, queue: Queue) -> Result<usize, Failure> {
    let most = match queue {
        Queue::Ours => 32,
        Queue::Others => {
            webhook::wake(app)?;
            // A look is cheaper than a claim, and most of what happens is nobody's to hear.
            let due = app.read(|tx| jobs::next_due(tx, queue))?;
            if due.is_none_or(|due| due > app.now()) {
                return Ok(0);
            }
            1
        }
        Queue::Post => {
            letter::wake(app)?;
            let due = app.read(|tx| jobs::next_due(tx, queue))?;
            if due.is_none_or(|due| due > app.now()) {
                return Ok(0);
            }
            LETTERS_AT_ONCE
        }
    };
    let claimed = app.write(|tx| jobs::claim(tx, queue, most, app.config.lease))?;
    for job in &claimed {
        // This process was paused, or the jobs before took long: another worker may have it now.
        if app.now() >= job.until {
            tracing::warn!(job = %job.id, kind = job.kind, "a job's lease ran out before it began");
            continue;
        }
        // A panic in one job must not take the others' leases with it.
        let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(app, job)));
        let ran = ran.unwrap_or_else(|_| Err(Failure::broken("the job panicked")));
        app.write(|tx| match &ran {
            Ok(None) => jobs::done(tx, job),
            Ok(Some(at)) => jobs::postpone(tx, job, *at),
            Err(failure) => {
                tracing::warn!(job = %job.id, kind = job.kind, %failure, "a job failed");
                if jobs::failed(tx, job, &failure.to_string())? {
                    tracing::error!(job = %job.id, kind = job.kind, "a job was given up");
                    case::open(tx, "job_dead", ("job", job.id.0), &failure.to_string())?;
                    if [message::SEND, message::SEND_LETTER].contains(&job.kind.as_str()) {
                        message::give_up(tx, Id::new(job.about_id), &failure.to_string())?;
                    }
                }
                Ok(())
            }
        })?;
    }
    Ok(claimed.len())
}

/// Runs jobs until none is due.
pub fn drain(app: &App) -> Result<usize, Failure> {
    let mut total = 0;
    loop {
        match step(app)? {
            0 => return Ok(total),
            n => total += n,
        }
    }
}

/// A worker's life: it runs what is due and sleeps until the bell rings or something is due.
/// One of them also runs what recurs.
pub fn live(app: &Arc<App>, stop: &AtomicBool, with_schedule: bool) {
    live_in(app, stop, Queue::Ours, with_schedule);
}

/// The life of a worker that tells others what happened.
pub fn live_for_others(app: &Arc<App>, stop: &AtomicBool) {
    live_in(app, stop, Queue::Others, false);
}

/// The life of a worker that writes letters and hands them over.
pub fn live_for_post(app: &Arc<App>, stop: &AtomicBool) {
    live_in(app, stop, Queue::Post, false);
}

fn live_in(app: &Arc<App>, stop: &AtomicBool, queue: Queue, with_schedule: bool) {
    let mut last: Vec<Moment> = vec![app.now(); RECURRING.len()];
    while !stop.load(Ordering::Relaxed) {
        let heard = app.bell.heard();
        let worked = round(app, queue).unwrap_or_else(|failure| {
            tracing::warn!(%failure, "the worker cannot reach its jobs");
            0
        });
        if with_schedule {
            recur(app, &mut last);
        }
        if worked == 0 {
            app.bell.wait(heard, until_due(app, queue));
            if queue == Queue::Others {
                // What happens at once is told in one turn.
                app.bell.wait(u64::MAX, TOGETHER);
            }
        }
    }
}

/// How long until the next job is due, at most a second.
fn until_due(app: &App, queue: Queue) -> Duration {
    let due = app.read(|tx| jobs::next_due(tx, queue)).ok().flatten();
    let wait = due.map_or(Span::seconds(1), |due| due.since(app.now()));
    let micros = wait.0.clamp(1_000, Span::seconds(1).0);
    Duration::from_micros(micros.unsigned_abs())
}

fn recur(app: &App, last: &mut [Moment]) {
    for (recurring, last) in RECURRING.iter().zip(last) {
        if app.now().since(*last) < recurring.every {
            continue;
        }
        *last = app.now();
        if let Err(failure) = (recurring.run)(app) {
            tracing::warn!(name = recurring.name, %failure, "a recurring task failed");
        }
    }
}
