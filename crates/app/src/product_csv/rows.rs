//! The rows of a product file, one after the other, whatever wrote it: with or without a byte order
//! mark, commas, semicolons or tabs, any line ends.

use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use csv::{ByteRecord, ReaderBuilder, Terminator};
use domain::catalog::Refusal;

use crate::failure::Failure;

/// One row with the line it begins on.
pub struct Row {
    pub line: u64,
    pub cells: Vec<Vec<u8>>,
}

/// Reads rows from a file.
pub struct Rows<R: Read> {
    reader: csv::Reader<BufReader<R>>,
    record: ByteRecord,
}

impl<R: Read + Seek> Rows<R> {
    /// Begins at the beginning.
    pub fn open(mut file: R) -> Result<Rows<R>, Failure> {
        file.seek(SeekFrom::Start(0)).map_err(Failure::broken)?;
        let mut buffered = BufReader::with_capacity(64 * 1024, file);
        let start = buffered.fill_buf().map_err(Failure::broken)?;
        let mark = start.starts_with(b"\xef\xbb\xbf");
        let start = &start[if mark { 3 } else { 0 }..];
        let first = start.split(|byte| *byte == b'\n').next().unwrap_or(start);
        let delimiter = delimiter_of(first);
        if mark {
            buffered.consume(3);
        }
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            // With this end the line numbers are right; the `\r` before it is cut off below.
            .terminator(Terminator::Any(b'\n'))
            .from_reader(buffered);
        Ok(Rows { reader, record: ByteRecord::new() })
    }

    /// The next row that holds anything.
    pub fn next_row(&mut self) -> Result<Option<Row>, Failure> {
        loop {
            if !self.reader.read_byte_record(&mut self.record).map_err(Failure::broken)? {
                return Ok(None);
            }
            let line = self.record.position().map_or(0, csv::Position::line);
            let mut cells: Vec<Vec<u8>> = self.record.iter().map(<[u8]>::to_vec).collect();
            if let Some(last) = cells.last_mut()
                && last.last() == Some(&b'\r')
            {
                last.pop();
            }
            if cells.iter().any(|cell| !cell.trim_ascii().is_empty()) {
                return Ok(Some(Row { line, cells }));
            }
        }
    }

    /// How many bytes have been read.
    pub fn bytes(&self) -> u64 {
        self.reader.position().byte()
    }
}

/// What stands between the names of the header.
fn delimiter_of(first: &[u8]) -> u8 {
    let count = |delimiter: u8| first.iter().filter(|byte| **byte == delimiter).count();
    // `max_by_key` takes the last of equals.
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// The header of a file as text.
pub fn header_cells(row: Option<Row>) -> Result<Vec<String>, Failure> {
    let cells = row.ok_or(Refusal::NotAProductFile)?.cells;
    cells
        .into_iter()
        .map(|cell| String::from_utf8(cell).map_err(|_| Refusal::NotAProductFile.into()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn rows(text: &str) -> Vec<(u64, String)> {
        let mut rows = Rows::open(Cursor::new(text.as_bytes())).unwrap();
        let mut all = Vec::new();
        while let Some(row) = rows.next_row().unwrap() {
            let cells: Vec<_> =
                row.cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
            all.push((row.line, cells.join("|")));
        }
        all
    }

    #[test]
    fn lines_are_counted_as_an_editor_does() {
        let expected = [(1, "a|b"), (2, "1|x\ny"), (4, "2|z"), (6, "3|q")];
        let unix = rows("a,b\n1,\"x\ny\"\n2,z\n,\n3,q\n");
        assert_eq!(unix, expected.map(|(line, text)| (line, text.to_string())));
        let windows = rows("\u{feff}a,b\r\n1,\"x\r\ny\"\r\n2,z\r\n\r\n3,q");
        let lines: Vec<u64> = windows.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 2, 4, 6]);
        assert_eq!(windows[0].1, "a|b");
        assert_eq!(windows[3].1, "3|q");
    }

    #[test]
    fn other_delimiters_are_seen() {
        assert_eq!(rows("a;b\n1,5;2")[1].1, "1,5|2");
        assert_eq!(rows("a\tb\n1;x\t\"2\"\"\"")[1].1, "1;x|2\"");
    }
}
