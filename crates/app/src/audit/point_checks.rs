//! The checks of points and levels: lots, moves and the books say the same, an order's points
//! follow the order, and everybody stands where their last move left them.

use super::checks::{Check, check};

/// Every invariant of points and levels that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "B1",
        "Somebody's account of points holds what lies in their lots",
        "select a.owner_id from accounts a where a.kind = 'points_held' and a.balance <>
           coalesce((select sum(l.remaining) from point_lots l where l.person_id = a.owner_id), 0)
         union all select l.person_id from point_lots l where l.remaining > 0 and not exists
           (select 1 from accounts a where a.kind = 'points_held' and a.owner_id = l.person_id)",
    ),
    check(
        "B2",
        "What lies in a lot is what its moves put in and took out",
        "select l.id from point_lots l where l.remaining <> coalesce(
           (select sum(p.points) from point_parts p where p.lot_id = l.id), 0)
         union all select p.move_id from point_parts p join point_moves m on m.id = p.move_id
         join point_lots l on l.id = p.lot_id where m.person_id <> l.person_id",
    ),
    check(
        "B3",
        "Every move is in lots what it is in points, but for what was owed or repaid",
        "select m.id from point_moves m where m.points + m.owed <> coalesce(
           (select sum(p.points) from point_parts p where p.move_id = m.id), 0)
         union all select id from point_moves where (points > 0 and owed > 0)
           or (points < 0 and owed < 0)",
    ),
    check(
        "B4",
        "What somebody owes is what was taken back and was not there, less what they repaid",
        "select c.person_id from point_people c where c.debt <> coalesce(
           (select sum(m.owed) from point_moves m where m.person_id = c.person_id), 0)
         union all select m.person_id from point_moves m where not exists
           (select 1 from point_people c where c.person_id = m.person_id)",
    ),
    check(
        "B5",
        "Every move of points is in the books once, and nothing else moves them",
        "select m.id from point_moves m where m.kind not in ('won', 'won_back')
           and m.points + m.owed <> coalesce((select sum(p.amount) from journals j
             join postings p on p.journal_id = j.id join accounts a on a.id = p.account_id
             where j.kind = 'points' and j.about = 'points' and j.about_id = m.id
               and a.kind = 'points_held' and a.owner_id = m.person_id), 0)
         union all select j.id from journals j where j.kind = 'points' and not exists
           (select 1 from point_moves m where m.id = j.about_id)",
    ),
    check(
        "B6",
        "An order's points are those of its lines, and moved as often as they should",
        "select o.order_id from order_points o where o.earned <> coalesce(
             (select sum(l.earned) from line_points l where l.order_id = o.order_id), 0)
           or o.spent <> coalesce(
             (select sum(l.spent) from line_points l where l.order_id = o.order_id), 0)
           or o.earned <> coalesce((select sum(m.points) from point_moves m
             where m.order_id = o.order_id and m.kind = 'earned'), 0)
           or o.taken_back <> -coalesce((select sum(m.points) from point_moves m
             where m.order_id = o.order_id and m.kind = 'taken_back'), 0)
           or o.spent <> -coalesce((select sum(m.points) from point_moves m
             where m.order_id = o.order_id and m.kind = 'spent'), 0)
           or o.returned <> coalesce((select sum(m.points) from point_moves m
             where m.order_id = o.order_id and m.kind in ('returned', 'spent_again')), 0)",
    ),
    check(
        "B7",
        "What went back of an order took back what it had earned",
        "select o.order_id from order_points o where o.earned_at is not null and o.taken_back <>
           coalesce((select sum(case when p.paid = 0 then 0 else p.earned
               * (case when l.refunded - p.was_back > p.paid then p.paid
                       when l.refunded < p.was_back then 0
                       else l.refunded - p.was_back end) / p.paid end)
             from line_points p join order_lines l on l.id = p.line_id
             where p.order_id = o.order_id), 0)
           and not exists (select 1 from jobs j where j.state in ('ready', 'running', 'dead')
             and ((j.kind in ('points.order', 'points.revived') and j.about_id = o.order_id)
               or (j.kind = 'points.refund' and j.about_id in
                 (select r.id from refunds r where r.order_id = o.order_id))))",
    ),
    check(
        "B8",
        "What was spent on an order that was not sold came back",
        "select o.order_id from order_points o join orders r on r.id = o.order_id
         where o.returned <> o.spent
           and r.status in ('cancelled', 'late_paid', 'refunding', 'refunded')
           and not exists (select 1 from jobs j where j.state in ('ready', 'running', 'dead')
             and ((j.kind in ('points.order', 'points.revived') and j.about_id = o.order_id)
               or (j.kind = 'points.refund' and j.about_id in
                 (select f.id from refunds f where f.order_id = o.order_id))))",
    ),
    check(
        "B9",
        "Points that staff gave or took are in the staff log",
        "select m.id from point_moves m where m.kind in ('given', 'taken') and not exists
           (select 1 from staff_acts a where a.action = 'point.give' and a.about = 'person'
              and a.about_id = m.person_id and a.actor_id = m.by_id)",
    ),
    check(
        "B10",
        "Points that have expired are gone two days later at the latest",
        "select id from point_lots where remaining > 0 and expires_at + 172800000000 < {now}",
    ),
    check(
        "B11",
        "Everybody stands where the last change left them",
        "select s.person_id from level_standings s join level_moves m on m.person_id = s.person_id
         where m.id = (select max(x.id) from level_moves x where x.person_id = s.person_id)
           and (m.stands <> s.growth or m.to_rank <> s.rank)
         union all select s.person_id from level_standings s where s.rank > 0 and not exists
           (select 1 from level_moves m where m.person_id = s.person_id)",
    ),
    check(
        "B12",
        "A ladder begins at nothing, and each step is above the one before",
        "select l.id from levels l where (l.position = 0 and l.from_growth <> 0)
           or (l.position > 0 and not exists (select 1 from levels b
             where b.position = l.position - 1 and b.from_growth < l.from_growth
               and b.boost <= l.boost))",
    ),
];
