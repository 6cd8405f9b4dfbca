//! The rules page of a campaign in the reader's words: a sentence for each thing that is enforced.

use app::group_buy::rule_of;
use domain::campaign::audience::Audience;
use domain::moment::Span;
use domain::money::{Currency, Money};
use domain::promotion::Off;
use domain::red_packet::Split;
use domain::rules_page::Clause;

use crate::locale::{Locale, Price};
use crate::offer_words;
use crate::storefront::rules;
use crate::storefront::view::short;

/// Who says it, and what the campaign's and the shop's amounts are counted in.
struct Teller {
    locale: Locale,
    unit: Currency,
    own: Currency,
}

/// Every clause as a sentence, in reading order.
pub fn sentences(
    clauses: &[Clause],
    (unit, own): (Currency, Currency),
    locale: Locale,
) -> Vec<String> {
    let teller = Teller { locale, unit, own };
    let mut said: Vec<String> = Vec::new();
    for clause in clauses.iter().filter(|clause| !is_idle(clause, clauses)) {
        let sentence = teller.sentence(clause);
        // What the campaign and its game both hold to is said once.
        let limits = matches!(clause, Clause::PerPerson(_) | Clause::PerCluster(_));
        if !limits || !said.contains(&sentence) {
            said.push(sentence);
        }
    }
    said
}

/// Whether it is a limit nobody can come to, for the game's own is no higher.
fn is_idle(clause: &Clause, clauses: &[Clause]) -> bool {
    let Clause::PerPerson(most) = clause else { return false };
    clauses.iter().any(|one| match one {
        Clause::Guesses(own) | Clause::Quantities { per_person: own, .. } => own <= most,
        _ => false,
    })
}

/// An amount as it is read: money, or a number of points.
pub fn worth(amount: Money, locale: Locale) -> String {
    match amount.currency {
        Currency::Points => counted(locale, "store-n-points", amount.minor),
        _ => short(&Price::of(amount)),
    }
}

/// A text about a number `n`, whose thousands stand apart.
fn counted(locale: Locale, id: &str, n: i64) -> String {
    // The forms of few and many are chosen by the number itself; large ones are many anyhow.
    if n < 1_000 { locale.with(id, "n", n) } else { locale.with(id, "n", locale.number(n)) }
}

impl Teller {
    fn words(&self, id: &str) -> String {
        self.locale.say(&format!("clause-{id}"))
    }

    fn count(&self, id: &str, n: i64) -> String {
        counted(self.locale, &format!("clause-{id}"), n)
    }

    fn text(&self, id: &str, name: &str, text: String) -> String {
        self.locale.with(&format!("clause-{id}"), name, text)
    }

    fn span(&self, id: &str, span: Span) -> String {
        self.text(id, "span", self.locale.span(span))
    }

    /// An amount of the shop's money.
    fn money(&self, minor: i64) -> String {
        worth(Money::new(minor, self.own), self.locale)
    }

    /// An amount of what the campaign gives.
    fn reward(&self, minor: i64) -> String {
        worth(Money::new(minor, self.unit), self.locale)
    }

    fn sentence(&self, clause: &Clause) -> String {
        let tell = |id: &str, args: &[(&str, &dyn crate::locale::Arg)]| {
            self.locale.tell(&format!("clause-{id}"), args)
        };
        let exact = |at| self.locale.exact(at);
        match clause {
            Clause::Runs { from, until } => {
                tell("runs", &[("from", &exact(*from)), ("until", &exact(*until))])
            }
            Clause::For(audience) => self.audience(audience),
            Clause::PerPerson(n) => self.count("per-person", *n),
            Clause::PerCluster(n) => self.count("per-cluster", *n),
            Clause::PerDay(n) => self.count("per-day", *n),
            Clause::InAll(n) => self.count("in-all", *n),
            Clause::Budget(money) => self.text("budget", "amount", worth(*money, self.locale)),
            Clause::NoPromotions => self.words("no-promotions"),
            Clause::NoCoupons => self.words("no-coupons"),
            Clause::NoPoints => self.words("no-points"),
            Clause::NotRewardedIn(channel) => {
                let id = format!("console-campaign-channel-{}", channel.code());
                self.text("not-rewarded-in", "channel", self.locale.say(&id))
            }
            Clause::Coupons(n) => self.count("coupons", *n),
            Clause::TakesOff(Off::Amount { minor }) => {
                self.text("takes-off", "amount", self.money(*minor))
            }
            Clause::TakesOff(Off::Part { rate, .. }) => {
                let figure = offer_words::figure(self.locale, rate.basis_points());
                self.text("takes-off-part", "figure", figure)
            }
            Clause::TakesOffFreight(None) => self.words("takes-off-freight"),
            Clause::TakesOffFreight(Some(most)) => {
                self.text("takes-off-freight-most", "amount", self.money(*most))
            }
            Clause::Gives(part) => self.count("gives", part.quantity.count()),
            Clause::FromAmount(minor) => self.text("from-amount", "amount", self.money(*minor)),
            Clause::StandsAlone => self.words("stands-alone"),
            Clause::UsableBetween { from, until } => {
                tell("usable-between", &[("from", &exact(*from)), ("until", &exact(*until))])
            }
            Clause::UsableFor(span) => self.span("usable-for", *span),
            Clause::ComesBackOnRefund => self.words("comes-back"),
            Clause::GoneOnRefund => self.words("gone-on-refund"),
            Clause::Together(rule) => rules::sentence(&rule_of(*rule), self.own, self.locale),
            Clause::Cuts { at_most, .. } => self.count("cuts", *at_most),
            Clause::OwnCut => self.words("own-cut"),
            Clause::NewHelpersCut(n) => self.count("new-cuts", *n),
            Clause::HelperLimits { in_all, a_day } => {
                tell("helper-limits", &[("all", in_all), ("day", a_day)])
            }
            Clause::AnyPrice => self.words("any-price"),
            Clause::FloorOnly => self.words("floor-only"),
            Clause::PayWithin(span) => self.span("pay-within", *span),
            Clause::Lives(span) => self.span("lives", *span),
            Clause::OneOrder => self.words("one-order"),
            Clause::Unlocks { helpers, reward } => {
                tell("unlocks", &[("n", helpers), ("amount", &self.reward(*reward))])
            }
            Clause::Helpers(who) => self.words(&format!("helpers-{}", who.code())),
            Clause::Counts(on) => self.words(&format!("counts-{}", on.code())),
            Clause::HelperGets { reward, on } => {
                let gets = self.text("helper-gets", "amount", self.reward(*reward));
                format!("{gets} {}", self.words(&format!("counts-{}", on.code())))
            }
            Clause::HelpsAtMost(n) => self.count("helps-at-most", *n),
            other => self.games(other),
        }
    }

    fn games(&self, clause: &Clause) -> String {
        let tell = |id: &str, args: &[(&str, &dyn crate::locale::Arg)]| {
            self.locale.tell(&format!("clause-{id}"), args)
        };
        match clause {
            Clause::Packet { total, count, split } => {
                let id = if *split == Split::Random { "packet-random" } else { "packet-equal" };
                tell(id, &[("amount", &self.reward(*total)), ("n", count)])
            }
            Clause::LeastPart(minor) => self.text("least-part", "amount", self.reward(*minor)),
            Clause::StartsFission(starts) => {
                self.words(&format!("fission-starts-{}", starts.code()))
            }
            Clause::OwnPart(true) => self.words("own-part"),
            Clause::OwnPart(false) => self.words("no-own-part"),
            Clause::TakesPart(takers) => self.words(&format!("fission-takers-{}", takers.code())),
            Clause::FriendsParts(n) => self.count("friends-parts", *n),
            Clause::PartIsCoupon => self.words("part-is-coupon"),
            Clause::RestGoesBack => self.words("rest-goes-back"),
            Clause::NoCash => self.words("no-cash"),
            Clause::Prize { name, count, value, millionths } => {
                let chance = format!("{}.{:04}", millionths / 10_000, millionths % 10_000);
                let chance = chance.trim_end_matches('0').trim_end_matches('.').to_string();
                match count {
                    Some(count) => {
                        let worth = self.money(*value);
                        let args: [(&str, &dyn crate::locale::Arg); 4] = [
                            ("name", name),
                            ("count", count),
                            ("amount", &worth),
                            ("chance", &chance),
                        ];
                        tell("prize", &args)
                    }
                    None => tell("prize-endless", &[("name", name), ("chance", &chance)]),
                }
            }
            Clause::GoneFallsToLast => self.words("gone-falls"),
            Clause::SeedHash(hash) => self.text("seed-hash", "hash", hash.clone()),
            Clause::Slot { from, until } => {
                let clock = |span: &Span| {
                    let minutes = span.as_seconds() / 60;
                    format!("{:02}:{:02}", minutes / 60, minutes % 60)
                };
                tell("slot", &[("from", &clock(from)), ("until", &clock(until))])
            }
            Clause::Quantities { per_order, per_person } => {
                tell("quantities", &[("order", per_order), ("person", per_person)])
            }
            Clause::FirstComeFirstServed => self.words("first-come"),
            Clause::InviteReward { inviter, friend: 0 } => {
                self.text("invite-reward-one", "inviter", self.reward(*inviter))
            }
            Clause::InviteReward { inviter, friend } => {
                let (inviter, friend) = (self.reward(*inviter), self.reward(*friend));
                tell("invite-reward", &[("inviter", &inviter), ("friend", &friend)])
            }
            Clause::RewardedAMonth(n) => self.count("rewarded-a-month", *n),
            Clause::FirstOrderWithin(span) => self.span("first-order-within", *span),
            Clause::FirstOrderFrom(minor) => {
                self.text("first-order-from", "amount", self.money(*minor))
            }
            Clause::WhenKept => self.words("when-kept"),
            Clause::OneLevel => self.words("one-level"),
            Clause::DayPoints(days) => {
                let list: Vec<String> = days.iter().map(ToString::to_string).collect();
                self.text("day-points", "list", list.join(" · "))
            }
            Clause::StreakBonus { streak, points } => {
                tell("streak-bonus", &[("n", streak), ("points", points)])
            }
            Clause::Guesses(n) => self.count("guesses", *n),
            Clause::NearestWin { winners, within: None } => tell("nearest-win", &[("n", winners)]),
            Clause::NearestWin { winners, within: Some(within) } => {
                let within = self.money(*within);
                tell("nearest-win-within", &[("n", winners), ("within", &within)])
            }
            Clause::EarlierWins => self.words("earlier-wins"),
            Clause::Sealed(hash) => self.text("sealed", "hash", hash.clone()),
            Clause::Questions { asked, pass, time } => {
                let span = self.locale.limit(*time);
                tell("questions", &[("asked", asked), ("pass", pass), ("span", &span)])
            }
            Clause::TriesADay(n) => self.count("tries-a-day", *n),
            Clause::PointsShop => self.words("points-shop"),
            // Said above.
            _ => String::new(),
        }
    }

    fn audience(&self, audience: &Audience) -> String {
        match audience {
            Audience::Everyone => self.words("for-everyone"),
            Audience::NewCustomers => self.words("for-new_customers"),
            Audience::Buyers => self.words("for-buyers"),
            Audience::Level { from } => {
                let from = i64::try_from(*from).unwrap_or(i64::MAX);
                self.locale.with("clause-for-level", "from", from)
            }
            Audience::Groups { .. } => self.words("for-groups"),
            Audience::List { .. } => self.words("for-list"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_said_once_and_where_it_can_be_met() {
        let own = (Currency::Cny, Currency::Cny);
        let said = |clauses: &[Clause]| sentences(clauses, own, Locale::English);
        assert_eq!(said(&[Clause::PerPerson(1), Clause::PerPerson(1)]).len(), 1);
        assert_eq!(said(&[Clause::PerPerson(500), Clause::Guesses(3)]), ["3 guesses each."]);
        assert_eq!(said(&[Clause::PerPerson(2), Clause::Guesses(3)]).len(), 2);
    }

    #[test]
    fn thousands_stand_apart() {
        let points = |n| worth(Money::new(n, Currency::Points), Locale::English);
        assert_eq!([points(1), points(50_000)], ["One point", "50,000 points"]);
    }
}
