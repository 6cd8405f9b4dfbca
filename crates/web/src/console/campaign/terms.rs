//! What each mechanic asks, as fields of the one form. Another mechanic adds its two arms here.

use app::campaign::Terms;
use domain::assist::{self, Event, WhoHelps};
use domain::campaign::Mechanic;
use domain::group_buy::{self, LatePolicy, Tier, WhoJoins, WhoOpens};
use domain::id::Id;
use domain::moment::Span;
use domain::money::{Currency, Money};
use domain::rate::Rate;
use domain::{bargain, check_in, coupon_drop, flash_sale, invite, task};

use super::games;
use crate::answer::Fault;
use crate::console::fields::{amount, percent, points, whole};
use crate::console::part::Choice;
use crate::console::{Desk, Frame};
use crate::form::Form;
use crate::locale::{Locale, Price};

/// One field of a mechanic.
#[derive(Default)]
pub struct Field {
    pub name: &'static str,
    pub label: String,
    pub help: String,
    /// What stands behind it, such as `minutes`.
    pub unit: String,
    pub kind: &'static str,
    pub value: String,
    pub on: bool,
    pub options: Vec<Choice>,
}

/// What fields are made with: the reader's words and the unit rewards are counted in.
pub struct Maker<'a> {
    pub p: &'a Frame,
    pub unit: Currency,
    /// The kinds of coupon one can be chosen of: ids and names.
    pub coupons: &'a [(String, String)],
}

impl Maker<'_> {
    fn field(&self, name: &'static str, kind: &'static str, value: String) -> Field {
        let help = {
            let id = format!("console-terms-{name}-help");
            if self.p.locale.has(&id) { self.p.t(&id) } else { String::new() }
        };
        Field {
            name,
            label: self.p.t(&format!("console-terms-{name}")),
            help,
            unit: String::new(),
            kind,
            on: value == "1",
            value,
            options: Vec::new(),
        }
    }

    /// A whole number.
    pub fn number(&self, name: &'static str, value: i64) -> Field {
        self.field(name, "number", value.to_string())
    }

    /// An amount of the campaign's unit: money with its decimals, or points.
    pub fn amount(&self, name: &'static str, minor: i64) -> Field {
        let unit = match self.unit {
            Currency::Points => self.p.t("console-unit-points"),
            unit => unit.code().to_string(),
        };
        Field { unit, ..self.field(name, "amount", Money::new(minor, self.unit).decimal()) }
    }

    /// A box that is ticked or not.
    pub fn switch(&self, name: &'static str, on: bool) -> Field {
        self.field(name, "check", if on { "1".into() } else { String::new() })
    }

    pub fn minutes(&self, name: &'static str, span: Span) -> Field {
        let unit = self.p.t("console-unit-minutes");
        Field { unit, ..self.number(name, span.0 / Span::minutes(1).0) }
    }

    pub fn hours(&self, name: &'static str, span: Span) -> Field {
        let unit = self.p.t("console-unit-hours");
        Field { unit, ..self.number(name, span.0 / Span::hours(1).0) }
    }

    pub fn days(&self, name: &'static str, span: Span) -> Field {
        let unit = self.p.t("console-unit-days");
        Field { unit, ..self.number(name, span.0 / Span::days(1).0) }
    }

    /// One of several codes, each with words `console-terms-<name>-<code>`.
    pub fn choice(&self, name: &'static str, chosen: &str, codes: &[&str]) -> Field {
        let said = codes.iter().map(|code| {
            let id = format!("console-terms-{name}-{code}");
            (code.to_string(), self.p.t(&id))
        });
        let options = Choice::among(chosen, said);
        Field { options, ..self.field(name, "select", chosen.to_string()) }
    }

    /// One of the kinds of coupon there are.
    pub fn kind(&self, name: &'static str, chosen: &str) -> Field {
        let options = Choice::among(chosen, self.coupons.iter().cloned());
        Field { options, ..self.field(name, "select", chosen.to_string()) }
    }

    /// Several lines of text.
    pub fn lines(&self, name: &'static str, text: String) -> Field {
        self.field(name, "lines", text)
    }
}

/// The kinds of coupon a mechanic has one chosen of: ids and names.
pub async fn coupons(desk: &Desk, mechanic: Mechanic) -> Result<Vec<(String, String)>, Fault> {
    let chinese = desk.locale() == Locale::Chinese;
    let own = |name: String, english: String| if chinese { name } else { english };
    Ok(match mechanic {
        Mechanic::CouponDrop => {
            let kinds = desk.act(app::coupon_drop::kinds).await?.into_iter();
            let named = kinds.map(|kind| {
                let (worth, name) = (Price::of(kind.worth), own(kind.name, kind.name_en));
                (kind.template.to_string(), format!("{name} · {worth}"))
            });
            named.collect()
        }
        Mechanic::FissionCoupon => {
            let kinds = desk.act(app::coupon::share_kinds).await?.into_iter();
            kinds.map(|kind| (kind.id.to_string(), own(kind.name, kind.name_en))).collect()
        }
        _ => Vec::new(),
    })
}

/// The fields of a mechanic, filled in.
pub fn fields(make: &Maker, terms: &Terms) -> Vec<Field> {
    match terms {
        Terms::GroupBuy(terms) => together(make, terms),
        Terms::FlashSale(terms) => vec![
            make.lines("slots", slots(terms)),
            make.number("per_order", terms.per_order),
            make.number("per_buyer", terms.per_person),
            make.minutes("pay_window", terms.pay_window),
            make.minutes("preheat", terms.preheat),
            make.switch("queue", terms.queue),
        ],
        Terms::Bargain(terms) => vec![
            make.number("cuts", terms.cuts),
            make.switch("own_first", terms.own_first),
            make.number("new_takes", terms.new_takes),
            make.number("per_helper", terms.per_helper),
            make.number("per_helper_day", terms.per_helper_day),
            make.hours("life", terms.life),
            make.minutes("pay_window", terms.pay_window),
            make.switch("any_price", terms.any_price),
            make.number("units", terms.quantity),
        ],
        Terms::Assist(terms) => {
            let step = |at: usize| terms.steps.get(at);
            let who: Vec<&str> = WhoHelps::ALL.iter().map(|who| who.code()).collect();
            let on: Vec<&str> = Event::ALL.iter().map(|event| event.code()).collect();
            vec![
                make.number("need_1", step(0).map_or(3, |step| step.need)),
                make.amount("reward_1", step(0).map_or(0, |step| step.reward)),
                make.number("need_2", step(1).map_or(0, |step| step.need)),
                make.amount("reward_2", step(1).map_or(0, |step| step.reward)),
                make.choice("who", terms.who.code(), &who),
                make.choice("counts_on", terms.counts_on.code(), &on),
                make.amount("helper_reward", terms.helper_reward),
                make.number("per_helper", terms.per_helper),
                make.hours("life", terms.life),
            ]
        }
        Terms::InviteReward(terms) => vec![
            make.amount("reward", terms.reward),
            make.amount("friend_reward", terms.friend_reward),
            make.number("per_month", terms.per_month),
            make.days("window", terms.window),
            make.amount("least", terms.least),
        ],
        Terms::CheckIn(terms) => {
            let days: Vec<String> = terms.days.iter().map(i64::to_string).collect();
            let bonuses = terms.bonuses.iter().map(|one| format!("{}: {}", one.streak, one.points));
            let bonuses: Vec<String> = bonuses.collect();
            vec![
                make.lines("day_points", days.join("\n")),
                make.lines("streaks", bonuses.join("\n")),
            ]
        }
        Terms::Tasks(terms) => {
            let line = |asked: &task::Asked| {
                let points = match asked.reward {
                    task::Reward::Points { points } => points,
                    task::Reward::Chances { .. } => 0,
                };
                let (deed, every) = (asked.deed.code(), asked.every.code());
                format!("{deed} {} {every} {points}", asked.count)
            };
            let lines: Vec<String> = terms.list.iter().map(line).collect();
            vec![make.lines("tasks", lines.join("\n"))]
        }
        Terms::CouponDrop(terms) => {
            let chosen = terms.template.map_or(String::new(), |id| id.to_string());
            vec![make.kind("coupon", &chosen), make.number("coupon_count", terms.count)]
        }
        // Its things are written by name, beside these.
        Terms::PointsShop(_) => Vec::new(),
        Terms::Draw(_)
        | Terms::RedPacket(_)
        | Terms::FissionCoupon(_)
        | Terms::Guess(_)
        | Terms::Quiz(_) => games::fields(make, terms),
    }
}

fn together(make: &Maker, terms: &group_buy::Terms) -> Vec<Field> {
    let tier = |tier: &Tier| format!("{}: {}", tier.size, percent(tier.off.basis_points()));
    let tiers: Vec<String> = terms.tiers.iter().map(tier).collect();
    let opens: Vec<&str> = WhoOpens::ALL.iter().map(|one| one.code()).collect();
    let joins: Vec<&str> = WhoJoins::ALL.iter().map(|one| one.code()).collect();
    let late: Vec<&str> = LatePolicy::ALL.iter().map(|one| one.code()).collect();
    vec![
        make.number("team_size", terms.need),
        make.lines("tiers", tiers.join("\n")),
        make.hours("life", terms.life),
        make.minutes("pay_window", terms.pay_window),
        make.number("per_order", terms.per_order),
        make.number("per_buyer", terms.per_person),
        make.choice("open_by", terms.open_by.code(), &opens),
        make.choice("join_by", terms.join_by.code(), &joins),
        make.amount("leader_off", terms.leader_off),
        make.switch("listed", terms.listed),
        make.number("lowered_to", terms.lowered_to.unwrap_or(0)),
        make.choice("late", terms.late.code(), &late),
    ]
}

/// `5: 10` is ten percent less for five people.
fn tier(line: &str) -> Option<Tier> {
    let (size, off) = line.split_once([':', '：'])?;
    let off = Rate::from_basis_points(points(off.trim())?)?;
    Some(Tier { size: whole(size)?, off })
}

/// The lines that say something.
fn said(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// `7: 20` is twenty more on the seventh day in a row.
fn bonus(line: &str) -> Option<check_in::Bonus> {
    let (streak, points) = line.split_once([':', '：'])?;
    Some(check_in::Bonus { streak: whole(streak)?, points: whole(points)? })
}

/// `review 1 week 20` is twenty points for a review, each week.
fn asked(line: &str) -> Option<task::Asked> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [deed, count, every, points] = words[..] else { return None };
    let reward = task::Reward::Points { points: whole(points)? };
    let (deed, every) = (task::Deed::parse(deed)?, task::Every::parse(every)?);
    Some(task::Asked { deed, count: whole(count)?, every, reward })
}

/// A day's slots, one a line: `10:00-12:00`.
fn slots(terms: &flash_sale::Terms) -> String {
    let clock = |span: Span| {
        let minutes = span.0 / Span::minutes(1).0;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    };
    let lines: Vec<String> = terms
        .slots
        .iter()
        .map(|slot| format!("{}-{}", clock(slot.from), clock(slot.until)))
        .collect();
    lines.join("\n")
}

/// `10:00` as the time since midnight.
fn clock(text: &str) -> Option<Span> {
    let (hours, minutes) = text.trim().split_once([':', '：'])?;
    Some(Span::minutes(whole(hours)? * 60 + whole(minutes)?))
}

/// What was typed, read.
pub struct Typed<'a> {
    pub form: &'a Form,
    pub unit: Currency,
}

impl Typed<'_> {
    pub fn number(&self, name: &str) -> Option<i64> {
        whole(self.form.get(name))
    }

    pub fn amount(&self, name: &str) -> Option<i64> {
        match self.form.get(name) {
            "" => Some(0),
            text => amount(text, self.unit).map(|money| money.minor),
        }
    }

    pub fn on(&self, name: &str) -> bool {
        self.form.is_on(name)
    }

    pub fn minutes(&self, name: &str) -> Option<Span> {
        Some(Span::minutes(self.number(name)?))
    }

    pub fn hours(&self, name: &str) -> Option<Span> {
        Some(Span::hours(self.number(name)?))
    }

    pub fn days(&self, name: &str) -> Option<Span> {
        Some(Span::days(self.number(name)?))
    }
}

/// The terms that were typed; `None` where something is no number.
pub fn read(typed: &Typed, mechanic: Mechanic) -> Option<Terms> {
    Some(match mechanic {
        Mechanic::GroupBuy => Terms::GroupBuy(group_buy::Terms {
            need: typed.number("team_size")?,
            tiers: said(typed.form.raw("tiers")).map(tier).collect::<Option<_>>()?,
            life: typed.hours("life")?,
            pay_window: typed.minutes("pay_window")?,
            per_order: typed.number("per_order")?,
            per_person: typed.number("per_buyer")?,
            open_by: WhoOpens::parse(typed.form.get("open_by"))?,
            join_by: WhoJoins::parse(typed.form.get("join_by"))?,
            leader_off: typed.amount("leader_off")?,
            listed: typed.on("listed"),
            lowered_to: typed.number("lowered_to").filter(|people| *people > 0),
            late: LatePolicy::parse(typed.form.get("late"))?,
        }),
        Mechanic::FlashSale => {
            let lines = typed.form.raw("slots").lines().map(str::trim);
            let mut slots = Vec::new();
            for line in lines.filter(|line| !line.is_empty()) {
                let (from, until) = line.split_once(['-', '–', '—', '~'])?;
                slots.push(flash_sale::Slot { from: clock(from)?, until: clock(until)? });
            }
            Terms::FlashSale(flash_sale::Terms {
                slots,
                per_order: typed.number("per_order")?,
                per_person: typed.number("per_buyer")?,
                pay_window: typed.minutes("pay_window")?,
                preheat: typed.minutes("preheat")?,
                queue: typed.on("queue"),
            })
        }
        Mechanic::Bargain => Terms::Bargain(bargain::Terms {
            cuts: typed.number("cuts")?,
            own_first: typed.on("own_first"),
            new_takes: typed.number("new_takes")?,
            per_helper: typed.number("per_helper")?,
            per_helper_day: typed.number("per_helper_day")?,
            life: typed.hours("life")?,
            pay_window: typed.minutes("pay_window")?,
            any_price: typed.on("any_price"),
            quantity: typed.number("units")?,
        }),
        Mechanic::Assist => {
            let mut steps = Vec::new();
            for (need, reward) in [("need_1", "reward_1"), ("need_2", "reward_2")] {
                let need = typed.number(need).unwrap_or(0);
                if need > 0 {
                    steps.push(assist::Step { need, reward: typed.amount(reward)? });
                }
            }
            Terms::Assist(assist::Terms {
                steps,
                who: WhoHelps::parse(typed.form.get("who"))?,
                counts_on: Event::parse(typed.form.get("counts_on"))?,
                helper_reward: typed.amount("helper_reward")?,
                per_helper: typed.number("per_helper")?,
                life: typed.hours("life")?,
                ..assist::Terms::usual(0)
            })
        }
        Mechanic::InviteReward => Terms::InviteReward(invite::Terms {
            reward: typed.amount("reward")?,
            friend_reward: typed.amount("friend_reward")?,
            per_month: typed.number("per_month")?,
            window: typed.days("window")?,
            least: typed.amount("least")?,
        }),
        Mechanic::CheckIn => Terms::CheckIn(check_in::Terms {
            days: said(typed.form.raw("day_points")).map(whole).collect::<Option<_>>()?,
            bonuses: said(typed.form.raw("streaks")).map(bonus).collect::<Option<_>>()?,
        }),
        Mechanic::Tasks => Terms::Tasks(task::Terms {
            list: said(typed.form.raw("tasks")).map(asked).collect::<Option<_>>()?,
        }),
        Mechanic::CouponDrop => Terms::CouponDrop(coupon_drop::Terms {
            template: Id::parse(typed.form.get("coupon")),
            count: typed.number("coupon_count")?,
        }),
        Mechanic::PointsShop => Terms::PointsShop(domain::points_shop::Terms { items: Vec::new() }),
        _ => return games::read(typed, mechanic),
    })
}
