//! What `security/asvs.csv` says of us: every requirement once, and every test and file it names
//! is there.

use super::none;
use super::reading::{read, root};

/// How many requirements OWASP ASVS 5.0.0 has at its first level, and adds at its second.
const AT_LEVEL: [(&str, usize); 2] = [("1", 70), ("2", 183)];
const STATUS: [&str; 4] = ["met", "partly", "not yet", "not applicable"];

/// The fields of a line: text in quotes may hold commas.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => fields.last_mut().expect("there is always one").push(other),
        }
    }
    fields
}

#[test]
fn every_requirement_is_answered_and_what_shows_it_is_there() {
    let text = read(&root().join("security/asvs.csv"));
    let rows: Vec<Vec<String>> = text.lines().skip(1).map(fields).collect();
    let mut faults = Vec::new();
    for (level, count) in AT_LEVEL {
        let there = rows.iter().filter(|row| row[1] == level).count();
        if there != count {
            faults.push(format!("{there} requirements of level {level}, not {count}"));
        }
    }
    for (at, row) in rows.iter().enumerate() {
        let [number, _, _, status, shown_by, note] = row.as_slice() else {
            faults.push(format!("line {}: {} fields", at + 2, row.len()));
            continue;
        };
        if rows[..at].iter().any(|before| before[0] == *number) {
            faults.push(format!("{number} is there twice"));
        }
        if !STATUS.contains(&status.as_str()) {
            faults.push(format!("{number}: {status:?} is no status"));
        }
        if matches!(status.as_str(), "met" | "partly") && shown_by.is_empty() {
            faults.push(format!("{number}: nothing shows that it is {status}"));
        }
        if status == "not applicable" && note.is_empty() {
            faults.push(format!("{number}: why does it not apply?"));
        }
        for named in shown_by.split_whitespace() {
            let (file, test) = named.split_once("::").unwrap_or((named, ""));
            let path = root().join(file);
            let said = || read(&path).contains(&format!("fn {test}("));
            if !path.exists() {
                faults.push(format!("{number}: there is no {file}"));
            } else if !test.is_empty() && !said() {
                faults.push(format!("{number}: {file} has no test {test}"));
            }
        }
    }
    none(faults);
}
