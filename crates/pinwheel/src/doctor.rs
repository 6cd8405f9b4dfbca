//! `pinwheel doctor`: what is well with this shop, what is not, and what helps.

use std::process::Command;

use app::db::Place;
use app::failure::Failure;
use app::{App, audit, jobs, payment, person, provider, shop};
use domain::person::Role;

use crate::arguments::Site;
use crate::ended::Ended;
use crate::opening::{Shape, open, place, terminal};

/// Below this many megabytes a shop will soon not be able to write.
const LEAST_DISK: u64 = 500;

/// One thing that was looked at.
enum Finding {
    Well(String),
    /// It works, but somebody should know.
    Note(String),
    /// It does not work, and what helps.
    Wrong(String),
}

use Finding::{Note, Well, Wrong};

pub fn run(site: &Site) -> Result<Ended, Failure> {
    let app = open(site, Shape::AsItIs)?;
    let mut findings = vec![database(&app), disk(site)];
    findings.extend(settings(&app));
    findings.extend(payments(&app));
    findings.push(staff(&app)?);
    findings.push(queue(&app)?);
    findings.push(rules(&app)?);
    let mut wrong = false;
    for finding in &findings {
        match finding {
            Well(said) => println!("well   {said}"),
            Note(said) => println!("note   {said}"),
            Wrong(said) => println!("WRONG  {said}"),
        }
        wrong |= matches!(finding, Wrong(_));
    }
    Ok(Ended::found(wrong))
}

/// What could lose orders was refused when it was opened.
fn database(app: &App) -> Finding {
    let engine = if app.db.is_postgres() { "PostgreSQL" } else { "SQLite" };
    let version = app::db::migrate::newest();
    Well(format!("the database is {engine} with safe settings, its data of version {version}"))
}

fn disk(site: &Site) -> Finding {
    let Ok(Place::Folder(folder)) = place(site) else {
        return Note("the disk is the PostgreSQL server's: watch it there".into());
    };
    let asked = Command::new("df").arg("-Pk").arg(&folder).output();
    let text = asked.map(|out| String::from_utf8_lossy(&out.stdout).into_owned());
    let free = text.ok().and_then(|text| {
        let line = text.lines().nth(1)?.to_string();
        line.split_whitespace().nth(3)?.parse::<u64>().ok()
    });
    match free.map(|kilobytes| kilobytes / 1024) {
        Some(free) if free < LEAST_DISK => {
            Wrong(format!("{free} MB are free at {}: make room", folder.display()))
        }
        Some(free) => Well(format!("{free} MB are free at {}", folder.display())),
        None => Note("how full the disk is could not be found out".into()),
    }
}

fn settings(app: &App) -> Vec<Finding> {
    let config = &app.config;
    let mut findings = Vec::new();
    let local = ["127.0.0.1", "localhost", "[::1]"];
    let at_home = local.iter().any(|host| config.base_url.contains(host));
    if at_home {
        let said = format!("people reach it at {}: only on this machine", config.base_url);
        findings.push(Note(said + " (setting base_url)"));
    } else if config.base_url.starts_with("https://") {
        findings.push(Well(format!("people reach it at {}", config.base_url)));
    } else {
        let said = format!("{} is not encrypted: put it behind HTTPS", config.base_url);
        findings.push(Wrong(said + " (setting base_url)"));
    }
    if !at_home && !config.secure_cookies {
        findings.push(Wrong("cookies travel unencrypted (setting secure_cookies)".into()));
    }
    if !at_home && config.sandbox {
        let said = "the sandbox takes orders without money (setting sandbox)";
        findings.push(Note(said.into()));
    }
    if config.smtp_url.is_empty() {
        findings.push(Note("mail stays in the console's outbox (setting smtp_url)".into()));
    }
    if config.sms_webhook.is_empty() {
        findings.push(Note("texts stay in the console's outbox (setting sms_webhook)".into()));
    }
    findings
}

/// Who takes money, and what of a provider that was begun is missing. Never what is in a setting.
fn payments(app: &App) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, missing) in app.config.payments.missing() {
        if missing.is_empty() {
            findings.push(Well(format!("buyers can pay with {name}")));
        } else if app.config.payments.begun(name) {
            let said = format!("{name} is not offered: {} still needed", missing.join(", "));
            findings.push(Wrong(said));
        }
    }
    if provider::names(app).is_empty() {
        findings.push(match by_hand(app) {
            Ok(true) => Well("buyers can pay by transfer or over the counter, and not else".into()),
            _ => Wrong("nobody can pay: set up a provider (docs/how-to/take-payments.md)".into()),
        });
    }
    findings
}

/// Whether buyers are offered to pay without a provider.
fn by_hand(app: &App) -> Result<bool, Failure> {
    let currency = app.read(|tx| Ok(shop::get(tx)?.currency))?;
    Ok(!payment::methods(app, currency, false)?.is_empty())
}

fn staff(app: &App) -> Result<Finding, Failure> {
    let staff = person::list_staff(app, &terminal())?;
    let owners = staff.iter().filter(|person| person.role == Role::Owner).count();
    Ok(match owners {
        0 => Wrong("nobody owns it: pinwheel user add --role owner".into()),
        _ => Well(format!("{} staff, {owners} of them owners", staff.len())),
    })
}

fn queue(app: &App) -> Result<Finding, Failure> {
    let counts = app.read(jobs::counts)?;
    let of =
        |state: &str| counts.iter().find(|(name, _)| name == state).map_or(0, |(_, count)| *count);
    let (dead, waiting) = (of("dead"), of("ready"));
    Ok(match dead {
        0 => Well(format!("{waiting} jobs wait, none was given up")),
        _ => Wrong(format!("{dead} jobs were given up: see /console/jobs")),
    })
}

fn rules(app: &App) -> Result<Finding, Failure> {
    let report = audit::run(app, audit::GRACE)?;
    let broken: Vec<&str> = report.broken().map(|check| check.id.as_str()).collect();
    Ok(match broken.as_slice() {
        [] => Well(format!("all {} rules hold", report.checks.len())),
        some => Wrong(format!("{} do not hold: pinwheel audit", some.join(", "))),
    })
}
