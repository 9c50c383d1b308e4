//! Buckets in Redis (or Valkey): a hash each, changed by scripts, by the server's clock.
//!
//! Flows in: a bucket and how many tickets. Flows out: tickets, and now and then a copy of
//! the bucket for `aws_pace`. A server that does not answer is asked again for a while;
//! then the caller is told. Deliberately absent: a fallback to Postgres, because two
//! buckets for one account would allow twice the calls.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use ::redis::{
    Client, FromRedisValue, Script, ScriptInvocation,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use sqlx::PgPool;

use super::{Bucket, FLOOR, Memory, PaceError, Tickets, postgres};

/// A server's own words; never the URL.
pub type RedisError = ::redis::RedisError;

/// How long an answer or a connection is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// Waits between attempts, in milliseconds: together as long as a restart.
const WAITS: [u64; 5] = [100, 500, 1_000, 2_000, 4_000];
/// How often the copy for people is renewed.
const SHOWN_EVERY: Duration = Duration::from_secs(10);

/// The URL of Redis cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RedisUrlError {
    /// The file cannot be read.
    #[error("the Redis URL file {} cannot be read: does Secret deskfleet-redis have the key url?", path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It holds no URL of Redis. The text is not repeated, it may hold a password.
    #[error("the Redis URL in {} is not valid: write rediss://user:password@host:6379/0, or redis:// without TLS", path.display())]
    Url {
        /// Its path.
        path: PathBuf,
    },
}

/// The buckets of one Redis.
pub struct RedisBuckets {
    connection: ConnectionManager,
    take: Script,
    halve: Script,
    memory: Script,
    pool: PgPool,
    shown: Mutex<HashMap<String, Instant>>,
}

impl std::fmt::Debug for RedisBuckets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A connection knows its password.
        f.debug_struct("RedisBuckets").finish_non_exhaustive()
    }
}

/// What `take.lua` answers: the first ticket, the interval, the memory.
type Taken = (f64, f64, String);

impl RedisBuckets {
    /// Buckets at the URL in `path`, copied to `pool`. Nothing is connected yet.
    pub fn new(path: &Path, pool: PgPool) -> Result<Self, RedisUrlError> {
        let text =
            std::fs::read_to_string(path).map_err(|source| RedisUrlError::File { path: path.to_owned(), source })?;
        let invalid = |_| RedisUrlError::Url { path: path.to_owned() };
        let client = Client::open(text.trim()).map_err(invalid)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(0);
        let connection = ConnectionManager::new_lazy_with_config(client, config).map_err(invalid)?;
        Ok(Self {
            connection,
            take: Script::new(include_str!("take.lua")),
            halve: Script::new(include_str!("halve.lua")),
            memory: Script::new(include_str!("memory.lua")),
            pool,
            shown: Mutex::default(),
        })
    }

    pub(super) async fn take(&self, bucket: Bucket<'_>, count: u32) -> Result<Tickets, PaceError> {
        let key = key(bucket);
        let tolerance = f64::from(bucket.burst.saturating_sub(1)) / bucket.base_rate;
        let mut script = self.take.key(&key);
        script.arg(bucket.base_rate).arg(count).arg(tolerance);
        let (first_after, interval, memory): Taken = self.answer(&script).await?;
        if self.is_due_to_be_shown(&key) {
            postgres::show(&self.pool, bucket, 1.0 / interval, false).await?;
        }
        Ok(Tickets { first_after: first_after.max(0.0), interval, memory: Memory::OfRun(memory) })
    }

    pub(super) async fn halve(&self, bucket: Bucket<'_>) -> Result<(), PaceError> {
        let key = key(bucket);
        let mut script = self.halve.key(&key);
        script.arg(bucket.base_rate).arg(bucket.base_rate * FLOOR);
        let rate: f64 = self.answer(&script).await?;
        Ok(postgres::show(&self.pool, bucket, rate, true).await?)
    }

    /// The life of the server that answers now.
    pub(super) async fn memory(&self) -> Result<Memory, PaceError> {
        let run: String = self.answer(&self.memory.prepare_invoke()).await?;
        Ok(Memory::OfRun(run))
    }

    /// Asks until there is an answer. A script that ran without its answer arriving took
    /// tickets that nobody uses, which errs to the safe side.
    async fn answer<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, PaceError> {
        for wait in WAITS {
            match script.invoke_async(&mut self.connection.clone()).await {
                Ok(answer) => return Ok(answer),
                Err(error) if is_final(&error) => return Err(error.into()),
                Err(error) => tracing::warn!(error = %error, wait_ms = wait, "Redis did not answer, trying again"),
            }
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
        Ok(script.invoke_async(&mut self.connection.clone()).await?)
    }

    fn is_due_to_be_shown(&self, key: &str) -> bool {
        // A panic while holding the lock cannot leave the map half-changed.
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = shown.get(key).is_none_or(|at| at.elapsed() >= SHOWN_EVERY);
        if is_due {
            shown.insert(key.to_owned(), Instant::now());
        }
        is_due
    }
}

/// Whether asking again cannot help: a wrong password or a right that is missing.
fn is_final(error: &RedisError) -> bool {
    use ::redis::ErrorKind;
    matches!(error.kind(), ErrorKind::AuthenticationFailed | ErrorKind::InvalidClientConfig)
        || matches!(error.code(), Some("NOPERM" | "WRONGPASS" | "NOAUTH"))
}

fn key(bucket: Bucket<'_>) -> String {
    format!("deskfleet:pace:{}:{}:{}", bucket.account, bucket.region, bucket.operation)
}
