//! Each command against a shop that stands still and one that runs: words, JSON and exit codes.

use std::path::Path;

use crate::program::{Server, ends, run, run_with, said};

/// Two products in the older generation of headers: a tea in two sizes, and a cup.
const GOODS: &str = "\
Handle,Title,Body (HTML),Vendor,Tags,Published,Option1 Name,Option1 Value,Variant SKU,\
Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Status
longjing,龙井,<p>Spring tea</p>,Pinwheel,tea,TRUE,Size,50 g,LJ-50,shopify,40,deny,88.00,active
longjing,,,,,,,100 g,LJ-100,shopify,20,deny,158.00,
cup,Cup,,Pinwheel,ceramics,TRUE,Title,Default Title,CUP-1,shopify,12,deny,39.50,active
";

fn shop() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("shop").display().to_string();
    (folder, data)
}

fn goods(folder: &Path) -> String {
    let file = folder.join("goods.csv");
    std::fs::write(&file, GOODS).unwrap();
    file.display().to_string()
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    assert_eq!(run(&["sell"]).status.code(), Some(2));
    assert_eq!(run(&["audit", "--loudly"]).status.code(), Some(2));
    assert_eq!(run(&["audit", "--set", "no_such_setting=1"]).status.code(), Some(2));
    ends(0, &["--help"]);
    ends(0, &["--version"]);
}

#[test]
fn where_there_is_no_shop_nothing_is_made() {
    let (folder, data) = shop();
    for command in [&["audit"][..], &["export", "products"], &["doctor"], &["backup", "x"]] {
        let mut arguments = command.to_vec();
        arguments.extend(["--data", &data]);
        ends(4, &arguments);
    }
    assert!(!folder.path().join("shop").exists());
}

#[test]
fn a_new_shop_is_made_and_audited() {
    let (_folder, data) = shop();
    ends(0, &["migrate", "--data", &data]);
    ends(0, &["migrate", "--data", &data]);
    assert!(ends(0, &["audit", "--data", &data]).contains(" 0 violations"));
    let report: serde_json::Value =
        serde_json::from_str(&ends(0, &["audit", "--json", "--data", &data])).unwrap();
    let checks = report["checks"].as_array().unwrap();
    assert!(checks.len() >= 40, "{} rules", checks.len());
}

#[test]
fn a_broken_rule_is_named_and_ends_with_1() {
    let (folder, data) = shop();
    let file = goods(folder.path());
    ends(0, &["import", "products", &file, "--data", &data]);
    let db = rusqlite::Connection::open(Path::new(&data).join("pinwheel.db")).unwrap();
    db.execute("update stock set received = received + 5, available = available + 5", []).unwrap();
    drop(db);
    let out = run(&["audit", "--data", &data]);
    assert_eq!(out.status.code(), Some(1), "{}", said(&out));
    assert!(said(&out).contains("BROKEN"), "{}", said(&out));
}

#[test]
fn staff_are_added_with_a_password_that_is_not_a_flag() {
    let (_folder, data) = shop();
    let add = |role: &str, contact: &str, password: &str| {
        let flags = ["user", "add", "--name", "Zoe", "--contact", contact, "--role", role];
        let mut arguments = flags.to_vec();
        arguments.extend(["--data", &data]);
        run_with(&arguments, &format!("{password}\n"))
    };
    let out = add("owner", "zoe@example.com", "a long enough one");
    assert_eq!(out.status.code(), Some(0), "{}", said(&out));
    assert!(!said(&out).contains("a long enough one"));
    let short = add("owner", "mo@example.com", "short");
    assert_eq!(short.status.code(), Some(3), "{}", said(&short));
    assert!(said(&short).contains("person.weak_password"), "{}", said(&short));
    let nowhere = add("manager", "not a contact", "a long enough one");
    assert_eq!(nowhere.status.code(), Some(3), "{}", said(&nowhere));
    assert_ne!(add("king", "king@example.com", "a long enough one").status.code(), Some(0));
    ends(0, &["audit", "--data", &data]);
}

#[test]
fn staff_are_listed_moved_and_let_go_and_an_owner_stays() {
    let (_folder, data) = shop();
    let user = |more: &[&str], typed: &str| {
        let arguments = [&["user"], more, &["--data", data.as_str()]].concat();
        run_with(&arguments, typed)
    };
    let add = |name: &str, role: &str| {
        let contact = format!("{name}@example.com");
        let flags = ["add", "--name", name, "--contact", &contact, "--role", role];
        assert_eq!(user(&flags, "a long enough one\n").status.code(), Some(0));
    };
    add("zoe", "owner");
    add("mo", "manager");
    let listed = said(&user(&["list"], ""));
    assert!(listed.contains("owner") && listed.contains("mo@example.com"), "{listed}");
    assert_eq!(user(&["role", "--name", "mo", "--role", "warehouse"], "").status.code(), Some(0));
    assert_eq!(user(&["role", "--name", "mo", "--role", "king"], "").status.code(), Some(3));
    assert_eq!(user(&["role", "--name", "nobody", "--role", "viewer"], "").status.code(), Some(3));
    let listed = user(&["list", "--json"], "");
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    let of = |name: &str| {
        let all = listed.as_array().unwrap();
        all.iter().find(|one| one["name"] == name).map(|one| one["role"].clone()).unwrap()
    };
    assert_eq!((of("zoe"), of("mo")), ("owner".into(), "warehouse".into()));
    let weak = user(&["password", "--name", "mo"], "short\n");
    assert_eq!(weak.status.code(), Some(3), "{}", said(&weak));
    let changed = user(&["password", "--name", "mo"], "another long enough one\n");
    assert_eq!(changed.status.code(), Some(0), "{}", said(&changed));
    assert_eq!(user(&["remove", "--name", "zoe"], "").status.code(), Some(3), "the last owner");
    assert_eq!(user(&["remove", "--name", "mo"], "").status.code(), Some(0));
    assert!(!said(&user(&["list"], "")).contains("mo@example.com"));
    ends(0, &["audit", "--data", &data]);
}

#[test]
fn jobs_that_were_given_up_are_found_and_run_again() {
    let (_folder, data) = shop();
    ends(0, &["migrate", "--data", &data]);
    ends(0, &["jobs", "list", "--data", &data]);
    let db = rusqlite::Connection::open(Path::new(&data).join("pinwheel.db")).unwrap();
    let add = "insert into jobs (id, kind, about_id, unique_key, state, run_at, attempts,
                                 max_attempts, last_error, created_at, updated_at)
               values (7, 'order.close', 1, 'order.close:1', 'dead', 0, 5, 5,
                       'the bank was away', 0, 0)";
    db.execute(add, []).unwrap();
    drop(db);
    let said = ends(1, &["jobs", "list", "--state", "dead", "--data", &data]);
    assert!(said.contains("order.close") && said.contains("the bank was away"), "{said}");
    let said = ends(0, &["jobs", "retry", "--dead", "--data", &data]);
    assert!(said.contains("1 will run at once"), "{said}");
    ends(0, &["jobs", "list", "--state", "dead", "--data", &data]);
    ends(3, &["jobs", "retry", "nonsense", "--data", &data]);
    ends(2, &["jobs", "retry", "--data", &data]);
}

#[test]
fn goods_go_in_out_and_in_again() {
    let (folder, data) = shop();
    let file = goods(folder.path());
    let dry = ends(0, &["import", "products", &file, "--dry-run", "--json", "--data", &data]);
    let dry: serde_json::Value = serde_json::from_str(&dry).unwrap();
    assert_eq!(dry[0]["report"]["new"], 2);
    assert_eq!(dry[0]["report"]["dry_run"], true);
    let said = ends(0, &["import", "products", &file, "--data", &data]);
    assert!(said.contains("2 new, 0 updated, 0 unchanged; 0 rows rejected"), "{said}");
    let said = ends(0, &["import", "products", &file, "--data", &data]);
    assert!(said.contains("0 new, 0 updated, 2 unchanged"), "{said}");

    let first = folder.path().join("first.csv").display().to_string();
    ends(0, &["export", "products", "--out", &first, "--data", &data]);
    let other = folder.path().join("other").display().to_string();
    ends(0, &["import", "products", &first, "--data", &other]);
    let second = ends(0, &["export", "products", "--data", &other]);
    assert_eq!(std::fs::read_to_string(&first).unwrap(), second);
    ends(0, &["audit", "--data", &other]);
}

#[test]
fn a_row_that_is_wrong_is_named_and_ends_with_1() {
    let (folder, data) = shop();
    let file = folder.path().join("faults.csv");
    std::fs::write(&file, GOODS.replace("39.50", "cheap")).unwrap();
    let out = run(&["import", "products", &file.display().to_string(), "--data", &data]);
    assert_eq!(out.status.code(), Some(1), "{}", said(&out));
    assert!(said(&out).contains("line 4"), "{}", said(&out));
    assert!(said(&out).contains("1 new"), "{}", said(&out));
    let missing = folder.path().join("missing.csv").display().to_string();
    ends(4, &["import", "products", &missing, "--data", &data]);
}

#[test]
fn commands_work_beside_a_running_shop() {
    let (folder, data) = shop();
    let server = Server::start(&["--data", &data], &folder.path().join("log"));
    let file = goods(folder.path());
    ends(0, &["import", "products", &file, "--data", &data]);
    let page = crate::http::get(&server.address, "/products/longjing");
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("龙井"));
    ends(0, &["audit", "--data", &data]);
}

#[test]
fn the_reference_is_written_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("reference").display().to_string();
    ends(1, &["reference", "--check", "--out", &out]);
    ends(0, &["reference", "--out", &out]);
    ends(0, &["reference", "--check", "--out", &out]);
    assert!(ends(0, &["routes"]).contains("GET     /healthz"));
}

/// The bench says itself whether the right number was sold, told and paid, and every rule holds.
#[test]
fn a_bench_ends_well_when_everything_adds_up() {
    for flow in ["crowd", "orders", "browse", "checkout", "join"] {
        let flags = ["--buyers", "40", "--units", "10", "--connections", "8", "--team", "4"];
        let mut bench = vec!["bench", flow, "--json"];
        bench.extend(flags);
        let said = ends(0, &bench);
        let figures: serde_json::Value = serde_json::from_str(&said).unwrap();
        let (bought, sold_out) = match flow {
            "crowd" => (10, 30),
            // Five teams of four, and as many again too late for each.
            "join" => (20, 20),
            _ => (40, 0),
        };
        assert_eq!((&figures["bought"], &figures["sold_out"]), (&bought.into(), &sold_out.into()));
        assert_eq!(figures["answers"], 40, "{flow}: {said}");
    }
}

/// Budgets that have little, with more wanted of them by many at once, and kills in the middle:
/// given to the last cent, and not a cent over.
#[test]
fn budgets_are_given_to_the_last_cent_whoever_is_killed() {
    let flags = ["--attempts", "30000", "--kills", "4", "--buyers", "300", "--units", "300"];
    let mut bench = vec!["bench", "budget", "--json"];
    bench.extend(flags);
    let said = ends(0, &bench);
    let figures: serde_json::Value = serde_json::from_str(&said).unwrap();
    for (name, wanted) in [
        ("kills", 4),
        ("campaigns", 3),
        ("emptied", 3),
        ("left", 0),
        ("forgotten", 0),
        ("twice", 0),
        ("wrong", 0),
        ("broken", 0),
    ] {
        assert_eq!(figures[name], wanted, "{name}: {said}");
    }
    assert_eq!(figures["over"], false, "{said}");
}

#[test]
fn stock_goes_out_is_counted_and_comes_back() {
    let (folder, data) = shop();
    let file = goods(folder.path());
    ends(0, &["import", "products", &file, "--data", &data]);
    let out = folder.path().join("stock.csv").display().to_string();
    assert!(ends(0, &["export", "stock", "--out", &out, "--data", &data]).contains("rows in"));
    let same = ends(0, &["import", "stock", &out, "--reason", "counted", "--data", &data]);
    assert!(same.contains("0 changed"), "{same}");
    let wrong = folder.path().join("wrong.csv");
    std::fs::write(&wrong, "sku,available\nnobody has this,3\n").unwrap();
    let wrong = wrong.display().to_string();
    let said_so = run(&["import", "stock", &wrong, "--reason", "counted", "--data", &data]);
    assert_eq!(said_so.status.code(), Some(1), "{}", said(&said_so));
    assert!(said(&said_so).contains("line 2: nobody has this not_found"), "{}", said(&said_so));
    // A shop without orders has a file with a header.
    let orders = ends(0, &["export", "orders", "--per-line", "--data", &data]);
    assert_eq!(orders.lines().count(), 1, "{orders}");
    ends(3, &["export", "orders", "--status", "nowhere", "--data", &data]);
    ends(0, &["audit", "--data", &data]);
}
