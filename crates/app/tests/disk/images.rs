//! What a disk may hold after a power failure: all that was synced, and of the rest each write kept,
//! lost, or torn at the borders of its sectors.

use app::dice::{Seeded, below};

use crate::disk::{File, Told};
use crate::shopping::Acknowledged;

/// What a disk writes whole.
const SECTOR: usize = 512;

/// The two files of a database.
#[derive(Clone, Default)]
pub struct Files {
    pub data: Vec<u8>,
    pub log: Vec<u8>,
}

/// A disk after a power failure, and what had been acknowledged by then.
pub struct Image {
    pub files: Files,
    pub acknowledged: Vec<Acknowledged>,
    pub number: u64,
}

/// Whether the disk keeps its word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    Honest,
    /// It says that it has written, and has not.
    Lies,
}

impl Files {
    fn of(&mut self, file: File) -> &mut Vec<u8> {
        match file {
            File::Data => &mut self.data,
            File::Log => &mut self.log,
        }
    }

    fn write(&mut self, file: File, at: usize, bytes: &[u8]) {
        let content = self.of(file);
        if content.len() < at + bytes.len() {
            content.resize(at + bytes.len(), 0);
        }
        content[at..at + bytes.len()].copy_from_slice(bytes);
    }

    fn apply(&mut self, told: &Told) {
        match told {
            Told::Write { file, at, bytes } => self.write(*file, *at, bytes),
            Told::Cut { file, len } => self.of(*file).truncate(*len),
            Told::Sync { .. } | Told::Mark(_) => (),
        }
    }

    /// The disk may have got round to it, or not, or to a part of it.
    fn apply_by_chance(&mut self, told: &Told, dice: &Seeded) {
        match (told, below(dice, 3)) {
            (_, 0) => (),
            (Told::Write { file, at, bytes }, 1) => {
                let mut from = *at;
                for sector in bytes.chunks(SECTOR) {
                    if below(dice, 2) == 0 {
                        self.write(*file, from, sector);
                    }
                    from += sector.len();
                }
            }
            (told, _) => self.apply(told),
        }
    }
}

/// Makes `count` images of failures at random points of what the disk was told since it held
/// `before`, and gives each to `each`.
pub fn make(
    before: Files,
    told: &[Told],
    (disk, count, seed): (Disk, u64, u64),
    mut each: impl FnMut(Image),
) {
    let dice = Seeded::new(seed);
    let mut points: Vec<u64> = (0..count).map(|_| below(&dice, told.len() as u64 + 1)).collect();
    points.sort_unstable();
    let mut points = points.into_iter().enumerate().peekable();
    let (mut safe, mut acknowledged) = (before, Vec::new());
    let mut pending: Vec<&Told> = Vec::new();
    for at in 0..=told.len() {
        while let Some((number, _)) = points.next_if(|(_, point)| *point == at as u64) {
            let mut files = safe.clone();
            // Power fails at its worst now and then: nothing that was not synced is there.
            let none = below(&dice, 8) == 0;
            for told in pending.iter().filter(|_| !none) {
                files.apply_by_chance(told, &dice);
            }
            let acknowledged = acknowledged.clone();
            each(Image { files, acknowledged, number: number as u64 });
        }
        match told.get(at) {
            Some(Told::Mark(mark)) => acknowledged.push(*mark),
            Some(Told::Sync { file }) if disk == Disk::Honest => {
                let mut rest = Vec::new();
                for told in pending.drain(..) {
                    if is_of(told, *file) { safe.apply(told) } else { rest.push(told) }
                }
                pending = rest;
            }
            Some(told @ (Told::Write { .. } | Told::Cut { .. })) => pending.push(told),
            _ => (),
        }
    }
}

fn is_of(told: &Told, of: File) -> bool {
    match told {
        Told::Write { file, .. } | Told::Cut { file, .. } | Told::Sync { file } => *file == of,
        Told::Mark(_) => false,
    }
}
