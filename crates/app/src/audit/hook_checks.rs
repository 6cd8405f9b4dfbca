//! The checks of webhooks: nobody is told twice, late or not at all.

use super::checks::{Check, check};

/// Every invariant of webhooks that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "E8",
        "Each event goes to each endpoint once, and a delivery waits for its time, was sent or is \
         dead",
        "select webhook_id, event_id from webhook_deliveries
         group by webhook_id, event_id having count(*) > 1
         union all select webhook_id, event_id from webhook_deliveries
         where state not in ('waiting', 'sent', 'dead')
            or (state = 'waiting') <> (next_at is not null)
            or (state = 'waiting') <> (ended_at is null)
         union all select d.webhook_id, d.event_id from webhook_deliveries d
         where not exists (select 1 from events e where e.id = d.event_id and e.name = d.name)",
    ),
    check(
        "E10",
        "What an endpoint wants of the log is on its way to it, in time and without a gap",
        "select w.id, e.id from webhooks w join events e
           on e.at >= w.settled_at and e.at + {grace} < {now} and e.at + 86400000000 > {now}
         where w.state = 'on' and e.id > w.since
           and (w.names = '' or w.names like '% ' || e.name || ' %') and not exists
           (select 1 from webhook_deliveries d where d.webhook_id = w.id and d.event_id = e.id)",
    ),
    check(
        "E11",
        "No delivery lies past its time: its endpoint is being worked through",
        "select d.webhook_id, d.event_id from webhook_deliveries d
         where d.state = 'waiting' and d.next_at + {grace} < {now}
           and not exists (select 1 from webhook_deliveries b
             where b.webhook_id = d.webhook_id and b.about = d.about and b.about_id = d.about_id
               and b.state = 'waiting' and b.place < d.place)
           and not exists (select 1 from webhook_attempts a
             where a.webhook_id = d.webhook_id and a.at + {grace} >= {now})",
    ),
    check(
        "E12",
        "An endpoint that is off has nothing waiting, and one that exists a secret without end",
        "select w.id, d.event_id from webhooks w join webhook_deliveries d
           on d.webhook_id = w.id and d.state = 'waiting' where w.state = 'off'
         union all select w.id, count(s.id) from webhooks w left join webhook_secrets s
           on s.webhook_id = w.id and s.ends_at is null
         group by w.id having count(s.id) <> 1",
    ),
    check(
        "E13",
        "Every try is written down, and what was sent ended with one that was taken",
        "select d.webhook_id, d.event_id from webhook_deliveries d
         where (d.ended_at is null or d.ended_at + 86400000000 > {now}) and
           (d.attempts <> (select count(*) from webhook_attempts a
             where a.webhook_id = d.webhook_id and a.event_id = d.event_id)
            or (d.state = 'sent' and not exists (select 1 from webhook_attempts a
             where a.webhook_id = d.webhook_id and a.event_id = d.event_id
               and a.number = d.attempts and a.means = 'done')))",
    ),
];
