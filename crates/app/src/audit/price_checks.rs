//! What must hold about prices and tax: where each came from, and that every part sums.

use super::checks::{Check, check};

/// Every invariant of prices that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "X1",
        "An order's tax is what its kept rates make of its lines and shipping, rounded once a rate",
        "select g.id from (select o.id, l.tax_rate r, sum(l.total) s,
                sum(l.tax_added + l.tax_inside) t, max(o.tax) added
              from orders o join order_lines l on l.order_id = o.id
              group by o.id, l.tax_rate) g
         where 2 * g.s * g.r + (10000 + case when g.added > 0 then 0 else g.r end)
                 < 2 * g.t * (10000 + case when g.added > 0 then 0 else g.r end)
            or 2 * g.s * g.r + (10000 + case when g.added > 0 then 0 else g.r end)
                 >= 2 * (g.t + 1) * (10000 + case when g.added > 0 then 0 else g.r end)
         union all select l.id from order_lines l join (select order_id, tax_rate, sum(total) s,
                sum(tax_added + tax_inside) t from order_lines group by order_id, tax_rate) g
             on g.order_id = l.order_id and g.tax_rate = l.tax_rate
         where g.s > 0 and abs((l.tax_added + l.tax_inside) * g.s - g.t * l.total) >= g.s
         union all select id from orders
         where 2 * shipping * shipping_tax_rate
                 + (10000 + case when tax > 0 then 0 else shipping_tax_rate end)
                 < 2 * (shipping_tax_added + shipping_tax_inside)
                   * (10000 + case when tax > 0 then 0 else shipping_tax_rate end)
            or 2 * shipping * shipping_tax_rate
                 + (10000 + case when tax > 0 then 0 else shipping_tax_rate end)
                 >= 2 * (shipping_tax_added + shipping_tax_inside + 1)
                   * (10000 + case when tax > 0 then 0 else shipping_tax_rate end)",
    ),
    check(
        "X2",
        "An order's tax is the sum of its parts, and is added or inside, never both",
        "select o.id from orders o left join (select order_id, sum(tax_added) a, sum(tax_inside) i
             from order_lines group by order_id) l on l.order_id = o.id
         where o.tax <> coalesce(l.a, 0) + o.shipping_tax_added
            or o.tax_inside <> coalesce(l.i, 0) + o.shipping_tax_inside
            or (o.tax > 0 and o.tax_inside > 0)",
    ),
    check(
        "X3",
        "What went back of a line took its share of the tax with it, and refunds say how much",
        "select l.id from order_lines l
         where cast(l.tax_back as numeric) * (l.total + l.tax_added)
               > cast(l.tax_added + l.tax_inside as numeric)
                 * (l.refunded + case when l.tax_added > 0 then l.tax_back else 0 end)
            or (cast(l.tax_back + 1 as numeric) * (l.total + l.tax_added)
               <= cast(l.tax_added + l.tax_inside as numeric)
                 * (l.refunded + case when l.tax_added > 0 then l.tax_back else 0 end)
                and l.total + l.tax_added > 0)
         union all select o.id from orders o join (select order_id, sum(tax_back) b
             from order_lines group by order_id) l on l.order_id = o.id
         where o.paid_at is not null and o.status <> 'late_paid' and o.total > 0
           and l.b + o.shipping_tax_back <> coalesce((select sum(r.tax) from refunds r
             join payments y on y.id = r.payment_id where r.order_id = o.id
               and r.status in ('pending', 'succeeded') and y.purpose = 'order'), 0)",
    ),
    check(
        "X4",
        "Of a settled order the tax that did not go back is payable, and nothing else is",
        // What is on a seller's order is the seller's to declare.
        "select o.id from orders o
         where o.seller_id is null
           and exists (select 1 from journals j where j.kind = 'settle' and j.about = 'order'
             and j.about_id = o.id)
           and o.tax + o.tax_inside - coalesce((select sum(r.tax) from refunds r
                 where r.order_id = o.id and r.status <> 'failed'), 0)
             <> coalesce((select sum(p.amount) from journals j
                 join postings p on p.journal_id = j.id join accounts a on a.id = p.account_id
                 where a.kind = 'tax_payable' and ((j.about = 'order' and j.about_id = o.id)
                   or (j.about = 'refund' and j.about_id in
                       (select id from refunds where order_id = o.id)))), 0)
         union all select p.journal_id from postings p join accounts a on a.id = p.account_id
         join journals j on j.id = p.journal_id
         where a.kind = 'tax_payable' and j.kind not in ('settle', 'unsettle')",
    ),
    check(
        "X5",
        "Every line says why it cost what it did, and no list made it dearer",
        "select l.id from order_lines l join orders o on o.id = l.order_id
         where (l.price_list_id is not null) <> (l.price_why in ('list', 'level', 'limited'))
            or (o.group_buy_id is not null or exists (select 1 from order_campaigns k
                 where k.order_id = o.id and k.variant_id = l.variant_id and l.gift = 0))
               <> (l.price_why = 'campaign')
            or (l.price_why in ('list', 'level', 'limited') and l.unit_price > l.ordinary_price)
            or (l.price_why = 'ordinary' and l.unit_price <> l.ordinary_price)
         union all select o.id from orders o, shop s
         where o.group_buy_id is not null and o.currency <> s.currency",
    ),
    check(
        "X6",
        "What every variant costs is the end of its history, which has no gap and no overlap",
        "select v.id from variants v where v.archived = 0 and not exists
           (select 1 from price_history h where h.variant_id = v.id and h.list_id = 0
             and h.until_at is null and h.price = v.price and h.currency = v.currency)
         union all select h.variant_id from price_history h join price_history n
           on n.variant_id = h.variant_id and n.list_id = 0 and n.id <> h.id
         where h.list_id = 0 and n.from_at >= h.from_at and n.id > h.id
           and (h.until_at is null or h.until_at > n.from_at)
         union all select id from variants
         where former is not null and (compare_at is null or former > compare_at
           or former <= price)",
    ),
    check(
        "X7",
        "The shop knows how many price lists, tax rules and currencies it has",
        "select s.id from shop s
         where s.price_lists <> (select count(*) from price_lists where active = 1)
            or s.tax_rules <> (select count(*) from tax_rules)
            or s.currencies <> (select count(*) from shop_currencies)
            or exists (select 1 from shop_currencies c where c.currency = s.currency)",
    ),
    check(
        "X8",
        "Every price list, customer group and member was made by somebody the staff log names",
        "select l.id from price_lists l where not exists (select 1 from staff_acts a
           where a.about = 'price_list' and a.about_id = l.id and a.action = 'price_list.add')
         union all select g.id from customer_groups g where not exists
           (select 1 from staff_acts a where a.about = 'customer_group' and a.about_id = g.id
             and a.action = 'customer_group.add')
         union all select m.person_id from customer_group_members m where not exists
           (select 1 from staff_acts a where a.about = 'customer_group'
             and a.about_id = m.group_id and a.action = 'customer_group.put_in'
             and a.actor_id = m.added_by)",
    ),
];
