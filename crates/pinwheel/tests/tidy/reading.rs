//! Finding the files of the house and reading what matters in them.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap().to_path_buf()
}

pub fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Every file of ours with one of these endings.
pub fn files(endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(&root(), &mut found);
    found.retain(|file| {
        let ending = file.extension().unwrap_or_default().to_string_lossy();
        endings.contains(&&*ending)
    });
    found.sort();
    found
}

pub fn rust_files() -> Vec<PathBuf> {
    files(&["rs"])
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') || name == "target" || name == "pinwheel-data" {
            continue;
        }
        if path.is_dir() { walk(&path, found) } else { found.push(path) }
    }
}

/// A source file without its tests: nothing of `tests.rs`, and nothing from `#[cfg(test)]` on.
pub fn production(file: &Path) -> String {
    if file.file_stem().is_some_and(|stem| stem == "tests") {
        return String::new();
    }
    let text = read(file);
    let end = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
    text[..end].to_string()
}

/// The modules a `lib.rs` lists.
pub fn modules(lib: &str) -> Vec<String> {
    lib.lines()
        .filter_map(|line| {
            let line = line.strip_prefix("pub ").unwrap_or(line);
            let line = line.strip_prefix("pub(crate) ").unwrap_or(line);
            line.strip_prefix("mod ")?.strip_suffix(';')
        })
        .map(str::to_string)
        .collect()
}

/// The file and the folder of a module.
pub fn files_of(src: &Path, module: &str) -> Vec<PathBuf> {
    let folder = src.join(module);
    let file = src.join(format!("{module}.rs"));
    rust_files().into_iter().filter(|path| *path == file || path.starts_with(&folder)).collect()
}

/// The modules a file reaches through `crate::a` or `crate::{a, b::{c, d}}`.
pub fn used(text: &str) -> Vec<String> {
    let name = |text: &str| {
        text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()
    };
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut used = Vec::new();
    for reached in code.split("crate::").skip(1) {
        let Some(list) = reached.strip_prefix('{') else {
            used.push(name(reached));
            continue;
        };
        let (mut depth, mut item) = (0, String::new());
        for c in list.chars() {
            match c {
                '}' if depth == 0 => break,
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => used.push(name(&std::mem::take(&mut item))),
                c => item.push(c),
            }
        }
        used.push(name(&item));
    }
    used
}

#[test]
fn used_modules_are_found() {
    let check = |text, want: &[&str]| assert_eq!(used(text), want);
    check("use crate::a::B; use crate::{c, d::{E, F}, g};", &["a", "c", "d", "g"]);
    check("// crate::a\nlet x = crate::b::c();", &["b"]);
}

#[test]
fn listed_modules_are_found() {
    assert_eq!(
        modules("//! x\npub mod a;\nmod b;\n    mod not;\npub(crate) mod c;"),
        ["a", "b", "c"]
    );
}
