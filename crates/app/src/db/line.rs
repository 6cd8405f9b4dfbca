//! A line to the other nodes through PostgreSQL's LISTEN and NOTIFY, on a connection of its own.

use std::time::Duration;

use postgres::fallible_iterator::FallibleIterator;
use postgres::{Client, Config, NoTls};

use super::Failure;

/// The channel that every node of a shop listens on.
const CHANNEL: &str = "pinwheel";

/// How to reach the others.
#[derive(Clone)]
pub struct Line(Config);

/// An end of the line that is open.
pub struct Open(Client);

impl Line {
    pub(super) fn new(config: Config) -> Line {
        Line(config)
    }

    /// An end to speak into. What is said is gone with the server in any case, so the disk need
    /// not be waited for.
    pub fn to_tell(&self) -> Result<Open, Failure> {
        self.open("set synchronous_commit = off")
    }

    /// An end to listen at.
    pub fn to_hear(&self) -> Result<Open, Failure> {
        self.open(&format!("listen {CHANNEL}"))
    }

    fn open(&self, first: &str) -> Result<Open, Failure> {
        let mut client = self.0.connect(NoTls).map_err(Failure::broken)?;
        client.batch_execute(first).map_err(Failure::broken)?;
        Ok(Open(client))
    }
}

impl Open {
    /// Says `what` to everybody who listens now.
    pub fn tell(&mut self, what: &str) -> Result<(), Failure> {
        let told = self.0.execute("select pg_notify($1, $2)", &[&CHANNEL, &what]);
        told.map(|_| ()).map_err(Failure::broken)
    }

    /// What was said next, within so long.
    pub fn hear(&mut self, longest: Duration) -> Result<Option<String>, Failure> {
        let next = self.0.notifications().timeout_iter(longest).next();
        let next = next.map_err(Failure::broken)?.map(|said| said.payload().to_string());
        if next.is_none() && self.0.is_closed() {
            return Err(Failure::broken("the line is closed"));
        }
        Ok(next)
    }
}
