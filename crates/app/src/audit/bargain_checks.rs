//! The checks of bargains: the way down is exact, no part is taken twice, and one order is paid
//! with each.

use super::checks::{Check, check};

/// Every invariant of bargains that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "BG1",
        "The cuts of a bargain come to the whole way from its price to its floor, to the cent",
        "select b.id from bargains b where b.start - b.floor <>
           coalesce((select sum(c.amount) from bargain_cuts c where c.bargain_id = b.id), 0)
         or b.cuts <> (select count(*) from bargain_cuts c where c.bargain_id = b.id)
         or b.cuts <> coalesce((select max(c.number) from bargain_cuts c
           where c.bargain_id = b.id), 0)",
    ),
    check(
        "BG2",
        "What was cut off is the sum of the cuts that were taken, one after the other",
        "select b.id, b.id from bargains b where b.cut <>
           coalesce((select sum(c.amount) from bargain_cuts c
             where c.bargain_id = b.id and c.number <= b.taken), 0)
         union all select c.bargain_id, c.number from bargain_cuts c
         join bargains b on b.id = c.bargain_id
         where (c.number <= b.taken) <> (c.person_id is not null)",
    ),
    check(
        "BG3",
        "Each cut was taken by one person, and nobody but at first cuts their own",
        "select h.bargain_id, h.person_id from bargain_helpers h
         join bargains b on b.id = h.bargain_id
         where h.person_id = b.person_id
           or h.cuts <> (select count(*) from bargain_cuts c
             where c.bargain_id = h.bargain_id and c.person_id = h.person_id)
           or h.cut <> coalesce((select sum(c.amount) from bargain_cuts c
             where c.bargain_id = h.bargain_id and c.person_id = h.person_id), 0)
         union all select c.bargain_id, c.number from bargain_cuts c
         join bargains b on b.id = c.bargain_id
         where (c.person_id = b.person_id and c.number > 1)
           or (c.person_id <> b.person_id and not exists (select 1 from bargain_helpers h
             where h.bargain_id = c.bargain_id and h.person_id = c.person_id))",
    ),
    check(
        "BG4",
        "A bargain pays for one order, of its goods, at the price it came down to",
        "select b.id, b.order_id from bargains b where b.order_id is not null and not exists
           (select 1 from order_campaigns c
            join order_lines l on l.order_id = c.order_id and l.variant_id = b.variant_id
            where c.order_id = b.order_id and c.bargain_id = b.id
              and c.campaign_id = b.campaign_id and c.variant_id = b.variant_id
              and c.quantity = b.quantity and c.price = b.start - b.cut
              and l.unit_price = c.price)
         union all select c.bargain_id, c.order_id from order_campaigns c
         join orders o on o.id = c.order_id join bargains b on b.id = c.bargain_id
         where o.status in ('pending_payment', 'paid', 'to_ship', 'shipped', 'delivered',
             'completed')
           and (b.order_id is null or b.order_id <> o.id)",
    ),
    check(
        "BG5",
        "A bargain is bought when its order is paid, and over when its time is",
        "select b.id from bargains b join orders o on o.id = b.order_id
         where (b.status = 'bought' and o.paid_at is null)
            or (b.status <> 'bought' and o.status = 'cancelled')
            or (b.status <> 'bought' and o.paid_at + {grace} < {now})
         union all select id from bargains where status in ('running', 'reached')
           and order_id is null and ends_at + {grace} < {now}",
    ),
    check(
        "BG6",
        "Nobody helped more often with bargains than is counted, nor than their campaign lets them",
        "select h.person_id, b.campaign_id from bargain_helpers h
         join bargains b on b.id = h.bargain_id
         group by h.person_id, b.campaign_id having count(*) <> coalesce((select k.count
           from campaign_counts k where k.campaign_id = b.campaign_id and k.scope = 'helper'
             and k.key = cast(h.person_id as text)), 0)",
    ),
];
