//! Cases: what only a person can decide, such as a payment of the wrong amount.

use describe::ToSchema;
use domain::event::Fact;
use domain::id::Id;
use domain::moment::Moment;
use domain::payment::Case;
use domain::person::Permission;
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, staff_act};

/// Something for a person to look at.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CaseView {
    pub id: Id<Case>,
    /// amount_mismatch, refund_failed, refund_slow, job_dead, webhook_off, return_escalated,
    /// statement_differs, split_failed, split_slow.
    pub kind: String,
    pub about: String,
    pub about_id: String,
    pub detail: String,
    pub open: bool,
    pub opened_at: Moment,
}

/// Opens a case, once for each kind and thing.
pub fn open(tx: &mut Tx, kind: &str, about: (&str, i64), detail: &str) -> Result<(), Failure> {
    let id: Id<Case> = tx.id();
    let new = tx.run(
        "insert into cases (id, kind, about, about_id, detail, state, opened_at)
         values ($1, $2, $3, $4, $5, 'open', $6) on conflict (kind, about, about_id) do nothing",
        &[id.into(), kind.into(), about.0.into(), about.1.into(), detail.into(), tx.now.into()],
    )?;
    if new == 1 {
        tx.tell(Fact::CaseOpened { case: id })?;
    }
    Ok(())
}

/// Whether there ever was such a case.
pub(crate) fn is_known(tx: &mut Tx, kind: &str, about: (&str, i64)) -> Result<bool, Failure> {
    let sql = "select 1 from cases where kind = $1 and about = $2 and about_id = $3";
    Ok(tx.maybe(sql, &[kind.into(), about.0.into(), about.1.into()], |_| ())?.is_some())
}

/// Opens a case that may come again: one that was closed is opened anew.
pub fn open_again(
    tx: &mut Tx,
    kind: &str,
    about: (&str, i64),
    detail: &str,
) -> Result<(), Failure> {
    tx.run(
        "update cases set state = 'open', detail = $4, opened_at = $5, closed_at = null,
                          closed_by = null
         where kind = $1 and about = $2 and about_id = $3 and state = 'closed'",
        &[kind.into(), about.0.into(), about.1.into(), detail.into(), tx.now.into()],
    )?;
    open(tx, kind, about, detail)
}

/// Closes a case whose question was answered; `None` when nobody in particular did.
pub fn settle(
    tx: &mut Tx,
    kind: &str,
    about: (&str, i64),
    actor: Option<Id<domain::person::Person>>,
) -> Result<(), Failure> {
    tx.run(
        "update cases set state = 'closed', closed_at = $4, closed_by = $5
         where kind = $1 and about = $2 and about_id = $3 and state = 'open'",
        &[kind.into(), about.0.into(), about.1.into(), tx.now.into(), actor.into()],
    )?;
    Ok(())
}

/// Cases, open ones first, then the newest.
pub fn list(app: &App, visitor: &Visitor, limit: i64) -> Result<Vec<CaseView>, Failure> {
    visitor.staff_reader(Permission::Orders)?;
    app.read(|tx| {
        tx.all(
            "select id, kind, about, about_id, detail, state, opened_at from cases
             order by case when state = 'open' then 0 else 1 end, id desc limit $1",
            &[limit.into()],
            |row| {
                let about: String = row.get(2);
                let number: i64 = row.get(3);
                let about_id = match about.as_str() {
                    "order" => Id::<domain::order::Order>::new(number).to_string(),
                    "payment" => Id::<domain::payment::Payment>::new(number).to_string(),
                    "top_up" => Id::<domain::wallet::TopUp>::new(number).to_string(),
                    "top_up_refund" => Id::<domain::wallet::TopUpRefund>::new(number).to_string(),
                    "refund" => Id::<domain::payment::Refund>::new(number).to_string(),
                    "statement" => {
                        Id::<domain::reconciliation::Reconciliation>::new(number).to_string()
                    }
                    "return" => Id::<domain::after_sale::AfterSale>::new(number).to_string(),
                    "webhook" => Id::<domain::webhook::Webhook>::new(number).to_string(),
                    "split" => Id::<domain::seller::Split>::new(number).to_string(),
                    "job" => Id::<crate::jobs::Job>::new(number).to_string(),
                    _ => number.to_string(),
                };
                CaseView {
                    id: row.get(0),
                    kind: row.get(1),
                    about,
                    about_id,
                    detail: row.get(4),
                    open: row.get::<String>(5) == "open",
                    opened_at: row.get(6),
                }
            },
        )
    })
}

/// Closes a case with what was done about it.
pub fn close(app: &App, visitor: &Visitor, case: Id<Case>, what: &str) -> Result<(), Failure> {
    let actor = visitor.staff(Permission::Orders)?;
    app.write_for(visitor, |tx| {
        let closed = tx.run(
            "update cases set state = 'closed', closed_at = $2, closed_by = $3
             where id = $1 and state = 'open'",
            &[case.into(), tx.now.into(), actor.into()],
        )?;
        if closed == 0 {
            return Err(Failure::NotFound);
        }
        staff_act::record(tx, actor, "case.close", ("case", case.0), what)
    })
}
