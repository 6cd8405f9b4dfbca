//! Packs of rules, read from their text.

use serde::{Deserialize, Serialize};

use crate::moment::Moment;

use super::{Figure, Ground};

/// What a finding of a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = FindingSeverity))]
pub enum Severity {
    Warn,
    Block,
}
codes!(Severity { Warn = "warn", Block = "block" });

/// Words, and where they are none of the rule's business.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordList {
    pub words: Vec<String>,
    pub warns: Vec<String>,
    pub spare: Vec<String>,
    pub aims: Vec<String>,
    pub denies: Vec<String>,
    pub own: Vec<String>,
    pub own_words: Vec<String>,
}

/// What a rule looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    Words(WordList),
    /// These have to be published.
    Need(Vec<String>),
    /// A figure has a most.
    Most(Figure, i64),
    /// A figure equals another.
    Equal(Figure, Figure),
    /// Former prices need evidence.
    Evidence,
    /// Counters need a query.
    Live,
    /// A channel that forbids it rewards no sharing.
    Share,
    /// What was published changes only in shoppers' favour.
    Changes,
    /// None of these may be.
    Forbid(Vec<String>),
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub id: String,
    pub source: String,
    /// From the beginning of this day on, in UTC,
    pub from: Moment,
    /// until just before that of this one.
    pub until: Option<Moment>,
    /// When its source was read: `2026-11-21`.
    pub read: String,
    pub severity: Severity,
    /// The kinds of campaigns it is for; all when empty.
    pub kinds: Vec<String>,
    pub answers: Vec<Ground>,
    pub check: Check,
}

impl Rule {
    pub fn is_in_force(&self, now: Moment) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

/// Rules of one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pack {
    /// `CN`.
    pub place: String,
    /// The day it was put together: `2026-11-23`.
    pub version: String,
    /// Characters that count as others, in their order.
    pub folds: Vec<(char, char)>,
    /// What has all of these traits counts as that kind too.
    pub treats: Vec<(Vec<String>, String)>,
    pub rules: Vec<Rule>,
}

/// Which line of a pack's text cannot be, counted from one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPack {
    pub line: usize,
    pub why: &'static str,
}

/// A rule as far as it was read.
#[derive(Default)]
struct Reading {
    line: usize,
    id: String,
    fields: Vec<(String, String)>,
}

impl Pack {
    /// Reads a pack.
    pub fn parse(text: &str) -> Result<Pack, BadPack> {
        let mut pack = Pack::default();
        let mut reading: Option<Reading> = None;
        for (at, line) in text.lines().enumerate() {
            let bad = |why| BadPack { line: at + 1, why };
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, value) = line.split_once(' ').unwrap_or((line, ""));
            let value = value.trim();
            match key {
                "pack" => {
                    let (place, version) = value.split_once(' ').ok_or(bad("pack PLACE DATE"))?;
                    day(version).ok_or(bad("a date is 2026-11-23"))?;
                    (pack.place, pack.version) = (place.to_string(), version.to_string());
                }
                "fold" => {
                    for pair in value.split('|') {
                        let mut pair = pair.chars();
                        let (from, to) = (pair.next(), pair.next());
                        let pair = from.zip(to).filter(|_| pair.next().is_none());
                        pack.folds.push(pair.ok_or(bad("a fold is two characters"))?);
                    }
                }
                "treat" => {
                    let (traits, kind) = value.split_once(" = ").ok_or(bad("treat A+B = KIND"))?;
                    let traits = traits.split('+').map(str::to_string).collect();
                    pack.treats.push((traits, kind.to_string()));
                }
                "rule" => {
                    if let Some(done) = reading.take() {
                        pack.rules.push(done.rule()?);
                    }
                    let known = pack.rules.iter().any(|rule| rule.id == value);
                    if value.is_empty() || known {
                        return Err(bad("a rule has an id of its own"));
                    }
                    let fields = Vec::new();
                    reading = Some(Reading { line: at + 1, id: value.to_string(), fields });
                }
                _ => {
                    let rule = reading.as_mut().ok_or(bad("that stands in a rule"))?;
                    rule.fields.push((key.to_string(), value.to_string()));
                }
            }
        }
        if let Some(done) = reading {
            pack.rules.push(done.rule()?);
        }
        pack.folds.sort_unstable();
        pack.folds.dedup_by_key(|(from, _)| *from);
        if pack.place.is_empty() {
            return Err(BadPack { line: 1, why: "a pack says where and when: pack CN 2026-11-23" });
        }
        Ok(pack)
    }

    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The same character for all that look or mean alike.
    pub fn fold(&self, c: char) -> char {
        let at = self.folds.binary_search_by_key(&c, |(from, _)| *from);
        at.map_or(c, |at| self.folds[at].1)
    }
}

/// The beginning of a day, in UTC.
fn day(text: &str) -> Option<Moment> {
    Moment::parse(&format!("{text}T00:00:00Z"))
}

impl Reading {
    fn bad(&self, why: &'static str) -> BadPack {
        BadPack { line: self.line, why }
    }

    fn one(&self, key: &str) -> Option<&str> {
        self.fields.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// All entries of all lines of this key.
    fn all(&self, key: &str) -> Vec<String> {
        let lines = self.fields.iter().filter(|(name, _)| name == key);
        let entries = lines.flat_map(|(_, value)| value.split('|'));
        entries.map(str::trim).filter(|one| !one.is_empty()).map(str::to_string).collect()
    }

    fn figure(&self, key: &str) -> Result<Figure, BadPack> {
        let code = self.one(key).unwrap_or_default();
        Figure::parse(code).ok_or(self.bad("a figure that is counted"))
    }

    fn rule(self) -> Result<Rule, BadPack> {
        const KEYS: [&str; 19] = [
            "source",
            "from",
            "until",
            "read",
            "does",
            "check",
            "for",
            "answer",
            "words",
            "warns",
            "spare",
            "aims",
            "denies",
            "own",
            "own-words",
            "need",
            "figure",
            "most",
            "equal",
        ];
        let known = |key: &str| KEYS.contains(&key) || key == "trait";
        if self.fields.iter().any(|(key, _)| !known(key)) {
            return Err(self.bad("a word that rules do not have"));
        }
        let date = |key: &str| self.one(key).and_then(day);
        let source = self.one("source").filter(|source| !source.is_empty());
        let source = source.ok_or(self.bad("a rule cites its source"))?.to_string();
        let read = self.one("read").filter(|read| day(read).is_some());
        let read = read.ok_or(self.bad("when its source was read"))?.to_string();
        let from = date("from").ok_or(self.bad("from when it is in force"))?;
        let until = match self.one("until") {
            None => None,
            Some(until) => Some(day(until).ok_or(self.bad("until when it is in force"))?),
        };
        let severity = self.one("does").and_then(Severity::parse);
        let severity = severity.ok_or(self.bad("it blocks or warns"))?;
        let ground = |code: &String| Ground::parse(code).ok_or(self.bad("a ground of an answer"));
        let answers = self.all("answer").iter().map(ground).collect::<Result<Vec<_>, _>>()?;
        let check = self.check()?;
        let kinds = self.all("for");
        Ok(Rule { id: self.id, source, from, until, read, severity, kinds, answers, check })
    }

    fn check(&self) -> Result<Check, BadPack> {
        let filled = |list: Vec<String>| match list.is_empty() {
            true => Err(self.bad("a list that says nothing")),
            false => Ok(list),
        };
        Ok(match self.one("check").unwrap_or_default() {
            "words" => {
                let (words, warns) = (self.all("words"), self.all("warns"));
                filled([words.as_slice(), warns.as_slice()].concat())?;
                Check::Words(WordList {
                    words,
                    warns,
                    spare: self.all("spare"),
                    aims: self.all("aims"),
                    denies: self.all("denies"),
                    own: self.all("own"),
                    own_words: self.all("own-words"),
                })
            }
            "need" => Check::Need(filled(self.all("need"))?),
            "most" => {
                let most = self.one("most").and_then(|most| most.parse().ok());
                Check::Most(self.figure("figure")?, most.ok_or(self.bad("a whole number"))?)
            }
            "equal" => Check::Equal(self.figure("figure")?, self.figure("equal")?),
            "evidence" => Check::Evidence,
            "live" => Check::Live,
            "share" => Check::Share,
            "changes" => Check::Changes,
            "forbid" => Check::Forbid(filled(self.all("trait"))?),
            _ => return Err(self.bad("a check there is")),
        })
    }
}
