//! The checks of staff: that there is an owner, and that nobody came in unwritten.

use super::checks::{Check, check};

/// Every invariant of staff that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "N1",
        "A shop that has staff has an owner",
        "select p.id from people p where p.role <> 'shopper'
            and not exists (select 1 from people o where o.role = 'owner')",
    ),
    check(
        "N2",
        "Whoever works here was let in by an act in the staff log",
        // Who worked here before such acts were written needs none until there is one.
        "select p.id from people p
         where p.role <> 'shopper' and not (p.worked_before = 1 and not exists (
            select 1 from staff_acts a where a.about = 'person' and a.about_id = p.id
               and a.action in ('staff.add', 'staff.role', 'staff.remove')))
           and not exists (
            select 1 from staff_acts a where a.about = 'person' and a.about_id = p.id
               and a.action in ('staff.add', 'staff.role')
               and a.id = (select max(l.id) from staff_acts l where l.about = 'person'
                           and l.about_id = p.id
                           and l.action in ('staff.add', 'staff.role', 'staff.remove')))",
    ),
];
