//! The shared bucket: what is done at once, in Postgres and in Redis alike.

use identifiers::{AccountId, Region};
use sqlx::PgPool;
use store::aws_pace::{Bucket, Buckets, Memory, RedisBuckets, Tickets};

use crate::redis_server::RedisServer;

/// A place where buckets are kept, and a way to make its past longer ago.
enum Place {
    Postgres(PgPool),
    Redis(PgPool, RedisServer),
}

impl Place {
    fn both(pool: &PgPool) -> [Self; 2] {
        [Self::Postgres(pool.clone()), Self::Redis(pool.clone(), RedisServer::start())]
    }

    fn buckets(&self) -> Buckets {
        match self {
            Self::Postgres(pool) => Buckets::Postgres(pool.clone()),
            Self::Redis(pool, server) => {
                let folder = tempfile::tempdir().unwrap();
                let file = folder.path().join("url");
                std::fs::write(&file, server.url()).unwrap();
                Buckets::Redis(Box::new(RedisBuckets::new(&file, pool.clone()).unwrap()))
            }
        }
    }

    /// Lets `what` (`throttled` or `recovered`) have happened `seconds` earlier.
    async fn age(&self, what: &str, seconds: i64) {
        match self {
            Self::Postgres(pool) => {
                let update = format!("update aws_pace set {what}_at = {what}_at - interval '{seconds} seconds'");
                sqlx::raw_sql(sqlx::AssertSqlSafe(update)).execute(pool).await.unwrap();
            }
            Self::Redis(_, server) => {
                let mut connection = redis::Client::open(server.url()).unwrap().get_connection().unwrap();
                let key = "deskfleet:pace:111111111111:us-east-1:DescribeWorkspaces";
                redis::cmd("HINCRBYFLOAT").arg(key).arg(what).arg(-seconds).exec(&mut connection).unwrap();
            }
        }
    }
}

fn account() -> AccountId {
    "111111111111".parse().unwrap()
}

fn region() -> Region {
    "us-east-1".parse().unwrap()
}

fn bucket<'a>(account: &'a AccountId, region: &'a Region, rate: f64) -> Bucket<'a> {
    Bucket { account, region, operation: "DescribeWorkspaces", base_rate: rate, burst: 1 }
}

/// Calls a second now.
async fn rate(buckets: &Buckets, bucket: Bucket<'_>) -> f64 {
    1.0 / buckets.take(bucket, 1).await.unwrap().interval
}

fn assert_about(value: f64, expected: f64, what: &str) {
    assert!((value - expected).abs() < 1e-6, "{what}: {value}, not {expected}");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn arrival_times_follow_each_other(pool: PgPool) {
    for place in Place::both(&pool) {
        let (buckets, account, region) = (place.buckets(), account(), region());
        let slow = bucket(&account, &region, 0.01);
        let first = buckets.take(slow, 1).await.unwrap();
        assert!(first.first_after < 0.001, "an idle bucket has a ticket at once: {first:?}");
        let second = buckets.take(slow, 3).await.unwrap();
        assert!((99.0..=100.0).contains(&second.first_after), "{second:?}");
        let third = buckets.take(slow, 1).await.unwrap();
        assert!((399.0..=400.0).contains(&third.first_after), "three tickets were taken before: {third:?}");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn tickets_of_many_takers_are_all_different(pool: PgPool) {
    for place in Place::both(&pool) {
        let (buckets, account, region) = (place.buckets(), account(), region());
        let slow = bucket(&account, &region, 0.01);
        let takers = (0..20).map(|_| buckets.take(slow, 1));
        let mut tickets: Vec<Tickets> = futures::future::try_join_all(takers).await.unwrap();
        tickets.sort_by(|a, b| a.first_after.total_cmp(&b.first_after));
        for (nth, ticket) in tickets.iter().enumerate() {
            // Each taker counts from its own moment of asking; all asked within a second.
            let expected = 100.0 * f64::from(u32::try_from(nth).unwrap());
            assert!((ticket.first_after - expected).abs() < 1.0, "{nth}: {ticket:?}");
        }
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_throttle_halves_the_rate_once_for_calls_throttled_together(pool: PgPool) {
    for place in Place::both(&pool) {
        let (buckets, account, region) = (place.buckets(), account(), region());
        let bucket = bucket(&account, &region, 8.0);
        buckets.take(bucket, 1).await.unwrap();
        for _ in 0..5 {
            buckets.halve(bucket).await.unwrap();
        }
        assert_about(rate(&buckets, bucket).await, 4.0, "halved");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn each_clean_minute_adds_a_tenth_up_to_the_configured_rate(pool: PgPool) {
    for place in Place::both(&pool) {
        let (buckets, account, region) = (place.buckets(), account(), region());
        let bucket = bucket(&account, &region, 8.0);
        buckets.take(bucket, 1).await.unwrap();
        buckets.halve(bucket).await.unwrap();
        let ages = [
            (59, 4.0, "not yet a minute"),
            (2, 4.4, "a minute"),
            (30, 4.4, "a minute is paid out once"),
            (120, 4.4 * 1.21, "two more"),
            (1_000_000_000, 8.0, "never above the configured rate"),
        ];
        for (seconds, expected, what) in ages {
            place.age("recovered", seconds).await;
            assert_about(rate(&buckets, bucket).await, expected, what);
        }
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_bucket_is_never_throttled_to_a_standstill(pool: PgPool) {
    for place in Place::both(&pool) {
        let (buckets, account, region) = (place.buckets(), account(), region());
        let bucket = bucket(&account, &region, 8.0);
        buckets.take(bucket, 1).await.unwrap();
        for _ in 0..12 {
            buckets.halve(bucket).await.unwrap();
            place.age("throttled", 2).await;
        }
        assert_about(rate(&buckets, bucket).await, 0.25, "a thirty-second part");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_redis_that_forgot_begins_with_its_burst_used_and_takes_no_old_tickets(pool: PgPool) {
    let mut server = RedisServer::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("url");
    std::fs::write(&file, server.url()).unwrap();
    let buckets = Buckets::Redis(Box::new(RedisBuckets::new(&file, pool).unwrap()));
    let (account, region) = (account(), region());
    let bucket = Bucket { burst: 11, ..bucket(&account, &region, 0.1) };
    let before = buckets.take(bucket, 1).await.unwrap();
    assert!(buckets.remembers(&before.memory).await.unwrap());
    server.kill();
    server.start_again();
    assert!(!buckets.remembers(&before.memory).await.unwrap(), "tickets of a lost memory are worthless");
    let after = buckets.take(bucket, 1).await.unwrap();
    assert_ne!(after.memory, before.memory);
    assert!((99.0..=100.0).contains(&after.first_after), "ten calls at a tenth a second: {after:?}");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_redis_holds_is_shown_in_postgres(pool: PgPool) {
    let place = Place::Redis(pool.clone(), RedisServer::start());
    let (buckets, account, region) = (place.buckets(), account(), region());
    let bucket = bucket(&account, &region, 8.0);
    let shown = async || {
        let query = "select rate, base_rate, throttled_at is not null from aws_pace";
        sqlx::query_as::<_, (f64, f64, bool)>(query).fetch_one(&pool).await.unwrap()
    };
    assert_eq!(buckets.take(bucket, 1).await.unwrap().memory, buckets.take(bucket, 1).await.unwrap().memory);
    assert_eq!(shown().await, (8.0, 8.0, false));
    buckets.halve(bucket).await.unwrap();
    assert_eq!(shown().await, (4.0, 8.0, true));
    let postgres = Buckets::Postgres(pool.clone());
    assert_eq!(postgres.take(bucket, 1).await.unwrap().memory, Memory::Lasting);
}
