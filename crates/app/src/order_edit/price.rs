//! Another price before it is paid. What was begun to be paid at the old one is closed at the
//! provider first; what turns out to be paid settles the order at the price it was asked for, and
//! the change is refused.

use std::cmp::Ordering;

use describe::ToSchema;
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::order::{self as orders, Line, Order, Status};
use domain::order_desk::{self as rules, Refusal};
use domain::payment;
use domain::person::Permission;
use domain::price::list::Why;
use domain::price::{Taxes, Taxing};
use domain::rate::Rate;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Changed, checked_reason, keep, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::order::Found;
use crate::order_desk::{self, DeskView};
use crate::{App, Visitor, deal, notice, order, team, wallet};

/// How often a payment that is begun meanwhile is closed before staff are told to try again.
const TRIES: usize = 3;

/// Another price of an order nobody has paid.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ChangeOrderPrice)]
pub struct ChangePrice {
    /// What some lines cost then, in minor units.
    pub lines: Vec<LinePrice>,
    /// Or what everything costs, shipping and tax included: lines share it by what they cost
    /// before. Where tax is added not every sum can be made; it is the next one below then.
    pub total: Option<i64>,
    /// What shipping costs then; as before when it is left out.
    pub shipping: Option<i64>,
    /// Its buyer reads it.
    pub reason: String,
    /// The total that was seen; should it be another by now, nothing is changed.
    pub expected_total: Option<i64>,
}

/// What a line costs then.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = LinePrice)]
pub struct LinePrice {
    pub line: Id<Line>,
    /// Of the whole line, in minor units.
    pub total: i64,
}

/// Changes what an unpaid order costs.
pub fn change_price(
    app: &App,
    visitor: &Visitor,
    id: Id<Order>,
    change: &ChangePrice,
) -> Result<DeskView, Failure> {
    let actor = visitor.staff(Permission::Orders)?;
    let reason = checked_reason(&change.reason)?;
    // What cannot be leaves alone what was begun to be paid.
    app.read(|tx| {
        let seen = order::find(tx, id)?;
        may_change(tx, &seen)?;
        reprice(&store::prices(tx, &seen)?, change).map(|_| ())
    })?;
    for _ in 0..TRIES {
        crate::payment::close_open(app, id)?;
        let done = app.write_for(visitor, |tx| {
            let mut found = unpaid(tx, id)?;
            // Beginning a payment takes the order's lock, which is held here: none is begun at
            // the old price once this was asked.
            if crate::payment::is_open(tx, id)? {
                return Ok(None);
            }
            if change.expected_total.is_some_and(|seen| seen != found.total.minor) {
                return Err(orders::Refusal::PriceChanged.into());
            }
            let before = store::prices(tx, &found)?;
            let after = reprice(&before, change)?;
            if before != after {
                set(tx, &mut found, &before, &after)?;
                let what = Changed {
                    kind: "price",
                    reason: &reason,
                    before: json!(before),
                    after: json!(after),
                    totals: (before.total(), after.total()),
                    refund: 0,
                };
                keep(tx, actor, id, &what)?;
                let args = json!({ "amount": found.total });
                notice::tell(tx, found.person, "order_price_changed", "order", id.0, args)?;
            }
            order_desk::view(tx, id).map(Some)
        })?;
        if let Some(view) = done {
            return Ok(view);
        }
    }
    Err(Refusal::BeingPaid.into())
}

fn may_change(tx: &mut Tx, found: &Found) -> Result<(), Failure> {
    if deal::is_bound(tx, found)? {
        return Err(Refusal::InTeam.into());
    }
    if found.status != Status::PendingPayment {
        return Err(orders::Refusal::NotNow(found.status).into());
    }
    match tx.now.cmp(&found.pay_by) {
        Ordering::Less => Ok(()),
        _ => Err(payment::Refusal::NotPayable(found.status).into()),
    }
}

/// The order nobody has paid, which nobody else changes meanwhile.
pub(super) fn unpaid(tx: &mut Tx, id: Id<Order>) -> Result<Found, Failure> {
    let (_, found) = team::lock_with_order(tx, id)?;
    may_change(tx, &found)?;
    Ok(found)
}

/// What an order costs, line by line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Prices {
    #[serde(skip)]
    pub currency: Currency,
    pub lines: Vec<LineOf>,
    pub shipping: i64,
    /// In basis points, as of lines.
    pub shipping_tax_rate: i64,
    /// Whether tax is inside the prices; it is added to them otherwise.
    pub inclusive: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct LineOf {
    pub line: Id<Line>,
    pub title: String,
    pub quantity: i64,
    pub unit: i64,
    pub discount: i64,
    pub total: i64,
    pub tax_rate: i64,
    /// Why it costs this.
    pub why: String,
}

fn rate(points: i64) -> Rate {
    // The tables allow no rate that is none.
    Rate::from_basis_points(points).unwrap_or(Rate::NONE)
}

impl Prices {
    pub fn goods(&self) -> i64 {
        self.lines.iter().map(|line| line.total).sum()
    }

    /// The tax, at the rates the order was placed with.
    pub fn taxes(&self) -> Taxes {
        let money = |minor| Money::new(minor, self.currency);
        let lines: Vec<(Money, Rate)> =
            self.lines.iter().map(|line| (money(line.total), rate(line.tax_rate))).collect();
        let taxing = Taxing { inclusive: self.inclusive, shipping: rate(self.shipping_tax_rate) };
        domain::price::taxes(&lines, money(self.shipping), taxing)
    }

    pub fn total(&self) -> i64 {
        self.goods() + self.shipping + self.taxes().added.minor
    }

    /// The same with goods that cost `goods` together.
    fn with_goods(&self, goods: i64) -> Result<Prices, Failure> {
        let lines: Vec<rules::Line> = self.lines.iter().map(rule_line).collect();
        let priced = rules::spread(&lines, Money::new(goods, self.currency))?;
        Ok(self.with_lines(priced))
    }

    fn with_lines(&self, priced: Vec<rules::Priced>) -> Prices {
        let mut after = self.clone();
        for (line, priced) in after.lines.iter_mut().zip(priced) {
            let new = (priced.unit, priced.discount, priced.total);
            if new != (line.unit, line.discount, line.total) {
                (line.unit, line.discount, line.total) = new;
                line.why = Why::Agreed.code().to_string();
            }
        }
        after
    }
}

fn reprice(before: &Prices, change: &ChangePrice) -> Result<Prices, Failure> {
    let mut from = before.clone();
    if let Some(shipping) = change.shipping {
        from.shipping = shipping;
    }
    if !(0..=domain::money::LARGEST / 2).contains(&from.shipping) {
        return Err(Refusal::BadPrice.into());
    }
    let after = match change.total {
        Some(total) => with_total(&from, total)?,
        None => {
            let known = |one: &LinePrice| from.lines.iter().any(|line| line.line == one.line);
            if !change.lines.iter().all(known) {
                return Err(Refusal::BadLine.into());
            }
            let to = |of: &LineOf| match change.lines.iter().find(|one| one.line == of.line) {
                Some(wanted) => rules::at(rule_line(of), wanted.total),
                None => Ok(rules::Priced { unit: of.unit, discount: of.discount, total: of.total }),
            };
            from.with_lines(from.lines.iter().map(to).collect::<Result<_, _>>()?)
        }
    };
    let fits = (1..=domain::money::LARGEST / 2).contains(&after.total());
    if fits { Ok(after) } else { Err(Refusal::BadPrice.into()) }
}

/// Everything for `total`, with its tax. Where tax is added not every sum can be made, as little
/// as tax is rounded: then it is the next one below, which is never more than was agreed.
fn with_total(from: &Prices, total: i64) -> Result<Prices, Failure> {
    if total > domain::money::LARGEST / 2 {
        return Err(Refusal::BadPrice.into());
    }
    let most = total.checked_sub(from.shipping).filter(|most| *most >= 0);
    let (mut least, mut most) = (0, most.ok_or(Refusal::BadPrice)?);
    let mut best = from.with_goods(most)?;
    if best.total() > total {
        best = from.with_goods(0)?;
        while least < most {
            let middle = least + (most - least + 1) / 2;
            let tried = from.with_goods(middle)?;
            if tried.total() <= total {
                (least, best) = (middle, tried);
            } else {
                most = middle - 1;
            }
        }
    }
    if best.total() <= total { Ok(best) } else { Err(Refusal::BadPrice.into()) }
}

fn rule_line(line: &LineOf) -> rules::Line {
    rules::Line { quantity: line.quantity, unit: line.unit, total: line.total }
}

/// Writes what an order costs. The row count decides: it still cost what was found. The wallet
/// promised no more than that; what is too much of it is free again, and the buyer still says when
/// it shall pay.
pub(super) fn set(
    tx: &mut Tx,
    found: &mut Found,
    before: &Prices,
    after: &Prices,
) -> Result<(), Failure> {
    if !store::set_prices(tx, found, before, after)? {
        return Err(orders::Refusal::PriceChanged.into());
    }
    found.total = Money::new(after.total(), found.currency);
    if found.promised > found.total.minor {
        let most = found.total.minor;
        wallet::promise(tx, found, most)?;
    }
    Ok(())
}
