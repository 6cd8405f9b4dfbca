//! Whoever takes the money, by name: the sandbox in our own database, or a gateway outside.

use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::payment::{Refusal, Said};
use domain::reconciliation::{Day, Line};

use crate::failure::Failure;
use crate::outside::gateway::{Back, Backed, Device, Envelope, Known, Made, Share, Told};
use crate::outside::{Charge, ProviderState, Trouble};
use crate::sandbox;
use crate::shop::Shop;
use crate::{App, Visitor};

/// How long a refund may be underway at a provider before a person should know.
pub const SLOW: Span = Span::hours(20);

/// The providers that are set up, in the order in which they are offered.
pub fn names(app: &App) -> Vec<&'static str> {
    let mut names: Vec<&'static str> =
        app.outside.gateways.iter().map(|gateway| gateway.name()).collect();
    if app.config.sandbox {
        names.push(sandbox::NAME);
    }
    names
}

/// The providers that are set up and take a currency.
pub fn taking(app: &App, currency: Currency) -> Vec<&'static str> {
    let takes = |name: &&str| match app.outside.gateway(name) {
        Some(gateway) => gateway.takes(currency),
        None => true,
    };
    names(app).into_iter().filter(takes).collect()
}

/// The provider of this name among those that take a currency, or the first of them.
pub fn chosen(app: &App, currency: Currency, name: Option<&str>) -> Result<&'static str, Failure> {
    let mut taking = taking(app, currency).into_iter();
    match name {
        None => taking.next().ok_or_else(|| Refusal::ProviderDown.into()),
        Some(name) => {
            taking.find(|known| *known == name).ok_or_else(|| Refusal::NoSuchMethod.into())
        }
    }
}

/// The least it takes at once.
pub fn least(app: &App, name: &str, currency: Currency) -> Money {
    let least = app.outside.gateway(name).map_or(1, |gateway| gateway.least(currency));
    Money::new(least, currency)
}

/// What somebody pays on.
pub fn device(visitor: &Visitor) -> Device {
    if visitor.phone { Device::Phone } else { Device::Desk }
}

/// Where a buyer is sent, and what a code is made of: what a phone must read off a screen has a
/// page of ours, at `page`.
pub fn shown(app: &App, page: &str, url: String) -> (String, Option<String>) {
    if url.starts_with("http") {
        return (url, None);
    }
    (format!("{}{page}", app.config.base_url), Some(url))
}

/// How long to wait for a refund that has been underway for so long: most take seconds, some days.
pub fn look_again(age: Span) -> Span {
    Span(age.0.clamp(Span::seconds(15).0, Span::hours(1).0))
}

/// A provider that was taken out of the settings: its payments wait until it is back.
fn unknown(name: &str) -> Trouble {
    Trouble::Away(format!("{name} is not set up"))
}

/// Where a provider is to tell us.
pub fn notify_url(app: &App, name: &str) -> String {
    format!("{}/hooks/payments/{name}", app.config.base_url)
}

/// Makes a payment known and says where the buyer pays.
pub fn create(app: &App, name: &str, charge: &Charge) -> Result<Made, Trouble> {
    if name == sandbox::NAME {
        let url = sandbox::create(app, charge)?;
        return Ok(Made { url, theirs: String::new() });
    }
    app.outside.gateway(name).ok_or_else(|| unknown(name))?.create(charge)
}

/// What became of a payment.
pub fn query(app: &App, name: &str, known: &Known) -> Result<ProviderState, Trouble> {
    if name == sandbox::NAME {
        return sandbox::query(app, &known.reference);
    }
    app.outside.gateway(name).ok_or_else(|| unknown(name))?.query(known)
}

/// Closes a payment so that it can no longer be paid, and says what became of it.
pub fn close(app: &App, name: &str, known: &Known) -> Result<ProviderState, Trouble> {
    if name == sandbox::NAME {
        return sandbox::close(app, &known.reference);
    }
    app.outside.gateway(name).ok_or_else(|| unknown(name))?.close(known)
}

/// Closes a payment, and says what that means for it.
pub fn end(app: &App, name: &str, known: &Known) -> Result<Said, Failure> {
    match close(app, name, known) {
        Ok(ProviderState::Paid(amount)) => Ok(Said::Paid(amount)),
        Ok(ProviderState::PaidStrangely) => Ok(Said::PaidStrangely),
        // The buyer is paying at this moment.
        Ok(ProviderState::Open) => Err(Failure::broken("it is being paid")),
        Ok(_) => Ok(Said::Closed),
        Err(Trouble::Refused(why) | Trouble::Away(why)) => Err(Failure::Broken(why)),
    }
}

/// Pays back, once per key.
pub fn refund(app: &App, name: &str, back: &Back) -> Result<Backed, Trouble> {
    if name == sandbox::NAME {
        let name = sandbox::refund(app, &back.of.reference, &back.key, back.amount)?;
        return Ok(Backed::Done(name));
    }
    app.outside.gateway(name).ok_or_else(|| unknown(name))?.refund(back)
}

/// Whether it can split what it took between sellers and the shop.
pub fn splits(app: &App, name: &str) -> bool {
    name == sandbox::NAME || app.outside.gateway(name).is_some_and(|gateway| gateway.splits())
}

/// Splits a seller's part off a payment, once per key.
pub fn split(app: &App, name: &str, share: &Share) -> Result<Backed, Trouble> {
    if name == sandbox::NAME {
        return sandbox::split(app, share).map(Backed::Done);
    }
    app.outside.gateway(name).ok_or_else(|| unknown(name))?.split(share)
}

/// Reads a provider's notice. May ask the provider for its key.
pub fn read(
    app: &App,
    now: Moment,
    shop: &Shop,
    name: &str,
    sent: &Envelope,
) -> Result<Told, Failure> {
    if name == sandbox::NAME {
        return sandbox::read(now, shop, sent).map_err(Failure::from);
    }
    let gateway = app.outside.gateway(name).ok_or(Failure::NotFound)?;
    gateway.read(now, sent).map_err(|refusal: Refusal| refusal.into())
}

/// What a provider's statement of a day says.
pub fn statement(app: &App, name: &str, day: Day) -> Result<Vec<Line>, Trouble> {
    if name == sandbox::NAME {
        let lines = sandbox::statement(app, day);
        return lines.map_err(|failure| Trouble::Away(failure.to_string()));
    }
    app.outside.gateway(name).ok_or_else(|| unknown(name))?.statement(day)
}

/// Reads a statement that somebody downloaded.
pub fn read_statement(app: &App, name: &str, file: &[u8]) -> Result<Vec<Line>, String> {
    match app.outside.gateway(name) {
        Some(gateway) => gateway.read_statement(file),
        None => Err(format!("{name} has no statement files")),
    }
}

/// How far a provider's days are ahead of UTC's.
pub fn zone(app: &App, name: &str) -> Span {
    app.outside.gateway(name).map_or(Span(0), |gateway| gateway.zone())
}

/// How long after its end a day's statement of a provider is ready.
pub fn statement_after(app: &App, name: &str) -> Span {
    app.outside.gateway(name).map_or(Span::hours(1), |gateway| gateway.statement_after())
}

/// How long an address to pay at may be used; `None` where it lives as long as the payment.
pub fn url_lives(app: &App, name: &str) -> Option<Span> {
    app.outside.gateway(name).and_then(|gateway| gateway.url_lives())
}

/// Keeps how a provider answered: its trouble, or at most once a minute that it is well.
pub fn note(app: &App, name: &str, trouble: Option<&Trouble>) -> Result<(), Failure> {
    if name == sandbox::NAME && trouble.is_none() {
        return Ok(());
    }
    app.write(|tx| {
        let now = tx.now;
        if let Some(trouble) = trouble {
            let why: String = trouble.to_string().chars().take(300).collect();
            tx.run(
                "insert into provider_health (provider, trouble_at, trouble) values ($1, $2, $3)
                 on conflict (provider) do update
                 set trouble_at = excluded.trouble_at, trouble = excluded.trouble",
                &[name.into(), now.into(), why.into()],
            )?;
            return Ok(());
        }
        tx.run(
            "insert into provider_health (provider, well_at) values ($1, $2)
             on conflict (provider) do update set well_at = excluded.well_at
             where provider_health.well_at is null or provider_health.well_at < $3",
            &[name.into(), now.into(), now.minus(Span::minutes(1)).into()],
        )?;
        Ok(())
    })
}
