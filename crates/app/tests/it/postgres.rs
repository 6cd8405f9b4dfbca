//! A PostgreSQL for tests: the one `DATABASE_URL` names, else one of our own that lives as long as
//! this process.
//!
//! Our own is started in a temporary folder under a guard: a shell that reads from a pipe we hold.
//! However this process ends, the pipe closes, and the guard stops the server and removes the
//! folder. Each test gets a database of its own and drops it.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// A database of a test's own; dropped with it.
pub struct Fresh {
    pub address: String,
    name: String,
}

/// A new, empty database, or `None` on a machine without PostgreSQL, which is said once. With
/// `CI=true` a missing server is a failure.
pub fn fresh() -> Option<Fresh> {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let server = server()?;
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    let name = format!("pinwheel_test_{}_{number}", std::process::id());
    command(server, &format!("create database {name}"));
    Some(Fresh { address: with_name(server, &name), name })
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if let Some(server) = server() {
            command(server, &format!("drop database if exists {} with (force)", self.name));
        }
    }
}

/// The address of the server, with a database to begin from.
pub fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Option<String>> = OnceLock::new();
    let found = SERVER.get_or_init(|| {
        if let Some(address) = std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty()) {
            return Some(address);
        }
        let started = binaries().map(|bin| start(&bin));
        if started.is_none() {
            left_out("PostgreSQL", "no server binary was found, nor is DATABASE_URL set");
        }
        started
    });
    found.as_deref()
}

/// Says past the test harness what a run does not show; with `CI=true` that is a failure.
pub fn left_out(what: &str, why: &str) {
    let said = format!("LEFT OUT: everything that needs {what} ({why})\n");
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{said}");
    let _ = std::io::stderr().write_all(said.as_bytes());
}

fn command(server: &str, sql: &str) {
    let mut client = postgres::Client::connect(server, postgres::NoTls).unwrap();
    client.batch_execute(sql).unwrap();
}

/// The same server, another database.
fn with_name(address: &str, name: &str) -> String {
    let host = address.find("://").map_or(0, |at| at + 3);
    let (address, options) = match address.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (address, String::new()),
    };
    let end = address[host..].find('/').map_or(address.len(), |at| host + at);
    format!("{}/{name}{options}", &address[..end])
}

/// The folder of a server's programs: the newest one installed.
pub fn binaries() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = Vec::new();
    if let Ok(out) = Command::new("pg_config").arg("--bindir").output() {
        folders.push(String::from_utf8_lossy(&out.stdout).trim().into());
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    folders.extend(versions.into_iter().rev());
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path));
    folders.into_iter().find(|bin| bin.join("initdb").exists() && bin.join("postgres").exists())
}

/// PostgreSQL refuses to run as root.
pub fn as_postgres() -> Vec<&'static str> {
    let uid = Command::new("id").arg("-u").output().map(|out| out.stdout).unwrap_or_default();
    if uid.trim_ascii() == b"0" {
        vec!["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
    } else {
        Vec::new()
    }
}

#[allow(clippy::zombie_processes, reason = "the guard outlives this process, to clean up after it")]
fn start(bin: &Path) -> String {
    let folder = std::env::temp_dir().join(format!("pinwheel-postgres-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let wrap = as_postgres().join(" ");
    let data = folder.join("data");
    let (data, log) = (data.display(), folder.join("log"));
    let bin = bin.display();
    if !wrap.is_empty() {
        run(&format!("chown postgres {}", folder.display()));
    }
    run(&format!(
        "cd / && {wrap} {bin}/initdb -D {data} -U postgres --auth=trust -E UTF8 --locale=C \
         --no-sync"
    ));
    let port = free_port();
    let settings = "-c listen_addresses=127.0.0.1 -c unix_socket_directories= \
                    -c max_connections=300 -c shared_buffers=64MB -c log_min_messages=warning";
    let guard = format!(
        "trap : INT TERM HUP; cd /; {wrap} {bin}/postgres -D {data} -p {port} {settings} & \
         cat; kill -INT $!; wait $!; rm -rf {}",
        folder.display()
    );
    let log_file = std::fs::File::create(&log).unwrap();
    let mut guard = Command::new("sh")
        .args(["-c", &guard])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(log_file)
        .spawn()
        .unwrap();
    // Held until this process ends: its closing is the guard's signal.
    std::mem::forget(guard.stdin.take());
    let address = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    for _ in 0..300 {
        if postgres::Client::connect(&address, postgres::NoTls).is_ok() {
            return address;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("PostgreSQL did not start: {}", std::fs::read_to_string(&log).unwrap_or_default());
}

/// Runs a script that must succeed.
pub fn run(script: &str) {
    let out = Command::new("sh").args(["-c", script]).stdin(Stdio::null()).output().unwrap();
    assert!(out.status.success(), "{script}: {}", String::from_utf8_lossy(&out.stderr));
}

/// A port nobody listens on now.
pub fn free_port() -> u16 {
    loop {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        if TcpStream::connect(("127.0.0.1", port)).is_err() {
            return port;
        }
    }
}

#[test]
fn another_database_on_the_same_server() {
    let check = |address, want: &str| assert_eq!(with_name(address, "x"), want);
    check("postgres://ann@host:5432/shop", "postgres://ann@host:5432/x");
    check("postgres://ann:a@host/shop?sslmode=disable", "postgres://ann:a@host/x?sslmode=disable");
    check("postgres://host", "postgres://host/x");
}
