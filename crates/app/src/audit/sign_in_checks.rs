//! The checks of signing in: a second step is asked for as it was set up, or not at all.

use super::checks::{Check, check};

/// Every invariant of second factors and passkeys that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "F1",
        "Only staff have a second factor, and its secret is whole",
        "select f.person_id from second_factors f join people p on p.id = f.person_id
         where p.role = 'shopper' or length(f.secret) <> 20",
    ),
    check(
        "F2",
        "A second factor that is asked for has its ten codes to write down, another has none",
        "select f.person_id from second_factors f
         left join recovery_codes r on r.person_id = f.person_id
         group by f.person_id, f.confirmed_at
         having count(r.person_id) <> case when f.confirmed_at is null then 0 else 10 end",
    ),
    check(
        "F3",
        "A ticket between the two steps is somebody's of whom the second is asked",
        "select t.person_id from sign_in_tickets t
         left join second_factors f on f.person_id = t.person_id and f.confirmed_at is not null
         where f.person_id is null",
    ),
    check(
        "F4",
        "A passkey is somebody's who was not forgotten, and nobody has more than twenty",
        "select k.person_id from passkeys k join people p on p.id = k.person_id
         where p.erased_at is not null
         union all
         select person_id from passkeys group by person_id having count(*) > 20",
    ),
];
