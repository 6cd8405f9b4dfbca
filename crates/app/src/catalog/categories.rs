//! The tree of categories.

use std::collections::HashMap;

use describe::ToSchema;
use domain::catalog::{Category, Product, Refusal};
use domain::event::Fact;
use domain::id::Id;
use domain::person::Permission;
use domain::text::{Name, Slug, one_line};
use serde::{Deserialize, Serialize};

use super::view::{CategoryRef, CategoryView};
use crate::db::Tx;
use crate::failure::Failure;
use crate::{App, Visitor};

mod store;

/// How deep the tree may be.
const DEEPEST: usize = 8;

/// A category as staff write it.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub struct CategoryInput {
    pub name: String,
    /// Made from the name when empty.
    pub slug: String,
    pub blurb: String,
    pub parent: Option<Id<Category>>,
    pub position: i64,
    /// Names and blurbs in other languages.
    pub texts: Vec<CategoryTextInput>,
}

/// A category in another language than the shop's.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub struct CategoryTextInput {
    pub locale: String,
    pub name: String,
    pub blurb: String,
}

/// The whole tree, each category before what is below it.
pub fn list(app: &App, visitor: &Visitor) -> Result<Vec<CategoryView>, Failure> {
    app.read(|tx| tree(tx, &visitor.locale))
}

/// `list` in a transaction.
pub fn tree(tx: &mut Tx, locale: &str) -> Result<Vec<CategoryView>, Failure> {
    let mut views = names(tx, locale)?;
    let counts = store::counts(tx)?;
    for view in &mut views {
        view.products = Some(counts.get(&view.id).copied().unwrap_or(0));
    }
    let all: Vec<usize> = (0..views.len()).collect();
    add_pictures(tx, &mut views, &all, locale)?;
    Ok(views)
}

/// The tree without numbers and pictures, which cost more the more goods there are.
pub fn names(tx: &mut Tx, locale: &str) -> Result<Vec<CategoryView>, Failure> {
    let rows = store::all(tx, locale)?;
    let mut views = Vec::with_capacity(rows.len());
    below(&rows, None, 0, &mut |row, depth| {
        views.push(CategoryView {
            id: row.id,
            slug: row.slug.clone(),
            name: row.name.clone(),
            blurb: row.blurb.clone(),
            parent: row.parent,
            depth: depth as i64,
            position: row.position,
            products: None,
            picture: None,
        });
    });
    Ok(views)
}

/// The first `most` categories at the top of the tree, with pictures.
pub fn top(tx: &mut Tx, most: usize, locale: &str) -> Result<Vec<CategoryView>, Failure> {
    let mut views = names(tx, locale)?;
    let places = views.iter().enumerate().filter(|(_, view)| view.depth == 0);
    let places: Vec<usize> = places.map(|(place, _)| place).take(most).collect();
    add_pictures(tx, &mut views, &places, locale)?;
    Ok(places.into_iter().map(|place| views[place].clone()).collect())
}

/// Gives these categories of the tree the picture of what sells most in them.
fn add_pictures(
    tx: &mut Tx,
    tree: &mut [CategoryView],
    places: &[usize],
    locale: &str,
) -> Result<(), Failure> {
    let mut favourites = HashMap::new();
    for place in places {
        let depth = tree[*place].depth;
        let deeper = tree[place + 1..].iter().take_while(|view| view.depth > depth);
        let within: Vec<Id<Category>> =
            std::iter::once(&tree[*place]).chain(deeper).map(|view| view.id).collect();
        if let Some(product) = store::favourite(tx, &within)? {
            favourites.insert(*place, product);
        }
    }
    let products: Vec<Id<Product>> = favourites.values().copied().collect();
    let anybody = crate::price_list::anybody(tx)?;
    let cards = super::cards(tx, &products, locale, &anybody)?;
    for (place, product) in favourites {
        let card = cards.iter().find(|card| card.id == product);
        tree[place].picture = card.and_then(|card| card.picture.clone());
    }
    Ok(())
}

/// Visits what is below `parent`, each row before its own children.
fn below(
    rows: &[store::Kept],
    parent: Option<Id<Category>>,
    depth: usize,
    visit: &mut dyn FnMut(&store::Kept, usize),
) {
    if depth >= DEEPEST {
        return;
    }
    for row in rows.iter().filter(|row| row.parent == parent) {
        visit(row, depth);
        below(rows, Some(row.id), depth + 1, visit);
    }
}

/// One category by its slug.
pub fn find(app: &App, visitor: &Visitor, slug: &str) -> Result<CategoryView, Failure> {
    let tree = list(app, visitor)?;
    tree.into_iter().find(|category| category.slug == slug).ok_or(Failure::NotFound)
}

/// Makes a category.
pub fn create(app: &App, visitor: &Visitor, input: CategoryInput) -> Result<CategoryView, Failure> {
    visitor.staff(Permission::Goods)?;
    app.write_for(visitor, |tx| {
        tx.shows();
        let id = add(tx, &input)?;
        view(tx, id, &visitor.locale)
    })
}

/// `create` in a transaction, for the demo.
pub fn add(tx: &mut Tx, input: &CategoryInput) -> Result<Id<Category>, Failure> {
    let id = tx.id();
    let (name, slug) = checked(tx, id, input)?;
    store::insert(tx, id, &slug, name.as_str(), input)?;
    put_texts(tx, id, &input.texts)?;
    Ok(id)
}

/// Changes a category.
pub fn edit(
    app: &App,
    visitor: &Visitor,
    id: Id<Category>,
    input: CategoryInput,
) -> Result<CategoryView, Failure> {
    visitor.staff(Permission::Goods)?;
    app.write_for(visitor, |tx| {
        tx.shows();
        store::lock(tx, id)?;
        let (name, slug) = checked(tx, id, &input)?;
        store::update(tx, id, &slug, name.as_str(), &input)?;
        put_texts(tx, id, &input.texts)?;
        view(tx, id, &visitor.locale)
    })
}

fn view(tx: &mut Tx, id: Id<Category>, locale: &str) -> Result<CategoryView, Failure> {
    let tree = tree(tx, locale)?;
    tree.into_iter().find(|category| category.id == id).ok_or(Failure::NotFound)
}

/// A name, a slug nobody else has, and a place in the tree that is not below itself.
fn checked(
    tx: &mut Tx,
    id: Id<Category>,
    input: &CategoryInput,
) -> Result<(Name, String), Failure> {
    let name = Name::new(&input.name).map_err(|_| Failure::field("catalog.bad_title", "name"))?;
    let slug = if input.slug.is_empty() {
        free_slug(tx, name.as_str())?
    } else {
        Slug::new(&input.slug).map_err(|_| Refusal::BadHandle)?.as_str().to_string()
    };
    if store::by_slug(tx, &slug)?.is_some_and(|other| other != id) {
        return Err(Refusal::HandleTaken.into());
    }
    let mut above = input.parent;
    for _ in 1..DEEPEST {
        match above {
            None => return Ok((name, slug)),
            Some(parent) if parent == id => break,
            Some(parent) => above = store::parent(tx, parent)?,
        }
    }
    if above.is_none() { Ok((name, slug)) } else { Err(Refusal::NoSuchCategory.into()) }
}

fn free_slug(tx: &mut Tx, name: &str) -> Result<String, Failure> {
    let plain = Slug::of_title(name).map_or("category".to_string(), |slug| slug.to_string());
    let mut slug = plain.clone();
    for number in 2..10_000 {
        if store::by_slug(tx, &slug)?.is_none() {
            break;
        }
        slug = format!("{plain}-{number}");
    }
    Ok(slug)
}

fn put_texts(tx: &mut Tx, id: Id<Category>, texts: &[CategoryTextInput]) -> Result<(), Failure> {
    for text in texts {
        if !["zh-CN", "en"].contains(&text.locale.as_str()) {
            return Err(Failure::field("catalog.bad_title", "locale"));
        }
        store::put_text(tx, id, &text.locale, &one_line(&text.name), &one_line(&text.blurb))?;
    }
    Ok(())
}

/// Removes a category; its products stay, what is below it moves up.
pub fn remove(app: &App, visitor: &Visitor, id: Id<Category>) -> Result<(), Failure> {
    visitor.staff(Permission::Goods)?;
    app.write_for(visitor, |tx| {
        tx.shows();
        store::lock(tx, id)?;
        store::remove(tx, id)
    })
}

/// Puts a product into categories: these and no others.
pub fn assign(
    app: &App,
    visitor: &Visitor,
    product: Id<Product>,
    categories: &[Id<Category>],
) -> Result<(), Failure> {
    visitor.staff(Permission::Goods)?;
    app.write_for(visitor, |tx| {
        tx.shows();
        put(tx, product, categories)?;
        tx.tell(Fact::ProductChanged { product })
    })
}

/// `assign` in a transaction.
pub fn put(tx: &mut Tx, product: Id<Product>, categories: &[Id<Category>]) -> Result<(), Failure> {
    super::goods::lock(tx, &[product])?;
    if categories.len() > 20 || !store::all_exist(tx, categories)? {
        return Err(Refusal::NoSuchCategory.into());
    }
    store::assign(tx, product, categories)
}

/// The category a product file names, `Tea > Oolong`, made where it is missing. `known` remembers
/// what was found from row to row.
pub fn at_path(
    tx: &mut Tx,
    path: &str,
    known: &mut HashMap<String, Id<Category>>,
) -> Result<Option<Id<Category>>, Failure> {
    let mut parent = None;
    let mut so_far = String::new();
    for step in path.split('>').map(one_line).filter(|step| !step.is_empty()).take(DEEPEST) {
        let name: String = step.chars().take(Name::LONGEST).collect();
        so_far = format!("{so_far}>{name}");
        let found = match known.get(&so_far) {
            Some(id) => Some(*id),
            None => store::by_name(tx, parent, &name)?,
        };
        let id = match found {
            Some(id) => id,
            None => {
                let position = store::next_position(tx, parent)?;
                add(tx, &CategoryInput { name, parent, position, ..CategoryInput::default() })?
            }
        };
        known.insert(so_far.clone(), id);
        parent = Some(id);
    }
    Ok(parent)
}

/// The categories of a product, each with those above it, outermost first.
pub(super) fn of_product(
    tx: &mut Tx,
    product: Id<Product>,
    locale: &str,
) -> Result<Vec<CategoryRef>, Failure> {
    let own = store::of_product(tx, product)?;
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let rows = store::all(tx, locale)?;
    let mut refs: Vec<CategoryRef> = Vec::new();
    for id in own {
        let mut trail = Vec::new();
        let mut next = Some(id);
        while let Some(row) = rows.iter().find(|row| Some(row.id) == next) {
            let (slug, name) = (row.slug.clone(), row.name.clone());
            trail.push(CategoryRef { id: row.id, slug, name });
            next = row.parent;
            if trail.len() > DEEPEST {
                break;
            }
        }
        for one in trail.into_iter().rev() {
            if !refs.contains(&one) {
                refs.push(one);
            }
        }
    }
    Ok(refs)
}

/// The first category of each of these products with those above it, outermost first.
pub(super) fn paths(
    tx: &mut Tx,
    products: &[Id<Product>],
    locale: &str,
) -> Result<HashMap<Id<Product>, Vec<CategoryRef>>, Failure> {
    let rows = store::all(tx, locale)?;
    let mut paths = HashMap::new();
    for (product, own) in store::of_products(tx, products, locale)? {
        let mut trail = Vec::new();
        let mut next = Some(own.id);
        while let Some(row) = rows.iter().find(|row| Some(row.id) == next) {
            let (slug, name) = (row.slug.clone(), row.name.clone());
            trail.push(CategoryRef { id: row.id, slug, name });
            next = row.parent.filter(|_| trail.len() <= DEEPEST);
        }
        trail.reverse();
        paths.entry(product).or_insert(trail);
    }
    Ok(paths)
}

/// The categories products are in, without those above: their ids and names.
pub(super) fn of_products(
    tx: &mut Tx,
    products: &[Id<Product>],
    locale: &str,
) -> Result<Vec<(Id<Product>, CategoryRef)>, Failure> {
    store::of_products(tx, products, locale)
}
