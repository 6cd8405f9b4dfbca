//! Bargains as they are looked at.

use describe::ToSchema;
use domain::bargain::{Launch, Status};
use domain::campaign::{Campaign, Mechanic};
use domain::catalog::{Product, Variant};
use domain::id::Id;
use domain::moment::Moment;
use domain::money::Money;
use domain::order::Order;
use domain::person::Permission;
use serde::{Deserialize, Serialize};

use super::{goods, store, terms};
use crate::campaign::{self, CampaignCard};
use crate::catalog::variants_for_sale;
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor};

/// Somebody's bargain, as anybody with its link sees it. Every price is of one unit.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Bargain)]
pub struct BargainView {
    pub id: Id<Launch>,
    pub campaign: Id<Campaign>,
    pub title: String,
    /// Who bargains, by the name they show.
    pub name: String,
    /// Whether the visitor does.
    pub own: bool,
    pub variant: Id<Variant>,
    /// How many units it is for.
    pub quantity: i64,
    /// The product's handle; empty when its goods are not shown any more.
    pub handle: String,
    pub product_title: String,
    pub variant_title: String,
    pub picture: String,
    pub status: Status,
    /// Until when it can be cut and then, at the floor, bought.
    pub ends_at: Moment,
    /// What it cost at first, costs now, and costs at the very least.
    pub start: Money,
    pub price: Money,
    pub floor: Money,
    /// How much is left to cut, and how many friends that takes at the very most.
    pub left: Money,
    pub missing: i64,
    pub cuts: i64,
    pub taken: i64,
    /// What whoever bargains cut off at first, if they did.
    pub own_cut: Option<Money>,
    /// Whether it can be bought at any price on the way.
    pub any_price: bool,
    /// Whether the visitor can buy it now.
    pub may_buy: bool,
    /// Whether the visitor could still help, unless they did too often.
    pub may_help: bool,
    /// What the visitor cut off, if they helped.
    pub helped: Option<Money>,
    /// The order that uses it; whoever bargains sees it.
    pub order: Option<Id<Order>>,
    /// Who helped, the latest first, with names as they show them.
    pub helpers: Vec<BargainHelperView>,
    /// SHA-256 of the seed its cuts were drawn by.
    pub hash: String,
    /// The seed, when nothing can be cut any more.
    pub seed: Option<String>,
    /// How often it changed.
    pub seq: i64,
}

/// Somebody who helped, and what they cut off.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = BargainHelper)]
pub struct BargainHelperView {
    pub name: String,
    /// How many cuts they took.
    pub cuts: i64,
    pub cut: Money,
    pub at: Moment,
    /// Whether it is the visitor.
    pub you: bool,
}

/// What can be bargained for in a campaign.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BargainHall {
    pub card: CampaignCard,
    /// Whether something new may begin now.
    pub open: bool,
    /// How many cuts each has, and how many units it is for.
    pub cuts: i64,
    pub quantity: i64,
    pub goods: Vec<BargainGoods>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BargainGoods {
    pub variant: Id<Variant>,
    pub handle: String,
    pub product_title: String,
    pub variant_title: String,
    pub picture: String,
    pub start: Money,
    pub floor: Money,
    /// How many are left of what was set aside; empty where it is the ordinary stock.
    pub left: Option<i64>,
    /// The visitor's own bargain for it.
    pub mine: Option<Id<Launch>>,
}

/// What a campaign's bargains came to, for staff.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct BargainDesk {
    pub campaign: Id<Campaign>,
    /// How many began; how many of them are cut just now, came to the floor, were bought, and were
    /// given up.
    pub launches: i64,
    pub running: i64,
    pub reached: i64,
    pub bought: i64,
    pub expired: i64,
    /// How many people helped, and how often.
    pub helpers: i64,
    pub helps: i64,
    /// The latest 50.
    pub latest: Vec<BargainView>,
}

pub(super) fn of(tx: &mut Tx, id: Id<Launch>, visitor: &Visitor) -> Result<BargainView, Failure> {
    let kept = store::find(tx, id)?;
    let found = campaign::find(tx, kept.campaign)?;
    let terms = terms(&found)?;
    let reader = visitor.person.as_ref().map(|person| person.id);
    let bargain = &kept.bargain;
    let goods = goods(tx, bargain.variant, &visitor.locale)?;
    let helpers = store::helpers(tx, &kept, reader)?;
    let status = bargain.status(terms, tx.now);
    let own = reader == Some(bargain.person);
    let helped = helpers.iter().find(|helper| helper.you).map(|helper| helper.cut);
    let free = bargain.order.is_none();
    let buyable = status == Status::Reached || (status == Status::Running && terms.any_price);
    let by_friends: i64 = helpers.iter().map(|helper| helper.cut.minor).sum();
    let by_owner = bargain.start.minor - bargain.price().minor - by_friends;
    let known = |text: fn(&crate::catalog::ForSale) -> &String| {
        goods.as_ref().map_or(String::new(), |goods| text(goods).clone())
    };
    let over = status != Status::Running;
    Ok(BargainView {
        id,
        campaign: kept.campaign,
        title: found.campaign.frame.title.clone(),
        name: store::name(tx, bargain.person)?,
        own,
        variant: bargain.variant,
        quantity: bargain.quantity.count(),
        handle: known(|goods| &goods.handle),
        product_title: known(|goods| &goods.title),
        variant_title: known(|goods| &goods.variant_title),
        picture: known(|goods| &goods.picture),
        status,
        ends_at: bargain.ends_at(terms),
        start: bargain.start,
        price: bargain.price(),
        floor: kept.floor,
        left: bargain.left(),
        missing: bargain.missing(),
        cuts: bargain.cuts.len() as i64,
        taken: bargain.taken as i64,
        own_cut: (by_owner > 0).then(|| Money::new(by_owner, kept.floor.currency)),
        any_price: terms.any_price,
        may_buy: own && free && buyable,
        may_help: !own && free && status == Status::Running && helped.is_none(),
        helped,
        order: bargain.order.filter(|_| own),
        helpers,
        hash: kept.seed.hash(),
        seed: over.then(|| kept.seed.hex()),
        seq: kept.seq,
    })
}

/// A bargain, for anybody with its link.
pub fn get(app: &App, visitor: &Visitor, id: Id<Launch>) -> Result<BargainView, Failure> {
    app.read(|tx| of(tx, id, visitor))
}

/// The visitor's bargains, the latest first.
pub fn mine(
    app: &App,
    visitor: &Visitor,
    before: Option<Id<Launch>>,
    limit: i64,
) -> Result<Vec<BargainView>, Failure> {
    let person = visitor.reader()?;
    app.read(|tx| {
        let ids = store::mine(tx, person, before.map_or(i64::MAX, |id| id.0), limit)?;
        ids.into_iter().map(|id| of(tx, id, visitor)).collect()
    })
}

/// What can be bargained for in a campaign, for whoever may see it.
pub fn hall(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<BargainHall, Failure> {
    let person = visitor.person.as_ref().map(|person| person.id);
    app.read(|tx| {
        let found = campaign::find(tx, id)?;
        let terms = terms(&found)?;
        if !campaign::sees(&found, person) {
            return Err(Failure::NotFound);
        }
        let offered = store::offered(tx, id)?;
        let ids: Vec<Id<Variant>> = offered.iter().map(|(variant, ..)| *variant).collect();
        let known = variants_for_sale(tx, &ids, &visitor.locale)?;
        let mut all = Vec::new();
        for (variant, floor, left) in offered {
            let goods = known.iter().find(|goods| goods.variant == variant && goods.on_sale);
            let Some(goods) = goods else { continue };
            let mine = match person {
                Some(person) => store::open(tx, id, person, variant)?,
                None => None,
            };
            all.push(BargainGoods {
                variant,
                handle: goods.handle.clone(),
                product_title: goods.title.clone(),
                variant_title: goods.variant_title.clone(),
                picture: goods.picture.clone(),
                start: goods.price,
                floor: Money::new(floor, goods.price.currency),
                left,
                mine,
            });
        }
        Ok(BargainHall {
            card: campaign::card(&found, tx.now),
            open: found.is_running(tx.now),
            cuts: terms.cuts,
            quantity: terms.quantity,
            goods: all,
        })
    })
}

/// The campaign in which a product can be bargained down, and to what.
pub fn of_product(
    app: &App,
    visitor: &Visitor,
    product: Id<Product>,
) -> Result<Option<(Id<Campaign>, Money)>, Failure> {
    if !app.has_campaigns(visitor, Mechanic::Bargain)? {
        return Ok(None);
    }
    let person = visitor.person.as_ref().map(|person| person.id);
    app.read(|tx| {
        for found in campaign::open(tx, Mechanic::Bargain)? {
            if !campaign::sees(&found, person) {
                continue;
            }
            if let Some(lowest) = store::lowest(tx, found.id(), product)? {
                return Ok(Some((found.id(), lowest)));
            }
        }
        Ok(None)
    })
}

/// What a campaign's bargains came to.
pub fn desk(app: &App, visitor: &Visitor, id: Id<Campaign>) -> Result<BargainDesk, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    app.read(|tx| {
        let found = campaign::find(tx, id)?;
        terms(&found)?;
        let states = store::states(tx, id)?;
        let of_state = |status: Status| {
            states.iter().find(|(code, _)| code == status.code()).map_or(0, |(_, count)| *count)
        };
        let (helpers, helps, reached) = store::helped(tx, id)?;
        let latest = store::latest(tx, id)?;
        Ok(BargainDesk {
            campaign: id,
            launches: states.iter().map(|(_, count)| count).sum(),
            running: of_state(Status::Running),
            reached,
            bought: of_state(Status::Bought),
            expired: of_state(Status::Expired),
            helpers,
            helps,
            latest: latest.into_iter().map(|id| of(tx, id, visitor)).collect::<Result<_, _>>()?,
        })
    })
}
