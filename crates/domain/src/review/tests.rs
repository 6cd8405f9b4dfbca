//! Who may write when, what a text becomes, and what the stars come to.

use proptest::prelude::*;

use super::*;

const NOW: Moment = Moment(1_795_248_000_000_000);

fn ago(days: i64) -> Option<Moment> {
    Some(NOW.minus(Span::days(days)))
}

#[test]
fn a_review_is_of_what_was_received() {
    let check = |status, received_at, written, want: Result<(), Refusal>| {
        let bought = Bought { status, received_at, written };
        assert_eq!(may_write(bought, NOW), want, "{bought:?}");
    };
    check(Status::Delivered, ago(1), false, Ok(()));
    check(Status::Completed, ago(180), false, Ok(()));
    check(Status::Completed, ago(181), false, Err(Refusal::TooLate));
    check(Status::Completed, ago(1), true, Err(Refusal::Written));
    check(Status::Delivered, None, false, Err(Refusal::NotReceived(Status::Delivered)));
    for status in Status::ALL {
        if !matches!(status, Status::Delivered | Status::Completed) {
            // Money that went back after receipt as well.
            check(status, ago(1), false, Err(Refusal::NotReceived(status)));
        }
    }
}

#[test]
fn one_follow_up_within_the_window() {
    let check = |days, followed_up, hidden, want: Result<(), Refusal>| {
        let written_at = NOW.minus(Span::days(days));
        assert_eq!(may_follow_up(written_at, followed_up, hidden, NOW), want);
    };
    check(0, false, false, Ok(()));
    check(180, false, false, Ok(()));
    check(181, false, false, Err(Refusal::TooLate));
    check(1, true, false, Err(Refusal::Written));
    check(1, false, true, Err(Refusal::Hidden));
    check(181, true, true, Err(Refusal::Hidden));
}

#[test]
fn stars_are_one_to_five() {
    for stars in -1..=7 {
        let want = if matches!(stars, 1..=5) { Ok(stars) } else { Err(Refusal::BadStars) };
        assert_eq!(check_stars(stars), want);
    }
}

#[test]
fn the_score_is_the_plain_mean_rounded_half_up() {
    let check = |stars, want| assert_eq!(score(stars), want, "{stars:?}");
    check([0, 0, 0, 0, 0], None);
    check([0, 0, 0, 0, 1], Some(50));
    check([1, 0, 0, 0, 0], Some(10));
    check([1, 0, 0, 0, 1], Some(30));
    check([0, 0, 0, 1, 2], Some(47));
    check([0, 0, 1, 0, 2], Some(43));
    // 4.25 and 4.75: half up.
    check([0, 0, 0, 3, 1], Some(43));
    check([0, 0, 0, 1, 3], Some(48));
    // 4.95 is not 5.0 before it is reached; 4.949… stays below.
    check([0, 0, 0, 1, 19], Some(50));
    check([0, 0, 0, 2, 37], Some(49));
}

#[test]
fn texts_are_plain() {
    let check = |text: &str, want: &str| assert_eq!(clean(text).as_deref(), Ok(want), "{text:?}");
    check("", "");
    check("  good \t tea \u{0} ", "good tea");
    check("one\r\ntwo\n\n\n\nthree\n\n", "one\ntwo\n\nthree");
    check("\u{202e}evil\u{200b}\u{feff}", "evil");
    check("<b>茶</b>", "<b>茶</b>");
    assert!(clean(&"茶".repeat(2_000)).is_ok());
    assert_eq!(clean(&"茶".repeat(2_001)), Err(Refusal::BadText));
    assert_eq!(clean_said(" \n \u{200b}"), Err(Refusal::BadText));
    assert_eq!(clean_said(" a "), Ok("a".to_string()));
}

#[test]
fn no_answer_pays_for_praise() {
    assert!(clean_answer("谢谢您的评价，欢迎再来").is_ok());
    for text in ["好评 返现 5 元", "联系我们改好评", "Cash  for review!", "加微信，五星返红包"]
    {
        assert_eq!(clean_answer(text), Err(Refusal::BuysPraise), "{text}");
    }
    assert_eq!(clean_answer("  "), Err(Refusal::BadText));
}

#[test]
fn grounds_are_read_back_and_each_names_its_law() {
    for ground in Ground::ALL {
        assert_eq!(Ground::parse(ground.code()), Some(ground));
        assert!(ground.law().contains('第'));
    }
    assert_eq!(Ground::parse("low_score"), None);
    let sorts = Sort::ALL.map(Sort::code);
    assert_eq!(sorts, ["new", "helpful", "stars_up", "stars_down"]);
    assert_eq!(Sort::default(), Sort::New, "no praise first");
}

proptest! {
    #[test]
    fn a_score_lies_between_the_stars_that_were_given(
        stars in prop::array::uniform5(0i64..10_000)
    ) {
        let given: Vec<i64> = (1..=5).filter(|star| stars[*star as usize - 1] > 0).collect();
        match score(stars) {
            None => prop_assert!(given.is_empty()),
            Some(tenths) => {
                prop_assert!(tenths >= given[0] * 10 && tenths <= given[given.len() - 1] * 10);
                // Never further from the mean than half a tenth.
                let count: i64 = stars.iter().sum();
                let sum: i64 = (1..).zip(stars).map(|(value, times)| value * times).sum();
                prop_assert!((2 * (tenths * count - 10 * sum)).abs() <= count);
            }
        }
    }

    #[test]
    fn a_cleaned_text_is_clean(text in "\\PC{0,80}|(.|\\n){0,80}") {
        let once = clean(&text).unwrap();
        prop_assert_eq!(clean(&once), Ok(once.clone()));
        prop_assert!(once.chars().all(|c| c == '\n' || !c.is_control()));
        prop_assert!(!once.contains("\n\n\n"));
    }
}
