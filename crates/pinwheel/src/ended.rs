//! How a command can end, as scripts and supervisors see it.

use std::process::ExitCode;

use app::failure::Failure;

/// The exit codes of every command. Code 2, a wrong command line, is given by the flag reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was done, and all is well.
    Done,
    /// It was done, and something was found: rows that were rejected, rules that do not hold.
    Found,
    /// The shop's rules or the request itself do not allow it; nothing was changed.
    Refused,
    /// It could not be done: settings, database or disk do not allow it.
    Broken,
}

/// The codes with their meaning, for the reference page.
pub const CODES: &[(u8, &str)] = &[
    (0, "done, and all is well"),
    (1, "done, and something was found: a rule that does not hold, a row that was rejected"),
    (2, "the command line is wrong"),
    (3, "refused: the shop's rules do not allow it, or there is no such thing; nothing changed"),
    (4, "could not be done: settings, database or disk do not allow it"),
];

impl Ended {
    pub fn of(failure: &Failure) -> Ended {
        match failure {
            Failure::Unavailable | Failure::Broken(_) => Ended::Broken,
            _ => Ended::Refused,
        }
    }

    pub fn code(self) -> ExitCode {
        ExitCode::from(match self {
            Ended::Done => 0,
            Ended::Found => 1,
            Ended::Refused => 3,
            Ended::Broken => 4,
        })
    }

    /// `Found` when something was, else `Done`.
    pub fn found(something: bool) -> Ended {
        if something { Ended::Found } else { Ended::Done }
    }
}
