//! A PostgreSQL of a test's own, which is restarted and killed like anybody else.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::postgres::{as_postgres, binaries, free_port, left_out, run};

/// How long it may take to come back.
const PATIENCE: Duration = Duration::from_secs(60);

/// After a kill every file is forced to the disk: by one call for all of them.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "shared_buffers=64MB",
    "max_connections=200",
    "recovery_init_sync_method=syncfs",
];

/// A server in a temporary folder. A guard of its own stops it and removes the folder, however this
/// process ends.
pub struct Cluster {
    pub address: String,
    folder: PathBuf,
    bin: PathBuf,
    port: u16,
    /// Its first process, whose parent we are: nobody else would take note that it has died.
    first: Mutex<Option<Child>>,
    guard: Child,
}

impl Cluster {
    /// `None` on a machine without PostgreSQL's programs, or where `DATABASE_URL` names a server
    /// that is to be used instead: that one is not ours to kill.
    pub fn start() -> Option<Cluster> {
        let named = std::env::var("DATABASE_URL").is_ok_and(|url| !url.is_empty());
        let Some(bin) = binaries().filter(|_| !named) else {
            left_out("a PostgreSQL that can be restarted", "no programs, or DATABASE_URL is set");
            return None;
        };
        let port = free_port();
        let name = format!("pinwheel-cluster-{}-{port}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let (wrap, at) = (as_postgres().join(" "), folder.display());
        if !wrap.is_empty() {
            run(&format!("chown postgres {at}"));
        }
        run(&format!(
            "cd / && {wrap} {}/initdb -D {at}/data -U postgres --auth=trust -E UTF8 --locale=C \
             --no-sync",
            bin.display()
        ));
        let guard = format!(
            "trap : INT TERM HUP; cat; \
             [ -f {at}/data/postmaster.pid ] && kill -QUIT $(head -1 {at}/data/postmaster.pid); \
             rm -rf {at}"
        );
        let guard = Command::new("sh")
            .args(["-c", &guard])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let address = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let cluster = Cluster { address, folder, bin, port, first: Mutex::new(None), guard };
        cluster.begin();
        Some(cluster)
    }

    /// Starts it, and waits until it answers. How long that took.
    pub fn begin(&self) -> Duration {
        let began = Instant::now();
        let mut words: Vec<String> = as_postgres().into_iter().map(String::from).collect();
        words.push(self.bin.join("postgres").display().to_string());
        words.extend(["-D".into(), self.folder.join("data").display().to_string()]);
        words.extend(["-p".into(), self.port.to_string()]);
        for setting in SETTINGS {
            words.extend(["-c".into(), (*setting).into()]);
        }
        let log = File::options().create(true).append(true).open(self.folder.join("log")).unwrap();
        let first = Command::new(&words[0])
            .args(&words[1..])
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        *self.first.lock().unwrap() = Some(first);
        self.wait_until_ready();
        began.elapsed()
    }

    /// `pg_ctl restart`: `fast` lets go of everybody in an orderly way, `immediate` does not.
    pub fn restart(&self, mode: &str) -> Duration {
        let began = Instant::now();
        let signal = if mode == "fast" { "-INT" } else { "-QUIT" };
        let mut first = self.first.lock().unwrap().take().unwrap();
        let id = first.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        first.wait().unwrap();
        self.begin();
        began.elapsed()
    }

    fn wait_until_ready(&self) {
        let began = Instant::now();
        while postgres::Client::connect(&self.address, postgres::NoTls).is_err() {
            let log = || std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(began.elapsed() < PATIENCE, "it does not come back: {}", log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// `kill -9` of all of it. A process that is left over would keep its shared memory, and it
    /// would rightly refuse to start: so it is killed by where its processes live.
    pub fn kill(&self) {
        let data = self.folder.join("data");
        let began = Instant::now();
        loop {
            let all = living_in(&data);
            if all.is_empty() {
                break;
            }
            assert!(began.elapsed() < PATIENCE, "it does not die");
            // The first one of them would replace the others: it goes with them, in one call.
            Command::new("kill").arg("-9").args(&all).stderr(Stdio::null()).status().unwrap();
            std::thread::sleep(Duration::from_millis(2));
        }
        if let Some(mut first) = self.first.lock().unwrap().take() {
            first.wait().unwrap();
        }
    }
}

/// The processes that have this folder as theirs.
fn living_in(folder: &Path) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter(|process| {
            std::fs::read_link(process.path().join("cwd")).is_ok_and(|at| at == folder)
        })
        .filter_map(|process| process.file_name().into_string().ok())
        .collect()
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.kill();
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}
