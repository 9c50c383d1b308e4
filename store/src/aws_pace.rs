//! The pace bucket that every job shares that calls one account: in Postgres, or in Redis
//! where an installation has one for it.
//!
//! GCRA in its virtual-scheduling form (ITU-T I.371): a bucket holds the theoretical arrival
//! time `tat` of the next call. Taking `n` tickets moves it to `max(now, tat) + n / rate`,
//! at once and by the server's clock, so clocks of pods do not matter. What a ticket means
//! for the caller is computed by the caller (`sync`'s `pace`), from the values returned here.
//!
//! After a throttle the rate halves; every full minute without another one adds a tenth
//! of it back, up to the configured rate. The rate is never above the configured one, so
//! the law "calls in a window W are at most rate × W + burst" holds all the time.
//!
//! A Redis may forget what it held. Tickets say which memory they came from, and a bucket
//! that begins anew begins as if its whole burst had just been used (`take.lua`).

mod postgres;
mod redis;

use identifiers::{AccountId, Region};
use sqlx::PgPool;

pub use self::redis::{RedisBuckets, RedisError, RedisUrlError};

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
#[derive(Clone, Debug, PartialEq)]
pub struct Tickets {
    /// Seconds from the moment of asking to the theoretical arrival time of the first
    /// ticket; 0 when the bucket was idle.
    pub first_after: f64,
    /// Seconds between the theoretical arrival times of one ticket and the next.
    pub interval: f64,
    /// The memory they came from; worthless when it is lost.
    pub memory: Memory,
}

/// The life of a server from its start to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Memory {
    /// Postgres forgets nothing.
    Lasting,
    /// One start of a Redis, by its run id.
    OfRun(String),
}

/// The pace could not be asked for.
#[derive(Debug, thiserror::Error)]
pub enum PaceError {
    /// Postgres keeps it, or shows it.
    #[error("a query failed")]
    Postgres(#[from] sqlx::Error),
    /// Redis keeps it.
    #[error("Redis did not answer as it should")]
    Redis(#[from] RedisError),
}

/// Where the buckets are kept.
#[derive(Debug)]
pub enum Buckets {
    /// In rows of `aws_pace`.
    Postgres(PgPool),
    /// In Redis, with a copy in `aws_pace` for people to see.
    Redis(Box<RedisBuckets>),
}

impl Buckets {
    /// Takes `count` tickets whose theoretical arrival times follow each other.
    pub async fn take(&self, bucket: Bucket<'_>, count: u32) -> Result<Tickets, PaceError> {
        match self {
            Self::Postgres(pool) => Ok(postgres::take(pool, bucket, count).await?),
            Self::Redis(buckets) => buckets.take(bucket, count).await,
        }
    }

    /// Whether tickets of `memory` still count.
    pub async fn remembers(&self, memory: &Memory) -> Result<bool, PaceError> {
        match self {
            Self::Postgres(_) => Ok(true),
            Self::Redis(buckets) => Ok(buckets.memory().await? == *memory),
        }
    }

    /// AWS throttled a call: halves the rate. Several calls in flight are throttled
    /// together, so a second halving within a second is not made.
    pub async fn halve(&self, bucket: Bucket<'_>) -> Result<(), PaceError> {
        match self {
            Self::Postgres(pool) => Ok(postgres::halve(pool, bucket).await?),
            Self::Redis(buckets) => buckets.halve(bucket).await,
        }
    }
}

/// The slowest pace a bucket is throttled down to, as a part of the configured one.
const FLOOR: f64 = 1.0 / 32.0;
