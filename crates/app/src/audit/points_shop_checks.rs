//! The checks of the points shop: nothing is given that was not there, nobody had more than they
//! may, and everything was paid for in points.

use super::checks::{Check, check};

/// Every invariant of the points shop that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "PS1",
        "Of every item of a points shop as many are gone as were exchanged",
        "select i.campaign_id, i.item from points_items i where i.stock - i.left_over <>
           coalesce((select sum(e.quantity) from points_exchanges e
             where e.campaign_id = i.campaign_id and e.item = i.item), 0)
         union all select s.campaign_id, s.variant_id from campaign_stock s
         join campaigns c on c.id = s.campaign_id
         where c.mechanic = 'points_shop' and c.status in ('scheduled', 'running', 'paused')
           and s.quota - s.left_over <> coalesce((select sum(e.aside) from points_exchanges e
             where e.campaign_id = s.campaign_id and e.variant_id = s.variant_id), 0)",
    ),
    check(
        "PS2",
        "How many of an item somebody has had is what their exchanges say",
        "select p.campaign_id, p.item, p.person_id from points_item_people p where p.quantity <>
           coalesce((select sum(e.quantity) from points_exchanges e
             where e.campaign_id = p.campaign_id and e.item = p.item
               and e.person_id = p.person_id and e.state = 'stands'), 0)
         union all select e.campaign_id, e.item, e.person_id from points_exchanges e
         where not exists (select 1 from points_item_people p
           where p.campaign_id = e.campaign_id and p.item = e.item
             and p.person_id = e.person_id)",
    ),
    check(
        "PS3",
        "Every exchange was paid for in points, once, by whoever had it",
        "select e.id from points_exchanges e where e.coupon_id is not null and e.points <>
           -coalesce((select sum(m.points) from point_moves m where m.kind = 'spent'
             and m.about = 'points_exchange' and m.about_id = e.id
             and m.person_id = e.person_id), 0)
         union all select e.id from points_exchanges e
         where e.order_id is not null and e.points <>
           -coalesce((select sum(m.points) from point_moves m where m.kind = 'spent'
             and m.about = 'order' and m.about_id = e.order_id
             and m.person_id = e.person_id), 0)
         union all select m.id from point_moves m where m.about = 'points_exchange'
           and not exists (select 1 from points_exchanges e where e.id = m.about_id)",
    ),
    check(
        "PS4",
        "What was exchanged is its receiver’s: a coupon, or an order of the goods at their price",
        "select e.id from points_exchanges e left join coupons c on c.id = e.coupon_id
         left join orders o on o.id = e.order_id
         where coalesce(c.owner_id, o.person_id) <> e.person_id
           and not exists (select 1 from people p where p.id = e.person_id
             and p.merged_into = coalesce(c.owner_id, o.person_id))
         union all select e.id from points_exchanges e join order_lines l on l.order_id = e.order_id
         where l.variant_id = e.variant_id
           and (l.quantity > e.quantity or (l.quantity = e.quantity
             and l.price_why <> 'agreed' and l.total <> e.money))
         union all select e.id from points_exchanges e join orders o on o.id = e.order_id
         where (e.state = 'undone') <> (o.status in ('cancelled', 'late_paid'))
           and not exists (select 1 from jobs j where j.state in ('ready', 'running', 'dead')
             and j.kind = 'points_shop.order' and j.about_id = o.id)",
    ),
];
