//! The HTML of a product's story: cleaned on the way in, and shown with pictures of our own only.

use std::borrow::Cow;
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

/// The longest story, in bytes.
pub const LONGEST: usize = 512 * 1024;

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::default();
    cleaner
        .url_schemes(["https", "http", "mailto", "tel"].into())
        .url_relative(UrlRelative::PassThrough)
        .set_tag_attribute_value("img", "loading", "lazy")
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("img", "src") => picture_address(value),
            _ => Some(Cow::Borrowed(value)),
        });
    cleaner
});

/// The address a picture in a story may have: ours, or somebody's over HTTPS.
fn picture_address(value: &str) -> Option<Cow<'_, str>> {
    let value = value.trim();
    if value.starts_with("/files/") || value.starts_with("/demo/") || value.starts_with("https://")
    {
        return Some(Cow::Borrowed(value));
    }
    if let Some(rest) = value.strip_prefix("http://") {
        return Some(Cow::Owned(format!("https://{rest}")));
    }
    value.starts_with("//").then(|| Cow::Owned(format!("https:{value}")))
}

/// What is safe of `html`. Cleaning twice changes nothing more.
pub fn clean(html: &str) -> String {
    if html.is_empty() {
        return String::new();
    }
    let once = CLEANER.clean(html).to_string();
    // The cleaner moves what it sets itself to the end, and another attribute it takes away may
    // have stood before that: only a second look leaves them where a third would.
    if once.contains("<img ") { CLEANER.clean(&once).to_string() } else { once }
}

/// A cleaned story as the page shows it. Pages load nothing from foreign hosts, so their pictures
/// are left out here and kept for the next export.
pub fn shown(html: &str) -> String {
    let mut page = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find("<img ") {
        let tag = &rest[start..];
        let end = end_of_tag(tag);
        page.push_str(&rest[..start]);
        if ["src=\"/files/", "src=\"/demo/"].iter().any(|ours| tag[..end].contains(ours)) {
            page.push_str(&tag[..end]);
        }
        rest = &tag[end..];
    }
    page.push_str(rest);
    page.replace("<p></p>", "")
}

/// Where the tag ends, quotes respected: attributes are always quoted after cleaning.
fn end_of_tag(tag: &str) -> usize {
    let mut quoted = false;
    for (i, byte) in tag.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return i + 1,
            _ => {}
        }
    }
    tag.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_what_is_safe_stays() {
        let dirty = "<p onclick=\"x()\">tea<script>alert(1)</script></p>\
                     <a href=\"javascript:x()\">x</a><img src=\"http://a.example/b.jpg\">";
        let clean = clean(dirty);
        assert!(!clean.contains("script") && !clean.contains("onclick"), "{clean}");
        assert!(clean.contains("src=\"https://a.example/b.jpg\""), "{clean}");
        assert!(clean.contains("loading=\"lazy\""), "{clean}");
        assert_eq!(super::clean("<style>a{}</style>b"), "b");
    }

    #[test]
    fn pages_show_our_own_pictures_only() {
        let story = clean(
            "<p><img alt=\"a>b\" src=\"https://x.example/1.jpg\"></p>\
                           <img src=\"/files/ab\"><p>tea</p>",
        );
        let page = shown(&story);
        assert!(!page.contains("x.example"), "{page}");
        assert!(page.contains("/files/ab") && page.ends_with("<p>tea</p>"), "{page}");
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(html in "[<>/a-z\"'= &;!-]{0,80}") {
            let once = clean(&html);
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn showing_never_fails(html in ".{0,80}") {
            shown(&clean(&html));
        }
    }
}
