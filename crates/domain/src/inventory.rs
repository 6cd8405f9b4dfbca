//! Stock of a variant: every unit is in exactly one place, and every move says why.
//!
//! `received = available + set_aside + reserved + sold + lost`. *Set aside* is kept for a campaign;
//! *reserved* is promised to an order that is not paid yet.

use serde::{Deserialize, Serialize};

use crate::id::Kind;

/// A promise of units to one order line.
pub struct Reservation;
impl Kind for Reservation {
    const PREFIX: &'static str = "rsv";
}
crate::id::described!(Reservation);

/// How many units are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Stock {
    pub received: i64,
    pub available: i64,
    pub set_aside: i64,
    pub reserved: i64,
    pub sold: i64,
    pub lost: i64,
}

/// Why units moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Cause {
    /// Goods came in, or were found in a count.
    Receive,
    /// Goods were lost, broken or given away.
    Lose,
    /// An order was placed.
    Reserve,
    /// An order was placed on units set aside for a campaign.
    ReserveSetAside,
    /// An order ended unpaid.
    Release,
    /// The same, and the units go back to the campaign.
    ReleaseSetAside,
    /// An order was paid.
    Claim,
    /// A refunded order's units can be sold again.
    Restock,
    /// The same, and the units go back to the campaign.
    RestockSetAside,
    /// Units came back that cannot be sold again.
    Spoil,
    /// Units are kept for a campaign.
    SetAside,
    /// A campaign gives back what it did not sell.
    ReturnAside,
    /// A variant whose stock is not counted makes what an order needs.
    Make,
    /// And unmakes it when the order ends unpaid or is refunded.
    Unmake,
}

/// Why units do not move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Only this many are left.
    OnlyLeft(i64),
    /// A quantity is 1 to 9,999; a correction is not zero.
    BadQuantity,
    /// A correction needs a reason.
    NoReason,
}

impl Cause {
    pub const ALL: [Cause; 14] = [
        Cause::Receive,
        Cause::Lose,
        Cause::Reserve,
        Cause::ReserveSetAside,
        Cause::Release,
        Cause::ReleaseSetAside,
        Cause::Claim,
        Cause::Restock,
        Cause::RestockSetAside,
        Cause::Spoil,
        Cause::SetAside,
        Cause::ReturnAside,
        Cause::Make,
        Cause::Unmake,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Cause::Receive => "receive",
            Cause::Lose => "lose",
            Cause::Reserve => "reserve",
            Cause::ReserveSetAside => "reserve_set_aside",
            Cause::Release => "release",
            Cause::ReleaseSetAside => "release_set_aside",
            Cause::Claim => "claim",
            Cause::Restock => "restock",
            Cause::RestockSetAside => "restock_set_aside",
            Cause::Spoil => "spoil",
            Cause::SetAside => "set_aside",
            Cause::ReturnAside => "return_aside",
            Cause::Make => "make",
            Cause::Unmake => "unmake",
        }
    }

    /// What moving `n` units changes. Every row sums: received is what the others gained.
    pub fn change(self, n: i64) -> Stock {
        let none = Stock::default();
        match self {
            Cause::Receive => Stock { received: n, available: n, ..none },
            Cause::Lose => Stock { available: -n, lost: n, ..none },
            Cause::Reserve => Stock { available: -n, reserved: n, ..none },
            Cause::ReserveSetAside => Stock { set_aside: -n, reserved: n, ..none },
            Cause::Release => Stock { available: n, reserved: -n, ..none },
            Cause::ReleaseSetAside => Stock { set_aside: n, reserved: -n, ..none },
            Cause::Claim => Stock { reserved: -n, sold: n, ..none },
            Cause::Restock => Stock { available: n, sold: -n, ..none },
            Cause::RestockSetAside => Stock { set_aside: n, sold: -n, ..none },
            Cause::Spoil => Stock { sold: -n, lost: n, ..none },
            Cause::SetAside => Stock { available: -n, set_aside: n, ..none },
            Cause::ReturnAside => Stock { available: n, set_aside: -n, ..none },
            Cause::Make => Stock { received: n, reserved: n, ..none },
            Cause::Unmake => Stock { received: -n, reserved: -n, ..none },
        }
    }
}

impl Stock {
    /// Place by place, this and what is moved.
    pub fn plus(self, change: Stock) -> Stock {
        Stock {
            received: self.received + change.received,
            available: self.available + change.available,
            set_aside: self.set_aside + change.set_aside,
            reserved: self.reserved + change.reserved,
            sold: self.sold + change.sold,
            lost: self.lost + change.lost,
        }
    }

    /// The stock after `n` units moved for `cause`, or how many could have.
    pub fn moved(self, cause: Cause, n: i64) -> Result<Stock, Refusal> {
        assert!(n > 0, "moving nothing is no move");
        let change = cause.change(n);
        let after = self.plus(change);
        let places = [
            after.received,
            after.available,
            after.set_aside,
            after.reserved,
            after.sold,
            after.lost,
        ];
        if places.iter().any(|units| *units < 0) {
            let from = [
                (change.available, self.available),
                (change.set_aside, self.set_aside),
                (change.reserved, self.reserved),
                (change.sold, self.sold),
            ];
            let left = from.into_iter().find(|(change, _)| *change < 0).map_or(0, |(_, had)| had);
            return Err(Refusal::OnlyLeft(left));
        }
        Ok(after)
    }

    /// Whether every unit is in exactly one place.
    pub fn adds_up(self) -> bool {
        self.received == self.available + self.set_aside + self.reserved + self.sold + self.lost
    }
}

#[cfg(test)]
mod tests;
