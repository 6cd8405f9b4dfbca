//! The checks of gifts: what waits for its taker, who has it, and what went back.

use super::checks::{Check, check};

/// Every invariant of gifts that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "GF1",
        "An order waits for its taker while its gift can be taken, and goes nowhere before",
        "select g.id from gifts g join orders o on o.id = g.order_id
         where (g.state = 'open') <> (o.status = 'awaiting_taker')
            or (g.state = 'waiting' and o.status not in
              ('pending_payment', 'cancelled', 'late_paid'))
            or (g.state <> 'taken' and o.status in ('to_ship', 'shipped', 'delivered',
              'completed'))
         union all select o.id from orders o where o.status = 'awaiting_taker'
           and not exists (select 1 from gifts g where g.order_id = o.id)
         union all select s.id from shipments s join gifts g on g.order_id = s.order_id
         where g.state <> 'taken'",
    ),
    check(
        "GF2",
        "A gift belongs to who paid for its order, and was taken once, in time",
        "select g.id from gifts g join orders o on o.id = g.order_id
         left join gift_takers t on t.gift_id = g.id
         left join order_moves m on m.order_id = o.id and m.from_status = 'awaiting_taker'
           and m.to_status = 'to_ship'
         where o.person_id <> g.giver_id or t.at >= g.deadline
            or (g.state = 'taken') <> (t.gift_id is not null)
            or (g.state = 'taken') <> (m.order_id is not null)
            or (m.actor_id <> t.person_id and not exists (select 1 from people p
              where p.id = m.actor_id and p.merged_into is not null))",
    ),
    check(
        "GF3",
        "The money of a gift that nobody has went back, or is on its way",
        "select g.id from gifts g join orders o on o.id = g.order_id
         where g.state = 'returned' and (o.status not in ('refunding', 'refunded')
            or o.total > coalesce((select sum(r.amount) from refunds r
              where r.order_id = o.id and r.status <> 'failed'), 0))
           and not exists (select 1 from refunds f
             where f.order_id = o.id and f.status = 'failed')",
    ),
];
