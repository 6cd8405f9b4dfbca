//! What is on: every campaign somebody can take part in now, and the rules of each.

use app::campaign::{self, CampaignCard};
use app::failure::Failure;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::campaign::{Campaign, Mechanic, Status};
use domain::id::Id;
use domain::money::{Currency, Money};
use domain::rules_page::Clause;

use crate::answer::Fault;
use crate::locale::Locale;
use crate::page::{Page, render};
use crate::storefront::frame::{Frame, Here};
use crate::storefront::{clause, task};
use crate::visitor::Anyone;
use crate::{Shop, act, link};

pub use clause::worth;

#[derive(Template)]
#[template(path = "storefront/campaign/list.html")]
struct List {
    p: Frame,
    cards: Vec<Card>,
}

struct Card {
    href: String,
    rules: String,
    code: &'static str,
    mechanic: String,
    title: String,
    copy: String,
    /// Until when it is on, from when it will be, or that it rests.
    when: String,
    on: bool,
}

#[derive(Template)]
#[template(path = "storefront/campaign/rules.html")]
struct Rules {
    p: Frame,
    name: String,
    back: String,
    rules: Vec<String>,
}

/// Where a campaign of a mechanic is taken part in.
pub fn path(mechanic: Mechanic, id: Id<Campaign>) -> String {
    match mechanic {
        // On to its goods, which only it knows.
        Mechanic::GroupBuy => format!("/campaigns/{id}"),
        Mechanic::Promotion => "/discover".into(),
        Mechanic::CouponDrop => format!("/drops/{id}"),
        Mechanic::FissionCoupon => format!("/fissions/{id}"),
        Mechanic::FlashSale => format!("/flash/{id}"),
        Mechanic::Bargain => format!("/bargains/{id}"),
        Mechanic::Assist => format!("/assists/{id}"),
        Mechanic::RedPacket => format!("/packets/{id}"),
        Mechanic::Draw => format!("/draws/{id}"),
        Mechanic::InviteReward => "/invite".into(),
        Mechanic::CheckIn => "/check-in".into(),
        Mechanic::Tasks => "/tasks".into(),
        Mechanic::Guess => format!("/guesses/{id}"),
        Mechanic::Quiz => format!("/quizzes/{id}"),
        Mechanic::Gift => "/gifts".into(),
        Mechanic::PointsShop => "/points-shop".into(),
    }
}

/// The clauses of a campaign as sentences; `units` are its own and the shop's.
pub fn rules(clauses: &[Clause], units: (Currency, Currency), locale: Locale) -> Vec<String> {
    clause::sentences(clauses, units, locale)
}

fn card(page: &Page, one: &CampaignCard) -> Card {
    let when = match one.status {
        Status::Scheduled => {
            page.t1("store-campaign-from", "when", page.locale.exact_near(one.starts_at, page.now))
        }
        Status::Paused => page.t("store-campaign-paused"),
        _ => page.t1("store-campaign-until", "when", page.locale.exact_near(one.ends_at, page.now)),
    };
    Card {
        href: path(one.mechanic, one.id),
        rules: format!("/campaigns/{}/rules", one.id),
        code: one.mechanic.code(),
        mechanic: page.t(&format!("mechanic-{}", one.mechanic.code())),
        title: one.title.clone(),
        copy: one.creative.copy.clone(),
        when,
        on: one.status == Status::Running,
    }
}

/// `GET /campaigns`
pub async fn list(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
) -> Result<Response, Fault> {
    let found = act(&shop, move |app| campaign::running(app, &visitor)).await?;
    let cards = found.iter().map(|one| card(&page, one)).collect();
    let title = page.t("store-campaigns");
    let said = page.t("store-campaigns-sub");
    let p = Frame::new(page, Here::Elsewhere, &["campaign"]).titled(title).public(&said, "");
    Ok(render(&List { p, cards }))
}

fn id(text: &str) -> Result<Id<Campaign>, Failure> {
    Id::parse(text).ok_or(Failure::NotFound)
}

/// `GET /campaigns/{id}`: on to where it is taken part in.
pub async fn show(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    Path(text): Path<String>,
) -> Result<Response, Fault> {
    let id = id(&text)?;
    let to = act(&shop, move |app| {
        let (view, _) = campaign::get(app, &visitor, id)?;
        Ok(match view.card.mechanic {
            // A group buy is joined on its goods' page.
            Mechanic::GroupBuy => {
                link::product(&app::group_buy::get(app, &visitor, Id::new(id.0))?.handle)
            }
            mechanic => path(mechanic, id),
        })
    })
    .await?;
    Ok(Redirect::to(&to).into_response())
}

/// What there is to win, where the rules of the game do not say it.
fn won(page: &Page, terms: &campaign::Terms, unit: Currency) -> Vec<String> {
    let amount = |minor: i64| worth(Money::new(minor, unit), page.locale);
    match terms {
        campaign::Terms::Quiz(game) => {
            vec![page.t1("quiz-rule-reward", "price", amount(game.reward))]
        }
        campaign::Terms::Guess(game) => {
            vec![page.t1("clause-winner-gets", "amount", amount(game.reward))]
        }
        campaign::Terms::Tasks(terms) => {
            terms.list.iter().map(|one| task::rule(page, one)).collect()
        }
        _ => Vec::new(),
    }
}

/// `GET /campaigns/{id}/rules`
pub async fn show_rules(
    State(shop): State<Shop>,
    Anyone(visitor): Anyone,
    page: Page,
    Path(text): Path<String>,
) -> Result<Response, Fault> {
    let id = id(&text)?;
    let (view, clauses, units) = act(&shop, move |app| {
        let (view, clauses) = campaign::get(app, &visitor, id)?;
        Ok((view, clauses, campaign::units(app, id)?))
    })
    .await?;
    let mut rules = rules(&clauses, units, page.locale);
    rules.extend(won(&page, &view.terms, units.0));
    let title = page.t1("store-campaign-rules-of", "title", view.card.title.clone());
    let p = Frame::new(page, Here::Elsewhere, &["campaign"]).titled(title);
    let back = path(view.card.mechanic, id);
    Ok(render(&Rules { p, name: view.card.title, back, rules }))
}
