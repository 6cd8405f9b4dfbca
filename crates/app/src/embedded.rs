//! Files from inside the binary. `build.rs` writes the list of each folder.

/// What is in a folder: each file's path and its bytes, sorted by path.
pub struct Folder(pub &'static [(&'static str, &'static [u8])]);

impl Folder {
    /// The bytes of a file.
    pub fn get(&self, path: &str) -> Option<&'static [u8]> {
        let place = self.0.binary_search_by_key(&path, |(path, _)| path).ok()?;
        Some(self.0[place].1)
    }

    /// Every file: its path and its bytes.
    pub fn files(&self) -> impl Iterator<Item = (&'static str, &'static [u8])> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_a_folder_is_found() {
        let inside = Folder(include!(concat!(env!("OUT_DIR"), "/demo.rs")));
        let there = concat!(env!("CARGO_MANIFEST_DIR"), "/demo");
        let mut below = vec![std::path::PathBuf::from(there)];
        let mut found = 0;
        while let Some(path) = below.pop() {
            if path.is_dir() {
                below.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
                continue;
            }
            let name = path.strip_prefix(there).unwrap().to_str().unwrap();
            let bytes = inside.get(name).unwrap_or_else(|| panic!("{name} is missing"));
            assert!(bytes == std::fs::read(&path).unwrap(), "{name} is another");
            found += 1;
        }
        assert_eq!(found, inside.files().count(), "nothing else is inside");
        assert_eq!(inside.get("pictures"), None, "a folder is no file");
        assert_eq!(inside.get("../Cargo.toml"), None);
    }
}
