//! Cells of CSV files as spreadsheets may open them: none is taken for a formula, since what
//! somebody typed into a name would run on the machine of whoever opens the file.

/// What a formula begins with. Quotes before it are part of what is guarded, so that what was
/// guarded twice comes back as it was.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

/// The cell with a quote before it where a spreadsheet would take it for a formula.
pub fn guarded(cell: &str) -> String {
    if is_formula(cell) { format!("'{cell}") } else { cell.to_string() }
}

/// The cell as it was before it was guarded.
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn formulas_are_guarded_and_come_back(cell in "['=+@a\t\r\n-]{0,4}") {
            let guarded = guarded(&cell);
            prop_assert!(!guarded.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
            prop_assert_eq!(unguarded(&guarded), cell);
        }
    }
}
