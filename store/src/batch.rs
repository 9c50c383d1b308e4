//! How many rows one transaction of a purge or of retention removes: few enough that nobody
//! waits long for one of them.

/// Rows that nothing hangs on.
const ROWS: i64 = 5_000;
/// Rows that take some thousand others along: evidence of desktops, costs by day.
const PARENTS: i64 = 100;

/// Rows of `table` to remove at once.
pub(crate) fn of(table: &str) -> i64 {
    match table {
        "workspace" | "cost_resource_item" => PARENTS,
        _ => ROWS,
    }
}
