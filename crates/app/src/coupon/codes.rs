//! Codes in bulk: printed on cards, sent by others. Each makes one coupon for whoever types it
//! first. They come out as a file and go in as one.

use describe::ToSchema;
use domain::coupon::{Code, Coupon, Template};
use domain::id::Id;
use domain::person::Permission;
use domain::text::one_line;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::store;
use crate::csv_cell::guarded;
use crate::db::{Insert, Tx};
use crate::failure::Failure;
use crate::{App, Visitor, staff_act};

/// The most codes that are made at once, and of one kind in all.
pub const BATCH: i64 = 10_000;
const MOST: i64 = 1_000_000;
/// The largest file.
const LARGEST_FILE: usize = 2_000_000;

/// Codes that were made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CouponCodesMade)]
pub struct CodesMade {
    pub made: i64,
    /// How many this kind has, and how many of them are used up.
    pub codes: i64,
    pub redeemed: i64,
}

/// What came of a file of codes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CouponCodesReport)]
pub struct CodesReport {
    pub put: i64,
    /// Codes that were there already.
    pub known: i64,
    /// The lines of those that are no codes of ours.
    pub bad_lines: Vec<i64>,
}

static CODES: Insert = Insert {
    end: "on conflict (code) do nothing",
    unique: &[0],
    ..Insert::new("coupon_codes (code, template_id, batch, created_at)", 4)
};

fn counts(tx: &mut Tx, id: Id<Template>) -> Result<(i64, i64), Failure> {
    let sql = "select count(*), count(coupon_id) from coupon_codes where template_id = $1";
    tx.one(sql, &[id.into()], |row| (row.get(0), row.get(1)))
}

pub(super) fn counted(tx: &mut Tx, id: Id<Template>) -> Result<(i64, i64), Failure> {
    counts(tx, id)
}

fn put(tx: &mut Tx, id: Id<Template>, batch: &str, codes: &[Code]) -> Result<i64, Failure> {
    let (before, _) = counts(tx, id)?;
    if before + codes.len() as i64 > MOST {
        return Err(Failure::refused("price.too_many"));
    }
    let row = |code: &Code| vec![code.as_str().into(), id.into(), batch.into(), tx.now.into()];
    let rows: Vec<Vec<crate::db::Value>> = codes.iter().map(row).collect();
    tx.write_rows(&CODES, &rows)?;
    Ok(counts(tx, id)?.0 - before)
}

/// Makes codes by chance.
pub fn make_codes(
    app: &App,
    visitor: &Visitor,
    id: Id<Template>,
    count: i64,
    batch: &str,
) -> Result<CodesMade, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    let batch: String = one_line(batch).chars().take(60).collect();
    if !(1..=BATCH).contains(&count) {
        return Err(Failure::field("coupon.bad_template", "count"));
    }
    let answer = app.once(visitor, "coupon.codes", |tx| {
        store::template_to_change(tx, id)?;
        let mut codes = Vec::with_capacity(count as usize);
        for _ in 0..count {
            let mut bits = [0_u8; 8];
            tx.dice().fill(&mut bits);
            codes.push(Code::of(u64::from_le_bytes(bits)));
        }
        codes.sort_unstable();
        codes.dedup();
        let made = put(tx, id, &batch, &codes)?;
        let detail = json!({ "made": made, "batch": batch }).to_string();
        staff_act::record(tx, actor, "coupon.codes", ("coupon_template", id.0), &detail)?;
        let (codes, redeemed) = counts(tx, id)?;
        Ok((CodesMade { made, codes, redeemed }, id.0))
    })?;
    Ok(answer.value)
}

/// The codes of a kind as a file. Whoever has it can use them: that it was looked at is written
/// down.
pub fn export(app: &App, visitor: &Visitor, id: Id<Template>) -> Result<String, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    app.write_for(visitor, |tx| {
        store::template(tx, id)?;
        let rows = tx.all(
            "select code, batch, coupon_id from coupon_codes where template_id = $1 order by code",
            &[id.into()],
            |row| {
                let code: String = row.get(0);
                (code, row.get::<String>(1), row.get::<Option<Id<Coupon>>>(2))
            },
        )?;
        let mut file = csv::Writer::from_writer(Vec::new());
        file.write_record(["code", "batch", "redeemed"]).map_err(Failure::broken)?;
        for (code, batch, coupon) in &rows {
            let shown = Code::parse(code).map_or(code.clone(), |code| code.to_string());
            let redeemed = if coupon.is_some() { "yes" } else { "" };
            let record = [shown, guarded(batch), redeemed.to_string()];
            file.write_record(record).map_err(Failure::broken)?;
        }
        let detail = json!({ "codes": rows.len() }).to_string();
        staff_act::record(tx, actor, "coupon.codes_seen", ("coupon_template", id.0), &detail)?;
        let bytes = file.into_inner().map_err(Failure::broken)?;
        String::from_utf8(bytes).map_err(Failure::broken)
    })
}

/// Reads codes that were made elsewhere: the first column of each line. A code of another shop's
/// shape is none, since its last digit would not be checked.
pub fn import(
    app: &App,
    visitor: &Visitor,
    id: Id<Template>,
    file: &str,
) -> Result<CodesReport, Failure> {
    let actor = visitor.staff(Permission::Prices)?;
    if file.len() > LARGEST_FILE {
        return Err(Failure::field("coupon.bad_file", "file"));
    }
    let mut report = CodesReport::default();
    let mut codes: Vec<Code> = Vec::new();
    let text = file.trim_start_matches('\u{feff}');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    for (number, record) in reader.records().enumerate() {
        let line = number as i64 + 1;
        let cell = record.ok().and_then(|record| record.get(0).map(str::to_string));
        let cell = cell.unwrap_or_default();
        if line == 1 && cell.trim().eq_ignore_ascii_case("code") || cell.trim().is_empty() {
            continue;
        }
        match Code::parse(&cell) {
            Some(code) => codes.push(code),
            None => report.bad_lines.push(line),
        }
    }
    if codes.len() as i64 > BATCH {
        return Err(Failure::field("coupon.bad_file", "file"));
    }
    codes.sort_unstable();
    codes.dedup();
    app.write_for(visitor, |tx| {
        store::template_to_change(tx, id)?;
        let put = put(tx, id, "import", &codes)?;
        let detail = json!({ "made": put, "batch": "import" }).to_string();
        staff_act::record(tx, actor, "coupon.codes", ("coupon_template", id.0), &detail)?;
        let known = codes.len() as i64 - put;
        Ok(CodesReport { put, known, bad_lines: report.bad_lines.clone() })
    })
}

/// Which kind of coupon a code makes, if it was not used up.
pub(super) fn template_of(tx: &mut Tx, code: &Code) -> Result<Option<Id<Template>>, Failure> {
    let sql = "select template_id from coupon_codes where code = $1 and coupon_id is null";
    tx.maybe(sql, &[code.as_str().into()], |row| row.get(0))
}

/// Whether the code was free: it has made this coupon.
pub(super) fn use_up(tx: &mut Tx, code: &Code, coupon: Id<Coupon>) -> Result<bool, Failure> {
    planted!("coupon_code_twice", return Ok(true));
    let used = tx.run(
        "update coupon_codes set coupon_id = $2, redeemed_at = $3
         where code = $1 and coupon_id is null",
        &[code.as_str().into(), coupon.into(), tx.now.into()],
    )?;
    Ok(used == 1)
}
