//! Products in and out of Shopify's product file, in both of its generations of headers.

use std::io::{Read, Seek, Write};

use describe::ToSchema;
use domain::person::Permission;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::{App, Visitor};

mod export;
mod fault;
mod header;
mod import;
mod parse;
pub(crate) mod rows;
mod settle;
mod store;

use fault::Fault;
pub use fault::{REASONS, RowFault};

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportReport)]
pub struct Report {
    /// Rows of the file, without its header.
    pub rows: u64,
    /// Products.
    pub new: u64,
    pub updated: u64,
    pub unchanged: u64,
    /// How many rows were left out.
    pub rejected_rows: u64,
    /// Why, in the order of the file: the first ten thousand.
    pub rejected: Vec<RowFault>,
    /// What became of the first two hundred products that changed.
    pub changes: Vec<Change>,
    /// Pictures that are still to be fetched.
    pub pictures: u64,
    pub dry_run: bool,
    /// How long it took.
    pub millis: u64,
}

/// A product that an import changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    pub line: u64,
    pub handle: String,
    pub title: String,
    pub new: bool,
    pub variants: u64,
    pub pictures: u64,
}

/// Which generation of headers to write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Generation {
    /// `Handle, Title, Body (HTML)…`: what most tools read.
    #[default]
    Legacy,
    /// `Title, URL handle, Description…`.
    Current,
}

/// An import as the console lists it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ImportView {
    pub id: String,
    pub file_name: String,
    pub at: domain::moment::Moment,
    pub report: Report,
}

/// Reads a product file into the shop, or says what that would do. `progress` hears how many bytes
/// have been read.
pub fn import<R: Read + Seek>(
    app: &App,
    visitor: &Visitor,
    file_name: &str,
    reader: R,
    dry_run: bool,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, Failure> {
    let actor = visitor.staff(Permission::Goods)?;
    import::run(app, Some(actor), file_name, reader, dry_run, progress)
}

/// Writes all products as a product file, and says in how many rows.
pub fn export(
    app: &App,
    visitor: &Visitor,
    generation: Generation,
    writer: &mut dyn Write,
) -> Result<u64, Failure> {
    visitor.staff_reader(Permission::Goods)?;
    export::run(app, generation, writer)
}

/// The last imports, newest first.
pub fn imports(app: &App, visitor: &Visitor, most: i64) -> Result<Vec<ImportView>, Failure> {
    visitor.staff_reader(Permission::Goods)?;
    app.read(|tx| store::imports(tx, most.clamp(1, 100)))
}
