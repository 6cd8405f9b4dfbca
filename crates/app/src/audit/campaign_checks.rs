//! The checks of campaigns: no budget gives out more than was put in, and no reward is there twice.

use super::checks::{Check, check};

/// Every invariant of campaigns and rewards that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "Z1",
        "What was put into a campaign is what it still has, what waits, and what was given",
        "select f.campaign_id, f.currency from
           (select campaign_id, currency, sum(amount) put from campaign_funds
            group by campaign_id, currency) f
         where f.put <>
           coalesce((select sum(a.balance) from accounts a where a.owner_id = f.campaign_id
             and a.currency = f.currency and a.kind in ('campaign_fund', 'campaign_escrow')), 0)
         + coalesce((select sum(case when w.state = 'given' then w.amount
                                     when w.state = 'clawed_back' then w.owed else 0 end)
             from rewards w where w.campaign_id = f.campaign_id and w.currency = f.currency), 0)
         union all select a.owner_id, a.currency from accounts a
         where a.kind in ('campaign_fund', 'campaign_escrow', 'campaign_spent')
           and a.balance <> 0 and not exists (select 1 from campaign_funds f
             where f.campaign_id = a.owner_id and f.currency = a.currency)",
    ),
    check(
        "Z2",
        "What waits in a campaign’s escrow is what it promised and neither gave nor released",
        "select a.owner_id from accounts a where a.kind = 'campaign_escrow' and a.balance <>
           coalesce((select sum(w.amount) from rewards w where w.campaign_id = a.owner_id
             and w.currency = a.currency and w.state = 'waiting'), 0)
         union all select c.id from campaigns c where c.waiting <>
           (select count(*) from rewards w
            where w.campaign_id = c.id and w.state = 'waiting')",
    ),
    check(
        "Z3",
        "Every reward is in the books once, and what its coupons took off is where it was given",
        "select w.id from rewards w where not exists (select 1 from journals j
           where j.kind = 'reward' and j.about = 'reward' and j.about_id = w.id)
         union all select j.id from journals j where j.about = 'reward' and not exists
           (select 1 from rewards w where w.id = j.about_id)
         union all select a.owner_id from accounts a where a.kind = 'campaign_spent'
           and a.balance <> coalesce((select sum(case when w.state = 'given' then w.amount
               when w.state = 'clawed_back' then w.owed else 0 end) from rewards w
             where w.campaign_id = a.owner_id and w.currency = a.currency
               and w.purse = 'spent'), 0)
         union all select w.id from rewards w
         where w.state <> 'clawed_back' and exists
           (select 1 from reward_repayments r where r.reward_id = w.id)",
    ),
    check(
        "Z4",
        "Nobody won more often than a campaign’s limits let them",
        "select campaign_id, scope, key from campaign_counts where count > most
         union all select c.campaign_id, c.scope, c.key from campaign_counts c
         where c.scope = 'total' and c.count > (select coalesce(sum(p.count), 0)
           from campaign_counts p where p.campaign_id = c.campaign_id and p.scope = 'person')",
    ),
    check(
        "Z5",
        "A campaign that is over keeps no stock and promises nothing more",
        "select s.campaign_id from campaign_stock s join campaigns c on c.id = s.campaign_id
         where c.status in ('draft', 'checked', 'ended', 'evaluated') and s.left_over > 0
         union all select a.owner_id from accounts a join campaigns c on c.id = a.owner_id
         where a.kind = 'campaign_fund' and a.balance <> 0
           and c.status in ('draft', 'checked', 'ended', 'evaluated')",
    ),
    check(
        "Z6",
        "Campaigns start and end when they say, and every change of state is told",
        "select id from campaigns where (status = 'scheduled' and starts_at + {grace} < {now})
           or (status in ('scheduled', 'running', 'paused') and ends_at + {grace} < {now})
         union all select c.id from campaigns c where c.status <>
           (select m.to_status from campaign_moves m where m.campaign_id = c.id
            order by m.seq desc limit 1)",
    ),
    check(
        "Z7",
        "Nothing that was done within an app brought a reward where the campaign gives none",
        "select h.campaign_id, h.person_id from campaign_channel_helps h
         join campaign_silences s on s.campaign_id = h.campaign_id and s.channel = h.channel
         where h.at > s.since + {grace}",
    ),
    check(
        "Z8",
        "A campaign takes nothing off what a seller earns",
        "select o.id from orders o join order_campaigns c on c.order_id = o.id
         where o.seller_id is not null and c.mechanic <> 'group_buy'",
    ),
];
