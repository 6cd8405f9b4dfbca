//! Pictures: uploaded by staff, or fetched from where the product file says they are.

use domain::catalog::{Picture, Product, Refusal};
use domain::id::Id;
use domain::person::Permission;
use domain::text::one_line;

use super::goods::{self, Pic};
use super::store::{self, shown};
use super::view::PictureView;
use crate::db::Tx;
use crate::failure::Failure;
use crate::file::{self, picture};
use crate::outside::Trouble;
use crate::{App, Visitor, seller, staff_act};

/// A product has this many pictures at most.
pub const MOST: usize = 250;

/// Adds an uploaded picture to a product.
pub fn upload(
    app: &App,
    visitor: &Visitor,
    product: Id<Product>,
    bytes: &[u8],
    alt: &str,
) -> Result<PictureView, Failure> {
    let counter = visitor.counter(Permission::Goods)?;
    let actor = counter.person;
    // Before the transaction: nobody waits for the database while pictures are drawn.
    let prepared = picture::prepare(bytes)?;
    app.write_for(visitor, |tx| {
        tx.shows();
        goods::lock(tx, &[product])?;
        counter.sees(seller::of_product(tx, product)?)?;
        let before = goods::load(tx, &[product])?.pop().ok_or(Failure::NotFound)?;
        let (large, small) = keep(tx, &prepared)?;
        let src = format!("/files/{large}");
        if before.pictures.len() >= MOST {
            return Err(Refusal::BadPicture.into());
        }
        if before.pictures.iter().all(|pic| pic.src != src) {
            let mut after = before.clone();
            let alt: String = one_line(alt).chars().take(512).collect();
            after.pictures.push(filled(Pic::new(&src, &alt), &prepared, large, small));
            goods::save(tx, Some(&before), &mut after)?;
            staff_act::record(tx, actor, "picture.add", ("product", product.0), &src)?;
        }
        let pictures = shown::pictures(tx, &[product])?;
        let found = pictures.into_iter().find(|(_, from, _)| *from == src);
        found.map(|(_, _, view)| view).ok_or(Failure::NotFound)
    })
}

fn keep(tx: &mut Tx, prepared: &picture::Prepared) -> Result<(String, String), Failure> {
    let large = file::put(tx, prepared.mime, &prepared.large)?;
    let small = file::put(tx, prepared.mime, &prepared.small)?;
    Ok((large, small))
}

fn filled(pic: Pic, prepared: &picture::Prepared, large: String, small: String) -> Pic {
    Pic {
        state: "stored".to_string(),
        file: Some(large),
        thumb: Some(small),
        width: Some(prepared.width),
        height: Some(prepared.height),
        color: Some(prepared.color.clone()),
        error: None,
        ..pic
    }
}

/// Takes a picture away from its product.
pub fn remove(app: &App, visitor: &Visitor, id: Id<Picture>) -> Result<(), Failure> {
    let counter = visitor.counter(Permission::Goods)?;
    let actor = counter.person;
    app.write_for(visitor, |tx| {
        tx.shows();
        let (product, src, _) = store::picture(tx, id)?;
        goods::lock(tx, &[product])?;
        counter.sees(seller::of_product(tx, product)?)?;
        let before = goods::load(tx, &[product])?.pop().ok_or(Failure::NotFound)?;
        let mut after = before.clone();
        after.pictures.retain(|pic| pic.id != Some(id));
        goods::save(tx, Some(&before), &mut after)?;
        staff_act::record(tx, actor, "picture.remove", ("product", product.0), &src)
    })
}

/// Tries again to fetch a picture that failed.
pub fn retry(app: &App, visitor: &Visitor, id: Id<Picture>) -> Result<(), Failure> {
    let counter = visitor.counter(Permission::Goods)?;
    app.write_for(visitor, |tx| {
        tx.shows();
        let (product, _, state) = store::picture(tx, id)?;
        counter.sees(seller::of_product(tx, product)?)?;
        if state == "failed" {
            store::mark(tx, id, "remote", None)?;
            tx.ask("picture.fetch", id.0, tx.now)?;
        }
        Ok(())
    })
}

/// Fetches a remote picture and keeps a copy: the job `picture.fetch`, safe to run twice.
///
/// An address that does not answer is tried again by the queue; one that refuses, or whose answer
/// is no picture, is marked as failed and the console shows why.
pub fn fetch(app: &App, id: Id<Picture>) -> Result<(), Failure> {
    let found = match app.read(|tx| store::picture(tx, id)) {
        // It was taken away meanwhile.
        Err(Failure::NotFound) => return Ok(()),
        found => found?,
    };
    let (product, src, state) = found;
    if state != "remote" {
        return Ok(());
    }
    let fetched = match app.outside.fetch.get(&src, picture::MOST_BYTES) {
        Ok(bytes) => picture::prepare(&bytes).map_err(|_| "not a picture we can read".to_string()),
        Err(Trouble::Refused(why)) => Err(why),
        Err(away) => return Err(Failure::broken(away)),
    };
    app.write(|tx| {
        tx.shows();
        // Staff may be changing the product: their copy of its pictures must not undo this.
        goods::lock(tx, &[product])?;
        match &fetched {
            Err(why) => store::mark(tx, id, "failed", Some(why)),
            Ok(prepared) => {
                let (large, small) = keep(tx, prepared)?;
                let pic = filled(Pic::new(&src, ""), prepared, large, small);
                store::fill_picture(tx, id, &pic)
            }
        }
    })
}
