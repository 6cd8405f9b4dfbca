//! What a buyer does: looks at what may be asked for, asks, shows, sends back, takes back.

use domain::after_sale::{
    self as rules, AfterSale, Kind, Reason, Refusal, Standing, Status, check_amount, check_text,
    ends_after_days, share,
};
use domain::id::Id;
use domain::money::Money;
use domain::order::{Actor, Order, check_tracking};
use domain::text::one_line;

use super::{
    Found, NewReturn, OfferedLine, ParcelView, ReturnOffer, ReturnPreview, ReturnView, WeighedLine,
    lock_own, move_to, store, tell, view,
};
use crate::db::Tx;
use crate::failure::Failure;
use crate::file::{self, picture};
use crate::order::{self, By};
use crate::{App, Visitor, case, shop, tries};

/// Pictures one person may add within a day.
const PICTURES_A_DAY: i64 = 60;

/// What may be asked for about the visitor's order.
pub fn offer(app: &App, visitor: &Visitor, id: Id<Order>) -> Result<ReturnOffer, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| {
        let found = own_order(tx, id, person)?;
        let at = standing(tx, &found)?;
        if !found.status.may_return() {
            return Err(Refusal::NotReturnable(found.status).into());
        }
        let after = |days| at.delivered_at.map(|from| ends_after_days(from, days, at.zone));
        let mut lines = Vec::new();
        for line in order::lines(tx, &found)? {
            let left = line.quantity - line.in_returns;
            let paid = if left > 0 { worth(tx, &found, &line, left)? } else { zero(&found) };
            lines.push(OfferedLine {
                portions: (1..=left.min(100)).map(|units| share(paid, left, units)).collect(),
                exchange: store::exchange_choices(tx, line.variant)?,
                ..store::offered(tx, &line, left, paid)?
            });
        }
        Ok(ReturnOffer {
            order: id,
            lines,
            no_reason_until: after(rules::NO_REASON_DAYS),
            until: after(rules::TROUBLE_DAYS),
            on_its_way: at.delivered_at.is_none(),
        })
    })
}

fn zero(order: &order::Found) -> Money {
    Money::zero(order.currency)
}

fn own_order(
    tx: &mut Tx,
    id: Id<Order>,
    person: Id<domain::person::Person>,
) -> Result<order::Found, Failure> {
    let found = order::find(tx, id)?;
    if found.person == person { Ok(found) } else { Err(Failure::NotFound) }
}

fn standing(tx: &mut Tx, order: &order::Found) -> Result<Standing, Failure> {
    let delivered_at = order::delivered_at(tx, order.id)?;
    let zone = shop::zone_at(delivered_at.unwrap_or(tx.now))?;
    Ok(Standing { order: order.status, delivered_at, zone })
}

/// What so many more units of a line are worth: of what it cost, less what went back for another
/// reason, less what the units are worth that are asked for already.
fn worth(
    tx: &mut Tx,
    order: &order::Found,
    line: &order::LineFound,
    units: i64,
) -> Result<Money, Failure> {
    let (held, returned) = store::of_line(tx, line.id)?;
    let left = line.total.minor - (line.refunded - returned) - held;
    let left = Money::new(left.max(0), order.currency);
    Ok(share(left, line.quantity - line.in_returns, units))
}

/// What would go back. Nothing is kept.
pub fn preview(app: &App, visitor: &Visitor, new: &NewReturn) -> Result<ReturnPreview, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| {
        let found = own_order(tx, new.order, person)?;
        let lines = weigh(tx, &found, new)?;
        let amount = lines.iter().map(|line| line.amount).fold(zero(&found), Money::plus);
        Ok(ReturnPreview { lines, amount })
    })
}

/// Checks what is asked for, and says what it is worth.
fn weigh(tx: &mut Tx, order: &order::Found, new: &NewReturn) -> Result<Vec<WeighedLine>, Failure> {
    let at = standing(tx, order)?;
    rules::may_ask(at, new.kind, new.reason, tx.now)?;
    check_text(&new.text, new.reason)?;
    let lines = order::lines(tx, order)?;
    let mut weighed: Vec<WeighedLine> = Vec::new();
    for asked in &new.lines {
        let line = lines.iter().find(|line| line.id == asked.line).ok_or(Refusal::NoLines)?;
        let left = line.quantity - line.in_returns;
        if weighed.iter().any(|other| other.line == line.id) || asked.quantity < 1 {
            return Err(Refusal::NoLines.into());
        }
        if asked.quantity > left {
            return Err(Refusal::OnlyLeft(left).into());
        }
        let worth = worth(tx, order, line, asked.quantity)?;
        let exchanges = new.kind == Kind::Exchange;
        let amount = asked.amount.filter(|_| !exchanges).unwrap_or(worth.minor);
        check_amount(amount, worth.minor)?;
        let exchange_for = match exchanges {
            true => Some(asked.exchange_for.unwrap_or(line.variant)),
            false => None,
        };
        if let Some(variant) = exchange_for
            && !store::may_exchange(tx, line.variant, variant)?
        {
            return Err(Refusal::BadExchange.into());
        }
        weighed.push(WeighedLine {
            line: line.id,
            quantity: asked.quantity,
            worth,
            amount: Money::new(amount, order.currency),
            exchange_for,
        });
    }
    if weighed.is_empty() {
        return Err(Refusal::NoLines.into());
    }
    let asks = weighed.iter().any(|line| !line.amount.is_zero());
    let costs = weighed.iter().any(|line| !line.worth.is_zero());
    // Somebody who gave nothing for it may send it back; nobody asks for nothing otherwise.
    if !asks && (costs || new.kind == Kind::RefundOnly) {
        return Err(Refusal::BadAmount(weighed.iter().map(|line| line.worth.minor).sum()).into());
    }
    Ok(weighed)
}

/// Asks, once for the visitor's key, with pictures of what is wrong.
pub fn request(
    app: &App,
    visitor: &Visitor,
    new: NewReturn,
    pictures: &[&[u8]],
) -> Result<ReturnView, Failure> {
    let person = visitor.shopper()?;
    if pictures.len() > rules::MOST_PICTURES {
        return Err(Refusal::BadPictures.into());
    }
    let prepared = prepare(app, person, pictures)?;
    let answer = app.once(visitor, "return.ask", |tx| {
        let order = find_to_ask(tx, new.order)?;
        if order.person != person {
            return Err(Failure::NotFound);
        }
        let lines = weigh(tx, &order, &new)?;
        let found = Found {
            id: tx.id(),
            order: order.id,
            person,
            kind: new.kind,
            status: Status::Requested,
            currency: order.currency,
            shipping: 0,
            sent_back: false,
            holds_units: true,
            due_at: Some(tx.now.plus(rules::ANSWER_WINDOW)),
            seq: 1,
        };
        store::add(tx, &found, new.reason, &check_text(&new.text, new.reason)?)?;
        for line in &lines {
            if !order::take_units(tx, line.line, line.quantity)? {
                return Err(Refusal::OnlyLeft(0).into());
            }
            store::add_line(tx, found.id, line)?;
        }
        for (position, picture) in prepared.iter().enumerate() {
            keep(tx, found.id, position as i64, picture)?;
        }
        let by = By { actor: Actor::Shopper, person: Some(person), reason: "asked" };
        store::add_move(tx, &found, None, by, "")?;
        tx.ask("after_sale.due", found.id.0, tx.now.plus(rules::ANSWER_WINDOW))?;
        tell(tx, &found, None)?;
        Ok((found.id, found.id.0))
    })?;
    view::get(app, visitor, answer.value)
}

/// The order, which nobody else asks anything about meanwhile.
fn find_to_ask(tx: &mut Tx, id: Id<Order>) -> Result<order::Found, Failure> {
    planted!("return_unlocked", return order::find(tx, id));
    order::find_to_change(tx, id)
}

/// Draws pictures anew before the transaction: nobody waits for the database meanwhile.
fn prepare(
    app: &App,
    person: Id<domain::person::Person>,
    pictures: &[&[u8]],
) -> Result<Vec<picture::Prepared>, Failure> {
    for _ in pictures {
        let bucket = format!("return picture {person}");
        app.write(|tx| tries::count(tx, &bucket, domain::moment::Span::days(1), PICTURES_A_DAY))?;
    }
    let drawn = pictures.iter().map(|bytes| picture::prepare(bytes));
    drawn.map(|one| one.map_err(|_| Refusal::BadPictures.into())).collect()
}

fn keep(
    tx: &mut Tx,
    id: Id<AfterSale>,
    position: i64,
    picture: &picture::Prepared,
) -> Result<(), Failure> {
    let large = file::put(tx, picture.mime, &picture.large)?;
    let small = file::put(tx, picture.mime, &picture.small)?;
    store::add_picture(tx, id, position, (&large, &small), picture)
}

/// One more picture, while nothing is decided.
pub fn add_picture(
    app: &App,
    visitor: &Visitor,
    id: Id<AfterSale>,
    bytes: &[u8],
) -> Result<ReturnView, Failure> {
    let person = visitor.shopper()?;
    // Whose it is not learns nothing from how long a picture takes.
    view::get(app, visitor, id)?;
    let prepared = prepare(app, person, &[bytes])?;
    app.write_for(visitor, |tx| {
        let (_, found) = lock_own(tx, id, person)?;
        if !view::may_show_more(found.status) {
            return Err(Refusal::NotNow(found.status).into());
        }
        let there = store::pictures(tx, id)?;
        if there.len() >= rules::MOST_PICTURES {
            return Err(Refusal::BadPictures.into());
        }
        keep(tx, id, there.len() as i64, &prepared[0])
    })?;
    view::get(app, visitor, id)
}

/// Takes it back, before money or goods have moved.
pub fn withdraw(app: &App, visitor: &Visitor, id: Id<AfterSale>) -> Result<ReturnView, Failure> {
    let person = visitor.shopper()?;
    app.write_for(visitor, |tx| {
        let (_, mut found) = lock_own(tx, id, person)?;
        rules::may_withdraw(found.status)?;
        let by = By { actor: Actor::Shopper, person: Some(person), reason: "withdrawn" };
        super::follow::end(tx, &mut found, Status::Withdrawn, by, "")
    })?;
    view::get(app, visitor, id)
}

/// The goods are on their way back.
pub fn send_back(
    app: &App,
    visitor: &Visitor,
    id: Id<AfterSale>,
    parcel: ParcelView,
) -> Result<ReturnView, Failure> {
    let person = visitor.shopper()?;
    let parcel = check_parcel(parcel)?;
    app.write_for(visitor, |tx| {
        let (_, mut found) = lock_own(tx, id, person)?;
        let by = By { actor: Actor::Shopper, person: Some(person), reason: "sent_back" };
        let told = format!("{} {}", parcel.carrier, parcel.tracking);
        move_to(tx, &mut found, Status::Returned, by, &told)?;
        store::set_parcel(tx, id, &parcel)
    })?;
    view::get(app, visitor, id)
}

/// A parcel as it can be one.
pub(super) fn check_parcel(parcel: ParcelView) -> Result<ParcelView, Failure> {
    let carrier = one_line(&parcel.carrier);
    let tracking = parcel.tracking.trim().to_string();
    check_tracking(&tracking)?;
    if carrier.is_empty() || carrier.chars().count() > 60 {
        return Err(domain::order::Refusal::BadTracking.into());
    }
    Ok(ParcelView { carrier, tracking })
}

/// Takes a refusal to the owner.
pub fn escalate(
    app: &App,
    visitor: &Visitor,
    id: Id<AfterSale>,
    text: &str,
) -> Result<ReturnView, Failure> {
    let person = visitor.shopper()?;
    // Whoever goes on says why.
    let text = check_text(text, Reason::Other)?;
    app.write_for(visitor, |tx| {
        let (_, mut found) = lock_own(tx, id, person)?;
        // Only a refusal: what nobody answered goes to the owner by itself.
        if found.status != Status::Refused {
            return Err(Refusal::NotNow(found.status).into());
        }
        let by = By { actor: Actor::Shopper, person: Some(person), reason: "escalated" };
        move_to(tx, &mut found, Status::Escalated, by, &text)?;
        case::open_again(tx, "return_escalated", ("return", id.0), "")
    })?;
    view::get(app, visitor, id)
}
