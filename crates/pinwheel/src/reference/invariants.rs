//! Every rule the audit checks against the data, with the query that looks for what breaks it.

use app::audit;

use super::opening;

pub fn page() -> String {
    let mut page = opening("Invariants", "contributors, and whoever wants to be sure");
    page.push_str(
        "What must always hold. `pinwheel audit` runs every query below, and so does the shop \
         itself each hour; a query that answers with nothing passes. `{now}` and `{grace}` are \
         microseconds: something may be late by the grace before it counts. Four more are \
         computed by the program: `L8#`, `T2#`, `J6#` and `J8#` recompute the hashes of the \
         journals, of what staff did, of invoices and of legal texts.\n",
    );
    for check in audit::every_check() {
        let sql: Vec<&str> = check.sql.lines().map(str::trim_end).collect();
        page.push_str(&format!(
            "\n## {}\n\n{}.\n\n```sql\n{}\n```\n",
            check.id,
            check.statement,
            sql.join("\n")
        ));
    }
    page
}
