//! What the shop tells Prometheus: each measure by its name, with labels that have an end.

use crate::served::{Served, served};

fn page(shop: &Served) -> String {
    let answer = shop.get("/metrics", &[]);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    answer.text()
}

#[test]
fn every_measure_is_there_before_anything_happened() {
    let shop = served();
    shop.app.write(|tx| app::tries::forgive(tx, "x", domain::moment::Span::hours(1))).unwrap();
    app::audit::run_and_keep(&shop.app).unwrap();
    shop.get("/healthz", &[]);
    let page = page(&shop);
    for (name, kind) in [
        ("commit_batch_size", "histogram"),
        ("connections_turned_away_total", "counter"),
        ("http_server_request_duration_seconds", "histogram"),
        ("invariant_violations", "gauge"),
        ("job_overdue_seconds", "gauge"),
        ("jobs", "gauge"),
        ("live_teams_watched", "gauge"),
        ("outbox_oldest_seconds", "gauge"),
        ("turns_refused_total", "counter"),
        ("webhook_dead_total", "counter"),
    ] {
        assert!(page.contains(&format!("# TYPE {name} {kind}\n")), "{name}: {page}");
    }
    for line in [
        "commit_batch_size_bucket{le=\"256\"} ",
        "http_server_request_duration_seconds_bucket{http_request_method=\"GET\",\
         http_response_status_code=\"200\",http_route=\"/healthz\",le=\"0.005\"} ",
        "invariant_violations{id=\"",
        "jobs{state=\"dead\"} ",
        "webhook_dead_total ",
    ] {
        assert!(page.contains(line), "{line}: {page}");
    }
}

#[test]
fn what_somebody_makes_up_is_no_label() {
    let shop = served();
    for (method, path) in [("BREW", "/healthz"), ("GET", "/no-such-page"), ("STEEP", "/brew")] {
        shop.send(method, path, &[], b"");
    }
    let page = page(&shop);
    for (method, route) in [("_OTHER", "/healthz"), ("GET", "unmatched"), ("_OTHER", "unmatched")] {
        let found = page.lines().any(|line| {
            line.contains(&format!("http_request_method=\"{method}\""))
                && line.contains(&format!("http_route=\"{route}\""))
        });
        assert!(found, "{method} {route}: {page}");
    }
    assert!(!page.contains("BREW") && !page.contains("STEEP") && !page.contains("brew"), "{page}");
}
