//! The tables `reviews`, `review_pictures`, `review_votes`, `review_rulings` and `review_sums`, and
//! what of orders is read beside them. No statement here deletes a review.

use std::collections::HashMap;

use domain::catalog::Product;
use domain::id::Id;
use domain::moment::Moment;
use domain::order::{self as orders, Order, Status};
use domain::person::Person;
use domain::review::{Bought, Ground, Review, Ruling, Sort};
use domain::text::masked;

use super::{HiddenView, Kept, Line, Look, ReviewPicture, ReviewView, Said, Summary};
use crate::db::{Row, Tx, Value};
use crate::failure::Failure;
use crate::file::picture::Prepared;

mod desk;

pub use desk::{counts, for_desk, rule, rulings, set_hidden};

/// What an action needs of a review it changes.
pub struct Head {
    pub id: Id<Review>,
    pub person: Id<Person>,
    pub product: Id<Product>,
    pub stars: i64,
    pub written_at: Moment,
    pub followed_up: bool,
    pub hidden: Option<Id<Ruling>>,
    pub pictures: i64,
    pub version: i64,
}

/// The review, held until the transaction ends.
pub fn lock(tx: &mut Tx, id: Id<Review>) -> Result<Head, Failure> {
    let sql = format!(
        "select person_id, product_id, stars, written_at, followed_up_at, hidden_by, pictures,
                version from reviews where id = $1{}",
        tx.lock()
    );
    tx.one(&sql, &[id.into()], |row| Head {
        id,
        person: row.get(0),
        product: row.get(1),
        stars: row.get(2),
        written_at: row.get(3),
        followed_up: row.get::<Option<i64>>(4).is_some(),
        hidden: row.get(5),
        pictures: row.get(6),
        version: row.get(7),
    })
}

const KEPT: &str = "select r.id, r.product_id, p.handle, l.title, l.variant_title, r.stars, r.text,
        n.name, r.written_at, r.follow_up, r.followed_up_at, r.answer, r.answered_at, r.votes,
        o.status, r.version, r.person_id, r.order_id, r.line_id, u.ground, u.law, u.reason, u.at
    from reviews r join order_lines l on l.id = r.line_id join orders o on o.id = r.order_id
    join people n on n.id = r.person_id join products p on p.id = r.product_id
    left join review_rulings u on u.id = r.hidden_by";

fn kept(row: &Row) -> Kept {
    let said = |text: usize| {
        let at = row.get::<Option<Moment>>(text + 1);
        row.get::<Option<String>>(text).zip(at).map(|(text, at)| Said { text, at })
    };
    let name: String = row.get(7);
    let status = Status::parse(&row.get::<String>(14));
    let ground = row.get::<Option<String>>(19).and_then(|code| Ground::parse(&code));
    Kept {
        view: ReviewView {
            id: row.get(0),
            product: row.get(1),
            handle: row.get(2),
            title: row.get(3),
            variant_title: row.get(4),
            stars: row.get(5),
            text: row.get(6),
            pictures: Vec::new(),
            author: masked(&name),
            written_at: row.get(8),
            follow_up: said(9),
            answer: said(11),
            helpful: row.get(13),
            refunded: matches!(status, Some(Status::Refunding | Status::Refunded)),
            version: row.get(15),
        },
        person: row.get(16),
        name,
        order: row.get(17),
        line: row.get(18),
        hidden: ground.map(|ground| HiddenView {
            ground,
            law: row.get(20),
            reason: row.get(21),
            at: row.get(22),
        }),
    }
}

/// These reviews with their pictures.
fn whole(tx: &mut Tx, sql: &str, params: &[Value]) -> Result<Vec<Kept>, Failure> {
    let mut found = tx.all(sql, params, kept)?;
    let ids: Vec<i64> = found.iter().map(|kept| kept.view.id.0).collect();
    if ids.is_empty() {
        return Ok(found);
    }
    let sql = "select review_id, file, thumb, width, height, color from review_pictures
        where review_id in";
    let pictures = tx.all_in((sql, &[]), &ids, "order by review_id, position", |row| {
        let picture = ReviewPicture {
            src: format!("/files/{}", row.get::<String>(1)),
            thumb: format!("/files/{}", row.get::<String>(2)),
            width: row.get(3),
            height: row.get(4),
            color: row.get(5),
        };
        (row.get::<Id<Review>>(0), picture)
    })?;
    let mut of: HashMap<Id<Review>, Vec<ReviewPicture>> = HashMap::new();
    for (review, picture) in pictures {
        of.entry(review).or_default().push(picture);
    }
    for kept in &mut found {
        kept.view.pictures = of.remove(&kept.view.id).unwrap_or_default();
    }
    Ok(found)
}

pub fn find(tx: &mut Tx, id: Id<Review>) -> Result<Kept, Failure> {
    whole(tx, &format!("{KEPT} where r.id = $1"), &[id.into()])?.pop().ok_or(Failure::NotFound)
}

/// What a list in this order is sorted by, before the newest.
fn key(sort: Sort) -> &'static str {
    match sort {
        Sort::New => "0",
        Sort::Helpful => "-r.votes",
        Sort::StarsUp => "r.stars",
        Sort::StarsDown => "-r.stars",
    }
}

pub fn of_product(tx: &mut Tx, product: Id<Product>, look: &Look) -> Result<Vec<Kept>, Failure> {
    let key = key(look.sort);
    let mut sql = format!("{KEPT} where r.product_id = $1 and r.hidden_by is null");
    planted!("hidden_listed", sql = format!("{KEPT} where r.product_id = $1"));
    let mut params: Vec<Value> = vec![product.into(), look.limit.into()];
    if let Some(stars) = look.stars {
        params.push(stars.into());
        sql += &format!(" and r.stars = ${}", params.len());
    }
    if look.pictured {
        sql += " and r.pictures > 0";
    }
    if let Some(after) = look.after {
        params.push(after.into());
        let (n, last) = (params.len(), key.replace("r.", "q."));
        let last = format!("(select {last} from reviews q where q.id = ${n})");
        sql += &format!(" and ({key} > {last} or ({key} = {last} and r.id < ${n}))");
    }
    let order = if look.sort == Sort::New { String::new() } else { format!("{key}, ") };
    sql += &format!(" order by {order}r.id desc limit $2");
    whole(tx, &sql, &params)
}

pub fn of_person(
    tx: &mut Tx,
    person: Id<Person>,
    before: Option<Id<Review>>,
    limit: i64,
) -> Result<Vec<Kept>, Failure> {
    let before = before.map_or(i64::MAX, |id| id.0);
    let sql = format!("{KEPT} where r.person_id = $1 and r.id < $2 order by r.id desc limit $3");
    whole(tx, &sql, &[person.into(), before.into(), limit.into()])
}

const LINE: &str = "select l.id, l.order_id, l.product_id, l.title, l.variant_title, l.picture,
        r.id, o.status, (select min(m.at) from order_moves m where m.order_id = o.id
            and m.to_status in ('delivered', 'completed'))
    from order_lines l join orders o on o.id = l.order_id
    left join reviews r on r.line_id = l.id";

fn line_of(row: &Row) -> Line {
    let review: Option<Id<Review>> = row.get(6);
    Line {
        id: row.get(0),
        order: row.get(1),
        product: row.get(2),
        title: row.get(3),
        variant_title: row.get(4),
        picture: row.get(5),
        review,
        bought: Bought {
            status: Status::parse(&row.get::<String>(7)).expect("the table holds known states"),
            received_at: row.get(8),
            written: review.is_some(),
        },
    }
}

/// The order a line is of.
pub fn order_of_line(tx: &mut Tx, line: Id<orders::Line>) -> Result<Id<Order>, Failure> {
    tx.one("select order_id from order_lines where id = $1", &[line.into()], |row| row.get(0))
}

pub fn line(tx: &mut Tx, line: Id<orders::Line>) -> Result<Line, Failure> {
    tx.one(&format!("{LINE} where l.id = $1"), &[line.into()], line_of)
}

pub fn lines_of_order(tx: &mut Tx, order: Id<Order>) -> Result<Vec<Line>, Failure> {
    let sql = format!("{LINE} where l.order_id = $1 order by l.position");
    tx.all(&sql, &[order.into()], line_of)
}

pub fn lines_to_write(tx: &mut Tx, person: Id<Person>, limit: i64) -> Result<Vec<Line>, Failure> {
    let sql = format!(
        "{LINE} where o.person_id = $1 and o.status in ('delivered', 'completed')
         and r.id is null order by o.id desc, l.position limit $2"
    );
    tx.all(&sql, &[person.into(), limit.into()], line_of)
}

/// Whether the line had no review yet.
pub fn add(
    tx: &mut Tx,
    id: Id<Review>,
    line: &Line,
    person: Id<Person>,
    (stars, text): (i64, &str),
) -> Result<bool, Failure> {
    let added = tx.run(
        "insert into reviews
         (id, line_id, order_id, product_id, person_id, stars, text, written_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 1) on conflict (line_id) do nothing",
        &[
            id.into(),
            line.id.into(),
            line.order.into(),
            line.product.into(),
            person.into(),
            stars.into(),
            text.into(),
            tx.now.into(),
        ],
    )?;
    Ok(added == 1)
}

/// A review of any line, whoever bought it and wherever it is.
#[cfg(feature = "planted")]
pub fn add_for(
    tx: &mut Tx,
    id: Id<orders::Line>,
    person: Id<Person>,
    stars: i64,
    text: &str,
) -> Result<Id<Review>, Failure> {
    let found = line(tx, id)?;
    let id: Id<Review> = tx.id();
    add(tx, id, &found, person, (stars, text))?;
    count(tx, found.product, stars, 1)?;
    Ok(id)
}

/// Counts a review that is shown now (`by` 1), or is no more.
pub fn count(tx: &mut Tx, product: Id<Product>, stars: i64, by: i64) -> Result<(), Failure> {
    planted!("review_not_counted", return Ok(()));
    tx.run(
        "insert into review_sums
         (product_id, stars1, stars2, stars3, stars4, stars5, pictured, hidden)
         values ($1, 0, 0, 0, 0, 0, 0, 0) on conflict (product_id) do nothing",
        &[product.into()],
    )?;
    // Checked: 1 to 5.
    let sql =
        format!("update review_sums set stars{stars} = stars{stars} + $2 where product_id = $1");
    tx.run(&sql, &[product.into(), by.into()])?;
    Ok(())
}

pub fn count_pictured(tx: &mut Tx, product: Id<Product>, by: i64) -> Result<(), Failure> {
    tx.run(
        "update review_sums set pictured = pictured + $2 where product_id = $1",
        &[product.into(), by.into()],
    )?;
    Ok(())
}

/// Counts a review as hidden, or as shown again.
pub fn count_hidden(tx: &mut Tx, head: &Head, hidden: bool) -> Result<(), Failure> {
    let by = if hidden { -1 } else { 1 };
    count(tx, head.product, head.stars, by)?;
    if head.pictures > 0 {
        count_pictured(tx, head.product, by)?;
    }
    tx.run(
        "update review_sums set hidden = hidden - $2 where product_id = $1",
        &[head.product.into(), by.into()],
    )?;
    Ok(())
}

pub fn sums(tx: &mut Tx, products: &[Id<Product>]) -> Result<Vec<(Id<Product>, Summary)>, Failure> {
    let ids: Vec<i64> = products.iter().map(|id| id.0).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "select product_id, stars1, stars2, stars3, stars4, stars5, pictured, hidden
        from review_sums where product_id in";
    tx.all_in((sql, &[]), &ids, "", |row| {
        let stars = [row.get(1), row.get(2), row.get(3), row.get(4), row.get(5)];
        (row.get(0), Summary::of(stars, row.get(6), row.get(7)))
    })
}

pub fn has_picture(tx: &mut Tx, id: Id<Review>, file: &str) -> Result<bool, Failure> {
    let sql = "select 1 from review_pictures where review_id = $1 and file = $2";
    Ok(tx.maybe(sql, &[id.into(), file.into()], |_| ())?.is_some())
}

/// Whether there was room for one more.
pub fn add_picture(
    tx: &mut Tx,
    head: &Head,
    prepared: &Prepared,
    (file, thumb): (&str, &str),
) -> Result<bool, Failure> {
    let room = tx.run(
        "update reviews set pictures = pictures + 1 where id = $1 and pictures < 6",
        &[head.id.into()],
    )?;
    if room == 0 {
        return Ok(false);
    }
    tx.run(
        "insert into review_pictures (review_id, position, file, thumb, width, height, color)
         values ($1, $2, $3, $4, $5, $6, $7)",
        &[
            head.id.into(),
            head.pictures.into(),
            file.into(),
            thumb.into(),
            prepared.width.into(),
            prepared.height.into(),
            (&prepared.color).into(),
        ],
    )?;
    Ok(true)
}

pub fn follow_up(tx: &mut Tx, id: Id<Review>, text: &str) -> Result<(), Failure> {
    tx.run(
        "update reviews set follow_up = $2, followed_up_at = $3, version = version + 1
         where id = $1",
        &[id.into(), text.into(), tx.now.into()],
    )?;
    Ok(())
}

pub fn answer(tx: &mut Tx, id: Id<Review>, actor: Id<Person>, text: &str) -> Result<(), Failure> {
    tx.run(
        "update reviews set answer = $2, answered_at = $3, answered_by = $4,
                            version = version + 1
         where id = $1",
        &[id.into(), text.into(), tx.now.into(), actor.into()],
    )?;
    Ok(())
}

/// Keeps or takes back a vote. Whether that changed anything.
pub fn vote(
    tx: &mut Tx,
    id: Id<Review>,
    person: Id<Person>,
    helpful: bool,
) -> Result<bool, Failure> {
    let changed = if helpful {
        tx.run(
            "insert into review_votes (review_id, person_id, at) values ($1, $2, $3)
             on conflict (review_id, person_id) do nothing",
            &[id.into(), person.into(), tx.now.into()],
        )?
    } else {
        tx.run(
            "delete from review_votes where review_id = $1 and person_id = $2",
            &[id.into(), person.into()],
        )?
    };
    planted!("vote_counted_twice", {
        let sql = "update reviews set votes = votes + 1 where id = $1";
        return Ok(tx.run(sql, &[id.into()])? == 1);
    });
    if changed == 0 {
        return Ok(false);
    }
    let by = if helpful { 1 } else { -1 };
    let sql = "update reviews set votes = votes + $2 where id = $1";
    tx.run(sql, &[id.into(), i64::into(by)])?;
    Ok(true)
}

pub fn voted(
    tx: &mut Tx,
    person: Id<Person>,
    reviews: &[Id<Review>],
) -> Result<Vec<Id<Review>>, Failure> {
    let ids: Vec<i64> = reviews.iter().map(|id| id.0).collect();
    let sql = "select distinct review_id from review_votes where person_id = $1 and review_id in";
    tx.all_in((sql, &[person.into()]), &ids, "", |row| row.get(0))
}
