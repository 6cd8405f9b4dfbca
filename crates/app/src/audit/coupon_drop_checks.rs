//! The checks of coupon drops: no more are taken than there are, and what each is worth is where
//! its coupon says.

use super::checks::{Check, check};

/// Every invariant of coupon drops that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "OF1",
        "Of a coupon drop as many are gone as were taken",
        "select d.campaign_id from coupon_drops d where d.taken <>
           (select count(*) from coupon_drop_claims k where k.campaign_id = d.campaign_id)
         union all select c.id from campaigns c where c.mechanic = 'coupon_drop'
           and c.status in ('scheduled', 'running', 'paused')
           and not exists (select 1 from coupon_drops d where d.campaign_id = c.id)",
    ),
    check(
        "OF2",
        "Every coupon of a drop is of its kind, and its worth was promised once",
        "select k.coupon_id from coupon_drop_claims k
         join coupon_drops d on d.campaign_id = k.campaign_id
         join coupons c on c.id = k.coupon_id join rewards r on r.id = k.reward_id
         where c.template_id <> d.template_id or r.campaign_id <> d.campaign_id
           or r.amount <> d.worth or r.purse <> 'spent' or r.about <> 'coupon'
           or r.about_id <> k.coupon_id
         union all select r.id from rewards r join campaigns c on c.id = r.campaign_id
         where c.mechanic = 'coupon_drop'
           and not exists (select 1 from coupon_drop_claims k where k.reward_id = r.id)",
    ),
    check(
        "OF3",
        "What a coupon of a drop is worth is given once its order was kept, and goes back when \
         nothing comes of it",
        "select k.coupon_id from coupon_drop_claims k join coupons c on c.id = k.coupon_id
         join rewards r on r.id = k.reward_id left join orders o on o.id = c.order_id
         where (r.state = 'given' and not exists (select 1 from coupon_moves m
             join order_moves v on v.order_id = m.order_id
             where m.coupon_id = c.id and m.to_state = 'used' and v.to_status = 'completed'))
           or (r.state in ('released', 'clawed_back') and c.state not in ('expired', 'taken_back')
             and coalesce(o.status, '') not in ('refunded', 'cancelled', 'late_paid'))
           or (r.state = 'waiting' and (c.state in ('expired', 'taken_back')
               or o.status in ('completed', 'refunded'))
             and not exists (select 1 from jobs j where j.state in ('ready', 'running', 'dead')
               and j.kind = 'coupon.moved' and j.about_id = c.id))",
    ),
    check(
        "OF4",
        "What is left of a coupon drop that is on is in its budget",
        "select d.campaign_id from coupon_drops d join campaigns c on c.id = d.campaign_id
         where c.status in ('scheduled', 'running', 'paused') and (d.total - d.taken) * d.worth >
           coalesce((select sum(a.balance) from accounts a where a.kind = 'campaign_fund'
             and a.owner_id = c.id), 0)",
    ),
];
