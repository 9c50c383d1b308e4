//! The pace bucket in Postgres, shared by every job that calls one account.
//!
//! GCRA in its virtual-scheduling form (ITU-T I.371): a row holds the theoretical arrival
//! time `tat` of the next call. Taking `n` tickets moves it to `max(now, tat) + n / rate`,
//! in one statement under the row's lock and by the database's clock, so clocks of pods
//! do not matter. What a ticket means for the caller is computed by the caller
//! (`sync`'s `pace`), from the values returned here.
//!
//! After a throttle the rate halves; every full minute without another one adds a tenth
//! of it back, up to the configured rate. The rate is never above the configured one, so
//! the law "calls in a window W are at most rate × W + burst" holds all the time.

use identifiers::{AccountId, Region};
use sqlx::PgPool;

/// Which bucket.
#[derive(Clone, Copy, Debug)]
pub struct Bucket<'a> {
    /// The account called.
    pub account: &'a AccountId,
    /// The region called.
    pub region: &'a Region,
    /// AWS's name of the operation.
    pub operation: &'a str,
    /// Calls a second as configured.
    pub base_rate: f64,
    /// Calls that may come at once as configured; stored for people to see.
    pub burst: u32,
}

/// Tickets that were taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tickets {
    /// Seconds from the moment of asking to the theoretical arrival time of the first
    /// ticket; 0 when the bucket was idle.
    pub first_after: f64,
    /// Seconds between the theoretical arrival times of one ticket and the next.
    pub interval: f64,
}

/// The slowest pace a bucket is throttled down to, as a part of the configured one.
const FLOOR: f64 = 1.0 / 32.0;

/// Takes `count` tickets whose theoretical arrival times follow each other.
pub async fn take(pool: &PgPool, bucket: Bucket<'_>, count: u32) -> Result<Tickets, sqlx::Error> {
    let row = sqlx::query!(
        r#"insert into aws_pace as pace
               (account_id, region, operation, base_rate, rate, burst, asked_at, tat)
           values ($1, $2, $3, $4, $4, $5, clock_timestamp(),
                   clock_timestamp() + make_interval(secs => $6::double precision / $4::double precision))
           on conflict on constraint aws_pace_pkey do update set
               base_rate = excluded.base_rate,
               burst = excluded.burst,
               rate = paced_rate(pace.rate, excluded.base_rate, pace.recovered_at),
               recovered_at = paced_recovery(pace.recovered_at),
               asked_at = clock_timestamp(),
               tat = greatest(pace.tat, clock_timestamp())
                   + make_interval(secs => $6::double precision / paced_rate(pace.rate, excluded.base_rate, pace.recovered_at))
           returning rate, extract(epoch from tat - asked_at)::double precision as "after_last!""#,
        bucket.account.as_str(),
        bucket.region.as_str(),
        bucket.operation,
        bucket.base_rate,
        i32::try_from(bucket.burst).unwrap_or(i32::MAX),
        f64::from(count),
    )
    .fetch_one(pool)
    .await?;
    let interval = 1.0 / row.rate;
    Ok(Tickets { first_after: (row.after_last - f64::from(count) * interval).max(0.0), interval })
}

/// AWS throttled a call: halves the rate. Several calls in flight are throttled together,
/// so a second halving within a second is not made.
pub async fn halve(pool: &PgPool, bucket: Bucket<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update aws_pace set
             rate = greatest(rate / 2, base_rate * $4),
             throttled_at = clock_timestamp(),
             recovered_at = clock_timestamp()
         where account_id = $1 and region = $2 and operation = $3
           and (throttled_at is null or throttled_at < clock_timestamp() - interval '1 second')",
        bucket.account.as_str(),
        bucket.region.as_str(),
        bucket.operation,
        FLOOR,
    )
    .execute(pool)
    .await?;
    Ok(())
}
