//! Reviews as staff have them: answered, and hidden for a ground that is told. Nobody deletes one.

use describe::ToSchema;
use domain::event::Fact;
use domain::id::Id;
use domain::moment::Moment;
use domain::order::Order;
use domain::person::{Permission, Person};
use domain::review::{self as rules, Ground, Refusal, Review, Ruling};
use domain::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{HiddenView, ReviewView, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, notice, staff_act};

/// The most characters of a reason.
const LONGEST_REASON: usize = 500;

/// A review as staff see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DeskReview {
    pub review: ReviewView,
    pub order: Id<Order>,
    pub person: Id<Person>,
    /// In full.
    pub name: String,
    pub hidden: Option<HiddenView>,
}

/// A review with everything that was ruled about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DeskReviewDetail {
    pub review: DeskReview,
    pub rulings: Vec<RulingView>,
}

/// An act of moderation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReviewRuling)]
pub struct RulingView {
    pub id: Id<Ruling>,
    /// Whether it hid the review; otherwise it showed it again.
    pub hides: bool,
    pub ground: Option<Ground>,
    pub law: String,
    pub reason: String,
    pub actor: String,
    pub at: Moment,
}

/// Which reviews staff look for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskLook {
    /// Only those nobody answered.
    pub unanswered: bool,
    /// Only those that are hidden.
    pub hidden: bool,
    pub stars: Option<i64>,
    pub before: Option<Id<Review>>,
    pub limit: i64,
}

/// How many wait for an answer, are hidden, and are there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReviewCounts)]
pub struct Counts {
    pub all: i64,
    pub unanswered: i64,
    pub hidden: i64,
}

/// What the shop says to a review.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AnswerReview)]
pub struct Answer {
    pub text: String,
}

/// Why a review shall be hidden.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = HideReview)]
pub struct Hide {
    pub ground: Ground,
    /// What exactly, in words its author is told.
    pub reason: String,
}

/// Why a review shall be shown again.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = ShowReview)]
pub struct Show {
    #[serde(default)]
    pub reason: String,
}

/// Reviews of every product, the newest first.
pub fn list(app: &App, visitor: &Visitor, look: &DeskLook) -> Result<Vec<DeskReview>, Failure> {
    visitor.staff_reader(Permission::Reviews)?;
    app.read(|tx| {
        let kept = store::for_desk(tx, look)?;
        Ok(kept.into_iter().map(super::Kept::desk).collect())
    })
}

/// How many there are.
pub fn counts(app: &App, visitor: &Visitor) -> Result<Counts, Failure> {
    visitor.staff_reader(Permission::Reviews)?;
    app.read(store::counts)
}

/// A review with its rulings.
pub fn get(app: &App, visitor: &Visitor, id: Id<Review>) -> Result<DeskReviewDetail, Failure> {
    visitor.staff_reader(Permission::Reviews)?;
    app.read(|tx| detail(tx, id))
}

fn detail(tx: &mut Tx, id: Id<Review>) -> Result<DeskReviewDetail, Failure> {
    let review = store::find(tx, id)?.desk();
    Ok(DeskReviewDetail { review, rulings: store::rulings(tx, id)? })
}

/// Answers a review, or puts the answer differently. The author is told the first time.
pub fn answer(
    app: &App,
    visitor: &Visitor,
    id: Id<Review>,
    answer: &Answer,
) -> Result<DeskReviewDetail, Failure> {
    let actor = visitor.staff(Permission::Reviews)?;
    let text = rules::clean_answer(&answer.text)?;
    app.act(visitor, "review.answer", |tx| {
        let head = store::lock(tx, id)?;
        if head.hidden.is_some() {
            return Err(Refusal::Hidden.into());
        }
        let before = store::find(tx, id)?.view;
        if before.answer.as_ref().is_some_and(|said| said.text == text) {
            return detail(tx, id);
        }
        store::answer(tx, id, actor, &text)?;
        staff_act::record(tx, actor, "review.answer", ("review", id.0), &text)?;
        if before.answer.is_none() {
            let args = json!({ "product": before.title });
            notice::tell(tx, head.person, "review_answered", "review", id.0, args)?;
        }
        let seq = head.version + 1;
        tx.tell(Fact::ReviewAnswered { review: id, product: head.product, seq })?;
        detail(tx, id)
    })
}

/// Hides a review: it is counted as hidden, shown to its author and to staff alone, and kept.
pub fn hide(
    app: &App,
    visitor: &Visitor,
    id: Id<Review>,
    hide: &Hide,
) -> Result<DeskReviewDetail, Failure> {
    let actor = visitor.staff(Permission::Reviews)?;
    let reason = checked(&hide.reason)?;
    if reason.is_empty() {
        return Err(Refusal::NoReason.into());
    }
    app.act(visitor, "review.hide", |tx| {
        let head = store::lock(tx, id)?;
        if head.hidden.is_some() {
            return Err(Refusal::Nothing.into());
        }
        let ruling = store::rule(tx, &head, Some(hide.ground), &reason, actor)?;
        store::set_hidden(tx, id, Some(ruling))?;
        store::count_hidden(tx, &head, true)?;
        let detail_text = serde_json::to_string(hide)?;
        staff_act::record(tx, actor, "review.hide", ("review", id.0), &detail_text)?;
        tell_author(tx, id, "review_hidden", &reason)?;
        let seq = head.version + 1;
        tx.tell(Fact::ReviewHidden { review: id, product: head.product, seq })?;
        detail(tx, id)
    })
}

/// Shows a hidden review again.
pub fn show(
    app: &App,
    visitor: &Visitor,
    id: Id<Review>,
    show: &Show,
) -> Result<DeskReviewDetail, Failure> {
    let actor = visitor.staff(Permission::Reviews)?;
    let reason = checked(&show.reason)?;
    app.act(visitor, "review.show", |tx| {
        let head = store::lock(tx, id)?;
        if head.hidden.is_none() {
            return Err(Refusal::Nothing.into());
        }
        store::rule(tx, &head, None, &reason, actor)?;
        store::set_hidden(tx, id, None)?;
        store::count_hidden(tx, &head, false)?;
        staff_act::record(tx, actor, "review.show", ("review", id.0), &reason)?;
        tell_author(tx, id, "review_shown", &reason)?;
        let seq = head.version + 1;
        tx.tell(Fact::ReviewShown { review: id, product: head.product, seq })?;
        detail(tx, id)
    })
}

fn checked(reason: &str) -> Result<String, Failure> {
    let reason = one_line(reason);
    let fits = reason.chars().count() <= LONGEST_REASON;
    if fits { Ok(reason) } else { Err(Refusal::NoReason.into()) }
}

fn tell_author(tx: &mut Tx, id: Id<Review>, kind: &str, reason: &str) -> Result<(), Failure> {
    let kept = store::find(tx, id)?;
    let args = json!({ "product": kept.view.title, "reason": reason });
    notice::tell(tx, kept.person, kind, "review", id.0, args)
}

impl super::Kept {
    fn desk(self) -> DeskReview {
        let (order, person, name) = (self.order, self.person, self.name);
        DeskReview { review: self.view, order, person, name, hidden: self.hidden }
    }
}
