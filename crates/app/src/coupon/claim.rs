//! Taking coupons: in the claim centre, by a link, by a code.

use describe::ToSchema;
use domain::coupon::{Claimant, Code, Coupon, Gives, Life, Refusal, Template};
use domain::id::Id;
use domain::moment::{Moment, Span};
use domain::money::Currency;
use domain::person::{Permission, Person};
use domain::promotion::Scope;
use serde::{Deserialize, Serialize};

use super::{CouponView, Source, codes, ends_at, store};
use crate::db::Tx;
use crate::failure::Failure;
use crate::reward::Reward;
use crate::{App, Visitor, address, shop, tries};

/// A kind of coupon that can be taken, as somebody sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OfferedCoupon)]
pub struct Offered {
    pub template: Id<Template>,
    /// In the shop's language and in English.
    pub name: String,
    pub name_en: String,
    pub currency: Currency,
    pub gives: Gives,
    /// What its goods have to cost, in minor units.
    pub threshold: i64,
    pub scope: Scope,
    pub life: Life,
    /// Until when it can be taken, and until when one taken now can be used.
    pub claim_until: Moment,
    pub usable_until: Moment,
    /// How many are left; none where there is no end.
    pub left: Option<i64>,
    /// How many the visitor has taken, and may take.
    pub has: i64,
    pub per_person: i64,
    /// Whether the visitor could take one now.
    pub can: bool,
}

/// How many coupons of theirs somebody sees.
const SHOWN: i64 = 200;
/// How many wrong codes somebody may type in an hour.
const CODES_AN_HOUR: i64 = 20;

fn one(found: &store::Found, has: i64, now: Moment) -> Offered {
    let template = &found.template;
    let claimant = Claimant { may: true, has, cluster_has: 0, taken: found.taken };
    let can = found.active && domain::coupon::claim(template, &claimant, now).is_ok();
    Offered {
        template: template.id,
        name: found.name.clone(),
        name_en: found.name_en.clone(),
        currency: template.currency,
        gives: template.gives,
        threshold: template.threshold,
        scope: template.scope.clone(),
        life: template.life,
        claim_until: template.claim_until,
        usable_until: ends_at(&template.life, now),
        left: template.total.map(|total| (total - found.taken).max(0)),
        has,
        per_person: template.per_person,
        can,
    }
}

/// What everybody can take now; those of it that the visitor has taken say so.
pub fn centre(app: &App, visitor: &Visitor) -> Result<Vec<Offered>, Failure> {
    app.read(|tx| {
        let counts = match &visitor.person {
            Some(person) => store::all_taken_by(tx, &who(person.id))?,
            None => Vec::new(),
        };
        let now = tx.now;
        let listed = store::listed(tx)?.into_iter();
        let open = listed.filter(|found| {
            let template = &found.template;
            template.claim_from <= now
                && now < template.claim_until
                && now < ends_at(&template.life, now)
        });
        let has = |found: &store::Found| {
            counts.iter().find(|(id, _)| *id == found.template.id).map_or(0, |(_, has)| *has)
        };
        Ok(open.map(|found| one(&found, has(&found), now)).collect())
    })
}

/// What a link offers.
pub fn offered(app: &App, visitor: &Visitor, link: &str) -> Result<Offered, Failure> {
    app.read(|tx| {
        let found = store::by_link(tx, link)?.ok_or(Failure::NotFound)?;
        let has = match &visitor.person {
            Some(person) => store::taken_by(tx, found.template.id, &who(person.id))?,
            None => 0,
        };
        Ok(one(&found, has, tx.now))
    })
}

/// The visitor's coupons, the newest first.
pub fn mine(app: &App, visitor: &Visitor) -> Result<Vec<CouponView>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| {
        let now = tx.now;
        let own = store::of(tx, person, SHOWN)?;
        let view = |held: &super::Held| {
            let mut view = held.view();
            // The clock judges, also where the job that expires it is late.
            if view.state == "held" && view.usable_until <= now {
                view.state = "expired".into();
            }
            view
        };
        Ok(own.iter().map(view).collect())
    })
}

/// Takes one of a kind that everybody finds in the claim centre.
pub fn claim(app: &App, visitor: &Visitor, id: Id<Template>) -> Result<CouponView, Failure> {
    let person = visitor.shopper()?;
    app.act(visitor, "coupon.claim", |tx| {
        let found = store::template(tx, id)?;
        if !found.listed {
            return Err(Failure::NotFound);
        }
        take(tx, &found, person, Source::Centre)
    })
}

/// Takes one by its link.
pub fn claim_by_link(app: &App, visitor: &Visitor, link: &str) -> Result<CouponView, Failure> {
    let person = visitor.shopper()?;
    app.act(visitor, "coupon.claim", |tx| {
        let found = store::by_link(tx, link)?.ok_or(Failure::NotFound)?;
        take(tx, &found, person, Source::Link)
    })
}

/// Takes the one that a code makes. Whoever guesses is stopped long before a code is hit.
pub fn redeem(app: &App, visitor: &Visitor, typed: &str) -> Result<CouponView, Failure> {
    let person = visitor.shopper()?;
    let code = Code::parse(typed).ok_or(Failure::from(Refusal::BadCode));
    let bucket = format!("coupon_code:{person}");
    app.write(|tx| tries::count(tx, &bucket, Span::hours(1), CODES_AN_HOUR))?;
    let code = code?;
    let view = app.act(visitor, "coupon.redeem", |tx| {
        let template = codes::template_of(tx, &code)?.ok_or(Refusal::BadCode)?;
        let found = store::template(tx, template)?;
        let view = take(tx, &found, person, Source::Code)?;
        if !codes::use_up(tx, &code, view.id)? {
            return Err(Refusal::BadCode.into());
        }
        Ok(view)
    })?;
    app.write(|tx| tries::forgive(tx, &bucket, Span::hours(1)))?;
    Ok(view)
}

/// Whose count it is.
fn who(person: Id<Person>) -> String {
    format!("person:{}", person.0)
}

/// Those who share an address count together; whoever has none counts alone. Only a seal of it is
/// kept.
fn household(tx: &mut Tx, person: Id<Person>) -> Result<String, Failure> {
    let Some(home) = address::first(tx, person)? else {
        return Ok(format!("cluster:{}", person.0));
    };
    Ok(format!("cluster:{}", address::likeness(tx, &home)?))
}

/// Takes one: the rule gives the good answer, the counters the safe one.
fn take(
    tx: &mut Tx,
    found: &store::Found,
    person: Id<Person>,
    source: Source,
) -> Result<CouponView, Failure> {
    let template = &found.template;
    let (id, person_key, cluster) = (template.id, who(person), household(tx, person)?);
    let claimant = Claimant {
        may: true,
        has: store::taken_by(tx, id, &person_key)?,
        cluster_has: store::taken_by(tx, id, &cluster)?,
        taken: found.taken,
    };
    if !found.active {
        return Err(Refusal::NotNow.into());
    }
    let life = domain::coupon::claim(template, &claimant, tx.now)?;
    planted!("coupon_limit_unguarded", {
        store::count(tx, id, &person_key, i64::MAX)?;
        store::count(tx, id, &cluster, i64::MAX)?;
        store::count_all(tx, id)?;
        return written(tx, found, (person, source), life, None, None);
    });
    // In a fixed order: the person, the household, the kind.
    if !store::count(tx, id, &person_key, template.per_person)? {
        return Err(Refusal::EnoughForPerson(template.per_person).into());
    }
    if !store::count(tx, id, &cluster, template.per_cluster)? {
        return Err(Refusal::EnoughForCluster(template.per_cluster).into());
    }
    if !store::count_all(tx, id)? {
        return Err(Refusal::AllTaken.into());
    }
    written(tx, found, (person, source), life, None, None)
}

/// Gives one to somebody without asking what a person may take; the kind's own end holds.
pub(super) fn hand_out(
    tx: &mut Tx,
    found: &store::Found,
    (person, source): (Id<Person>, Source),
    amount: Option<i64>,
    actor: Option<Id<Person>>,
) -> Result<CouponView, Failure> {
    let template = &found.template;
    let claimant = Claimant { may: true, has: 0, cluster_has: 0, taken: found.taken };
    // Staff may give one before and after everybody may take one, as long as it can be used.
    let always = Template {
        claim_from: tx.now,
        claim_until: tx.now.plus(Span::seconds(1)),
        ..template.clone()
    };
    let life = domain::coupon::claim(&always, &claimant, tx.now)?;
    store::count(tx, template.id, &who(person), i64::MAX)?;
    if !store::count_all(tx, template.id)? {
        return Err(Refusal::AllTaken.into());
    }
    written(tx, found, (person, source), life, amount, actor)
}

/// Whether there is such a kind, of which some can be had.
pub(crate) fn is_there(tx: &mut Tx, id: Id<Template>) -> Result<bool, Failure> {
    match store::template(tx, id) {
        Ok(found) => Ok(found.active),
        Err(Failure::NotFound) => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// The kind of this name.
pub(crate) fn by_name(tx: &mut Tx, name: &str) -> Result<Option<Id<Template>>, Failure> {
    store::by_name(tx, name)
}

/// What a kind is called in both languages, and what it gives.
type Named = (String, String, Gives, Currency);

/// The same of one; nothing where it is not there any more, or no more of it can be had.
pub(crate) fn named(tx: &mut Tx, id: Id<Template>) -> Result<Option<Named>, Failure> {
    if !is_there(tx, id)? {
        return Ok(None);
    }
    let found = store::template(tx, id)?;
    let template = found.template;
    Ok(Some((found.name, found.name_en, template.gives, template.currency)))
}

/// Gives one to somebody who pays for it in points; the kind's own end holds.
pub(crate) fn give_for_points(
    tx: &mut Tx,
    id: Id<Template>,
    person: Id<Person>,
) -> Result<Id<Coupon>, Failure> {
    let found = store::template(tx, id)?;
    Ok(hand_out(tx, &found, (person, Source::Share), None, None)?.id)
}

/// A kind as a campaign asks for it: whether more can be had, how many were, and what it is called.
pub(crate) struct Kind {
    pub template: Template,
    pub name: String,
    pub name_en: String,
    pub taken: i64,
    pub active: bool,
}

impl Kind {
    /// Whether a part of something can be one: it takes the shop's money off goods.
    fn can_be_shared(&self, own: Currency) -> bool {
        matches!(self.template.gives, Gives::Goods { .. }) && self.template.currency == own
    }
}

/// The same of one.
pub(crate) fn kind(tx: &mut Tx, id: Id<Template>) -> Result<Kind, Failure> {
    Ok(as_kind(store::template(tx, id)?))
}

fn as_kind(found: store::Found) -> Kind {
    let store::Found { template, name, name_en, taken, active, .. } = found;
    Kind { template, name, name_en, taken, active }
}

/// Every kind of which more can be had, the newest first.
pub(crate) fn kinds(tx: &mut Tx) -> Result<Vec<Kind>, Failure> {
    let active = store::templates(tx)?.into_iter().filter(|found| found.active);
    Ok(active.map(as_kind).collect())
}

/// Gives one to somebody who takes it in a campaign, whose own limits were kept; the kind's own end
/// holds.
pub(crate) fn drop_one(
    tx: &mut Tx,
    id: Id<Template>,
    person: Id<Person>,
) -> Result<CouponView, Failure> {
    let found = store::template(tx, id)?;
    if !found.active {
        return Err(Refusal::NotNow.into());
    }
    hand_out(tx, &found, (person, Source::Share), None, None)
}

/// Where parts can be coupons of this kind: from what amount it is used. None where there is no
/// such kind, no more of it can be had, or it does not take the shop's money off goods.
pub(crate) fn share_from(tx: &mut Tx, id: Id<Template>) -> Result<Option<i64>, Failure> {
    let kind = match kind(tx, id) {
        Err(Failure::NotFound) => return Ok(None),
        found => found?,
    };
    let own = shop::get(tx)?.currency;
    let shared = kind.active && kind.can_be_shared(own);
    Ok(shared.then_some(kind.template.threshold))
}

/// A kind of coupon whose parts can be shared out.
#[derive(Clone, Debug)]
pub struct ShareKind {
    pub id: Id<Template>,
    pub name: String,
    pub name_en: String,
}

/// The kinds of coupon that staff may have a campaign share out, the newest first.
pub fn share_kinds(app: &App, visitor: &Visitor) -> Result<Vec<ShareKind>, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(|tx| {
        let own = shop::get(tx)?.currency;
        let shared = kinds(tx)?.into_iter().filter(|kind| kind.can_be_shared(own));
        let named = shared.map(|kind| {
            let Kind { template, name, name_en, .. } = kind;
            ShareKind { id: template.id, name, name_en }
        });
        Ok(named.collect())
    })
}

/// One as its holder sees it.
pub(crate) fn view_of(tx: &mut Tx, id: Id<Coupon>) -> Result<Option<CouponView>, Failure> {
    Ok(store::find(tx, id)?.map(|held| held.view()))
}

/// Gives one that takes `amount` off, which a campaign's promise pays for.
pub(crate) fn give_share(
    tx: &mut Tx,
    id: Id<Template>,
    person: Id<Person>,
    amount: i64,
    reward: Id<Reward>,
) -> Result<CouponView, Failure> {
    let found = store::template(tx, id)?;
    let view = hand_out(tx, &found, (person, Source::Share), Some(amount), None)?;
    store::pay_with(tx, view.id, reward)?;
    Ok(view)
}

fn written(
    tx: &mut Tx,
    found: &store::Found,
    (person, source): (Id<Person>, Source),
    life: domain::coupon::Claimed,
    amount: Option<i64>,
    actor: Option<Id<Person>>,
) -> Result<CouponView, Failure> {
    let id: Id<Coupon> = tx.id();
    store::add(tx, (id, found.template.id, person), life, source, amount, actor)?;
    let held = store::find(tx, id)?.ok_or(Failure::NotFound)?;
    Ok(held.view())
}
