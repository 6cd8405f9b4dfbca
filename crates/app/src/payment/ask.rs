//! Asking: a notice may be lost, so that payments and top-ups which stay open are asked about
//! before their time is over.

use std::collections::BTreeSet;

use domain::moment::Span;

use super::{apply, store};
use crate::App;
use crate::failure::Failure;
use crate::outside::gateway::{Known, said};
use crate::outside::{ProviderState, Trouble};
use crate::{provider, team, top_up};

/// How long after it began a payment is first asked about, and how often then.
const AFTER: Span = Span::minutes(2);
const AGAIN: Span = Span::minutes(3);
/// How many are asked about in one round, so that a provider that takes its time holds up little.
const MOST: i64 = 50;

/// Asks the providers about the payments and top-ups that are still open: what was paid unheard is
/// settled. How many were asked about. What a wallet or staff by hand are to bring is nobody's to
/// be asked.
pub fn round(app: &App) -> Result<usize, Failure> {
    let (payments, top_ups) = app.read(|tx| {
        let (began, asked) = (tx.now.minus(AFTER), tx.now.minus(AGAIN));
        let payments = store::long_open(tx, began, asked, MOST)?;
        Ok((payments, top_up::long_open(tx, began, asked, MOST)?))
    })?;
    let mut round = Round { app, names: provider::names(app), away: BTreeSet::new(), count: 0 };
    for payment in payments {
        let Some(state) = round.ask(&payment.provider, &payment.known())? else { continue };
        app.write(|tx| {
            // The team and the order first, as everybody locks them.
            let (mut team, mut order) = team::lock_with_order(tx, payment.order)?;
            store::set_asked(tx, payment.id)?;
            let Some(said) = said(state) else { return Ok(()) };
            let payment = store::find(tx, payment.id)?;
            let state = (order.status, order.due());
            let meaning = domain::payment::meaning(payment.status, payment.amount, state, said);
            apply(tx, team.as_mut(), &mut order, &payment, meaning, "asked")
        })?;
    }
    for found in top_ups {
        let Some(state) = round.ask(&found.provider, &found.known())? else { continue };
        app.write(|tx| top_up::asked(tx, found.id, state))?;
    }
    Ok(round.count)
}

struct Round<'a> {
    app: &'a App,
    names: Vec<&'static str>,
    /// Who did not answer once is not asked again in this round.
    away: BTreeSet<String>,
    count: usize,
}

impl Round<'_> {
    fn ask(&mut self, name: &str, known: &Known) -> Result<Option<ProviderState>, Failure> {
        if !self.names.contains(&name) || self.away.contains(name) {
            return Ok(None);
        }
        let state = provider::query(self.app, name, known);
        provider::note(self.app, name, state.as_ref().err())?;
        self.count += 1;
        match state {
            Ok(state) => Ok(Some(state)),
            Err(trouble) => {
                let reference = &known.reference;
                tracing::warn!(reference, %trouble, "a payment cannot be asked about");
                if matches!(trouble, Trouble::Away(_)) {
                    self.away.insert(name.to_string());
                }
                Ok(None)
            }
        }
    }
}
