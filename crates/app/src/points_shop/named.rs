//! What is offered by its name: how staff write it, and how it is shown.

use domain::coupon::Template;
use domain::id::Id;
use domain::money::Money;
use domain::person::Permission;
use domain::points_shop::{Gives, Offered, Terms};

use crate::catalog::variants_for_sale;
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor, campaign, coupon};

/// An item as staff write it: by the name of a coupon or of goods.
#[derive(Clone, Debug)]
pub struct Line {
    pub name: String,
    pub points: i64,
    pub stock: Option<i64>,
    pub per_person: i64,
    pub money: Option<i64>,
    pub from_rank: usize,
}

/// What an item is called and looks like.
pub struct Named {
    pub name: String,
    pub name_en: String,
    pub picture: String,
    pub handle: String,
    pub worth: Option<Money>,
}

/// The same of what it gives; nothing where it is not there any more.
pub fn of(tx: &mut Tx, gives: &Gives, locale: &str) -> Result<Option<Named>, Failure> {
    match gives {
        Gives::Coupon { template } => coupon_named(tx, *template),
        Gives::Goods { variant } => {
            let goods = variants_for_sale(tx, &[*variant], locale)?.into_iter().next();
            Ok(goods.filter(|goods| goods.on_sale).map(|goods| {
                let name = format!("{} {}", goods.title, goods.variant_title).trim().to_string();
                Named {
                    name_en: name.clone(),
                    name,
                    picture: goods.picture,
                    handle: goods.handle,
                    worth: Some(goods.price),
                }
            }))
        }
    }
}

fn coupon_named(tx: &mut Tx, id: Id<Template>) -> Result<Option<Named>, Failure> {
    Ok(coupon::named(tx, id)?.map(|(name, name_en, gives, currency)| Named {
        name,
        name_en,
        picture: String::new(),
        handle: String::new(),
        worth: coupon::amount(&gives, currency),
    }))
}

/// What staff wrote, as a campaign keeps it.
pub fn named(app: &App, visitor: &Visitor, lines: &[Line]) -> Result<Terms, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    let mut items = Vec::new();
    for line in lines {
        let template = app.read(|tx| coupon::by_name(tx, &line.name))?;
        let gives = match template {
            Some(template) => Gives::Coupon { template },
            None => {
                let variant = campaign::variant_named(app, visitor, &line.name)?;
                Gives::Goods { variant }
            }
        };
        items.push(Offered {
            gives,
            points: line.points,
            money: line.money,
            stock: line.stock,
            per_person: line.per_person,
            from_rank: line.from_rank,
        });
    }
    Ok(Terms { items })
}

/// What a campaign keeps, as staff write it.
pub fn said(app: &App, visitor: &Visitor, terms: &Terms) -> Result<Vec<Line>, Failure> {
    visitor.staff_reader(Permission::Campaigns)?;
    let mut lines = Vec::new();
    for one in &terms.items {
        let name = match one.gives {
            Gives::Coupon { template } => app
                .read(|tx| coupon::named(tx, template))?
                .map_or(template.to_string(), |named| named.0),
            Gives::Goods { variant } => {
                let of = campaign::Offered { variant, price: 0, quota: None };
                campaign::names_of(app, visitor, &[of])?.into_iter().next().unwrap_or_default()
            }
        };
        lines.push(Line {
            name,
            points: one.points,
            stock: one.stock,
            per_person: one.per_person,
            money: one.money,
            from_rank: one.from_rank,
        });
    }
    Ok(lines)
}
