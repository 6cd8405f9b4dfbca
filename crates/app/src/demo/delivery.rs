//! How the demo shop gets its goods to people: zones, and a counter by the lake.

use domain::id::Id;
use domain::order::Order;
use domain::region::Area;
use domain::shipping::{Basis, How, PickupPoint, Rate};

use super::life::{Life, Who};
use crate::delivery::{self, PutMethod, PutPoint};
use crate::failure::Failure;
use crate::pickup::{self, Collect};
use crate::{App, Visitor, order};

/// The code of the way that is fetched.
pub const COUNTER: &str = "counter";

/// Zoe says what parcels cost where, and opens the counter.
pub fn set_up(app: &App, owner: &Visitor) -> Result<Id<PickupPoint>, Failure> {
    let area = |text: &str| Area::parse(text).map_err(|_| Failure::broken("the demo's own area"));
    let standard = delivery::methods(app, owner)?.remove(0);
    let near = Rate { areas: vec![area("CN")?], ..Rate::flat(800, Some(9_900)) };
    let far = ["CN/新疆", "CN/西藏", "CN/内蒙古", "CN/青海", "CN/甘肃", "CN/宁夏"];
    let far = Rate {
        areas: far.into_iter().map(area).collect::<Result<_, _>>()?,
        basis: Basis::Weight,
        first: 1_000,
        step: 500,
        step_fee: 600,
        ..Rate::flat(1_500, Some(29_900))
    };
    let abroad = Rate {
        areas: vec![Area::everywhere()],
        basis: Basis::Weight,
        first: 500,
        step: 500,
        step_fee: 4_000,
        ..Rate::flat(9_000, None)
    };
    let put = PutMethod {
        code: standard.code,
        kind: How::Delivery,
        name: standard.name,
        name_en: standard.name_en,
        active: true,
        rates: vec![near, far, abroad],
        gift_fee: Some(800),
        version: Some(standard.version),
    };
    delivery::change_method(app, owner, standard.id, put)?;
    let put = PutMethod {
        code: COUNTER.into(),
        kind: How::Pickup,
        name: "到店自提".into(),
        name_en: "Fetch it at the counter".into(),
        active: true,
        rates: vec![Rate::flat(0, None)],
        gift_fee: None,
        version: None,
    };
    let keyed = |key: &str| owner.clone().with_key(key, "demo");
    delivery::add_method(app, &keyed("demo-counter-method")?, put)?;
    let put = PutPoint {
        name: "风车集 · 湖边店".into(),
        address: "杭州市西湖区北山街 17 号".into(),
        phone: "0571-5550 0117".into(),
        hours: "10:00–20:00".into(),
        active: true,
        version: None,
    };
    Ok(delivery::add_point(app, &keyed("demo-counter-point")?, put)?.id)
}

/// Somebody comes to the counter and shows their code; mo gives them their goods.
pub fn fetch(life: &mut Life, who: Who, id: Id<Order>) -> Result<(), Failure> {
    let Some(visitor) = &life.visitors[who] else { return Ok(()) };
    let shown = order::get(life.app, visitor, id)?.pickup.and_then(|pickup| pickup.code);
    if let Some(code) = shown {
        pickup::collect(life.app, &life.staff.mo, &Collect { code })?;
    }
    Ok(())
}
