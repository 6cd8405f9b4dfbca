//! Answers to findings: who says on what ground that something is allowed, and with what evidence.

use super::pack::Severity;
use super::{Finding, Ground, Signed};

/// What a named person says to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub rule: String,
    pub field: String,
    pub about: String,
    /// The sentence it was given for: in another, the same words are found again.
    pub sentence: String,
    pub ground: Ground,
    /// Where the evidence is: files that were attached, or the register and number.
    pub evidence: Vec<String>,
    pub signed: Signed,
}

/// Why an answer is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadAnswer {
    /// This can only be mended.
    NotAnswerable,
    /// The rule does not know that ground.
    Ground,
    /// Nothing shows it (绝对化用语执法指南 7).
    NoEvidence,
}

/// Answers a finding.
pub fn answer(
    finding: &Finding,
    ground: Ground,
    evidence: Vec<String>,
    signed: Signed,
) -> Result<Answer, BadAnswer> {
    if finding.answers.is_empty() {
        return Err(BadAnswer::NotAnswerable);
    }
    if !finding.answers.contains(&ground) {
        return Err(BadAnswer::Ground);
    }
    if evidence.is_empty() || evidence.iter().any(|one| one.trim().is_empty()) {
        return Err(BadAnswer::NoEvidence);
    }
    Ok(Answer {
        rule: finding.rule.clone(),
        field: finding.field.clone(),
        about: finding.about.clone(),
        sentence: finding.sentence.clone(),
        ground,
        evidence,
        signed,
    })
}

impl Answer {
    /// Whether it is the answer to this finding, word for word.
    pub fn is_to(&self, finding: &Finding) -> bool {
        self.rule == finding.rule
            && self.field == finding.field
            && self.about == finding.about
            && self.sentence == finding.sentence
            && finding.answers.contains(&self.ground)
    }
}

/// What the check comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict<'a> {
    /// What has to be mended or answered first.
    pub blocks: Vec<&'a Finding>,
    /// What somebody should look at.
    pub warns: Vec<&'a Finding>,
    pub answered: Vec<(&'a Finding, &'a Answer)>,
}

impl Verdict<'_> {
    pub fn may_launch(&self) -> bool {
        self.blocks.is_empty()
    }
}

/// Holds findings against the answers there are.
pub fn judge<'a>(findings: &'a [Finding], answers: &'a [Answer]) -> Verdict<'a> {
    let mut verdict = Verdict { blocks: Vec::new(), warns: Vec::new(), answered: Vec::new() };
    for finding in findings {
        match answers.iter().find(|answer| answer.is_to(finding)) {
            Some(answer) => verdict.answered.push((finding, answer)),
            None if finding.severity == Severity::Block => verdict.blocks.push(finding),
            None => verdict.warns.push(finding),
        }
    }
    verdict
}
