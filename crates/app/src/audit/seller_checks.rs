//! The checks of sellers: what each is owed is what their orders brought less what went to them,
//! and none of it was ever the shop's.

use super::checks::{Check, check};

/// Every invariant of sellers that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "H1",
        "A seller is owed what their orders left them, less refunds and what went to them",
        "select a.owner_id from accounts a where a.kind = 'seller_payable' and a.balance <>
           coalesce((select sum(e.amount) from seller_entries e
             where e.seller_id = a.owner_id and e.currency = a.currency), 0)
         union all select e.seller_id from seller_entries e where e.amount <> 0 and not exists
           (select 1 from accounts a where a.kind = 'seller_payable'
              and a.owner_id = e.seller_id and a.currency = e.currency)",
    ),
    check(
        "H2",
        "What stands on a seller's statement stands in the books, and the other way round",
        "select e.about_id from seller_entries e where e.amount <> coalesce((
             select sum(p.amount) from journals j join postings p on p.journal_id = j.id
             join accounts a on a.id = p.account_id
             where a.kind = 'seller_payable' and a.owner_id = e.seller_id
               and a.currency = e.currency and j.about_id = e.about_id
               and ((e.kind = 'sale' and j.kind = 'settle' and j.about = 'order')
                 or (e.kind = 'refund' and j.kind = 'unsettle' and j.about = 'refund')
                 or (e.kind = 'split' and j.kind = 'split' and j.about = 'split'))), 0)
         union all select e.about_id from seller_entries e
         where e.kind <> 'split' and e.commission <> coalesce((
             select sum(p.amount) from journals j join postings p on p.journal_id = j.id
             join accounts a on a.id = p.account_id
             where a.kind = 'commission' and a.currency = e.currency and j.about_id = e.about_id
               and ((e.kind = 'sale' and j.kind = 'settle' and j.about = 'order')
                 or (e.kind = 'refund' and j.kind = 'unsettle' and j.about = 'refund'))), 0)
         union all select p.journal_id from postings p join accounts a on a.id = p.account_id
         join journals j on j.id = p.journal_id
         where a.kind in ('seller_payable', 'commission') and not exists
           (select 1 from seller_entries e where e.about_id = j.about_id
              and ((e.kind = 'sale' and j.kind = 'settle' and j.about = 'order')
                or (e.kind = 'refund' and j.kind = 'unsettle' and j.about = 'refund')
                or (e.kind = 'split' and j.kind = 'split' and j.about = 'split')))",
    ),
    check(
        "H3",
        "The commission of an order is that of the goods nobody was refunded for, rounded half up",
        "select o.id from orders o join (select order_id, sum(goods) goods, sum(other) other,
             sum(commission) commission, sum(amount) amount
             from seller_entries where kind <> 'split' group by order_id) e on e.order_id = o.id
         where e.commission <> (cast(e.goods as bigint) * o.commission_rate + 5000) / 10000
           or e.amount <> e.goods + e.other - e.commission
           or e.goods <> (select sum(l.total - l.refunded) from order_lines l
                          where l.order_id = o.id)",
    ),
    check(
        "H4",
        "An order is one seller's, and so is everything in it",
        "select l.id from order_lines l join orders o on o.id = l.order_id
         join products p on p.id = l.product_id
         where coalesce(p.seller_id, 0) <> coalesce(o.seller_id, 0)
         union all select e.about_id from seller_entries e join orders o on o.id = e.order_id
         where coalesce(o.seller_id, 0) <> e.seller_id or o.currency <> e.currency
         union all select s.id from splits s join orders o on o.id = s.order_id
         join payments y on y.id = s.payment_id
         where coalesce(o.seller_id, 0) <> s.seller_id or o.currency <> s.currency
           or y.order_id <> o.id",
    ),
    check(
        "H5",
        "A settled month is what the books say, and follows the one before it",
        "select t.id from settlements t where
             t.opening <> coalesce((select sum(e.amount) from seller_entries e
               where e.seller_id = t.seller_id and e.currency = t.currency
                 and e.at < t.from_at), 0)
          or t.closing <> coalesce((select sum(e.amount) from seller_entries e
               where e.seller_id = t.seller_id and e.currency = t.currency
                 and e.at < t.to_at), 0)
          or t.closing <> coalesce((select sum(p.amount) from accounts a
               join postings p on p.account_id = a.id join journals j on j.id = p.journal_id
               where a.kind = 'seller_payable' and a.owner_id = t.seller_id
                 and a.currency = t.currency and j.at < t.to_at), 0)
          or t.commission <> coalesce((select sum(e.commission) from seller_entries e
               where e.seller_id = t.seller_id and e.currency = t.currency
                 and e.at >= t.from_at and e.at < t.to_at), 0)
          or t.orders <> (select count(*) from seller_entries e
               where e.seller_id = t.seller_id and e.currency = t.currency and e.kind = 'sale'
                 and e.at >= t.from_at and e.at < t.to_at)
         union all select t.id from settlements t join settlements b
           on b.seller_id = t.seller_id and b.currency = t.currency
         where b.to_at <= t.from_at and exists (select 1 from seller_entries e
             where e.seller_id = t.seller_id and e.currency = t.currency
               and e.at >= b.to_at and e.at < t.from_at
               and not exists (select 1 from settlements m where m.seller_id = t.seller_id
                 and m.currency = t.currency and m.from_at <= e.at and m.to_at > e.at))",
    ),
    check(
        "H6",
        "A seller's part goes to them once, of a completed order, and is promised until it is gone",
        "select s.id from splits s join orders o on o.id = s.order_id
         where not exists (select 1 from order_moves m where m.order_id = o.id
             and m.to_status = 'completed')
           or s.amount > (select e.amount from seller_entries e
                          where e.kind = 'sale' and e.about_id = o.id)
         union all select s.id from splits s
         where (s.status = 'pending') <> exists (select 1 from holds h where h.about = 'split'
             and h.about_id = s.id and h.status = 'active' and h.amount = s.amount)
           or (s.status = 'succeeded') <> exists (select 1 from seller_entries e
             where e.kind = 'split' and e.about_id = s.id and e.amount = -s.amount)
           or (s.status = 'succeeded') <> exists (select 1 from journals j
             join postings p on p.journal_id = j.id join accounts a on a.id = p.account_id
             join payments y on y.id = s.payment_id
             where j.kind = 'split' and j.about = 'split' and j.about_id = s.id
               and a.kind = 'psp_clearing' and p.amount = s.amount
               and a.owner_id = case y.provider when 'stripe' then 1 when 'wechat' then 2
                 when 'alipay' then 3 else 0 end)
         union all select h.id from holds h where h.about = 'split' and h.status = 'active'
           and not exists (select 1 from splits s where s.id = h.about_id)",
    ),
    check(
        "H7",
        "What a seller's order left never went through what the shop earns, nor the other way",
        "select p.journal_id from postings p join accounts a on a.id = p.account_id
         join journals j on j.id = p.journal_id
         left join refunds r on j.about = 'refund' and r.id = j.about_id
         join orders o on o.id = case when j.about = 'order' then j.about_id
             when j.about = 'refund' then r.order_id end
         where (o.seller_id is not null and a.kind in ('sales', 'tax_payable'))
            or (o.seller_id is null and a.kind in ('seller_payable', 'commission'))
         union all select a.id from accounts a where a.kind = 'escrow' and a.balance > a.held
           and exists (select 1 from orders o where o.id = a.owner_id
             and o.seller_id is not null and o.status = 'completed')",
    ),
    check(
        "H8",
        "A seller's order was paid by a provider that can split it, and by nothing else",
        "select y.id from payments y join orders o on o.id = y.order_id
         where o.seller_id is not null and y.status in ('pending', 'captured')
           and y.provider in ('store_credit', 'prepaid', 'offline')
         union all select id from orders where seller_id is not null and promised > 0",
    ),
];
