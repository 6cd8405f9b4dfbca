//! Statements as tables: comma-separated text whose columns are found by name, also where it comes
//! in GBK and inside a zip.

use std::io::Read;

use domain::moment::{Moment, Span};
use domain::money::{Currency, Money};
use domain::reconciliation::scaled;
use flate2::read::DeflateDecoder;

use letters::LETTERS;

mod letters;

/// More than this of unpacked text is no statement of a day.
const MOST: u64 = 256 * 1024 * 1024;

/// The longest cell that is kept whole.
const LONGEST: usize = 500;

/// A table: the names of its columns, and its rows.
pub struct Sheet {
    columns: Vec<String>,
    pub rows: Vec<Row>,
}

/// A row, and where it stood in the file.
pub struct Row {
    pub number: i64,
    cells: Vec<String>,
}

impl Sheet {
    /// Reads the table whose heading has all of `columns`; what stands before it is passed over,
    /// and it ends at a line that `ends` says is its end.
    pub fn read(file: &[u8], columns: &[&str], ends: fn(&str) -> bool) -> Result<Sheet, String> {
        let mut sheet: Option<Sheet> = None;
        for (number, cells) in records(&text(file))? {
            match &mut sheet {
                Some(_) if cells.first().is_none_or(|first| ends(first)) => break,
                Some(sheet) => sheet.rows.push(Row { number, cells }),
                None if columns.iter().all(|name| cells.iter().any(|cell| cell == name)) => {
                    sheet = Some(Sheet { columns: cells, rows: Vec::new() });
                }
                None => (),
            }
        }
        sheet.ok_or_else(|| format!("it has no columns {}", columns.join(", ")))
    }

    /// What a row has in the first of these columns that there is; empty without any.
    pub fn cell<'s>(&'s self, row: &'s Row, names: &[&str]) -> &'s str {
        let place = |name: &&str| self.columns.iter().position(|column| column == name);
        let place = names.iter().find_map(place);
        place.and_then(|place| row.cells.get(place)).map_or("", String::as_str)
    }
}

/// The records of a text, and the lines they begin in.
fn records(text: &str) -> Result<Vec<(i64, Vec<String>)>, String> {
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    if text.contains("\n`") {
        // Every cell has its mark before it, so that a name may have a comma in it.
        let marked = |line: &str| -> Vec<String> {
            match line.strip_prefix('`') {
                Some(line) => line.split(",`").map(clean).collect(),
                None => line.split(',').map(clean).collect(),
            }
        };
        let lines = text.lines().zip(1..);
        return Ok(lines.map(|(line, number)| (count(number), marked(line))).collect());
    }
    let mut reader = csv::ReaderBuilder::new();
    reader.has_headers(false).flexible(true);
    let mut found = Vec::new();
    for record in reader.from_reader(text.as_bytes()).records() {
        let record = record.map_err(|error| format!("it is no table: {error}"))?;
        let number = record.position().map_or(0, csv::Position::line);
        found.push((count(number), record.iter().map(clean).collect()));
    }
    Ok(found)
}

/// Without the marks that keep spreadsheets from counting with it.
fn clean(cell: &str) -> String {
    let cell = cell.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
    let cell = cell.strip_prefix('`').unwrap_or(cell).trim();
    // No database takes a zero byte, and no name has more letters than these.
    cell.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect()
}

/// The text of a file: UTF-8, or else GBK, of which the letters of the headings are known.
fn text(file: &[u8]) -> String {
    match std::str::from_utf8(file) {
        Ok(text) => text.to_string(),
        Err(_) => from_gbk(file),
    }
}

/// GBK keeps commas, quotes and line ends as they are, so that nothing but the words themselves has
/// to be known: letters that no heading has become a mark.
fn from_gbk(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        if first < 0x80 {
            text.push(char::from(first));
            rest = after;
            continue;
        }
        let second = after.first().copied().unwrap_or(0);
        let known = LETTERS.iter().find(|(code, _)| *code == [first, second]);
        text.push(known.map_or('\u{fffd}', |(_, letter)| *letter));
        rest = after.get(1..).unwrap_or(&[]);
    }
    text
}

/// The files in a zip, unpacked, with their names as they are written; the file itself when it is
/// none. Statements are small and their zips plain: what is more is refused.
pub fn unpacked(file: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    if !file.starts_with(b"PK\x03\x04") {
        return Ok(vec![file.to_vec()]);
    }
    let broken = || "the zip is broken".to_string();
    let end = file.windows(4).rposition(|four| four == b"PK\x05\x06").ok_or_else(broken)?;
    let number = |at: usize, length: usize| -> Option<usize> {
        let bytes = file.get(at..at + length)?;
        Some(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
    };
    let count = number(end + 10, 2).ok_or_else(broken)?;
    let mut at = number(end + 16, 4).ok_or_else(broken)?;
    let (mut files, mut left) = (Vec::new(), MOST);
    for _ in 0..count {
        let field = |from: usize, length: usize| number(at + from, length).ok_or_else(broken);
        let (method, packed) = (field(10, 2)?, field(20, 4)?);
        let (name, extra, comment) = (field(28, 2)?, field(30, 2)?, field(32, 2)?);
        let local = field(42, 4)?;
        let skip = number(local + 26, 2).zip(number(local + 28, 2)).ok_or_else(broken)?;
        let from = local + 30 + skip.0 + skip.1;
        let packed = file.get(from..from + packed).ok_or_else(broken)?;
        let mut bytes = Vec::new();
        let read = match method {
            0 => packed.take(left).read_to_end(&mut bytes),
            8 => DeflateDecoder::new(packed).take(left).read_to_end(&mut bytes),
            _ => return Err("the zip is packed in a way that is not known here".into()),
        };
        read.map_err(|error| format!("the zip is broken: {error}"))?;
        left = left.saturating_sub(bytes.len() as u64);
        files.push(bytes);
        at += 46 + name + extra + comment;
    }
    Ok(files)
}

/// An amount that a statement writes in decimals, without its sign.
pub fn amount(text: &str, currency: &str) -> Option<i64> {
    let text = text.trim().trim_start_matches(['-', '+']);
    let currency = Currency::parse(currency).unwrap_or(Currency::Usd);
    Money::parse(text, currency).ok().map(|money| money.minor)
}

/// A fee with more decimals than its currency has, rounded; with its sign.
pub fn fee(text: &str, currency: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let decimals = Currency::parse(currency).map_or(2, Currency::decimals);
    let fine = scaled(digits, 6)?;
    let unit = 10_i64.pow(6 - decimals);
    Some(sign * (fine + unit / 2).div_euclid(unit))
}

/// A rate in percent, in millionths.
pub fn rate(text: &str) -> Option<i64> {
    scaled(text.trim().strip_suffix('%')?.trim(), 4)
}

/// `2026-11-21 16:00:00` where clocks are `zone` ahead of UTC.
pub fn moment(text: &str, zone: Span) -> Option<Moment> {
    let text = text.trim().replace(' ', "T");
    Moment::parse(&format!("{text}Z")).map(|at| at.minus(zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_rates_and_moments_are_read_as_statements_write_them() {
        assert_eq!(amount("-39.00", "CNY"), Some(3_900));
        assert_eq!(amount("1,299.5", "USD"), Some(129_950));
        assert_eq!(amount("390", "JPY"), Some(390));
        assert_eq!(amount("x", "CNY"), None);
        assert_eq!(fee("0.23400", "CNY"), Some(23));
        assert_eq!(fee("0.23500", "CNY"), Some(24));
        assert_eq!(fee("-0.05", "CNY"), Some(-5));
        assert_eq!(fee("3.6", "JPY"), Some(4));
        assert_eq!(rate("0.60%"), Some(6_000));
        assert_eq!(rate("0.60"), None);
        let at = moment("2026-11-21 16:00:00", Span::hours(8)).unwrap();
        assert_eq!(at.rfc3339(), "2026-11-21T08:00:00.000Z");
    }

    #[test]
    fn a_table_in_gbk_is_read_by_the_names_of_its_columns() {
        // "支付宝交易号,商户订单号" and a row, as written by iconv.
        let heading = b"\xd6\xa7\xb8\xb6\xb1\xa6\xbd\xbb\xd2\xd7\xba\xc5,";
        let second = b"\xc9\xcc\xbb\xa7\xb6\xa9\xb5\xa5\xba\xc5\r\n20261\t,pay_1\r\n";
        let file = [b"#first\r\n".as_slice(), heading, second].concat();
        let sheet = Sheet::read(&file, &["支付宝交易号", "商户订单号"], |_| false).unwrap();
        assert_eq!(sheet.rows.len(), 1);
        assert_eq!(sheet.cell(&sheet.rows[0], &["支付宝交易号"]), "20261");
        assert_eq!(sheet.cell(&sheet.rows[0], &["商户订单号"]), "pay_1");
        assert_eq!(sheet.cell(&sheet.rows[0], &["没有"]), "");
        assert!(Sheet::read(&file, &["金额"], |_| false).is_err());
    }

    #[test]
    fn a_broken_zip_is_said_to_be_one() {
        for broken in
            [b"PK\x03\x04".as_slice(), b"PK\x03\x04PK\x05\x06\xff\xff\xff\xff\xff\xff\x01"]
        {
            assert!(unpacked(broken).is_err());
        }
        assert_eq!(unpacked(b"a,b").unwrap(), [b"a,b".to_vec()]);
    }
}
