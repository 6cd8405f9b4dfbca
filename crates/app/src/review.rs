//! Reviews as their authors and readers have them: written once, never deleted, counted exactly.

use describe::ToSchema;
use domain::catalog::Product;
use domain::event::Fact;
use domain::id::Id;
use domain::moment::Moment;
use domain::order::{self as orders, Order};
use domain::review::{self as rules, Bought, Ground, Refusal, Review, Sort};
use serde::{Deserialize, Serialize};

use crate::db::Tx;
use crate::failure::Failure;
use crate::file::{self, picture};
use crate::{App, Visitor, order};

pub mod desk;
mod store;

/// A picture of a review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReviewPicture {
    /// Where it is shown from, up to 1,200 pixels wide.
    pub src: String,
    /// The same, up to 480 pixels.
    pub thumb: String,
    pub width: i64,
    pub height: i64,
    /// The average colour: `#e8e2d6`.
    pub color: String,
}

/// What was said, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Said {
    pub text: String,
    pub at: Moment,
}

/// A review as everybody sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReviewView {
    pub id: Id<Review>,
    pub product: Id<Product>,
    pub handle: String,
    /// What was bought, as it was called then.
    pub title: String,
    pub variant_title: String,
    /// 1 to 5.
    pub stars: i64,
    /// Plain text, at most 2,000 characters; may be empty.
    pub text: String,
    pub pictures: Vec<ReviewPicture>,
    /// Masked, as others see it.
    pub author: String,
    pub written_at: Moment,
    /// What its author added later.
    pub follow_up: Option<Said>,
    /// What the shop says to it.
    pub answer: Option<Said>,
    /// How many people found it helpful.
    pub helpful: i64,
    /// The money went back since.
    pub refunded: bool,
    /// Grows with each change.
    pub version: i64,
}

/// Why a review is hidden.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReviewHidden)]
pub struct HiddenView {
    pub ground: Ground,
    /// The law it rests on.
    pub law: String,
    pub reason: String,
    pub at: Moment,
}

/// A review as its author sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MyReview {
    pub review: ReviewView,
    pub order: Id<Order>,
    pub line: Id<orders::Line>,
    pub hidden: Option<HiddenView>,
    pub may_follow_up: bool,
}

/// What the reviews of a product come to. Every review that is shown counts the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReviewSummary)]
pub struct Summary {
    /// How many are shown.
    pub count: i64,
    /// The mean of their stars in tenths, rounded half up: 47 is 4.7. None where there are none.
    pub tenths: Option<i64>,
    /// How many gave 1, 2, 3, 4 and 5 stars.
    pub stars: [i64; 5],
    /// How many have pictures.
    pub pictured: i64,
    /// How many are hidden, and counted nowhere else.
    pub hidden: i64,
}

impl Summary {
    fn of(stars: [i64; 5], pictured: i64, hidden: i64) -> Summary {
        let count = stars.iter().sum();
        Summary { count, tenths: rules::score(stars), stars, pictured, hidden }
    }
}

/// A line of an order, and whether it can be reviewed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Reviewable {
    pub line: Id<orders::Line>,
    pub order: Id<Order>,
    pub title: String,
    pub variant_title: String,
    pub picture: String,
    /// Its review, when there is one.
    pub review: Option<Id<Review>>,
    pub may_write: bool,
}

/// Which reviews of a product, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Look {
    pub sort: Sort,
    /// Only those with so many stars.
    pub stars: Option<i64>,
    /// Only those with pictures.
    pub pictured: bool,
    /// Those that follow this one.
    pub after: Option<Id<Review>>,
    pub limit: i64,
}

/// A review to be written.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = WriteReview)]
pub struct Write {
    pub line: Id<orders::Line>,
    /// 1 to 5.
    pub stars: i64,
    #[serde(default)]
    pub text: String,
}

/// What an author adds to a review.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = FollowUpReview)]
pub struct FollowUp {
    pub text: String,
}

/// What the reviews of a product come to.
pub(crate) fn summary(tx: &mut Tx, product: Id<Product>) -> Result<Summary, Failure> {
    Ok(store::sums(tx, &[product])?.pop().map(|(_, sums)| sums).unwrap_or_default())
}

/// The same of several products; those nobody reviewed are left out.
pub(crate) fn summaries(
    tx: &mut Tx,
    products: &[Id<Product>],
) -> Result<Vec<(Id<Product>, Summary)>, Failure> {
    store::sums(tx, products)
}

/// Reviews of a product that everybody may read.
pub(crate) fn shown(
    tx: &mut Tx,
    product: Id<Product>,
    look: &Look,
) -> Result<Vec<ReviewView>, Failure> {
    if let Some(stars) = look.stars {
        rules::check_stars(stars)?;
    }
    let kept = store::of_product(tx, product, look)?;
    Ok(kept.into_iter().map(|kept| kept.view).collect())
}

/// A review, for whoever may read it: everybody while it is shown, its author, staff.
pub fn get(app: &App, visitor: &Visitor, id: Id<Review>) -> Result<ReviewView, Failure> {
    let kept = app.read(|tx| store::find(tx, id))?;
    let reader = visitor.reader().ok();
    let staff = visitor.staff_reader(domain::person::Permission::Reviews).is_ok();
    planted!("hidden_readable", return Ok(kept.view));
    if kept.hidden.is_none() || reader == Some(kept.person) || staff {
        Ok(kept.view)
    } else {
        Err(Failure::NotFound)
    }
}

/// The visitor's reviews, the newest first, before `before`.
pub fn mine(
    app: &App,
    visitor: &Visitor,
    before: Option<Id<Review>>,
    limit: i64,
) -> Result<Vec<MyReview>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| {
        let now = tx.now;
        let kept = store::of_person(tx, person, before, limit)?;
        Ok(kept.into_iter().map(|kept| kept.mine(now)).collect())
    })
}

/// A review of the visitor's; anybody else's is not found.
pub fn my(app: &App, visitor: &Visitor, id: Id<Review>) -> Result<MyReview, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| my_in(tx, person, id))
}

fn my_in(
    tx: &mut Tx,
    person: Id<domain::person::Person>,
    id: Id<Review>,
) -> Result<MyReview, Failure> {
    let now = tx.now;
    let kept = store::find(tx, id)?;
    if kept.person == person { Ok(kept.mine(now)) } else { Err(Failure::NotFound) }
}

/// The lines of an order of the visitor's, each with what can be done about its review.
pub fn of_order(
    app: &App,
    visitor: &Visitor,
    order: Id<Order>,
) -> Result<Vec<Reviewable>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| {
        let found = order::find(tx, order)?;
        if found.person != person {
            return Err(Failure::NotFound);
        }
        let now = tx.now;
        let lines = store::lines_of_order(tx, order)?;
        Ok(lines.into_iter().map(|line| line.reviewable(now)).collect())
    })
}

/// What the visitor received lately and has not reviewed, the last received first.
pub fn to_write(app: &App, visitor: &Visitor, limit: i64) -> Result<Vec<Reviewable>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| {
        let now = tx.now;
        let lines = store::lines_to_write(tx, person, limit)?;
        let lines = lines.into_iter().map(|line| line.reviewable(now));
        Ok(lines.filter(|line| line.may_write).collect())
    })
}

/// Writes the review of a line that was received, with its pictures.
pub fn write(
    app: &App,
    visitor: &Visitor,
    write: Write,
    pictures: &[Vec<u8>],
) -> Result<MyReview, Failure> {
    let person = visitor.shopper()?;
    let (stars, text) = (rules::check_stars(write.stars)?, rules::clean(&write.text)?);
    if pictures.len() > rules::MOST_PICTURES {
        return Err(Refusal::TooManyPictures.into());
    }
    // Before the transaction: nobody waits for the database while pictures are drawn.
    let pictures: Vec<picture::Prepared> =
        pictures.iter().map(|bytes| picture::prepare(bytes)).collect::<Result<_, _>>()?;
    app.act(visitor, "review.write", |tx| {
        let order = store::order_of_line(tx, write.line)?;
        // Held, so that its money does not go back meanwhile.
        let found = order::find_to_change(tx, order)?;
        planted!("review_of_any_line", {
            let id = store::add_for(tx, write.line, person, stars, &text)?;
            return my_in(tx, person, id);
        });
        if found.person != person {
            return Err(Failure::NotFound);
        }
        let line = store::line(tx, write.line)?;
        rules::may_write(line.bought, tx.now)?;
        let id: Id<Review> = tx.id();
        // The row count decides: a line has one review.
        if !store::add(tx, id, &line, person, (stars, &text))? {
            return Err(Refusal::Written.into());
        }
        store::count(tx, line.product, stars, 1)?;
        for picture in &pictures {
            keep_picture(tx, id, picture)?;
        }
        tx.tell(Fact::ReviewWritten { review: id, product: line.product, seq: 1 })?;
        my_in(tx, person, id)
    })
}

/// Keeps a picture with a review; the same one twice is one.
fn keep_picture(tx: &mut Tx, id: Id<Review>, prepared: &picture::Prepared) -> Result<(), Failure> {
    let large = file::put(tx, prepared.mime, &prepared.large)?;
    let small = file::put(tx, prepared.mime, &prepared.small)?;
    if store::has_picture(tx, id, &large)? {
        return Ok(());
    }
    let head = store::lock(tx, id)?;
    if !store::add_picture(tx, &head, prepared, (&large, &small))? {
        return Err(Refusal::TooManyPictures.into());
    }
    if head.pictures == 0 {
        store::count_pictured(tx, head.product, 1)?;
    }
    Ok(())
}

/// Adds a picture to a review of the visitor's, within an hour of its writing.
pub fn add_picture(
    app: &App,
    visitor: &Visitor,
    id: Id<Review>,
    bytes: &[u8],
) -> Result<MyReview, Failure> {
    let person = visitor.shopper()?;
    let head = app.read(|tx| store::lock(tx, id))?;
    if head.person != person {
        return Err(Failure::NotFound);
    }
    let prepared = picture::prepare(bytes)?;
    app.write_for(visitor, |tx| {
        tx.shows();
        let head = store::lock(tx, id)?;
        if head.hidden.is_some() {
            return Err(Refusal::Hidden.into());
        }
        if tx.now > head.written_at.plus(rules::PICTURE_WINDOW) {
            return Err(Refusal::TooLate.into());
        }
        keep_picture(tx, id, &prepared)?;
        my_in(tx, person, id)
    })
}

/// Adds the one thing an author may add later.
pub fn follow_up(
    app: &App,
    visitor: &Visitor,
    id: Id<Review>,
    said: &FollowUp,
) -> Result<MyReview, Failure> {
    let person = visitor.shopper()?;
    let text = rules::clean_said(&said.text)?;
    app.act(visitor, "review.follow_up", |tx| {
        let head = store::lock(tx, id)?;
        if head.person != person {
            return Err(Failure::NotFound);
        }
        rules::may_follow_up(head.written_at, head.followed_up, head.hidden.is_some(), tx.now)?;
        store::follow_up(tx, id, &text)?;
        let seq = head.version + 1;
        tx.tell(Fact::ReviewFollowedUp { review: id, product: head.product, seq })?;
        my_in(tx, person, id)
    })
}

/// Whether a review helps.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ReviewVote)]
pub struct Vote {
    pub helpful: bool,
}

/// Says that somebody else's review helps, or takes that back. Said twice it counts once.
pub fn vote(
    app: &App,
    visitor: &Visitor,
    id: Id<Review>,
    vote: Vote,
) -> Result<ReviewView, Failure> {
    let person = visitor.shopper()?;
    app.write_for(visitor, |tx| {
        let head = store::lock(tx, id)?;
        if head.person == person {
            return Err(Refusal::OwnReview.into());
        }
        if head.hidden.is_some() {
            return Err(Failure::NotFound);
        }
        if store::vote(tx, id, person, vote.helpful)? {
            tx.shows();
        }
        Ok(store::find(tx, id)?.view)
    })
}

/// Which of these the visitor found helpful; none for a guest.
pub fn voted(
    app: &App,
    visitor: &Visitor,
    reviews: &[Id<Review>],
) -> Result<Vec<Id<Review>>, Failure> {
    match visitor.reader() {
        Ok(person) if !reviews.is_empty() => app.read(|tx| store::voted(tx, person, reviews)),
        _ => Ok(Vec::new()),
    }
}

/// A review with what only its author and staff see.
struct Kept {
    view: ReviewView,
    person: Id<domain::person::Person>,
    name: String,
    order: Id<Order>,
    line: Id<orders::Line>,
    hidden: Option<HiddenView>,
}

impl Kept {
    fn mine(self, now: Moment) -> MyReview {
        let (view, hidden) = (self.view, self.hidden);
        let (followed_up, is_hidden) = (view.follow_up.is_some(), hidden.is_some());
        let may = rules::may_follow_up(view.written_at, followed_up, is_hidden, now);
        let (order, line) = (self.order, self.line);
        MyReview { review: view, order, line, hidden, may_follow_up: may.is_ok() }
    }
}

/// A line of an order with what decides about its review.
struct Line {
    id: Id<orders::Line>,
    order: Id<Order>,
    product: Id<Product>,
    title: String,
    variant_title: String,
    picture: String,
    review: Option<Id<Review>>,
    bought: Bought,
}

impl Line {
    fn reviewable(self, now: Moment) -> Reviewable {
        Reviewable {
            line: self.id,
            order: self.order,
            title: self.title,
            variant_title: self.variant_title,
            picture: self.picture,
            review: self.review,
            may_write: rules::may_write(self.bought, now).is_ok(),
        }
    }
}
