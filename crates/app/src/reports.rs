//! What the console's overview is made of. Every figure says what it counts.
//!
//! Days are days of the shop's time zone. Orders count on the day they were placed, paid orders
//! and GMV on the day of payment, refunds on the day the money went back.

use domain::catalog::{Product, Variant};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::failure::Failure;
use crate::{App, Visitor};

/// The console's first page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Overview {
    pub at: Moment,
    /// The zone its days are in, and how many minutes that is ahead of UTC now.
    pub zone: String,
    pub zone_minutes: i64,
    /// From midnight until now.
    pub today: Figures,
    /// Yesterday until the same time of day, to compare with; and the whole of it.
    pub yesterday_so_far: Figures,
    pub yesterday: Figures,
    /// The same day of last week until the same time of day.
    pub last_week_so_far: Figures,
    /// 24 hours each; those of today that have not begun are left out.
    pub hours_today: Vec<HourPoint>,
    pub hours_yesterday: Vec<HourPoint>,
    /// The last thirty days, today last.
    pub days: Vec<DayPoint>,
    pub needs: Needs,
    /// What brought in most in the last seven days.
    pub top: Vec<TopProduct>,
}

/// The figures of a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Figures {
    /// Orders placed, paid or not.
    pub orders: i64,
    /// Orders paid.
    pub paid: i64,
    /// What was paid for orders, including what was paid back later (GMV).
    pub gmv: Money,
    /// What went back.
    pub refunded: Money,
    /// GMV less what went back in the same time.
    pub net: Money,
    /// Refunds made.
    pub refunds: i64,
    /// People who joined.
    pub people: i64,
    /// Distinct people who paid.
    pub buyers: i64,
    pub teams_opened: i64,
    pub teams_succeeded: i64,
    pub teams_failed: i64,
    /// Openings of share links, previews and crawlers left out.
    pub visits: i64,
    /// Paid orders that a share link brought.
    pub shared_orders: i64,
}

/// One hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HourPoint {
    pub hour: i64,
    pub orders: i64,
    pub paid: i64,
    pub gmv: Money,
}

/// One day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DayPoint {
    /// `2026-11-21`.
    pub day: String,
    pub orders: i64,
    pub paid: i64,
    pub gmv: Money,
    pub refunded: Money,
    pub people: i64,
    pub teams_opened: i64,
    pub teams_succeeded: i64,
    pub teams_failed: i64,
}

/// What waits for somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Needs {
    pub to_ship: i64,
    /// When the oldest of them was paid.
    pub oldest_to_ship: Option<Moment>,
    pub open_cases: i64,
    pub dead_jobs: i64,
    pub failed_refunds: i64,
    pub failed_pictures: i64,
    /// Open teams that end within six hours.
    pub teams_ending: i64,
    /// Counted variants on sale with fewer than five units left: how many, and the first few.
    pub low: i64,
    pub low_stock: Vec<LowStock>,
}

/// A variant that is nearly gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LowStock {
    pub product: Id<Product>,
    pub variant: Id<Variant>,
    pub title: String,
    pub variant_title: String,
    pub available: i64,
}

/// A product that sells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TopProduct {
    pub product: Id<Product>,
    pub handle: String,
    pub title: String,
    pub units: i64,
    pub gmv: Money,
}

/// The overview, for staff.
pub fn overview(app: &App, visitor: &Visitor) -> Result<Overview, Failure> {
    let _ = (app, visitor);
    todo!()
}
