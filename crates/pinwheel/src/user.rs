//! `pinwheel user`: staff accounts, from the machine's terminal.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use app::failure::Failure;
use app::person::{self, GiveRole, RemoveStaff, RoleView};
use domain::person::{Refusal, Role};

use crate::arguments::{Site, User};
use crate::ended::Ended;
use crate::opening::{Shape, open, terminal};

pub fn run(site: &Site, what: &User) -> Result<Ended, Failure> {
    match what {
        User::Add { name, contact, role, password_file } => {
            add(site, name, contact, role, password_file.as_deref())
        }
        User::List { json } => list(site, *json),
        User::Role { name, role } => give(site, name, role),
        User::Password { name, password_file } => {
            let password = password(password_file.as_deref())?;
            let app = open(site, Shape::AsItIs)?;
            person::set_password_from_terminal(&app, name, &password)?;
            println!("{name} signs in with the new password; sessions of the old one have ended");
            Ok(Ended::Done)
        }
        User::Remove { name } => {
            let app = open(site, Shape::AsItIs)?;
            let person = person::find_staff_from_terminal(&app, name)?;
            person::remove_staff(&app, &terminal(), RemoveStaff { person })?;
            println!("{name} no longer works here");
            Ok(Ended::Done)
        }
        User::EndSecondFactor { name } => end_second_factor(site, name),
    }
}

fn add(
    site: &Site,
    name: &str,
    contact: &str,
    role: &str,
    password_file: Option<&Path>,
) -> Result<Ended, Failure> {
    let role = Role::parse(role).filter(|role| role.is_staff()).ok_or_else(|| {
        Failure::broken("a role is owner, manager, support, warehouse, content, analyst or viewer")
    })?;
    let password = password(password_file)?;
    let app = open(site, Shape::Migrate)?;
    let added = person::add_staff_from_terminal(&app, name, contact, role, &password)?;
    println!("{} {} signs in with {}", added.role.code(), added.id, added.contact());
    Ok(Ended::Done)
}

fn password(file: Option<&Path>) -> Result<String, Failure> {
    match file {
        Some(file) => {
            let opened = std::fs::File::open(file)
                .map_err(|error| Failure::broken(format!("{}: {error}", file.display())))?;
            first_line(opened)
        }
        None => {
            eprintln!("the password, on one line:");
            first_line(std::io::stdin())
        }
    }
}

fn list(site: &Site, json: bool) -> Result<Ended, Failure> {
    let app = open(site, Shape::AsItIs)?;
    let staff = person::list_staff(&app, &terminal())?;
    if json {
        println!("{}", serde_json::to_string_pretty(&staff)?);
        return Ok(Ended::Done);
    }
    for one in &staff {
        let role = one.own_role.as_ref().map_or(one.role.code(), |own| own.name.as_str());
        println!("{}  {role:<12} {}  {}", one.id, one.contact(), one.name);
    }
    Ok(Ended::Done)
}

/// A role that comes with the shop by its code, or one of the shop's own by its name.
fn give(site: &Site, name: &str, role: &str) -> Result<Ended, Failure> {
    let app = open(site, Shape::AsItIs)?;
    let person = person::find_staff_from_terminal(&app, name)?;
    let own =
        |one: &RoleView| one.own_role.as_ref().filter(|own| own.name == role).map(|own| own.id);
    let give = match Role::parse(role).filter(|role| role.is_staff() && *role != Role::Own) {
        Some(role) => GiveRole { role, own_role: None },
        None => {
            let roles = person::list_roles(&app, &terminal())?;
            let own_role = roles.iter().find_map(own).ok_or(Failure::NotFound)?;
            GiveRole { role: Role::Own, own_role: Some(own_role) }
        }
    };
    person::give_role(&app, &terminal(), person, &give)?;
    println!("{name} is {role} from now on");
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
