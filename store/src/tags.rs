//! Tags of desktops, with when each began and ended.
//!
//! The Tagging API lists resources that have or once had a tag, so a desktop that a
//! complete listing does not contain has none. A listing that broke off ends no tags of
//! desktops it did not show.

use jiff_sqlx::Timestamp;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::{
    run_step::{Next, Spent, Step, WriteError, begin, commit},
    workspace_history::Place,
};

/// The tags of one desktop, all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tagged {
    /// Its id.
    pub workspace_id: String,
    /// Keys and values.
    pub tags: Vec<Tag>,
}

/// One tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tag {
    /// Its key, 1 to 128 characters.
    pub key: String,
    /// Its value; may be empty.
    pub value: String,
}

/// Writes a page of `step`'s listing. At the end, `listed` names every desktop that the
/// whole listing contained, and the tags of all others end.
pub async fn write(
    pool: &PgPool,
    step: &Step,
    page: &[Tagged],
    listed: Option<&[String]>,
    (spent, next): (&Spent, &Next),
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let (mut transaction, place, at) = begin(pool, step).await?;
    replace(&mut transaction, place, at, page).await.map_err(query)?;
    if let Some(listed) = listed {
        end_others(&mut transaction, place, at, listed).await.map_err(query)?;
    }
    commit(transaction, step, page.len(), spent, next).await
}

/// Gives the desktops of `page` the tags they have there.
async fn replace(
    connection: &mut PgConnection,
    place: Place<'_>,
    at: Timestamp,
    page: &[Tagged],
) -> Result<(), sqlx::Error> {
    let json = serde_json::to_string(page).expect("a row is plain data");
    sqlx::query_file!("src/tags/end.sql", place.account, place.region, at as _, json).execute(&mut *connection).await?;
    sqlx::query_file!("src/tags/begin.sql", place.account, place.region, at as _, json).execute(connection).await?;
    Ok(())
}

/// Ends the tags of desktops that a whole listing did not contain. `not in` is looked up in a
/// hash table whatever the statistics of a table say that was just filled.
async fn end_others(
    connection: &mut PgConnection,
    place: Place<'_>,
    at: Timestamp,
    listed: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update tag set valid_to = $3
         where account_id = $1 and region = $2 and valid_to is null
           and workspace_id not in (select unnest($4::text[]))",
        place.account,
        place.region,
        at as _,
        listed,
    )
    .execute(connection)
    .await?;
    Ok(())
}
