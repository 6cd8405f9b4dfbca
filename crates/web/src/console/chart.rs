//! Charts as SVG, made on the server.
//!
//! Shapes are placed in percent of the width and in pixels of the height, so a chart stretches
//! with its page while its words keep their size. Colours are classes: the strict content policy
//! leaves no room for inline style, and dark pages need none. Every chart on a page stands above
//! its table of values, so the drawing itself is one picture to a screen reader.

use std::fmt::Write;

/// One bar, or several stacked, over a label.
pub struct Column {
    /// Under the bar.
    pub label: String,
    /// Shown while the pointer is over the column.
    pub tip: String,
    /// From the bottom up, each with its class (`bar-1` …).
    pub parts: Vec<(&'static str, i64)>,
    /// The period is not over yet: drawn hatched.
    pub open: bool,
}

/// A line through equally spaced points; fewer points than labels means "so far".
pub struct Line {
    /// Its class: `1` is the one to look at, `2` what it is compared with.
    pub kind: u8,
    /// Written at its end.
    pub name: String,
    /// Its values from the left.
    pub points: Vec<i64>,
}

// Heights in pixels: a strip for the tip, the plot, a strip for the labels.
const TOP: i64 = 34;
const PLOT: i64 = 150;
const BASE: i64 = TOP + PLOT;
const HEIGHT: i64 = BASE + 24;
// The gutter for the axis, in hundredths of a percent of the width.
const GUTTER: i64 = 850;
const FULL: i64 = 10_000;

/// Stacked bars from a zero line; `names` says what each kind of part is, `tick` writes a value of
/// the axis.
pub fn bars(
    id: &str,
    title: &str,
    names: &[(u8, &str)],
    columns: &[Column],
    tick: &dyn Fn(i64) -> String,
) -> String {
    let sums = columns.iter().map(|c| c.parts.iter().map(|p| p.1.max(0)).sum::<i64>());
    let scale = Scale::over(sums.max().unwrap_or(0));
    let mut svg = open(title);
    let _ = write!(
        svg,
        "<defs><pattern id=\"{id}-open\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><rect class=\"bar-1 is-open\" width=\"6\" height=\"6\"/>\
         <rect class=\"bar-1\" width=\"2.5\" height=\"6\"/></pattern></defs>"
    );
    legend(&mut svg, names);
    grid(&mut svg, &scale, tick);
    let n = columns.len().max(1) as i64;
    for (i, column) in columns.iter().enumerate() {
        let i = i as i64;
        let (left, right) = (place(i, n), place(i + 1, n));
        let gap = (right - left) * 18 / 100;
        let _ = write!(svg, "<g class=\"column\">{}", hit(left, right));
        let mut y = BASE;
        for (class, value) in &column.parts {
            let height = scale.height(*value);
            if height > 0 {
                y -= height;
                let fill = match column.open {
                    true => format!("fill=\"url(#{id}-open)\""),
                    false => format!("class=\"{class}\""),
                };
                let _ = write!(
                    svg,
                    "<rect {fill} x=\"{}\" y=\"{y}\" width=\"{}\" height=\"{height}\" rx=\"1.5\"/>",
                    percent(left + gap),
                    percent(right - left - 2 * gap),
                );
            }
        }
        tip(&mut svg, (left + right) / 2, &column.tip);
        svg.push_str("</g>");
    }
    let labels: Vec<&str> = columns.iter().map(|c| c.label.as_str()).collect();
    axis(&mut svg, &labels, |i| (place(i, n) + place(i + 1, n)) / 2);
    svg.push_str("</svg>");
    svg
}

/// Lines over a zero line; `tips` has a sentence for each label.
pub fn lines(
    title: &str,
    lines: &[Line],
    labels: &[String],
    tips: &[String],
    tick: &dyn Fn(i64) -> String,
) -> String {
    let values = lines.iter().flat_map(|l| l.points.iter().copied());
    let scale = Scale::over(values.max().unwrap_or(0));
    let mut svg = open(title);
    grid(&mut svg, &scale, tick);
    let last = (labels.len() as i64 - 1).max(1);
    let at = |i: i64| GUTTER + (FULL - GUTTER) * i / last;
    for line in lines.iter().rev() {
        let class = line.kind;
        let _ = write!(
            svg,
            "<svg x=\"{}\" y=\"{TOP}\" width=\"{}\" height=\"{PLOT}\" viewBox=\"0 0 1000 {PLOT}\" \
             preserveAspectRatio=\"none\" overflow=\"visible\"><path class=\"line-{class}\" \
             vector-effect=\"non-scaling-stroke\" d=\"",
            percent(GUTTER),
            percent(FULL - GUTTER),
        );
        for (i, value) in line.points.iter().enumerate() {
            let verb = if i == 0 { 'M' } else { 'L' };
            let y = PLOT - scale.height(*value);
            let _ = write!(svg, "{verb}{} {y}", 1000 * i as i64 / last);
        }
        svg.push_str("\"/></svg>");
    }
    let mut taken: Vec<i64> = Vec::new();
    for line in lines {
        let Some(value) = line.points.last() else { continue };
        let (i, y) = (line.points.len() as i64 - 1, BASE - scale.height(*value));
        let (x, class) = (at(i), line.kind);
        let mut label = (y - 9).max(TOP - 4);
        // Two names at one height would cover each other; the second steps below its line.
        if taken.iter().any(|other| (other - label).abs() < 16) {
            label = (y + 19).min(BASE - 6);
        }
        taken.push(label);
        let anchor = anchor(x);
        let _ = write!(
            svg,
            "<circle class=\"dot-{class}\" cx=\"{0}\" cy=\"{y}\" r=\"4\"/>\
             <text class=\"label-{class} halo\" x=\"{0}\" y=\"{label}\" \
             text-anchor=\"{anchor}\">{1}</text>",
            percent(x),
            escape(&line.name),
        );
    }
    let n = labels.len().max(1) as i64;
    for (i, words) in tips.iter().enumerate() {
        let i = i as i64;
        let half = (FULL - GUTTER) / n / 2;
        svg.push_str("<g class=\"column\">");
        svg.push_str(&hit((at(i) - half).max(0), (at(i) + half).min(FULL)));
        tip(&mut svg, at(i), words);
        svg.push_str("</g>");
    }
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    axis(&mut svg, &labels, at);
    svg.push_str("</svg>");
    svg
}

/// Names with a bar each, the longest first: name, value, and the value in words.
pub fn ranks(title: &str, rows: &[(String, i64, String)]) -> String {
    let most = rows.iter().map(|row| row.1).max().unwrap_or(0).max(1);
    let mut svg = open(title);
    let step = (HEIGHT - 6) / rows.len().max(1) as i64;
    for (i, (name, value, said)) in rows.iter().enumerate() {
        let y = step * i as i64 + 14;
        // Cut by eye: the words must end before the amount begins, also on a phone.
        let short: String = match name.chars().count() {
            0..=24 => name.clone(),
            _ => name.chars().take(23).chain(['…']).collect(),
        };
        let width = percent((value.max(&0) * FULL / most).max(40));
        let _ = write!(
            svg,
            "<text class=\"rank\" x=\"0\" y=\"{y}\">{}</text><text x=\"100%\" y=\"{y}\" \
             text-anchor=\"end\">{}</text><rect class=\"bar-{}\" x=\"0\" y=\"{}\" \
             width=\"{width}\" height=\"7\" rx=\"2\"/>",
            escape(&short),
            escape(said),
            if i == 0 { 1 } else { 2 },
            y + 6,
        );
    }
    svg.push_str("</svg>");
    svg
}

/// A line without words, for beside a figure; `other` is drawn behind it.
pub fn spark(values: &[i64], other: &[i64]) -> String {
    let most = values.iter().chain(other).copied().max().unwrap_or(0).max(1);
    let last = (values.len().max(other.len()) as i64 - 1).max(1);
    let path = |kind: u8, values: &[i64]| {
        let mut d = String::new();
        for (i, value) in values.iter().enumerate() {
            let verb = if i == 0 { 'M' } else { 'L' };
            let _ = write!(d, "{verb}{} {}", 72 * i as i64 / last, 26 - 24 * value.max(&0) / most);
        }
        format!("<path class=\"line-{kind}\" d=\"{d}\"/>")
    };
    format!(
        "<svg class=\"c-spark\" viewBox=\"0 0 72 28\"><path class=\"zero\" d=\"M0 27H72\"/>\
         {}{}</svg>",
        path(2, other),
        path(1, values),
    )
}

/// A short bar of parts of a whole, each with its class (`good`, `waiting`, `bad`, `held`).
pub fn meter(parts: &[(&str, i64)], whole: i64) -> String {
    let whole = whole.max(parts.iter().map(|p| p.1).sum()).max(1);
    let mut svg = String::from(
        "<svg class=\"c-meter\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" \
         aria-hidden=\"true\"><rect class=\"rest\" width=\"1000\" height=\"10\"/>",
    );
    let mut x = 0;
    for (class, value) in parts {
        let width = value.max(&0) * 1000 / whole;
        let _ = write!(svg, "<rect class=\"{class}\" x=\"{x}\" width=\"{width}\" height=\"10\"/>");
        x += width;
    }
    svg.push_str("</svg>");
    svg
}

/// The places of a team as circles: `taken` are filled, the rest wait; past ten they run together.
pub fn seats(taken: i64, size: i64, fresh: bool) -> String {
    let shown = size.clamp(1, 10);
    let step = if shown > 5 { 20 } else { 34 };
    let mut svg = format!(
        "<svg class=\"c-seats\" viewBox=\"0 0 {} 32\" aria-hidden=\"true\">",
        step * (shown - 1) + 32
    );
    for i in (0..shown).rev() {
        let class = match (i < taken, fresh) {
            (true, _) => "seat",
            (false, true) => "seat-new",
            (false, false) => "seat-free",
        };
        let _ =
            write!(svg, "<circle class=\"{class}\" cx=\"{}\" cy=\"16\" r=\"14\"/>", step * i + 16);
    }
    svg.push_str("</svg>");
    svg
}

/// The axis: from zero to a round number in at most four steps.
struct Scale {
    step: i64,
    steps: i64,
}

impl Scale {
    fn over(most: i64) -> Self {
        let most = most.max(1);
        let mut unit = 1;
        loop {
            for factor in [1, 2, 5] {
                let step: i64 = unit * factor;
                if step.saturating_mul(4) >= most {
                    return Scale { step, steps: (most + step - 1) / step };
                }
            }
            unit *= 10;
        }
    }

    /// Pixels above the base; what is there at all is at least a line.
    fn height(&self, value: i64) -> i64 {
        if value <= 0 {
            return 0;
        }
        let top = i128::from(self.step) * i128::from(self.steps);
        let height = i128::from(value) * i128::from(PLOT) / top;
        i64::try_from(height).unwrap_or(PLOT).max(1)
    }
}

fn open(title: &str) -> String {
    format!(
        "<svg class=\"c-plot\" role=\"img\" aria-label=\"{}\" width=\"100%\" height=\"{HEIGHT}\">",
        escape(title)
    )
}

fn grid(svg: &mut String, scale: &Scale, tick: &dyn Fn(i64) -> String) {
    for step in 0..=scale.steps {
        let value = step * scale.step;
        let y = BASE - PLOT * step / scale.steps;
        let class = if step == 0 { "zero" } else { "grid" };
        let _ = write!(svg, "<line class=\"{class}\" x1=\"0\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/>");
        let label = escape(&tick(value));
        // While there is nothing yet, a scale would only repeat the zero.
        if step > 0 && label != escape(&tick(0)) {
            let _ = write!(svg, "<text class=\"halo\" x=\"0\" y=\"{}\">{label}</text>", y - 4);
        }
    }
}

fn legend(svg: &mut String, names: &[(u8, &str)]) {
    if names.is_empty() {
        return;
    }
    svg.push_str("<text class=\"legend\" x=\"100%\" y=\"12\" text-anchor=\"end\">");
    for (i, (class, name)) in names.iter().enumerate() {
        let gap = if i == 0 { "" } else { " dx=\"12\"" };
        let _ = write!(svg, "<tspan class=\"label-{class}\"{gap}>■ {}</tspan>", escape(name));
    }
    svg.push_str("</text>");
}

/// Labels from the right, so that the newest always has its own.
fn axis(svg: &mut String, labels: &[&str], at: impl Fn(i64) -> i64) {
    let every = labels.len().div_ceil(5).max(1);
    for (i, label) in labels.iter().enumerate() {
        let back = labels.len() - 1 - i;
        if !back.is_multiple_of(every) {
            continue;
        }
        let class = if (back / every) % 2 == 1 { " class=\"minor\"" } else { "" };
        let x = at(i as i64);
        let _ = write!(
            svg,
            "<text{class} x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>",
            percent(x),
            BASE + 17,
            anchor(x),
            escape(label),
        );
    }
}

fn hit(left: i64, right: i64) -> String {
    format!(
        "<rect class=\"hit\" x=\"{}\" y=\"{TOP}\" width=\"{}\" height=\"{PLOT}\"/>",
        percent(left),
        percent(right - left)
    )
}

fn tip(svg: &mut String, x: i64, words: &str) {
    let side = if x > FULL * 3 / 4 {
        "end"
    } else if x < FULL / 4 {
        "start"
    } else {
        "middle"
    };
    let _ = write!(
        svg,
        "<text class=\"tip halo\" x=\"{}\" y=\"12\" text-anchor=\"{side}\">{}</text>",
        percent(x),
        escape(words),
    );
}

fn anchor(x: i64) -> &'static str {
    if x > FULL * 97 / 100 { "end" } else { "middle" }
}

fn place(i: i64, n: i64) -> i64 {
    GUTTER + (FULL - GUTTER) * i / n
}

fn percent(hundredths: i64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

fn escape(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
