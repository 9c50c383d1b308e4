//! The ledger of calls, which steps of one run write side by side.

use rust_decimal::Decimal;
use sqlx::PgPool;
use store::aws_call::{Entry, add};
use uuid::Uuid;

const ACCOUNT: &str = "111111111111";

fn entry(outcome: &'static str) -> Entry {
    let at = jiff::Timestamp::UNIX_EPOCH;
    Entry {
        region: "us-east-1".to_owned(),
        operation: "GetMetricData",
        outcome,
        calls: 1,
        bytes: 0,
        duration_ms: 0,
        cost_usd: Decimal::ZERO,
        first_at: at,
        last_at: at,
    }
}

const WAITING: &str =
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";

/// Two steps that saw throttles at different times add the same rows. One that took them in the
/// order it saw them could hold what the other waits for.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn steps_take_the_rows_they_share_in_one_order(pool: PgPool) {
    let (run, account) = (Uuid::new_v4(), ACCOUNT.parse().unwrap());
    let seen = [[entry("throttle"), entry("ok")], [entry("ok"), entry("throttle")]];
    add(&mut pool.acquire().await.unwrap(), run, &account, &seen[0]).await.unwrap();
    for entries in seen {
        // Somebody holds the row that comes first, so whoever keeps the order holds nothing yet.
        let mut holder = pool.begin().await.unwrap();
        sqlx::query("select from aws_call where outcome = 'ok' for update").execute(&mut *holder).await.unwrap();
        let adding = async {
            let mut step = pool.begin().await.unwrap();
            add(&mut step, run, &account, &entries).await.unwrap();
        };
        let looking = async {
            while sqlx::query_scalar::<_, i64>(WAITING).fetch_one(&pool).await.unwrap() == 0 {}
            let other = "select from aws_call where outcome = 'throttle' for update nowait";
            sqlx::query(other).execute(&mut *holder).await.unwrap();
            holder.rollback().await.unwrap();
        };
        tokio::join!(adding, looking);
    }
}
