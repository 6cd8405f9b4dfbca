//! The overview: is anything wrong, what needs me, how is it going.

use askama::Template;

use super::Frame;
use super::part::{ChartView, Fact, Task};

#[derive(Template)]
#[template(path = "console/overview/show.html")]
struct Show {
    p: Frame,
    greeting: String,
    today: String,
    wrong: Vec<Task>,
    calm: Vec<Calm>,
    needs: Vec<Task>,
    figures: Vec<Figure>,
    charts: Vec<ChartView>,
}

/// One thing that is in order.
struct Calm {
    text: String,
    href: &'static str,
}

/// A number of today beside what it was.
struct Figure {
    name: String,
    /// Markup: currency and decimals smaller.
    value: String,
    href: String,
    spark: String,
    versus: Vec<Versus>,
}

struct Versus {
    tone: &'static str,
    delta: String,
    label: String,
    value: String,
}
