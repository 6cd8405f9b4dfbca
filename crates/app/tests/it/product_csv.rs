//! The product file: in, out and in again, with everything that can be wrong in between.

use std::io::Cursor;
use std::path::PathBuf;

use app::catalog::{self, Browse, StaffBrowse};
use app::product_csv::{self, Generation, REASONS, Report};

use crate::support::{TestShop, both_engines, on_sqlite, shop};

fn import(shop: &TestShop, text: &str) -> Report {
    import_bytes(shop, text.as_bytes(), false)
}

fn import_bytes(shop: &TestShop, bytes: &[u8], dry_run: bool) -> Report {
    let file = Cursor::new(bytes.to_vec());
    product_csv::import(&shop.app, &shop.cast.mo, "products.csv", file, dry_run, &mut |_| {})
        .unwrap()
}

fn export(shop: &TestShop, generation: Generation) -> String {
    let mut bytes = Vec::new();
    product_csv::export(&shop.app, &shop.cast.mo, generation, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn faults(report: &Report) -> Vec<(u64, &str)> {
    report.rejected.iter().map(|fault| (fault.line, fault.reason.as_str())).collect()
}

/// The real files, which are kept beside the repository.
fn real_files() -> Vec<PathBuf> {
    let shared = std::env::var("PINWHEEL_SHARED")
        .map(PathBuf::from)
        .unwrap_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let files =
        ["catalog_zh/products.csv", "shopify_csv/apparel.csv", "shopify_csv/home-and-garden.csv"];
    files.into_iter().map(|file| shared.join("data").join(file)).filter(|f| f.exists()).collect()
}

#[test]
fn real_files_go_in_and_come_out_the_same() {
    let files = real_files();
    if files.is_empty() {
        eprintln!("left out: the real product files are not here (set PINWHEEL_SHARED)");
        return;
    }
    both_engines(|shop| {
        for file in &files {
            let bytes = std::fs::read(file).unwrap();
            let dry = import_bytes(shop, &bytes, true);
            let wet = import_bytes(shop, &bytes, false);
            let name = file.display();
            assert_eq!(faults(&wet), [], "{name}");
            assert_eq!(wet.rejected_rows, 0, "{name}");
            assert_eq!((dry.new, dry.updated, dry.pictures), (wet.new, wet.updated, wet.pictures));
            assert_eq!((wet.updated, wet.unchanged), (0, 0), "{name}");
            let again = import_bytes(shop, &bytes, false);
            assert_eq!((again.new, again.updated, again.unchanged), (0, 0, wet.new), "{name}");
            eprintln!(
                "{} {name}: {} rows, {} products, {} pictures",
                shop.engine, wet.rows, wet.new, wet.pictures
            );
        }
        for generation in [Generation::Legacy, Generation::Current] {
            let first = export(shop, generation);
            let other = on_sqlite();
            assert_eq!(faults(&import(&other, &first)), []);
            assert_eq!(export(&other, generation), first);
            let again = import(shop, &first);
            assert_eq!((again.new, again.updated), (0, 0), "{:?}", again.changes.first());
        }
    });
}

const HEAD: &str = "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,\
    Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,\
    Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,\
    Image Src,Image Position,Status,Variant Weight Unit,Colour (product.metafields.a.b)\n";

#[test]
fn every_kind_of_fault_is_named_and_good_rows_are_kept() {
    both_engines(|shop| {
        let mut file = HEAD.as_bytes().to_vec();
        for row in [
            // 2: two good variants around a bad one.
            "tea,Tea,,Lin,Tea,\"a, b\",true,Size,50 g,,,T1,60,shopify,5,deny,39.90,,,,active,g,",
            "tea,,,,,,,,100 g,,,T2,110,shopify,5,deny,abc,,,,,g,",
            "tea,,,,,,,,50 g,,,T3,110,shopify,5,deny,12,,,,,g,",
            "tea,,,,,,,,150 g,,,T4,160,shopify,7,deny,99.00,,,,,g,",
            // 6
            "no-title,,,,,,,,,,,,,,,,1,,,,,,",
            "negative,N,,,,,,,,,,,,,,,-1,,,,,,",
            "decimals,N,,,,,,,,,,,,,,,1.999,,,,,,",
            "quantity,N,,,,,,,,,,,,shopify,many,,1,,,,,,",
            "Bad Handle!,N,,,,,,,,,,,,,,,1,,,,,,",
            "status,N,,,,,,,,,,,,,,,1,,,,sold,,",
            "image,N,,,,,,,,,,,,,,,1,,ftp://a/b.jpg,,,,",
            "short,N,x",
            // 14
            "priceless,N,,,,,,,,,,,,,,,,,,,,,",
            "unit,N,,,,,,,,,,,,,,,1,,,,,stone,",
            "boolean,N,,,,,maybe,,,,,,,,,,1,,,,,,",
            "nameless,N,,,,,,,red,,,,,,,,1,,,,,,",
            "valueless,N,,,,,,Size,,,,,,,,,1,,,,,,",
            "policy,N,,,,,,,,,,,,,,perhaps,1,,,,,,",
            "weight,N,,,,,,,,,,,heavy,,,,1,,,,,,",
            "position,N,,,,,,,,,,,,,,,1,,https://a.example/b.jpg,first,,,",
            // 22
            ",,,,,,,,,,,,,,,,1,,,,,,",
            "huge,N,,,,,,,,,,,,,,,99999999999999999999,,,,,,",
            "last,Last,,,,,,,,,,L,,,,,5,,,,,,blue",
        ] {
            file.extend_from_slice(row.as_bytes());
            file.push(b'\n');
        }
        file.extend_from_slice(b"bytes,\xff\xfe,,,,,,,,,,,,,,,1,,,,,,\n");
        let report = import_bytes(shop, &file, false);
        let expected = [
            (3, "price_bad"),
            (4, "variant_twice"),
            (6, "title_missing"),
            (7, "price_negative"),
            (8, "price_decimals"),
            (9, "quantity_bad"),
            (10, "handle_bad"),
            (11, "status_bad"),
            (12, "image_url_bad"),
            (13, "columns"),
            (14, "price_missing"),
            (15, "weight_unit_bad"),
            (16, "boolean_bad"),
            (17, "option_name_missing"),
            (18, "option_value_missing"),
            (19, "policy_bad"),
            (20, "weight_bad"),
            (21, "image_position_bad"),
            (22, "handle_missing"),
            (23, "price_too_large"),
            (25, "invalid_utf8"),
        ];
        assert_eq!(faults(&report), expected);
        assert!(report.rejected.iter().all(|fault| REASONS.contains(&fault.reason.as_str())));
        assert_eq!((report.rows, report.rejected_rows, report.new), (24, 21, 2));
        let price = &report.rejected[0];
        assert_eq!((price.column.as_str(), price.found.as_str()), ("Variant Price", "abc"));
        let tea = catalog::find_product(&shop.app, &shop.cast.ann, "tea").unwrap();
        let kept: Vec<_> = tea.variants.iter().map(|v| (v.title.as_str(), v.price.minor)).collect();
        assert_eq!(kept, [("50 g", 3_990), ("150 g", 9_900)]);
        assert_eq!(tea.variants[1].available, 7);
        let text = export(shop, Generation::Current);
        let head = text.lines().next().unwrap();
        assert!(head.ends_with("Colour (product.metafields.a.b)"), "{head}");
        assert!(text.contains(",blue\n"));
    });
}

#[test]
fn a_dry_run_writes_nothing_and_an_edit_changes_only_what_it_says() {
    both_engines(|shop| {
        let first = "Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Price,\
                     Variant Inventory Tracker,Variant Inventory Qty\n\
                     tea,Tea,Lin,Size,S,T-S,10,shopify,3\ntea,,,,L,T-L,20.5,shopify,4\n";
        assert_eq!(import_bytes(shop, first.as_bytes(), true).new, 1);
        let list = catalog::staff_list(&shop.app, &shop.cast.mo, StaffBrowse::default()).unwrap();
        assert!(list.items.is_empty());
        assert_eq!(import(shop, first).new, 1);
        // The current generation, other case, a byte order mark, only some columns.
        let second = "\u{feff}TITLE,url handle,SKU,price\r\nGood tea,tea,T-L,21\r\n";
        let report = import(shop, second);
        assert_eq!((report.new, report.updated), (0, 1), "{:?}", report.rejected);
        let tea = catalog::find_product(&shop.app, &shop.cast.ann, "tea").unwrap();
        assert_eq!((tea.title.as_str(), tea.vendor.as_str()), ("Good tea", "Lin"));
        let mut prices: Vec<_> =
            tea.variants.iter().map(|v| (v.sku.as_str(), v.price.minor, v.available)).collect();
        prices.sort();
        assert_eq!(prices, [("T-L", 2_100, 4), ("T-S", 1_000, 3)]);
        assert_eq!(import(shop, second).unchanged, 1);
        // A level in the file is a level in the shop; it is a move with a reason.
        let third = first.replace("shopify,3", "shopify,9").replace("Tea", "Good tea");
        let third = third.replace("20.5", "21");
        assert_eq!(import(shop, &third).updated, 1);
        let tea = catalog::find_product(&shop.app, &shop.cast.ann, "tea").unwrap();
        assert_eq!(tea.variants.iter().find(|v| v.sku == "T-S").unwrap().available, 9);
    });
}

#[test]
fn scattered_rows_and_several_lines_in_a_cell_are_one_product() {
    let shop = shop();
    let file = "Handle;Title;Body (HTML);Option1 Name;Option1 Value;Variant Price;Image Src\r\n\
                a;A;\"<p>one\r\n\"\"two\"\"</p>\";Size;S;1;https://x.example/1.jpg\r\n\
                b;B;;;;2;\r\n\
                a;;;;M;3;https://x.example/2.jpg\r\n\
                c;C;;;;2,5;\r\n\
                a;;;;;;https://x.example/3.jpg\r\n";
    let report = import(&shop, file);
    assert_eq!(faults(&report), [(6, "price_bad")]);
    assert_eq!((report.new, report.pictures), (2, 3));
    let id = catalog::find_product(&shop.app, &shop.cast.ann, "a").unwrap().id;
    let a = catalog::detail(&shop.app, &shop.cast.mo, id).unwrap();
    assert_eq!((a.variants.len(), a.pictures.len()), (2, 3));
    assert!(a.body_html.contains("\"two\""), "{}", a.body_html);
    // Nobody sees a picture before it is ours.
    let cards = catalog::browse(&shop.app, &shop.cast.ann, Browse::default()).unwrap();
    assert!(cards.items.iter().all(|card| card.picture.is_none()));
}

#[test]
fn other_tables_are_refused() {
    let shop = shop();
    for bytes in [&b""[..], b"Name,Total\nA,1\n", b"\xff\xfe\x00", b"Title\nA\n"] {
        let file = Cursor::new(bytes.to_vec());
        let mo = &shop.cast.mo;
        let failure =
            product_csv::import(&shop.app, mo, "x", file, false, &mut |_| {}).unwrap_err();
        assert_eq!(failure.code(), "catalog.not_a_product_file");
    }
    let file = Cursor::new(Vec::new());
    let ann = &shop.cast.ann;
    let failure = product_csv::import(&shop.app, ann, "x", file, false, &mut |_| {}).unwrap_err();
    assert_eq!(failure.code(), "forbidden");
}

/// Rows for many products, each with two variants and a picture.
fn many(products: usize) -> Vec<u8> {
    let mut file = String::from(
        "Handle,Title,Body (HTML),Vendor,Type,Tags,Option1 Name,Option1 Value,Variant SKU,\
         Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Image Src\n",
    );
    for n in 0..products {
        let story = "<p>A story about tea, as long as stories about tea are.</p>".repeat(4);
        file.push_str(&format!(
            "p-{n},Product {n},\"{story}\",Brand {},Kind {},\"tea, t{}\",Size,S,S{n}-1,shopify,{},\
             {}.50,https://x.example/{n}.jpg\np-{n},,,,,,,L,S{n}-2,shopify,{},{}.00,\n",
            n % 50,
            n % 30,
            n % 100,
            n % 40,
            n % 500 + 1,
            n % 30,
            n % 500 + 2
        ));
    }
    file.into_bytes()
}

#[test]
fn many_rows_go_in_by_batches() {
    let shop = shop();
    let file = many(1_000);
    let mut heard = 0;
    let report = product_csv::import(
        &shop.app,
        &shop.cast.mo,
        "many.csv",
        Cursor::new(file.clone()),
        false,
        &mut |bytes| heard = bytes,
    )
    .unwrap();
    assert_eq!((report.rows, report.new, report.rejected_rows), (2_000, 1_000, 0));
    assert_eq!(heard, file.len() as u64);
    assert_eq!(import_bytes(&shop, &file, false).unchanged, 1_000);
}

/// Measures 50,000 rows: `cargo test --release -p app --test it fifty_thousand -- --ignored`.
#[test]
#[ignore = "measures"]
fn fifty_thousand_rows() {
    let memory = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("").to_string()
    };
    let shop = shop();
    let file = many(25_000);
    eprintln!("before: {}, file of {} KiB", memory(), file.len() / 1024);
    for pass in ["first", "second"] {
        let began = std::time::Instant::now();
        let report = import_bytes(&shop, &file, false);
        eprintln!(
            "{} {pass}: {} rows, {} new, {} unchanged in {:?}; {}",
            shop.engine,
            report.rows,
            report.new,
            report.unchanged,
            began.elapsed(),
            memory()
        );
        assert_eq!(report.rejected_rows, 0);
    }
    let began = std::time::Instant::now();
    let text = export(&shop, Generation::Legacy);
    eprintln!("export: {} KiB in {:?}; {}", text.len() / 1024, began.elapsed(), memory());
    shop.finish();
}
