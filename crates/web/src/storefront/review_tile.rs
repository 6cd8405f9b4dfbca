//! Reviews as pages show them: stars, words, pictures, and what they come to.

use app::review::{ReviewPicture, ReviewView, Said, Summary};

use crate::page::Page;
use crate::storefront::goods;
use crate::storefront::view::{Face, When};

/// A review as templates draw it.
pub struct ReviewTile {
    pub id: String,
    pub stars: Stars,
    pub face: Face,
    pub chosen: String,
    /// Plain text; its lines are kept by the style.
    pub text: String,
    pub pictures: Vec<Shot>,
    pub when: When,
    pub refunded: bool,
    pub follow_up: Option<Words>,
    pub answer: Option<Words>,
    pub helpful: i64,
    pub voted: bool,
}

/// Stars with what they mean in words.
pub struct Stars {
    pub drawn: String,
    pub said: String,
}

/// A picture of a review: small here, large behind it.
pub struct Shot {
    pub src: String,
    pub thumb: String,
    pub alt: String,
}

/// Something that was said.
pub struct Words {
    pub text: String,
    pub when: When,
}

/// What the reviews of a product come to.
pub struct Score {
    pub count: i64,
    /// `4.7`; empty while nobody said anything.
    pub mean: String,
    pub stars: Stars,
    pub bars: Vec<Bar>,
    pub hidden: i64,
    pub pictured: i64,
}

/// How many gave so many stars.
pub struct Bar {
    pub stars: i64,
    pub count: i64,
}

/// One to five stars.
pub fn stars(stars: i64, page: &Page) -> Stars {
    let full = usize::try_from(stars.clamp(0, 5)).unwrap_or(0);
    Stars {
        drawn: format!("{}{}", "★".repeat(full), "☆".repeat(5 - full)),
        said: page.n("store-review-stars", stars),
    }
}

/// What they come to, as a product page says it.
pub fn score(summary: &Summary, page: &Page) -> Score {
    let whole = summary.tenths.map_or(0, |tenths| (tenths + 5) / 10);
    let mean = summary.tenths.map_or(String::new(), goods::tenths);
    let bars = (1..=5).rev().zip(summary.stars.into_iter().rev());
    Score {
        count: summary.count,
        stars: Stars { said: page.t1("store-review-mean", "mean", &mean), ..stars(whole, page) },
        mean,
        bars: bars.map(|(stars, count)| Bar { stars, count }).collect(),
        hidden: summary.hidden,
        pictured: summary.pictured,
    }
}

/// A review, with whether the visitor found it helpful.
pub fn tile(review: &ReviewView, voted: bool, page: &Page) -> ReviewTile {
    let said = |said: &Said| Words {
        text: said.text.clone(),
        when: goods::when(said.at, page.now, page.locale),
    };
    ReviewTile {
        id: review.id.to_string(),
        stars: stars(review.stars, page),
        face: Face::of(&review.author),
        chosen: review.variant_title.clone(),
        text: review.text.clone(),
        pictures: review.pictures.iter().map(|shot| picture(shot, page)).collect(),
        when: goods::when(review.written_at, page.now, page.locale),
        refunded: review.refunded,
        follow_up: review.follow_up.as_ref().map(said),
        answer: review.answer.as_ref().map(said),
        helpful: review.helpful,
        voted,
    }
}

fn picture(picture: &ReviewPicture, page: &Page) -> Shot {
    Shot {
        src: picture.src.clone(),
        thumb: picture.thumb.clone(),
        alt: page.t("store-review-picture"),
    }
}
