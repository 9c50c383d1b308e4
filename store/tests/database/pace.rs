//! The shared bucket: what one statement does under its lock.

use identifiers::{AccountId, Region};
use sqlx::PgPool;
use store::aws_pace::{Bucket, Tickets, halve, take};

fn account() -> AccountId {
    "111111111111".parse().unwrap()
}

fn region() -> Region {
    "us-east-1".parse().unwrap()
}

fn bucket<'a>(account: &'a AccountId, region: &'a Region, rate: f64) -> Bucket<'a> {
    Bucket { account, region, operation: "DescribeWorkspaces", base_rate: rate, burst: 3 }
}

async fn rate(pool: &PgPool) -> f64 {
    sqlx::query_scalar("select rate from aws_pace").fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn arrival_times_follow_each_other(pool: PgPool) {
    let (account, region) = (account(), region());
    let slow = bucket(&account, &region, 0.01);
    let first = take(&pool, slow, 1).await.unwrap();
    assert!(first.first_after < 0.001, "an idle bucket has a ticket at once: {first:?}");
    let second = take(&pool, slow, 3).await.unwrap();
    assert!((99.0..=100.0).contains(&second.first_after), "{second:?}");
    let third = take(&pool, slow, 1).await.unwrap();
    assert!((399.0..=400.0).contains(&third.first_after), "three tickets were taken before: {third:?}");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn tickets_of_many_takers_are_all_different(pool: PgPool) {
    let (account, region) = (account(), region());
    let slow = bucket(&account, &region, 0.01);
    let takers = (0..20).map(|_| take(&pool, slow, 1));
    let mut tickets: Vec<Tickets> = futures::future::try_join_all(takers).await.unwrap();
    tickets.sort_by(|a, b| a.first_after.total_cmp(&b.first_after));
    for (nth, ticket) in tickets.iter().enumerate() {
        // Each taker counts from its own moment of asking; all asked within a second.
        let expected = 100.0 * f64::from(u32::try_from(nth).unwrap());
        assert!((ticket.first_after - expected).abs() < 1.0, "{nth}: {ticket:?}");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_throttle_halves_the_rate_once_for_calls_throttled_together(pool: PgPool) {
    let (account, region) = (account(), region());
    let bucket = bucket(&account, &region, 8.0);
    take(&pool, bucket, 1).await.unwrap();
    for _ in 0..5 {
        halve(&pool, bucket).await.unwrap();
    }
    assert!((rate(&pool).await - 4.0).abs() < 1e-9);
    let tickets = take(&pool, bucket, 1).await.unwrap();
    assert!((tickets.interval - 0.25).abs() < 1e-9, "{tickets:?}");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn each_clean_minute_adds_a_tenth_up_to_the_configured_rate(pool: PgPool) {
    let (account, region) = (account(), region());
    let bucket = bucket(&account, &region, 8.0);
    take(&pool, bucket, 1).await.unwrap();
    halve(&pool, bucket).await.unwrap();
    let age = async |seconds: i32| {
        sqlx::query("update aws_pace set recovered_at = recovered_at - make_interval(secs => $1)")
            .bind(seconds)
            .execute(&pool)
            .await
            .unwrap();
        take(&pool, bucket, 1).await.unwrap();
        rate(&pool).await
    };
    assert!((age(59).await - 4.0).abs() < 1e-9, "not yet a minute");
    assert!((age(2).await - 4.4).abs() < 1e-9);
    assert!((age(30).await - 4.4).abs() < 1e-9, "a minute is paid out once");
    assert!((age(120).await - 4.4 * 1.21).abs() < 1e-9);
    assert!((age(1_000_000_000).await - 8.0).abs() < 1e-9, "never above the configured rate");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_bucket_is_never_throttled_to_a_standstill(pool: PgPool) {
    let (account, region) = (account(), region());
    let bucket = bucket(&account, &region, 8.0);
    take(&pool, bucket, 1).await.unwrap();
    for _ in 0..12 {
        halve(&pool, bucket).await.unwrap();
        sqlx::query("update aws_pace set throttled_at = throttled_at - interval '2 seconds'")
            .execute(&pool)
            .await
            .unwrap();
    }
    assert!((rate(&pool).await - 0.25).abs() < 1e-9);
}
