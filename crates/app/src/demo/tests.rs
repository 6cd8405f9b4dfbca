//! The month adds up: every rule holds, every state is there, and the same seed lives it again.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::{audit, work};

fn now() -> Moment {
    Moment::parse("2026-11-22T12:34:56Z").unwrap()
}

fn lived(folder: &Path, days: i64) -> App {
    let place = Place::Folder(folder.to_path_buf());
    let config = Config::plain("http://127.0.0.1:3103");
    live_days(&place, config.clone(), SEED, now(), days, &mut |_| {}).unwrap();
    let dice = Arc::new(dice::System);
    let ids = Ids::new(dice.as_ref());
    let seams = Seams { clock: Arc::new(Held::at(now())), dice, ids };
    let db = Database::open(&place, false, &seams).unwrap();
    App::of(db, seams, config, Outside::remembered())
}

fn counts(app: &App, sql: &str) -> BTreeMap<String, i64> {
    app.read(|tx| tx.all(sql, &[], |row| (row.get(0), row.get(1)))).unwrap().into_iter().collect()
}

fn check_clean(app: &App) {
    let report = audit::run(app, audit::GRACE).unwrap();
    for check in report.broken() {
        eprintln!("{} {}: {:?}", check.id, check.statement, check.violations);
    }
    assert!(report.clean);
}

#[test]
fn a_month_is_lived_and_adds_up() {
    let folder = tempfile::tempdir().unwrap();
    let app = lived(folder.path(), life::DAYS);
    check_clean(&app);
    let orders = counts(&app, "select status, count(*) from orders group by status");
    let teams = counts(&app, "select status, count(*) from teams group by status");
    let other = counts(
        &app,
        "select 'people', count(*) from people union all
         select 'visits', count(*) from visits union all
         select 'refund ' || reason, count(*) from refunds group by reason union all
         select 'reviews', count(*) from reviews union all
         select 'hidden', count(*) from reviews where hidden_by is not null union all
         select 'answers', count(*) from reviews where answer is not null union all
         select 'follow-ups', count(*) from reviews where follow_up is not null union all
         select 'votes', count(*) from review_votes union all
         select 'pictures', count(*) from review_pictures union all
         select 'dead jobs', count(*) from jobs where state = 'dead' union all
         select 'ended ' || ended_because, count(*) from teams where ended_because is not null
         group by ended_because union all
         select 'moved ' || reason, count(*) from order_moves group by reason",
    );
    println!("{orders:?}\n{teams:?}\n{other:?}");
    use domain::order::Status;
    for status in Status::ALL {
        // `paid` lasts no longer than a transaction.
        let there = orders.get(status.code()).is_some_and(|count| *count > 0);
        assert!(there || status == Status::Paid, "no order is {}", status.code());
    }
    for (status, least) in [("succeeded", 90), ("failed", 40), ("open", 6)] {
        assert!(teams[status] >= least, "{status}: {}", teams[status]);
    }
    for why in ["group_failed", "left_team", "tier", "late", "cancelled", "staff"] {
        assert!(other.contains_key(&format!("refund {why}")), "nobody was refunded for {why}");
    }
    assert!(other["people"] >= 300);
    assert!(other["reviews"] >= 150);
    for said in ["hidden", "answers", "follow-ups", "votes", "pictures"] {
        assert!(other[said] > 0, "{said}");
    }
    assert_eq!(other["dead jobs"], 0);
    // What was left to do is done when the doors open, and still adds up.
    work::drain(&app).unwrap();
    check_clean(&app);
}

#[test]
fn the_same_seed_lives_the_same_days() {
    let tell = |app: &App| {
        app.read(|tx| {
            tx.all("select name, about_id, body, at from events order by id", &[], |row| {
                (row.get(0), row.get(1), row.get(2), row.get(3))
            })
        })
        .unwrap()
    };
    let events: [Vec<(String, i64, String, i64)>; 2] = std::thread::scope(|scope| {
        let live = || {
            let folder = tempfile::tempdir().unwrap();
            tell(&lived(folder.path(), 4))
        };
        let first = scope.spawn(live);
        let second = scope.spawn(live);
        [first.join().unwrap(), second.join().unwrap()]
    });
    assert!(events[0].len() > 500);
    assert!(events[0] == events[1], "two lives differ");
}
