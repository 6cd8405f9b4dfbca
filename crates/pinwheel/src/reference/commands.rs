//! Every command with its flags, read from the flag reader itself.

use clap::{Arg, Command, CommandFactory};

use super::{cell, opening};
use crate::arguments::Arguments;
use crate::ended;

pub fn page() -> String {
    let mut page = opening("Commands", "hosts and shopkeepers");
    page.push_str(
        "Every command works beside a shop that is running and on one that is not.\n\n\
         ## Exit codes\n\n| code | meaning |\n| --- | --- |\n",
    );
    for (code, meaning) in ended::CODES {
        page.push_str(&format!("| {code} | {meaning} |\n"));
    }
    let root = Arguments::command();
    page.push_str("\n## Flags of every command\n\n");
    page.push_str(&table(root.get_arguments()));
    for command in root.get_subcommands().filter(|command| command.get_name() != "help") {
        section(&mut page, "pinwheel", command);
    }
    page
}

fn section(page: &mut String, path: &str, command: &Command) {
    let path = format!("{path} {}", command.get_name());
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let below: Vec<&Command> =
        command.get_subcommands().filter(|command| command.get_name() != "help").collect();
    if below.is_empty() {
        page.push_str(&format!("\n## {path}\n\n{about}.\n"));
        let own = table(command.get_arguments());
        if !own.is_empty() {
            page.push_str(&format!("\n{own}"));
        }
    }
    for command in below {
        section(page, &path, command);
    }
}

/// The flags as a table; empty when there are none of its own.
fn table<'a>(arguments: impl Iterator<Item = &'a Arg>) -> String {
    let mut rows = String::new();
    for argument in arguments.filter(|arg| !["help", "version"].contains(&arg.get_id().as_str())) {
        rows.push_str(&row(argument));
    }
    if rows.is_empty() {
        return rows;
    }
    format!("| flag | environment | default | meaning |\n| --- | --- | --- | --- |\n{rows}")
}

fn row(argument: &Arg) -> String {
    let takes = argument.get_action().takes_values();
    let values = argument.get_value_names().unwrap_or_default();
    let value = values.first().map(ToString::to_string).unwrap_or_default();
    let flag = match argument.get_long() {
        Some(long) if takes => format!("--{long} {value}"),
        Some(long) => format!("--{long}"),
        None => value,
    };
    let environment = argument.get_env().map(|name| format!("`{}`", name.to_string_lossy()));
    let default: Vec<String> = argument
        .get_default_values()
        .iter()
        .map(|v| format!("`{}`", v.to_string_lossy()))
        .collect();
    // `false` is no news for a switch.
    let default = if takes { default.join(" ") } else { String::new() };
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
    format!("| `{flag}` | {} | {default} | {} |\n", environment.unwrap_or_default(), cell(&help))
}
