//! What each mechanic asks of its merchant, beside the frame.

use describe::ToSchema;
use domain::campaign::Mechanic;
use domain::compliance::{Figure, Text};
use domain::money::{Currency, Money};
use domain::red_packet::Split;
use domain::rules_page::{self, Clause};
use domain::{
    assist, bargain, check_in, coupon_drop, draw, fission, flash_sale, group_buy, guess, invite,
    points_shop, quiz, red_packet, task,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Offered;
use crate::failure::Failure;

/// A mechanic's own settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "mechanic", rename_all = "snake_case")]
#[schema(as = CampaignTerms)]
pub enum Terms {
    GroupBuy(group_buy::Terms),
    FlashSale(flash_sale::Terms),
    Bargain(bargain::Terms),
    Assist(assist::Terms),
    FissionCoupon(fission::Terms),
    InviteReward(invite::Terms),
    CheckIn(check_in::Terms),
    Tasks(task::Terms),
    Draw(draw::Terms),
    CouponDrop(coupon_drop::Terms),
    RedPacket(red_packet::Terms),
    Guess(guess::Game),
    Quiz(quiz::Game),
    PointsShop(points_shop::Terms),
}

/// Settings that cannot be, and which.
pub(crate) fn bad(which: impl Serialize) -> Failure {
    Failure::with("campaign.bad_terms", json!({ "which": which }))
}

impl Terms {
    pub fn mechanic(&self) -> Mechanic {
        match self {
            Terms::GroupBuy(_) => Mechanic::GroupBuy,
            Terms::FlashSale(_) => Mechanic::FlashSale,
            Terms::Bargain(_) => Mechanic::Bargain,
            Terms::Assist(_) => Mechanic::Assist,
            Terms::FissionCoupon(_) => Mechanic::FissionCoupon,
            Terms::InviteReward(_) => Mechanic::InviteReward,
            Terms::CheckIn(_) => Mechanic::CheckIn,
            Terms::Tasks(_) => Mechanic::Tasks,
            Terms::Draw(_) => Mechanic::Draw,
            Terms::CouponDrop(_) => Mechanic::CouponDrop,
            Terms::RedPacket(_) => Mechanic::RedPacket,
            Terms::Guess(_) => Mechanic::Guess,
            Terms::Quiz(_) => Mechanic::Quiz,
            Terms::PointsShop(_) => Mechanic::PointsShop,
        }
    }

    /// Whether these settings can be. Prices are judged with what is offered.
    pub(super) fn check(&self) -> Result<(), Failure> {
        match self {
            Terms::GroupBuy(terms) => Ok(terms.check().map_err(group_buy::Refusal::BadTerms)?),
            Terms::FlashSale(terms) => terms.check().map_err(bad),
            // Its cuts depend on each variant's prices too: judged with what is offered.
            Terms::Bargain(terms) => terms.check_all().map_err(bad),
            Terms::Assist(terms) => terms.check().map_err(bad),
            Terms::FissionCoupon(terms) => Ok(terms.check().map_err(fission::Refusal::BadTerms)?),
            Terms::InviteReward(terms) if terms.is_sensible() => Ok(()),
            Terms::InviteReward(_) => Err(bad("reward")),
            Terms::CheckIn(terms) => terms.check().map_err(bad),
            Terms::Tasks(terms) => terms.check().map_err(bad),
            Terms::Draw(terms) => Ok(terms.check().map_err(draw::Refusal::BadTerms)?),
            Terms::CouponDrop(terms) => {
                Ok(terms.check().map_err(coupon_drop::Refusal::BadTerms)?)
            }
            Terms::RedPacket(terms) => Ok(terms.check().map_err(red_packet::Refusal::BadTerms)?),
            Terms::Guess(game) if game.is_sensible() => Ok(()),
            Terms::Guess(_) => Err(guess::Refusal::BadTerms.into()),
            Terms::Quiz(game) => Ok(game.check().map_err(quiz::Refusal::BadTerms)?),
            Terms::PointsShop(terms) => terms.check().map_err(bad),
        }
    }

    /// What a merchant begins with; nothing for what cannot be begun here.
    pub fn usual(mechanic: Mechanic) -> Option<Terms> {
        Some(match mechanic {
            Mechanic::GroupBuy => Terms::GroupBuy(group_buy::Terms::usual()),
            Mechanic::FlashSale => Terms::FlashSale(flash_sale::Terms::usual()),
            Mechanic::Bargain => Terms::Bargain(bargain::Terms::usual()),
            Mechanic::Assist => Terms::Assist(assist::Terms::usual(1_000)),
            Mechanic::FissionCoupon => Terms::FissionCoupon(fission::Terms::usual(2_000)),
            Mechanic::InviteReward => Terms::InviteReward(invite::Terms::usual(1_000)),
            Mechanic::CheckIn => Terms::CheckIn(check_in::Terms::usual()),
            Mechanic::Tasks => Terms::Tasks(task::Terms::usual()),
            Mechanic::Draw => Terms::Draw(draw::Terms::usual("¥10", 1_000, "谢谢参与")),
            Mechanic::CouponDrop => Terms::CouponDrop(coupon_drop::Terms::usual()),
            Mechanic::RedPacket => Terms::RedPacket(red_packet::Terms::usual(10_000)),
            Mechanic::Guess => Terms::Guess(guess::Game::usual()),
            Mechanic::Quiz => Terms::Quiz(quiz::Game::usual()),
            Mechanic::PointsShop => Terms::PointsShop(points_shop::Terms { items: Vec::new() }),
            _ => return None,
        })
    }

    /// What its budget is counted in, in a shop that sells in `own`.
    pub fn unit(&self, own: Currency) -> Currency {
        match self {
            Terms::CheckIn(_) | Terms::Tasks(_) => Currency::Points,
            _ => own,
        }
    }

    /// Whether goods that cost `ordinary` alone can cost `price` in it.
    pub(super) fn check_price(&self, price: Money, ordinary: Money) -> Result<(), Failure> {
        match self {
            Terms::GroupBuy(terms) => {
                let refused = group_buy::Refusal::BadTerms;
                Ok(terms.check_price(price, ordinary).map_err(refused)?)
            }
            Terms::FlashSale(_) => flash_sale::check_price(price, ordinary).map_err(bad),
            Terms::Bargain(terms) => terms.check(ordinary, price).map_err(bad),
            // For as much money as it costs alone the points would be for nothing.
            Terms::PointsShop(_) if price.minor < ordinary.minor => Ok(()),
            _ => Err(bad("offered")),
        }
    }

    /// Whether it offers goods at a price of its own.
    pub fn offers_goods(&self) -> bool {
        match self {
            Terms::GroupBuy(_) | Terms::FlashSale(_) | Terms::Bargain(_) => true,
            Terms::PointsShop(_) => !self.goods().is_empty(),
            _ => false,
        }
    }

    /// The goods that are in the settings themselves, to be set aside like all others.
    pub(super) fn goods(&self) -> Vec<Offered> {
        let Terms::PointsShop(terms) = self else { return Vec::new() };
        let goods = |one: &points_shop::Offered| match one.gives {
            points_shop::Gives::Goods { variant } => {
                Some(Offered { variant, price: one.money.unwrap_or(0), quota: one.stock })
            }
            points_shop::Gives::Coupon { .. } => None,
        };
        terms.items.iter().filter_map(goods).collect()
    }

    /// As everybody may see it: what a game hides is not in it.
    #[must_use]
    pub fn shown(&self) -> Terms {
        match self {
            Terms::Guess(game) => Terms::Guess(game.shown()),
            Terms::Quiz(game) => Terms::Quiz(game.shown()),
            other => other.clone(),
        }
    }

    /// What its rules page says beside the frame's clauses.
    pub fn clauses(&self) -> Vec<Clause> {
        match self {
            Terms::GroupBuy(terms) => rules_page::group_buy(terms),
            Terms::FlashSale(terms) => rules_page::flash_sale(terms),
            Terms::Bargain(terms) => rules_page::bargain(terms, 0),
            Terms::Assist(terms) => rules_page::assist(terms),
            Terms::FissionCoupon(terms) => rules_page::fission(terms),
            Terms::InviteReward(terms) => rules_page::invite(terms),
            Terms::CheckIn(terms) => rules_page::check_in(terms),
            // Its page says what there is to do; a drop's coupon has its own.
            Terms::Tasks(_) | Terms::CouponDrop(_) => Vec::new(),
            // The hash of what was drawn or sealed stands on their own pages.
            Terms::Draw(terms) => rules_page::draw(&terms.prizes(), ""),
            Terms::RedPacket(terms) => rules_page::red_packet(terms, ""),
            Terms::Guess(game) => rules_page::guess(&game.rule, ""),
            Terms::Quiz(game) => rules_page::quiz(&game.rule),
            Terms::PointsShop(_) => vec![Clause::PointsShop],
        }
    }

    /// What it counts as, by the codes the rules of law name.
    pub(super) fn traits(&self) -> Vec<String> {
        match self {
            Terms::InviteReward(_) => vec!["after_purchase".into()],
            Terms::RedPacket(red_packet::Terms { split: Split::Random, .. })
            | Terms::FissionCoupon(fission::Terms { split: Split::Random, .. }) => {
                vec!["random".into()]
            }
            Terms::Draw(terms) if terms.by_order() > 0 => vec!["after_purchase".into()],
            _ => Vec::new(),
        }
    }

    /// What of it is counted and has a most.
    pub(super) fn figures(&self) -> Vec<(Figure, i64)> {
        match self {
            Terms::InviteReward(terms) => {
                vec![(Figure::InviteLevels, 1), (Figure::InvitesAMonth, terms.per_month)]
            }
            Terms::Draw(terms) => {
                let dearest = terms.prizes.iter().map(|offered| offered.prize.value).max();
                vec![(Figure::TopPrize, dearest.unwrap_or(0))]
            }
            _ => Vec::new(),
        }
    }

    /// What else it says to shoppers: held against the rules for words.
    pub(super) fn texts(&self) -> Vec<Text> {
        let text = |field: &str, text: &String| Text { field: field.into(), text: text.clone() };
        match self {
            Terms::Draw(terms) => {
                terms.prizes.iter().map(|offered| text("prize", &offered.prize.name)).collect()
            }
            Terms::Guess(game) => vec![text("what", &game.what)],
            Terms::Quiz(game) => {
                let said = |one: &quiz::Asked| {
                    let options: Vec<Text> =
                        one.options.iter().map(|option| text("option", option)).collect();
                    [vec![text("question", &one.text)], options].concat()
                };
                game.questions.iter().flat_map(said).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What is published with it, by the codes the rules of law name, beside what every rules page
    /// says.
    pub(super) fn published(&self) -> Vec<(String, String)> {
        // What the page of each draws of these very settings.
        let said: &[&str] = match self {
            Terms::Draw(_) => &[
                "prize_kinds",
                "value",
                "prize_names",
                "odds_or_count",
                "redeem_time",
                "redeem_how",
                "delivery",
                "forfeiture",
                "seed_hash",
            ],
            Terms::Bargain(_) => &["price_gap", "helpers", "ends"],
            Terms::RedPacket(_) | Terms::FissionCoupon(_) => {
                &["total", "count", "split", "expiry", "source", "cluster_limit"]
            }
            _ => &[],
        };
        said.iter().map(|code| ((*code).to_string(), "page".to_string())).collect()
    }

    /// The counters and countdowns its pages show, each with the query it comes from.
    pub(super) fn counters(&self) -> &'static [(&'static str, &'static str)] {
        match self {
            Terms::GroupBuy(_) => {
                &[("joining", "teams.confirmed"), ("countdown", "teams.deadline")]
            }
            Terms::FlashSale(_) => {
                &[("left", "campaign_stock"), ("countdown", "campaigns.ends_at")]
            }
            Terms::Bargain(_) => &[("left", "campaign_stock"), ("countdown", "bargains.ends_at")],
            Terms::Assist(_) => &[("joining", "assist_helpers"), ("countdown", "assists.ends_at")],
            Terms::FissionCoupon(_) => {
                &[("left", "fissions.taken"), ("countdown", "fissions.deadline")]
            }
            Terms::InviteReward(_) | Terms::CheckIn(_) | Terms::Tasks(_) => &[],
            Terms::Draw(_) => {
                &[("left", "draw_prizes.left_over"), ("countdown", "campaigns.ends_at")]
            }
            Terms::CouponDrop(_) => {
                &[("left", "coupon_drops.taken"), ("countdown", "campaigns.ends_at")]
            }
            Terms::RedPacket(_) => {
                &[("left", "packets.taken"), ("countdown", "packets.expires_at")]
            }
            Terms::Guess(_) => {
                &[("joining", "guess_games.guessed"), ("countdown", "campaigns.ends_at")]
            }
            Terms::Quiz(_) => &[("countdown", "quiz_attempts.ends_at")],
            Terms::PointsShop(_) => &[("left", "campaign_stock"), ("left", "points_items")],
        }
    }
}
