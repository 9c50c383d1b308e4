//! Users of directories, as much of them as it takes to tell whose desktop is nobody's:
//! name, whether they may sign in, and when they were seen.
//!
//! Pages are written as they come; who was not in a listing is gone only when it was read
//! to its end. Names are lower case, because Active Directory does not tell cases apart.
//! Deliberately absent: given names, mail addresses, security identifiers and groups.

use std::collections::BTreeMap;

use fleet::standing::{DirectoryUser, Owned, Standing, UserList, standing};
use identifiers::AccountId;
use jiff_sqlx::Timestamp;
use sqlx::PgPool;

use crate::{
    directory_readings::{Detail, Reading, finish, listed},
    run_step::{Spent, Step, WriteError, advance, begin},
};

/// One user of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedUser {
    /// The SAM account name.
    pub user_name: String,
    /// Whether the account may sign in.
    pub enabled: bool,
}

/// The moment at which a listing begins, by the database's clock.
pub async fn begin_listing(pool: &PgPool) -> Result<Timestamp, sqlx::Error> {
    sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#).fetch_one(pool).await
}

/// Writes a page of the users of `directory`.
pub async fn write_page(
    pool: &PgPool,
    step: &Step,
    directory: &str,
    page: &[ListedUser],
    spent: &Spent,
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    let (names, enabled): (Vec<String>, Vec<bool>) =
        page.iter().map(|user| (user.user_name.clone(), user.enabled)).unzip();
    sqlx::query_file!(
        "src/directory_users/upsert.sql",
        step.account.as_str(),
        step.region.as_str(),
        directory,
        &names,
        &enabled,
    )
    .execute(&mut *transaction)
    .await
    .map_err(query)?;
    advance(&mut transaction, step, 0, spent, &listed()).await?;
    transaction.commit().await.map_err(query)
}

/// A listing that was read to its end.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    /// When it began.
    pub began: Timestamp,
    /// How many users it had.
    pub users: usize,
    /// Whether all of them could be identified; otherwise nobody is gone.
    pub whole: bool,
}

/// Ends the listing of `directory`: users who were not in it are gone.
pub async fn end_listing(
    pool: &PgPool,
    step: &Step,
    directory: &str,
    ended: Ended,
    spent: &Spent,
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let (mut transaction, place, at) = begin(pool, step).await?;
    if ended.whole {
        sqlx::query!(
            "update directory_user set gone_at = $4
             where account_id = $1 and region = $2 and directory_id = $3 and gone_at is null and last_seen_at < $5",
            place.account,
            place.region,
            directory,
            at as _,
            ended.began as _,
        )
        .execute(&mut *transaction)
        .await
        .map_err(query)?;
    }
    let items = i64::try_from(ended.users).unwrap_or(i64::MAX);
    advance(&mut transaction, step, items, &Spent::default(), &listed()).await?;
    // What is known since then is what the listing showed when it began.
    finish(transaction, step, ended.began, Reading::of(Detail::Users, Some(directory)), spent).await
}

/// What their directories say of the people whom the desktops of `account` belong to, by
/// the desktop's id.
pub async fn standings(pool: &PgPool, account: &AccountId) -> Result<BTreeMap<String, Standing>, sqlx::Error> {
    let rows = sqlx::query_file!("src/directory_users/standings.sql", account.as_str()).fetch_all(pool).await?;
    let standings = rows.into_iter().map(|row| {
        let desktop = Owned { user_name: row.user_name, first_seen_at: row.first_seen_at.into() };
        let list = match (row.outcome.as_deref(), row.told_at) {
            (Some("off"), _) => UserList::DataAccessOff,
            (Some("not_supported"), _) => UserList::NotSupported,
            (_, Some(at)) => UserList::Complete(at.into()),
            (_, None) => UserList::NotRead,
        };
        let user = row.enabled.zip(row.enabled_since).map(|(enabled, since)| DirectoryUser {
            enabled,
            enabled_since: since.into(),
            gone_at: row.user_gone_at.map(Into::into),
        });
        (row.workspace_id, standing(&desktop, list, user.as_ref()))
    });
    Ok(standings.collect())
}
