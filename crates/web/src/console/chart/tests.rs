//! What charts must keep to, whatever the numbers.

use super::*;

fn column(value: i64) -> Column {
    Column { label: "Mon".into(), tip: "<b>".into(), parts: vec![("bar-1", value)], open: false }
}

#[test]
fn the_axis_ends_on_a_round_number_in_at_most_four_steps() {
    for (most, step, steps) in
        [(0, 1, 1), (1, 1, 1), (4, 1, 4), (5, 2, 3), (99, 50, 2), (401, 200, 3)]
    {
        let scale = Scale::over(most);
        assert_eq!((scale.step, scale.steps), (step, steps), "for {most}");
    }
    for most in (1..50_000).step_by(37) {
        let scale = Scale::over(most);
        assert!(scale.steps <= 4 && scale.step * scale.steps >= most);
    }
}

#[test]
fn a_bar_stays_inside_and_something_is_never_nothing() {
    let scale = Scale::over(1_000_000);
    assert_eq!(scale.height(1_000_000), PLOT);
    assert_eq!(scale.height(1), 1);
    assert_eq!(scale.height(0), 0);
    assert_eq!(scale.height(-5), 0);
}

#[test]
fn words_are_escaped_and_nothing_is_styled_inline() {
    let svg = bars("sales", "a \"quoted\" title", &[(1, "a")], &[column(3), column(0)], &|v| {
        v.to_string()
    });
    assert!(svg.contains("&lt;b&gt;") && svg.contains("&quot;quoted&quot;"));
    assert!(!svg.contains("style"));
}

#[test]
fn empty_charts_are_still_charts() {
    assert!(bars("none", "", &[], &[], &|v| v.to_string()).ends_with("</svg>"));
    assert!(lines("", &[], &[], &[], &|v| v.to_string()).ends_with("</svg>"));
    assert!(spark(&[], &[]).ends_with("</svg>"));
    assert!(meter(&[("good", 9)], 0).contains("width=\"1000\""));
    assert!(seats(1, 3, false).contains("seat-free"));
}
