//! The checks of fission coupons: exact parts, one each, and a promise for every coupon until it is
//! used for good.

use super::checks::{Check, check};

/// Every invariant of fission coupons that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "FC1",
        "The parts of a fission coupon come to its total, and are taken in their order",
        "select f.id from fissions f where f.total <>
           (select coalesce(sum(q.amount), 0) from fission_parts q where q.fission_id = f.id)
         or f.count <> (select count(*) from fission_parts q where q.fission_id = f.id)
         or f.taken <> (select count(*) from fission_parts q
            where q.fission_id = f.id and q.person_id is not null)
         or f.taken <> (select coalesce(max(q.number), 0) from fission_parts q
            where q.fission_id = f.id and q.person_id is not null)",
    ),
    check(
        "FC2",
        "Every part is promised out of its campaign's budget, to whoever took it or its starter",
        "select q.fission_id, q.number from fission_parts q
         join fissions f on f.id = q.fission_id join rewards w on w.id = q.reward_id
         where w.campaign_id <> f.campaign_id or w.amount <> q.amount or w.purse <> 'spent'
           or w.about <> 'fission' or w.about_id <> f.id
           or w.person_id <> coalesce(q.person_id, f.person_id)
         union all select w.id, w.id from rewards w where w.about = 'fission' and not exists
           (select 1 from fission_parts q where q.reward_id = w.id)",
    ),
    check(
        "FC3",
        "A part was taken in its time, and is a coupon of its amount",
        "select q.fission_id, q.number from fission_parts q
         join fissions f on f.id = q.fission_id join coupons c on c.id = q.coupon_id
         where c.amount <> q.amount or c.source <> 'share'
           or (c.owner_id <> q.person_id and not exists (select 1 from people p
             where p.id = q.person_id and p.merged_into is not null))
           or c.reward_id is null or c.reward_id <> q.reward_id
           or q.taken_at < f.started_at or q.taken_at >= f.deadline or q.taken_at > f.closed_at
         union all select c.id, c.id from coupons c join rewards w on w.id = c.reward_id
         where w.about = 'fission' and not exists
           (select 1 from fission_parts q where q.coupon_id = c.id)",
    ),
    check(
        "FC4",
        "A fission coupon is closed when its time is over, and what nobody took is free again",
        "select f.id from fissions f where f.closed_at is not null and f.returned <>
           f.total - (select coalesce(sum(q.amount), 0) from fission_parts q
             where q.fission_id = f.id and q.person_id is not null)
         union all select f.id from fissions f where f.closed_at is null
           and (f.deadline + {grace} < {now} or exists (select 1 from campaign_moves m
             where m.campaign_id = f.campaign_id and m.to_status = 'ended'
               and m.at + {grace} < {now}))
         union all select f.id from fissions f join fission_parts q on q.fission_id = f.id
         join rewards w on w.id = q.reward_id where q.person_id is null
           and w.state <> case when f.closed_at is null then 'waiting' else 'released' end",
    ),
    check(
        "FC5",
        "A coupon's cost waits while it can be used, is spent with a kept order, and else free",
        "select c.id from coupons c join rewards w on w.id = c.reward_id
         left join orders o on o.id = c.order_id
         where (c.state in ('expired', 'taken_back') and w.state in ('waiting', 'given'))
           or (c.state = 'held' and w.state not in ('waiting', 'given'))
           or (c.state = 'used' and (
             (o.status = 'completed' and w.state = 'waiting')
             or (o.status = 'refunded' and w.state in ('waiting', 'given'))
             or (o.refunded = 0 and o.status <> 'refunded' and w.state <>
               case when o.status = 'completed' then 'given' else 'waiting' end
               and not (w.state = 'given' and o.status <> 'completed'))))",
    ),
    check(
        "FC6",
        "Whoever takes friends' parts is counted for each, and one order starts one for its buyer",
        "select c.campaign_id, c.count from campaign_counts c
         join campaigns k on k.id = c.campaign_id and k.mechanic = 'fission_coupon'
         where c.scope = 'helper' and c.count <> (select count(*) from fission_parts q
           join fissions f on f.id = q.fission_id where f.campaign_id = c.campaign_id
             and cast(q.person_id as text) = c.key and f.person_id <> q.person_id)
         union all select q.fission_id, q.number from fission_parts q
         join fissions f on f.id = q.fission_id
         where q.person_id <> f.person_id and not exists (select 1 from campaign_counts c
           where c.campaign_id = f.campaign_id and c.scope = 'helper'
             and c.key = cast(q.person_id as text))
         union all select f.id, f.id from fissions f join orders o on o.id = f.order_id
         where o.person_id <> f.person_id and not exists (select 1 from people p
           where p.id = f.person_id and p.merged_into is not null)",
    ),
];
