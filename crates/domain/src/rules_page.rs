//! What the rules page of a campaign says: one clause for each thing that is enforced, made from
//! the settings that enforce it, so that the page and the program cannot part (RULES CN-PRO-02,
//! 13, 15).
//!
//! A clause is a fact with its figures; its words are in each language's texts. Group buys have
//! theirs beside their rules (`group_buy::rules`), and they are told as those.

use crate::assist;
use crate::bargain;
use crate::campaign::audience::Audience;
use crate::campaign::limit::Limits;
use crate::campaign::{Campaign, Channel};
use crate::check_in;
use crate::coupon::{self, Life, Stacks, Template};
use crate::draw;
use crate::fission::{self, Starts, Takers};
use crate::flash_sale;
use crate::group_buy;
use crate::guess;
use crate::invite;
use crate::moment::{Moment, Span};
use crate::money::Money;
use crate::promotion::{Off, Part};
use crate::quiz;
use crate::red_packet::{self, Split};

/// One thing a campaign's rules page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clause {
    // The frame.
    Runs {
        from: Moment,
        until: Moment,
    },
    For(Audience),
    PerPerson(i64),
    PerCluster(i64),
    PerDay(i64),
    InAll(i64),
    /// What can be given away at the very most.
    Budget(Money),
    /// With what its price does not go together.
    NoPromotions,
    NoCoupons,
    NoPoints,
    /// Sharing there is not rewarded.
    NotRewardedIn(Channel),
    // Coupons.
    /// So many in all, for whoever takes one first.
    Coupons(i64),
    TakesOff(Off),
    TakesOffFreight(Option<i64>),
    Gives(Part),
    FromAmount(i64),
    StandsAlone,
    UsableBetween {
        from: Moment,
        until: Moment,
    },
    UsableFor(Span),
    ComesBackOnRefund,
    GoneOnRefund,
    // Group buys.
    Together(group_buy::Clause),
    // Bargains.
    Cuts {
        at_most: i64,
        whole: i64,
    },
    OwnCut,
    NewHelpersCut(i64),
    HelperLimits {
        in_all: i64,
        a_day: i64,
    },
    AnyPrice,
    FloorOnly,
    PayWithin(Span),
    Lives(Span),
    OneOrder,
    // Assists.
    Unlocks {
        helpers: i64,
        reward: i64,
    },
    Helpers(assist::WhoHelps),
    Counts(assist::Event),
    HelperGets {
        reward: i64,
        on: assist::Event,
    },
    HelpsAtMost(i64),
    // Packets.
    Packet {
        total: i64,
        count: i64,
        split: Split,
    },
    LeastPart(i64),
    /// Who starts one, whether that takes a part, who else does and how many, and how parts are
    /// used.
    StartsFission(Starts),
    OwnPart(bool),
    TakesPart(Takers),
    FriendsParts(i64),
    PartIsCoupon,
    RestGoesBack,
    NoCash,
    // Draws.
    Prize {
        name: String,
        count: Option<i64>,
        value: i64,
        millionths: u64,
    },
    GoneFallsToLast,
    SeedHash(String),
    // Flash sales.
    Slot {
        from: Span,
        until: Span,
    },
    Quantities {
        per_order: i64,
        per_person: i64,
    },
    FirstComeFirstServed,
    // Invitations.
    InviteReward {
        inviter: i64,
        friend: i64,
    },
    RewardedAMonth(i64),
    FirstOrderWithin(Span),
    FirstOrderFrom(i64),
    WhenKept,
    OneLevel,
    // Games.
    DayPoints(Vec<i64>),
    StreakBonus {
        streak: i64,
        points: i64,
    },
    Guesses(i64),
    NearestWin {
        winners: i64,
        within: Option<i64>,
    },
    EarlierWins,
    Sealed(String),
    Questions {
        asked: i64,
        pass: i64,
        time: Span,
    },
    TriesADay(i64),
    /// What points are good for in a points shop, and what is given back.
    PointsShop,
}

use Clause::*;

fn when<T>(is: bool, clause: impl FnOnce() -> T) -> Option<T> {
    is.then(clause)
}

/// What holds for every campaign.
pub fn frame(campaign: &Campaign) -> Vec<Clause> {
    let frame = &campaign.frame;
    let combines = frame.combines;
    let mut clauses = vec![
        Runs { from: campaign.starts_at, until: campaign.ends_at },
        For(frame.audience.clone()),
    ];
    if frame.limits != Limits::OPEN {
        clauses.push(PerPerson(frame.limits.per_person));
        clauses.push(PerCluster(frame.limits.per_cluster));
    }
    clauses.extend(frame.limits.per_day.map(PerDay));
    clauses.extend(frame.limits.total.map(InAll));
    clauses.extend(frame.budget.map(Budget));
    clauses.extend(when(!combines.promotions, || NoPromotions));
    clauses.extend(when(!combines.coupons, || NoCoupons));
    clauses.extend(when(!combines.points, || NoPoints));
    if campaign.mechanic.rewards_sharing() {
        let silent =
            Channel::ALL.iter().filter(|one| one.is_app() && !campaign.rewards_share_by(**one));
        clauses.extend(silent.map(|one| NotRewardedIn(*one)));
    }
    clauses
}

/// What a coupon says of itself.
pub fn coupon(template: &Template) -> Vec<Clause> {
    let gives = match template.gives {
        coupon::Gives::Goods { off } => TakesOff(off),
        coupon::Gives::Shipping { most } => TakesOffFreight(most),
        coupon::Gives::Gift { part } => Gives(part),
    };
    let life = match template.life {
        Life::Dates { from, until } => UsableBetween { from, until },
        Life::After { span } => UsableFor(span),
    };
    let mut clauses = vec![gives];
    clauses.extend(when(template.threshold > 0, || FromAmount(template.threshold)));
    clauses.extend(when(template.stacks == Stacks::Alone, || StandsAlone));
    clauses.push(life);
    clauses.push(PerPerson(template.per_person));
    clauses.push(PerCluster(template.per_cluster));
    clauses.extend(template.total.map(InAll));
    clauses.push(if template.back_on_refund { ComesBackOnRefund } else { GoneOnRefund });
    clauses
}

/// Coupons that are dropped: who may take how many is the campaign's to say.
pub fn coupon_drop(count: i64, template: &Template) -> Vec<Clause> {
    let own = coupon(template).into_iter();
    let own = own.filter(|clause| !matches!(clause, PerPerson(_) | PerCluster(_) | InAll(_)));
    [Coupons(count)].into_iter().chain(own).collect()
}

/// A group buy; with what it goes together says the frame.
pub fn group_buy(terms: &group_buy::Terms) -> Vec<Clause> {
    let told = group_buy::rules(terms).into_iter();
    told.filter(|one| *one != group_buy::Clause::NoCoupons).map(Together).collect()
}

/// A bargain over `gap` minor units.
pub fn bargain(terms: &bargain::Terms, gap: i64) -> Vec<Clause> {
    let mut clauses = vec![Cuts { at_most: terms.cuts, whole: gap }];
    clauses.extend(when(terms.own_first, || OwnCut));
    clauses.extend(when(terms.new_takes > 1, || NewHelpersCut(terms.new_takes)));
    clauses.push(HelperLimits { in_all: terms.per_helper, a_day: terms.per_helper_day });
    clauses.push(if terms.any_price { AnyPrice } else { FloorOnly });
    clauses.extend([Lives(terms.life), PayWithin(terms.pay_window), OneOrder]);
    clauses
}

pub fn assist(terms: &assist::Terms) -> Vec<Clause> {
    let steps = terms.steps.iter();
    let mut clauses: Vec<Clause> =
        steps.map(|step| Unlocks { helpers: step.need, reward: step.reward }).collect();
    clauses.extend([Helpers(terms.who), Counts(terms.counts_on)]);
    let (reward, on) = (terms.helper_reward, terms.helper_on);
    clauses.extend(when(reward > 0, || HelperGets { reward, on }));
    clauses.extend([HelpsAtMost(terms.per_helper), Lives(terms.life)]);
    clauses
}

/// A packet; a random one with the hash of its seed.
pub fn red_packet(terms: &red_packet::Terms, seed_hash: &str) -> Vec<Clause> {
    let red_packet::Terms { total, count, split, .. } = *terms;
    let mut clauses = vec![Packet { total, count, split }];
    clauses.extend(when(split == Split::Random, || LeastPart(terms.least)));
    let hashed = split == Split::Random && !seed_hash.is_empty();
    clauses.extend(when(hashed, || SeedHash(seed_hash.to_string())));
    clauses.extend([PerPerson(1), PerCluster(terms.per_cluster), Lives(terms.life)]);
    clauses.extend([RestGoesBack, NoCash]);
    clauses
}

/// A fission coupon; the hash of each one's seed stands on its page.
pub fn fission(terms: &fission::Terms) -> Vec<Clause> {
    let fission::Terms { total, count, split, .. } = *terms;
    let mut clauses = vec![StartsFission(terms.starts), Packet { total, count, split }];
    clauses.extend(when(split == Split::Random, || LeastPart(terms.least)));
    clauses.extend([OwnPart(terms.own_part), TakesPart(terms.takers)]);
    clauses.extend([FriendsParts(terms.per_taker), PartIsCoupon]);
    clauses.extend([Lives(terms.life), RestGoesBack]);
    clauses
}

/// A draw: every prize with its number, worth and chance.
pub fn draw(prizes: &[draw::Prize], seed_hash: &str) -> Vec<Clause> {
    let odds = draw::odds(prizes);
    let told = prizes.iter().zip(odds).map(|(prize, millionths)| Prize {
        name: prize.name.clone(),
        count: prize.stock,
        value: prize.value,
        millionths,
    });
    // Before a seed is drawn there is no hash of it.
    let hash = when(!seed_hash.is_empty(), || SeedHash(seed_hash.to_string()));
    told.chain([GoneFallsToLast]).chain(hash).collect()
}

pub fn flash_sale(terms: &flash_sale::Terms) -> Vec<Clause> {
    let slots = terms.slots.iter();
    let mut clauses: Vec<Clause> =
        slots.map(|slot| Slot { from: slot.from, until: slot.until }).collect();
    clauses.push(Quantities { per_order: terms.per_order, per_person: terms.per_person });
    clauses.push(PayWithin(terms.pay_window));
    clauses.extend(when(terms.queue, || FirstComeFirstServed));
    clauses
}

pub fn invite(terms: &invite::Terms) -> Vec<Clause> {
    let mut clauses = vec![
        InviteReward { inviter: terms.reward, friend: terms.friend_reward },
        RewardedAMonth(terms.per_month),
        FirstOrderWithin(terms.window),
    ];
    clauses.extend(when(terms.least > 0, || FirstOrderFrom(terms.least)));
    clauses.extend([WhenKept, OneLevel]);
    clauses
}

pub fn check_in(terms: &check_in::Terms) -> Vec<Clause> {
    let bonuses = terms.bonuses.iter();
    let bonuses = bonuses.map(|one| StreakBonus { streak: one.streak, points: one.points });
    [DayPoints(terms.days.clone())].into_iter().chain(bonuses).collect()
}

pub fn guess(terms: &guess::Terms, sealed: &str) -> Vec<Clause> {
    let (winners, within) = (terms.winners, terms.within);
    let mut clauses = vec![Guesses(terms.per_person), NearestWin { winners, within }, EarlierWins];
    clauses.extend(when(!sealed.is_empty(), || Sealed(sealed.to_string())));
    clauses
}

pub fn quiz(terms: &quiz::Terms) -> Vec<Clause> {
    let (asked, pass) = (terms.ask as i64, terms.pass as i64);
    vec![Questions { asked, pass, time: terms.time }, TriesADay(terms.per_day)]
}

#[cfg(test)]
mod tests;
