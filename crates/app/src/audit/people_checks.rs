//! The checks of customers: consent, who was made one, who was forgotten, what is counted.

use super::checks::{Check, check};

/// Every invariant of customers that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "U1",
        "What holds of a consent is what was said last",
        "select c.person_id, c.purpose from consents c
         left join consent_states s on s.person_id = c.person_id and s.purpose = c.purpose
         where c.id = (select max(o.id) from consents o
                       where o.person_id = c.person_id and o.purpose = c.purpose)
           and (s.consent_id is null or s.consent_id <> c.id or s.given <> c.given)",
    ),
    check(
        "U2",
        "No letter that sells left without its reader's consent",
        "select m.id from messages m left join consents c on c.id = m.consent_id
         where m.kind = 'marketing' and (c.id is null or c.person_id <> m.person_id
            or c.given <> 1 or c.purpose <> case m.channel when 'email' then 'marketing_email'
                                            else 'marketing_sms' end
            or (m.sent_at is not null and exists (select 1 from consents w
                where w.person_id = c.person_id and w.purpose = c.purpose and w.given = 0
                  and w.id > c.id and w.at < m.sent_at)))",
    ),
    check(
        "U3",
        "What somebody looked at is kept only while they allow it",
        "select b.person_id from browsed b where not exists (select 1 from consent_states s
            where s.person_id = b.person_id and s.purpose = 'browsing_history' and s.given = 1)",
    ),
    check(
        "U4",
        "Whoever was made one with somebody leads to them and has nothing of their own",
        "select p.id from people p join people s on s.id = p.merged_into
         where s.merged_into is not null or s.role <> 'shopper'
            or (s.erased_at is not null and p.erased_at is null)
         union all select o.id from orders o join people p on p.id = o.person_id
            where p.merged_into is not null and p.erased_at is null
              and exists (select 1 from customer_merges m where m.other_id = p.id
                          and m.undone_at is null and m.at + 180000000 + {grace} < {now})
         union all select s.id from sessions s join people p on p.id = s.person_id
            where p.merged_into is not null
         union all select m.id from customer_merges m join people p on p.id = m.other_id
            where m.undone_at is null and p.merged_into is null",
    ),
    check(
        "U5",
        "A customer's orders come to what the list says",
        "select s.person_id from customer_sums s left join
           (select r.person_id, count(*) n,
                   sum(case when r.currency = h.currency then r.total else 0 end) total,
                   sum(case when r.currency = h.currency then r.refunded else 0 end) refunded
            from orders r, shop h where r.paid_at is not null group by r.person_id) o
           on o.person_id = s.person_id
         where (s.orders <> coalesce(o.n, 0) or s.spent <> coalesce(o.total, 0)
            or s.refunded <> coalesce(o.refunded, 0))
           and not exists (select 1 from orders x join order_moves v on v.order_id = x.id
                           where x.person_id = s.person_id and v.at >= s.counted_at)
           and not exists (select 1 from orders x join refunds r on r.order_id = x.id
                           where x.person_id = s.person_id and r.updated_at >= s.counted_at)",
    ),
    check(
        "U6",
        "Whoever was forgotten is a number, and nothing says more",
        "select p.id from people p where p.erased_at is not null
            and (p.email not like '%@erased.invalid' or p.phone is not null or p.name <> '—')
         union all select a.person_id from addresses a join people p on p.id = a.person_id
            where p.erased_at is not null
         union all select a.person_id from sessions a join people p on p.id = a.person_id
            where p.erased_at is not null
         union all select a.person_id from tokens a join people p on p.id = a.person_id
            where p.erased_at is not null
         union all select a.person_id from notices a join people p on p.id = a.person_id
            where p.erased_at is not null
         union all select a.person_id from carts a join people p on p.id = a.person_id
            where p.erased_at is not null
         union all select a.person_id from customer_notes a join people p on p.id = a.person_id
            where p.erased_at is not null
         union all select a.person_id from data_exports a join people p on p.id = a.person_id
            where p.erased_at is not null
         union all select f.order_id from order_facts f join people p on p.id = f.person_id
            where p.erased_at is not null and (f.phone <> '' or f.place <> '')
         union all select d.id from drafts d join people p on p.id = d.person_id
            where p.erased_at is not null and (d.status = 'open' or d.note <> ''
              or d.staff_note <> '' or d.address not like '%\"name\":\"\"%')
         union all select o.id from orders o join people p on p.id = o.person_id
            where p.erased_at is not null
              and (o.note <> '' or o.address not like '%\"name\":\"\"%')",
    ),
    check(
        "U7",
        "What is set apart is of somebody who was forgotten, and no longer than it must be",
        "select s.about_id from set_apart s join people p on p.id = s.person_id
         where p.erased_at is null or s.until + 86400000000 + {grace} < {now}
         union all select e.id from erasures e join people p on p.id = e.person_id
            where (e.state in ('done', 'finished') and p.erased_at is null)
               or (e.state = 'asked' and p.erased_at is not null)",
    ),
    check(
        "U8",
        "Words of what staff did are gone only where somebody was forgotten",
        "select a.id from staff_acts a where a.seal is not null and a.salt is null
            and not exists (select 1 from people p where p.erased_at is not null and (
                (a.about = 'person' and p.id = a.about_id)
             or (a.about = 'order' and p.id = (select o.person_id from orders o
                                               where o.id = a.about_id))
             or (a.about = 'draft' and p.id = (select d.person_id from drafts d
                                               where d.id = a.about_id))
             or (a.about = 'return' and p.id = (select r.person_id from after_sales r
                                                where r.id = a.about_id))
             or (a.about = 'review' and p.id = (select r.person_id from reviews r
                                                where r.id = a.about_id))))",
    ),
    check(
        "U9",
        "Whoever may not come in is signed in nowhere",
        "select s.id from sessions s join customer_blocks b on b.person_id = s.person_id
         where b.sign_in = 1
         union all select t.id from tokens t join customer_blocks b on b.person_id = t.person_id
            where b.sign_in = 1 and t.revoked_at is null",
    ),
];
