//! The checks of payment providers: each has its own clearing, and what its statements say that we
//! do not is said aloud.

use super::checks::{Check, check};

/// Every invariant of providers and their statements that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "Y1",
        "What a provider took and gave back went through the clearing account of that provider",
        "select j.id from journals j join postings p on p.journal_id = j.id
            join accounts a on a.id = p.account_id and a.kind = 'psp_clearing'
            join payments y on y.id = j.about_id
         where j.kind = 'capture' and a.owner_id <> case y.provider
            when 'stripe' then 1 when 'wechat' then 2 when 'alipay' then 3 else a.owner_id end
         union all select j.id from journals j join postings p on p.journal_id = j.id
            join accounts a on a.id = p.account_id and a.kind = 'psp_clearing'
            join refunds r on r.id = j.about_id join payments y on y.id = r.payment_id
         where j.kind = 'refund' and a.owner_id <> case y.provider
            when 'stripe' then 1 when 'wechat' then 2 when 'alipay' then 3 else a.owner_id end
         union all select j.id from journals j join postings p on p.journal_id = j.id
            join accounts a on a.id = p.account_id and a.kind = 'psp_clearing'
            join payments y on y.id = j.about_id
         where j.kind = 'capture' and y.provider = 'sandbox' and a.owner_id <> 0
         union all select j.id from journals j join postings p on p.journal_id = j.id
            join accounts a on a.id = p.account_id and a.kind = 'psp_clearing'
            left join top_up_refunds f on j.kind = 'top_up_refund' and f.id = j.about_id
            join top_ups t on t.id = coalesce(f.top_up_id, j.about_id)
         where j.kind in ('top_up', 'top_up_refund') and a.owner_id <> case t.provider
            when 'sandbox' then 0 when 'stripe' then 1 when 'wechat' then 2 when 'alipay' then 3
            else a.owner_id end
         union all select j.id from journals j join postings p on p.journal_id = j.id
            join accounts a on a.id = p.account_id and a.kind = 'psp_clearing'
            join payments y on y.id = j.about_id
         where j.kind = 'capture' and y.provider in ('store_credit', 'prepaid', 'offline')",
    ),
    check(
        "Y2",
        "A statement has as many lines as it says, all of its own day",
        "select s.id from statements s where s.lines <>
            (select count(*) from statement_lines l where l.statement_id = s.id)
         union all select s.id from statements s join statement_lines l on l.statement_id = s.id
         where l.at < s.from_at or l.at >= s.to_at or l.provider <> s.provider",
    ),
    check(
        "Y3",
        "Who settled a difference said why, and it is in the staff log",
        "select d.id from differences d where d.state = 'settled' and (d.note = '' or not exists
            (select 1 from staff_acts a where a.action = 'difference.settle'
               and a.about = 'difference' and a.about_id = d.id and a.actor_id = d.ended_by))",
    ),
    check(
        "Y4",
        "A statement that differs has a case for a person",
        "select distinct d.statement_id from differences d where d.state = 'open' and not exists
            (select 1 from cases c where c.kind = 'statement_differs' and c.about = 'statement'
               and c.about_id = d.statement_id)",
    ),
    check(
        "Y5",
        "A line of a statement agrees with our books, or the difference is known",
        "select l.statement_id, l.position from statement_lines l
            left join (select provider, reference, status, amount, currency from payments
              union all select provider, reference, status, amount, currency from top_ups) y
              on y.provider = l.provider and y.reference = l.reference
         where l.kind = 'payment' and l.state = 'done'
            and (y.reference is null or y.status <> 'captured' or y.amount <> l.minor
              or y.currency <> l.currency)
            and not exists (select 1 from differences d where d.provider = l.provider
              and d.kind = 'payment'
              and d.name = case when l.reference = '' then l.theirs else l.reference end)",
    ),
    check(
        "Y6",
        "What we took on a day stands on a statement of then, or is known to be missing there",
        "select y.id from (select id, provider, reference, updated_at as at from payments
              where status = 'captured'
              union all select id, provider, reference, captured_at from top_ups
              where status = 'captured') y
            join statements s on s.provider = y.provider
            and y.at >= s.from_at and y.at < s.to_at
            join statements b on b.provider = s.provider and b.day = s.day - 1
            join statements a on a.provider = s.provider and a.day = s.day + 1
         where not exists (select 1 from statement_lines l
              where l.provider = y.provider and l.kind = 'payment' and l.reference = y.reference)
            and not exists (select 1 from differences d where d.provider = y.provider
              and d.kind = 'payment' and d.name = y.reference)",
    ),
];
