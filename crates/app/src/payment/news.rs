//! What providers tell us: checked over the raw bytes, written down once, and what it means done in
//! the same transaction.

use std::sync::Arc;

use domain::id::Id;
use domain::moment::Moment;
use domain::payment::{Meaning, Refusal, Said};
use domain::wallet::TopUp;

use super::{apply, gathered, store, weigh};
use crate::App;
use crate::db::Tx;
use crate::failure::Failure;
use crate::lane::{Aside, Lane};
use crate::outside::gateway::{About, Envelope, Told};
use crate::shop::{self, Shop};
use crate::{provider, refund, team, top_up};

/// A provider's notice. The same notice twice changes nothing.
pub fn notice(app: &App, provider: &str, sent: impl Into<Envelope>) -> Result<(), Failure> {
    let shop = app.read(shop::get)?;
    let news = News::of(app, app.now(), &shop, provider, &sent.into())?;
    app.news.run(news, |all| take_all(app, all))
}

/// `notice`, but `told` gets the answer, and `aside` runs what may take its time. Only for notices
/// that are read without asking the provider anything.
pub fn notice_aside(
    app: &Arc<App>,
    shop: &Shop,
    provider: &str,
    sent: &Envelope,
    aside: Aside,
    told: impl FnOnce(Result<(), Failure>) + Send + 'static,
) {
    match News::of(app, app.now(), shop, provider, sent) {
        Ok(news) => Lane::run_aside(app, |app| &app.news, news, take_all, aside, told),
        Err(failure) => told(Err(failure)),
    }
}

fn take_all(app: &App, all: &[News]) -> Vec<Result<(), Failure>> {
    app.news.decide(app, all, gathered::gather, |tx, one| one.take(tx))
}

/// A notice whose signature is right, as it waits in its lane.
pub struct News {
    pub(super) provider: String,
    pub(super) told: Told,
}

impl News {
    /// What can be said about it without looking at what it is about.
    fn of(
        app: &App,
        now: Moment,
        shop: &Shop,
        provider: &str,
        sent: &Envelope,
    ) -> Result<News, Failure> {
        let told = provider::read(app, now, shop, provider, sent)?;
        if told.about.reference().len() > 200 {
            return Err(Refusal::BadNotice.into());
        }
        Ok(News { provider: provider.to_string(), told })
    }

    fn take(&self, tx: &mut Tx) -> Result<(), Failure> {
        let (reference, said) = match &self.told.about {
            About::Payment { reference, said } => (reference, *said),
            // It may lead to a job, and its row is not among those gathered.
            About::Refund { .. } if tx.gathers() => return Err(tx.alone()),
            About::Refund { key, failed } => {
                if store::add_notice(tx, self, None)? {
                    refund::moved(tx, key, *failed)?;
                    top_up::moved(tx, key, *failed)?;
                }
                return Ok(());
            }
            About::Other { .. } => return store::add_notice(tx, self, None).map(|_| ()),
        };
        if let Some(id) = Id::<TopUp>::parse(reference) {
            return self.take_top_up(tx, id, said);
        }
        let Some(payment) = store::by_reference(tx, &self.provider, reference)? else {
            return store::add_notice(tx, self, None).map(|_| ());
        };
        // Locks come first, the notice's row last: a twin waits at the lock and then finds it.
        let (mut team, mut order) = team::lock_with_order(tx, payment.order)?;
        let payment = store::find(tx, payment.id)?;
        let meaning = weigh(&payment, &order, said);
        if !store::add_notice(tx, self, Some(meaning))? {
            return Ok(());
        }
        apply(tx, team.as_mut(), &mut order, &payment, meaning, reference)
    }

    fn take_top_up(&self, tx: &mut Tx, id: Id<TopUp>, said: Said) -> Result<(), Failure> {
        if tx.gathers() {
            return Err(tx.alone());
        }
        if !top_up::is_known(tx, &self.provider, id)? {
            return store::add_notice(tx, self, None).map(|_| ());
        }
        // The top-up's lock comes first: a twin waits there and then finds the notice.
        top_up::find_to_change(tx, id)?;
        if store::add_notice(tx, self, Some(Meaning::Settle))? {
            top_up::hear(tx, id, said)?;
        }
        Ok(())
    }
}
