//! What console templates are made of: filters, pagers, tallies, facts, charts. Values only, each
//! already in the reader's words.

/// When something happened: said relatively, exact on hover.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When {
    pub iso: String,
    pub exact: String,
    pub said: String,
}

/// One answer of a select.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

impl Choice {
    /// The answers `options` (value, label) with `chosen` picked.
    pub fn among(chosen: &str, options: impl IntoIterator<Item = (String, String)>) -> Vec<Choice> {
        options
            .into_iter()
            .map(|(value, label)| Choice { chosen: value == chosen, value, label })
            .collect()
    }
}

/// A line of what is thought of something that is still being written.
pub struct Check {
    pub tone: &'static str,
    pub icon: &'static str,
    pub text: String,
}

impl Check {
    /// It is as it should be.
    pub fn good(text: String) -> Check {
        Check { tone: "good", icon: "check", text }
    }

    /// Good to know.
    pub fn told(text: String) -> Check {
        Check { tone: "info", icon: "info", text }
    }

    /// To be looked at again.
    pub fn careful(text: String) -> Check {
        Check { tone: "waiting", icon: "alert", text }
    }

    /// It cannot be so.
    pub fn wrong(text: String) -> Check {
        Check { tone: "bad", icon: "alert", text }
    }
}

/// A saved way to look at a list, as a link.
#[derive(Clone, Debug, Default)]
pub struct ViewLink {
    pub href: String,
    pub label: String,
    pub count: String,
    pub current: bool,
}

/// One word of the filter sentence.
#[derive(Clone, Debug, Default)]
pub struct FilterPart {
    pub label: String,
    pub name: &'static str,
    /// It narrows the list now.
    pub set: bool,
    pub options: Vec<Choice>,
}

/// The filter of a list: a sentence whose address can be kept and sent.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub action: String,
    pub views: Vec<ViewLink>,
    pub parts: Vec<FilterPart>,
    /// What the form keeps of the address without showing it.
    pub hidden: Vec<(&'static str, String)>,
    pub search_label: String,
    pub q: String,
    pub narrowed: bool,
}

/// Where in a list one is. Empty addresses are not shown.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    pub summary: String,
    pub first: String,
    pub next: String,
}

/// What a page says before there is anything on it.
#[derive(Clone, Debug, Default)]
pub struct Empty {
    pub title: String,
    pub text: String,
    pub action: String,
    pub href: String,
    pub second: String,
    pub second_href: String,
}

/// Something that waits for a person.
#[derive(Clone, Debug, Default)]
pub struct Task {
    pub tone: &'static str,
    pub icon: &'static str,
    pub text: String,
    pub detail: String,
    pub action: String,
    pub href: String,
}

/// A name and its value, perhaps leading somewhere.
#[derive(Clone, Debug, Default)]
pub struct Fact {
    pub label: String,
    pub value: String,
    pub href: String,
}

impl Fact {
    pub fn new(label: String, value: impl Into<String>) -> Fact {
        Fact { label, value: value.into(), href: String::new() }
    }

    pub fn link(label: String, value: impl Into<String>, href: impl Into<String>) -> Fact {
        Fact { label, value: value.into(), href: href.into() }
    }
}

/// A number that sums a page up.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub tone: &'static str,
    pub label: String,
    pub value: String,
    pub note: String,
    pub href: String,
}

impl Tally {
    pub fn new(tone: &'static str, label: String, value: impl Into<String>) -> Tally {
        Tally { tone, label, value: value.into(), ..Tally::default() }
    }
}

/// A chart with the sentence it proves and the numbers it is made of.
#[derive(Clone, Debug, Default)]
pub struct ChartView {
    pub title: String,
    pub note: String,
    pub svg: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// A statement that holds, or does not.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    pub tone: &'static str,
    pub icon: &'static str,
    pub title: String,
    pub text: String,
}

/// A field of a form with its name and what is in it.
#[derive(Clone, Debug, Default)]
pub struct Field {
    pub name: String,
    pub label: String,
    pub value: String,
    pub hint: String,
}

/// A step of a way through several pages.
#[derive(Clone, Debug, Default)]
pub struct Step {
    pub label: String,
    pub current: bool,
    pub done: bool,
    pub href: String,
}

/// A link of the rail.
#[derive(Clone, Debug, Default)]
pub struct NavItem {
    pub label: String,
    pub icon: &'static str,
    pub href: &'static str,
    pub current: bool,
}

/// Links of the rail under one word.
#[derive(Clone, Debug, Default)]
pub struct NavGroup {
    pub label: String,
    pub items: Vec<NavItem>,
}
