//! The checks of reviews: only of what was received, counted as they are, hidden with a reason.

use super::checks::{Check, check};

/// Every invariant of reviews that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "V1",
        "A review is by whoever bought the line, after it was received",
        "select r.id from reviews r join order_lines l on l.id = r.line_id
            join orders o on o.id = l.order_id
         where o.person_id <> r.person_id or o.id <> r.order_id or l.product_id <> r.product_id
            or not exists (select 1 from order_moves m where m.order_id = o.id
               and m.to_status in ('delivered', 'completed') and m.at <= r.written_at)",
    ),
    check(
        "V2",
        "What the reviews of a product come to is what they say",
        "select coalesce(s.product_id, r.product_id) from review_sums s
         full join (select product_id,
                cast(sum(case when hidden_by is null and stars = 1 then 1 else 0 end) as bigint) s1,
                cast(sum(case when hidden_by is null and stars = 2 then 1 else 0 end) as bigint) s2,
                cast(sum(case when hidden_by is null and stars = 3 then 1 else 0 end) as bigint) s3,
                cast(sum(case when hidden_by is null and stars = 4 then 1 else 0 end) as bigint) s4,
                cast(sum(case when hidden_by is null and stars = 5 then 1 else 0 end) as bigint) s5,
                cast(sum(case when hidden_by is null and pictures > 0 then 1 else 0 end)
                     as bigint) pictured,
                cast(sum(case when hidden_by is null then 0 else 1 end) as bigint) hidden
             from reviews group by product_id) r on r.product_id = s.product_id
         where s.product_id is null or r.product_id is null or s.stars1 <> r.s1
            or s.stars2 <> r.s2 or s.stars3 <> r.s3 or s.stars4 <> r.s4 or s.stars5 <> r.s5
            or s.pictured <> r.pictured or s.hidden <> r.hidden",
    ),
    check(
        "V3",
        "A review has as many votes and pictures as it says, and no vote of its author's",
        "select r.id from reviews r where r.votes <>
            (select count(*) from review_votes v where v.review_id = r.id)
         union all select r.id from reviews r where r.pictures <>
            (select count(*) from review_pictures p where p.review_id = r.id)
         union all select r.id from reviews r join review_votes v on v.review_id = r.id
            where v.person_id = r.person_id",
    ),
    check(
        "V4",
        "A hidden review is so by its last ruling, which has a ground, a law and a reason",
        "select r.id from reviews r left join review_rulings u on u.id = r.hidden_by
         where r.hidden_by is not null and (u.id is null or u.review_id <> r.id or u.hides <> 1
            or u.reason = '' or u.law = ''
            or exists (select 1 from review_rulings l where l.review_id = r.id and l.id > u.id))
         union all select r.id from reviews r where r.hidden_by is null and coalesce(
            (select u.hides from review_rulings u where u.review_id = r.id
             order by u.id desc limit 1), 0) = 1",
    ),
    check(
        "V5",
        "Every act of moderation is in the staff log",
        "select u.id from review_rulings u where not exists (select 1 from staff_acts a
            where a.about = 'review' and a.about_id = u.review_id and a.actor_id = u.actor_id
              and a.action = case when u.hides = 1 then 'review.hide' else 'review.show' end)",
    ),
];
