//! Sessions: begun by a sign-in, carried on by refresh tokens that change with each use,
//! ended by signing out, by expiry, or by the reuse of a token that was already exchanged.

use std::net::IpAddr;

use jiff::SignedDuration;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::person::{PersonId, Role, UnknownRole};

/// A session to begin.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Its id, which the refresh token carries.
    pub id: Uuid,
    /// Whose.
    pub person: PersonId,
    /// SHA-256 of the first refresh token.
    pub token_digest: [u8; 32],
    /// How long it lives unused.
    pub lifetime: SignedDuration,
    /// Where from.
    pub address: IpAddr,
    /// With what browser; at most 200 characters.
    pub user_agent: Option<String>,
}

/// What became of a token that was to be exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// The new token is in force.
    Rotated {
        /// Whose session.
        person: PersonId,
        /// What they are now.
        role: Role,
    },
    /// The token had been exchanged before: somebody has a copy. The session is revoked.
    Reused {
        /// Whose session it was.
        person: PersonId,
    },
    /// No such session, or it is over.
    Over,
}

/// Begins a session for a person whose password was verified against `verified_hash`, and
/// gives the role they have now. `None` where the password was changed meanwhile, or the
/// person was disabled or lost their role.
///
/// One statement decides, and it holds the person's row: a reset that goes on at the same
/// time either comes first, and there is no session; or it waits, and ends this one too.
pub async fn start(pool: &PgPool, new: &NewSession, verified_hash: &str) -> Result<Option<Role>, sqlx::Error> {
    let begun = sqlx::query_scalar!(
        "with holder as (
             select p.person_id, g.role from person p join role_grant g using (person_id)
             where p.person_id = $2 and p.password_hash = $7 and p.disabled_at is null
             for share
         ), begun as (
             insert into session (session_id, person_id, token_digest, expires_at, address, user_agent)
             select $1, person_id, $3, clock_timestamp() + make_interval(secs => $4), $5::text::inet, $6
             from holder returning person_id
         )
         select holder.role from holder join begun using (person_id)",
        new.id,
        Uuid::from(new.person),
        new.token_digest.as_slice(),
        new.lifetime.as_secs_f64(),
        new.address.to_string(),
        new.user_agent,
        verified_hash
    )
    .fetch_optional(pool)
    .await?;
    begun.map(|text| role(&text)).transpose()
}

/// Exchanges the digest of a session's newest token for another. One statement decides: of
/// two that come with the same token, one rotates and the other is a reuse.
pub async fn rotate(
    pool: &PgPool,
    session: Uuid,
    old_digest: &[u8; 32],
    new_digest: &[u8; 32],
    lifetime: SignedDuration,
) -> Result<Rotation, sqlx::Error> {
    let rotated = sqlx::query!(
        "update session s
         set token_digest = $3, rotations = rotations + 1, last_used_at = clock_timestamp(),
             expires_at = clock_timestamp() + make_interval(secs => $4)
         from person p join role_grant g using (person_id)
         where s.session_id = $1 and s.token_digest = $2 and s.revoked_at is null
           and s.expires_at > clock_timestamp() and p.person_id = s.person_id and p.disabled_at is null
         returning s.person_id, g.role",
        session,
        old_digest.as_slice(),
        new_digest.as_slice(),
        lifetime.as_secs_f64()
    )
    .fetch_optional(pool)
    .await?;
    if let Some(row) = rotated {
        return Ok(Rotation::Rotated { person: row.person_id.into(), role: role(&row.role)? });
    }
    let reused = sqlx::query_scalar!(
        "update session set revoked_at = clock_timestamp(), revoked_because = 'token_reuse'
         where session_id = $1 and token_digest <> $2 and revoked_at is null and expires_at > clock_timestamp()
         returning person_id",
        session,
        old_digest.as_slice()
    )
    .fetch_optional(pool)
    .await?;
    Ok(reused.map_or(Rotation::Over, |person| Rotation::Reused { person: person.into() }))
}

/// Ends a session that its person signs out of. False where it was over already.
pub async fn sign_out(pool: &PgPool, session: Uuid) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update session set revoked_at = clock_timestamp(), revoked_because = 'sign_out'
         where session_id = $1 and revoked_at is null",
        session
    )
    .execute(pool)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends a session by its newest token, for who has no access token any more. Whose it was,
/// `None` where it was over already or the token is not the newest.
pub async fn sign_out_with_token(
    pool: &PgPool,
    session: Uuid,
    token_digest: &[u8; 32],
) -> Result<Option<PersonId>, sqlx::Error> {
    let person = sqlx::query_scalar!(
        "update session set revoked_at = clock_timestamp(), revoked_because = 'sign_out'
         where session_id = $1 and token_digest = $2 and revoked_at is null returning person_id",
        session,
        token_digest.as_slice()
    )
    .fetch_optional(pool)
    .await?;
    Ok(person.map(Into::into))
}

/// Ends every session of a person, as part of a change to that person.
pub async fn revoke_all_of(connection: &mut PgConnection, person: PersonId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update session set revoked_at = clock_timestamp(), revoked_because = 'person_changed'
         where person_id = $1 and revoked_at is null",
        Uuid::from(person)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What became of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub session: Uuid,
    /// The role its person has now; `None` where the session is over: revoked, expired, or
    /// its person disabled or without a role.
    pub role: Option<Role>,
}

/// The standing of every session that was used within `used_within`, and of those in
/// `watched`. A session that is missing does not exist, or nobody has a token of it.
pub async fn standings(
    pool: &PgPool,
    used_within: SignedDuration,
    watched: &[Uuid],
) -> Result<Vec<Standing>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select s.session_id,
                  case when s.revoked_at is null and s.expires_at > clock_timestamp() and p.disabled_at is null
                       then g.role end as role
           from session s join person p using (person_id) left join role_grant g using (person_id)
           where s.last_used_at > clock_timestamp() - make_interval(secs => $1) or s.session_id = any($2)"#,
        used_within.as_secs_f64(),
        watched
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| Ok(Standing { session: row.session_id, role: row.role.as_deref().map(role).transpose()? }))
        .collect()
}

/// A check constraint keeps the set closed, so another word means a newer schema.
fn role(text: &str) -> Result<Role, sqlx::Error> {
    text.parse().map_err(|error: UnknownRole| sqlx::Error::Decode(Box::new(error)))
}
