//! Sending a draft: it becomes an order of its buyer's.

use std::collections::BTreeMap;

use describe::ToSchema;
use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::order::{Actor, Order};
use domain::order_desk::{Draft, Refusal, check_time};
use domain::person::{Permission, Person};
use domain::place::Address;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{DraftView, Reckoned, letter, open, reckon, store, view};
use crate::catalog::ForSale;
use crate::db::Tx;
use crate::failure::Failure;
use crate::inventory::{self, Reserved, Source};
use crate::order::{By, NewLine, NewOrder};
use crate::person::Contact;
use crate::{
    App, Visitor, address, checkout, message, notice, order, pay_link, payment, person, seller,
    shop, staff_act,
};

/// How it is sent.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SendDraft)]
pub struct Send {
    /// How many hours it can be paid for, and its units are kept: 1 to 720.
    pub hours: i64,
    pub version: i64,
}

/// Sends a draft: the order is placed for its buyer, its units are kept, and the link to pay it by
/// is on its way. Once, however many press at the same time.
pub fn send(
    app: &App,
    visitor: &Visitor,
    id: Id<Draft>,
    send: &Send,
) -> Result<DraftView, Failure> {
    let actor = visitor.staff(Permission::Orders)?;
    let hours = send.hours.clamp(-1, 10_000);
    let time = check_time(Span::hours(hours))?;
    app.write_for(visitor, |tx| {
        let found = open(tx, id)?;
        if found.version != send.version {
            return Err(Failure::Stale);
        }
        let person = found.person.ok_or(Refusal::NoCustomer)?;
        if !checkout::may_order(tx, person)? {
            return Err(Refusal::KeptFromOrdering.into());
        }
        let lines = store::lines(tx, id)?;
        if lines.is_empty() {
            return Err(Refusal::BadDraft.into());
        }
        let reckoned = reckon(tx, &found, &lines, &visitor.locale)?;
        if reckoned.goods.iter().any(|goods| !goods.on_sale) {
            return Err(domain::catalog::Refusal::NotForSale.into());
        }
        let address = match reckoned.ships {
            true => found.address.clone().checked()?,
            false => found.address.clone(),
        };
        let goes = reckoned.ways.iter().any(|way| way.chosen && way.delivers);
        if reckoned.ships && !goes {
            return Err(domain::order::Refusal::NotDelivered.into());
        }
        let placed: Id<Order> = tx.id();
        let pay_by = tx.now.plus(time);
        place(tx, (placed, person, pay_by), &found, &address, &reckoned, actor)?;
        // The row count decides: a draft becomes one order.
        if !store::set_sent(tx, id, placed)? {
            return Err(Refusal::DraftDone.into());
        }
        let detail = json!({ "order": placed, "total": reckoned.quote.total }).to_string();
        staff_act::record(tx, actor, "draft.send", ("draft", id.0), &detail)?;
        staff_act::record(tx, actor, "order.drafted", ("order", placed.0), &id.to_string())?;
        if !found.staff_note.is_empty() {
            store::note(tx, placed, actor, &found.staff_note)?;
        }
        let total = reckoned.quote.total;
        if total.is_zero() {
            let mut order = order::find_to_change(tx, placed)?;
            payment::settle_free(tx, None, &mut order)?;
        } else {
            tx.ask("order.close", placed.0, pay_by)?;
            let link = pay_link::made_for(app, tx, actor, placed)?;
            let args = json!({ "amount": total });
            notice::tell(tx, person, "order_to_pay", "order", placed.0, args)?;
            let buyer = person::find(tx, person)?;
            if let Ok(contact) = Contact::new(buyer.contact()) {
                let shop = shop::get(tx)?.name;
                let letter = letter::to_pay(&buyer.locale, &shop, total, &link.url);
                let to = contact.as_str();
                message::put(tx, contact.channel(), to, &letter.subject, &letter.body)?;
            }
        }
        view(app, tx, id, &visitor.locale)
    })
}

/// Places the order a draft is: its rows, its promise of units, its buyer's address.
fn place(
    tx: &mut Tx,
    (id, person, pay_by): (Id<Order>, Id<Person>, Moment),
    draft: &store::Found,
    address: &Address,
    reckoned: &Reckoned,
    actor: Id<Person>,
) -> Result<(), Failure> {
    let lines: Vec<NewLine> = reckoned
        .goods
        .iter()
        .zip(&reckoned.chosen)
        .map(|(goods, chosen)| NewLine {
            product: goods.product,
            title: goods.title.clone(),
            variant_title: goods.variant_title.clone(),
            sku: goods.sku.clone(),
            picture: goods.picture.clone(),
            ships: goods.ships,
            chosen: *chosen,
            gift: false,
            off: Vec::new(),
        })
        .collect();
    let new = NewOrder {
        id,
        person,
        quote: &reckoned.quote,
        lines: &lines,
        steps: &[],
        group_buy: None,
        team: None,
        address,
        shipping_method: reckoned.method.filter(|_| reckoned.ships),
        note: &draft.note,
        gift_message: None,
        visit: None,
        pay_by,
        by: By { actor: Actor::Staff, person: Some(actor), reason: "drafted" },
        seller: seller::of_goods(tx, reckoned.goods.iter().map(|goods| goods.seller))?,
    };
    order::add(tx, &new)?;
    // One promise a variant, in their fixed order.
    let mut units: BTreeMap<Id<Variant>, (i64, &ForSale)> = BTreeMap::new();
    for (goods, line) in reckoned.goods.iter().zip(&reckoned.quote.lines) {
        units.entry(goods.variant).or_insert((0, goods)).0 += line.quantity.count();
    }
    for (variant, (quantity, goods)) in units {
        let source = if goods.counted { Source::Available } else { Source::Made };
        let reserved = Reserved { variant, quantity, source };
        inventory::reserve(tx, id, &reserved, pay_by).map_err(|failure| match failure {
            Failure::Refused(mut refused) if refused.code == "inventory.only_left" => {
                refused.args = json!({ "left": refused.args["left"], "title": goods.title });
                Failure::Refused(refused)
            }
            other => other,
        })?;
    }
    if reckoned.ships {
        address::keep(tx, person, address)?;
    }
    Ok(())
}
