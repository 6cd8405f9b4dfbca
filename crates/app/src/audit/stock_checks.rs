//! What must hold about stock: every unit is in one place, and every promise has its units.

use super::checks::{Check, check};

/// Every invariant of stock that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "S1",
        "Every unit is in one place: received = available + set aside + reserved + sold + lost",
        "select variant_id from stock
         where received <> available + set_aside + reserved + sold + lost",
    ),
    check(
        "S2",
        "No stock number is negative",
        "select variant_id from stock where received < 0 or available < 0 or set_aside < 0
            or reserved < 0 or sold < 0 or lost < 0",
    ),
    check(
        "S3",
        "Stock equals the sum of its moves, and every move is balanced",
        "select s.variant_id from stock s left join
           (select variant_id, sum(d_received) r, sum(d_available) a, sum(d_set_aside) e,
                   sum(d_reserved) v, sum(d_sold) q, sum(d_lost) l
            from stock_moves group by variant_id) m on m.variant_id = s.variant_id
         where s.received <> coalesce(m.r, 0) or s.available <> coalesce(m.a, 0)
            or s.set_aside <> coalesce(m.e, 0) or s.reserved <> coalesce(m.v, 0)
            or s.sold <> coalesce(m.q, 0) or s.lost <> coalesce(m.l, 0)
         union all select id from stock_moves
         where d_received <> d_available + d_set_aside + d_reserved + d_sold + d_lost",
    ),
    check(
        "S4",
        "Reserved equals the active reservations, and what is kept to be sent instead",
        "select s.variant_id from stock s left join
           (select variant_id, sum(quantity) q from reservations where status = 'active'
            group by variant_id) r on r.variant_id = s.variant_id
         left join (select exchange_for, sum(kept) q from after_sale_lines
            where exchange_for is not null group by exchange_for) k
           on k.exchange_for = s.variant_id
         where s.reserved <> coalesce(r.q, 0) + coalesce(k.q, 0)",
    ),
    check(
        "S5",
        "Sold equals the paid lines less what came back, and what was sent instead",
        "select s.variant_id from stock s left join
           (select l.variant_id, sum(l.quantity - l.restocked - l.spoiled) q from order_lines l
            join orders o on o.id = l.order_id
            where o.paid_at is not null and o.status <> 'late_paid'
            group by l.variant_id) x on x.variant_id = s.variant_id
         left join (select exchange_for, sum(sent) q from after_sale_lines
            where exchange_for is not null group by exchange_for) e
           on e.exchange_for = s.variant_id
         where s.sold <> coalesce(x.q, 0) + coalesce(e.q, 0)",
    ),
    check(
        "S6",
        "No reservation outlives its time",
        "select id from reservations
         where status = 'active' and expires_at + {grace} < {now}",
    ),
    check(
        "S7",
        "An order has claimed its units exactly when it was paid, and holds none when it is over",
        "select o.id from orders o where o.paid_at is not null and o.status <> 'late_paid'
           and (select coalesce(sum(r.quantity), 0) from reservations r
                where r.order_id = o.id and r.status = 'claimed')
            <> (select coalesce(sum(l.quantity), 0) from order_lines l where l.order_id = o.id)
         union all select r.order_id from reservations r join orders o on o.id = r.order_id
         where (r.status = 'claimed' and (o.paid_at is null or o.status = 'late_paid'))
            or (r.status = 'active' and o.status <> 'pending_payment')",
    ),
    check(
        "S8",
        "What is set aside is what running group buys and campaigns have left over",
        "select s.variant_id from stock s left join
           (select variant_id, sum(left_over) q from campaign_stock
            where left_over is not null group by variant_id) g on g.variant_id = s.variant_id
         where s.set_aside <> coalesce(g.q, 0)",
    ),
    check(
        "S9",
        "Nobody passes a group buy's limit, and the counter is a true count",
        "select c.campaign_id, c.person_id from campaign_people c
         join group_buys b on b.id = c.campaign_id left join
           (select o.group_buy_id, o.person_id, sum(l.quantity - l.restocked - l.spoiled
              + coalesce((select sum(a.sellable + a.damaged) from after_sale_lines a
                  join after_sales e on e.id = a.after_sale_id
                  where a.order_line_id = l.id and e.kind = 'exchange'), 0)) q from orders o
            join order_lines l on l.order_id = o.id
            where o.group_buy_id is not null and o.status not in ('cancelled', 'late_paid')
            group by o.group_buy_id, o.person_id) x
           on x.group_buy_id = c.campaign_id and x.person_id = c.person_id
         where c.quantity <> coalesce(x.q, 0) or c.quantity > c.most",
    ),
    check(
        "S10",
        "A group buy never sells or holds more than it set aside",
        "select g.campaign_id, g.variant_id from campaign_stock g
         join campaigns b on b.id = g.campaign_id and b.mechanic = 'group_buy'
         where g.quota is not null and b.status in ('scheduled', 'running', 'paused')
           and g.quota <> g.left_over
           + coalesce((select sum(l.quantity - l.restocked) from orders o
             join order_lines l on l.order_id = o.id
             where o.group_buy_id = g.campaign_id and l.variant_id = g.variant_id
               and o.status not in ('cancelled', 'late_paid')), 0)",
    ),
];
