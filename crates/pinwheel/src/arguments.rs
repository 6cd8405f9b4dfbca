//! The command line: every command and its flags.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A shop people share, in one program.
#[derive(Parser, Debug)]
#[command(name = "pinwheel", version, about)]
#[command(
    after_help = "Exit codes: 0 done · 1 done, and something was found · 2 wrong command line \
                        · 3 refused · 4 could not be done"
)]
pub struct Arguments {
    #[command(flatten)]
    pub site: Site,
    #[command(subcommand)]
    pub command: Command,
}

/// Which shop, and with which settings.
#[derive(Args, Debug, Clone)]
pub struct Site {
    /// The folder of a shop on SQLite.
    #[arg(long, global = true, env = "PINWHEEL_DATA", value_name = "DIR")]
    #[arg(default_value = "./pinwheel-data")]
    pub data: PathBuf,
    /// A shop on PostgreSQL: postgres://user:secret@host/name. Comes before --data.
    #[arg(long, global = true, env = "PINWHEEL_DATABASE", value_name = "URL")]
    #[arg(hide_env_values = true)]
    pub database: Option<String>,
    /// A settings file (TOML).
    #[arg(long, global = true, env = "PINWHEEL_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// One setting: --set log=debug. See docs/reference/settings.md for all.
    #[arg(long, global = true, value_name = "NAME=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Serve the shop: pages, API and jobs. Brings its data up to date first.
    Serve(Serve),
    /// Do the jobs only, beside processes that serve.
    Work,
    /// Try it: a shop of our own making with a month of life in it.
    Demo(Demo),
    /// Bring the data up to date, and no more.
    Migrate,
    /// Read things in.
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Write things out.
    Export {
        #[command(subcommand)]
        what: Export,
    },
    /// Check every rule that must hold against the data.
    Audit(Audit),
    /// Hold a payment provider's statement of a day against the books.
    Reconcile(Reconcile),
    /// Write the whole shop into one file, while it is used.
    Backup(Backup),
    /// Read a backup into a place where no shop is.
    Restore(Restore),
    /// Move a shop from SQLite to PostgreSQL. Killed at any moment, it can be asked for again.
    Move(Move),
    /// Staff accounts.
    User {
        #[command(subcommand)]
        what: User,
    },
    /// What is done in the background: what waits, what was given up.
    Jobs {
        #[command(subcommand)]
        what: Jobs,
    },
    /// Look at the settings, the database and the disk, and say what is not well.
    Doctor,
    /// Measure this machine: a crowd of buyers over HTTP, and the proof that nothing went wrong.
    Bench(Bench),
    /// List every page and every API operation.
    Routes,
    /// Write the pages of docs/reference that the program knows itself.
    Reference(Reference),
}

#[derive(Args, Debug, Clone)]
pub struct Serve {
    /// Where to listen.
    #[arg(long, env = "PINWHEEL_LISTEN", value_name = "ADDR:PORT")]
    #[arg(default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
}

#[derive(Args, Debug, Clone)]
pub struct Demo {
    /// Where to listen.
    #[arg(long, env = "PINWHEEL_LISTEN", value_name = "ADDR:PORT")]
    #[arg(default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// An empty shop with an owner, for a real start.
    #[arg(long)]
    pub empty: bool,
    /// The seed of everything that happens by chance.
    #[arg(long, default_value_t = 20_261_121)]
    pub seed: u64,
    /// Fill the shop and end, without serving it.
    #[arg(long)]
    pub fill_only: bool,
}

#[derive(Subcommand, Debug)]
pub enum Import {
    /// Products from CSV files, as Shopify's product export writes them (either generation).
    Products {
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Say what would happen, and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// Answer with the whole report as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Customers from CSV files, as Shopify's customer export or `export customers` writes them.
    Customers {
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Say what would happen, and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// The report as JSON.
        #[arg(long)]
        json: bool,
    },
    /// What is available of each variant, from a CSV file as `export stock` writes it.
    Stock {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Why, for rows that do not say.
        #[arg(long, default_value = "")]
        reason: String,
        /// Say what would happen, and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// Answer with the whole report as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Who was forgotten since a backup was taken: they are forgotten again after a restore.
    Erasures {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Subcommand, Debug)]
pub enum Export {
    /// All products as one CSV file that `import products` reads.
    Products {
        /// Write here instead of to the standard output.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Write the newer generation of headers (`Title, URL handle, …`).
        #[arg(long)]
        current: bool,
    },
    /// Orders as a CSV file, the latest first; no cell of it is taken for a formula.
    Orders {
        /// Write here instead of to the standard output.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// A row for each line, instead of one for each order.
        #[arg(long)]
        per_line: bool,
        /// Begin with the mark by which some spreadsheets know UTF-8.
        #[arg(long)]
        mark: bool,
        /// Only those in this state: `to_ship`.
        #[arg(long)]
        status: Option<String>,
        /// Only those placed within so many days.
        #[arg(long)]
        days: Option<i64>,
        /// Only those with this tag.
        #[arg(long, default_value = "")]
        tag: String,
    },
    /// The stock of every variant as a CSV file that `import stock` reads.
    Stock {
        /// Write here instead of to the standard output.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Begin with the mark by which some spreadsheets know UTF-8.
        #[arg(long)]
        mark: bool,
    },
    /// All customers, their contacts in full, as one CSV file that `import customers` reads.
    Customers {
        /// Write here instead of to the standard output.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// The numbers of everybody who was forgotten, for `import erasures` after a restore.
    Erasures {
        /// Write here instead of to the standard output.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

#[derive(Args, Debug)]
pub struct Audit {
    /// Answer with the whole report as JSON.
    #[arg(long)]
    pub json: bool,
    /// How many seconds something due may be late.
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    pub grace: i64,
}

#[derive(Args, Debug)]
pub struct Reconcile {
    /// stripe, wechat, alipay or sandbox.
    pub provider: String,
    /// A statement that was downloaded; without one the provider is asked for it.
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Which day of the provider's; with a file it may be left to the file.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub day: Option<String>,
    /// Answer with the differences as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct Backup {
    /// The file to write; with --follow, the folder to keep backups in.
    #[arg(value_name = "FILE")]
    pub to: PathBuf,
    /// Go on: every so many seconds another backup, where something changed.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub follow: Option<u32>,
    /// With --follow: how many backups are kept.
    #[arg(long, value_name = "N", default_value_t = 24)]
    #[arg(value_parser = clap::value_parser!(u32).range(2..))]
    pub keep: u32,
}

#[derive(Args, Debug)]
pub struct Restore {
    /// A file that `pinwheel backup` wrote.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// In place of the shop that is there: put aside on SQLite, gone on PostgreSQL.
    #[arg(long)]
    pub force: bool,
    /// Change nothing; say whether the file is whole and what is in it.
    #[arg(long)]
    pub check: bool,
}

#[derive(Args, Debug)]
pub struct Move {
    /// The empty database to move to: postgres://user:secret@host/name.
    #[arg(long, env = "PINWHEEL_MOVE_TO", hide_env_values = true, value_name = "URL")]
    pub to: String,
}

#[derive(Subcommand, Debug)]
pub enum User {
    /// Add somebody to the staff.
    Add {
        #[arg(long)]
        name: String,
        /// An e-mail address or a phone number: what they sign in with.
        #[arg(long)]
        contact: String,
        /// owner, manager, support, warehouse, content, analyst or viewer.
        #[arg(long, default_value = "manager")]
        role: String,
        /// A file whose first line is the password; otherwise it is read from the standard input.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// Everybody who works here, with their roles.
    List {
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Give somebody of the staff another role.
    Role {
        /// The contact or name they sign in with.
        #[arg(long)]
        name: String,
        /// owner, manager, support, warehouse, content, analyst, viewer, or the name of your own.
        #[arg(long)]
        role: String,
    },
    /// Set a password anew. Sessions begun with the old one end.
    Password {
        /// The contact or name they sign in with.
        #[arg(long)]
        name: String,
        /// A file whose first line is the password; otherwise it is read from the standard input.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// Make somebody of the staff a shopper again. Their sessions end.
    Remove {
        /// The contact or name they sign in with.
        #[arg(long)]
        name: String,
    },
    /// Ask somebody for their password alone again: phone and written-down codes are gone.
    EndSecondFactor {
        /// The contact or name they sign in with.
        #[arg(long)]
        name: String,
    },
}

#[derive(Subcommand, Debug)]
pub enum Jobs {
    /// Jobs, the latest first.
    List {
        /// Only those in one state: ready, running, done or dead.
        #[arg(long, value_parser = ["ready", "running", "done", "dead"])]
        state: Option<String>,
        /// How many at most.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=1000))]
        limit: i64,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Have jobs that wait or were given up run at once.
    Retry {
        /// Which ones.
        #[arg(value_name = "JOB", required_unless_present = "dead", conflicts_with = "dead")]
        jobs: Vec<String>,
        /// All that were given up.
        #[arg(long)]
        dead: bool,
    },
}

#[derive(Args, Debug)]
pub struct Bench {
    /// What the crowd does.
    #[arg(value_enum, default_value_t = Flow::Crowd)]
    pub flow: Flow,
    /// How many come; each sends one request, or goes through one flow.
    #[arg(long, default_value_t = 10_000)]
    pub buyers: usize,
    /// How many units there are, for a crowd.
    #[arg(long, default_value_t = 1_000)]
    pub units: u64,
    /// How many people a team needs, for those who join; as many again come too late for each.
    #[arg(long, default_value_t = 10, value_parser = team_size)]
    pub team: usize,
    /// How many connections they come over.
    #[arg(long, default_value_t = 256)]
    pub connections: usize,
    /// How long a soak takes.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    pub minutes: u64,
    /// How long an overload lasts.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    pub seconds: u64,
    /// How often something is wanted of a budget that has less; `units` is what it has for 10,000.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub attempts: u64,
    /// How often the shop is killed while budgets are wanted of.
    #[arg(long, default_value_t = 5)]
    pub kills: usize,
    /// The attempt a process of its own begins with.
    #[arg(long, hide = true)]
    pub from: Option<u64>,
    /// How many processes serve; more than one need --database.
    #[arg(long, default_value_t = 1)]
    pub nodes: usize,
    /// Answer with the figures as JSON.
    #[arg(long)]
    pub json: bool,
}

/// What a crowd does.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Everybody wants one of few.
    Crowd,
    /// Everybody orders one of plenty.
    Orders,
    /// Everybody looks at the front page and the product.
    Browse,
    /// Everybody fills a cart, orders it, pays, and sees that it is paid.
    Checkout,
    /// Some open teams, the others join them and pay until they are full.
    Join,
    /// A day as any other at half of what the shop can do: what grows, and whether it slows down.
    Soak,
    /// Ten times as many as the shop can serve, and whether it serves those it can.
    Overload,
    /// A backup while it sells, and how long it takes to have the shop back.
    Restore,
    /// Everybody wants something of budgets that have less, and the shop is killed meanwhile.
    Budget,
}

#[derive(Args, Debug)]
pub struct Reference {
    /// Change nothing; say which pages differ.
    #[arg(long)]
    pub check: bool,
    /// The folder of the pages.
    #[arg(long, value_name = "DIR", default_value = "docs/reference")]
    pub out: PathBuf,
}

fn team_size(text: &str) -> Result<usize, String> {
    let size = text.parse().ok().filter(|size| (2..=100).contains(size));
    size.ok_or_else(|| "a team has 2 to 100 people".to_string())
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    let known = app::config::every_setting().any(|setting| setting.name == name);
    if !known {
        return Err(format!("there is no setting {name}"));
    }
    Ok((name.to_string(), value.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_flags_fit_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn settings_are_known_by_name() {
        assert_eq!(setting("log=debug"), Ok(("log".into(), "debug".into())));
        assert!(setting("lgo=debug").is_err());
        assert!(setting("log").is_err());
    }
}
