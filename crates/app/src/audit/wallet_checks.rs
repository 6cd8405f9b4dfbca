//! The checks of wallets and of money without a provider: every purse is what came in less what
//! went out, and what is promised is kept.

use super::checks::{Check, check};

/// Every invariant of wallets that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "W1",
        "Store credit is what was given less what it paid, with what came back",
        "select a.owner_id from accounts a where a.kind = 'store_credit' and a.balance <>
           coalesce((select sum(g.amount) from credit_grants g
             where g.person_id = a.owner_id and g.currency = a.currency), 0)
         - coalesce((select sum(y.captured) from payments y join orders o on o.id = y.order_id
             where y.provider = 'store_credit' and o.person_id = a.owner_id
               and y.currency = a.currency), 0)
         + coalesce((select sum(r.amount) from refunds r join payments y on y.id = r.payment_id
             join orders o on o.id = y.order_id
             where y.provider = 'store_credit' and o.person_id = a.owner_id
               and y.currency = a.currency and r.status = 'succeeded'), 0)
         + coalesce((select sum(case when w.state = 'given' then w.amount
                                     when w.state = 'clawed_back' then w.owed else 0 end)
             from rewards w where w.purse = 'store_credit' and w.person_id = a.owner_id
               and w.currency = a.currency), 0)
         union all select g.person_id from credit_grants g where not exists
           (select 1 from accounts a where a.kind = 'store_credit' and a.owner_id = g.person_id
              and a.currency = g.currency)",
    ),
    check(
        "W2",
        "Prepaid money is what was topped up less what it paid and what went back",
        "select a.owner_id from accounts a where a.kind = 'prepaid' and a.balance <>
           coalesce((select sum(t.amount) from top_ups t
             where t.person_id = a.owner_id and t.currency = a.currency
               and t.status = 'captured'), 0)
         - coalesce((select sum(f.amount) from top_up_refunds f
             join top_ups t on t.id = f.top_up_id
             where t.person_id = a.owner_id and t.currency = a.currency
               and f.status = 'succeeded'), 0)
         - coalesce((select sum(y.captured) from payments y join orders o on o.id = y.order_id
             where y.provider = 'prepaid' and o.person_id = a.owner_id
               and y.currency = a.currency), 0)
         + coalesce((select sum(r.amount) from refunds r join payments y on y.id = r.payment_id
             join orders o on o.id = y.order_id
             where y.provider = 'prepaid' and o.person_id = a.owner_id
               and y.currency = a.currency and r.status = 'succeeded'), 0)",
    ),
    check(
        "W3",
        "What wallets promised an order is held for it, and for no order that has ended",
        "select o.id from orders o where o.status = 'pending_payment' and o.promised <>
           coalesce((select sum(y.amount) from payments y where y.order_id = o.id
             and y.status = 'pending' and y.provider in ('store_credit', 'prepaid')), 0)
         union all select o.id from orders o join payments y on y.order_id = o.id
         where o.status <> 'pending_payment' and y.status = 'pending'
           and y.provider in ('store_credit', 'prepaid')
         union all select id from orders where promised > total",
    ),
    check(
        "W4",
        "A purse holds exactly what its owner's payments and returning top-ups wait for",
        "select h.id from holds h join accounts a on a.id = h.account_id
         left join payments y on h.about = 'payment' and y.id = h.about_id
         left join orders o on o.id = y.order_id
         left join top_up_refunds f on h.about = 'top_up_refund' and f.id = h.about_id
         left join top_ups t on t.id = f.top_up_id
         where h.status = 'active' and a.kind in ('store_credit', 'prepaid') and not
           ((y.status = 'pending' and y.provider = a.kind and y.amount = h.amount
               and o.person_id = a.owner_id)
            or (f.status = 'pending' and f.amount = h.amount and a.kind = 'prepaid'
               and t.person_id = a.owner_id))
         union all select y.id from payments y
         where y.status = 'pending' and y.provider in ('store_credit', 'prepaid')
           and not exists (select 1 from holds h where h.about = 'payment'
             and h.about_id = y.id and h.status = 'active')
         union all select f.id from top_up_refunds f where f.status = 'pending'
           and not exists (select 1 from holds h where h.about = 'top_up_refund'
             and h.about_id = f.id and h.status = 'active')",
    ),
    check(
        "W5",
        "A wallet pays for its owner's orders alone, and is paid back into the same purse",
        "select y.id from payments y join orders o on o.id = y.order_id
         join journals j on j.kind = 'capture' and j.about = 'payment' and j.about_id = y.id
         join postings p on p.journal_id = j.id and p.amount < 0
         join accounts a on a.id = p.account_id
         where (y.provider in ('store_credit', 'prepaid')
                or a.kind in ('store_credit', 'prepaid'))
           and (a.kind <> y.provider or a.owner_id <> o.person_id)
         union all select r.id from refunds r join payments y on y.id = r.payment_id
         join orders o on o.id = r.order_id
         join journals j on j.kind = 'refund' and j.about = 'refund' and j.about_id = r.id
         join postings p on p.journal_id = j.id and p.amount > 0
         join accounts a on a.id = p.account_id
         where (y.provider in ('store_credit', 'prepaid')
                or a.kind in ('store_credit', 'prepaid'))
           and (a.kind <> y.provider or a.owner_id <> o.person_id)",
    ),
    check(
        "W6",
        "A top-up came in once, and no more of it goes back than came",
        "select t.id from top_ups t where t.returned <> coalesce(
           (select sum(f.amount) from top_up_refunds f where f.top_up_id = t.id), 0)
         union all select t.id from top_ups t
         where (t.status = 'captured') <> exists (select 1 from journals j
           where j.kind = 'top_up' and j.about = 'top_up' and j.about_id = t.id)
         union all select id from top_ups where status = 'pending' and close_at + {grace} < {now}",
    ),
    check(
        "W7",
        "Money without a provider has a receipt, and its account is what came less what went",
        "select y.id from payments y where y.provider = 'offline' and y.status = 'captured'
           and not exists (select 1 from offline_receipts c
             where c.about = 'payment' and c.about_id = y.id)
         union all select r.id from refunds r join payments y on y.id = r.payment_id
         where y.provider = 'offline' and r.status = 'succeeded'
           and not exists (select 1 from offline_receipts c
             where c.about = 'refund' and c.about_id = r.id)
         union all select a.id from accounts a where a.kind = 'offline_clearing' and -a.balance <>
           coalesce((select sum(y.captured) from payments y
             where y.provider = 'offline' and y.currency = a.currency), 0)
         - coalesce((select sum(r.amount) from refunds r join payments y on y.id = r.payment_id
             where y.provider = 'offline' and r.status = 'succeeded'
               and r.currency = a.currency), 0)",
    ),
    check(
        "W8",
        "What was given or taken by hand is in the staff log, and given at the shop's cost",
        "select g.id from credit_grants g where not exists (select 1 from staff_acts a
           where a.action = 'wallet.give' and a.about = 'person' and a.about_id = g.person_id
             and a.actor_id = g.by_id)
         union all select a.id from accounts a where a.kind = 'credit_given' and -a.balance <>
           coalesce((select sum(g.amount) from credit_grants g
             where g.currency = a.currency), 0)
         + coalesce((select sum(f.amount) from campaign_funds f
             where f.currency = a.currency), 0)",
    ),
];
