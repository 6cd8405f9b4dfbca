//! Files that people hand in: pictures, product files of both generations, backups, forms.

use std::io::Cursor;
use std::path::Path;

use app::failure::Failure;
use app::file::picture;
use app::product_csv::{self, Generation, Report};
use app::{backup, catalog};
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use domain::id::Id;

use crate::driver::{fuzz, fuzz_from};
use crate::support::{self, TestShop};

#[test]
fn a_picture_is_drawn_anew_or_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus/pictures");
    let mut pool: Vec<Vec<u8>> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect();
    pool.sort();
    // What it draws is JPEG and WebP: more to begin from.
    let drawn: Vec<Vec<u8>> =
        pool.iter().filter_map(|one| Some(picture::prepare(one).ok()?.small)).collect();
    assert!(drawn.len() >= 2, "some pictures of the corpus can be read");
    pool.extend(drawn);
    let words = ["IHDR", "IDAT", "IEND", "RIFF", "WEBPVP8 ", "VP8X", "ANIM", "\u{1}\0", "GIF89a"];
    fuzz_from("pictures", pool, 300, &words, |bytes| {
        let prepared = picture::prepare(bytes);
        if let Ok(prepared) = &prepared {
            for file in [&prepared.large, &prepared.small] {
                let jpeg = file.starts_with(&[0xff, 0xd8]) && prepared.mime == "image/jpeg";
                let webp = file.starts_with(b"RIFF") && prepared.mime == "image/webp";
                assert!(jpeg || webp);
                assert!(picture::prepare(file).is_ok(), "what was drawn can be read");
            }
            assert!((1..=1_200).contains(&prepared.width));
            assert!((1..=1_200).contains(&prepared.height));
            assert_eq!(prepared.color.len(), 7);
        }
        prepared.map(|one| (one.mime, one.width, one.height)).map_err(|_| ())
    });
}

fn import(shop: &TestShop, file: &[u8], dry_run: bool) -> Result<Report, Failure> {
    product_csv::import(&shop.app, &shop.zoe, "f.csv", Cursor::new(file), dry_run, &mut |_| {})
}

fn export(shop: &TestShop, generation: Generation) -> Vec<u8> {
    let mut file = Vec::new();
    product_csv::export(&shop.app, &shop.zoe, generation, &mut file).unwrap();
    file
}

/// What an import did to products, without how long it took and which way it was asked.
fn counts(report: &Report) -> (u64, u64, u64, u64, u64) {
    let products = (report.new, report.updated, report.unchanged);
    (report.rows, products.0, products.1, products.2, report.rejected_rows)
}

#[test]
fn a_product_file_does_what_it_said_it_would() {
    let words = [
        ",",
        "\"",
        "\n",
        "\r\n",
        "Handle",
        "Title",
        "Variant Price",
        "Option1 Name",
        "TRUE",
        "FALSE",
        "deny",
        "continue",
        "shopify",
        "39.50",
        "-1",
        "1e9",
        "active",
        "draft",
        "URL handle",
        "\u{feff}",
        "\"\"",
        "Image Src",
        "https://example.com/a.png",
        "Status",
    ];
    let mut shop = support::on_sqlite();
    let mut imported = 0;
    fuzz("product-files", 120, &words, |bytes| {
        // A shop of its own now and then, so that files go on meeting an empty one.
        if imported >= 40 {
            std::mem::replace(&mut shop, support::on_sqlite()).finish();
            imported = 0;
        }
        imported += 1;
        let would = import(&shop, bytes, true);
        let did = import(&shop, bytes, false);
        match (&would, &did) {
            (Ok(would), Ok(did)) => {
                assert_eq!(counts(would), counts(did));
                assert!(did.rejected_rows <= did.rows);
                let again = import(&shop, bytes, false).unwrap();
                assert_eq!((again.new, again.updated), (0, 0), "the same file again");
            }
            (Err(Failure::Refused(one)), Err(Failure::Refused(other))) => {
                assert_eq!(one.code, other.code);
            }
            other => panic!("{other:?}"),
        }
        did.map(|did| (did.new > 0, did.updated > 0, did.rejected_rows.min(3)))
            .map_err(|no| no.code())
    });
    // What went in comes out, and going in again it changes nothing: in either generation.
    for generation in [Generation::Legacy, Generation::Current] {
        let file = export(&shop, generation);
        let again = import(&shop, &file, false).unwrap();
        let rejected = &again.rejected;
        assert_eq!((again.new, again.updated), (0, 0), "{generation:?} {rejected:?}");
        assert!(rejected.is_empty(), "{generation:?} {rejected:?}");
    }
    shop.finish();
}

#[test]
fn a_backup_is_whole_or_refused() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/tests/golden/0008.backup");
    let whole = std::fs::read(golden).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.backup");
    let words = ["PINWHEEL BACKUP 1\n", "T\u{2}", "R\u{1}", "Z", "{\"schema\":9999", "\u{3}"];
    fuzz_from("backups", vec![whole.clone()], 150, &words, |bytes| {
        std::fs::write(&file, bytes).unwrap();
        match backup::check(&file) {
            Ok(_) => assert_eq!(bytes, whole, "a change went unseen"),
            Err(Failure::Broken(_)) => assert_ne!(bytes, whole),
            Err(other) => panic!("{other:?}"),
        }
    });
}

#[test]
fn the_key_of_a_form_is_found_where_it_was_put() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let words = [
        "--b",
        "--b--",
        "\r\n\r\n",
        "\r\n",
        "Content-Disposition: form-data; name=\"csrf\"",
        "csrf=",
        "&",
        "%63srf=",
        "name=\"_csrf\"",
        "boundary=",
        "\"",
    ];
    fuzz("forms", 5_000, &words, |bytes| {
        // The first line says of which kind the rest is.
        let text = String::from_utf8_lossy(bytes);
        let (kind, sent) = text.split_once('\n').unwrap_or((&text, ""));
        let kind: String = kind.chars().filter(|letter| (' '..='~').contains(letter)).collect();
        let request = Request::builder().uri("/x").header("content-type", kind.as_str());
        let request = request.body(Body::from(sent.to_string())).unwrap();
        let found = runtime.block_on(web::body::peek_csrf(request, 1 << 20));
        let Ok((request, key)) = found else { panic!("a small body is read") };
        let body = runtime.block_on(to_bytes(request.into_body(), usize::MAX)).unwrap();
        // The handler gets what was sent, and the key is something that was sent.
        assert_eq!(body, sent.as_bytes());
        let fields = kind.starts_with("application/x-www-form-urlencoded");
        assert!(fields || sent.contains(&key), "{key}");
        (fields, key.is_empty())
    });
}

#[test]
fn a_product_is_kept_as_it_was_taken() {
    let shop = support::on_sqlite();
    let words = ["\"minor\":", "null", "\"CNY\"", "\"USD\"", "[]", "{}", "\"options\":[\"Size\"]"];
    fuzz("products", 300, &words, |bytes| {
        let input = serde_json::from_slice::<catalog::ProductInput>(bytes).map_err(|_| "json")?;
        let made = catalog::create(&shop.app, &shop.zoe, input.clone()).map_err(|no| match no {
            Failure::Refused(_) | Failure::NotFound => no.code(),
            other => panic!("{other:?}"),
        })?;
        let seen = catalog::detail(&shop.app, &shop.zoe, made.id).unwrap();
        assert_eq!(seen.title, made.title);
        assert_eq!(seen.variants.len(), input.variants.len());
        assert_eq!(Id::parse(&made.id.to_string()), Some(made.id));
        Ok::<_, &str>(seen.variants.len())
    });
}
