//! `pinwheel user`: staff accounts, from the machine's terminal.

use std::io::{BufRead, BufReader, Read};

use app::failure::Failure;
use app::person;
use domain::person::{Refusal, Role};

use crate::arguments::{Site, User};
use crate::ended::Ended;
use crate::opening::{Shape, open};

pub fn run(site: &Site, what: &User) -> Result<Ended, Failure> {
    let (name, contact, role, password_file) = match what {
        User::Add { name, contact, role, password_file } => (name, contact, role, password_file),
        User::EndSecondFactor { name } => return end_second_factor(site, name),
    };
    let role = Role::parse(role)
        .filter(|role| role.is_staff())
        .ok_or_else(|| Failure::broken("a role is owner or manager"))?;
    let password = match password_file {
        Some(file) => {
            let opened = std::fs::File::open(file)
                .map_err(|error| Failure::broken(format!("{}: {error}", file.display())))?;
            first_line(opened)?
        }
        None => {
            eprintln!("the password, on one line:");
            first_line(std::io::stdin())?
        }
    };
    let app = open(site, Shape::Migrate)?;
    let added = person::add_staff_from_terminal(&app, name, contact, role, &password)?;
    println!("{} {} signs in with {}", added.role.code(), added.id, added.contact());
    Ok(Ended::Done)
}

/// For whoever lost both the phone and the codes they wrote down.
fn end_second_factor(site: &Site, name: &str) -> Result<Ended, Failure> {
    let app = open(site, Shape::AsItIs)?;
    let person = person::find_staff_from_terminal(&app, name)?;
    app::second_factor::end_from_terminal(&app, person)?;
    println!("{name} signs in with the password alone, until they set it up again");
    Ok(Ended::Done)
}

/// A password is never a flag: those are seen by everybody on the machine.
fn first_line(from: impl Read) -> Result<String, Failure> {
    let mut line = String::new();
    BufReader::new(from).read_line(&mut line).map_err(Failure::broken)?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(Refusal::WeakPassword.into());
    }
    Ok(password.to_string())
}
