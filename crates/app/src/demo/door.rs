//! People come in, sign up, look around, and decide what to do.

use domain::moment::Span;

use super::life::{Life, Next, Who};
use super::{buying, together};
use crate::failure::Failure;
use crate::person::{self, AskCode, Rename, SignIn};
use crate::{Visitor, cart, session};

/// Somebody's browser: a guest's until they have an account.
pub fn visitor(life: &mut Life, who: Who) -> Result<Visitor, Failure> {
    if let Some(visitor) = &life.visitors[who] {
        return Ok(visitor.clone());
    }
    if let Some(guest) = life.guests.get(&who) {
        return Ok(guest.clone());
    }
    let guest = Visitor {
        session: Some(session::start_guest(life.app)?.session),
        place: format!("demo-{who}"),
        locale: life.crowd[who].someone.language.clone(),
        ..Visitor::default()
    };
    life.guests.insert(who, guest.clone());
    Ok(guest)
}

/// Somebody's visitor with an account, made the first time.
pub fn signed_in(life: &mut Life, who: Who) -> Result<Visitor, Failure> {
    let visitor = visitor(life, who)?;
    if visitor.person.is_some() {
        return Ok(visitor);
    }
    let someone = life.crowd[who].someone.clone();
    // One in three gives a phone number. The cast is known by its mail address.
    let by_phone = who > 3 && life.luck.chance(330);
    let contact = if by_phone { someone.phone } else { someone.email };
    let asked = person::ask_code(life.app, &visitor, AskCode { contact: contact.clone() })?;
    let code = asked.demo_code.ok_or_else(|| Failure::broken("the demo shop shows its codes"))?;
    let came = person::sign_in(life.app, &visitor, SignIn { contact, code })?;
    if let Some(before) = came.session_before {
        cart::adopt(life.app, before, came.person.id)?;
    }
    let mut visitor =
        Visitor { session: Some(came.started.session), person: Some(came.person), ..visitor };
    let named = person::rename(life.app, &visitor, Rename { name: someone.name })?;
    if let Some(person) = &mut visitor.person {
        person.name = named.name;
        life.who_is.insert(person.id.0, who);
    }
    life.guests.remove(&who);
    life.visitors[who] = Some(visitor.clone());
    Ok(visitor)
}

/// The first time: many only sign up.
pub fn arrive(life: &mut Life, who: Who) -> Result<(), Failure> {
    signed_in(life, who)?;
    if life.luck.chance(550) {
        buying::alone(life, who)?;
    }
    Ok(())
}

/// Somebody who has an account comes back.
pub fn visit(life: &mut Life) -> Result<(), Failure> {
    let weights: Vec<i64> = life
        .crowd
        .iter()
        .zip(&life.visitors)
        .map(|(shopper, visitor)| if visitor.is_some() { shopper.keen } else { 0 })
        .collect();
    let who = life.luck.weighted(&weights);
    if life.visitors[who].is_none() {
        return Ok(());
    }
    match life.luck.weighted(&[36, 42, 22]) {
        0 => look(life, who),
        1 => buying::alone(life, who),
        _ => together::some(life, who),
    }
}

/// Looks, and now and then puts something aside for another day.
fn look(life: &mut Life, who: Who) -> Result<(), Failure> {
    if life.luck.chance(300) {
        let visitor = signed_in(life, who)?;
        let (variant, _) = buying::choose(life, who);
        cart::set(life.app, &visitor, cart::SetLine { variant, quantity: 1, add: false })?;
        if life.luck.chance(400) {
            let wait = life.luck.wait(Span::hours(2), Span::days(2));
            life.later(wait, Next::Visit);
        }
    }
    Ok(())
}
