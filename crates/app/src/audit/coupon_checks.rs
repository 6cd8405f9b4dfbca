//! The checks of promotions and coupons: what was taken off is kept to the cent, every coupon is
//! used by one order at most, by its holder, and no more are out than there were to be.

use super::checks::{Check, check};

/// Every invariant of offers that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "A1",
        "What was taken off a line is what its causes took, and each step is the sum of its shares",
        "select l.id from order_lines l where l.price_why <> 'agreed'
           and exists (select 1 from order_steps s where s.order_id = l.order_id)
           and l.discount <> coalesce((select sum(d.amount) from order_line_discounts d
             where d.line_id = l.id), 0)
         union all select s.order_id from order_steps s
         where s.cause not in ('shipping_coupon', 'gift') and s.off <>
           coalesce((select sum(d.amount) from order_line_discounts d
             join order_lines l on l.id = d.line_id
             where l.order_id = s.order_id and d.position = s.position), 0)
         union all select d.line_id from order_line_discounts d
         join order_lines l on l.id = d.line_id
         where not exists (select 1 from order_steps s
           where s.order_id = l.order_id and s.position = d.position)",
    ),
    check(
        "A2",
        "Each step takes off no more than there was, and the next begins where it ended",
        "select s.order_id from order_steps s
         join order_steps n on n.order_id = s.order_id and n.position = s.position + 1
         where s.cause not in ('shipping_coupon', 'gift')
           and n.cause not in ('shipping_coupon', 'gift') and n.remains <> s.remains - n.off
         union all select order_id from order_steps where off > matched",
    ),
    check(
        "A3",
        "A coupon is used by its holder's order alone, and that order was reckoned with it",
        "select c.id from coupons c join orders o on o.id = c.order_id
         where o.person_id <> c.owner_id or o.status = 'cancelled'
            or not exists (select 1 from order_steps s
              where s.order_id = o.id and s.about_id = c.id)
         union all select c.id from order_steps s join coupons c on c.id = s.about_id
         join orders o on o.id = s.order_id
         where o.status in ('pending_payment', 'paid', 'awaiting_team', 'awaiting_taker',
               'to_ship', 'shipped', 'delivered', 'completed')
           and (c.order_id is null or c.order_id <> o.id)
           and not exists (select 1 from coupon_moves m where m.coupon_id = c.id
             and m.order_id = o.id and m.reason = 'refunded')",
    ),
    check(
        "A4",
        "A coupon is where its moves led it",
        "select c.id from coupons c where not exists (select 1 from coupon_moves m
           where m.coupon_id = c.id and m.to_state = c.state and m.seq =
             (select max(seq) from coupon_moves x where x.coupon_id = c.id))
         union all select m.coupon_id from coupon_moves m where m.seq > 1 and not exists
           (select 1 from coupon_moves b where b.coupon_id = m.coupon_id and b.seq = m.seq - 1
              and b.to_state = m.from_state)
         union all select c.id from coupons c
         where c.state = 'used' and c.order_id <> coalesce((select m.order_id from coupon_moves m
           where m.coupon_id = c.id and m.seq =
             (select max(seq) from coupon_moves x where x.coupon_id = c.id)), 0)",
    ),
    check(
        "A5",
        "No more coupons are out than there were to be, counted alike wherever they are counted",
        "select t.id from coupon_templates t where t.taken <>
           (select count(*) from coupons c where c.template_id = t.id)
         union all select t.id from coupon_templates t where t.taken <>
           coalesce((select sum(n.taken) from coupon_counts n
             where n.template_id = t.id and n.who like 'person:%'), 0)
         union all select id from coupon_templates where total is not null and taken > total
         union all select n.template_id from coupon_counts n
         join coupon_templates t on t.id = n.template_id
         where n.who like 'cluster:%' and n.taken > t.per_cluster
         union all select n.template_id from coupon_counts n
         join coupon_templates t on t.id = n.template_id
         where n.who like 'person:%' and n.taken > t.per_person
           and not exists (select 1 from coupons c where c.template_id = t.id
             and c.source in ('staff', 'share'))",
    ),
    check(
        "A6",
        "A code made one coupon, and that coupon came by a code",
        "select c.id from coupons c where c.source = 'code' and not exists
           (select 1 from coupon_codes k where k.coupon_id = c.id)
         union all select k.coupon_id from coupon_codes k join coupons c on c.id = k.coupon_id
         where c.source <> 'code' or c.template_id <> k.template_id",
    ),
    check(
        "A7",
        "No coupon was used before its time or after it",
        "select m.coupon_id from coupon_moves m join coupons c on c.id = m.coupon_id
         where m.to_state = 'used' and (m.at < c.usable_from or m.at >= c.usable_until)
         union all select id from coupons where usable_until <= usable_from",
    ),
    check(
        "A8",
        "What came along cost nothing, and something said so",
        "select l.id from order_lines l where l.gift = 1
           and (l.total <> 0 or l.unit_price <> 0 or l.discount <> 0 or not exists
             (select 1 from order_steps s where s.order_id = l.order_id and s.cause = 'gift'))
         union all select s.order_id from order_steps s where s.cause = 'gift' and not exists
           (select 1 from order_lines l where l.order_id = s.order_id and l.gift = 1)",
    ),
];
