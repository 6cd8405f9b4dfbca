//! The file of a backup: a first line that says what it is, a second that says of what, then
//! tables of rows, each with its digest, and at the very end the digest of everything before.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{Header, trouble};
use crate::db::Value;
use crate::failure::Failure;

const FIRST: &[u8] = b"PINWHEEL BACKUP 1\n";
/// No row and no name is longer.
const LONGEST: usize = 1 << 30;

/// How many rows, and the sum of their digests: the same in whatever order they come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digest {
    pub rows: u64,
    sum: [u64; 4],
}

impl Digest {
    pub fn add(&mut self, row: &[Value]) {
        let mut bytes = Vec::new();
        row.iter().for_each(|value| put(&mut bytes, value));
        self.add_bytes(&bytes);
    }

    pub fn add_bytes(&mut self, row: &[u8]) {
        self.rows += 1;
        let digest = Sha256::digest(row);
        for (sum, part) in self.sum.iter_mut().zip(digest.as_chunks::<8>().0) {
            *sum = sum.wrapping_add(u64::from_le_bytes(*part));
        }
    }
}

fn put(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.push(0),
        Value::Int(number) => {
            out.push(1);
            out.extend(number.to_le_bytes());
        }
        Value::Text(text) => put_bytes(out, 2, text.as_bytes()),
        Value::Bytes(bytes) => put_bytes(out, 3, bytes),
    }
}

fn put_bytes(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    out.push(kind);
    out.extend((bytes.len() as u64).to_le_bytes());
    out.extend(bytes);
}

/// Writes a backup from beginning to end.
pub struct Writer {
    path: PathBuf,
    out: BufWriter<File>,
    whole: Sha256,
    bytes: u64,
}

impl Writer {
    pub fn begin(path: &Path, header: &Header) -> Result<Writer, Failure> {
        let file = File::create(path).map_err(|error| trouble(path, error))?;
        let out = BufWriter::with_capacity(1 << 20, file);
        let path = path.to_path_buf();
        let mut writer = Writer { path, out, whole: Sha256::new(), bytes: 0 };
        writer.put(FIRST)?;
        writer.put(serde_json::to_string(header)?.as_bytes())?;
        writer.put(b"\n")?;
        Ok(writer)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.whole.update(bytes);
        self.bytes += bytes.len() as u64;
        self.out.write_all(bytes).map_err(|error| trouble(&self.path, error))
    }

    pub fn table(&mut self, name: &str, columns: &[String]) -> Result<(), Failure> {
        let mut bytes = vec![b'T'];
        put(&mut bytes, &Value::Text(name.to_string()));
        put(&mut bytes, &Value::Text(columns.join(" ")));
        self.put(&bytes)
    }

    pub fn row(&mut self, row: &[Value], digest: &mut Digest) -> Result<(), Failure> {
        let mut bytes = vec![b'R'];
        row.iter().for_each(|value| put(&mut bytes, value));
        digest.add_bytes(&bytes[1..]);
        self.put(&bytes)
    }

    pub fn end(&mut self, digest: &Digest) -> Result<(), Failure> {
        let mut bytes = vec![b'E'];
        bytes.extend(digest.rows.to_le_bytes());
        digest.sum.iter().for_each(|part| bytes.extend(part.to_le_bytes()));
        self.put(&bytes)
    }

    /// Ends it, on the disk. How long it is.
    pub fn finish(mut self) -> Result<u64, Failure> {
        self.put(b"Z")?;
        let digest = self.whole.clone().finalize();
        self.put(&digest)?;
        let path = self.path;
        let file = self.out.into_inner().map_err(|error| trouble(&path, error.into_error()))?;
        file.sync_all().map_err(|error| trouble(&path, error))?;
        Ok(self.bytes)
    }
}

/// What comes next in a backup.
pub enum Piece {
    Table { name: String, columns: Vec<String> },
    Row(Vec<Value>),
    End(Digest),
    Whole,
}

/// Reads a backup from beginning to end.
pub struct Reader {
    path: PathBuf,
    from: BufReader<File>,
    whole: Sha256,
    /// The bytes of the piece that was read last: they go into the digest of the whole together.
    piece: Vec<u8>,
    columns: usize,
    pub header: Header,
}

impl Reader {
    pub fn open(path: &Path) -> Result<Reader, Failure> {
        let file = File::open(path).map_err(|error| trouble(path, error))?;
        let from = BufReader::with_capacity(1 << 20, file);
        let header = Header { schema: 0, taken_at: domain::moment::Moment(0), chains: Vec::new() };
        let path = path.to_path_buf();
        let (whole, piece) = (Sha256::new(), Vec::new());
        let mut reader = Reader { path, from, whole, piece, columns: 0, header };
        let foreign = |path: &Path| {
            Failure::Broken(format!("{} is not a backup of Pinwheel", path.display()))
        };
        let first = reader.line().map_err(|_| foreign(&reader.path))?;
        if !first.starts_with(b"PINWHEEL BACKUP ") {
            return Err(foreign(&reader.path));
        }
        if first != FIRST[..FIRST.len() - 1] {
            let why = format!("{} was written by a newer Pinwheel", reader.path.display());
            return Err(Failure::Broken(why));
        }
        let second = reader.line()?;
        reader.header = serde_json::from_slice(&second).map_err(|_| reader.damaged())?;
        Ok(reader)
    }

    pub fn damaged(&self) -> Failure {
        Failure::Broken(format!("{} is damaged or cut short", self.path.display()))
    }

    fn take(&mut self, bytes: &mut [u8]) -> Result<(), Failure> {
        self.from.read_exact(bytes).map_err(|_| self.damaged())?;
        self.piece.extend_from_slice(bytes);
        Ok(())
    }

    /// The piece that was read is part of what the digest at the end is of.
    fn count_piece(&mut self) {
        self.whole.update(&self.piece);
        self.piece.clear();
    }

    /// The row that was read last, as it is in the file: what its digest is of.
    pub fn row(&self) -> &[u8] {
        &self.piece[1..]
    }

    fn line(&mut self) -> Result<Vec<u8>, Failure> {
        let mut line = Vec::new();
        loop {
            let mut byte = [0];
            self.take(&mut byte)?;
            match byte[0] {
                b'\n' => return Ok(line),
                _ if line.len() > 65_536 => return Err(self.damaged()),
                other => line.push(other),
            }
        }
    }

    fn number(&mut self) -> Result<u64, Failure> {
        let mut bytes = [0; 8];
        self.take(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn bytes(&mut self) -> Result<Vec<u8>, Failure> {
        let length = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        if length > LONGEST {
            return Err(self.damaged());
        }
        // What a damaged length promises is not believed before it is there.
        let begins = self.piece.len();
        let read = (&mut self.from).take(length as u64).read_to_end(&mut self.piece);
        match read {
            Ok(read) if read == length => Ok(self.piece[begins..].to_vec()),
            _ => Err(self.damaged()),
        }
    }

    fn text(&mut self) -> Result<String, Failure> {
        String::from_utf8(self.bytes()?).map_err(|_| self.damaged())
    }

    fn value(&mut self) -> Result<Value, Failure> {
        let mut kind = [0];
        self.take(&mut kind)?;
        Ok(match kind[0] {
            0 => Value::Null,
            1 => Value::Int(self.number()? as i64),
            2 => Value::Text(self.text()?),
            3 => Value::Bytes(self.bytes()?),
            _ => return Err(self.damaged()),
        })
    }

    pub fn next(&mut self) -> Result<Piece, Failure> {
        self.count_piece();
        let mut kind = [0];
        self.take(&mut kind)?;
        Ok(match kind[0] {
            b'T' => match (self.value()?, self.value()?) {
                (Value::Text(name), Value::Text(columns)) => {
                    let columns: Vec<String> = columns.split(' ').map(String::from).collect();
                    let plain = |word: &str| {
                        word.bytes()
                            .all(|byte| byte.is_ascii_lowercase() || b"_0123456789".contains(&byte))
                    };
                    if !plain(&name) || !columns.iter().all(|column| plain(column)) {
                        return Err(self.damaged());
                    }
                    self.columns = columns.len();
                    Piece::Table { name, columns }
                }
                _ => return Err(self.damaged()),
            },
            b'R' => {
                let row: Result<Vec<Value>, Failure> =
                    (0..self.columns).map(|_| self.value()).collect();
                Piece::Row(row?)
            }
            b'E' => {
                let mut digest = Digest { rows: self.number()?, sum: [0; 4] };
                for part in &mut digest.sum {
                    *part = self.number()?;
                }
                Piece::End(digest)
            }
            b'Z' => {
                self.count_piece();
                let expected = self.whole.clone().finalize();
                let mut said = [0; 32];
                self.take(&mut said)?;
                let more = self.from.read(&mut [0]).map_err(|_| self.damaged())?;
                if expected.as_slice() != said || more != 0 {
                    return Err(self.damaged());
                }
                Piece::Whole
            }
            _ => return Err(self.damaged()),
        })
    }
}
