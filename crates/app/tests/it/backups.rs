//! A shop in a file and out of it again: taken while people trade, refused when anything is wrong
//! with it, the same on either engine, and moved from the one to the other.

use std::path::Path;
use std::sync::Arc;

use app::backup::{self, Kept};
use app::checkout::What;
use app::clock::Held;
use app::config::Config;
use app::db::{Database, Place, Seams};
use app::dice::{Ids, Seeded};
use app::outside::Outside;
use app::{App, audit};
use domain::moment::Span;

use crate::postgres;
use crate::support::{MORNING, TestShop, both_engines, on_sqlite};

/// A shop where a little of everything has happened.
fn trade(shop: &TestShop) {
    let tea = shop.goods("tea", 8_800, 40);
    let offer = shop.group_buy(tea, 6_800, Some(20), |_| ());
    let team = shop.open_team(&shop.ann, offer, tea);
    shop.join(&shop.bob, team, tea).unwrap();
    shop.open_team(&shop.eve, offer, tea);
    let now = What::Now { variant: tea.variant, quantity: 2 };
    let placed = shop.order(&shop.lin, now.clone()).unwrap();
    shop.pay(&shop.lin, placed.order).unwrap();
    app::order_desk::cancel(&shop.app, &shop.lin, placed.order).unwrap();
    shop.order(&shop.bob, now).unwrap();
    let bytes = |tx: &mut app::db::Tx| {
        let params = [vec![0_u8, 255, 10, 13].into(), "零\u{0}".replace('\0', " ").into()];
        tx.run("insert into files (hash, mime, bytes, created_at) values ($2, '', $1, 0)", &params)
    };
    shop.app.write(bytes).unwrap();
    shop.work();
}

fn write(shop: &TestShop, to: &Path) -> Kept {
    backup::write(&shop.app.db, &shop.app.seams, to).unwrap()
}

fn seams() -> Seams {
    let dice = Arc::new(Seeded::new(99));
    let ids = Ids::new(dice.as_ref());
    Seams { clock: Arc::new(Held::at(MORNING)), dice, ids }
}

/// What was restored keeps every rule; it is given back as what a backup of it would say.
fn whole(db: Database, folder: &Path) -> Kept {
    let app = App::of(db, seams(), Config::plain("http://127.0.0.1:3000"), Outside::remembered());
    let report = audit::run(&app, Span::days(1)).unwrap();
    let broken: Vec<_> = report.broken().collect();
    assert!(broken.is_empty(), "{broken:?}");
    let again = folder.join("again");
    let _ = std::fs::remove_file(&again);
    backup::write(&app.db, &app.seams, &again).unwrap()
}

#[test]
fn a_shop_is_restored_to_either_engine_from_either() {
    both_engines(|shop| {
        trade(shop);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.backup");
        let kept = write(shop, &file);
        assert!(kept.rows() > 50 && kept.tables.len() > 50, "{kept:?}");
        assert_eq!(backup::check(&file).unwrap().tables, kept.tables);
        let mut places = vec![Place::Folder(folder.path().join("restored"))];
        let fresh = postgres::fresh();
        places.extend(fresh.as_ref().map(|fresh| Place::Postgres(fresh.address.clone())));
        for place in places {
            let (_, db) = backup::restore(&file, &place, &seams(), false).unwrap();
            let again = whole(db, folder.path());
            assert_eq!(again.tables, kept.tables, "from {} to {place:?}", shop.engine);
            assert_eq!(again.header.chains, kept.header.chains);
            // Once more: there is a shop now.
            let why = backup::restore(&file, &place, &seams(), false).err().unwrap();
            assert!(why.to_string().contains("already"), "{why}");
            let (_, db) = backup::restore(&file, &place, &seams(), true).unwrap();
            assert_eq!(whole(db, folder.path()).tables, kept.tables);
        }
    });
}

#[test]
fn a_backup_is_one_moment_of_a_shop_that_trades() {
    both_engines(|shop| {
        let goods = shop.goods("cup", 3_950, 100_000);
        let folder = tempfile::tempdir().unwrap();
        let stop = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            for buyer in [&shop.ann, &shop.bob, &shop.eve] {
                let stop = &stop;
                scope.spawn(move || {
                    while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                        let what = What::Now { variant: goods.variant, quantity: 1 };
                        let placed = shop.order(buyer, what).unwrap();
                        shop.pay(buyer, placed.order).unwrap();
                    }
                });
            }
            for round in 0..3 {
                let file = folder.path().join(format!("{round}.backup"));
                let kept = write(shop, &file);
                let place = Place::Folder(folder.path().join(round.to_string()));
                let (_, db) = backup::restore(&file, &place, &seams(), false).unwrap();
                // All or nothing of each order; some notices are on their way.
                assert_eq!(whole(db, folder.path()).tables, kept.tables);
            }
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
        });
    });
}

#[test]
fn what_is_damaged_cut_foreign_or_newer_is_refused_untouched() {
    let shop = on_sqlite();
    trade(&shop);
    let folder = tempfile::tempdir().unwrap();
    let (good, bad) = (folder.path().join("good"), folder.path().join("bad"));
    write(&shop, &good);
    let bytes = std::fs::read(&good).unwrap();
    let place = Place::Folder(folder.path().join("shop"));
    let refused = |bytes: &[u8], what: &str| {
        std::fs::write(&bad, bytes).unwrap();
        let answer = backup::restore(&bad, &place, &seams(), false);
        assert!(answer.is_err(), "{what} was restored");
        assert!(!folder.path().join("shop").exists(), "{what} left something behind");
        answer.err().unwrap().to_string()
    };
    // One bit, anywhere.
    for n in 0..200 {
        let mut bytes = bytes.clone();
        let at = n * (bytes.len() - 1) / 199;
        bytes[at] ^= 1 << (n % 8);
        refused(&bytes, &format!("bit {} of byte {at}", n % 8));
    }
    for n in 0..50 {
        refused(&bytes[..n * (bytes.len() - 1) / 49], "a part of it");
    }
    let mut longer = bytes.clone();
    longer.push(b'\n');
    refused(&longer, "more than all of it");
    let sqlite = std::fs::read(crate::support::file(&shop)).unwrap();
    assert!(refused(&sqlite, "a database").contains("not a backup"));
    let newer = String::from_utf8_lossy(&bytes[..18]).replace('1', "2");
    let newer = [newer.as_bytes(), &bytes[18..]].concat();
    assert!(refused(&newer, "another format").contains("newer"));
    let schema = format!("\"schema\":{}", app::db::migrate::newest());
    let at = bytes.windows(schema.len()).position(|part| part == schema.as_bytes()).unwrap();
    let newer = [&bytes[..at], b"\"schema\":9999", &bytes[at + schema.len()..]].concat();
    assert!(refused(&newer, "a newer schema").contains("newer"));
    // And the good one is good.
    assert!(backup::restore(&good, &place, &seams(), false).is_ok());
    assert!(backup::write(&shop.app.db, &shop.app.seams, &good).is_err(), "nothing is replaced");
}

#[test]
fn a_shop_that_is_used_is_not_replaced() {
    let shop = on_sqlite();
    trade(&shop);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.backup");
    let kept = write(&shop, &file);
    let data = folder.path().join("shop");
    let place = Place::Folder(data.clone());
    let (_, used) = backup::restore(&file, &place, &seams(), false).unwrap();
    let why = backup::restore(&file, &place, &seams(), true).err().unwrap();
    assert!(why.to_string().contains("being used"), "{why}");
    assert_eq!(whole(used, folder.path()).tables, kept.tables);
    backup::restore(&file, &place, &seams(), true).unwrap();
    let names = std::fs::read_dir(&data).unwrap();
    let aside = names.filter(|name| {
        let name = name.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with("pinwheel-before-")
    });
    assert_eq!(aside.count(), 1, "the other shop is put aside");
}

#[test]
fn a_shop_moves_to_postgresql_and_its_folder_is_closed() {
    let Some(fresh) = postgres::fresh() else { return };
    let to = Place::Postgres(fresh.address.clone());
    let shop = on_sqlite();
    trade(&shop);
    let folder = tempfile::tempdir().unwrap();
    let before = write(&shop, &folder.path().join("before"));
    let data = crate::support::file(&shop).parent().unwrap().to_path_buf();
    for _ in 0..2 {
        // The second time it finds that everything has arrived.
        let (_, db) = backup::move_to(&data, &to, &seams()).unwrap();
        assert_eq!(whole(db, folder.path()).tables, before.tables);
    }
    // Whoever still serves the folder sells nothing any more; what is in it is as it was.
    let goods = shop.goods_of("tea");
    let late = shop.order(&shop.ann, What::Now { variant: goods.variant, quantity: 1 });
    assert_eq!(late.err().map(|failure| failure.code()), Some("unavailable"));
    assert_eq!(write(&shop, &folder.path().join("after")).tables, before.tables);
    let closed = Database::open(&Place::Folder(data.clone()), false, &seams()).err().unwrap();
    assert!(closed.to_string().contains("it was moved to"), "{closed}");
    assert!(!closed.to_string().contains("postgres:"), "the address is told without its secret");
    // Another shop is not written over.
    let other = on_sqlite();
    let theirs = crate::support::file(&other).parent().unwrap().to_path_buf();
    assert!(backup::move_to(&theirs, &to, &seams()).is_err());
    std::fs::remove_file(data.join("pinwheel.closed")).unwrap();
    shop.order(&shop.ann, What::Now { variant: goods.variant, quantity: 1 }).unwrap();
}

/// Every released shape of the data, kept as it was written then: it comes in, is brought up to
/// date, holds what it held, and keeps every rule.
#[test]
fn golden_shops_of_every_release_come_up_to_date() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut files: Vec<_> =
        std::fs::read_dir(&golden).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let folder = tempfile::tempdir().unwrap();
        let mut places = vec![Place::Folder(folder.path().join("shop"))];
        let fresh = postgres::fresh();
        places.extend(fresh.as_ref().map(|fresh| Place::Postgres(fresh.address.clone())));
        for place in places {
            let (kept, db) = backup::restore(&file, &place, &seams(), false).unwrap();
            backup::compare(&db, &seams(), &kept).unwrap();
            let now = whole(db, folder.path());
            assert_eq!(now.header.schema, app::db::migrate::newest(), "{}", file.display());
            let there = |chain| now.header.chains.contains(chain);
            assert!(kept.header.chains.iter().all(there), "{}", file.display());
        }
    }
}

/// Writes the golden shop of this release: `cargo test -p app --test it -- --ignored golden`.
#[test]
#[ignore = "once a release"]
fn write_the_golden_shop_of_this_release() {
    let shop = on_sqlite();
    trade(&shop);
    let name = format!("tests/golden/{:04}.backup", app::db::migrate::newest());
    write(&shop, &Path::new(env!("CARGO_MANIFEST_DIR")).join(name));
}
