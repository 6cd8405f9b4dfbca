//! `pinwheel reconcile`: a provider's statement of a day against the books, asked for or from a
//! file.

use app::failure::Failure;
use app::reconciliation::{self, DifferenceView, Look, Side};

use crate::arguments::{Reconcile, Site};
use crate::ended::Ended;
use crate::opening::{Shape, open, terminal};

/// A statement with more differences than these is another shop's.
const MOST: i64 = 10_000;

pub fn run(site: &Site, what: &Reconcile) -> Result<Ended, Failure> {
    let app = open(site, Shape::AsItIs)?;
    let (visitor, provider, day) = (terminal(), &what.provider, what.day.as_deref());
    let read = match (&what.file, day) {
        (Some(path), day) => {
            let file = std::fs::read(path)
                .map_err(|error| Failure::broken(format!("{}: {error}", path.display())))?;
            reconciliation::upload(&app, &visitor, provider, day, &file)?
        }
        (None, Some(day)) => reconciliation::fetch(&app, &visitor, provider, day)?,
        (None, None) => return Err(Failure::broken("name a --day, or a file")),
    };
    let look = Look {
        statement: Some(read.statement),
        state: Some("open".into()),
        before: None,
        limit: MOST,
    };
    let found = reconciliation::differences(&app, &visitor, &look)?;
    if what.json {
        let answer = serde_json::json!({ "read": read, "differences": found });
        println!("{}", serde_json::to_string_pretty(&answer)?);
        return Ok(Ended::found(!found.is_empty()));
    }
    for one in &found {
        tell(one);
    }
    println!("{} lines, {} differences", read.lines, found.len());
    Ok(Ended::found(!found.is_empty()))
}

fn tell(one: &DifferenceView) {
    let side = |side: &Option<Side>| match side {
        None => "–".to_string(),
        Some(side) => match side.money() {
            Some(money) => format!("{} {}", money.decimal(), side.currency),
            None => format!("{} {}", side.minor, side.currency),
        },
    };
    let line = one.line.map_or(String::new(), |line| format!(" (line {line})"));
    println!(
        "{:<14} {:<8} {}  ours {}  theirs {}{line}",
        one.what.code(),
        one.kind.code(),
        one.name,
        side(&one.ours),
        side(&one.theirs),
    );
}
