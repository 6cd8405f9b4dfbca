//! A disk under SQLite that writes down what it is told, and fails when it is asked to.
//!
//! It stands in front of SQLite's own way to the disk (its VFS): files are opened by that one, and
//! four of their methods are ours. Of the folder that is watched, every write, cut and sync is kept
//! in order, with marks of what was acknowledged in between. Nothing is really forced to the disk:
//! what would have survived is worked out from the list (see `images`).

use std::collections::HashMap;
use std::ffi::{CStr, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock};

use rusqlite::ffi::{self, sqlite3_file, sqlite3_io_methods, sqlite3_vfs};

use crate::shopping::Acknowledged;

/// The two files of a database that a power failure can touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    Data,
    Log,
}

/// What the disk was told, in order.
#[derive(Clone, Debug)]
pub enum Told {
    Write {
        file: File,
        at: usize,
        bytes: Vec<u8>,
    },
    Cut {
        file: File,
        len: usize,
    },
    Sync {
        file: File,
    },
    /// Not the disk's: somebody was told that something is done.
    Mark(Acknowledged),
}

/// How the disk fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// There is no room, from the n-th write on, until it is mended.
    Full,
    /// The n-th write fails.
    Write,
    /// The n-th sync fails.
    Sync,
}

#[derive(Default)]
struct Disk {
    watched: Option<PathBuf>,
    told: Vec<Told>,
    fails: Option<(How, u64)>,
    writes: u64,
    syncs: u64,
    /// How often it said no.
    failed: u64,
    prints: bool,
}

/// An open file: whose methods it had, and what it is.
#[derive(Clone)]
struct Handle {
    theirs: usize,
    folder: PathBuf,
    file: File,
}

static DISK: Mutex<Option<Disk>> = Mutex::new(None);
static HANDLES: Mutex<Option<HashMap<usize, Handle>>> = Mutex::new(None);
/// Our methods for each table of theirs.
static OURS: Mutex<Option<HashMap<usize, usize>>> = Mutex::new(None);
static THEIRS: OnceLock<usize> = OnceLock::new();

fn locked<T>(mutex: &'static Mutex<Option<T>>) -> MutexGuard<'static, Option<T>> {
    mutex.lock().unwrap_or_else(|gone| gone.into_inner())
}

/// Puts the disk under every database that is opened from now on.
pub fn install() {
    THEIRS.get_or_init(|| {
        // SAFETY: SQLite's own VFS lives as long as the process; ours is a copy of it with another
        // way to open, is never freed, and hands theirs to every function of theirs.
        unsafe {
            let theirs = ffi::sqlite3_vfs_find(std::ptr::null());
            let mut ours: sqlite3_vfs = *theirs;
            ours.zName = c"recorded".as_ptr();
            ours.pNext = std::ptr::null_mut();
            ours.xOpen = Some(open);
            assert_eq!(ffi::sqlite3_vfs_register(Box::leak(Box::new(ours)), 1), ffi::SQLITE_OK);
            theirs as usize
        }
    });
}

/// Begins to write down what is done to the database in `folder`.
pub fn watch(folder: &Path) {
    *locked(&DISK) = Some(Disk { watched: Some(folder.to_path_buf()), ..Disk::default() });
}

/// Ends it: everything the disk was told since.
pub fn unwatch() -> Vec<Told> {
    locked(&DISK).take().map(|disk| disk.told).unwrap_or_default()
}

/// Somebody hears that something is done.
pub fn mark(what: Acknowledged) {
    if let Some(disk) = locked(&DISK).as_mut() {
        if disk.prints {
            println!("told {what:?}");
        }
        disk.told.push(Told::Mark(what));
    }
}

/// Marks are also printed, for one who outlives this process.
pub fn print_marks() {
    if let Some(disk) = locked(&DISK).as_mut() {
        disk.prints = true;
    }
}

/// From now on the disk fails so, at the n-th write or sync from here.
pub fn fail(how: How, nth: u64) {
    if let Some(disk) = locked(&DISK).as_mut() {
        (disk.writes, disk.syncs, disk.failed) = (0, 0, 0);
        disk.fails = Some((how, nth));
    }
}

/// The disk works again; how often it had failed.
pub fn mend() -> u64 {
    locked(&DISK).as_mut().map_or(0, |disk| {
        disk.fails = None;
        disk.failed
    })
}

impl Disk {
    /// Whether this write (or sync) fails, and how.
    fn refuses(&mut self, sync: bool) -> Option<c_int> {
        let count = if sync { &mut self.syncs } else { &mut self.writes };
        *count += 1;
        let count = *count;
        let code = match self.fails? {
            (How::Full, nth) if !sync && count >= nth => ffi::SQLITE_FULL,
            (How::Write, nth) if !sync && count == nth => ffi::SQLITE_IOERR_WRITE,
            (How::Sync, nth) if sync && count == nth => ffi::SQLITE_IOERR_FSYNC,
            _ => return None,
        };
        self.failed += 1;
        Some(code)
    }
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let theirs = *THEIRS.get().expect("it was installed") as *mut sqlite3_vfs;
    // SAFETY: the arguments are SQLite's own, passed on to the VFS they were made for.
    unsafe {
        let code = (*theirs).xOpen.expect("a VFS opens")(theirs, name, file, flags, out);
        if code != ffi::SQLITE_OK || name.is_null() {
            return code;
        }
        let path = PathBuf::from(CStr::from_ptr(name).to_string_lossy().into_owned());
        let kind = match path.file_name().and_then(|name| name.to_str()) {
            Some("pinwheel.db") => File::Data,
            Some("pinwheel.db-wal") => File::Log,
            _ => return code,
        };
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let methods = (*file).pMethods as usize;
        let handle = Handle { theirs: methods, folder, file: kind };
        locked(&HANDLES).get_or_insert_default().insert(file as usize, handle);
        let mut known = locked(&OURS);
        let ours = known.get_or_insert_default().entry(methods).or_insert_with(|| {
            let mut ours = *(methods as *const sqlite3_io_methods);
            ours.xClose = Some(close);
            ours.xWrite = Some(write);
            ours.xTruncate = Some(truncate);
            ours.xSync = Some(sync);
            Box::leak(Box::new(ours)) as *const sqlite3_io_methods as usize
        });
        (*file).pMethods = *ours as *const sqlite3_io_methods;
        code
    }
}

fn handle(file: *mut sqlite3_file) -> Handle {
    let handles = locked(&HANDLES);
    let handle = handles.as_ref().and_then(|handles| handles.get(&(file as usize)));
    handle.expect("only what was opened here has our methods").clone()
}

fn theirs(handle: &Handle) -> &'static sqlite3_io_methods {
    // SAFETY: a table of methods of SQLite's own VFS is a constant.
    unsafe { &*(handle.theirs as *const sqlite3_io_methods) }
}

/// Does `work` with the disk if the file is on it; the code of a failure ends it there.
fn told(handle: &Handle, work: impl FnOnce(&mut Disk) -> Option<c_int>) -> Option<c_int> {
    let mut disk = locked(&DISK);
    let disk = disk.as_mut()?;
    if disk.watched.as_deref() == Some(&handle.folder) { work(disk) } else { None }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let handle = handle(file);
    locked(&HANDLES).as_mut().map(|handles| handles.remove(&(file as usize)));
    // SAFETY: as SQLite would have called it itself.
    unsafe { theirs(&handle).xClose.expect("a file closes")(file) }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    bytes: *const c_void,
    len: c_int,
    at: i64,
) -> c_int {
    let handle = handle(file);
    // SAFETY: SQLite gives `len` bytes to be written.
    let slice = unsafe { std::slice::from_raw_parts(bytes.cast::<u8>(), len as usize) };
    let refused = told(&handle, |disk| {
        let refused = disk.refuses(false);
        if refused.is_none() {
            let (file, at) = (handle.file, at as usize);
            disk.told.push(Told::Write { file, at, bytes: slice.to_vec() });
        }
        refused
    });
    // SAFETY: as SQLite would have called it itself.
    let go_on = || unsafe { theirs(&handle).xWrite.expect("a file writes")(file, bytes, len, at) };
    refused.unwrap_or_else(go_on)
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, len: i64) -> c_int {
    let handle = handle(file);
    told(&handle, |disk| {
        disk.told.push(Told::Cut { file: handle.file, len: len as usize });
        None
    });
    // SAFETY: as SQLite would have called it itself.
    unsafe { theirs(&handle).xTruncate.expect("a file is cut")(file, len) }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, _: c_int) -> c_int {
    let handle = handle(file);
    let refused = told(&handle, |disk| {
        let refused = disk.refuses(true);
        if refused.is_none() {
            disk.told.push(Told::Sync { file: handle.file });
        }
        refused
    });
    refused.unwrap_or(ffi::SQLITE_OK)
}
