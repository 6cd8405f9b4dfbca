//! The console's list of requests.

use domain::money::{Currency, Money};

use super::{REQUEST, request_of};
use crate::db::{Tx, Value};
use crate::failure::Failure;
use crate::invoice::desk::{RequestCard, Wanted};

/// Requests with what became of them, the latest first.
pub fn list(tx: &mut Tx, wanted: &Wanted) -> Result<Vec<RequestCard>, Failure> {
    let columns = "p.name, o.total, o.currency, i.id, i.number, i.total, i.issued_at";
    let sql = REQUEST.replacen(" from invoice_requests q", &format!(", {columns}"), 1);
    let text = wanted.text.trim().to_lowercase().replace(['%', '_', '\\'], " ");
    let like = format!("%{}%", text.trim());
    let sql = format!(
        "{sql} from invoice_requests q join orders o on o.id = q.order_id
         join people p on p.id = o.person_id
         left join invoices i on i.request_id = q.id and i.reverses is null
           and i.copy = (select max(c.copy) from invoices c
                         where c.request_id = q.id and c.reverses is null)
         where q.id < $1 and ($2 = '' or q.status = $2)
           and (cast($3 as bigint) = 0 or q.order_id = $3)
           and ($4 = '%%' or lower(q.title) like $4 or lower(p.name) like $4
                or exists (select 1 from invoices n where n.request_id = q.id
                           and lower(n.number) like $4))
         order by q.id desc limit $5"
    );
    let params: [Value; 5] = [
        wanted.before.map_or(i64::MAX, |id| id.0).into(),
        wanted.state.map_or("", |state| state.code()).into(),
        wanted.order.map_or(0, |id| id.0).into(),
        like.into(),
        wanted.limit.into(),
    ];
    tx.all(&sql, &params, |row| {
        let currency = Currency::parse(&row.get::<String>(9)).expect("the table holds known ones");
        RequestCard {
            request: request_of(row),
            buyer_name: row.get(7),
            order_total: Money::new(row.get(8), currency),
            invoice: row.get(10),
            number: row.get(11),
            total: row.get::<Option<i64>>(12).map(|minor| Money::new(minor, currency)),
            issued_at: row.get(13),
        }
    })
}

pub fn count_waiting(tx: &mut Tx) -> Result<i64, Failure> {
    let sql = "select count(*) from invoice_requests where status = 'asked'";
    tx.one(sql, &[], |row| row.get(0))
}
