//! The demo shop's goods, words, drawings and people: ours, and inside the binary.

use crate::embedded::Folder;

/// Everything below `crates/app/demo`.
static FILES: Folder = Folder(include!(concat!(env!("OUT_DIR"), "/demo.rs")));

/// A category of the demo shop.
#[derive(Clone, Debug)]
pub struct Category {
    pub slug: String,
    pub name_zh: String,
    pub name_en: String,
    /// The slug of the category it is in; empty at the top.
    pub parent: String,
    pub position: i64,
    pub blurb_zh: String,
    pub blurb_en: String,
}

/// A row of goods in one language. Both files have the same rows in the same order; only the first
/// row of a product has more than its variant's option values.
#[derive(Clone, Debug)]
pub struct Goods {
    pub handle: String,
    pub title: String,
    pub body_html: String,
    pub vendor: String,
    pub kind: String,
    /// Separated by commas.
    pub tags: String,
    /// Names and values of up to three options, in turn.
    pub options: [String; 6],
    pub alt: String,
}

/// Somebody invented.
#[derive(Clone, Debug)]
pub struct Someone {
    pub handle: String,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub province: String,
    pub city: String,
    pub district: String,
    pub street: String,
    /// `zh-CN` or `en`.
    pub language: String,
}

/// A file of the demo by its path, such as `pictures/bath-whale.svg`, with its media type.
pub fn file(path: &str) -> Option<(&'static str, &'static [u8])> {
    let kind = match path.rsplit_once('.')? {
        (_, "svg") => "image/svg+xml",
        (_, "png") => "image/png",
        _ => return None,
    };
    FILES.get(path).map(|bytes| (kind, bytes))
}

/// The goods as a product file in Chinese.
pub fn products_csv() -> &'static [u8] {
    bytes("products.csv")
}

pub fn categories() -> Vec<Category> {
    rows("categories.csv", |row| Category {
        slug: row(0),
        name_zh: row(1),
        name_en: row(2),
        parent: row(3),
        position: row(4).parse().unwrap_or(0),
        blurb_zh: row(5),
        blurb_en: row(6),
    })
}

/// The goods in Chinese, the shop's own language.
pub fn chinese() -> Vec<Goods> {
    rows("products.csv", |row| Goods {
        handle: row(0),
        title: row(1),
        body_html: row(2),
        vendor: row(3),
        kind: row(5),
        tags: row(6),
        options: std::array::from_fn(|nth| row(8 + nth)),
        alt: row(27),
    })
}

/// The goods in English.
pub fn english() -> Vec<Goods> {
    rows("products.en.csv", |row| Goods {
        handle: row(0),
        title: row(1),
        body_html: row(2),
        vendor: row(3),
        kind: row(4),
        tags: row(5),
        options: std::array::from_fn(|nth| row(6 + nth)),
        alt: row(12),
    })
}

/// The cast first (ann, bob, eve, lin), then three hundred others.
pub fn people() -> Vec<Someone> {
    rows("people.csv", |row| Someone {
        handle: row(0),
        name: row(1),
        email: row(2),
        phone: row(3),
        province: row(4),
        city: row(5),
        district: row(6),
        street: row(7),
        language: row(10),
    })
}

fn bytes(path: &str) -> &'static [u8] {
    FILES.get(path).unwrap_or_default()
}

fn rows<T>(path: &str, make: impl Fn(&dyn Fn(usize) -> String) -> T) -> Vec<T> {
    let mut reader = csv::Reader::from_reader(bytes(path));
    reader
        .records()
        .filter_map(Result::ok)
        .map(|record| make(&|column| record.get(column).unwrap_or_default().to_string()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_product_has_english_words_and_two_pictures() {
        let (chinese, english) = (chinese(), english());
        assert_eq!(chinese.len(), english.len(), "the two files have the same rows");
        assert!(chinese.len() >= 140);
        let mut handles = HashSet::new();
        for (zh, en) in chinese.iter().zip(&english) {
            let handle = &zh.handle;
            assert_eq!(*handle, en.handle);
            for (zh, en) in zh.options.iter().zip(&en.options) {
                assert_eq!(zh.is_empty(), en.is_empty(), "{handle}: {zh} {en}");
            }
            if !handles.insert(handle.clone()) {
                continue;
            }
            assert!(!en.title.is_empty() && !en.body_html.is_empty(), "{handle}");
            assert_eq!(zh.tags.split(',').count(), en.tags.split(',').count(), "{handle}");
            assert!(zh.alt.contains(&zh.title) && en.alt.contains(&en.title), "{handle}");
            for path in [format!("pictures/{handle}.svg"), format!("previews/{handle}.png")] {
                assert!(file(&path).is_some(), "{path}");
            }
        }
        assert!(handles.len() >= 64);
    }

    #[test]
    fn people_differ_and_cannot_be_reached() {
        let people = people();
        let emails: HashSet<_> = people.iter().map(|one| &one.email).collect();
        let phones: HashSet<_> = people.iter().map(|one| &one.phone).collect();
        assert!(people.len() >= 300);
        assert_eq!((emails.len(), phones.len()), (people.len(), people.len()));
        assert!(people.iter().all(|one| one.email.ends_with("@example.com")));
        assert!(people.iter().all(|one| one.phone.starts_with("1990000")));
    }
}
