//! The checks of what campaigns sell at a price of their own, and of those who wait for it.

use super::checks::{Check, check};

/// Every invariant of flash sales and of orders bought in campaigns that can be seen in one state
/// of the database.
pub const CHECKS: &[Check] = &[
    check(
        "FS1",
        "What a campaign set aside is what is left, held and sold of it",
        "select s.campaign_id, s.variant_id from campaign_stock s
         join campaigns c on c.id = s.campaign_id
         where c.status in ('scheduled', 'running', 'paused') and s.quota is not null
           and c.mechanic in ('flash_sale', 'bargain')
           and s.quota <> s.left_over
           + coalesce((select sum(r.quantity) from reservations r
               join order_campaigns o on o.order_id = r.order_id
               where o.campaign_id = s.campaign_id and r.variant_id = s.variant_id
                 and r.source = 'set_aside' and r.status in ('active', 'claimed')), 0)
           - coalesce((select sum(l.restocked) from order_lines l
               join order_campaigns o on o.order_id = l.order_id
               where o.campaign_id = s.campaign_id and l.variant_id = s.variant_id
                 and exists (select 1 from reservations r where r.order_id = l.order_id
                   and r.variant_id = l.variant_id and r.source = 'set_aside'
                   and r.status = 'claimed')), 0)",
    ),
    check(
        "FS2",
        "Nobody has more of a flash sale than they may; an order that ended unpaid counts nothing",
        "select p.campaign_id, p.person_id from campaign_people p
         join campaigns c on c.id = p.campaign_id
         where p.quantity > p.most
           or c.mechanic = 'flash_sale' and p.quantity <> coalesce((select sum(o.counted)
             from order_campaigns o where o.campaign_id = p.campaign_id
               and o.person_id = p.person_id and o.mechanic = 'flash_sale'), 0)
         union all select o.campaign_id, o.person_id from order_campaigns o
         where o.mechanic = 'flash_sale' and o.counted > 0 and not exists
           (select 1 from campaign_people p
            where p.campaign_id = o.campaign_id and p.person_id = o.person_id)
         union all select o.campaign_id, o.person_id from order_campaigns o
         join orders d on d.id = o.order_id where d.status = 'cancelled' and o.counted > 0",
    ),
    check(
        "FS3",
        "An order of a campaign has its price, and was placed while that was good",
        "select o.order_id from order_campaigns o join campaigns c on c.id = o.campaign_id
         where c.mechanic <> o.mechanic
           or o.at < o.good_from or o.at >= o.good_until
           or (o.mechanic = 'flash_sale' and (o.at < c.starts_at or o.at >= c.ends_at))
           or not exists (select 1 from order_lines l where l.order_id = o.order_id
             and l.variant_id = o.variant_id and l.unit_price = o.price
             and l.quantity = o.quantity)",
    ),
    check(
        "FS4",
        "Whoever waits is served in the order they came, and what is kept for them is there",
        "select w.campaign_id, w.person_id from flash_waiting w where w.status = 'waiting'
           and exists (select 1 from flash_waiting o where o.campaign_id = w.campaign_id
             and o.variant_id = w.variant_id and o.status = 'offered' and o.id > w.id)
         union all select s.campaign_id, s.variant_id from campaign_stock s
         where s.left_over < (select coalesce(sum(w.quantity), 0) from flash_waiting w
           where w.campaign_id = s.campaign_id and w.variant_id = s.variant_id
             and w.status = 'offered' and w.offered_until > {now})",
    ),
    check(
        "FS5",
        "Nobody waits for what is over, and whoever asked for it is told when it begins",
        "select w.id from flash_waiting w join campaigns c on c.id = w.campaign_id
         where w.status in ('waiting', 'offered') and c.status in ('ended', 'evaluated')
         union all select r.campaign_id from flash_reminders r
         where r.told_at is null and r.slot_at + {grace} < {now}",
    ),
];
