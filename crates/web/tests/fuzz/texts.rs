//! Longer texts: stories in HTML, addresses elsewhere, cursors, keys, searches, settings.

use std::collections::HashMap;
use std::net::IpAddr;

use app::catalog::{self, Browse};
use app::config::Config;
use app::failure::Failure;
use app::idempotency::Key;
use app::outside::fetch;
use app::{Visitor, shop as the_shop};
use domain::webhook::{self, Reach};
use web::api::cursor;

use crate::driver::{fuzz, fuzz_from};
use crate::support;

/// The tags of cleaned HTML: name and attributes. It is well-formed, so a plain look is enough.
fn tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        let mut quoted = false;
        let end = rest.find(|letter| {
            quoted ^= letter == '"';
            letter == '>' && !quoted
        });
        let end = end.unwrap_or_else(|| panic!("a tag does not end in {html}"));
        let (tag, after) = rest.split_at(end);
        rest = after;
        let name = tag.split([' ', '\n']).next().unwrap_or_default().to_lowercase();
        let mut attributes = Vec::new();
        let mut parts = tag[name.len()..].split('"');
        while let (Some(before), Some(value)) = (parts.next(), parts.next()) {
            let attribute = before.trim().trim_end_matches('=').to_lowercase();
            attributes.push((attribute, value.to_string()));
        }
        found.push((name.trim_start_matches('/').to_string(), attributes));
    }
    found
}

#[test]
fn nothing_of_a_story_does_anything() {
    let words = [
        "<script>",
        "</script>",
        "<img src=x onerror=y>",
        "<svg/onload=z>",
        "<style>",
        "<math>",
        "<a href=\"javascript:x\">",
        "&#106;avascript:",
        "<iframe srcdoc=",
        "<!--",
        "-->",
        "<p>",
        "<table><td>",
        "<noscript>",
        "</p>",
        "<![CDATA[",
        "]]>",
        "<template>",
        "\"",
        "`",
        "<img src=\"//",
        "http://",
        "data:text/html,",
        "<form action=",
        "<annotation-xml>",
    ];
    fuzz("stories", 1_500, &words, |bytes| {
        let html = String::from_utf8_lossy(bytes);
        let clean = catalog::clean_story(&html);
        let tags = tags(&clean);
        for (name, attributes) in &tags {
            let bad = [
                "script", "style", "iframe", "object", "embed", "form", "input", "svg", "math",
                "link", "meta", "base", "template", "noscript", "button",
            ];
            assert!(!bad.contains(&name.as_str()), "<{name}> in {clean}");
            for (attribute, value) in attributes {
                let acts = attribute.starts_with("on") || attribute == "style";
                assert!(!acts, "{attribute} in {clean}");
                let plain: String = value.chars().filter(|c| !c.is_whitespace()).collect();
                let plain = plain.to_lowercase();
                let leads = ["href", "src", "cite"].contains(&attribute.as_str());
                let runs = ["javascript:", "data:", "vbscript:"];
                assert!(!leads || !runs.iter().any(|run| plain.starts_with(run)), "{clean}");
            }
        }
        assert_eq!(catalog::clean_story(&clean), clean, "cleaned twice");
        tags.len().min(12)
    });
}

#[test]
fn no_address_leads_inside() {
    let words = [
        "http://",
        "https://",
        "127.0.0.1",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "169.254.169.254",
        "@",
        ":80",
        "localhost",
        "0x7f.1",
        "2130706433",
        "%31",
        "。",
        "/",
        "?",
        "#",
        "\\",
        "[",
        "]",
        "[fe80::1%25eth0]",
        "0177.0.0.1",
        ".",
    ];
    fuzz("addresses-elsewhere", 20_000, &words, |bytes| {
        let url = String::from_utf8_lossy(bytes);
        let checked = fetch::checked(&url);
        if let Ok(kept) = &checked {
            let (scheme, rest) = kept.split_once("://").unwrap();
            assert!(["http", "https"].contains(&scheme), "{kept}");
            let authority = rest.split(['/', '?', '#', '\\']).next().unwrap();
            assert!(!authority.contains('@') && !authority.is_empty(), "{kept}");
            // What is written as a number is judged already; names are when they are resolved.
            let number = match authority.strip_prefix('[') {
                Some(rest) => rest.split(']').next(),
                None => authority.split(':').next(),
            };
            let number = number.and_then(|number| number.parse::<IpAddr>().ok());
            assert!(number.is_none_or(fetch::is_public), "{kept}");
        }
        let reach = webhook::check_url(&url, true);
        if reach == Ok(Reach::Home) {
            let host = url.split("://").nth(1).unwrap();
            assert!(["localhost", "127.0.0.1", "[::1]"].iter().any(|home| host.starts_with(home)));
        }
        // Where nothing is a game, only `https` will do.
        let earnest = webhook::check_url(&url, false);
        assert!(earnest.is_err() || url.to_lowercase().starts_with("https://"), "{url}");
        (checked.map(|_| ()).map_err(|no| no.to_string()), reach)
    });
}

#[test]
fn a_cursor_is_ours_or_refused() {
    let shop = support::on_sqlite();
    let about = shop.app.read(the_shop::get).unwrap();
    let sealed = |list: &str, place: &str| cursor::seal(&about, list, place).into_bytes();
    let pool = vec![
        sealed("orders\nAll", "ord_0000000000001"),
        sealed("products\n茶\n\n\nPopular", "12.5.9"),
        sealed("journals", "41"),
        sealed("orders\nAll", ""),
    ];
    fuzz_from("cursors", pool, 5_000, &["00", "ff", "g", "é"], |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let lists = ["orders\nAll", "products\n茶\n\n\nPopular", "journals", "another"];
        let mut opened = 0;
        for list in lists {
            if let Ok(place) = cursor::open(&about, list, &text) {
                assert_eq!(cursor::seal(&about, list, &place), text);
                opened += 1;
            }
        }
        assert!(opened <= 1, "one cursor opens two lists");
        opened
    });
}

#[test]
fn a_key_is_sixteen_to_255_visible_letters() {
    fuzz("keys", 20_000, &["0123456789abcdef", " ", "é"], |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let visible = text.chars().all(|letter| ('!'..='~').contains(&letter));
        let right = visible && (16..=255).contains(&text.chars().count());
        let key = Key::new("ann".into(), &text, "POST /x\n{}");
        assert_eq!(key.is_ok(), right, "{text:?}");
        right
    });
}

#[test]
fn whatever_is_searched_for_is_only_searched_for() {
    let shop = support::on_sqlite();
    for (title, fen) in [("Longjing tea", 3_900), ("Oolong tea", 5_900), ("Cup", 900)] {
        let input: catalog::ProductInput = serde_json::from_value(serde_json::json!({
            "title": title, "status": "active", "published": true, "tags": ["new"],
            "variants": [{ "price": { "minor": fen, "currency": "CNY" } }],
        }))
        .unwrap();
        catalog::create(&shop.app, &shop.zoe, input).unwrap();
    }
    let words = ["tea", "longjing", "%", "_", "\\", "'", "\"", "*", " or ", "--", "茶", "new"];
    fuzz("searches", 500, &words, |bytes| {
        let q = String::from_utf8_lossy(bytes).into_owned();
        // Signs that mean something to a database mean nothing here: no goods have them. Of many
        // words only some are looked for.
        let one = !q.contains(char::is_whitespace);
        let foreign = one && q.contains(['%', '_', '\\', '\'']);
        let browse = Browse { q: q.clone(), ..Browse::default() };
        let found = catalog::browse(&shop.app, &Visitor::default(), browse).unwrap();
        assert!(!foreign || found.items.is_empty(), "{q:?} found {}", found.items.len());
        found.items.len()
    });
}

#[test]
fn settings_are_read_or_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pinwheel.toml");
    let words = [
        "base_url = ",
        "\"https://shop.example\"",
        "workers = ",
        "proxies = ",
        "10.0.0.0/8",
        "true",
        "auto",
        "lease_seconds = ",
        "[table]",
        "\"\"\"",
        "patience_ms = ",
        "second_factor = ",
        "=",
    ];
    fuzz("settings", 2_000, &words, |bytes| {
        std::fs::write(&file, bytes).unwrap();
        let gather = || Config::gather(&HashMap::new(), Some(&file), "127.0.0.1:3000");
        match gather() {
            Ok(config) => {
                let web = ["http://", "https://"];
                assert!(web.iter().any(|web| config.base_url.starts_with(web)));
                assert!(["zh-CN", "en"].contains(&config.locale.as_str()));
                let lease = config.lease.as_seconds();
                assert!((1..=3_600).contains(&lease) && config.connections > 0);
                "read".to_string()
            }
            Err(Failure::Broken(why)) => why.chars().take(12).collect(),
            Err(other) => panic!("{other:?}"),
        }
    });
}
