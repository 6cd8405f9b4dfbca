//! Tables and properties of invoices.

use proptest::prelude::*;

use super::*;
use crate::money::Currency;

fn cny(minor: i64) -> Money {
    Money::new(minor, Currency::Cny)
}

fn points(points: i64) -> Rate {
    Rate::from_basis_points(points).unwrap()
}

fn part(quantity: i64, paid: i64, back: i64, tax: i64, tax_back: i64, rate: i64) -> Part {
    Part {
        name: "tea".into(),
        spec: String::new(),
        quantity,
        paid: cny(paid),
        back: cny(back),
        tax: cny(tax),
        tax_back: cny(tax_back),
        rate: points(rate),
    }
}

#[test]
fn an_invoice_is_what_was_paid_less_what_went_back_and_less_credit() {
    let said = |parts: &[Part], credit| -> Vec<(i64, i64, i64)> {
        let lines = lines(parts, cny(credit));
        lines.iter().map(|line| (line.quantity, line.amount.minor, line.tax.minor)).collect()
    };
    let tea = part(3, 3_390, 0, 390, 0, 1_300);
    let way = part(1, 1_000, 0, 0, 0, 0);
    assert_eq!(said(&[tea.clone(), way.clone()], 0), [(3, 3_390, 390), (1, 1_000, 0)]);
    // One of three went back with its tax.
    let less = part(3, 3_390, 1_130, 390, 130, 1_300);
    assert_eq!(said(&[less, way.clone()], 0), [(2, 2_260, 260), (1, 1_000, 0)]);
    // A little went back: three are still there.
    assert_eq!(said(&[part(3, 3_390, 100, 390, 11, 1_300)], 0), [(3, 3_290, 379)]);
    // A part was paid with credit: it is shared, and the tax shrinks with it.
    assert_eq!(said(&[tea.clone(), way.clone()], 439), [(3, 3_051, 351), (1, 900, 0)]);
    // All of it was.
    assert_eq!(said(&[tea.clone(), way.clone()], 4_390), []);
    assert_eq!(said(&[tea, way], 9_999), []);
    assert_eq!(said(&[], 0), []);
    assert_eq!(said(&[part(2, 0, 0, 0, 0, 0)], 0), []);
}

#[test]
fn who_may_ask_and_what_may_be_issued() {
    let standing =
        |order, left, request| Standing { offered: true, order, left: cny(left), request };
    use Status::*;
    for paid in [Paid, AwaitingTeam, ToShip, Shipped, Delivered, Completed, Refunding] {
        assert_eq!(may_ask(&standing(paid, 1, None)), Ok(()), "{paid:?}");
        assert_eq!(may_ask(&standing(paid, 0, None)), Err(Refusal::NothingLeft));
        let issued = match paid {
            AwaitingTeam => Err(Refusal::AwaitsTeam),
            _ => Ok(()),
        };
        assert_eq!(may_issue(&standing(paid, 1, Some(State::Asked))), issued);
    }
    for unpaid in [PendingPayment, Cancelled, LatePaid] {
        assert_eq!(may_ask(&standing(unpaid, 1, None)), Err(Refusal::NotPaid(unpaid)));
        assert_eq!(may_issue(&standing(unpaid, 1, None)), Err(Refusal::NotPaid(unpaid)));
    }
    let again = |request| may_ask(&standing(ToShip, 1, Some(request)));
    assert_eq!(again(State::Asked), Err(Refusal::AlreadyAsked));
    assert_eq!(again(State::Issued), Err(Refusal::AlreadyIssued));
    for over in [State::Declined, State::Withdrawn, State::Red] {
        assert_eq!(again(over), Ok(()));
    }
    let closed = Standing { offered: false, ..standing(ToShip, 1, None) };
    assert_eq!(may_ask(&closed), Err(Refusal::NotOffered));
    assert_eq!(may_issue(&closed), Err(Refusal::NotOffered));
    assert!(is_received(Delivered) && is_received(Completed) && !is_received(Shipped));
}

#[test]
fn requests_go_forward_only() {
    use State::*;
    let ways: Vec<(State, State)> = State::ALL
        .into_iter()
        .flat_map(|from| State::ALL.into_iter().map(move |to| (from, to)))
        .filter(|(from, to)| from.may_become(*to))
        .collect();
    let want = [(Asked, Issued), (Asked, Declined), (Asked, Withdrawn), (Issued, Red)];
    assert_eq!(ways.len(), want.len());
    assert!(want.iter().all(|way| ways.contains(way)));
    assert!(State::ALL.into_iter().all(|state| State::parse(state.code()) == Some(state)));
    assert!(TitleKind::ALL.into_iter().all(|kind| TitleKind::parse(kind.code()) == Some(kind)));
}

#[test]
fn titles_are_of_people_or_of_companies_with_a_number() {
    let title = |kind, name: &str, tax_number: &str| Title {
        kind,
        name: name.into(),
        tax_number: tax_number.into(),
        address: String::new(),
    };
    let person = title(TitleKind::Person, "  Ann \n Li ", "whatever").checked().unwrap();
    assert_eq!((person.name.as_str(), person.tax_number.as_str()), ("Ann Li", ""));
    let company = title(TitleKind::Company, "茶馆", "9133 0100799655058b").checked().unwrap();
    assert_eq!(company.tax_number, "91330100799655058B");
    let bad = |kind, name: &str, number: &str| title(kind, name, number).checked().unwrap_err();
    assert_eq!(bad(TitleKind::Company, "茶馆", ""), Refusal::BadTaxNumber);
    assert_eq!(bad(TitleKind::Company, "茶馆", "91330100799655058A"), Refusal::BadTaxNumber);
    assert_eq!(bad(TitleKind::Person, " ", ""), Refusal::BadTitle);
    assert_eq!(bad(TitleKind::Person, &"x".repeat(101), ""), Refusal::BadTitle);
    let far = Title { address: "x".repeat(201), ..person };
    assert_eq!(far.checked(), Err(Refusal::BadAddress));
}

#[test]
fn numbers_and_what_they_begin_with() {
    assert_eq!(number("FP", 2026, 42), "FP2026-000042");
    assert_eq!(number("", 2026, 1_000_000), "2026-1000000");
    for good in ["", "FP", "SHOP-", "A1B"] {
        assert_eq!(check_prefix(good), Ok(()), "{good}");
    }
    for bad in ["fp", "FP1", "发票", "A B", "ABCDEFGHIJK"] {
        assert_eq!(check_prefix(bad), Err(Refusal::BadPrefix), "{bad}");
    }
    assert_eq!(reason("  wrong\nname "), Ok("wrong name".into()));
    assert_eq!(reason(" "), Err(Refusal::NoReason));
    assert_eq!(reason(&"x".repeat(201)), Err(Refusal::NoReason));
}

fn any_part() -> impl Strategy<Value = Part> {
    let whole = (1i64..20, 0i64..1_000_000, 0i64..=10_000, 0i64..=2_000, 0usize..3);
    whole.prop_map(|(quantity, paid, back, tax, n)| {
        let rate = [0, 600, 1_300][n];
        let tax = if rate == 0 { 0 } else { paid * tax / 10_000 };
        let back = paid * back / 10_000;
        let tax_back = back_so_far(cny(tax), cny(paid), cny(back)).minor;
        part(quantity, paid, back, tax, tax_back, rate)
    })
}

proptest! {
    #[test]
    fn an_invoice_sums_to_the_money_that_stayed(
        parts in proptest::collection::vec(any_part(), 0..8), credit in 0i64..2_000_000,
    ) {
        let left: i64 = parts.iter().map(|part| part.paid.minor - part.back.minor).sum();
        let lines = lines(&parts, cny(credit));
        let sums = sums(&lines, cny(0));
        prop_assert_eq!(sums.total.minor, left - credit.min(left));
        prop_assert_eq!(sums.net.plus(sums.tax), sums.total);
        for line in &lines {
            prop_assert!(line.quantity >= 1 && line.amount.minor > 0);
            prop_assert!(line.tax.minor >= 0 && line.tax.minor <= line.amount.minor);
        }
        // Without credit the tax is what stayed of it, to the cent.
        if credit == 0 {
            let stayed = |part: &Part| part.paid != part.back;
            let tax: i64 = parts.iter().filter(|part| stayed(part))
                .map(|part| part.tax.minor - part.tax_back.minor).sum();
            prop_assert_eq!(sums.tax.minor, tax);
        }
        let mut by_rates = cny(0);
        for (_, sums) in by_rate(&lines) {
            prop_assert_eq!(sums.net.plus(sums.tax), sums.total);
            by_rates = by_rates.plus(sums.total);
        }
        prop_assert_eq!(by_rates, sums.total);
    }

    #[test]
    fn a_red_invoice_takes_back_exactly_what_was_issued(
        parts in proptest::collection::vec(any_part(), 0..8), credit in 0i64..100_000,
    ) {
        let lines = lines(&parts, cny(credit));
        let red = mirrored(&lines);
        let (one, other) = (sums(&lines, cny(0)), sums(&red, cny(0)));
        prop_assert!(one.total.plus(other.total).is_zero() && one.tax.plus(other.tax).is_zero());
        prop_assert!(red.iter().all(|line| line.quantity < 0 && line.amount.minor < 0));
        prop_assert_eq!(mirrored(&red), lines);
    }
}
