//! Customers in and out of a file: Shopify's customer file, and the same with columns of ours.
//!
//! An import adds and never takes away: names, contacts, tags, notes and addresses that are new. A
//! consent comes in only with where and when it was given; without, the row does and it does not.

use std::io::{Read, Seek, Write};

use describe::ToSchema;
use domain::person::Permission;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::{App, Visitor, staff_act};

mod export;
mod header;
mod import;

/// Why a row, or one column of it, was left out.
pub const REASONS: &[&str] = &[
    "no_contact",
    "bad_contact",
    "bad_name",
    "is_staff",
    "two_people",
    "bad_address",
    "bad_tag",
    "bad_note",
    "consent_unproved",
    "not_text",
];

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerImportReport)]
pub struct Report {
    /// Rows of the file, without its header.
    pub rows: u64,
    pub new: u64,
    pub updated: u64,
    pub unchanged: u64,
    /// Rows that were left out.
    pub rejected_rows: u64,
    /// What was left out, in the order of the file: the first ten thousand.
    pub faults: Vec<Fault>,
    /// Consents that came in.
    pub consents: u64,
    pub dry_run: bool,
}

/// Something of a row that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerImportFault)]
pub struct Fault {
    pub line: u64,
    /// Empty when it is the whole row.
    pub column: String,
    /// One of `REASONS`.
    pub reason: String,
    pub found: String,
    /// Whether the whole row was left out.
    pub whole: bool,
}

/// Reads a customer file into the shop, or says what that would do. `progress` hears how many bytes
/// have been read.
pub fn import<R: Read + Seek>(
    app: &App,
    visitor: &Visitor,
    reader: R,
    dry_run: bool,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, Failure> {
    let actor = visitor.staff(Permission::Customers)?;
    let report = import::run(app, actor, reader, dry_run, progress)?;
    if !dry_run && report.new + report.updated > 0 {
        let detail = format!("{} new, {} updated", report.new, report.updated);
        app.write_for(visitor, |tx| {
            staff_act::record(tx, actor, "customer.import", ("shop", 1), &detail)
        })?;
    }
    Ok(report)
}

/// Writes every customer as a file that `import` reads, and says how many. Contacts are in full, so
/// that it was done is written down.
pub fn export(app: &App, visitor: &Visitor, writer: &mut dyn Write) -> Result<u64, Failure> {
    let actor = visitor.staff_reader(Permission::Contacts)?;
    visitor.staff_reader(Permission::Customers)?;
    app.write_for(visitor, |tx| {
        staff_act::record(tx, actor, "customer.export_all", ("shop", 1), "")
    })?;
    export::run(app, writer)
}
