//! The checks of what staff do with orders: prices, units taken out, drafts, acts on many.

use super::checks::{Check, check};

/// Every invariant of the order desk that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "Q1",
        "What can still be paid for an order is what is due of it",
        "select y.id from payments y join orders o on o.id = y.order_id
         where o.status = 'pending_payment' and y.status in ('pending', 'failed')
           and y.provider not in ('store_credit', 'prepaid') and y.amount <> o.total - o.promised",
    ),
    check(
        "Q2",
        "Units staff took out of an order came back, are asked for by nobody and in no parcel",
        "select id from order_lines where removed > restocked or removed > in_returns
            or removed + shipped > quantity",
    ),
    check(
        "Q3",
        "Every change of an order is in the staff log, and its last price is what it costs",
        "select c.id from order_changes c where not exists (select 1 from staff_acts a
            where a.about = 'order' and a.about_id = c.order_id and a.actor_id = c.actor_id
              and a.action = 'order.' || c.kind)
         union all select c.id from order_changes c join orders o on o.id = c.order_id
         where c.total_after <> o.total and not exists
            (select 1 from order_changes l where l.order_id = c.order_id and l.id > c.id)",
    ),
    check(
        "Q4",
        "What staff's changes give back is what their refunds do",
        "select o.order_id from (select order_id, sum(refund) s from order_changes
            group by order_id) o
         where o.s <> coalesce((select sum(r.amount) from refunds r
            where r.order_id = o.order_id and r.reason like 'edited!_%' escape '!'), 0)
         union all select r.id from refunds r where r.reason like 'edited!_%' escape '!'
            and not exists (select 1 from order_changes c where c.order_id = r.order_id)",
    ),
    check(
        "Q5",
        "A draft that was sent is one order of its customer, and no order is of two drafts",
        "select d.id from drafts d join orders o on o.id = d.order_id
         where d.person_id is null or o.person_id <> d.person_id
         union all select m.order_id from order_moves m where m.seq = 1 and m.reason = 'drafted'
            and (select count(*) from drafts d where d.order_id = m.order_id) <> 1",
    ),
    check(
        "Q6",
        "A link to pay by ends with its order's time to pay",
        "select l.order_id from pay_links l join orders o on o.id = l.order_id
         where l.expires_at > o.pay_by",
    ),
    check(
        "Q7",
        "Nothing hangs: an act on many orders ends, and says what became of each",
        "select b.id from order_bulks b where b.status = 'done' and exists
            (select 1 from order_bulk_items i where i.bulk_id = b.id
             and i.status in ('waiting', 'doing'))
         union all select i.bulk_id from order_bulk_items i
         where (i.status = 'refused') <> (i.code <> '') or (i.order_id is null
            and i.status <> 'refused')
         union all select id from order_bulks
         where status = 'running' and created_at + 3600000000 + {grace} < {now}",
    ),
    check(
        "Q8",
        "What was sent by a file is in a parcel with the number of its row",
        "select i.bulk_id, i.position from order_bulk_items i
         join order_bulks b on b.id = i.bulk_id
         where i.status = 'done' and b.act like '%\"ship\"%' and not exists
            (select 1 from shipments s where s.order_id = i.order_id
             and s.tracking = i.tracking)",
    ),
];
