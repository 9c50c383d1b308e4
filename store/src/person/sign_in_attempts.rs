//! Tries to sign in, written before the password is looked at.
//!
//! [`reserve`] counts what happened before, asks its caller's rule, and writes the try, all
//! under a lock on what is counted: of tries that come at once each sees those before it.
//! A reserved try counts as failed until [`succeed`]; one that was never looked at is taken
//! back by [`withdraw`]. Deliberately absent: how many tries are allowed, and the time;
//! the caller brings both.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use sqlx::{PgConnection, PgPool};

/// A device that signed in as a person before: 128 random bits.
pub type DeviceId = [u8; 16];

/// A try to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAttempt {
    /// SHA-256 of the name in lower case.
    pub name_digest: [u8; 32],
    /// The visitor's network: an IPv4 address, or the first address of an IPv6 /64.
    pub network: IpAddr,
    /// The device, if it signed in as this name's person before.
    pub device: Option<DeviceId>,
    /// When.
    pub at: Timestamp,
}

/// How far back tries are counted.
#[derive(Debug, Clone, Copy)]
pub struct Windows {
    /// Tries of the same name from the same network, or of the same device.
    pub own: SignedDuration,
    /// Tries of all strangers on a name, and of a network on all names.
    pub total: SignedDuration,
}

/// Failures of one source since its last success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// When the last one was; `None` without any.
    pub last: Option<Timestamp>,
}

/// Failures of many sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    /// How many.
    pub count: u32,
    /// When the first of them was, and so when the next is forgotten.
    pub first: Option<Timestamp>,
}

/// What happened before a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Of this device; for a stranger, of this name from this network.
    pub own: Failures,
    /// Of all strangers on this name. Not counted for a device.
    pub name: Total,
    /// Of strangers from this network on any name. Not counted for a device.
    pub network: Total,
}

/// A reserved try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptId(i64);

/// Writes a try if `rule` has nothing against it, and otherwise gives the rule's refusal.
pub async fn reserve<R>(
    pool: &PgPool,
    attempt: &NewAttempt,
    windows: Windows,
    rule: impl FnOnce(&Tally) -> Result<(), R> + Send,
) -> Result<Result<AttemptId, R>, sqlx::Error>
where
    R: Send,
{
    let mut transaction = pool.begin().await?;
    let tally = if let Some(device) = &attempt.device {
        lock(&mut transaction, "device", device).await?;
        Tally { own: of_device(&mut transaction, attempt, device, windows.own).await?, ..Tally::default() }
    } else {
        // Always the name first: so no two tries wait for each other.
        lock(&mut transaction, "name", &attempt.name_digest).await?;
        lock(&mut transaction, "network", attempt.network.to_string().as_bytes()).await?;
        of_stranger(&mut transaction, attempt, windows).await?
    };
    if let Err(refusal) = rule(&tally) {
        return Ok(Err(refusal));
    }
    let id = sqlx::query_scalar!(
        "insert into sign_in_attempt (at, name_digest, network, device)
         values ($1, $2, $3::text::cidr, $4) returning attempt_id",
        jiff_sqlx::Timestamp::from(attempt.at),
        attempt.name_digest.as_slice(),
        attempt.network.to_string(),
        attempt.device.as_ref().map(<[u8; 16]>::as_slice)
    )
    .fetch_one(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(Ok(AttemptId(id)))
}

/// The password was right: failures before this try no longer count for its source.
pub async fn succeed(pool: &PgPool, attempt: AttemptId) -> Result<(), sqlx::Error> {
    sqlx::query!("update sign_in_attempt set outcome = 'succeeded' where attempt_id = $1", attempt.0)
        .execute(pool)
        .await?;
    Ok(())
}

/// The password was never looked at.
pub async fn withdraw(pool: &PgPool, attempt: AttemptId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from sign_in_attempt where attempt_id = $1", attempt.0).execute(pool).await?;
    Ok(())
}

/// Forgets tries from before a moment: those that no window reaches any more. How many.
pub async fn forget_before(pool: &PgPool, moment: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from sign_in_attempt where at < $1", jiff_sqlx::Timestamp::from(moment))
        .execute(pool)
        .await?;
    Ok(done.rows_affected())
}

/// Forgets the tries on a name, as part of a change to its person.
pub(super) async fn forget_name(connection: &mut PgConnection, username: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from sign_in_attempt where name_digest = sha256(convert_to(lower($1), 'UTF8'))", username)
        .execute(connection)
        .await?;
    Ok(())
}

/// Held until the transaction ends.
async fn lock(connection: &mut PgConnection, kind: &str, what: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('deskfleet sign-in ' || $1 || ' ' || encode($2, 'hex'), 0))",
        kind,
        what
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}

async fn of_device(
    connection: &mut PgConnection,
    attempt: &NewAttempt,
    device: &DeviceId,
    window: SignedDuration,
) -> Result<Failures, sqlx::Error> {
    let row = sqlx::query!(
        r#"select count(*) as "count!", max(at) as last from sign_in_attempt
           where device = $1 and name_digest = $2 and outcome = 'failed'
             and at > $3::timestamptz - make_interval(secs => $4)
             and attempt_id > coalesce((
                 select max(attempt_id) from sign_in_attempt
                 where device = $1 and name_digest = $2 and outcome = 'succeeded'
             ), 0)"#,
        device.as_slice(),
        attempt.name_digest.as_slice(),
        jiff_sqlx::Timestamp::from(attempt.at),
        window.as_secs_f64()
    )
    .fetch_one(connection)
    .await?;
    Ok(Failures { count: counted(row.count), last: row.last.map(Into::into) })
}

async fn of_stranger(
    connection: &mut PgConnection,
    attempt: &NewAttempt,
    windows: Windows,
) -> Result<Tally, sqlx::Error> {
    let network = attempt.network.to_string();
    let own = sqlx::query!(
        r#"select count(*) as "count!", max(at) as last from sign_in_attempt
           where device is null and name_digest = $1 and network = $2::text::cidr and outcome = 'failed'
             and at > $3::timestamptz - make_interval(secs => $4)
             and attempt_id > coalesce((
                 select max(attempt_id) from sign_in_attempt
                 where device is null and name_digest = $1 and network = $2::text::cidr and outcome = 'succeeded'
             ), 0)"#,
        attempt.name_digest.as_slice(),
        network,
        jiff_sqlx::Timestamp::from(attempt.at),
        windows.own.as_secs_f64()
    )
    .fetch_one(&mut *connection)
    .await?;
    let total = sqlx::query!(
        r#"select n.count as "name_count!", n.first as name_first, w.count as "network_count!",
                  w.first as network_first
           from (
               select count(*) as count, min(at) as first from sign_in_attempt
               where device is null and name_digest = $1 and outcome = 'failed'
                 and at > $3::timestamptz - make_interval(secs => $4)
           ) n, (
               select count(*) as count, min(at) as first from sign_in_attempt
               where device is null and network = $2::text::cidr and outcome = 'failed'
                 and at > $3::timestamptz - make_interval(secs => $4)
           ) w"#,
        attempt.name_digest.as_slice(),
        network,
        jiff_sqlx::Timestamp::from(attempt.at),
        windows.total.as_secs_f64()
    )
    .fetch_one(connection)
    .await?;
    Ok(Tally {
        own: Failures { count: counted(own.count), last: own.last.map(Into::into) },
        name: Total { count: counted(total.name_count), first: total.name_first.map(Into::into) },
        network: Total { count: counted(total.network_count), first: total.network_first.map(Into::into) },
    })
}

fn counted(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
