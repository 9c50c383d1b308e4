//! Buckets as rows of `aws_pace`, each taken from in one statement under the row's lock.

use sqlx::PgPool;

use super::{Bucket, FLOOR, Memory, Tickets};

/// Takes `count` tickets whose theoretical arrival times follow each other.
pub(super) async fn take(pool: &PgPool, bucket: Bucket<'_>, count: u32) -> Result<Tickets, sqlx::Error> {
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
    let first_after = (row.after_last - f64::from(count) * interval).max(0.0);
    Ok(Tickets { first_after, interval, memory: Memory::Lasting })
}

/// Halves the rate.
pub(super) async fn halve(pool: &PgPool, bucket: Bucket<'_>) -> Result<(), sqlx::Error> {
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

/// Keeps a copy of a bucket that Redis holds, so that people see it where they see all.
pub(super) async fn show(pool: &PgPool, bucket: Bucket<'_>, rate: f64, is_throttled: bool) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into aws_pace as pace
             (account_id, region, operation, base_rate, rate, burst, asked_at, tat, throttled_at)
         values ($1, $2, $3, $4, $5, $6, clock_timestamp(), clock_timestamp(),
                 case when $7 then clock_timestamp() end)
         on conflict on constraint aws_pace_pkey do update set
             base_rate = excluded.base_rate, burst = excluded.burst, rate = excluded.rate,
             asked_at = excluded.asked_at, tat = excluded.tat,
             throttled_at = coalesce(excluded.throttled_at, pace.throttled_at),
             recovered_at = coalesce(excluded.throttled_at, pace.recovered_at)",
        bucket.account.as_str(),
        bucket.region.as_str(),
        bucket.operation,
        bucket.base_rate,
        rate,
        i32::try_from(bucket.burst).unwrap_or(i32::MAX),
        is_throttled,
    )
    .execute(pool)
    .await?;
    Ok(())
}
