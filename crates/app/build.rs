//! Writes, for each of this crate's folders that go into the binary, the list of its files:
//! `src/embedded.rs` of `app` reads them. `app` and `web` share this script.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

const FOLDERS: [&str; 4] = ["migrations", "demo", "locales", "assets"];

fn main() -> io::Result<()> {
    let written = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    for folder in FOLDERS.into_iter().filter(|folder| Path::new(folder).is_dir()) {
        // A changed file is noticed by its `include_bytes`; a new or a removed one by this.
        println!("cargo::rerun-if-changed={folder}");
        let mut paths = Vec::new();
        walk(Path::new(folder), "", &mut paths)?;
        paths.sort();
        let mut list = String::from("&[\n");
        for path in paths {
            let from = format!("/{folder}/{path}");
            list += &format!(
                "({path:?}, include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {from:?}))),\n"
            );
        }
        list += "]\n";
        fs::write(written.join(format!("{folder}.rs")), list)?;
    }
    Ok(())
}

/// Every file in or below a folder, by its path from where the walk began.
fn walk(folder: &Path, before: &str, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            let why = format!("{}: a name is not text", entry.path().display());
            return Err(io::Error::other(why));
        };
        let path = format!("{before}{name}");
        if entry.path().is_dir() {
            walk(&entry.path(), &format!("{path}/"), paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}
