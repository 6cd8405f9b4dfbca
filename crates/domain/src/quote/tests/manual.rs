//! The tables of the manual, run.

use super::*;

const MANUAL: &str = include_str!("../../../../../docs/explanation/stacking-promotions.md");

/// The rows of the table whose first column is called so.
fn table(first: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        let line = line.trim_start_matches('|').trim_end_matches('|');
        line.split('|').map(|cell| cell.trim().to_string()).collect()
    };
    let mut lines = MANUAL.lines().skip_while(|line| {
        !line.starts_with('|') || cells(line).first().is_none_or(|cell| cell != first)
    });
    lines.next().unwrap_or_else(|| panic!("no table of {first}"));
    lines.skip(1).take_while(|line| line.starts_with('|')).map(cells).collect()
}

fn amount(text: &str) -> i64 {
    Money::parse(text, Currency::Cny).unwrap_or_else(|_| panic!("{text} is no amount")).minor
}

fn off(text: &str) -> Off {
    match text.strip_suffix('%') {
        Some(part) => {
            let rate = rate(part.trim().parse::<i64>().unwrap() * 100);
            Off::Part { rate, most: None }
        }
        None => Off::Amount { minor: amount(text) },
    }
}

/// A promotion or a coupon of the manual.
enum Offer {
    Promotion(Rule),
    Coupon(Template),
}

fn offer(id: i64, row: &[String]) -> Offer {
    let [_, kind, whom, from, takes] = row else { panic!("five columns in {row:?}") };
    let threshold = if from.is_empty() { 0 } else { amount(from) };
    let scope = if whom == "cups" { only("cup") } else { Scope::default() };
    let group = kind.split('*').nth(1).unwrap_or("bundle");
    if let Some(price) = takes.strip_prefix("costs ") {
        let parts = [1, 2].map(|id| Part { variant: Id::new(id), quantity: Quantity::ONE });
        let bundle = Effect::Bundle { parts: parts.to_vec(), price: amount(price), most: 9 };
        return Offer::Promotion(promotion(id, group, scope, bundle));
    }
    if kind.starts_with("promotion") {
        let from = Threshold::Amount { minor: threshold };
        let steps = vec![Level { from, off: off(takes) }];
        let effect = Effect::SpendAndSave { steps, for_every: false };
        return Offer::Promotion(promotion(id, group, scope, effect));
    }
    let issuer = if kind.contains("platform,") { Issuer::Platform } else { Issuer::Merchant };
    let coupon = template(issuer, Gives::Goods { off: off(takes) }, threshold, group);
    let stacks = if kind.ends_with("alone") { Stacks::Alone } else { coupon.stacks.clone() };
    Offer::Coupon(Template { stacks, ..coupon })
}

#[test]
fn the_example_of_the_manual() {
    let offers = table("Offer");
    let place = |name: &str| offers.iter().position(|row| row[0] == name);
    let (tea, cup) = (tagged("tea"), tagged("cup"));
    let terms = Spending { points: 1, minor: 1, most: rate(5_000), least: 1 };
    let rows = table("Teas");
    assert!(rows.len() >= 14);
    for row in rows {
        let mut lines = Vec::new();
        for (id, count, unit, goods) in [(1, &row[0], 10_000, &tea), (2, &row[1], 5_000, &cup)] {
            if count != "0" {
                lines.push(line(id, count.parse().unwrap(), listed(unit), goods));
            }
        }
        let (mut rules, mut templates, mut points) = (Vec::new(), Vec::new(), 0);
        for (n, name) in row[2].split(", ").enumerate() {
            if let Some(count) = name.strip_suffix(" points") {
                points = count.parse().unwrap();
                continue;
            }
            let at = place(name).unwrap_or_else(|| panic!("no offer {name}"));
            match offer(at as i64, &offers[at]) {
                Offer::Promotion(rule) => rules.push(Rule { priority: -(n as i64), ..rule }),
                Offer::Coupon(template) => templates.push((at as i64, template)),
            }
        }
        let coupons: Vec<Presented> = templates.iter().map(|(id, one)| shown(*id, one)).collect();
        let applies = Applies {
            promotions: &rules,
            coupons: &coupons,
            points: Some(Points { wanted: points, there: points, terms: &terms }),
            ..applies()
        };
        let reckoned = reckon(&lines, &applies, free);
        let taken: Vec<String> = reckoned.steps.iter().map(|step| step.off.decimal()).collect();
        assert_eq!(taken.join(", "), row[3], "{row:?}");
        assert_eq!(reckoned.quote.total.decimal(), row[4], "{row:?}");
        let why = |(id, refusal): &(Id<Coupon>, Refusal)| {
            let name = &offers[id.0 as usize][0];
            let alone = offers[id.0 as usize][1].ends_with("alone");
            match refusal {
                Refusal::BelowThreshold(missing) => {
                    format!("{name}: {} missing", missing.decimal())
                }
                Refusal::NotTogether if alone => format!("{name}: stands alone"),
                Refusal::NotTogether => format!("{name}: another of its group"),
                other => format!("{name}: {other:?}"),
            }
        };
        let refused: Vec<String> = reckoned.refused.iter().map(why).collect();
        assert_eq!(refused.join(", "), row[5], "{row:?}");
    }
}

#[test]
fn what_comes_back_in_the_manual() {
    let (coupon, points) = (Cause::MerchantCoupon(Id::new(1)), Cause::Points);
    let off = vec![(coupon, yuan(100)), (points, yuan(50))];
    let kept = Kept { units: 3, full: yuan(3_000), off };
    let rows = table("Units back");
    assert_eq!(rows.len(), 3);
    for row in rows {
        let (mut gone, mut left) = (0, kept.paid());
        let mut told = [Vec::new(), Vec::new(), Vec::new()];
        for count in row[0].split(", then ").map(|count| count.parse::<i64>().unwrap()) {
            let money = after_sale::share(left, 3 - gone, count);
            let undone = undone(&kept, gone, count);
            for (list, money) in told.iter_mut().zip([money, undone[0].1, undone[1].1]) {
                list.push(money.decimal());
            }
            left = left.minus(money);
            gone += count;
        }
        let told = told.map(|list| list.join(", "));
        assert_eq!([&told[0], &told[1], &told[2]], [&row[1], &row[2], &row[3]], "{row:?}");
    }
}
