//! What the console's overview is made of. Every figure says what it counts.
//!
//! Days are days of the shop's time zone. Orders count on the day they were placed, paid orders
//! and GMV on the day of payment, refunds on the day the money went back.

use describe::ToSchema;
use domain::catalog::{Product, Variant};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::person::Permission;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::{App, Visitor};

mod store;

use store::Slot;

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

pub use crate::shop::ZONE;
/// How long before its end an open team is worth a look.
const ENDING: Span = Span::hours(6);

/// The overview, for staff.
pub fn overview(app: &App, visitor: &Visitor) -> Result<Overview, Failure> {
    visitor.staff_reader(Permission::Reports)?;
    app.read(|tx| {
        let now = tx.now;
        let currency = crate::shop::get(tx)?.currency;
        let days = Days::of(now)?;
        let (today, yesterday, last_week) = (days.start(0)?, days.start(1)?, days.start(7)?);
        let past = now.since(today);
        // This very moment belongs to the hour it begins.
        let end = now.plus(Span(1));
        let mut figures = |from: Moment, to: Moment| store::figures(tx, currency, from, to);
        let today_so_far = figures(today, end)?;
        let yesterday_so_far = figures(yesterday, yesterday.plus(past))?;
        let whole_yesterday = figures(yesterday, today)?;
        let last_week_so_far = figures(last_week, last_week.plus(past))?;
        let slots = store::slots(tx, currency, days.start(29)?, end)?;
        Ok(Overview {
            at: now,
            zone: ZONE.to_string(),
            zone_minutes: days.minutes,
            today: today_so_far,
            yesterday_so_far,
            yesterday: whole_yesterday,
            last_week_so_far,
            hours_today: hours(&slots, currency, today, end),
            hours_yesterday: hours(&slots, currency, yesterday, today),
            days: (0..30)
                .rev()
                .map(|ago| day(&slots, currency, &days, ago))
                .collect::<Result<Vec<DayPoint>, Failure>>()?,
            needs: store::needs(tx, now, now.plus(ENDING))?,
            top: store::top(tx, currency, days.start(6)?)?,
        })
    })
}

/// The days of the shop's zone, counted back from today.
struct Days {
    today: jiff::Zoned,
    minutes: i64,
}

impl Days {
    fn of(now: Moment) -> Result<Days, Failure> {
        let moment = jiff::Timestamp::from_microsecond(now.0).map_err(Failure::broken)?;
        let today = moment.in_tz(ZONE).map_err(Failure::broken)?;
        let minutes = i64::from(today.offset().seconds()) / 60;
        Ok(Days { today, minutes })
    }

    fn date(&self, ago: i64) -> Result<jiff::civil::Date, Failure> {
        self.today.date().checked_sub(jiff::Span::new().days(ago)).map_err(Failure::broken)
    }

    /// When that day began.
    fn start(&self, ago: i64) -> Result<Moment, Failure> {
        let start = self.date(ago)?.to_zoned(self.today.time_zone().clone());
        Ok(Moment(start.map_err(Failure::broken)?.timestamp().as_microsecond()))
    }
}

/// The sum of what happened in a stretch of whole slots.
fn within(slots: &[Slot], from: Moment, to: Moment) -> Slot {
    let first = from.0.div_euclid(store::SLOT.0);
    let end = (to.0 + store::SLOT.0 - 1).div_euclid(store::SLOT.0);
    let mut sum = Slot::default();
    for slot in slots.iter().filter(|slot| (first..end).contains(&slot.number)) {
        sum.add(slot);
    }
    sum
}

fn hours(slots: &[Slot], currency: Currency, from: Moment, to: Moment) -> Vec<HourPoint> {
    let mut points = Vec::new();
    for hour in 0..25 {
        let start = from.plus(Span::hours(hour));
        // A day on which clocks change has 23 or 25 hours.
        if start >= to {
            break;
        }
        let sum = within(slots, start, start.plus(Span::hours(1)));
        let gmv = Money { minor: sum.gmv, currency };
        points.push(HourPoint { hour, orders: sum.orders, paid: sum.paid, gmv });
    }
    points
}

fn day(slots: &[Slot], currency: Currency, days: &Days, ago: i64) -> Result<DayPoint, Failure> {
    let sum = within(slots, days.start(ago)?, days.start(ago - 1)?);
    Ok(DayPoint {
        day: days.date(ago)?.to_string(),
        orders: sum.orders,
        paid: sum.paid,
        gmv: Money { minor: sum.gmv, currency },
        refunded: Money { minor: sum.refunded, currency },
        people: sum.people,
        teams_opened: sum.teams_opened,
        teams_succeeded: sum.teams_succeeded,
        teams_failed: sum.teams_failed,
    })
}
