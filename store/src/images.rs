//! Images with their history: a region's images are read whole and written in one
//! transaction. A row ends when an image changed, or when a whole listing did not contain it.

use std::collections::BTreeMap;

use fleet::{Image, ImageError};
use jiff_sqlx::Timestamp;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::{
    run_step::{Next, Spent, Step, StepError, WriteError, begin, commit},
    workspace_history::Place,
    workspace_row::stored,
};

/// Writes the images of `step`'s region. With an `error` the listing was not whole, and
/// nothing that it does not contain is gone.
pub async fn write(
    pool: &PgPool,
    step: &Step,
    images: &[Image],
    spent: &Spent,
    error: Option<StepError>,
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let (mut transaction, place, at) = begin(pool, step).await?;
    replace(&mut transaction, place, at, images, error.is_none()).await.map_err(query)?;
    commit(transaction, step, images.len(), spent, &Next::End(error)).await
}

async fn replace(
    connection: &mut PgConnection,
    place: Place<'_>,
    at: Timestamp,
    images: &[Image],
    is_whole: bool,
) -> Result<(), sqlx::Error> {
    let json = serde_json::to_string(&rows(images)).expect("a row is plain data");
    sqlx::query_file!("src/images/end.sql", place.account, place.region, at as _, json, is_whole)
        .execute(&mut *connection)
        .await?;
    sqlx::query_file!("src/images/begin.sql", place.account, place.region, at as _, json).execute(connection).await?;
    Ok(())
}

#[derive(Serialize)]
struct Row<'a> {
    image_id: &'a str,
    ownership: &'static str,
    owner_account_id: Option<&'a str>,
    name: Option<&'a str>,
    description: Option<&'a str>,
    platform: Option<&'a str>,
    state: Option<&'a str>,
    required_tenancy: Option<&'a str>,
    created_at: Option<jiff::Timestamp>,
    update_available: Option<bool>,
    update_description: Option<&'a str>,
    error_code: Option<&'a str>,
    error_message: Option<&'a str>,
    error_details: Vec<Detail<'a>>,
}

#[derive(Serialize)]
struct Detail<'a> {
    code: Option<&'a str>,
    message: Option<&'a str>,
}

/// One row an image: an image in both listings is the account's own.
fn rows(images: &[Image]) -> Vec<Row<'_>> {
    let mut unique: BTreeMap<&str, &Image> = BTreeMap::new();
    for image in images {
        let kept = unique.entry(image.id.as_str()).or_insert(image);
        if image.ownership < kept.ownership {
            *kept = image;
        }
    }
    unique.into_values().map(row).collect()
}

fn row(image: &Image) -> Row<'_> {
    Row {
        image_id: image.id.as_str(),
        ownership: image.ownership.as_str(),
        owner_account_id: image.owner_account.as_deref(),
        name: image.name.as_deref(),
        description: image.description.as_deref(),
        platform: stored(image.platform.as_ref()),
        state: stored(image.state.as_ref()),
        required_tenancy: stored(image.required_tenancy.as_ref()),
        created_at: image.created_at,
        update_available: image.update_available,
        update_description: image.update_description.as_deref(),
        error_code: image.error_code.as_deref(),
        error_message: image.error_message.as_deref(),
        error_details: image.error_details.iter().map(Detail::new).collect(),
    }
}

impl<'a> Detail<'a> {
    fn new(error: &'a ImageError) -> Self {
        Self { code: error.code.as_deref(), message: error.message.as_deref() }
    }
}
