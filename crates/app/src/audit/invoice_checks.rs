//! The checks of invoices and legal texts: numbers without gaps, sums that are the order's money,
//! red ones that mirror, versions that stay.

use super::checks::{Check, check};

/// Every invariant of invoices and legal texts that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "J1",
        "The numbers of invoices follow each other without a gap",
        "select s.year from invoice_series s where
           s.last <> (select count(*) from invoices i where i.year = s.year)
           or s.last <> coalesce((select max(i.seq) from invoices i where i.year = s.year), 0)
         union all select i.year from invoices i
         where not exists (select 1 from invoice_series s where s.year = i.year)
         union all select i.id from invoices i
           join invoices j on j.year = i.year and j.seq = i.seq + 1
         where j.issued_at < i.issued_at - {grace}",
    ),
    check(
        "J2",
        "An invoice is the sum of its lines",
        "select i.id from invoices i where i.total <> coalesce(
             (select cast(sum(l.amount) as bigint) from invoice_lines l
              where l.invoice_id = i.id), 0)
           or i.tax <> coalesce((select cast(sum(l.tax) as bigint) from invoice_lines l
              where l.invoice_id = i.id), 0)
         union all select i.id from invoices i join orders o on o.id = i.order_id
         where i.currency <> o.currency
         union all select i.id from invoices i join invoice_requests q on q.id = i.request_id
         where q.order_id <> i.order_id",
    ),
    check(
        "J3",
        "A red invoice takes all of one back, line by line with the other sign",
        "select r.id from invoices r join invoices b on b.id = r.reverses
         where r.order_id <> b.order_id or r.total + b.total <> 0 or r.tax + b.tax <> 0
           or r.currency <> b.currency or b.reverses is not null
           or r.title <> b.title or r.seller <> b.seller
           or (select count(*) from invoice_lines l where l.invoice_id = r.id)
              <> (select count(*) from invoice_lines l where l.invoice_id = b.id)
         union all select r.id from invoices r join invoice_lines l on l.invoice_id = r.reverses
         where not exists (select 1 from invoice_lines m where m.invoice_id = r.id
             and m.position = l.position and m.name = l.name and m.spec = l.spec
             and m.rate = l.rate and m.quantity + l.quantity = 0 and m.amount + l.amount = 0
             and m.tax + l.tax = 0)",
    ),
    check(
        "J4",
        "What stands of an order's invoices is money that was paid for it and stayed",
        "select x.order_id from (
           select i.order_id, cast(sum(i.total) as bigint) as total from invoices i
           group by i.order_id) x
         where x.total <> 0 and (
           x.total > coalesce((select cast(sum(y.captured) as bigint) from payments y
               where y.order_id = x.order_id and y.status = 'captured'
                 and y.purpose = 'order' and y.provider <> 'store_credit'), 0)
             - coalesce((select cast(sum(r.amount) as bigint) from refunds r
               join payments y on y.id = r.payment_id
               where y.order_id = x.order_id and r.status = 'succeeded'
                 and y.purpose = 'order' and y.provider <> 'store_credit'), 0)
           or x.total < coalesce((select cast(sum(y.captured) as bigint) from payments y
               where y.order_id = x.order_id and y.status = 'captured'
                 and y.purpose = 'order' and y.provider <> 'store_credit'), 0)
             - coalesce((select cast(sum(r.amount) as bigint) from refunds r
               join payments y on y.id = r.payment_id
               where y.order_id = x.order_id and r.status in ('pending', 'succeeded')
                 and y.purpose = 'order' and y.provider <> 'store_credit'), 0))",
    ),
    check(
        "J5",
        "One invoice at most stands for an order, and its request says so",
        "select i.order_id from invoices i where i.reverses is null
           and not exists (select 1 from invoices r where r.reverses = i.id)
         group by i.order_id having count(*) > 1
         union all select q.id from invoice_requests q
         where (q.status = 'issued') <> exists (select 1 from invoices i
             where i.request_id = q.id and i.reverses is null
               and not exists (select 1 from invoices r where r.reverses = i.id))
         union all select q.id from invoice_requests q
         where q.status in ('asked', 'declined', 'withdrawn')
           and exists (select 1 from invoices i where i.request_id = q.id)
         union all select q.id from invoice_requests q
         where q.status = 'red' and not exists (select 1 from invoices i
             where i.request_id = q.id and i.reverses is not null)",
    ),
    check(
        "J7",
        "Every version of a legal text is there, and each order's terms held when it was placed",
        "select max(t.number) from legal_texts t group by t.kind
         having max(t.number) <> count(*) or min(t.number) <> 1
         union all select s.terms from shop s where coalesce(s.terms, 0) <>
           coalesce((select max(t.number) from legal_texts t where t.kind = 'terms'), 0)
         union all select o.id from orders o where o.terms is not null
           and not exists (select 1 from legal_texts t where t.kind = 'terms'
             and t.number = o.terms and t.published_at <= o.created_at + {grace})",
    ),
    check(
        "J9",
        "What staff issued, declined and took back is in the staff log",
        "select i.id from invoices i where i.issued_by is not null and not exists
           (select 1 from staff_acts a where a.about = 'order' and a.about_id = i.order_id
              and a.actor_id = i.issued_by and a.action in ('invoice.issue', 'invoice.red'))
         union all select q.id from invoice_requests q
         where q.status = 'declined' and not exists
           (select 1 from staff_acts a where a.about = 'order' and a.about_id = q.order_id
              and a.actor_id = q.answered_by and a.action = 'invoice.decline')",
    ),
];
