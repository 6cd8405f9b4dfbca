//! Gifts in the demo: one of ann's that bob took, and one that waits for whoever has its link.

use domain::gift::{Gift, Wish};
use domain::id::Id;
use domain::moment::Span;
use domain::order::Order;
use domain::person::Role;
use domain::place::Address;

use crate::checkout::{self, Place, What};
use crate::failure::Failure;
use crate::gift::{self, Take};
use crate::{App, Visitor, order, payment, sandbox, wallet};

/// ann gives two; bob takes one.
pub fn give(app: &App, owner: &Visitor) -> Result<(), Failure> {
    let somebody = |name: &str| -> Result<Visitor, Failure> {
        let found = wallet::owner(app, owner, &format!("{name}@example.com"))?;
        Ok(Visitor::of(found.ok_or(Failure::NotFound)?, name, Role::Shopper))
    };
    let (ann, bob) = (somebody("ann")?, somebody("bob")?);
    let Some((_, taken)) = buy(app, &ann, ("first", "生日快乐！记得趁热喝。"))? else {
        return Ok(());
    };
    let link = gift::get(app, &ann, taken, "")?.link.unwrap_or_default();
    let secret = link.split_once("?k=").map_or("", |(_, secret)| secret).to_string();
    let address = Address {
        name: "bob".into(),
        phone: "13800000002".into(),
        country: "CN".into(),
        region: "浙江省".into(),
        city: "杭州市".into(),
        district: "西湖区".into(),
        line1: "龙井路 2 号".into(),
        ..Address::default()
    };
    let keyed = bob.with_key("demo-gift-is-taken", "demo")?;
    gift::take(app, &keyed, taken, &Take { secret, address })?;
    buy(app, &ann, ("second", "谢谢你一直照顾我。"))?;
    Ok(())
}

/// An order, and the gift it is.
type Bought = (Id<Order>, Id<Gift>);

/// Buys something as a gift and pays it; none where nothing of the kind is left.
fn buy(app: &App, who: &Visitor, (which, card): (&str, &str)) -> Result<Option<Bought>, Failure> {
    let variant = app.read(|tx| {
        let sql = "select v.id from variants v join products p on p.id = v.product_id
             join stock s on s.variant_id = v.id
             where p.status = 'active' and v.tracked = 1 and v.ships = 1
               and v.price between 3000 and 20000
               and p.seller_id is null and s.available > 5
             order by v.id limit 1";
        tx.maybe(sql, &[], |row| row.get(0))
    })?;
    let Some(variant) = variant else { return Ok(None) };
    let wish = Wish { card: card.into(), life: Span::days(7) };
    let place = Place { gift: Some(wish), ..Place::of(What::Now { variant, quantity: 1 }) };
    let keyed = who.clone().with_key(&format!("demo-gift-that-is-{which}"), card)?;
    let placed = checkout::place(app, &keyed, place)?.value;
    let begun = payment::begin(app, who, placed.order)?;
    sandbox::act(app, &begun.payment.to_string(), sandbox::Act::Pay)?;
    for notice in sandbox::take_due(app)? {
        payment::notice(app, sandbox::NAME, &notice)?;
    }
    Ok(order::get(app, who, placed.order)?.gift.map(|gift| (placed.order, gift)))
}
