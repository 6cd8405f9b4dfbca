//! Dies at every boundary: before and after each commit, before and after each call to the payment
//! provider and each letter. A process of its own does some errands and ends at the n-th of them,
//! without a word, for every n there is; another one then does the same errands, under the same
//! keys. What had been answered is answered alike, everything has happened once, and every rule
//! holds.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use app::checkout::{self, What};
use app::config::Config;
use app::db::Place;
use app::outside::{Outside, Post, Trouble};
use app::{Visitor, order_desk, payment, sandbox};
use domain::catalog::Variant;
use domain::id::Id;
use domain::moment::Span;
use domain::order::{Order, Status};

use crate::postgres;
use crate::support::{TestShop, begin};
use crate::trade::place;

const BOUNDARIES: [&str; 7] = [
    "before_commit",
    "after_commit",
    "before_refund",
    "after_refund",
    "letters_written",
    "before_letter",
    "after_letter",
];

/// Takes every mail.
struct MailBox;

impl Post for MailBox {
    fn carries(&self, channel: &str) -> bool {
        channel == "email"
    }
    fn send(&self, _: &str, _: &str, _: &str, _: &str) -> Result<(), Trouble> {
        Ok(())
    }
}

/// How the process that is to die is told where the shop is, where to die, and at which time of
/// coming there.
pub const SHOP: &str = "PINWHEEL_DIES_IN";
const BOUNDARY: &str = "PINWHEEL_DIES_AT";
const TIME: &str = "PINWHEEL_DIES_THE";

/// What it says when it has an answer.
pub const ANSWERED: &str = "it was answered: ";

/// ann buys two, pays, and wants her money back.
fn errands(shop: &TestShop, variant: Id<Variant>) -> Id<Order> {
    let key = |who: &Visitor, key| who.clone().with_key(key, key).unwrap();
    let what = What::Now { variant, quantity: 2 };
    let placed = checkout::place(&shop.app, &key(&shop.ann, "ann-orders-two-cups"), place(what));
    let order = placed.unwrap().value.order;
    println!("\n{ANSWERED}{order}");
    if shop.see(&shop.ann, order).status == Status::PendingPayment {
        let pay = payment::begin(&shop.app, &shop.ann, order).unwrap();
        // Whoever died here may have paid already.
        let _ = sandbox::act(&shop.app, &pay.payment.to_string(), sandbox::Act::Pay);
    }
    shop.deliver();
    if shop.see(&shop.ann, order).status == Status::PendingPayment {
        // The notice was lost with whoever died: the provider is asked when the time to pay is up.
        shop.later(Span::hours(2));
    }
    if shop.see(&shop.ann, order).status == Status::ToShip {
        println!("\n{ANSWERED}paid");
        order_desk::cancel(&shop.app, &shop.ann, order).unwrap();
        println!("\n{ANSWERED}cancelled");
    }
    shop.work();
    // What the dead had begun is somebody else's when their lease has run out.
    shop.later(Span::minutes(10));
    order
}

/// The process that is to die, where there is such a boundary so often.
fn live(place: &str) {
    let shop = come(place, 1);
    let goods = shop.goods("cup", 3_950, 10);
    dies_from_here_on();
    errands(&shop, goods.variant);
}

/// This process ends at its boundary, when it comes there for the n-th time from here on.
pub fn dies_from_here_on() {
    let time: u64 = std::env::var(TIME).unwrap().parse().unwrap();
    let came = AtomicU64::new(0);
    let die = move || {
        if came.fetch_add(1, Ordering::SeqCst) + 1 == time {
            std::process::abort();
        }
    };
    fail::cfg_callback(std::env::var(BOUNDARY).unwrap(), die).unwrap();
}

/// The shop of a place, with other dice each time somebody comes to it.
pub fn come(place: &str, time: u64) -> TestShop {
    let (place, engine) = if place.starts_with("postgres:") {
        (Place::Postgres(place.into()), "postgres")
    } else {
        (Place::Folder(place.into()), "sqlite")
    };
    let config = Config::plain("http://127.0.0.1:3000");
    let outside = Outside { post: Arc::new(MailBox), ..Outside::remembered() };
    begin((place, config, outside), engine, None, tempfile::tempdir().unwrap(), time)
}

#[test]
fn whoever_dies_at_one_comes_back_and_does_it_once() {
    if let Ok(place) = std::env::var(SHOP) {
        return live(&place);
    }
    // Processes die here, not disks.
    let memory = std::path::Path::new("/dev/shm");
    let memory = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    for boundary in BOUNDARIES {
        let deaths = (1..).take_while(|time| {
            let folder = tempfile::tempdir_in(&memory).unwrap();
            dies_and_comes_back(&folder.path().display().to_string(), boundary, *time)
        });
        let on_sqlite = deaths.count();
        let deaths = (1..).take_while(|time| {
            postgres::fresh()
                .is_some_and(|fresh| dies_and_comes_back(&fresh.address, boundary, *time))
        });
        let on_postgres = deaths.count();
        println!("{boundary}: {on_sqlite} times on SQLite, {on_postgres} on PostgreSQL");
        let least = if boundary.ends_with("commit") { 6 } else { 1 };
        assert!(on_sqlite >= least, "{boundary}: only {on_sqlite} times");
        assert!(on_postgres >= least || postgres::server().is_none());
    }
}

/// Does the errands of a test in a process of their own, which is to die at that boundary: whether
/// it did, and what it had answered before.
pub fn in_a_process(this: &str, place: &str, boundary: &str, time: u64) -> (bool, Vec<String>) {
    let out = Command::new(std::env::current_exe().unwrap())
        .args([this, "--exact", "--nocapture"])
        .env(SHOP, place)
        .env(BOUNDARY, boundary)
        .env(TIME, time.to_string())
        .env_remove("CI")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    let when = format!("{boundary} {time} in {place}");
    let died = !out.status.success();
    assert!(out.status.code().is_none() || !died, "{when}: it failed\n{said}");
    let answered = said.lines().filter_map(|line| line.strip_prefix(ANSWERED));
    (died, answered.map(String::from).collect())
}

/// Whether a process died at that boundary; the errands are done again in any case.
fn dies_and_comes_back(place: &str, boundary: &str, time: u64) -> bool {
    let this = "boundaries::whoever_dies_at_one_comes_back_and_does_it_once";
    let (died, answered) = in_a_process(this, place, boundary, time);
    let when = format!("{boundary} {time} in {place}");
    let shop = come(place, 2);
    let sql = "select id from variants";
    let Some(variant) = shop.app.read(|tx| tx.maybe(sql, &[], |row| row.get(0))).unwrap() else {
        panic!("{when}: it died before it began");
    };
    let order = errands(&shop, variant);
    assert!(answered.first().is_none_or(|first| *first == order.to_string()), "{when}: another");
    let seen = shop.see(&shop.ann, order);
    assert_eq!((seen.status, seen.refunds.len()), (Status::Refunded, 1), "{when}");
    let count = |sql: &str| shop.number(sql);
    assert_eq!(count("select count(*) from orders"), 1, "{when}");
    assert_eq!(count("select count(*) from payments where status = 'captured'"), 1, "{when}");
    assert_eq!(count("select sum(amount) from sandbox_refunds"), seen.total.minor, "{when}");
    assert_eq!(count("select available from stock"), 10, "{when}");
    for letter in ["order_paid", "refunded"] {
        let sent = format!("select count(*) from messages where letter = '{letter}'");
        assert_eq!(count(&sent), 1, "{when}: {letter}");
    }
    assert_eq!(count("select count(*) from messages where state <> 'sent'"), 0, "{when}");
    assert_eq!(count("select count(*) from notices where to_write = 1"), 0, "{when}");
    died
}
