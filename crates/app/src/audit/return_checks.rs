//! What must hold about returns: money, goods, units and time.

use super::checks::{Check, check};

/// Every invariant of returns that can be seen in one state of the database.
pub const CHECKS: &[Check] = &[
    check(
        "R1",
        "A return's history is gapless, legal, never goes back in time and ends in its state",
        "select m.after_sale_id from after_sale_moves m
         left join after_sale_moves p on p.after_sale_id = m.after_sale_id and p.seq = m.seq - 1
         where (m.seq = 1 and (m.from_status is not null or m.to_status <> 'requested'))
            or (m.seq > 1 and (p.after_sale_id is null or p.to_status <> m.from_status
                or p.at > m.at))
            or (m.seq > 1 and not (m.from_status = m.to_status and m.reason = 'paid_instead')
                and m.from_status || '>' || m.to_status not in (
'requested>approved', 'requested>refused', 'requested>escalated', 'requested>closed',
'requested>withdrawn', 'approved>awaiting_return', 'approved>received', 'approved>refunded',
'refused>escalated', 'refused>closed', 'escalated>approved', 'escalated>refused',
'escalated>closed', 'escalated>withdrawn', 'awaiting_return>returned', 'awaiting_return>closed',
'awaiting_return>withdrawn', 'returned>received', 'returned>escalated', 'received>refunded',
'received>replaced', 'refunded>closed', 'replaced>closed'))
         union all select s.id from after_sales s where not exists
           (select 1 from after_sale_moves m where m.after_sale_id = s.id and m.seq = s.seq
            and m.to_status = s.status)
         union all select after_sale_id from after_sale_moves
         group by after_sale_id having max(seq) <> count(*)",
    ),
    check(
        "R2",
        "What the lines of an order and its shipping give back is what its refunds do",
        "select o.id from orders o join (select order_id, sum(refunded
             + case when tax_added > 0 then tax_back else 0 end) s from order_lines
           group by order_id) l on l.order_id = o.id
         where o.paid_at is not null and o.status <> 'late_paid'
           and o.total > 0 and l.s + o.shipping_refunded <>
             coalesce((select sum(r.amount) from refunds r join payments y on y.id = r.payment_id
               where r.order_id = o.id and r.status in ('pending', 'succeeded')
                 and y.purpose = 'order'), 0)",
    ),
    check(
        "R3",
        "No line gives back more than it really cost, in returns or otherwise",
        "select l.id from order_lines l where l.refunded > l.total or l.refunded < 0
            or l.refunded + case when l.tax_added > 0 then l.tax_back else 0 end
              < coalesce((select sum(a.refunded) from after_sale_lines a
                          where a.order_line_id = l.id), 0)
         union all select id from orders
         where shipping_refunded > shipping + shipping_tax_added",
    ),
    check(
        "R4",
        "A return's refunds are what was agreed for its lines and shipping, and are there when \
         they are promised",
        "select r.after_sale_id from refunds r where r.reason = 'after_sale'
         group by r.after_sale_id having sum(r.amount) <>
           coalesce((select sum(a.refunded) from after_sale_lines a
                     where a.after_sale_id = r.after_sale_id), 0)
         + coalesce((select s.shipping from after_sales s where s.id = r.after_sale_id), 0)
         union all select s.id from after_sales s
         join (select after_sale_id, sum(refunded) g, sum(coalesce(agreed, 0)) want
               from after_sale_lines group by after_sale_id) l on l.after_sale_id = s.id
         where (l.g > 0 and not exists (select 1 from refunds r where r.after_sale_id = s.id))
            or (l.g > 0 and l.g <> l.want)
            or (s.status = 'refunded' and l.g + s.shipping > 0 and (not exists
                (select 1 from refunds r where r.after_sale_id = s.id)
              or exists (select 1 from refunds r where r.after_sale_id = s.id
                  and r.status <> 'succeeded')))
            or (s.status in ('approved', 'received') and s.kind <> 'exchange' and l.want > 0
                and l.g = 0)",
    ),
    check(
        "R5",
        "Nobody has the money back and something else instead",
        "select after_sale_id, order_line_id from after_sale_lines where refunded > 0 and sent > 0
         union all select s.id, 0 from after_sales s join refunds r on r.after_sale_id = s.id
         where s.status in ('replaced') or exists (select 1 from after_sale_lines a
           where a.after_sale_id = s.id and a.sent > 0)",
    ),
    check(
        "R6",
        "Every unit is asked for once: a line counts what its returns hold",
        "select l.id from order_lines l where l.in_returns > l.quantity or l.in_returns <>
           l.removed + coalesce((select sum(a.quantity) from after_sale_lines a
             join after_sales s on s.id = a.after_sale_id
             where a.order_line_id = l.id and s.holds_units = 1), 0)
         union all select id from after_sales
         where holds_units = 0 and status not in ('closed', 'withdrawn')",
    ),
    check(
        "R7",
        "What came back is counted once, by its condition, and never more than was sold",
        "select l.id from order_lines l join
           (select order_line_id, sum(sellable) s, sum(damaged) d from after_sale_lines
            group by order_line_id) a on a.order_line_id = l.id
         where l.restocked <> a.s + l.removed or l.spoiled <> a.d
         union all select id from order_lines
         where restocked + spoiled > quantity or restocked < 0 or spoiled < 0
         union all select a.after_sale_id from after_sale_lines a
         join after_sales s on s.id = a.after_sale_id
         where (a.sellable + a.damaged <> 0 and a.sellable + a.damaged <> a.quantity)
            or (s.status in ('received', 'replaced') and a.sellable + a.damaged <> a.quantity)",
    ),
    check(
        "R8",
        "Only an exchange keeps or sends other goods, and it sends what it kept",
        "select a.after_sale_id from after_sale_lines a join after_sales s on s.id = a.after_sale_id
         where (a.kept + a.sent > 0 and s.kind <> 'exchange')
            or (a.kept > 0 and s.status in ('requested', 'refused', 'refunded', 'replaced',
                                            'closed', 'withdrawn'))
            or (s.status = 'replaced' and a.sent <> a.quantity)
            or (s.kind = 'exchange' and s.status in ('awaiting_return', 'returned', 'received')
                and a.kept <> a.quantity)",
    ),
    check(
        "R9",
        "Nothing hangs: a return's time moves it on, and what the owner is to decide is a case",
        "select id from after_sales where due_at is not null and due_at + {grace} < {now}
         union all select s.id from after_sales s where s.status = 'escalated' and not exists
           (select 1 from cases c where c.kind = 'return_escalated' and c.about = 'return'
             and c.about_id = s.id)
         union all select c.about_id from cases c join after_sales s on s.id = c.about_id
         where c.kind = 'return_escalated' and c.about = 'return' and c.state = 'open'
           and s.status <> 'escalated'",
    ),
    check(
        "R10",
        "Whoever has all their money back for goods is not shown in a team that succeeded",
        "select p.order_id from places p join teams t on t.id = p.team_id
         join (select order_id, sum(total) t, sum(refunded) r from order_lines group by order_id) l
           on l.order_id = p.order_id
         where t.status = 'succeeded' and p.status = 'confirmed' and l.t > 0 and l.r = l.t",
    ),
    check(
        "R11",
        "Every change of a return left exactly one event",
        "select m.after_sale_id from after_sale_moves m left join events e
           on e.about = 'return' and e.about_id = m.after_sale_id and e.about_seq = m.seq
         group by m.after_sale_id, m.seq having count(e.id) <> 1",
    ),
    check(
        "R12",
        "A return, its buyer, its lines and its refund are of one order",
        "select s.id from after_sales s join orders o on o.id = s.order_id
         where o.person_id <> s.person_id or o.currency <> s.currency
         union all select a.after_sale_id from after_sale_lines a
         join after_sales s on s.id = a.after_sale_id
         join order_lines l on l.id = a.order_line_id where l.order_id <> s.order_id
         union all select r.id from refunds r join after_sales s on s.id = r.after_sale_id
         where r.order_id <> s.order_id
         union all select a.after_sale_id from after_sale_lines a
         join order_lines l on l.id = a.order_line_id join variants v on v.id = a.exchange_for
         where v.product_id <> l.product_id",
    ),
    check(
        "R13",
        "No order is completed while a return of it is open, unless it was before",
        "select m.order_id from order_moves m join after_sales s on s.order_id = m.order_id
         where m.to_status = 'completed' and s.created_at < m.at and not exists
           (select 1 from after_sale_moves e where e.after_sale_id = s.id and e.at <= m.at
             and e.to_status in ('refunded', 'replaced', 'closed', 'withdrawn'))",
    ),
];

#[cfg(test)]
mod tests {
    use domain::after_sale::Status;

    /// R1 knows exactly the moves the rules know.
    #[test]
    fn the_legal_moves_are_those_of_the_rules() {
        let r1 = super::CHECKS.iter().find(|check| check.id == "R1").unwrap().sql;
        let allowed = r1.split("not in (").nth(1).and_then(|rest| rest.split("))").next());
        let allowed = allowed.unwrap().matches('>').count();
        let mut count = 0;
        for from in Status::ALL {
            for to in from.next() {
                let step = format!("'{}>{}'", from.code(), to.code());
                assert!(r1.contains(&step), "{step} is missing");
                count += 1;
            }
        }
        assert_eq!(allowed, count, "R1 allows a move the rules do not");
    }
}
