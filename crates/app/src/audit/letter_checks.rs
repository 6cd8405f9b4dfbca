//! The checks of letters: once each, by nobody's leave but their reader's, and none left lying.

use super::checks::{Check, check};

/// Every invariant of letters that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "M1",
        "No reader was written twice about one thing by one channel",
        "select min(m.id) from messages m where m.fact like 'notice %'
         group by substr(m.fact, 1, 24), m.person_id, m.letter, m.channel having count(*) > 1",
    ),
    check(
        "M2",
        "No code that goods are fetched with lies in the outbox",
        "select m.id from messages m join pickups k on k.order_id = m.about_id
         where m.letter is not null and m.about = 'order'
           and (m.body like '%' || k.code || '%' or m.subject like '%' || k.code || '%')",
    ),
    check(
        "M3",
        "No letter that can be stopped left after its reader stopped it",
        "select m.id from messages m join letter_choices c on c.person_id = m.person_id
            and c.letter_group = m.letter_group and c.channel = m.channel
         where m.optional = 1 and c.wanted = 0 and m.state in ('sent', 'caught')
           and m.sent_at > c.at + {grace}",
    ),
    check(
        "M4",
        "Every letter that waits has a job that sends it, or was given up",
        "select m.id from messages m where m.letter is not null and m.state = 'waiting'
           and m.gave_up = 0 and not exists (select 1 from jobs j
             where j.unique_key = 'letter.send:' || m.id and j.state in ('ready', 'running'))",
    ),
    check(
        "M5",
        "Nobody has stopped what cannot be stopped",
        "select c.person_id, c.letter_group from letter_choices c
         where c.letter_group = 'security' and c.channel = 'email' and c.wanted = 0
         union all select 0, o.letter from letters_off o where o.channel = 'email'
            and o.letter in ('order_paid', 'refunded', 'late_refunded', 'topped_up',
              'top_up_returned', 'signed_in', 'password_changed', 'second_step_on',
              'second_step_off', 'passkey_added', 'passkey_removed', 'token_made')",
    ),
];

#[cfg(test)]
mod tests {
    use domain::letter::{Channel, LETTERS};

    #[test]
    fn what_cannot_be_stopped_is_what_the_rules_say() {
        let sql = super::CHECKS.iter().find(|check| check.id == "M5").unwrap().sql;
        for letter in LETTERS {
            let named = sql.contains(&format!("'{}'", letter.code));
            assert_eq!(named, letter.is_locked(Channel::Email), "{}", letter.code);
        }
    }
}
