//! Running the executable: to its end, or as a server that is stopped or killed.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::http;
use crate::postgres::free_port;

const BINARY: &str = env!("CARGO_BIN_EXE_pinwheel");

/// Runs a command to its end, without what this machine may have set for a shop of its own.
pub fn run(arguments: &[&str]) -> Output {
    clean().args(arguments).stdin(Stdio::null()).output().unwrap()
}

/// The same with variables of the environment.
pub fn run_with_env(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = clean();
    command.args(arguments).envs(variables.iter().copied()).stdin(Stdio::null());
    command.output().unwrap()
}

/// The same, with something on its standard input.
pub fn run_with(arguments: &[&str], input: &str) -> Output {
    use std::io::Write;
    let mut command = clean();
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// What a command said, on both of its outputs.
pub fn said(out: &Output) -> String {
    String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr)
}

/// Runs a command that must end with `code`, and gives its standard output.
#[track_caller]
pub fn ends(code: i32, arguments: &[&str]) -> String {
    let out = run(arguments);
    assert_eq!(out.status.code(), Some(code), "{arguments:?}: {}", said(&out));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// A command that is begun and goes on.
pub fn begin(arguments: &[&str]) -> Command {
    let mut command = clean();
    command.args(arguments);
    command
}

/// Another build of this very program may be tried: a release, for the long runs.
fn clean() -> Command {
    let binary = std::env::var_os("PINWHEEL_BINARY").unwrap_or_else(|| BINARY.into());
    let mut command = Command::new(binary);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PINWHEEL_")) {
        command.env_remove(name);
    }
    command
}

/// A shop that is being served.
pub struct Server {
    child: Child,
    pub address: String,
    /// From its start until it was ready.
    pub took: Duration,
}

impl Server {
    /// Serves the shop that `site` names (`--data DIR` or `--database URL`), logging to `log`.
    pub fn start(site: &[&str], log: &Path) -> Server {
        Server::on(free_port(), site, log)
    }

    /// The same on a port of one's choice.
    pub fn on(port: u16, site: &[&str], log: &Path) -> Server {
        let address = format!("127.0.0.1:{port}");
        let began = Instant::now();
        let log_file = File::options().create(true).append(true).open(log).unwrap();
        let child = clean()
            .args(["serve", "--listen", &address])
            .args(site)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log_file)
            .spawn()
            .unwrap();
        let mut server = Server { child, address, took: Duration::ZERO };
        loop {
            let ready = http::ask(&server.address, "GET", "/readyz", &[], "");
            if ready.is_ok_and(|answer| answer.status == 200) {
                server.took = began.elapsed();
                return server;
            }
            let ended = server.child.try_wait().unwrap();
            let said = || std::fs::read_to_string(log).unwrap_or_default();
            assert!(ended.is_none(), "it ended with {ended:?}: {}", said());
            assert!(began.elapsed() < Duration::from_secs(60), "not ready: {}", said());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// `kill -9`: no goodbye.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends SIGTERM and goes on.
    pub fn ask_to_stop(&self) {
        self.signal("-TERM");
    }

    /// SIGSTOP: it stands still in the middle of whatever it does.
    pub fn pause(&self) {
        self.signal("-STOP");
    }

    /// SIGCONT: it goes on as if nothing had been.
    pub fn wake(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Waits for its end: its code, and how long that took.
    pub fn wait(mut self) -> (Option<i32>, Duration) {
        let began = Instant::now();
        let code = self.child.wait().unwrap().code();
        (code, began.elapsed())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
