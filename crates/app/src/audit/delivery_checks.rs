//! The checks of delivery: parcels hold what was bought, codes are good once, rates are there.

use super::checks::{Check, check};

/// Every invariant of delivery that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "P1",
        "A line's parcels hold as many of its units as it says, all of one order",
        "select l.id from order_lines l where l.shipped <> coalesce(
            (select cast(sum(q.quantity) as bigint) from shipment_lines q
             where q.line_id = l.id), 0)
         union all select q.line_id from shipment_lines q
            join shipments s on s.id = q.shipment_id join order_lines l on l.id = q.line_id
            where s.order_id <> l.order_id or l.ships = 0",
    ),
    check(
        "P2",
        "A shipped order has every unit that is carried in a parcel",
        "select o.id from orders o join order_lines l on l.order_id = o.id
         where o.status = 'shipped' and l.ships = 1 and l.shipped + l.removed < l.quantity",
    ),
    check(
        "P3",
        "A parcel holds something, and none is for an order that is not paid",
        "select s.id from shipments s where not exists
            (select 1 from shipment_lines q where q.shipment_id = s.id)
         union all select s.id from shipments s join orders o on o.id = s.order_id
            where o.paid_at is null and o.total > 0",
    ),
    check(
        "P4",
        "What was fetched was given out once, to an order that was paid, and never sent as well",
        "select u.order_id from pickups u where u.collected_at is not null and
            (select count(*) from order_moves m where m.order_id = u.order_id
             and m.to_status = 'delivered' and m.reason = 'collected') <> 1
         union all select m.order_id from order_moves m where m.reason = 'collected' and not exists
            (select 1 from pickups u where u.order_id = m.order_id
             and u.collected_at is not null)
         union all select u.order_id from pickups u join shipments s on s.order_id = u.order_id",
    ),
    check(
        "P5",
        "An order is fetched exactly when its way to ship says so",
        "select o.id from orders o join shipping_methods m on m.id = o.shipping_method_id
         where (m.kind = 'pickup') <> exists (select 1 from pickups u where u.order_id = o.id)
         union all select u.order_id from pickups u join orders o on o.id = u.order_id
            where o.shipping_method_id is null",
    ),
    check(
        "P6",
        "Every way to ship has a rate",
        "select m.id from shipping_methods m where not exists
            (select 1 from shipping_rates r where r.method_id = m.id)",
    ),
];
