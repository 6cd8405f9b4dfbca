//! A shop made up for measuring: one product, and a crowd of shoppers with tokens.

use std::io::Cursor;

use domain::catalog::Variant;
use domain::group_buy::GroupBuy;
use domain::id::Id;
use domain::moment::Span;
use domain::person::{Person, Token};

use crate::db::Insert;
use crate::failure::Failure;
use crate::session::hashed;
use crate::{App, Visitor, dice, group_buy, legal, person, product_csv, staff_act, token};

pub mod budget;

/// What is for sale, and who may buy it.
pub struct Rehearsal {
    pub variant: Id<Variant>,
    /// The product's part of its page's address.
    pub handle: &'static str,
    pub tokens: Vec<String>,
}

/// What is bought together.
pub struct Together {
    pub group_buy: Id<GroupBuy>,
}

/// Says who the shop is, without which nothing can be launched. Where it is said it stays.
pub fn licensed(app: &App, staff: &Visitor) -> Result<(), Failure> {
    let mut said = legal::licence_desk(app, staff)?;
    if said.licence.number.is_empty() {
        said.licence.name = "风车演示店".into();
        said.licence.number = "91330100799655058B".into();
        legal::set_licence(app, staff, &said)?;
    }
    Ok(())
}

/// Offers the product to teams of so many.
pub fn together(app: &App, made: &Rehearsal, need: i64) -> Result<Together, Failure> {
    let product = app.read(|tx| tx.one("select id from products", &[], |row| row.get(0)))?;
    let password = dice::secret(app.seams.dice.as_ref(), token::LENGTH);
    let owner = ("owner", "owner@example.com", domain::person::Role::Owner);
    let zoe = person::add_staff_from_terminal(app, owner.0, owner.1, owner.2, &password)?;
    let zoe = Visitor::of(zoe.id, owner.0, owner.2).with_key("the-rehearsal-together", "")?;
    licensed(app, &zoe)?;
    let settings = group_buy::templates().into_iter().next().map(|template| template.settings);
    let settings = settings.ok_or(Failure::NotFound)?;
    let new = group_buy::NewGroupBuy {
        title: "Cups together".into(),
        product,
        starts_at: app.now(),
        ends_at: app.now().plus(Span::days(7)),
        settings: group_buy::Settings { need, ..settings },
        variants: vec![group_buy::OfferedVariant {
            variant: made.variant,
            price: 2_950,
            quota: None,
        }],
        launch: true,
    };
    Ok(Together { group_buy: group_buy::create(app, &zoe, new)?.id })
}

static PEOPLE: Insert = Insert::new("people (id, name, email, locale, role, created_at)", 6);
static TOKENS: Insert = Insert::new(
    "tokens (id, person_id, name, hint, token_hash, scopes, created_at, last_used_at)",
    8,
);

/// Fills an empty shop with `units` of one product and so many shoppers.
pub fn prepare(app: &App, shoppers: usize, units: u64) -> Result<Rehearsal, Failure> {
    let goods = format!(
        "Handle,Title,Published,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,\
         Variant Inventory Qty,Variant Inventory Policy,Variant Price,Status\n\
         cup,Cup,TRUE,Title,Default Title,CUP-1,shopify,{units},deny,39.50,active\n"
    );
    let owner = Visitor::of(staff_act::TERMINAL, "terminal", domain::person::Role::Owner);
    let mut silent = |_| ();
    product_csv::import(app, &owner, "goods.csv", Cursor::new(goods), false, &mut silent)?;
    let variant = app.read(|tx| tx.one("select id from variants", &[], |row| row.get(0)))?;
    let mut tokens = Vec::with_capacity(shoppers);
    for first in (0..shoppers).step_by(1_000) {
        let numbers = first..shoppers.min(first + 1_000);
        tokens.extend(app.write(|tx| {
            tx.gather();
            let now = tx.now;
            let mut made = Vec::new();
            for number in numbers.clone() {
                let (person, id): (Id<Person>, Id<Token>) = (tx.id(), tx.id());
                let secret = format!("{}{}", token::PREFIX, dice::secret(tx.dice(), token::LENGTH));
                let name = format!("shopper-{number}");
                let email = format!("{name}@example.com");
                let row = vec![
                    person.into(),
                    (&name).into(),
                    email.into(),
                    "en".into(),
                    "shopper".into(),
                    now.into(),
                ];
                tx.add(&PEOPLE, row)?;
                let row = vec![
                    id.into(),
                    person.into(),
                    (&name).into(),
                    "…".into(),
                    hashed(&secret).into(),
                    "read shop".into(),
                    now.into(),
                    // They have looked around before they buy.
                    now.into(),
                ];
                tx.add(&TOKENS, row)?;
                made.push(secret);
            }
            Ok(made)
        })?);
    }
    Ok(Rehearsal { variant, handle: "cup", tokens })
}
