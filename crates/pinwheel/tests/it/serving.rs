//! A server's life: ready, asked to stop, gone; and the settings it refuses to start in.

use std::time::Duration;

use crate::http::{ask, get};
use crate::postgres;
use crate::program::{Server, ends, run, run_with_env, said};

#[test]
fn it_starts_says_how_it_is_and_stops_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    let server = Server::start(&["--data", &data], &folder.path().join("log"));
    assert!(server.took < Duration::from_secs(20), "ready after {:?}", server.took);
    for path in ["/healthz", "/livez", "/readyz"] {
        assert_eq!(get(&server.address, path).status, 200, "{path}");
    }
    let measured = get(&server.address, "/metrics");
    assert!(measured.body.contains("http_server_request_duration_seconds"), "{}", measured.body);
    let home = get(&server.address, "/");
    assert_eq!(home.status, 200);
    assert!(home.headers.contains("content-security-policy: default-src 'self'"));
    assert_eq!(get(&server.address, "/no-such-page").status, 404);

    server.ask_to_stop();
    let (code, took) = server.wait();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(30), "{took:?}");
    ends(0, &["audit", "--data", &data]);
}

#[test]
fn a_taken_address_is_said_before_the_data_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new").display().to_string();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    ends(4, &["serve", "--data", &data, "--listen", &address]);
    assert!(!folder.path().join("new").exists());
}

#[test]
fn a_database_that_could_lose_orders_is_refused() {
    let Some(fresh) = postgres::fresh() else { return };
    let mut client =
        ::postgres::Client::connect(postgres::server().unwrap(), ::postgres::NoTls).unwrap();
    let name = fresh.address.rsplit('/').next().unwrap().split('?').next().unwrap();
    client.batch_execute(&format!("alter database {name} set synchronous_commit = off")).unwrap();
    let out = run(&["migrate", "--database", &fresh.address]);
    assert_eq!(out.status.code(), Some(4), "{}", said(&out));
    assert!(said(&out).contains("synchronous_commit"), "{}", said(&out));
}

#[test]
fn a_demo_is_not_served_to_the_world() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    ends(0, &["migrate", "--data", &data]);
    let db = ::rusqlite::Connection::open(folder.path().join("pinwheel.db")).unwrap();
    db.execute("update shop set demo = 1", []).unwrap();
    drop(db);
    let address = format!("127.0.0.1:{}", postgres::free_port());
    let public = ["--set", "base_url=https://shop.example"];
    let mut serve = vec!["serve", "--data", &data, "--listen", &address];
    serve.extend(public);
    let out = run(&serve);
    assert_eq!(out.status.code(), Some(4), "{}", said(&out));
    assert!(said(&out).contains("whose passwords everybody knows"), "{}", said(&out));
    // For oneself it may be served as it is.
    let server = Server::start(&["--data", &data], &folder.path().join("log"));
    assert_eq!(get(&server.address, "/").status, 200);
}

#[test]
fn secrets_are_read_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("shop").display().to_string();
    let secret = folder.path().join("smtp");
    std::fs::write(&secret, "smtps://user:secret@no port at all\n").unwrap();
    let from = secret.display().to_string();
    let migrate = ["migrate", "--data", &data];
    let name = "PINWHEEL_SMTP_URL_FILE";
    // The setting is wrong, and is told without its password: so it was read.
    let out = run_with_env(&migrate, &[(name, &from)]);
    assert_eq!(out.status.code(), Some(4), "{}", said(&out));
    assert!(said(&out).contains("smtp_url"), "{}", said(&out));
    assert!(!said(&out).contains("secret@"), "{}", said(&out));
    // A file that is not there, and a value that is said twice, are faults.
    let gone = run_with_env(&migrate, &[(name, "/nowhere/at/all")]);
    assert_eq!(gone.status.code(), Some(4), "{}", said(&gone));
    let twice = run_with_env(&migrate, &[(name, &from), ("PINWHEEL_SMTP_URL", "smtp://x")]);
    assert!(said(&twice).contains("are both set"), "{}", said(&twice));
}

#[test]
fn a_newer_shop_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    ends(0, &["migrate", "--data", &data]);
    let db = ::rusqlite::Connection::open(folder.path().join("pinwheel.db")).unwrap();
    db.execute("insert into migrations values (9999, 'later', '', 0, 0)", []).unwrap();
    drop(db);
    let out = run(&["migrate", "--data", &data]);
    assert_eq!(out.status.code(), Some(4), "{}", said(&out));
    assert!(said(&out).contains("newer"), "{}", said(&out));
}

#[test]
fn requests_in_hand_are_answered_when_it_stops() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    let server = Server::start(&["--data", &data], &folder.path().join("log"));
    let address = server.address.clone();
    let askers: Vec<_> = (0..8)
        .map(|_| {
            let address = address.clone();
            std::thread::spawn(move || {
                let mut answered = 0;
                // Until the door is shut; whatever was let in must be answered whole.
                while let Ok(answer) = ask(&address, "GET", "/", &[], "") {
                    assert_eq!(answer.status, 200, "{}", answer.body);
                    answered += 1;
                }
                answered
            })
        })
        .collect();
    std::thread::sleep(Duration::from_millis(500));
    server.ask_to_stop();
    let (code, _) = server.wait();
    assert_eq!(code, Some(0));
    let answered: u32 = askers.into_iter().map(|asker| asker.join().unwrap()).sum();
    assert!(answered > 0);
}
