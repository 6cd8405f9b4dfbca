//! Products in and out of Shopify's product file, in both of its generations of headers.

use std::io::{Read, Seek, Write};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::failure::Failure;
use crate::{App, Visitor};

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
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

/// Why a row was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RowFault {
    /// The line of the file the row begins on; the header is on line 1.
    pub line: u64,
    pub handle: String,
    /// The column as the file calls it; empty when it is about the whole row.
    pub column: String,
    /// A stable code, one of `REASONS`.
    pub reason: String,
    /// What the cell holds, shortened.
    pub found: String,
    /// What the message needs, by name.
    pub args: std::collections::BTreeMap<String, String>,
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

/// Every reason a row can be left out for: the texts of both languages must know each.
pub const REASONS: &[&str] = &[
    "columns",
    "invalid_utf8",
    "handle_missing",
    "handle_bad",
    "title_missing",
    "text_too_long",
    "status_bad",
    "boolean_bad",
    "price_missing",
    "price_bad",
    "price_negative",
    "price_decimals",
    "price_too_large",
    "quantity_bad",
    "policy_bad",
    "weight_bad",
    "weight_unit_bad",
    "image_url_bad",
    "image_position_bad",
    "option_name_missing",
    "option_value_missing",
    "option_too_many",
    "variant_twice",
    "too_many_variants",
    "product_rejected",
];

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
    let _ = (app, visitor, file_name, reader, dry_run, progress);
    todo!()
}

/// Writes all products as a product file.
pub fn export(
    app: &App,
    visitor: &Visitor,
    generation: Generation,
    writer: &mut dyn Write,
) -> Result<u64, Failure> {
    let _ = (app, visitor, generation, writer);
    todo!()
}

/// The last imports, newest first.
pub fn imports(app: &App, visitor: &Visitor, most: i64) -> Result<Vec<ImportView>, Failure> {
    let _ = (app, visitor, most);
    todo!()
}
