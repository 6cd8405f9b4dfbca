//! The checks: plain SQL that both engines understand. `{now}` and `{grace}` are microseconds.

/// One invariant.
pub struct Check {
    pub id: &'static str,
    pub statement: &'static str,
    /// Returns what offends.
    pub sql: &'static str,
}

pub(super) const fn check(id: &'static str, statement: &'static str, sql: &'static str) -> Check {
    Check { id, statement, sql }
}

/// Every invariant that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "L1",
        "The books sum to zero in every currency",
        "select currency, cast(sum(amount) as bigint) from postings
         group by currency having sum(amount) <> 0",
    ),
    check(
        "L2",
        "Every journal has at least two postings and sums to zero per currency",
        "select j.id from journals j left join postings p on p.journal_id = j.id
         group by j.id having count(p.journal_id) < 2
         union all select journal_id from postings
         group by journal_id, currency having sum(amount) <> 0",
    ),
    check(
        "L3",
        "No posting is zero, and its currency is its account's",
        "select p.journal_id, p.position from postings p
         left join accounts a on a.id = p.account_id
         where p.amount = 0 or a.id is null or a.currency <> p.currency",
    ),
    check(
        "L4",
        "A balance equals the sum of its postings",
        "select a.id from accounts a left join
           (select account_id, sum(amount) s from postings group by account_id) q
           on q.account_id = a.id
         where a.balance <> coalesce(q.s, 0)",
    ),
    check(
        "L5",
        "No account is below its floor, holds included",
        "select id from accounts where floor is not null and balance - held < floor",
    ),
    check(
        "L6",
        "Held equals what active holds still keep",
        "select a.id from accounts a left join
           (select account_id, sum(amount - settled) s from holds where status = 'active'
            group by account_id) h on h.account_id = a.id
         where a.held <> coalesce(h.s, 0)",
    ),
    check(
        "L7",
        "A hold is in a known state, settles its amount or nothing, and has a refund that waits",
        "select h.id from holds h
         where (h.status = 'settled') <> (h.settled = h.amount)
            or (h.status <> 'settled' and h.settled <> 0)
            or (h.status = 'active' and h.about = 'refund' and not exists
                (select 1 from refunds r where r.id = h.about_id and r.status = 'pending'))",
    ),
    check(
        "L8",
        "Journals are one unbroken chain",
        "select j.id from journals j where j.length > 1 and not exists
           (select 1 from journals k where k.hash = j.prev_hash and k.length = j.length - 1)
         union all select j.id from journals j where j.length = 1 and j.prev_hash <> ''
         union all select h.length from chain_heads h where h.name = 'journals' and h.length <>
           (select count(*) from journals)",
    ),
    check(
        "L9",
        "One business fact, one journal",
        "select kind, about, about_id from journals
         group by kind, about, about_id having count(*) > 1",
    ),
    check(
        "L10",
        "A journal is reversed at most once, and its reversal is its exact negative",
        "select reverses_id from journals where reverses_id is not null
         group by reverses_id having count(*) > 1
         union all select r.id from journals r
         join postings p on p.journal_id in (r.id, r.reverses_id)
         where r.reverses_id is not null group by r.id, p.account_id having sum(p.amount) <> 0",
    ),
    check(
        "L12",
        "The provider's clearing account equals what was captured less what was refunded",
        "select c.currency from
           (select currency, sum(s) s from (
              select currency, sum(captured) s from payments where status = 'captured'
                and provider not in ('store_credit', 'prepaid', 'offline') group by currency
              union all select r.currency, -sum(r.amount) from refunds r
              join payments y on y.id = r.payment_id where r.status = 'succeeded'
                and y.provider not in ('store_credit', 'prepaid', 'offline') group by r.currency
              union all select currency, sum(amount) from top_ups where status = 'captured'
              group by currency
              union all select t.currency, -sum(f.amount) from top_up_refunds f
              join top_ups t on t.id = f.top_up_id where f.status = 'succeeded'
              group by t.currency) moved group by currency) c
         where c.s <> -coalesce((select sum(p.amount) from postings p
           join accounts a on a.id = p.account_id join journals j on j.id = p.journal_id
           where a.kind = 'psp_clearing' and a.currency = c.currency
             and j.kind in ('capture', 'refund', 'top_up', 'top_up_refund')), 0)",
    ),
    check(
        "L14",
        "Every amount fits a number that JSON keeps exactly",
        "select journal_id from postings
         where amount > 9007199254740991 or amount < -9007199254740991
         union all select id from accounts
         where balance > 9007199254740991 or balance < -9007199254740991",
    ),
    check(
        "L15",
        "An order's escrow holds what was captured for it less what went back or was earned",
        "select a.owner_id from accounts a where a.kind = 'escrow' and a.balance <>
           coalesce((select sum(p.captured) from payments p
                     where p.order_id = a.owner_id and p.status = 'captured'), 0)
         - coalesce((select sum(r.amount) from refunds r
                     where r.order_id = a.owner_id and r.status = 'succeeded'), 0)
         - coalesce((select sum(p.amount) from journals j join postings p on p.journal_id = j.id
                     join accounts s on s.id = p.account_id
                     where s.kind in ('sales', 'tax_payable', 'seller_payable', 'commission')
                       and ((j.about = 'order' and j.about_id = a.owner_id)
                       or (j.about = 'refund' and j.about_id in
                           (select id from refunds where order_id = a.owner_id)))), 0)",
    ),
    check(
        "O1",
        "An order has the time of its payment exactly when it is in a paid state",
        "select id from orders
         where (paid_at is not null) <> (status not in ('pending_payment', 'cancelled'))",
    ),
    check(
        "O2",
        "A paid order was captured for exactly its total, in its own currency",
        "select o.id from orders o left join payments y
           on y.order_id = o.id and y.status = 'captured' and y.purpose = 'order'
         where o.paid_at is not null and o.status <> 'late_paid'
         group by o.id, o.total having coalesce(sum(y.captured), 0) <> o.total
         union all select y.id from payments y join orders o on o.id = y.order_id
         where y.currency <> o.currency",
    ),
    check(
        "O3",
        "Money that came for a dead order, or twice, goes back in full",
        "select y.id from payments y join orders o on o.id = y.order_id
         where y.status = 'captured' and y.updated_at + {grace} < {now}
           and (o.status in ('cancelled', 'late_paid') or y.purpose = 'surplus')
           and y.captured <> coalesce((select sum(r.amount) from refunds r
             where r.payment_id = y.id and r.status in ('pending', 'succeeded')), 0)",
    ),
    check(
        "O4",
        "Refunds never exceed what was captured",
        "select y.id from payments y join refunds r
           on r.payment_id = y.id and r.status in ('pending', 'succeeded')
         group by y.id, y.captured having sum(r.amount) > y.captured
         union all select id from refunds where amount <= 0",
    ),
    check(
        "O5",
        "An order's history is gapless, legal, never goes back in time and ends in its state",
        "select m.order_id from order_moves m
         left join order_moves p on p.order_id = m.order_id and p.seq = m.seq - 1
         where (m.seq = 1 and (m.from_status is not null or m.to_status <> 'pending_payment'))
            or (m.seq > 1 and (p.order_id is null or p.to_status <> m.from_status
                or p.at > m.at))
            or (m.seq > 1 and m.from_status || '>' || m.to_status not in (
'pending_payment>paid', 'pending_payment>cancelled', 'paid>awaiting_team', 'paid>to_ship',
'awaiting_team>to_ship', 'awaiting_team>refunding', 'to_ship>shipped', 'to_ship>delivered',
'to_ship>refunding', 'shipped>delivered', 'shipped>completed', 'shipped>refunding',
'paid>awaiting_taker', 'awaiting_taker>to_ship', 'awaiting_taker>refunding',
'delivered>completed', 'delivered>refunding', 'completed>refunding', 'cancelled>paid',
'cancelled>late_paid', 'refunding>refunded'))
         union all select o.id from orders o where not exists
           (select 1 from order_moves m where m.order_id = o.id and m.seq = o.seq
            and m.to_status = o.status)
         union all select order_id from order_moves
         group by order_id having max(seq) <> count(*)",
    ),
    check(
        "O6",
        "The arithmetic of every order and line holds, and nothing is negative",
        "select o.id from orders o left join
           (select order_id, sum(total) t, sum(discount) d from order_lines group by order_id) l
           on l.order_id = o.id
         where o.subtotal <> coalesce(l.t, 0) or o.discount <> coalesce(l.d, 0)
            or o.total <> o.subtotal + o.shipping + o.tax or o.total < 0
         union all select id from order_lines
         where quantity <= 0 or restocked < 0 or restocked > quantity or unit_price < 0
            or total <> quantity * unit_price - discount or total < 0",
    ),
    check(
        "O7",
        "One reference at a provider, one payment",
        "select provider, reference from payments
         group by provider, reference having count(*) > 1",
    ),
    check(
        "O8",
        "Each capture and each finished refund has one journal of exactly its amount",
        "select y.id from payments y where y.status = 'captured' and y.captured <> coalesce(
           (select sum(p.amount) from journals j join postings p on p.journal_id = j.id
            where j.kind = 'capture' and j.about = 'payment' and j.about_id = y.id
              and p.amount > 0), 0)
         union all select r.id from refunds r where r.status = 'succeeded' and r.amount <> coalesce(
           (select sum(p.amount) from journals j join postings p on p.journal_id = j.id
            where j.kind = 'refund' and j.about = 'refund' and j.about_id = r.id
              and p.amount > 0), 0)
         union all select j.id from journals j where j.kind = 'capture' and not exists
           (select 1 from payments y where y.id = j.about_id and y.status = 'captured')
         union all select j.id from journals j where j.kind = 'refund' and not exists
           (select 1 from refunds r where r.id = j.about_id and r.status = 'succeeded')",
    ),
    check(
        "O9",
        "No order was cancelled after it was shipped",
        "select c.order_id from order_moves c join order_moves s on s.order_id = c.order_id
         where c.to_status = 'cancelled' and s.to_status = 'shipped' and s.seq < c.seq",
    ),
    check(
        "O10",
        "Nothing hangs: unpaid orders end, pending refunds finish",
        "select id from orders where status = 'pending_payment' and pay_by + {grace} < {now}
         union all select r.id from refunds r where r.status = 'pending'
           and r.created_at + 86400000000 < {now} and not exists
           (select 1 from cases c where c.about = 'refund' and c.about_id = r.id)",
    ),
    check(
        "O11",
        "An order is refunded exactly when all of it went back, and counts what did",
        "select o.id from orders o where o.paid_at is not null and o.status <> 'late_paid'
           and o.total > 0 and (o.status = 'refunded') <> (o.refunded = o.total)
         union all select o.id from orders o where o.status <> 'late_paid' and o.refunded <>
           coalesce((select sum(r.amount) from refunds r join payments y on y.id = r.payment_id
             where r.order_id = o.id and r.status = 'succeeded' and y.purpose = 'order'), 0)",
    ),
    check(
        "O12",
        "A shipped order has a parcel",
        "select o.id from orders o where o.status = 'shipped' and not exists
           (select 1 from shipments s where s.order_id = o.id)",
    ),
    check(
        "G1",
        "A team that succeeded had enough people, or the merchant's word for fewer",
        "select t.id from teams t where t.status = 'succeeded' and
           ((t.lowered = 0 and t.people < t.need) or (t.lowered = 1 and t.people >= t.need)
            or t.people <> (select count(*) from places p where p.team_id = t.id
                            and p.status in ('confirmed', 'refunded')))",
    ),
    check(
        "G2",
        "No team is over its size, and its counts are true",
        "select t.id from teams t where t.taken > t.most or t.taken <>
           (select count(*) from places p where p.team_id = t.id
            and p.status in ('held', 'confirmed', 'refunded'))
          or t.confirmed <> (select count(*) from places p where p.team_id = t.id
            and p.status in ('confirmed', 'refunded'))",
    ),
    check(
        "G3",
        "A failed team refunds each payer exactly what they paid, exactly once",
        "select p.order_id from teams t join places p on p.team_id = t.id
         join payments y on y.order_id = p.order_id and y.status = 'captured'
           and y.purpose = 'order'
         where t.status = 'failed' and p.status = 'confirmed'
           and t.closed_at + {grace} < {now}
           and y.captured <> coalesce((select sum(r.amount) from refunds r
             where r.payment_id = y.id and r.status in ('pending', 'succeeded')
               and r.reason = 'group_failed'), 0)",
    ),
    check(
        "G4",
        "A team that succeeded has no refund for failing",
        "select r.id from refunds r join places p on p.order_id = r.order_id
         join teams t on t.id = p.team_id
         where t.status = 'succeeded' and r.reason = 'group_failed'",
    ),
    check(
        "G5",
        "One live place per person and team, one person per number",
        "select team_id, person_id from places where status in ('held', 'confirmed')
         group by team_id, person_id having count(*) > 1
         union all select team_id, number from places
         where status in ('held', 'confirmed', 'refunded')
         group by team_id, number having count(*) > 1",
    ),
    check(
        "G6",
        "No team stays open past its deadline, and one that is over says when it ended",
        "select id from teams where (status = 'open' and deadline + {grace} < {now})
            or ((status in ('forming', 'open')) <> (closed_at is null))",
    ),
    check(
        "G7",
        "An order in a team has its place there, and a place its order",
        "select o.id from orders o where o.team_id is not null and not exists
           (select 1 from places p where p.order_id = o.id and p.team_id = o.team_id
            and p.person_id = o.person_id)
         union all select p.order_id from places p join orders o on o.id = p.order_id
         where o.team_id is null or o.team_id <> p.team_id or o.person_id <> p.person_id
            or (p.status = 'confirmed' and o.paid_at is null)
            or (p.status = 'held' and o.status <> 'pending_payment')",
    ),
    check(
        "G8",
        "Nothing ships from a team that has not succeeded",
        "select o.id from orders o join teams t on t.id = o.team_id
         where t.status <> 'succeeded'
           and o.status in ('to_ship', 'shipped', 'delivered', 'completed')
         union all select o.id from orders o join teams t on t.id = o.team_id
         where t.status = 'succeeded' and o.status = 'awaiting_team'",
    ),
    check(
        "G9",
        "An open team is led by somebody who paid",
        "select t.id from teams t where t.status = 'open' and not exists
           (select 1 from places p where p.team_id = t.id and p.person_id = t.leader_id
            and p.status = 'confirmed')",
    ),
    check(
        "E1",
        "A key that was kept has its one answer",
        "select principal, key from idempotency_keys where answer is null or effect is null",
    ),
    check(
        "E2",
        "One effect, one key",
        "select effect, effect_id from idempotency_keys
         group by effect, effect_id having count(*) > 1",
    ),
    check(
        "E3",
        "Every order change left exactly one event, in order, without a gap",
        "select m.order_id from order_moves m left join events e
           on e.about = 'order' and e.about_id = m.order_id and e.about_seq = m.seq
         group by m.order_id, m.seq having count(e.id) <> 1
         union all select about_id from events where about_seq is not null
         group by about, about_id having min(about_seq) <> 1 or max(about_seq) <> count(*)",
    ),
    check(
        "E4",
        "Every team change left exactly one event",
        "select t.id from teams t where t.seq <>
           (select count(*) from events e where e.about = 'team' and e.about_id = t.id
             and e.about_seq is not null)",
    ),
    check(
        "E7",
        "No received notice is left half done",
        "select event_id from payment_notices where state = 'received'",
    ),
    check(
        "E9",
        "One live job per key, no lease held past its end, no job over its tries",
        "select min(id) from jobs where unique_key is not null and state in ('ready', 'running')
         group by unique_key having count(*) > 1
         union all select id from jobs
         where (state = 'running' and lease_until + {grace} < {now}) or attempts > max_attempts",
    ),
    check(
        "T1",
        "Parents and children belong together",
        "select l.id from order_lines l join variants v on v.id = l.variant_id
         where v.product_id <> l.product_id
         union all select o.id from orders o join teams t on t.id = o.team_id
         where t.group_buy_id <> o.group_buy_id
         union all select r.id from refunds r join payments y on y.id = r.payment_id
         where y.order_id <> r.order_id or y.currency <> r.currency
         union all select g.variant_id from campaign_stock g
         join group_buys b on b.id = g.campaign_id join variants v on v.id = g.variant_id
         where v.product_id <> b.product_id
         union all select b.id from group_buys b where not exists
           (select 1 from campaigns c where c.id = b.id and c.mechanic = 'group_buy')
         union all select c.id from campaigns c where c.mechanic = 'group_buy' and not exists
           (select 1 from group_buys b where b.id = c.id)",
    ),
    check(
        "T2",
        "The staff log is one unbroken chain",
        "select a.id from staff_acts a where a.prev_hash <> '' and not exists
           (select 1 from staff_acts b where b.hash = a.prev_hash and b.id < a.id)
         union all select h.length from chain_heads h where h.name = 'staff_acts' and h.length <>
           (select count(*) from staff_acts)",
    ),
    check("D1", "No migration is half applied", "select version from migrations where dirty <> 0"),
];

#[cfg(test)]
mod tests {
    use domain::order::Status;

    /// O5 knows exactly the moves the rules know.
    #[test]
    fn the_legal_moves_are_those_of_the_rules() {
        let o5 = super::CHECKS.iter().find(|check| check.id == "O5").unwrap().sql;
        let allowed = o5.split("not in (").nth(1).and_then(|rest| rest.split("))").next());
        let allowed = allowed.unwrap().matches('>').count();
        let mut count = 0;
        for from in Status::ALL {
            for to in from.next() {
                let step = format!("'{}>{}'", from.code(), to.code());
                assert!(o5.contains(&step), "{step} is missing");
                count += 1;
            }
        }
        assert_eq!(allowed, count, "O5 allows a move the rules do not");
    }
}
