//! The check before launch: what a campaign says and does, held against the rules of law
//! (`domain::compliance`), and what named people answered to what was found.

use std::sync::OnceLock;

use describe::ToSchema;
use domain::bargain;
use domain::campaign::{Campaign, Refusal};
use domain::catalog::Variant;
use domain::compliance::{
    self, Answer, Counter, Draft, Figure, Finding, Ground, Pack, Severity, Signed, Text,
};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::person::{Permission, Person};
use domain::seed::Seed;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Found, Offered, Terms, find_to_change, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, coupon, legal, shop, staff_act};

/// Something the check found.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignFinding)]
pub struct FindingView {
    /// The rule's id, such as `CN-AD-02`.
    pub rule: String,
    /// The article it stands on.
    pub source: String,
    /// Whether it stands in the way, or is something to look at.
    pub blocks: bool,
    pub field: String,
    pub about: String,
    /// Of a former price that cannot be shown: whose it is, and what it was to be.
    #[serde(default)]
    pub former: Option<FormerPrice>,
    /// The sentence the words are in.
    pub sentence: String,
    /// On which grounds it may be answered; none when it can only be mended.
    pub answers: Vec<Ground>,
    pub answered: Option<AnsweredView>,
}

/// A price that was to be struck through.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignFormerPrice)]
pub struct FormerPrice {
    /// The goods and their variant, as shoppers call them.
    pub goods: String,
    pub price: Money,
}

/// Who answered a finding, and how.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AnsweredView {
    pub ground: Ground,
    pub evidence: Vec<String>,
    pub by: Id<Person>,
    pub at: Moment,
}

/// What the check comes to.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignCheck)]
pub struct CheckView {
    pub may_launch: bool,
    /// The rules it was held against: which pack, of which day.
    pub pack: String,
    pub findings: Vec<FindingView>,
}

/// An answer to a finding.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AnswerCampaignFinding)]
pub struct AnswerFinding {
    pub rule: String,
    pub field: String,
    #[serde(default)]
    pub about: String,
    #[serde(default)]
    pub sentence: String,
    pub ground: Ground,
    /// Where the evidence is: files that were attached, or the register and number.
    pub evidence: Vec<String>,
}

fn pack() -> &'static Pack {
    static PACK: OnceLock<Pack> = OnceLock::new();
    // The file comes with the program, and a test reads it.
    PACK.get_or_init(|| Pack::parse(compliance::CHINA).expect("the pack that comes along is whole"))
}

/// Everything the rules find in a campaign that offers this.
fn findings(tx: &mut Tx, found: &Found, offered: &[Offered]) -> Result<Vec<Finding>, Failure> {
    let frame = &found.campaign.frame;
    let text = |field: &str, text: &str| Text { field: field.into(), text: text.into() };
    let mut texts = vec![text("title", &frame.title), text("copy", &found.creative.copy)];
    texts.extend(found.terms.texts());
    if let Terms::CouponDrop(terms) = &found.terms
        && let Some(template) = terms.template
        && coupon::is_there(tx, template)?
    {
        let kind = coupon::kind(tx, template)?;
        texts.extend([text("coupon", &kind.name), text("coupon", &kind.name_en)]);
    }
    let organiser = shop::get(tx)?.name;
    let contact = legal::contact(tx)?;
    let mut published = vec![
        // The rules page says these for every campaign.
        ("conditions".to_string(), "rules_page".to_string()),
        ("method".to_string(), "rules_page".to_string()),
        ("time".to_string(), "rules_page".to_string()),
        ("organiser".to_string(), organiser),
        ("contact".to_string(), contact),
    ];
    published.extend(found.terms.published());
    let counters: Vec<Counter> = found
        .terms
        .counters()
        .iter()
        .map(|(shows, query)| Counter {
            shows: (*shows).to_string(),
            query: Some((*query).to_string()),
        })
        .collect();
    let reductions = store::reductions(tx, found, offered)?;
    let mut figures = found.terms.figures();
    figures.extend(cuts(tx, found, offered)?);
    let draft = Draft {
        mechanic: found.campaign.mechanic,
        traits: &found.terms.traits(),
        texts: &texts,
        published: &published,
        figures: &figures,
        reductions: &reductions,
        counters: &counters,
        channels: &frame.channels,
        changes: &[],
        names: &store::brands(tx)?,
    };
    Ok(compliance::check(pack(), &draft, tx.now))
}

/// What the cuts of a bargain come to, and what they have to come to, for all it offers.
fn cuts(tx: &mut Tx, found: &Found, offered: &[Offered]) -> Result<Vec<(Figure, i64)>, Failure> {
    let Terms::Bargain(terms) = &found.terms else { return Ok(Vec::new()) };
    let (mut sum, mut gap) = (0, 0);
    for one in offered {
        let Some(ordinary) = store::ordinary_price(tx, one.variant)? else { continue };
        let way = ordinary.minus(Money::new(one.price, ordinary.currency));
        // Prices may have moved since: what cannot be bargained for is not.
        if terms.check(ordinary, Money::new(one.price, ordinary.currency)).is_err() {
            continue;
        }
        let (parts, _) = bargain::begin(terms, way, &Seed::new([7; 32]));
        sum += parts.iter().sum::<i64>();
        gap += way.minor;
    }
    Ok(vec![(Figure::CutSum, sum), (Figure::PriceGap, gap)])
}

/// Whether nothing stands in the way of its launch.
pub(super) fn may_launch(tx: &mut Tx, found: &Found) -> Result<bool, Failure> {
    let offered = store::offered(tx, found.id())?;
    let findings = findings(tx, found, &offered)?;
    let answers = store::answers(tx, found.id())?;
    Ok(compliance::judge(&findings, &answers).may_launch())
}

/// Whether a campaign may be changed so while it runs: nothing comes to what was found in it, or
/// answered, before its launch.
pub(super) fn no_worse(tx: &mut Tx, was: &Found, is: &Found) -> Result<(), Failure> {
    planted!("unchecked_while_it_runs", return Ok(()));
    let offered = store::offered(tx, was.id())?;
    let (before, after) = (findings(tx, was, &offered)?, findings(tx, is, &offered)?);
    let answers = store::answers(tx, was.id())?;
    let blocks = compliance::judge(&after, &answers).blocks;
    match blocks.iter().any(|finding| !before.contains(finding)) {
        true => Err(Refusal::NotLawful.into()),
        false => Ok(()),
    }
}

fn view(tx: &mut Tx, found: &Found) -> Result<CheckView, Failure> {
    let offered = store::offered(tx, found.id())?;
    view_of(tx, found, &offered)
}

/// The same of what is written, whether it is kept or not.
pub(super) fn view_of(
    tx: &mut Tx,
    found: &Found,
    offered: &[Offered],
) -> Result<CheckView, Failure> {
    let findings = findings(tx, found, offered)?;
    let answers = store::answers(tx, found.id())?;
    let may_launch = compliance::judge(&findings, &answers).may_launch();
    let mut former = Vec::new();
    for finding in &findings {
        former.push(former_of(tx, finding)?);
    }
    let told = findings.into_iter().zip(former).map(|(finding, former)| {
        let answer = answers.iter().find(|answer| answer.is_to(&finding));
        FindingView {
            blocks: finding.severity == Severity::Block,
            answered: answer.map(|answer| AnsweredView {
                ground: answer.ground,
                evidence: answer.evidence.clone(),
                by: answer.signed.by,
                at: answer.signed.at,
            }),
            rule: finding.rule,
            source: finding.source,
            field: finding.field,
            about: finding.about,
            former,
            sentence: finding.sentence,
            answers: finding.answers,
        }
    });
    let pack = pack();
    let told = told.collect();
    Ok(CheckView { may_launch, pack: format!("{} {}", pack.place, pack.version), findings: told })
}

/// The goods and the price a finding is about, when it is about a former price.
fn former_of(tx: &mut Tx, finding: &Finding) -> Result<Option<FormerPrice>, Failure> {
    let (variant, claimed) = (Id::<Variant>::parse(&finding.field), finding.about.parse());
    let (Some(variant), Ok(claimed)) = (variant, claimed) else { return Ok(None) };
    let currency = shop::get(tx)?.currency;
    let goods = store::goods_named(tx, variant)?;
    Ok(Some(FormerPrice { goods, price: Money::new(claimed, currency) }))
}

/// What the rules find in a campaign, and what was answered.
pub fn check(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<CheckView, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(|tx| {
        let found = store::find(tx, id, "")?;
        view(tx, &found)
    })
}

/// Answers a finding, with who says so and what shows it.
pub fn answer(
    app: &App,
    visitor: &Visitor,
    id: Id<Campaign>,
    given: AnswerFinding,
) -> Result<CheckView, Failure> {
    let actor = visitor.staff(Permission::Campaigns)?;
    app.act(visitor, "campaign.answer", |tx| {
        let found = find_to_change(tx, id)?;
        let offered = store::offered(tx, id)?;
        let findings = findings(tx, &found, &offered)?;
        let finding = findings
            .iter()
            .find(|finding| {
                finding.rule == given.rule
                    && finding.field == given.field
                    && finding.about == given.about
                    && finding.sentence == given.sentence
            })
            .ok_or(Failure::NotFound)?;
        if given.evidence.len() > 20 || given.evidence.iter().any(|one| one.len() > 500) {
            return Err(Failure::field("campaign.no_evidence", "evidence"));
        }
        let signed = Signed { by: actor, at: tx.now };
        let evidence = given.evidence.clone();
        let answer: Answer = compliance::answer(finding, given.ground, evidence, signed)?;
        store::add_answer(tx, id, &answer)?;
        let detail = json!({ "rule": answer.rule, "about": answer.about, "ground": answer.ground });
        let about = ("campaign", id.0);
        staff_act::record(tx, actor, "campaign.answer", about, &detail.to_string())?;
        view(tx, &found)
    })
}
