//! Setting up the second step of signing in, and taking it back.

use app::failure::Failure;
use app::passkey::{self, Passkey, PasskeyView};
use app::second_factor::{self, Begun};
use app::session;
use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use domain::id::Id;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use super::{Answer, Desk, Frame};
use crate::Shop;
use crate::answer::Fault;
use crate::form::Form;
use crate::link::SECOND_FACTOR as HERE;

/// The routes of the second step.
pub fn routes() -> Router<Shop> {
    Router::new()
        .route("/console/second-factor", get(show).post(begin))
        .route("/console/second-factor/confirm", post(confirm))
        .route("/console/second-factor/end", post(end))
        .route("/console/second-factor/passkeys/{id}/removal", post(remove_passkey))
        .route("/console/sessions/end-others", post(end_others))
}

/// The page it belongs to in the rail.
const SETTINGS: &str = "/console/settings";

#[derive(Template)]
#[template(path = "console/session/second_factor.html")]
struct Show {
    p: Frame,
    /// Since when it is asked for; empty when it is not.
    since: String,
    recovery_left: i64,
    /// Nothing else may be done before it is set up.
    owed: bool,
    /// Drawn for the phone, with the same in letters.
    picture: String,
    secret: String,
    /// Shown once.
    codes: Vec<String>,
    passkeys: Vec<PasskeyRow>,
    /// Where browsers keep passkeys for this shop; empty where they cannot.
    passkey_origin: String,
}

struct PasskeyRow {
    id: String,
    name: String,
    said: String,
}

#[derive(Default)]
struct Shown {
    begun: Option<Begun>,
    codes: Vec<String>,
    problem: String,
}

/// How it stands.
pub async fn show(desk: Desk) -> Answer {
    desk.show(page(&desk, Shown::default()).await?)
}

async fn page(desk: &Desk, shown: Shown) -> Result<Show, Fault> {
    let (standing, keys, origin) = desk
        .act(|app, visitor| {
            let standing = second_factor::standing(app, visitor)?;
            Ok((standing, passkey::list(app, visitor)?, passkey::origin(&app.config)))
        })
        .await?;
    let p = match shown.problem.is_empty() {
        true => desk.frame(SETTINGS),
        false => desk.frame_with(SETTINGS, shown.problem),
    };
    Ok(Show {
        since: standing.since.map_or(String::new(), |since| p.locale.date(since)),
        recovery_left: standing.recovery_left,
        owed: desk.visitor().owes_second_factor && standing.since.is_none() && keys.is_empty(),
        picture: shown.begun.as_ref().map_or(String::new(), |begun| drawn(&begun.uri)),
        secret: shown.begun.map_or(String::new(), |begun| in_fours(&begun.secret)),
        codes: shown.codes,
        passkeys: keys.iter().map(|key| row(&p, key)).collect(),
        passkey_origin: origin.unwrap_or_default(),
        p,
    })
}

fn row(p: &Frame, key: &PasskeyView) -> PasskeyRow {
    let made = p.t1("console-passkey-made", "when", p.locale.date(key.created_at));
    let used = match key.last_used_at {
        Some(at) => p.t1("console-passkey-used", "when", p.locale.ago(at, p.now)),
        None => p.t("console-passkey-unused"),
    };
    PasskeyRow { id: key.id.to_string(), name: key.name.clone(), said: format!("{made} · {used}") }
}

/// Takes a passkey away.
pub async fn remove_passkey(desk: Desk, Path(id): Path<Id<Passkey>>) -> Answer {
    desk.act(move |app, visitor| passkey::remove(app, visitor, id)).await?;
    desk.on(&format!("{HERE}#passkeys"), "passkey-removed")
}

/// A picture for the phone. It goes into the page itself: no address may carry the secret.
fn drawn(uri: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(uri.as_bytes(), EcLevel::M) else {
        return String::new();
    };
    let drawn = code.render::<svg::Color>().min_dimensions(200, 200).build();
    drawn.find("<svg").map_or(String::new(), |start| drawn[start..].to_string())
}

fn in_fours(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let fours: Vec<String> = letters.chunks(4).map(|four| four.iter().collect()).collect();
    fours.join(" ")
}

/// A new secret. No redirect here: an address is no place for it.
pub async fn begin(desk: Desk) -> Answer {
    let begun = Some(desk.act(second_factor::begin).await?);
    desk.show(page(&desk, Shown { begun, ..Shown::default() }).await?)
}

/// The app has it: the codes to write down are shown this once.
pub async fn confirm(desk: Desk, form: Form) -> Answer {
    let code = form.get("code").to_string();
    match desk.act(move |app, visitor| second_factor::confirm(app, visitor, &code)).await {
        Ok(codes) => desk.show(page(&desk, Shown { codes, ..Shown::default() }).await?),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            let begun = desk.act(second_factor::begun).await?;
            desk.show_again(page(&desk, Shown { begun, problem, ..Shown::default() }).await?)
        }
    }
}

/// It is asked for no more.
pub async fn end(desk: Desk, form: Form) -> Answer {
    let code = form.get("code").to_string();
    match desk.act(move |app, visitor| second_factor::end(app, visitor, &code)).await {
        Ok(()) => desk.on(HERE, "second-off"),
        Err(failure) => {
            let problem = desk.complaint(failure)?;
            desk.show_again(page(&desk, Shown { problem, ..Shown::default() }).await?)
        }
    }
}

/// Ends the sessions in other browsers.
pub async fn end_others(desk: Desk) -> Answer {
    let ended: u64 = desk.act(session::sign_out_elsewhere).await?;
    let ended = i64::try_from(ended).map_err(Failure::broken)?;
    desk.on_with(&format!("{SETTINGS}#security"), "others-ended", ended)
}
