//! Partitions of tables that grow with time.

use sqlx::PgExecutor;

/// How many months ahead partitions are made: a fleet whose runs stopped for a quarter
/// still finds them, later rows go to the default partition.
const MONTHS_AHEAD: i32 = 3;

/// Makes the partitions of this month and the next ones where they are missing.
pub async fn make(executor: impl PgExecutor<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!("select make_month_partitions($1), make_audit_partitions($1)", MONTHS_AHEAD).execute(executor).await?;
    Ok(())
}
