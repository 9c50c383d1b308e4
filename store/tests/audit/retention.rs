//! The beginning of a chain goes, the rest stays provable.

use jiff::{Timestamp, ToSpan};
use sqlx::PgPool;
use store::audit::{Pruned, prune};

use crate::trail::{account, add, checkpoint, dump, events, is_whole, verified};

fn ago(days: i64) -> Timestamp {
    Timestamp::now() - (days * 24).hours()
}

/// Appends `numbers` as if `days` ago: the clock of Postgres is not ours to turn, so a
/// function of another schema answers in its place.
async fn add_ago(pool: &PgPool, number: u32, numbers: std::ops::Range<u32>, days: i32) {
    let mut transaction = pool.begin().await.unwrap();
    let clock = format!(
        "create schema if not exists past; create or replace function past.clock_timestamp() returns timestamptz
             language sql as $$ select pg_catalog.now() - interval '{days} days' $$;
         set local search_path = past, pg_catalog, public"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(clock)).execute(&mut *transaction).await.unwrap();
    store::audit::append(&mut transaction, &account(number), &events(numbers)).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn pruned(pool: &PgPool, number: u32, before: Timestamp) -> Pruned {
    let mut connection = pool.acquire().await.unwrap();
    prune(&mut connection, &account(number), before).await.unwrap()
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn the_beginning_goes_up_to_the_last_checkpoint_before_the_cut(pool: PgPool) {
    add_ago(&pool, 1, 0..3, 400).await;
    let first = checkpoint(&pool, &account(1)).await.unwrap();
    add_ago(&pool, 1, 3..5, 300).await;
    let second = checkpoint(&pool, &account(1)).await.unwrap();
    add_ago(&pool, 1, 5..7, 200).await;
    add(&pool, &account(1), &events(7..9)).await;
    // Events 6 and 7 are older than the cut too, but no checkpoint stands behind them.
    let pruned_now = pruned(&pool, 1, ago(150)).await;
    assert_eq!((pruned_now.through, pruned_now.events), (Some(5), 5));
    let exported = [first.clone(), second];
    let report = verified(&pool, &account(1), &exported).await;
    assert_eq!(report.broken, None);
    assert_eq!((report.since, report.through, report.checked, report.exported), (5, 9, 4, 2));
    let kept: Vec<i64> = sqlx::query_scalar("select sequence from audit_checkpoint").fetch_all(&pool).await.unwrap();
    assert_eq!(kept, [5], "the checkpoint that the chain begins at stays");
    assert_eq!(pruned(&pool, 1, ago(150)).await.events, 0, "again changes nothing");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn without_a_checkpoint_nothing_goes(pool: PgPool) {
    add_ago(&pool, 1, 0..3, 400).await;
    assert_eq!(pruned(&pool, 1, ago(150)).await, Pruned::default());
    is_whole(&pool, &account(1), 3).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_aws_would_hand_in_again_stays(pool: PgPool) {
    add_ago(&pool, 1, 0..2, 101).await;
    checkpoint(&pool, &account(1)).await;
    add_ago(&pool, 1, 2..4, 99).await;
    checkpoint(&pool, &account(1)).await;
    // A retention of 90 days is allowed; it keeps these ten more.
    assert_eq!(pruned(&pool, 1, ago(90)).await.through, Some(2));
    is_whole(&pool, &account(1), 4).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn people_of_whom_nothing_is_left_go_with_their_events(pool: PgPool) {
    // Carol occurs in event 1 only.
    add_ago(&pool, 1, 0..3, 400).await;
    checkpoint(&pool, &account(1)).await;
    add(&pool, &account(1), &events([3, 5])).await;
    assert_eq!(pruned(&pool, 1, ago(150)).await.people, 1);
    assert!(!dump(&pool).await.contains("carol"));
    is_whole(&pool, &account(1), 5).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_month_is_dropped_whole_when_no_account_needs_it(pool: PgPool) {
    let month =
        "create table audit_event_202001 partition of audit_event for values from ('2020-01-01') to ('2020-02-01')";
    sqlx::raw_sql(month).execute(&pool).await.unwrap();
    let days =
        i32::try_from((Timestamp::now() - "2020-01-15T00:00:00Z".parse::<Timestamp>().unwrap()).get_seconds() / 86_400)
            .unwrap();
    for number in [1, 2] {
        add_ago(&pool, number, 0..3, days).await;
        checkpoint(&pool, &account(number)).await;
    }
    let one = pruned(&pool, 1, ago(150)).await;
    assert_eq!((one.events, one.months.as_slice()), (3, &[][..]), "the other account's rows are there");
    is_whole(&pool, &account(2), 3).await;
    let two = pruned(&pool, 2, ago(150)).await;
    assert_eq!((two.events, two.months), (0, vec!["audit_event_202001".to_owned()]));
    for number in [1, 2] {
        add(&pool, &account(number), &events(3..4)).await;
        is_whole(&pool, &account(number), 4).await;
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_prune_cut_off_leaves_a_provable_chain(pool: PgPool) {
    add_ago(&pool, 1, 0..3, 400).await;
    checkpoint(&pool, &account(1)).await;
    add(&pool, &account(1), &events(3..5)).await;
    // The beginning was moved; only some rows went.
    sqlx::query("update audit_chain set pruned_through = 3").execute(&pool).await.unwrap();
    sqlx::query("delete from audit_event where sequence = 2").execute(&pool).await.unwrap();
    is_whole(&pool, &account(1), 5).await;
    assert_eq!(pruned(&pool, 1, ago(150)).await.events, 2);
    is_whole(&pool, &account(1), 5).await;
}
