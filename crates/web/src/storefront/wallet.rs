//! My wallet: what is in it, where it came from and went, topping it up and taking it back.

use app::top_up::{self, NewTopUp, TopUpView};
use app::wallet::{self, EntryView, WalletView};
use app::{App, Visitor, failure::Failure};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::Id;
use domain::money::Money;
use domain::wallet::{TopUp, most_prepaid};
use serde::Deserialize;

use crate::answer::Fault;
use crate::form::{Errors, Form};
use crate::link;
use crate::locale::Price;
use crate::page::{Page, render, render_with};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::paying::{self, Way};
use crate::storefront::view::When;
use crate::storefront::{goods, onward};
use crate::visitor::SignedIn;
use crate::{Shop, act};

const HERE: &str = link::WALLET;
/// How often, and how many times, it is looked whether a top-up came.
const LOOK_AGAIN: i64 = 3;
const LOOKS: i64 = 20;
/// Entries on one page.
const MOST: i64 = 20;
/// How much is proposed to be topped up, in whole units.
const PROPOSED: [i64; 4] = [50, 100, 200, 500];

#[derive(Template)]
#[template(path = "storefront/wallet/show.html")]
struct Show {
    p: Frame,
    problem: String,
    /// What became of the top-up somebody comes back from.
    news: String,
    key: String,
    available: Price,
    parts: Vec<(String, String)>,
    entries: Vec<Entry>,
    next: String,
    /// What is proposed; nothing where topping up is not offered.
    proposed: Vec<(String, String)>,
    amount: String,
    limit: String,
    methods: Vec<Way>,
    top_ups: Vec<Charged>,
}

struct Entry {
    what: String,
    more: String,
    href: String,
    amount: String,
    out: bool,
    when: When,
}

/// A top-up that can go back, or waits to be paid.
struct Charged {
    said: String,
    when: When,
    pay: String,
    back: String,
    back_href: String,
}

/// Where in the statement one is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    before: Option<i64>,
    /// The top-up somebody comes back from, and how often it was looked whether it came.
    paid: String,
    look: i64,
}

struct Seen {
    wallet: WalletView,
    entries: Vec<EntryView>,
    top_ups: Vec<TopUpView>,
    methods: Vec<&'static str>,
}

fn see(app: &App, visitor: &Visitor, before: Option<i64>) -> Result<Seen, Failure> {
    Ok(Seen {
        wallet: wallet::mine(app, visitor)?,
        entries: wallet::statement(app, visitor, before, MOST)?,
        top_ups: top_up::list(app, visitor, 10)?,
        methods: top_up::methods(app)?,
    })
}

/// `GET /account/wallet`
pub async fn show(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let before = asked.before;
    let seen = act(&shop, move |app| see(app, &visitor, before)).await?;
    let back_from = seen.top_ups.iter().find(|one| one.id.to_string() == asked.paid);
    let news = match back_from.map(|one| one.status.as_str()) {
        Some("captured") => page.t("wallet-came"),
        Some("pending") => page.t("wallet-coming"),
        _ => String::new(),
    };
    let waits = back_from.is_some_and(|one| one.status == "pending") && asked.look < LOOKS;
    let mut drawn = draw(page, &seen, &Form::default(), String::new());
    drawn.news = news;
    let mut answer = render(&drawn);
    if waits {
        // The provider's word may take a moment longer than the buyer's way back.
        let again = link::with_query(HERE, "paid", &asked.paid);
        let again = format!("{LOOK_AGAIN};url={again}&look={}", asked.look + 1);
        if let Ok(again) = HeaderValue::from_str(&again) {
            answer.headers_mut().insert(header::REFRESH, again);
        }
    }
    Ok(answer)
}

/// `POST /account/wallet`: on to where the top-up is paid.
pub async fn top_up(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    form: Form,
) -> Result<Response, Fault> {
    let keyed = form.keyed(visitor.clone())?;
    let method = form.maybe("pay_with").map(str::to_string);
    let typed = form.maybe("other").unwrap_or(form.get("amount")).to_string();
    let begun = act(&shop, move |app| {
        let currency = wallet::mine(app, &keyed)?.available.currency;
        let bad = |_| Failure::from(domain::wallet::Refusal::BadAmount);
        let amount = Money::parse(&typed, currency).map_err(bad)?;
        top_up::begin(app, &keyed, NewTopUp { amount, method })
    });
    let failure = match begun.await {
        Ok(begun) => {
            let to = onward::top_up_way(&shop, &begun.value);
            return Ok(Redirect::to(&to).into_response());
        }
        Err(failure) => failure,
    };
    again(&shop, visitor, page, form, failure).await
}

/// `POST /account/wallet/top-ups/{id}/pay`: on to where one is paid that was begun before.
pub async fn go_on(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id: Id<TopUp> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let asker = visitor.clone();
    match act(&shop, move |app| top_up::go_on(app, &asker, id)).await {
        Ok(view) => Ok(Redirect::to(&onward::top_up_way(&shop, &view)).into_response()),
        Err(failure) => again(&shop, visitor, page, form, failure).await,
    }
}

/// `POST /account/wallet/top-ups/{id}/return`: what is left of it goes back.
pub async fn give_back(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
    page: Page,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id: Id<TopUp> = Id::parse(&id).ok_or(Failure::NotFound)?;
    let keyed = form.keyed(visitor.clone())?;
    match act(&shop, move |app| top_up::give_back(app, &keyed, id)).await {
        Ok(_) => Ok(Redirect::to(&link::with_query(HERE, "done", "saved")).into_response()),
        Err(failure) => again(&shop, visitor, page, form, failure).await,
    }
}

async fn again(
    shop: &Shop,
    visitor: Visitor,
    page: Page,
    form: Form,
    failure: Failure,
) -> Result<Response, Fault> {
    let problem = Errors::of(failure, page.locale)?.all().join(" ");
    let seen = act(shop, move |app| see(app, &visitor, None)).await?;
    let again = draw(page, &seen, &form, problem);
    Ok(render_with(StatusCode::UNPROCESSABLE_ENTITY, &again))
}

/// `GET /account/wallet/statement.csv`: everything, to be kept.
pub async fn download(
    State(shop): State<Shop>,
    SignedIn(visitor): SignedIn,
) -> Result<Response, Fault> {
    let file = act(&shop, move |app| wallet::statement_file(app, &visitor)).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"wallet.csv\""),
    ];
    Ok((headers, file).into_response())
}

fn draw(page: Page, seen: &Seen, form: &Form, problem: String) -> Show {
    let wallet = &seen.wallet;
    let currency = wallet.available.currency;
    let parts = [
        ("wallet-credit", wallet.store_credit),
        ("wallet-prepaid", wallet.prepaid),
        ("wallet-held", wallet.held),
    ];
    let parts = parts.into_iter().filter(|(id, money)| *id != "wallet-held" || !money.is_zero());
    let last = seen.entries.last().filter(|_| seen.entries.len() as i64 == MOST);
    let next = last
        .map_or(String::new(), |last| link::with_query(HERE, "before", &last.number.to_string()));
    let unit = 10_i64.pow(currency.decimals());
    let scale = if currency.decimals() == 0 { 100 } else { 1 };
    let proposed = PROPOSED.into_iter().map(|units| {
        let money = Money::new(units * unit * scale, currency);
        (money.decimal(), Price::of(money).to_string())
    });
    let waits = |one: &&TopUpView| one.status == "pending" || !one.returnable.is_zero();
    Show {
        problem,
        news: String::new(),
        key: match form.key() {
            "" => page.new_key.clone(),
            key => key.to_string(),
        },
        available: Price::of(wallet.available),
        parts: parts.map(|(id, money)| (page.t(id), Price::of(money).to_string())).collect(),
        entries: seen.entries.iter().map(|one| entry(one, &page)).collect(),
        next,
        proposed: if seen.methods.is_empty() { Vec::new() } else { proposed.collect() },
        methods: paying::of_top_up(&page, &seen.methods, form.maybe("pay_with")),
        amount: form.get("other").to_string(),
        limit: page.t1("wallet-limit", "price", Price::of(most_prepaid(currency))),
        top_ups: seen.top_ups.iter().filter(waits).map(|one| charged(one, &page)).collect(),
        p: {
            let title = page.t("wallet-mine");
            Frame::new(page, Here::Me, &["account", "checkout", "order"]).titled(title)
        },
    }
}

fn charged(one: &TopUpView, page: &Page) -> Charged {
    let back = (!one.returnable.is_zero()).then(|| Price::of(one.returnable));
    Charged {
        said: page.t1("wallet-topped-up", "price", Price::of(one.amount)),
        when: goods::when(one.created_at, page.now, page.locale),
        pay: match one.pay_url.is_empty() {
            true => String::new(),
            false => format!("{}/pay", link::top_up(one.id)),
        },
        back: back.map_or(String::new(), |price| page.t1("wallet-take-back", "price", price)),
        back_href: format!("{}/return", link::top_up(one.id)),
    }
}

fn entry(one: &EntryView, page: &Page) -> Entry {
    let what = match (one.kind.as_str(), one.amount.minor < 0) {
        ("grant", true) => page.t("wallet-kind-taken"),
        (kind, _) => page.t(&format!("wallet-kind-{}", kind.replace('_', "-"))),
    };
    let sign = if one.amount.minor > 0 { "+" } else { "−" };
    let amount = Money::new(one.amount.minor.abs(), one.amount.currency);
    Entry {
        what,
        more: match one.reason.is_empty() {
            true => page.t(&format!("wallet-purse-{}", one.purse.code().replace('_', "-"))),
            false => one.reason.clone(),
        },
        href: match one.about.as_str() {
            "order" => format!("/orders/{}", one.about_id),
            _ => String::new(),
        },
        amount: format!("{sign}{}", Price::of(amount)),
        out: one.amount.minor < 0,
        when: goods::when(one.at, page.now, page.locale),
    }
}
