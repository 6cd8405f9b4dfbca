//! What goods cost on the model's paper: sales that end, a group's price, tax. See `model`.

use app::price_list::{self, ListView, PutList};
use app::tax::{self, PutTax};
use domain::moment::{Moment, Span};
use domain::rate::Rate;
use domain::region::Area;
use domain::tax::{Class, Rule};

use crate::paper_delivery::To;
use crate::prices::{list, off};
use crate::support::TestShop;
use crate::trade::Goods;

/// What a unit costs alone, for members of the group, and together.
pub const ALONE: i64 = 8_800;
pub const MEMBERS: i64 = 8_000;
pub const TOGETHER: i64 = 6_800;
/// The number of the one who is a member.
const MEMBER: usize = 2;

/// The prices as a shopkeeper would write them down.
pub struct PaperPrices {
    sale: ListView,
    /// How much is off, and until when.
    on_sale: Option<(i64, Moment)>,
    tax: i64,
}

pub fn half_up(amount: i64, points: i64) -> i64 {
    (amount * points + 5_000) / 10_000
}

impl PaperPrices {
    pub fn begin(shop: &TestShop, goods: Goods) -> PaperPrices {
        let members = shop.group("members", &[&shop.eve]);
        let put = PutList { groups: vec![members.id], ..list("members") };
        shop.list(put, &[(goods, 1, MEMBERS)]);
        let sale = shop.list(PutList { active: false, ..list("sale") }, &[]);
        PaperPrices { sale, on_sale: None, tax: 0 }
    }

    /// So much is off from now on for so many minutes.
    pub fn sell(&mut self, shop: &TestShop, points: i64, minutes: i64) {
        let now = shop.app.now();
        let ends = now.plus(Span::minutes(minutes));
        let put = PutList {
            starts_at: Some(now),
            ends_at: Some(ends),
            cuts: off(points),
            ..list("sale")
        };
        price_list::change(&shop.app, &shop.zoe, self.sale.id, put).unwrap();
        self.on_sale = Some((points, ends));
    }

    /// Tax is added from now on.
    pub fn tax(&mut self, shop: &TestShop, points: i64) {
        let rate = Rate::from_basis_points(points).unwrap();
        let (area, postcode) = (Area::everywhere(), String::new());
        let rules = vec![Rule { area, postcode, class: Class::Standard, rate }];
        let (inclusive, shipping, home) = (false, false, String::new());
        let put = PutTax { inclusive, shipping, home, rules, version: None };
        tax::put(&shop.app, &shop.zoe, &put).unwrap();
        self.tax = points;
    }

    /// What one unit costs with its tax, and what is paid in all.
    pub fn of(&self, who: usize, together: bool, to: To, now: Moment) -> (i64, i64) {
        let sale = self.on_sale.filter(|(_, ends)| now < *ends);
        let sold = sale.map_or(ALONE, |(points, _)| ALONE - half_up(ALONE, points));
        let unit = match (together, who == MEMBER) {
            (true, _) => TOGETHER,
            (false, true) => sold.min(MEMBERS),
            (false, false) => sold,
        };
        let goods = unit + half_up(unit, self.tax);
        (goods, goods + to.fee(unit))
    }
}
