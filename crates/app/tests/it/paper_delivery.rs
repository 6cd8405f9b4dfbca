//! How goods get to their buyers on the model's paper: zones with a fee each, a province where
//! nothing goes, a counter where they are fetched by a code. See `model`.

use app::checkout::{Place, What};
use app::failure::Failure;
use app::pickup::{self, Collect};
use domain::id::Id;
use domain::order::Order;
use domain::place::Address;
use domain::shipping::{Basis, PickupPoint, Rate};

use crate::delivery::{counter, rate, rated};
use crate::support::TestShop;
use crate::trade::{address, place};

/// Where goods go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// Near: one fee, and none from a certain price on.
    Town,
    /// Far: by weight.
    Desert,
    /// Where nothing goes.
    Mountain,
    /// To nowhere: they are fetched.
    Counter,
}

/// What a parcel to the town costs, and from which price of its goods on it is free.
const FEE: i64 = 800;
const FREE_FROM: i64 = 8_500;
/// To the desert: the first 40 g, and each further 25 g that are begun. A unit weighs 100 g.
const FIRST: i64 = 1_200;
const STEP: i64 = 350;

impl To {
    pub fn chosen(number: usize) -> To {
        [To::Town, To::Town, To::Desert, To::Mountain, To::Counter, To::Counter][number % 6]
    }

    /// What it costs to get one unit there that costs so much.
    pub fn fee(self, unit: i64) -> i64 {
        match self {
            To::Town if unit >= FREE_FROM => 0,
            To::Town => FEE,
            // 60 g are left: three times 25 g are begun.
            To::Desert => FIRST + 3 * STEP,
            To::Mountain | To::Counter => 0,
        }
    }

    pub fn served(self) -> bool {
        self != To::Mountain
    }
}

/// The ways to ship, as the paper has them; where goods are fetched.
pub fn begin(shop: &TestShop) -> Id<PickupPoint> {
    let town = Rate { free_from: Some(FREE_FROM), ..rate(&["CN"], FEE) };
    let desert = Rate {
        basis: Basis::Weight,
        first: 40,
        step: 25,
        step_fee: STEP,
        ..rate(&["CN/新疆"], FIRST)
    };
    let mountain = Rate { delivers: false, ..rate(&["CN/西藏"], 0) };
    rated(shop, vec![town, desert, mountain]);
    counter(shop)
}

/// An order that goes there.
pub fn order(what: What, to: To, point: Id<PickupPoint>) -> Place {
    let way = |code: &str| code.to_string();
    let sent = |region: &str| {
        let address = Address { region: region.into(), ..address() };
        Place { address, shipping_method: way("standard"), ..place(what.clone()) }
    };
    match to {
        To::Town => sent("浙江省"),
        To::Desert => sent("新疆"),
        To::Mountain => sent("Tibet"),
        To::Counter => {
            Place { shipping_method: way("counter"), pickup_point: Some(point), ..place(what) }
        }
    }
}

/// The counter is shown an order's code; none for what is not fetched.
pub fn collect(shop: &TestShop, order: Id<Order>) -> Option<Result<Id<Order>, Failure>> {
    let sql = "select code from pickups where order_id = $1";
    let code = shop.app.read(|tx| tx.maybe(sql, &[order.into()], |row| row.get(0))).unwrap();
    code.map(|code| pickup::collect(&shop.app, &shop.mo, &Collect { code }))
}
