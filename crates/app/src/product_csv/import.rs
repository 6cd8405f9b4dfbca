//! Reading a product file: twice through, in batches.
//!
//! The first pass notes where each product's last row is, so that the second can settle a product
//! as soon as it is complete and forget its rows, even when they are scattered over the file. What
//! is held at once is a batch, the scattered products that are open, and a few bytes a product.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::io::{Read, Seek};

use domain::catalog::Category;
use domain::id::Id;
use domain::moment::Moment;
use domain::person::Person;
use domain::text::Slug;

use super::header::{Column, Header};
use super::parse::{Group, Reading};
use super::rows::{Row, Rows, header_cells};
use super::settle::{Settled, settle};
use super::{Change, Fault, Report, RowFault, store};
use crate::App;
use crate::catalog::categories;
use crate::catalog::goods::{self, Goods};
use crate::db::Tx;
use crate::failure::Failure;
use crate::inventory;

/// A batch is written when it has this many products or rows.
const BATCH_PRODUCTS: usize = 200;
const BATCH_ROWS: usize = 2_000;
const MOST_FAULTS: usize = 10_000;
const MOST_CHANGES: usize = 200;

/// Reads a file into the shop, or only says what that would do.
pub fn run<R: Read + Seek>(
    app: &App,
    actor: Option<Id<Person>>,
    file_name: &str,
    mut file: R,
    dry_run: bool,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, Failure> {
    let began = app.now();
    let currency = app.read(|tx| Ok(crate::shop::get(tx)?.currency))?;
    let mut rows = Rows::open(&mut file)?;
    let header = Header::read(&header_cells(rows.next_row()?)?)?;
    let last = last_rows(&header, &mut rows)?;
    let mut rows = Rows::open(&mut file)?;
    rows.next_row()?;
    let reading = Reading { header: &header, currency, base_url: &app.config.base_url };
    let mut import = Import {
        app,
        actor,
        reading,
        dry_run,
        reason: format!("import {file_name}"),
        report: Report { dry_run, ..Report::default() },
        batch: Vec::new(),
        batch_rows: 0,
        categories: HashMap::new(),
    };
    let mut open: HashMap<u64, Group> = HashMap::new();
    let mut number = 0;
    while let Some(row) = rows.next_row()? {
        number += 1;
        import.report.rows += 1;
        match handle_of(&header, &row) {
            None => {
                let name = header.name(Column::Handle);
                import.reject(vec![RowFault::new(row.line, "", name, Fault::HandleMissing)], 1);
            }
            Some(handle) => {
                let key = hash_of(&handle);
                let group = open.entry(key).or_insert_with(|| Group { handle, rows: Vec::new() });
                group.rows.push(row);
                if last.get(&key) == Some(&number)
                    && let Some(group) = open.remove(&key)
                {
                    import.push(group)?;
                }
            }
        }
        if number % 64 == 0 {
            progress(rows.bytes());
        }
    }
    import.flush()?;
    progress(rows.bytes());
    import.finish(file_name, began)
}

/// For each product, by the hash of its handle, the number of its last row.
fn last_rows<R: Read + Seek>(
    header: &Header,
    rows: &mut Rows<R>,
) -> Result<HashMap<u64, u64>, Failure> {
    let mut last = HashMap::new();
    let mut number = 0;
    while let Some(row) = rows.next_row()? {
        number += 1;
        if let Some(handle) = handle_of(header, &row) {
            last.insert(hash_of(&handle), number);
        }
    }
    Ok(last)
}

fn hash_of(handle: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    handle.hash(&mut hasher);
    hasher.finish()
}

/// The handle a row is filed under: its own, or what its title makes.
fn handle_of(header: &Header, row: &Row) -> Option<String> {
    let cell = |column| {
        let cell = row.cells.get(header.place(column)?)?;
        let text = String::from_utf8_lossy(cell).trim().to_string();
        (!text.is_empty()).then_some(text)
    };
    match cell(Column::Handle) {
        Some(handle) => Some(handle.to_lowercase()),
        None => Slug::of_title(&cell(Column::Title)?).map(|slug| slug.to_string()),
    }
}

struct Import<'a> {
    app: &'a App,
    actor: Option<Id<Person>>,
    reading: Reading<'a>,
    dry_run: bool,
    reason: String,
    report: Report,
    batch: Vec<Group>,
    batch_rows: usize,
    categories: HashMap<String, Id<Category>>,
}

/// What a batch did.
#[derive(Default)]
struct Done {
    new: u64,
    updated: u64,
    unchanged: u64,
    pictures: u64,
    rejected: Vec<(Vec<RowFault>, u64)>,
    changes: Vec<Change>,
}

impl Import<'_> {
    fn push(&mut self, group: Group) -> Result<(), Failure> {
        self.batch_rows += group.rows.len();
        self.batch.push(group);
        if self.batch.len() >= BATCH_PRODUCTS || self.batch_rows >= BATCH_ROWS {
            self.flush()?;
        }
        Ok(())
    }

    fn reject(&mut self, faults: Vec<RowFault>, rows: u64) {
        self.report.rejected_rows += rows;
        let room = MOST_FAULTS.saturating_sub(self.report.rejected.len());
        self.report.rejected.extend(faults.into_iter().take(room));
    }

    fn flush(&mut self) -> Result<(), Failure> {
        let batch = std::mem::take(&mut self.batch);
        self.batch_rows = 0;
        if batch.is_empty() {
            return Ok(());
        }
        let mut known = std::mem::take(&mut self.categories);
        let done = if self.dry_run {
            self.app.read(|tx| self.settle_batch(tx, &batch, &mut known))
        } else {
            let before = known.clone();
            self.app.write(|tx| {
                // The first try may have been rolled back, with the categories it made.
                known.clone_from(&before);
                self.settle_batch(tx, &batch, &mut known)
            })
        };
        let done = done?;
        self.categories = known;
        self.report.new += done.new;
        self.report.updated += done.updated;
        self.report.unchanged += done.unchanged;
        self.report.pictures += done.pictures;
        for (faults, rows) in done.rejected {
            self.reject(faults, rows);
        }
        let room = MOST_CHANGES.saturating_sub(self.report.changes.len());
        self.report.changes.extend(done.changes.into_iter().take(room));
        Ok(())
    }

    fn settle_batch(
        &self,
        tx: &mut Tx,
        batch: &[Group],
        known: &mut HashMap<String, Id<Category>>,
    ) -> Result<Done, Failure> {
        let handles: Vec<String> = batch.iter().map(|group| group.handle.clone()).collect();
        let ids: Vec<_> = goods::find_ids(tx, &handles)?.into_values().collect();
        if !self.dry_run {
            goods::lock(tx, &ids)?;
        }
        let existing: HashMap<String, Goods> =
            goods::load(tx, &ids)?.into_iter().map(|goods| (goods.handle.clone(), goods)).collect();
        let mut done = Done::default();
        for group in batch {
            let before = existing.get(&group.handle);
            let settled = settle(&self.reading, group, before);
            self.put(tx, group, before, settled, known, &mut done)?;
        }
        Ok(done)
    }

    fn put(
        &self,
        tx: &mut Tx,
        group: &Group,
        before: Option<&Goods>,
        settled: Settled,
        known: &mut HashMap<String, Id<Category>>,
        done: &mut Done,
    ) -> Result<(), Failure> {
        done.rejected.push((settled.faults, settled.rejected));
        let Some(mut after) = settled.goods else { return Ok(()) };
        find_own_files(tx, &mut after)?;
        let remote = |pic: &&goods::Pic| pic.state == "remote" && pic.id.is_none();
        done.pictures += after.pictures.iter().filter(remote).count() as u64;
        let moved: Vec<(usize, i64)> = settled
            .levels
            .into_iter()
            .filter(|(place, level)| after.variants[*place].available != *level)
            .collect();
        let changed = before != Some(&after) || !moved.is_empty();
        match (before, changed) {
            (None, _) => done.new += 1,
            (Some(_), true) => done.updated += 1,
            (Some(_), false) => done.unchanged += 1,
        }
        if !changed {
            return Ok(());
        }
        if done.changes.len() < MOST_CHANGES {
            done.changes.push(Change {
                line: settled.line,
                handle: group.handle.clone(),
                title: after.title.clone(),
                new: before.is_none(),
                variants: after.variants.len() as u64,
                pictures: after.pictures.len() as u64,
            });
        }
        if self.dry_run {
            return Ok(());
        }
        goods::save(tx, before, &mut after)?;
        for (place, level) in moved {
            // A saved variant has its id.
            if let Some(variant) = after.variants[place].id {
                inventory::set_level(tx, variant, level, self.actor, &self.reason)?;
            }
        }
        file_under(tx, before, &after, known)
    }

    fn finish(mut self, file_name: &str, began: Moment) -> Result<Report, Failure> {
        self.report.rejected.sort_by_key(|fault| fault.line);
        let spent = self.app.now().since(began).0.max(0) / 1_000;
        self.report.millis = u64::try_from(spent).unwrap_or(0);
        let (report, actor) = (&self.report, self.actor);
        self.app.write(|tx| store::add_import(tx, file_name, actor, report))?;
        Ok(self.report)
    }
}

/// Pictures that are named by our own address are here already, or nowhere.
fn find_own_files(tx: &mut Tx, goods: &mut Goods) -> Result<(), Failure> {
    for pic in goods.pictures.iter_mut().filter(|pic| pic.id.is_none()) {
        let Some(hash) = pic.src.strip_prefix("/files/").map(str::to_string) else { continue };
        if crate::file::exists(tx, &hash)? {
            pic.state = "stored".to_string();
            (pic.file, pic.thumb) = (Some(hash.clone()), Some(hash));
        } else {
            pic.state = "failed".to_string();
            pic.error = Some("there is no such file".to_string());
        }
    }
    Ok(())
}

/// Puts a product into the category its file names, when the file names another than before: what
/// staff arranged by hand stays.
fn file_under(
    tx: &mut Tx,
    before: Option<&Goods>,
    after: &Goods,
    known: &mut HashMap<String, Id<Category>>,
) -> Result<(), Failure> {
    let path = |goods: &Goods| match goods.product_category.as_str() {
        "" => goods.product_type.replace('>', " "),
        path => path.to_string(),
    };
    let wanted = path(after);
    let same = before.is_some_and(|before| path(before) == wanted);
    let (Some(product), false, false) = (after.id, same, wanted.is_empty()) else {
        return Ok(());
    };
    match categories::at_path(tx, &wanted, known)? {
        Some(category) => categories::put(tx, product, &[category]),
        None => Ok(()),
    }
}
