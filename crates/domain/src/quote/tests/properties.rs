//! Any cart with any offers: what is never negative, what always sums.

use proptest::prelude::*;

use super::*;

fn random_cart() -> impl Strategy<Value = Vec<(i64, i64, u8, i64)>> {
    proptest::collection::vec((1i64..20, 0i64..100_000, 0u8..4, 0i64..3_000), 0..8)
}

type Offers = Vec<(u8, i64, i64, u8)>;

fn random_offers() -> impl Strategy<Value = Offers> {
    proptest::collection::vec((0u8..6, 1i64..200_000, 1i64..60_000, 0u8..3), 0..10)
}

/// Rules and coupons made of random numbers.
fn offers(offers: &Offers) -> (Vec<Rule>, Vec<Template>) {
    let (mut rules, mut templates) = (Vec::new(), Vec::new());
    for (n, (kind, from, off, which)) in offers.iter().enumerate() {
        let scope = [Scope::default(), only("a"), only("b")][*which as usize].clone();
        let stack = ["one", "two", "three"][(*from % 3) as usize];
        let part = |id| Part { variant: Id::new(id), quantity: Quantity::ONE };
        match kind {
            0 => rules.push(promotion(n as i64, stack, scope, spend(*from, *off))),
            1 => {
                let parts = vec![part(0), part(1)];
                let effect = Effect::Bundle { parts, price: *off, most: 3 };
                rules.push(promotion(n as i64, stack, scope, effect));
            }
            _ => {
                let gives = match kind {
                    2 => less(*off),
                    3 => Gives::Goods {
                        off: Off::Part { rate: rate(off % 9_999 + 1), most: Some(*from) },
                    },
                    4 => Gives::Shipping { most: Some(off % 1_000 + 1) },
                    _ => Gives::Gift { part: part(1) },
                };
                let issuer = if off % 2 == 0 { Issuer::Platform } else { Issuer::Merchant };
                let coupon = template(issuer, gives, from % 20_000, stack);
                templates.push(Template { scope, ..coupon });
            }
        }
    }
    (rules, templates)
}

proptest! {
    /// No amount of a quote is negative, every step's shares sum to it, the lines sum to the total,
    /// and whatever portions go back, each cause and the buyer's money sum to the cent.
    #[test]
    fn quotes_add_up(
        cart in random_cart(), made in random_offers(), wanted in 0i64..50_000,
        credit in 0i64..100_000, fee in 0i64..3_000, tax in 0i64..2_000, inclusive: bool,
        portion in 1i64..5,
    ) {
        let goods = [tagged("a"), tagged("b"), tagged("c"), Goods::default()];
        let lines: Vec<Line> = cart
            .iter()
            .enumerate()
            .map(|(n, (count, unit, tag, benefit))| {
                let base = match tag {
                    3 => Base::Campaign { unit: yuan(*unit), combines: Combines::default() },
                    _ => listed(*unit),
                };
                let line = line(n as i64, *count, base, &goods[*tag as usize]);
                Line { benefit: yuan(*benefit), tax: rate(tax), ..line }
            })
            .collect();
        let (rules, templates) = offers(&made);
        let coupons: Vec<Presented> =
            templates.iter().enumerate().map(|(n, one)| shown(n as i64, one)).collect();
        let terms = Spending { points: 3, minor: 2, most: rate(7_000), least: 1 };
        let applies = Applies {
            promotions: &rules,
            coupons: &coupons,
            points: Some(Points { wanted, there: wanted, terms: &terms }),
            wallet: Funds { credit, prepaid: 100 },
            taxing: Taxing { inclusive, shipping: rate(tax) },
            ..applies()
        };
        let reckoned = reckon(&lines, &applies, |_| yuan(fee));
        let quote = &reckoned.quote;
        prop_assert!(quote.total.minor >= 0 && quote.shipping.minor >= 0);
        prop_assert!(reckoned.to_pay.minor >= 0);
        prop_assert_eq!(reckoned.to_pay.minor + reckoned.wallet.total(), quote.total.minor);
        let full: i64 = lines.iter().map(|l| l.base.unit().times(l.quantity.count()).minor).sum();
        let mut left = full;
        for step in &reckoned.steps {
            let shares: i64 = step.shares.iter().map(|share| share.minor).sum();
            prop_assert_eq!(shares, step.off.minor);
            prop_assert!(step.shares.iter().all(|share| share.minor >= 0));
            left -= step.off.minor;
            prop_assert_eq!(step.left.minor, left);
        }
        prop_assert_eq!(quote.subtotal.minor, left);
        prop_assert_eq!(quote.discount.minor, full - left);
        let fee_off: i64 = reckoned.fee_off.iter().map(|(_, off)| off.minor).sum();
        prop_assert_eq!(quote.shipping.minor, reckoned.fee.minor - fee_off);
        prop_assert_eq!(quote.total.minor, left + quote.shipping.minor + quote.tax.minor);
        prop_assert_eq!(reckoned.used.len() + reckoned.refused.len(), coupons.len());
        for (priced, told) in quote.lines.iter().zip(&reckoned.lines) {
            prop_assert!(priced.total.minor >= 0);
            let units = priced.quantity.count();
            let full = priced.unit.times(units);
            let kept = Kept { units, full, off: told.off.clone() };
            prop_assert_eq!(kept.paid(), priced.total);
            let (mut gone, mut paid, mut sums) = (0, 0, vec![0; told.off.len()]);
            while gone < units {
                let more = portion.min(units - gone);
                let left = yuan(priced.total.minor - paid);
                let back = after_sale::share(left, units - gone, more);
                prop_assert!(back.minor >= 0);
                paid += back.minor;
                for (sum, (_, part)) in sums.iter_mut().zip(undone(&kept, gone, more)) {
                    prop_assert!(part.minor >= 0);
                    *sum += part.minor;
                }
                gone += more;
            }
            let off: Vec<i64> = told.off.iter().map(|(_, off)| off.minor).collect();
            prop_assert_eq!((paid, sums), (priced.total.minor, off));
        }
    }

    /// What is offered to begin with is never dearer than nothing, nor than any one coupon.
    #[test]
    fn the_best_is_no_dearer_than_any_alone(
        cart in random_cart(), made in random_offers(), fee in 0i64..3_000,
    ) {
        let goods = [tagged("a"), tagged("b"), tagged("c"), Goods::default()];
        let lines: Vec<Line> = cart
            .iter()
            .enumerate()
            .map(|(n, (count, unit, tag, _))| {
                line(n as i64, *count, listed(*unit), &goods[*tag as usize])
            })
            .collect();
        let (rules, templates) = offers(&made);
        let held: Vec<Presented> =
            templates.iter().enumerate().map(|(n, one)| shown(n as i64, one)).collect();
        let applies = Applies { promotions: &rules, ..applies() };
        let cost = |coupons: &[Presented]| {
            reckon(&lines, &Applies { coupons, ..applies.clone() }, |_| yuan(fee)).quote.total.minor
        };
        let chosen = best(&lines, &applies, &held, |_| yuan(fee));
        let chosen: Vec<Presented> =
            held.iter().filter(|one| chosen.contains(&one.coupon)).copied().collect();
        let least = cost(&chosen);
        prop_assert!(least <= cost(&[]));
        for one in &held {
            prop_assert!(least <= cost(&[*one]));
        }
    }
}
