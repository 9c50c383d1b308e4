//! Parts of directories (domain controllers, trusts, certificates, ...), with when each
//! was as it was.
//!
//! One write brings all parts of one kind, of one directory or of all of a region: what it
//! does not contain is no longer there.

use std::collections::BTreeMap;

use fleet::directory_part::{DirectoryPart, PartKind, PartState};
use jiff_sqlx::Timestamp;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::{
    directory_readings::{Reading, finish},
    run_step::{Spent, Step, WriteError, begin},
    workspace_history::Place,
};

/// Writes the parts of `kind` that `reading` brought of its directory, or of all
/// directories of the region. When none was without an id, others have ended.
pub async fn write(
    pool: &PgPool,
    step: &Step,
    reading: Reading<'_>,
    (kind, parts): (PartKind, &[DirectoryPart]),
    spent: &Spent,
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let (mut transaction, place, at) = begin(pool, step).await?;
    let json = json(parts);
    let whole = spent.rejected == 0;
    end_changed(&mut transaction, place, at, (kind, reading.directory_id, whole), &json).await.map_err(query)?;
    begin_new(&mut transaction, place, at, kind, &json).await.map_err(query)?;
    finish(transaction, step, at, reading, spent).await
}

fn json(parts: &[DirectoryPart]) -> String {
    serde_json::to_string(&parts.iter().map(Row::new).collect::<Vec<_>>()).expect("a row is plain data")
}

#[derive(Serialize)]
struct Row<'a> {
    directory_id: &'a str,
    part_id: &'a str,
    name: Option<&'a str>,
    state: Option<&'a str>,
    state_reason: Option<&'a str>,
    state_since: Option<jiff::Timestamp>,
    created_at: Option<jiff::Timestamp>,
    expires_at: Option<jiff::Timestamp>,
    details: &'a BTreeMap<&'static str, String>,
}

impl<'a> Row<'a> {
    fn new(part: &'a DirectoryPart) -> Self {
        Self {
            directory_id: part.directory_id.as_str(),
            part_id: &part.id,
            name: part.name.as_deref(),
            state: part.state.as_ref().map(PartState::as_str),
            state_reason: part.state_reason.as_deref(),
            state_since: part.state_since,
            created_at: part.created_at,
            expires_at: part.expires_at,
            details: &part.details,
        }
    }
}

async fn end_changed(
    connection: &mut PgConnection,
    place: Place<'_>,
    at: Timestamp,
    (kind, directory, whole): (PartKind, Option<&str>, bool),
    json: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query_file!(
        "src/directory_parts/end.sql",
        place.account,
        place.region,
        at as _,
        kind.as_str(),
        directory,
        whole,
        json,
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn begin_new(
    connection: &mut PgConnection,
    place: Place<'_>,
    at: Timestamp,
    kind: PartKind,
    json: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query_file!("src/directory_parts/begin.sql", place.account, place.region, at as _, kind.as_str(), json)
        .execute(connection)
        .await?;
    Ok(())
}
