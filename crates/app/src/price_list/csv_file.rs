//! The fixed prices of a list as a file: what is exported is imported again unchanged.
//!
//! Columns: `sku` or `variant`, `from`, `price`; others are ignored. An empty price takes the price
//! away. A row that cannot be read is named with its line and its reason; the good ones are in.

use describe::ToSchema;
use domain::catalog::Variant;
use domain::id::Id;
use domain::money::Money;
use domain::person::Permission;
use domain::price::list::PriceList;
use serde::{Deserialize, Serialize};

use super::desk::{MOST_PRICES, PutPrice, put_prices_in};
use super::store;
use crate::csv_cell::{guarded, unguarded};
use crate::failure::Failure;
use crate::{App, Visitor};

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PriceFileFault)]
pub struct CsvFault {
    pub line: i64,
    /// `unknown_goods`, `several_goods`, `bad_from`, `bad_price`, `too_many`, `unreadable`.
    pub reason: String,
    pub found: String,
}

/// What came of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PriceFileReport)]
pub struct CsvReport {
    /// How many prices were put in or changed, and how many taken away.
    pub put: i64,
    pub removed: i64,
    pub faults: Vec<CsvFault>,
}

/// The largest file.
pub const LARGEST_FILE: usize = 2_000_000;

/// The fixed prices of a list.
pub fn export(app: &App, visitor: &Visitor, id: Id<PriceList>) -> Result<String, Failure> {
    visitor.staff_reader(Permission::Prices)?;
    app.read(|tx| {
        let list = store::one(tx, id)?;
        let mut file = csv::Writer::from_writer(Vec::new());
        let head = ["variant", "sku", "handle", "title", "from", "price", "currency", "ordinary"];
        file.write_record(head).map_err(Failure::broken)?;
        let mut skip = 0;
        loop {
            let rows = store::prices(tx, &list, skip, 1_000)?;
            for row in &rows {
                let title = match row.variant_title.as_str() {
                    "" => row.title.clone(),
                    variant => format!("{} ({variant})", row.title),
                };
                let ordinary =
                    format!("{} {}", row.ordinary.decimal(), row.ordinary.currency.code());
                file.write_record([
                    row.variant.to_string(),
                    guarded(&row.sku),
                    guarded(&row.handle),
                    guarded(&title),
                    row.from.to_string(),
                    row.price.decimal(),
                    row.price.currency.code().to_string(),
                    ordinary,
                ])
                .map_err(Failure::broken)?;
            }
            skip += rows.len() as i64;
            if rows.len() < 1_000 {
                break;
            }
        }
        let bytes = file.into_inner().map_err(Failure::broken)?;
        String::from_utf8(bytes).map_err(Failure::broken)
    })
}

/// Reads fixed prices into a list. Good rows are in, each bad one is named.
pub fn import(
    app: &App,
    visitor: &Visitor,
    id: Id<PriceList>,
    text: &str,
) -> Result<CsvReport, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    if text.len() > LARGEST_FILE {
        return Err(Failure::field("price.bad_file", "file"));
    }
    let text = text.trim_start_matches('\u{feff}');
    let mut file = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let head = file.headers().map_err(|_| Failure::field("price.bad_file", "file"))?.clone();
    let column =
        |name: &str| head.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
    let (variant, sku) = (column("variant"), column("sku"));
    let (Some(price), true) = (column("price"), variant.or(sku).is_some()) else {
        return Err(Failure::field("price.bad_file", "file"));
    };
    let from = column("from");
    let rows: Vec<_> = file.records().collect();
    app.write_for(visitor, |tx| {
        let list = store::one(tx, id)?;
        let mut report = CsvReport::default();
        let mut prices: Vec<PutPrice> = Vec::new();
        for (n, row) in rows.iter().enumerate() {
            // The first line after the head is the second of the file.
            let mut fault = |reason: &str, found: &str| {
                let found = found.chars().take(80).collect();
                let line = n as i64 + 2;
                report.faults.push(CsvFault { line, reason: reason.to_string(), found });
            };
            let Ok(row) = row else {
                fault("unreadable", "");
                continue;
            };
            let cell = |column: Option<usize>| {
                column.and_then(|column| row.get(column)).unwrap_or("").trim()
            };
            if row.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if prices.len() >= MOST_PRICES {
                fault("too_many", "");
                break;
            }
            let named = match Id::<Variant>::parse(cell(variant)) {
                Some(id) => store::variant(tx, id).map_or(Vec::new(), |one| vec![one]),
                None => {
                    let sku = cell(sku);
                    let plain = unguarded(sku);
                    if plain.is_empty() { Vec::new() } else { store::by_name(tx, plain)? }
                }
            };
            let goods = match named.as_slice() {
                [] => {
                    fault("unknown_goods", &format!("{} {}", cell(variant), cell(sku)));
                    continue;
                }
                [one] => one.variant,
                _ => {
                    fault("several_goods", cell(sku));
                    continue;
                }
            };
            let least = match cell(from) {
                "" => 1,
                text => match text.parse::<i64>() {
                    Ok(from) if (1..=9_999).contains(&from) => from,
                    _ => {
                        fault("bad_from", text);
                        continue;
                    }
                },
            };
            let said = match cell(Some(price)) {
                "" => None,
                text => match Money::parse(text, list.currency) {
                    Ok(money) if money.minor >= 0 => Some(money.minor),
                    _ => {
                        fault("bad_price", text);
                        continue;
                    }
                },
            };
            match said {
                Some(_) => report.put += 1,
                None => report.removed += 1,
            }
            prices.push(PutPrice { variant: goods, from: least, price: said });
        }
        if !prices.is_empty() {
            put_prices_in(tx, actor, id, &prices)?;
        }
        Ok(report)
    })
}
