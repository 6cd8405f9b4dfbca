//! Settings: where returns go, payment by hand, API tokens, and one's own way of coming in.

use app::after_sale;
use app::failure::Failure;
use app::payment::offline::{self, Terms};
use app::token::{self, NewToken, TokenView};
use app::{passkey, second_factor, session};
use askama::Template;
use axum::extract::Path;
use domain::id::Id;
use domain::person::{Scope, Token};

use super::{Answer, Desk, Frame, where_allowed};
use crate::answer::Fault;
use crate::form::Form;

#[derive(Template)]
#[template(path = "console/settings/show.html")]
struct Show {
    p: Frame,
    /// Shown once, right after it was made.
    fresh_token: String,
    tokens: Vec<TokenRow>,
    scopes: Vec<ScopeChoice>,
    token_name: String,
    /// How it stands with the reader's own second step, and where they are signed in.
    second: String,
    sessions: Vec<SessionRow>,
    /// Nothing for those who may not see it.
    return_address: Option<String>,
    offline: Option<Terms>,
}

struct TokenRow {
    name: String,
    detail: String,
    revoke: String,
}

struct ScopeChoice {
    value: &'static str,
    label: String,
    on: bool,
}

struct SessionRow {
    said: String,
    here: bool,
}

const HERE: &str = "/console/settings";

/// The page.
pub async fn show(desk: Desk) -> Answer {
    desk.show(page(&desk, &Form::default(), String::new(), String::new()).await?)
}

async fn page(
    desk: &Desk,
    form: &Form,
    fresh_token: String,
    problem: String,
) -> Result<Show, Fault> {
    let (tokens, second, keys, sessions, return_to, offline) = desk
        .act(|app, visitor| {
            let tokens = token::list(app, visitor)?;
            let second = second_factor::standing(app, visitor)?;
            let keys = passkey::list(app, visitor)?;
            let return_to = where_allowed(after_sale::return_address(app, visitor))?;
            let sessions = session::list(app, visitor)?;
            let offline = where_allowed(offline::get(app, visitor))?;
            Ok((tokens, second, keys, sessions, return_to, offline))
        })
        .await?;
    let p = match problem.is_empty() {
        true => desk.frame(HERE),
        false => desk.frame_with(HERE, problem),
    };
    let chosen = form.all("scope");
    Ok(Show {
        fresh_token,
        tokens: tokens.iter().map(|token| token_row(&p, token)).collect(),
        scopes: Scope::ALL
            .into_iter()
            .map(|scope| ScopeChoice {
                value: scope.code(),
                label: p.t(&format!("console-scope-{}", scope.code())),
                on: chosen.contains(&scope.code()),
            })
            .collect(),
        token_name: form.get("token_name").to_string(),
        second: match second.since {
            Some(since) => p.t1("console-second-since", "when", p.locale.date(since)),
            None if keys.is_empty() => p.t("console-second-none"),
            None => p.t("console-second-by-passkey"),
        },
        sessions: sessions
            .iter()
            .map(|session| SessionRow {
                said: p.t1("console-session-began", "when", p.locale.ago(session.began_at, p.now)),
                here: session.here,
            })
            .collect(),
        return_address: return_to.map(|kept| form.maybe("address").map_or(kept, str::to_string)),
        offline: offline.map(|kept| if form.maybe("days").is_some() { terms(form) } else { kept }),
        p,
    })
}

fn token_row(p: &Frame, token: &TokenView) -> TokenRow {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.code()).collect();
    let made = p.tell(
        "console-token-detail",
        &[("scopes", &scopes.join(", ")), ("when", &p.locale.ago(token.created_at, p.now))],
    );
    let used = match token.last_used_at {
        Some(at) => p.t1("console-token-used", "when", p.locale.ago(at, p.now)),
        None => p.t("console-token-unused"),
    };
    TokenRow {
        name: token.name.clone(),
        detail: format!("{} · {made} · {used}", token.hint),
        revoke: format!("{HERE}/tokens/{}/revoke", token.id),
    }
}

/// Says where goods are sent back to.
pub async fn set_return_address(desk: Desk, form: Form) -> Answer {
    let address = form.get("address").to_string();
    let kept = desk.act(move |app, visitor| {
        after_sale::set_return_address(app, visitor, &address).map(|_| ())
    });
    match kept.await {
        Ok(()) => desk.on(&format!("{HERE}#returns"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(page(&desk, &form, String::new(), problem).await?)
        }
    }
}

fn terms(form: &Form) -> Terms {
    Terms {
        active: form.is_on("active"),
        how: form.get("how").to_string(),
        how_en: form.get("how_en").to_string(),
        days: form.parse("days").unwrap_or(0),
    }
}

/// Says how to pay without a provider.
pub async fn set_offline(desk: Desk, form: Form) -> Answer {
    let terms = terms(&form);
    match desk.act(move |app, visitor| offline::set(app, visitor, terms)).await {
        Ok(_) => desk.on(&format!("{HERE}#offline"), "saved"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(page(&desk, &form, String::new(), problem).await?)
        }
    }
}

/// Makes a token, which is shown this once.
pub async fn make_token(desk: Desk, form: Form) -> Answer {
    let new = NewToken {
        name: form.get("token_name").to_string(),
        scopes: form.all("scope").into_iter().filter_map(Scope::parse).collect(),
    };
    match desk.act(move |app, visitor| token::make(app, visitor, new)).await {
        // No redirect here: an address is no place for a secret.
        Ok(made) => {
            let page = page(&desk, &Form::default(), made.token, String::new()).await?;
            desk.show(page)
        }
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(page(&desk, &form, String::new(), problem).await?)
        }
    }
}

/// Makes a token useless.
pub async fn revoke_token(desk: Desk, Path(id): Path<String>) -> Answer {
    let id: Id<Token> = Id::parse(&id).ok_or(Failure::NotFound)?;
    desk.act(move |app, visitor| token::revoke(app, visitor, id)).await?;
    desk.on(HERE, "token-revoked")
}
