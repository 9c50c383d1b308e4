//! Questions about people.

use jiff::Timestamp;
use sqlx::PgPool;
use uuid::Uuid;

use super::{PersonId, Role, Username, sign_in_attempts};
use crate::session;

/// A person as others see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Never changes.
    pub id: PersonId,
    /// What they sign in with.
    pub username: String,
    /// What the console shows.
    pub display_name: String,
    /// What they are.
    pub role: Role,
    /// Since when nobody signs in as them.
    pub disabled_at: Option<Timestamp>,
}

/// A person to be made.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// What they sign in with.
    pub username: Username,
    /// What the console shows.
    pub display_name: String,
    /// argon2id, as a PHC string.
    pub password_hash: String,
    /// What they are.
    pub role: Role,
}

/// What a name given at a sign-in stands for.
#[derive(Debug, Clone)]
pub struct ForSignIn {
    /// SHA-256 of the name in lower case, as Postgres compares names: two spellings of one
    /// person's name have one digest. People type passwords into the wrong field, so what
    /// was typed is never kept.
    pub name_digest: [u8; 32],
    /// The person and the PHC string of their password. A person without a role or a
    /// password cannot sign in and is not found.
    pub found: Option<(Person, String)>,
}

/// Looks a name up, whatever its case.
pub async fn for_sign_in(pool: &PgPool, username: &str) -> Result<ForSignIn, sqlx::Error> {
    let row = sqlx::query!(
        r#"select sha256(convert_to(lower($1), 'UTF8')) as "name_digest!", found.person_id as "person_id?",
                  found.username as "username?", found.display_name as "display_name?",
                  found.password_hash as "password_hash?", found.disabled_at as "disabled_at?", found.role as "role?"
           from (select 1) as asked left join (
               select p.person_id, p.username, p.display_name, p.password_hash, p.disabled_at, g.role
               from person p join role_grant g using (person_id)
               where lower(p.username) = lower($1) and p.password_hash is not null
           ) as found on true"#,
        username
    )
    .fetch_one(pool)
    .await?;
    let name_digest = row.name_digest.try_into().map_err(|_| sqlx::Error::RowNotFound)?;
    let found = match (row.person_id, row.username, row.display_name, row.password_hash, row.role) {
        (Some(id), Some(username), Some(display_name), Some(hash), Some(text)) => {
            let disabled_at = row.disabled_at.map(Into::into);
            Some((Person { id: id.into(), username, display_name, role: role(&text)?, disabled_at }, hash))
        }
        _ => None,
    };
    Ok(ForSignIn { name_digest, found })
}

/// The person with this id, if they have a role.
pub async fn by_id(pool: &PgPool, id: PersonId) -> Result<Option<Person>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select p.person_id, p.username, p.display_name, p.disabled_at, g.role
           from person p join role_grant g using (person_id)
           where p.person_id = $1"#,
        Uuid::from(id)
    )
    .fetch_optional(pool)
    .await?;
    row.map(|row| {
        Ok(Person {
            id: row.person_id.into(),
            username: row.username,
            display_name: row.display_name,
            role: role(&row.role)?,
            disabled_at: row.disabled_at.map(Into::into),
        })
    })
    .transpose()
}

/// Is there an administrator who can sign in?
pub async fn any_administrator(pool: &PgPool) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
               select from role_grant g join person p using (person_id)
               where g.role = 'admin' and p.disabled_at is null
           ) as "exists!""#
    )
    .fetch_one(pool)
    .await
}

/// Makes an administrator unless there is one; servers that start together make one.
pub async fn create_first_administrator(pool: &PgPool, new: &NewPerson) -> Result<Option<PersonId>, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::query!("select pg_advisory_xact_lock(hashtext('deskfleet first administrator'))")
        .execute(&mut *transaction)
        .await?;
    let there = sqlx::query_scalar!(r#"select exists (select from role_grant where role = 'admin') as "exists!""#)
        .fetch_one(&mut *transaction)
        .await?;
    if there {
        return Ok(None);
    }
    let id = insert(&mut transaction, new).await?;
    transaction.commit().await?;
    Ok(Some(id))
}

/// Makes a person. `None` where the name is taken.
pub async fn create(pool: &PgPool, new: &NewPerson) -> Result<Option<PersonId>, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    match insert(&mut transaction, new).await {
        Ok(id) => {
            transaction.commit().await?;
            Ok(Some(id))
        }
        Err(sqlx::Error::Database(error)) if error.constraint() == Some("person_username_key") => Ok(None),
        Err(error) => Err(error),
    }
}

/// Sets a new password, ends the person's sessions and forgets wrong tries on the name.
/// `None` where there is no such name.
pub async fn reset_password(
    pool: &PgPool,
    username: &str,
    password_hash: &str,
) -> Result<Option<PersonId>, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    let id = sqlx::query_scalar!(
        "update person set password_hash = $2, password_changed_at = clock_timestamp()
         where lower(username) = lower($1) returning person_id",
        username,
        password_hash
    )
    .fetch_optional(&mut *transaction)
    .await?
    .map(PersonId::from);
    if let Some(id) = id {
        session::revoke_all_of(&mut transaction, id).await?;
        sign_in_attempts::forget_name(&mut transaction, username).await?;
    }
    transaction.commit().await?;
    Ok(id)
}

async fn insert(connection: &mut sqlx::PgConnection, new: &NewPerson) -> Result<PersonId, sqlx::Error> {
    let id = sqlx::query_scalar!(
        "insert into person (username, display_name, password_hash, password_changed_at)
         values ($1, $2, $3, clock_timestamp()) returning person_id",
        new.username.as_str(),
        new.display_name,
        new.password_hash
    )
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query!("insert into role_grant (person_id, role) values ($1, $2)", id, new.role.as_str())
        .execute(&mut *connection)
        .await?;
    Ok(id.into())
}

/// A check constraint keeps the set closed, so another word means a newer schema.
fn role(text: &str) -> Result<Role, sqlx::Error> {
    text.parse().map_err(|error: super::UnknownRole| sqlx::Error::Decode(Box::new(error)))
}
