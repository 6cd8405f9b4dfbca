//! The steps of a reckoning: what each is for, what it takes off, and each line's share of it.

use crate::coupon::{self, Coupon, Gives, Issuer, Refusal, Stacks, Template};
use crate::id::Id;
use crate::money::Money;
use crate::point;
use crate::promotion::{self, Effect, Rule, Saving};

use super::{Applies, Cause, Gift, GiftFrom, Line, Presented, Step, Told, gift};

/// A reckoning on its way.
pub(super) struct Running<'a> {
    lines: &'a [Line<'a>],
    applies: &'a Applies<'a>,
    /// What each line still costs.
    pub left: Vec<Money>,
    pub steps: Vec<Step>,
    pub gifts: Vec<Gift>,
    pub used: Vec<Id<Coupon>>,
    pub refused: Vec<(Id<Coupon>, Refusal)>,
    /// What coupons' thresholds look at: what lines cost after promotions.
    before_coupons: Vec<Money>,
    /// Which promotion stacks have been at a line.
    taken: Vec<Vec<&'a str>>,
}

/// What a coupon takes off a fee.
pub(super) fn fee_off(template: &Template, fee: Money) -> Money {
    match template.gives {
        Gives::Shipping { most } => {
            most.map_or(fee, |most| Money::new(most, fee.currency).least(fee))
        }
        Gives::Goods { .. } | Gives::Gift { .. } => Money::zero(fee.currency),
    }
}

impl<'a> Running<'a> {
    pub fn begin(lines: &'a [Line<'a>], applies: &'a Applies<'a>) -> Running<'a> {
        let full = |line: &Line| line.base.unit().times(line.quantity.count());
        let left: Vec<Money> = lines.iter().map(full).collect();
        Running {
            lines,
            applies,
            before_coupons: left.clone(),
            left,
            steps: Vec::new(),
            gifts: Vec::new(),
            used: Vec::new(),
            refused: Vec::new(),
            taken: vec![Vec::new(); lines.len()],
        }
    }

    fn none(&self) -> Money {
        Money::zero(self.applies.currency)
    }

    pub fn total(&self) -> Money {
        self.left.iter().copied().fold(self.none(), Money::plus)
    }

    fn sum_of(&self, matched: &[bool]) -> Money {
        let lines = self.left.iter().zip(matched).filter(|(_, matched)| **matched);
        lines.fold(self.none(), |sum, (left, _)| sum.plus(*left))
    }

    /// Takes `off` the matched lines, in proportion to what each still costs.
    fn take(&mut self, cause: Cause, matched: &[bool], off: Money) {
        let before = self.sum_of(matched);
        assert!(0 <= off.minor && off.minor <= before.minor, "no step takes more than there is");
        let weigh = |(left, matched): (&Money, &bool)| if *matched { left.minor } else { 0 };
        let weights: Vec<i64> = self.left.iter().zip(matched).map(weigh).collect();
        let shares = off.split(&weights);
        self.took(cause, before, off, shares);
    }

    fn took(&mut self, cause: Cause, matched: Money, off: Money, shares: Vec<Money>) {
        if off.is_zero() {
            return;
        }
        for (left, share) in self.left.iter_mut().zip(&shares) {
            *left = left.minus(*share);
        }
        let left = self.total();
        self.steps.push(Step { cause, matched, off, shares, left });
    }

    /// What campaigns give on their own lines.
    pub fn benefits(&mut self) {
        let pairs = self.lines.iter().zip(&self.left);
        let shares: Vec<Money> = pairs.map(|(line, left)| line.benefit.least(*left)).collect();
        let off = shares.iter().copied().fold(self.none(), Money::plus);
        let matched: Vec<bool> = shares.iter().map(|share| !share.is_zero()).collect();
        let before = self.sum_of(&matched);
        self.took(Cause::Benefit, before, off, shares);
    }

    /// Those that hold now, the more important first, of two alike the older.
    fn rules(&self, kind: fn(&Effect) -> bool) -> Vec<&'a Rule> {
        let Applies { groups, now, promotions, .. } = self.applies;
        let mut rules: Vec<&Rule> = promotions
            .iter()
            .filter(|rule| kind(&rule.effect) && rule.is_on(groups, *now))
            .collect();
        rules.sort_by_key(|rule| (std::cmp::Reverse(rule.priority), rule.id));
        rules
    }

    /// The lines a promotion is for: in its scope, and with no other of its stack at them.
    fn matched(&self, rule: &Rule) -> Vec<bool> {
        let lines = self.lines.iter().zip(&self.taken);
        lines
            .map(|(line, taken)| {
                let free = !taken.contains(&rule.stack.as_str());
                free && line.base.combines().promotions && rule.scope.holds_for(&line.item())
            })
            .collect()
    }

    fn mark(&mut self, rule: &'a Rule, matched: &[bool]) {
        for (taken, matched) in self.taken.iter_mut().zip(matched) {
            if *matched {
                taken.push(&rule.stack);
            }
        }
    }

    pub fn bundles(&mut self) {
        let mut free: Vec<i64> = self.lines.iter().map(|line| line.quantity.count()).collect();
        for rule in self.rules(|effect| matches!(effect, Effect::Bundle { .. })) {
            let Effect::Bundle { parts, price, most } = &rule.effect else { continue };
            let matched = self.matched(rule);
            let price = Money::new(*price, self.applies.currency);
            let lines: Vec<_> = (0..self.lines.len())
                .map(|at| {
                    let line = &self.lines[at];
                    let free = if matched[at] { free[at] } else { 0 };
                    (line.variant, free, line.base.unit().times(free).least(self.left[at]))
                })
                .collect();
            let Some(sets) = promotion::sets(parts, price, *most, &lines) else { continue };
            let in_it: Vec<bool> = sets.units.iter().map(|units| *units > 0).collect();
            let before = self.sum_of(&in_it);
            self.took(Cause::Bundle(rule.id), before, sets.off, sets.shares);
            for (free, units) in free.iter_mut().zip(&sets.units) {
                *free -= units;
            }
            self.mark(rule, &in_it);
        }
    }

    fn saving(&self, rule: &Rule, matched: &[bool]) -> Saving {
        let pieces = self.lines.iter().zip(matched).filter(|(_, matched)| **matched);
        let pieces = pieces.map(|(line, _)| line.quantity.count()).sum();
        promotion::saving(&rule.effect, self.sum_of(matched), pieces)
    }

    /// Stack by stack, the promotion that saves most takes its lines, then the next on what is
    /// left of them.
    pub fn spend_and_save(&mut self) {
        let mut rules = self.rules(|effect| matches!(effect, Effect::SpendAndSave { .. }));
        while let Some(first) = rules.first() {
            let stack = first.stack.clone();
            let mut best: Option<(Money, &Rule, Vec<bool>)> = None;
            for rule in rules.iter().filter(|rule| rule.stack == stack) {
                let matched = self.matched(rule);
                let off = self.saving(rule, &matched).off;
                let more = best.as_ref().is_none_or(|(most, ..)| off.minor > most.minor);
                if more && !off.is_zero() {
                    best = Some((off, rule, matched));
                }
            }
            let Some((off, rule, matched)) = best else {
                rules.retain(|rule| rule.stack != stack);
                continue;
            };
            self.take(Cause::SpendAndSave(rule.id), &matched, off);
            self.mark(rule, &matched);
            rules.retain(|other| other.id != rule.id);
        }
    }

    /// Gifts look at what the goods cost after promotions; they take nothing off and share lines
    /// with everything.
    pub fn gifts(&mut self) {
        for rule in self.rules(|effect| matches!(effect, Effect::Gift { .. })) {
            let Effect::Gift { parts, .. } = &rule.effect else { continue };
            let lines = self.lines.iter();
            let matched: Vec<bool> = lines
                .map(|line| line.base.combines().promotions && rule.scope.holds_for(&line.item()))
                .collect();
            let times = self.saving(rule, &matched).gifts;
            if times > 0 {
                let from = GiftFrom::Promotion(rule.id);
                self.gifts.extend(parts.iter().map(|part| gift(part, times, from)));
            }
        }
    }

    /// The platform's coupons, then the merchant's; within these in the order they were given.
    pub fn coupons(&mut self) {
        self.before_coupons = self.left.clone();
        let mut stacks: Vec<&Stacks> = Vec::new();
        for issuer in [Issuer::Platform, Issuer::Merchant] {
            let theirs = self.applies.coupons.iter().filter(|one| one.template.issuer == issuer);
            for one in theirs {
                let twice = self.used.contains(&one.coupon);
                let fits = if twice {
                    Err(Refusal::NotHeld)
                } else {
                    coupon::goes_with(&one.template.stacks, &stacks).and_then(|()| self.use_it(one))
                };
                match fits {
                    Ok(()) => {
                        self.used.push(one.coupon);
                        stacks.push(&one.template.stacks);
                    }
                    Err(refusal) => self.refused.push((one.coupon, refusal)),
                }
            }
        }
    }

    fn use_it(&mut self, one: &Presented) -> Result<(), Refusal> {
        let template = one.template;
        if template.currency != self.applies.currency {
            return Err(Refusal::OtherCurrency(template.currency));
        }
        let lines = self.lines.iter();
        let matched: Vec<bool> = lines
            .map(|line| line.base.combines().coupons && template.scope.holds_for(&line.item()))
            .collect();
        if !matched.contains(&true) {
            return Err(Refusal::NoMatch);
        }
        let paired = self.before_coupons.iter().zip(&matched).filter(|(_, matched)| **matched);
        let bought = paired.fold(self.none(), |sum, (left, _)| sum.plus(*left));
        let missing = template.threshold - bought.minor;
        if missing > 0 {
            return Err(Refusal::BelowThreshold(Money::new(missing, bought.currency)));
        }
        match template.gives {
            Gives::Goods { off } => {
                let off = off.of(self.sum_of(&matched));
                if off.is_zero() {
                    return Err(Refusal::NothingLeft);
                }
                let cause = match template.issuer {
                    Issuer::Platform => Cause::PlatformCoupon(one.coupon),
                    Issuer::Merchant => Cause::MerchantCoupon(one.coupon),
                };
                self.take(cause, &matched, off);
            }
            Gives::Gift { part } => {
                self.gifts.push(gift(&part, 1, GiftFrom::Coupon(one.coupon)));
            }
            // The fee is not known yet: it may depend on what the goods cost in the end.
            Gives::Shipping { .. } => (),
        }
        Ok(())
    }

    /// Points, on the lines that take them. None wanted is none spent.
    pub fn points(&mut self) -> Result<i64, point::Refusal> {
        let Some(points) = self.applies.points.filter(|points| points.wanted != 0) else {
            return Ok(0);
        };
        let lines = self.lines.iter();
        let matched: Vec<bool> = lines.map(|line| line.base.combines().points).collect();
        let goods = self.sum_of(&matched);
        let (spent, off) = points.terms.spend(points.wanted, points.there, goods)?;
        self.take(Cause::Points, &matched, off);
        Ok(spent)
    }

    /// What coupons for it take off a fee, one after the other. One that finds nothing left to take
    /// off is not used up.
    pub fn freight(&mut self, fee: Money) -> Vec<(Id<Coupon>, Money)> {
        let mut left = fee;
        let mut taken = Vec::new();
        for one in self.applies.coupons {
            let ships = matches!(one.template.gives, Gives::Shipping { .. });
            if !ships || !self.used.contains(&one.coupon) {
                continue;
            }
            let off = fee_off(one.template, left);
            if off.is_zero() {
                self.used.retain(|used| *used != one.coupon);
                self.refused.push((one.coupon, Refusal::NothingLeft));
                continue;
            }
            left = left.minus(off);
            taken.push((one.coupon, off));
        }
        taken
    }

    pub fn told(&self, at: usize) -> Told {
        let base = &self.lines[at].base;
        let ordinary = match base {
            super::Base::Listed(chosen) => chosen.ordinary,
            super::Base::Campaign { .. } => None,
        };
        let shares = self.steps.iter().map(|step| (step.cause, step.shares[at]));
        let off = shares.filter(|(_, share)| !share.is_zero()).collect();
        Told { why: base.why(), ordinary, off }
    }
}
