//! A process that serves the shop that is measured, and what it costs.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use app::failure::Failure;

use crate::arguments::Site;

/// How long a node may take until it answers.
const PATIENCE: Duration = Duration::from_secs(20);

/// This very program, or another build of it that `PINWHEEL_BINARY` names.
pub fn program() -> Result<PathBuf, Failure> {
    match std::env::var_os("PINWHEEL_BINARY") {
        Some(named) => Ok(named.into()),
        None => std::env::current_exe().map_err(Failure::broken),
    }
}

/// A serving process; it ends with this value.
pub struct Node {
    child: Child,
    pub address: SocketAddr,
}

impl Node {
    /// Starts one on a free port of loopback, and waits until it answers.
    pub fn start(site: &Site) -> Result<Node, Failure> {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let address = free.map_err(Failure::broken)?;
        let program = program()?;
        let mut command = Command::new(program);
        command.args(["serve", "--listen", &address.to_string(), "--data"]).arg(&site.data);
        command.args(["--set", "log=warn"]);
        if let Some(database) = &site.database {
            command.env("PINWHEEL_DATABASE", database);
        }
        for (name, value) in &site.set {
            command.arg("--set").arg(format!("{name}={value}"));
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let mut node = Node { child: child.map_err(Failure::broken)?, address };
        #[expect(clippy::disallowed_methods, reason = "bounds a wait")]
        let began = Instant::now();
        while std::net::TcpStream::connect(address).is_err() {
            let ended = node.child.try_wait().map_err(Failure::broken)?;
            if ended.is_some() || began.elapsed() > PATIENCE {
                return Err(Failure::broken("a node did not start"));
            }
            #[expect(clippy::disallowed_methods, reason = "asks again in a moment")]
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(node)
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The processor time it has used.
    pub fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        let stat = stat.unwrap_or_default();
        // After the name in brackets: the 12th and 13th are user and system ticks, 100 a second.
        let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
        let ticks: u64 = after
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|ticks| ticks.parse::<u64>().ok())
            .sum();
        Duration::from_millis(ticks * 10)
    }

    /// The most memory it has used, in megabytes.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
        kilobytes.unwrap_or(0) / 1024
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
