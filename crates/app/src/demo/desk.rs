//! The merchant's day: packing, receiving goods, answering complaints.

use domain::id::Id;
use domain::moment::Span;
use domain::money::Money;
use domain::order::{Order, Status};

use super::life::{Life, Next, awake};
use crate::failure::Failure;
use crate::order_desk::{self, DeskRow, Filter, Ship};
use crate::wallet::{self, GiveCredit};
use crate::{inventory, session};

/// Fewer left than this, and more is ordered.
const LOW: i64 = 12;
const COMPLAINTS: [&str; 3] = ["到货破损，全额退款", "少发一件，协商退款", "与描述不符"];
const CARRIERS: [&str; 3] = ["云步速运", "青骑快递", "风车同城"];

/// Mo packs what is paid and has lain a while; `leave` in a thousand stay for the next time.
pub fn pack(life: &mut Life, leave: i64) -> Result<(), Failure> {
    let fresh = life.now().minus(Span::minutes(20));
    for row in orders_in(life, Status::ToShip)? {
        let too_fresh = row.paid_at.is_none_or(|paid| paid > fresh);
        if too_fresh || life.luck.chance(leave) {
            continue;
        }
        let carrier = *life.luck.pick(&CARRIERS);
        let tracking = format!("PW{:010}", life.luck.between(1_000_000_000, 9_999_999_999));
        let ship = Ship::all(carrier, &tracking);
        let shipped = match order_desk::ship(life.app, &life.staff.mo, row.id, ship) {
            // Its buyer comes for it.
            Err(failure) if failure.code() == "order.bad_shipping" => continue,
            shipped => shipped?,
        };
        let Some(who) = life.who_is.get(&shipped.buyer.0).copied() else { continue };
        if life.luck.chance(590) {
            let wait = life.luck.wait(Span::hours(28), Span::days(6));
            let at = awake(&life.luck, life.now().plus(wait));
            life.agenda.add(at, Next::Confirm { who, order: row.id });
        }
        if life.luck.chance(13) {
            let wait = life.luck.wait(Span::days(2), Span::days(6));
            life.later(wait, Next::Complaint { order: row.id });
        }
    }
    Ok(())
}

fn orders_in(life: &Life, status: Status) -> Result<Vec<DeskRow>, Failure> {
    let filter = Filter { status: Some(status), ..Filter::default() };
    let mut rows = Vec::new();
    let mut before = None;
    loop {
        let page = order_desk::list(life.app, &life.staff.mo, &filter, before, 100)?;
        let Some(last) = page.last() else { return Ok(rows) };
        before = Some(last.id);
        rows.extend(page);
    }
}

/// Zoe pays back for what arrived broken, or not as it was shown.
pub fn complaint(life: &mut Life, order: Id<Order>) -> Result<(), Failure> {
    let reason = *life.luck.pick(&COMPLAINTS);
    let refunded = order_desk::refund(life.app, &life.staff.zoe, order, reason)?;
    if life.luck.chance(600) {
        let amount = Money::new(life.luck.between(5, 20) * 100, refunded.order.total.currency);
        let zoe = life.staff.zoe.clone();
        let zoe = life.keyed(&zoe)?;
        let give = GiveCredit { amount, reason: "耽误您的时间了".to_string() };
        wallet::give(life.app, &zoe, refunded.buyer, give)?;
    }
    Ok(())
}

/// Mo counts the shelves and receives what was ordered. Some things stay sold out.
pub fn restock(life: &mut Life) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let page = inventory::list(life.app, &life.staff.mo, "", after, 100)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.variant);
        for view in page {
            let few = (1..LOW).contains(&view.stock.available);
            let gone = view.stock.available == 0;
            if few && life.luck.chance(700) || gone && life.luck.chance(350) {
                let change = life.luck.between(3, 8) * 10;
                let mo = life.staff.mo.clone();
                let mo = life.keyed(&mo)?;
                let reason = "到货入库".to_string();
                let adjust = inventory::Adjust { variant: view.variant, change, reason };
                inventory::adjust(life.app, &mo, adjust)?;
            }
        }
    }
}

/// The last moment: a refund on its way, and browsers closed, so that nobody can come in with a
/// token that was drawn by the demo's own dice.
pub fn close_the_day(life: &mut Life) -> Result<(), Failure> {
    if let Some(row) = orders_in(life, Status::Shipped)?.first() {
        complaint(life, row.id)?;
    }
    let people = life.visitors.iter().flatten().filter_map(|visitor| visitor.person.as_ref());
    let people: Vec<_> = people.map(|person| person.id).collect();
    life.app.write(|tx| people.iter().try_for_each(|person| session::end_all(tx, *person)))
}
