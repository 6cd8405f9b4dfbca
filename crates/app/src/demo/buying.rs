//! Buying alone, paying, and changing one's mind.

use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::Span;
use domain::order::Order;
use domain::place::Address;

use super::content::Someone;
use super::crowd::Habit;
use super::door::signed_in;
use super::life::{Life, Next, Who, awake};
use super::{delivery, together};
use crate::cart::SetLine;
use crate::checkout::{Place, Placed, What};
use crate::failure::Failure;
use crate::payment::Pay;
use crate::{cart, checkout, order_desk, payment, sandbox};

/// A variant somebody likes, with its price: mostly of their taste, mostly the first.
pub fn choose(life: &Life, who: Who) -> (Id<Variant>, i64) {
    let taste = life.crowd[who].likes;
    let by_taste = life.luck.chance(640);
    let weights: Vec<i64> = life
        .wares
        .iter()
        .zip(&life.liked)
        .map(|(ware, liked)| if by_taste && ware.taste != taste { 0 } else { *liked })
        .collect();
    let ware = &life.wares[life.luck.weighted(&weights)];
    let weights: Vec<i64> = (0..ware.variants.len()).map(|nth| 8 / (nth as i64 + 1) + 1).collect();
    ware.variants[life.luck.weighted(&weights)]
}

/// One to three things, by the cart or straight away.
pub fn alone(life: &mut Life, who: Who) -> Result<(), Failure> {
    let visitor = signed_in(life, who)?;
    let lines = 1 + life.luck.weighted(&[60, 28, 12]);
    let quantity = |life: &Life, price: i64| match price {
        15_000.. => 1,
        _ => 1 + life.luck.weighted(&[80, 16, 4]) as i64,
    };
    let what = if lines == 1 && life.luck.chance(400) {
        let (variant, price) = choose(life, who);
        What::Now { variant, quantity: quantity(life, price) }
    } else {
        for _ in 0..lines {
            let (variant, price) = choose(life, who);
            let quantity = quantity(life, price);
            cart::set(life.app, &visitor, SetLine { variant, quantity, add: true })?;
        }
        What::Cart
    };
    let placed = place(life, who, what)?;
    later_pay(life, who, &placed);
    Ok(())
}

/// Places an order, once.
pub fn place(life: &mut Life, who: Who, what: What) -> Result<Placed, Failure> {
    let visitor = signed_in(life, who)?;
    let keyed = life.keyed(&visitor)?;
    let note = if life.luck.chance(60) { *life.luck.pick(&NOTES) } else { "" };
    let fetched = life.luck.chance(70);
    let place = Place {
        pickup_point: fetched.then_some(life.counter),
        shipping_method: match (fetched, life.luck.chance(80)) {
            (true, _) => delivery::COUNTER.into(),
            (_, true) => "express".into(),
            _ => "standard".into(),
        },
        address: address(&life.crowd[who].someone),
        note: note.to_string(),
        ..Place::of(what)
    };
    let placed = checkout::place(life.app, &keyed, place)?.value;
    if fetched {
        let wait = life.luck.wait(Span::hours(20), Span::days(3));
        let at = awake(&life.luck, life.now().plus(wait));
        life.agenda.add(at, Next::Fetch { who, order: placed.order });
    }
    Ok(placed)
}

const NOTES: [&str; 6] = [
    "放门口就好，谢谢",
    "请用气泡膜多包一层",
    "工作日送到公司前台",
    "送人的，麻烦不要放价格单",
    "周末再送，平时不在家",
    "辛苦了！",
];

fn address(someone: &Someone) -> Address {
    Address {
        name: someone.name.clone(),
        phone: someone.phone.clone(),
        country: "CN".into(),
        region: someone.province.clone(),
        city: someone.city.clone(),
        district: someone.district.clone(),
        line1: someone.street.clone(),
        ..Address::default()
    }
}

/// Plans when somebody pays, if they do.
pub fn later_pay(life: &mut Life, who: Who, placed: &Placed) {
    if !placed.to_pay {
        return;
    }
    let window = placed.pay_by.since(life.now());
    let wait = match life.crowd[who].habit {
        Habit::Absent if life.luck.chance(620) => return,
        Habit::Late => Span(window.0 - Span::seconds(life.luck.between(4, 50)).0),
        _ => life.luck.wait(Span::seconds(18), Span::minutes(6)),
    };
    if wait < window {
        life.later(wait, Next::Pay { who, order: placed.order, tries: 0 });
    }
}

/// Somebody is on the provider's page.
pub fn pay(life: &mut Life, who: Who, id: Id<Order>, tries: i64) -> Result<(), Failure> {
    use sandbox::Act;
    let visitor = signed_in(life, who)?;
    // Whoever was given something spends it.
    let pay = Pay { use_wallet: Some(true), ..Pay::default() };
    let begun = payment::begin_with(life.app, &visitor, id, pay)?;
    if begun.provider == payment::WALLET {
        return together::paid(life, who, id);
    }
    let acts = [Act::Pay, Act::PayLate, Act::PayTwice, Act::PayOutOfOrder, Act::Fail];
    let late = life.crowd[who].habit == Habit::Late;
    let act = match life.luck.weighted(&[860, 40, 50, 20, 40]) {
        // Whoever pays in the last seconds is heard of when it is over.
        _ if late => Act::PayLate,
        nth => acts[nth],
    };
    sandbox::act(life.app, &begun.payment.to_string(), act)?;
    for notice in sandbox::take_due(life.app)? {
        payment::notice(life.app, sandbox::NAME, &notice)?;
    }
    if act == Act::Fail {
        if tries < 2 && life.luck.chance(800) {
            let wait = life.luck.wait(Span::seconds(25), Span::minutes(2));
            life.later(wait, Next::Pay { who, order: id, tries: tries + 1 });
        }
        return Ok(());
    }
    together::paid(life, who, id)?;
    let regrets = life.crowd[who].habit == Habit::Regretful && life.luck.chance(380);
    if regrets || life.luck.chance(14) {
        let wait = life.luck.wait(Span::minutes(20), Span::hours(16));
        life.later(wait, Next::Regret { who, order: id });
    }
    Ok(())
}

/// Ends the order as far as a buyer can: leaves the team, or is refunded before it is shipped.
pub fn regret(life: &mut Life, who: Who, id: Id<Order>) -> Result<(), Failure> {
    let visitor = signed_in(life, who)?;
    order_desk::cancel(life.app, &visitor, id).map(|_| ())
}

/// Says that the parcel came.
pub fn confirm(life: &mut Life, who: Who, id: Id<Order>) -> Result<(), Failure> {
    let visitor = signed_in(life, who)?;
    order_desk::confirm_receipt(life.app, &visitor, id)?;
    let wait = life.said.luck.wait(Span::hours(1), Span::days(4));
    let at = awake(&life.said.luck, life.now().plus(wait));
    life.agenda.add(at, Next::Write { who, order: id });
    Ok(())
}

/// Somebody is at the checkout when the demo opens: the order waits for its payment.
pub fn linger(life: &mut Life) -> Result<(), Failure> {
    let who = 4 + life.luck.below(life.crowd.len() - 4);
    let (variant, _) = choose(life, who);
    place(life, who, What::Now { variant, quantity: 1 }).map(|_| ())
}
