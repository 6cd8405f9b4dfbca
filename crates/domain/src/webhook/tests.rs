//! The schedule, what answers mean and which addresses may be named, as tables and properties.

use proptest::prelude::*;

use super::*;

const NOW: Moment = Moment(1_795_248_000_000_000);

fn tried(heard: Heard, tries: i64) -> Try {
    Try { heard, tries, wish: None, failing_since: None, jitter: 0, now: NOW }
}

#[test]
fn ten_tries_over_75_hours_and_35_minutes() {
    let mut at = Span(0);
    let mut moments = vec![at];
    let mut tries = 1;
    while let Some(delay) = delay(tries, 0) {
        at = Span(at.0 + delay.0);
        moments.push(at);
        tries += 1;
    }
    assert_eq!(moments.len(), 10);
    assert_eq!(at, Span(Span::hours(75).0 + Span::minutes(35).0 + Span::seconds(5).0));
    assert_eq!(moments[1], Span::seconds(5));
    assert_eq!(delay(10, 0), None);
    assert_eq!(delay(-1, 0), None);
}

#[test]
fn chance_moves_a_try_to_either_side_of_its_time() {
    let plain = delay(1, 0).unwrap().0;
    for share in [1, JITTER / 2, JITTER] {
        let (later, sooner) = (delay(1, share).unwrap().0, delay(1, -share).unwrap().0);
        assert_eq!(later - plain, plain * share / 10_000);
        assert_eq!(plain - sooner, plain * share / 10_000);
    }
    // Never further than that.
    assert_eq!(delay(1, JITTER + 1), delay(1, JITTER));
    assert_eq!(delay(1, -JITTER - 1), delay(1, -JITTER));
}

#[test]
fn what_an_endpoint_is_for_fits_in_a_line() {
    assert_eq!(check_description("  the ERP "), Ok("the ERP"));
    assert_eq!(check_description(""), Ok(""));
    let longest = "茶".repeat(200);
    assert_eq!(check_description(&longest), Ok(&*longest));
    for wrong in [&*"茶".repeat(201), "two\nlines", "a\0b"] {
        assert_eq!(check_description(wrong), Err(Refusal::BadDescription));
    }
}

#[test]
fn what_answers_mean_and_why_endpoints_are_off_have_codes() {
    let meanings = [Meaning::Done, Meaning::Gone, Meaning::Busy, Meaning::Failed];
    assert_eq!(meanings.map(Meaning::code), ["done", "gone", "busy", "failed"]);
    assert_eq!(Off::ALL.map(Off::code), ["staff", "gone", "failing"]);
}

#[test]
fn answers() {
    let check = |status: u16, means: Meaning| assert_eq!(meaning(Heard::Status(status)), means);
    for status in [200, 201, 202, 204, 299] {
        check(status, Meaning::Done);
    }
    for status in [100, 301, 302, 304, 307, 308, 400, 401, 404, 409, 500, 501, 505, 600] {
        check(status, Meaning::Failed);
    }
    for status in [429, 502, 503, 504] {
        check(status, Meaning::Busy);
    }
    check(410, Meaning::Gone);
    assert_eq!(meaning(Heard::Nothing), Meaning::Failed);
}

#[test]
fn whoever_is_gone_is_switched_off_at_once() {
    let follows = after(&tried(Heard::Status(410), 1));
    assert_eq!((follows.fate, follows.off), (Fate::Dead, Some(Off::Gone)));
}

#[test]
fn whoever_is_busy_is_left_alone_for_as_long_as_it_wishes() {
    let busy = |tries, wish| after(&Try { wish, ..tried(Heard::Status(503), tries) });
    let at = |span| Fate::Again(NOW.plus(span));
    // A wish shorter than the schedule does not shorten it.
    assert_eq!(busy(2, Some(Span::seconds(1))).fate, at(Span::minutes(5)));
    assert_eq!(busy(1, Some(Span::minutes(2))).fate, at(Span::minutes(2)));
    assert_eq!(busy(1, Some(Span::minutes(2))).pause, Some(NOW.plus(Span::minutes(2))));
    assert_eq!(busy(1, Some(Span::days(9))).fate, at(LONGEST_WISH));
    assert_eq!(busy(1, None).pause, Some(NOW.plus(Span::seconds(5))));
    // Without a wish the others are not put off for a day with it.
    assert_eq!(busy(9, None).pause, Some(NOW.plus(LONGEST_PAUSE)));
    // A plain error is that one delivery's own.
    assert_eq!(after(&tried(Heard::Status(500), 1)).pause, None);
    assert_eq!(after(&tried(Heard::Nothing, 1)).pause, Some(NOW.plus(Span::seconds(5))));
}

#[test]
fn an_endpoint_is_switched_off_only_after_days_of_nothing() {
    let last = |since: Option<Span>| {
        let failing_since = since.map(|since| NOW.minus(since));
        after(&Try { failing_since, ..tried(Heard::Status(500), 10) })
    };
    assert_eq!(last(None), Follows { fate: Fate::Dead, pause: None, off: None });
    assert_eq!(last(Some(Span::hours(71))).off, None);
    assert_eq!(last(Some(FAILING)).off, Some(Off::Failing));
}

#[test]
fn addresses() {
    let check = |url: &str, real, play| {
        assert_eq!(check_url(url, false).ok(), real, "{url}");
        assert_eq!(check_url(url, true).ok(), play, "{url} in a sandbox");
    };
    let public = Some(Reach::Public);
    check("https://erp.example/hooks?shop=1", public, public);
    check("HTTPS://erp.example:8443", public, public);
    check("https://[2606:4700::1]/x", public, public);
    check("http://erp.example/hooks", None, None);
    check("http://127.0.0.1:9000/hooks", None, Some(Reach::Home));
    check("http://localhost/hooks", None, Some(Reach::Home));
    check("http://[::1]:80/", None, Some(Reach::Home));
    check("http://127.0.0.1.evil.example/", None, None);
    check("http://localhost.evil.example/", None, None);
    check("http://127.0.0.1@evil.example/", None, None);
    check("http://127.0.0.1\\@evil.example/", None, None);
    for bad in ["", "https://", "https:///x", "ftp://a.example", "javascript:alert(1)", "a.example"]
    {
        check(bad, None, None);
    }
    check("https://ann:pw@erp.example/", None, None);
    check("https://erp.example/a b", None, None);
    check("https://erp.example/\r\nx: y", None, None);
    check("https://erp.example:0/", None, None);
    check("https://erp.example:99999/", None, None);
    check("https://erp.example/#part", None, None);
    check(&format!("https://erp.example/{}", "x".repeat(2_000)), None, None);
}

#[test]
fn names_of_events() {
    let check = |names: &[&str]| {
        check_events(&names.iter().map(|name| name.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(check(&[]), Ok(vec![]));
    let right = vec!["order.placed".to_string(), "order.paid".into()];
    assert_eq!(check(&["order.paid", "order.placed", "order.paid"]), Ok(right));
    assert_eq!(check(&["order.*"]), Err(Refusal::NoSuchEvent));
}

proptest! {
    /// Whatever comes back: a delivery never comes back early, never later than a day and a tenth,
    /// ends after ten tries, and pauses end before its own next try or when the endpoint wished.
    #[test]
    fn a_delivery_ends(
        status in proptest::option::of(100u16..600),
        tries in 1i64..12,
        wish in proptest::option::of(-10i64..200_000_000_000),
        jitter in -2_000i64..2_000,
        since in proptest::option::of(0i64..400_000_000_000),
    ) {
        let heard = status.map_or(Heard::Nothing, Heard::Status);
        let failing_since = since.map(|since| NOW.minus(Span(since)));
        let wish = wish.map(Span);
        let follows = after(&Try { heard, tries, wish, failing_since, jitter, now: NOW });
        match follows.fate {
            Fate::Sent => prop_assert_eq!(meaning(heard), Meaning::Done),
            Fate::Dead => prop_assert!(tries >= 10 || follows.off == Some(Off::Gone)),
            Fate::Again(at) => {
                let base = SCHEDULE[usize::try_from(tries).unwrap()].0;
                let wait = at.since(NOW).0;
                prop_assert!(wait >= base / 10 * 9);
                prop_assert!(wait <= base.max(LONGEST_WISH.0) / 10 * 11);
                prop_assert!(tries < 10);
                prop_assert!(follows.pause.is_none_or(|pause| pause <= at));
            }
        }
        prop_assert!(follows.off.is_none() || follows.fate == Fate::Dead);
    }
}
