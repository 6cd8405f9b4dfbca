//! Which price holds, as the tables of the manual and as properties.

use proptest::prelude::*;

use super::*;

const MANUAL: &str = include_str!("../../../../../docs/explanation/prices-and-tax.md");

/// The rows of the table of the manual whose first column is called so.
fn table(first: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect()
    };
    let mut lines = MANUAL.lines().skip_while(|line| {
        !line.starts_with('|') || cells(line).first().is_none_or(|cell| cell != first)
    });
    lines.next().unwrap_or_else(|| panic!("no table of {first}"));
    lines.skip(1).take_while(|line| line.starts_with('|')).map(cells).collect()
}

fn yuan(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

fn amount(text: &str) -> i64 {
    Money::parse(text, Currency::Cny).unwrap_or_else(|_| panic!("{text} is no amount")).minor
}

fn points(text: &str) -> Rate {
    let percent = text.trim_start_matches('−').trim_end_matches('%').trim();
    Rate::from_basis_points(percent.parse::<i64>().unwrap() * 100).unwrap()
}

const GROUPS: [&str; 2] = ["trade", "gold"];

fn groups(text: &str) -> Vec<Id<CustomerGroup>> {
    let named = GROUPS.iter().enumerate().filter(|(_, name)| text.contains(**name));
    named.map(|(n, _)| Id::new(n as i64 + 1)).collect()
}

/// The lists of the manual, their names, and the fixed prices they have for tea.
fn lists() -> (Vec<List>, Vec<String>, Goods) {
    let mut goods = Goods { tags: vec!["green".into()], ..Goods::default() };
    let (mut lists, mut names) = (Vec::new(), Vec::new());
    for (n, row) in table("List").into_iter().enumerate() {
        let id = Id::new(n as i64 + 1);
        let day = |text: &str| Moment(text.trim().parse().unwrap());
        let dates = row[2].split_once('–').map(|(from, end)| (day(from), day(end)));
        let mut cuts = Vec::new();
        for said in row[4].split(';').map(str::trim) {
            let (from, what) = match said.strip_prefix("from ").and_then(|s| s.split_once(':')) {
                Some((from, what)) => (from.trim().parse().unwrap(), what.trim()),
                None => (1, said),
            };
            match what.split_once(" on ") {
                Some((off, over)) => {
                    let over = match over {
                        "everything" => Over::Everything,
                        tag => Over::Tag { tag: tag.into() },
                    };
                    cuts.push(Cut { over, off: points(off), from });
                }
                None => goods.fixed.push((id, Tier { from, price: amount(what) })),
            }
        }
        lists.push(List {
            id,
            currency: Currency::Cny,
            groups: groups(&row[1]),
            starts_at: dates.map(|dates| dates.0),
            ends_at: dates.map(|dates| dates.1),
            priority: row[3].parse().unwrap(),
            cuts,
        });
        names.push(row[0].clone());
    }
    (lists, names, goods)
}

#[test]
fn the_price_is_what_the_manual_says() {
    let (lists, names, goods) = lists();
    assert!(lists.len() >= 5);
    let rows = table("Buyer");
    assert!(rows.len() >= 10);
    for row in rows {
        let groups = groups(&row[0]);
        let now = Moment(row[1].parse().unwrap());
        let asking = Asking { groups: &groups, currency: Currency::Cny, now };
        let base = Some(yuan(5_000));
        let chosen = choose(base, true, &lists, &goods, row[2].parse().unwrap(), &asking).unwrap();
        let list = chosen.list.map(|id| names[id.0 as usize - 1].clone()).unwrap_or_default();
        let because = match list.is_empty() {
            true => chosen.why.code().to_string(),
            false => format!("{}: {list}", chosen.why.code()),
        };
        assert_eq!((chosen.unit.minor, because), (amount(&row[3]), row[4].clone()), "{row:?}");
    }
}

#[test]
fn tax_is_what_the_manual_says() {
    let rows = table("Lines");
    assert!(rows.len() >= 4);
    for row in rows {
        let lines: Vec<(Money, Rate)> = row[0]
            .split(',')
            .map(|line| {
                let (amount_of, rate) = line.split_once(" at ").unwrap();
                (yuan(amount(amount_of)), points(rate))
            })
            .collect();
        let taxes = crate::tax::on_lines(&lines, row[1] == "include it");
        let want: Vec<i64> = row[2].split(',').map(amount).collect();
        assert_eq!(taxes.iter().map(|tax| tax.minor).collect::<Vec<_>>(), want, "{row:?}");
        let (net, tax) = (lines.iter().map(|l| l.0.minor).sum::<i64>(), want.iter().sum::<i64>());
        let pays = if row[1] == "include it" { net } else { net + tax };
        assert_eq!(pays, amount(&row[3]), "{row:?}");
    }
}

#[test]
fn a_former_price_is_what_the_manual_says() {
    use crate::moment::Span;
    use crate::price::history::{Charged, former};
    let day = |text: &str| Moment(text.parse::<i64>().unwrap() * Span::days(1).0);
    let rows = table("Charged before");
    assert!(rows.len() >= 5);
    for row in rows {
        let past: Vec<Charged> = row[0]
            .split(',')
            .filter(|text| *text != "nothing")
            .map(|text| {
                let words: Vec<&str> = text.split_whitespace().collect();
                Charged { price: amount(words[0]), from: day(words[2]), until: Some(day(words[4])) }
            })
            .collect();
        let shown = former(amount(&row[1]), 4_000, day("100"), &past);
        let said = shown.map_or("nothing".to_string(), |minor| yuan(minor).decimal());
        assert_eq!(said, row[2], "{row:?}");
    }
}

#[test]
fn tiers_are_shown_while_more_is_cheaper() {
    let (lists, _, goods) = lists();
    let asking = Asking { groups: &groups("trade"), currency: Currency::Cny, now: Moment(50) };
    let tiers = tiers(Some(yuan(5_000)), true, &lists, &goods, &asking);
    let tiers: Vec<(i64, i64)> = tiers.iter().map(|(from, c)| (*from, c.unit.minor)).collect();
    assert_eq!(tiers, [(1, 3_500), (10, 3_200), (100, 2_500)]);
}

#[test]
fn another_currency_has_prices_of_its_own() {
    let euro = |minor| Money::new(minor, Currency::Eur);
    let asking = Asking { groups: &[], currency: Currency::Eur, now: Moment(50) };
    let list = |id, cuts| List {
        id: Id::new(id),
        currency: Currency::Eur,
        groups: vec![],
        starts_at: None,
        ends_at: None,
        priority: 0,
        cuts,
    };
    let off = Cut { over: Over::Everything, off: points("10 %"), from: 1 };
    let mut goods = Goods::default();
    let price = |lists: &[List], goods: &Goods, base| {
        choose(base, false, lists, goods, 1, &asking).map(|c| (c.unit.minor, c.why))
    };
    // Nothing gives it a price, so it is not for sale in that currency.
    assert_eq!(price(&[list(1, vec![off.clone()])], &goods, None), None);
    // Its converted price, and what is taken off that.
    assert_eq!(price(&[], &goods, Some(euro(640))), Some((640, Why::Ordinary)));
    let cut = list(1, vec![off.clone()]);
    assert_eq!(price(&[cut], &goods, Some(euro(640))), Some((576, Why::List)));
    // A price that is written down replaces the converted one, also where that is less.
    goods.fixed.push((Id::new(1), Tier { from: 1, price: 700 }));
    assert_eq!(price(&[list(1, vec![])], &goods, Some(euro(640))), Some((700, Why::Ordinary)));
    let lists = [list(1, vec![]), list(2, vec![off])];
    assert_eq!(price(&lists, &goods, Some(euro(640))), Some((630, Why::List)));
}

#[test]
fn amounts_are_converted_and_rounded() {
    let check = |minor, micros, step, to, want: Option<i64>| {
        let found = Conversion { micros, step }.of(yuan(minor), to);
        assert_eq!(found.map(|money| money.minor), want, "{minor} × {micros} to {step}");
    };
    check(10_000, 138_900, 1, Currency::Usd, Some(1_389));
    check(10_000, 138_900, 50, Currency::Usd, Some(1_400));
    check(10_000, 20_500_000, 10, Currency::Jpy, Some(2_050));
    check(1, 138_900, 1, Currency::Usd, Some(1));
    check(0, 138_900, 5, Currency::Usd, Some(0));
    check(crate::money::LARGEST, 1_000_000_000, 1, Currency::Usd, None);
    let possible = |micros, step| Conversion { micros, step }.is_possible();
    assert!(possible(1, 1) && !possible(0, 1) && !possible(1, 0) && !possible(i64::MAX, 1));
}

#[test]
fn a_list_is_on_from_its_beginning_until_its_end() {
    let (lists, names, _) = lists();
    let spring = &lists[names.iter().position(|name| name == "spring").unwrap()];
    let on: Vec<bool> = [99, 100, 199, 200].map(|at| spring.is_on(Moment(at))).to_vec();
    assert_eq!(on, [false, true, true, false]);
    for why in Why::ALL {
        assert_eq!(Why::parse(why.code()), Some(why));
    }
}

proptest! {
    /// Whatever lists there are: never dearer than ordinary, never less than what some list says,
    /// and never two at once.
    #[test]
    fn the_lowest_price_holds_and_only_one(
        base in 1i64..1_000_000,
        lists in proptest::collection::vec((0i64..10_000, 0i64..5, any::<bool>()), 0..6),
        quantity in 1i64..20,
    ) {
        let mut goods = Goods::default();
        let mut said = vec![base];
        let lists: Vec<List> = lists.into_iter().enumerate().map(|(n, (off, priority, fixed))| {
            let id = Id::new(n as i64 + 1);
            let mut cuts = Vec::new();
            if fixed {
                let price = base * (10_000 - off) / 10_000;
                goods.fixed.push((id, Tier { from: 1, price }));
                said.push(price);
            } else {
                let off = Rate::from_basis_points(off).unwrap();
                said.push(base - off.of(yuan(base)).minor);
                cuts.push(Cut { over: Over::Everything, off, from: 1 });
            }
            let (starts_at, ends_at) = (None, None);
            let currency = Currency::Cny;
            List { id, currency, groups: vec![], starts_at, ends_at, priority, cuts }
        }).collect();
        let asking = Asking { groups: &[], currency: Currency::Cny, now: Moment(0) };
        let chosen = choose(Some(yuan(base)), true, &lists, &goods, quantity, &asking).unwrap();
        prop_assert_eq!(Some(chosen.unit.minor), said.into_iter().min());
        prop_assert_eq!(chosen.ordinary, Some(yuan(base)));
        let mut turned = lists.clone();
        turned.reverse();
        let again = choose(Some(yuan(base)), true, &turned, &goods, quantity, &asking);
        prop_assert_eq!(again, Some(chosen), "the order of lists means nothing");
    }
}
