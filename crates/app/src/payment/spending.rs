//! Orders that are paid from wallets, decided together with the others that wait.

use domain::id::Id;
use domain::money::Money;
use domain::order::{Order, Status};
use domain::payment::Refusal;
use domain::person::Person;

use super::{PayView, WALLET, gathered, lock_goods, paid};
use crate::App;
use crate::db::Tx;
use crate::failure::Failure;
use crate::{team, wallet};

/// An order that is to be paid from its buyer's wallet, as it waits in its lane.
pub struct Spending {
    pub(super) order: Id<Order>,
    pub(super) person: Id<Person>,
    /// What it costs as they know it.
    pub(super) total: Money,
    pub(super) request: Option<String>,
}

impl Spending {
    /// Decides for everybody who waits.
    pub(super) fn all(app: &App, all: &[Spending]) -> Vec<Result<PayView, Failure>> {
        app.wallets.decide(app, all, gathered::gather_spending, |tx, one| one.take(tx))
    }

    fn take(&self, tx: &mut Tx) -> Result<PayView, Failure> {
        tx.request_id = self.request.clone();
        let (mut team, mut order) = team::lock_with_order(tx, self.order)?;
        if order.person != self.person {
            return Err(Failure::NotFound);
        }
        if order.status != Status::PendingPayment || tx.now >= order.pay_by {
            return Err(Refusal::NotPayable(order.status).into());
        }
        if order.total != self.total {
            return Err(domain::order::Refusal::PriceChanged.into());
        }
        if let Some(found) = &team
            && !team::place_stands(tx, found, order.id)?
        {
            return Err(Refusal::NotPayable(order.status).into());
        }
        wallet::release(tx, &mut order)?;
        lock_goods(tx, &order)?;
        let payments = wallet::pay(tx, &order)?;
        paid(tx, team.as_mut(), &mut order, "paid")?;
        let payment = payments.first().copied().ok_or(Failure::NotFound)?;
        Ok(PayView {
            payment,
            order: order.id,
            provider: WALLET.to_string(),
            amount: order.total,
            pay_url: format!("/orders/{}/paid", order.id),
            code: None,
        })
    }
}
