//! What staff may do: permissions, grants of them, and the roles that hold grants.
//!
//! A role is a set of grants and nothing else. Those that come with the shop are written here; a
//! merchant puts together more of the same grants.

use serde::{Deserialize, Serialize};

use crate::id::Kind;

/// A role a merchant put together.
pub struct CustomRole;
impl Kind for CustomRole {
    const PREFIX: &'static str = "rol";
}
crate::id::described!(CustomRole);

/// What staff may be allowed to look at, or to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    Goods,
    Stock,
    Orders,
    /// Pack, send and hand over what was ordered; take in what comes back.
    Shipping,
    /// Give money back, and answer returns.
    Refunds,
    GroupBuys,
    /// Say how goods get to their buyers, and for how much.
    Delivery,
    /// Answer reviews, and hide what may not be read by everybody.
    Reviews,
    /// Price lists, customer groups, tax and currencies.
    Prices,
    /// Give shoppers store credit, and see what their wallets hold.
    Wallets,
    /// Write pages, arrange the front page, choose colours.
    Content,
    /// Look after customers: notes, tags, blocks, and who is one with whom.
    Customers,
    /// See a customer's contacts in full. Every look is written down.
    Contacts,
    /// Today's figures and what they come from.
    Reports,
    Ledger,
    Audit,
    Jobs,
    /// Tell other programs what happens.
    Webhooks,
    Staff,
    /// Decide about a return that buyer and staff do not agree on.
    Decisions,
    /// Issue invoices and take them back.
    Invoices,
    /// Sellers, their statements and what they are owed.
    Sellers,
    /// Campaigns of every kind, what they may give away, and whether they may start.
    Campaigns,
}

impl Permission {
    pub const ALL: [Permission; 23] = {
        use Permission::*;
        [
            Goods, Stock, Orders, Shipping, Refunds, GroupBuys, Delivery, Reviews, Prices, Wallets,
            Content, Customers, Contacts, Reports, Ledger, Audit, Jobs, Webhooks, Staff, Decisions,
            Invoices, Sellers, Campaigns,
        ]
    };

    pub fn code(self) -> &'static str {
        match self {
            Permission::Goods => "goods",
            Permission::Stock => "stock",
            Permission::Orders => "orders",
            Permission::Shipping => "shipping",
            Permission::Refunds => "refunds",
            Permission::GroupBuys => "group_buys",
            Permission::Delivery => "delivery",
            Permission::Reviews => "reviews",
            Permission::Prices => "prices",
            Permission::Wallets => "wallets",
            Permission::Content => "content",
            Permission::Customers => "customers",
            Permission::Contacts => "contacts",
            Permission::Reports => "reports",
            Permission::Ledger => "ledger",
            Permission::Audit => "audit",
            Permission::Jobs => "jobs",
            Permission::Webhooks => "webhooks",
            Permission::Staff => "staff",
            Permission::Decisions => "decisions",
            Permission::Invoices => "invoices",
            Permission::Sellers => "sellers",
            Permission::Campaigns => "campaigns",
        }
    }

    pub fn parse(code: &str) -> Option<Permission> {
        Permission::ALL.into_iter().find(|permission| permission.code() == code)
    }

    fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// How far a permission goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    View,
    /// To change, and so to look.
    Change,
}

impl Level {
    pub const ALL: [Level; 2] = [Level::View, Level::Change];

    pub fn code(self) -> &'static str {
        match self {
            Level::View => "view",
            Level::Change => "change",
        }
    }

    pub fn parse(code: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.code() == code)
    }
}

/// A set of permissions, each to look or to change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    view: u32,
    change: u32,
}

impl Grants {
    pub const NONE: Grants = Grants { view: 0, change: 0 };

    /// Everything there is.
    pub fn all() -> Grants {
        Grants::of(&Permission::ALL, &Permission::ALL)
    }

    /// Those in `view` to look at, those in `change` to change.
    pub fn of(view: &[Permission], change: &[Permission]) -> Grants {
        let seen = view.iter().fold(Grants::NONE, |all, one| all.with(*one, Level::View));
        change.iter().fold(seen, |all, one| all.with(*one, Level::Change))
    }

    #[must_use]
    pub fn with(mut self, permission: Permission, level: Level) -> Grants {
        self.view |= permission.bit();
        if level == Level::Change {
            self.change |= permission.bit();
        }
        self
    }

    #[must_use]
    pub fn without(mut self, permission: Permission) -> Grants {
        self.view &= !permission.bit();
        self.change &= !permission.bit();
        self
    }

    pub fn may(self, permission: Permission, level: Level) -> bool {
        let held = if level == Level::Change { self.change } else { self.view };
        held & permission.bit() != 0
    }

    /// Whether everything in `other` is in here.
    pub fn hold(self, other: Grants) -> bool {
        other.view & !self.view == 0 && other.change & !self.change == 0
    }

    pub fn is_empty(self) -> bool {
        self == Grants::NONE
    }

    /// Each permission that is held, with how far it goes.
    pub fn list(self) -> Vec<(Permission, Level)> {
        let level =
            |one: Permission| match (self.may(one, Level::Change), self.may(one, Level::View)) {
                (true, _) => Some((one, Level::Change)),
                (false, true) => Some((one, Level::View)),
                (false, false) => None,
            };
        Permission::ALL.into_iter().filter_map(level).collect()
    }

    /// As they are kept and sent: `orders:change`, `goods:view`.
    pub fn codes(self) -> Vec<String> {
        self.list().iter().map(|(one, level)| format!("{}:{}", one.code(), level.code())).collect()
    }

    /// The opposite of `codes`; nothing when one of them is not known.
    pub fn parse<S: AsRef<str>>(codes: &[S]) -> Option<Grants> {
        codes.iter().try_fold(Grants::NONE, |all, code| {
            let (permission, level) = code.as_ref().split_once(':')?;
            Some(all.with(Permission::parse(permission)?, Level::parse(level)?))
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Role {
    Shopper,
    /// Looks at everything a manager sees, but for contacts, and changes nothing.
    Viewer,
    /// Figures, goods, campaigns and the books, without what names a customer.
    Analyst,
    /// Writes: pages, the texts of goods, answers to reviews.
    Content,
    /// Packs, sends, hands over, counts, and takes in what comes back.
    Warehouse,
    /// Looks after customers, their orders, returns and reviews.
    Support,
    /// Somebody of a seller's, who sees what is that seller's and nothing else.
    Seller,
    /// A role of the merchant's own.
    Own,
    /// Runs the shop from day to day: goods, stock, orders, campaigns.
    Manager,
    /// May also see the books in full, add staff, and has the last word on returns.
    Owner,
}

impl Role {
    pub const ALL: [Role; 10] = [
        Role::Shopper,
        Role::Viewer,
        Role::Analyst,
        Role::Content,
        Role::Warehouse,
        Role::Support,
        Role::Seller,
        Role::Own,
        Role::Manager,
        Role::Owner,
    ];

    /// Those of staff that come with the shop, from the one with most to the one with least.
    pub const STAFF: [Role; 7] = [
        Role::Owner,
        Role::Manager,
        Role::Support,
        Role::Warehouse,
        Role::Content,
        Role::Analyst,
        Role::Viewer,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Role::Shopper => "shopper",
            Role::Viewer => "viewer",
            Role::Analyst => "analyst",
            Role::Content => "content",
            Role::Warehouse => "warehouse",
            Role::Support => "support",
            Role::Seller => "seller",
            Role::Own => "own",
            Role::Manager => "manager",
            Role::Owner => "owner",
        }
    }

    pub fn parse(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.code() == code)
    }

    pub fn is_staff(self) -> bool {
        self != Role::Shopper
    }

    /// What comes with the role. A role of the merchant's own has what they put into it.
    pub fn grants(self) -> Grants {
        use Permission::*;
        match self {
            Role::Shopper | Role::Own => Grants::NONE,
            Role::Viewer => {
                let seen = Role::Manager.grants().without(Contacts);
                Grants { change: 0, ..seen }
            }
            Role::Analyst => {
                Grants::of(&[Reports, Goods, Stock, GroupBuys, Reviews, Ledger, Campaigns], &[])
            }
            Role::Content => Grants::of(&[GroupBuys, Stock, Campaigns], &[Content, Goods, Reviews]),
            Role::Warehouse => Grants::of(&[Orders, Goods, Delivery], &[Shipping, Stock]),
            Role::Support => Grants::of(
                &[Goods, Stock, GroupBuys, Delivery, Wallets, Campaigns],
                &[Orders, Refunds, Reviews, Customers, Contacts, Invoices],
            ),
            // Each of these is narrowed to what is their seller's wherever it opens something, and
            // what is not is refused: see `Visitor::counter` in `app`.
            Role::Seller => Grants::of(&[Orders, Sellers], &[Goods, Stock, Shipping, Refunds]),
            Role::Manager => Grants::all().without(Staff).without(Decisions),
            Role::Owner => Grants::all(),
        }
    }
}

/// Whether somebody with `theirs` may give, change or take away a role with `given`: nobody gives
/// more than they have, and only owners make owners.
pub fn may_give(giver: (Role, Grants), given: (Role, Grants)) -> bool {
    let owner = giver.0 == Role::Owner || given.0 != Role::Owner;
    owner && giver.1.may(Permission::Staff, Level::Change) && giver.1.hold(given.1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_grants() -> impl Strategy<Value = Grants> {
        let one = (0..Permission::ALL.len(), any::<bool>());
        proptest::collection::vec(one, 0..12).prop_map(|picked| {
            picked.into_iter().fold(Grants::NONE, |all, (index, change)| {
                let level = if change { Level::Change } else { Level::View };
                all.with(Permission::ALL[index], level)
            })
        })
    }

    proptest! {
        #[test]
        fn grants_are_read_as_they_were_written(grants in any_grants()) {
            prop_assert_eq!(Grants::parse(&grants.codes()), Some(grants));
        }

        #[test]
        fn whoever_may_change_may_look(grants in any_grants()) {
            for permission in Permission::ALL {
                let change = grants.may(permission, Level::Change);
                prop_assert!(!change || grants.may(permission, Level::View));
            }
        }

        /// However roles are handed on, nobody ends up with more than the first giver had.
        #[test]
        fn what_is_handed_on_never_grows(
            first in any_grants(), second in any_grants(), third in any_grants(),
        ) {
            let staff = |grants: Grants| grants.with(Permission::Staff, Level::Change);
            let (one, two) = ((Role::Own, staff(first)), (Role::Own, staff(second)));
            if may_give(one, two) && may_give(two, (Role::Own, third)) {
                prop_assert!(one.1.hold(third));
            }
        }
    }

    #[test]
    fn codes_are_read_back() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.code()), Some(role));
        }
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.code()), Some(permission));
            assert_eq!(Permission::ALL[permission as usize], permission);
        }
        assert_eq!(Grants::parse(&["orders:watch"]), None);
        assert_eq!(Grants::parse(&["moon:view"]), None);
    }

    #[test]
    fn each_role_has_what_its_work_needs_and_no_more() {
        let may = |role: Role, one, level| role.grants().may(one, level);
        use Level::*;
        use Permission::*;
        assert!(may(Role::Owner, Staff, Change) && may(Role::Owner, Decisions, Change));
        assert!(!may(Role::Manager, Staff, View) && !may(Role::Manager, Decisions, View));
        assert!(may(Role::Manager, Orders, Change));
        assert!(may(Role::Support, Refunds, Change) && !may(Role::Support, Wallets, Change));
        assert!(may(Role::Warehouse, Shipping, Change) && !may(Role::Warehouse, Orders, Change));
        assert!(!may(Role::Warehouse, Contacts, View) && !may(Role::Warehouse, Refunds, View));
        assert!(may(Role::Content, Content, Change) && !may(Role::Content, Orders, View));
        assert!(may(Role::Seller, Goods, Change) && !may(Role::Seller, Sellers, Change));
        assert!(!may(Role::Seller, Orders, Change) && !may(Role::Seller, Ledger, View));
        assert!(may(Role::Manager, Sellers, Change) && !may(Role::Support, Sellers, View));
        assert!(may(Role::Analyst, Reports, View) && !may(Role::Analyst, Customers, View));
        for permission in Permission::ALL {
            assert!(!may(Role::Shopper, permission, View));
            assert!(!may(Role::Viewer, permission, Change));
            assert!(!may(Role::Analyst, permission, Change));
        }
        assert!(!may(Role::Viewer, Contacts, View) && may(Role::Viewer, Ledger, View));
    }

    #[test]
    fn only_owners_make_owners() {
        let of = |role: Role| (role, role.grants());
        assert!(may_give(of(Role::Owner), of(Role::Owner)));
        assert!(!may_give(of(Role::Manager), of(Role::Viewer)));
        // Even somebody who may do everything: an owner is more than what they may do.
        assert!(!may_give((Role::Own, Grants::all()), of(Role::Owner)));
        assert!(may_give((Role::Own, Grants::all()), of(Role::Manager)));
    }
}
