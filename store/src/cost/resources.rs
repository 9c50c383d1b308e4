//! Costs of single resources. A complete reading of its days also removes what it no longer
//! contains; AWS forgets days after two weeks, deskfleet does not.

use fleet::cost::{ResourceCost, reading::Window};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use super::part::{self, Part, Reading};
use crate::run_step::{Next, Spent, Step, WriteError, advance};

/// A page of costs by resource.
#[derive(Clone, Copy, Debug)]
pub struct ResourcePage<'a> {
    /// What it says.
    pub costs: &'a [ResourceCost],
    /// The present.
    pub now: Timestamp,
    /// Where the page ends its window, the window.
    pub closes: Option<Window>,
}

#[derive(Serialize)]
struct Row<'a> {
    day: Date,
    resource: &'a str,
    usage_type: &'a str,
    workspace_id: Option<&'a str>,
    currency: &'a str,
    unblended: String,
    net_unblended: Option<String>,
    usage_quantity: Option<String>,
    usage_unit: Option<&'a str>,
    estimated: bool,
}

/// Writes a page, or with an error why the account has none of them.
pub async fn write_resources(
    pool: &PgPool,
    step: &Step,
    page: Result<ResourcePage<'_>, &Reading>,
    (spent, next): (&Spent, &Next),
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    let mut items = 0;
    match page {
        Ok(page) => {
            upsert(&mut transaction, step, page.costs).await.map_err(query)?;
            if let Some(window) = page.closes {
                close(&mut transaction, step, window, page.now).await.map_err(query)?;
            }
            items = i64::try_from(page.costs.len()).unwrap_or(i64::MAX);
        }
        Err(reading) => {
            part::record(&mut transaction, &step.account, Part::Resources, reading).await.map_err(query)?;
        }
    }
    advance(&mut transaction, step, items, spent, next).await?;
    transaction.commit().await.map_err(query)
}

async fn upsert(connection: &mut PgConnection, step: &Step, costs: &[ResourceCost]) -> Result<(), sqlx::Error> {
    let rows: Vec<Row<'_>> = costs
        .iter()
        .map(|cost| Row {
            day: cost.day,
            resource: &cost.resource,
            usage_type: &cost.usage_type,
            workspace_id: workspace_id(&cost.resource),
            currency: cost.currency.as_str(),
            unblended: cost.unblended.to_string(),
            net_unblended: cost.net_unblended.map(|amount| amount.to_string()),
            usage_quantity: cost.quantity.map(|amount| amount.to_string()),
            usage_unit: cost.unit.as_deref(),
            estimated: cost.estimated,
        })
        .collect();
    let json = serde_json::to_string(&rows).expect("a row is plain data");
    sqlx::query_file!("src/cost/upsert_resources.sql", step.account.as_str(), json).execute(connection).await?;
    Ok(())
}

async fn close(connection: &mut PgConnection, step: &Step, window: Window, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from cost_resource_day as told using cost_resource_item as item
         where item.resource_no = told.resource_no and account_id = $1 and day >= $2 and day < $3
           and last_read_at < (select listing_started_at from run_step where step_id = $4)",
        step.account.as_str(),
        window.start.to_sqlx() as _,
        window.end.to_sqlx() as _,
        step.step_id,
    )
    .execute(&mut *connection)
    .await?;
    let reading = Reading::complete(Some(window.end), now);
    part::record(connection, &step.account, Part::Resources, &reading).await
}

/// The desktop's id in `arn:aws:workspaces:<region>:<account>:workspace/<id>`, or the
/// resource itself where AWS names the bare id.
fn workspace_id(resource: &str) -> Option<&str> {
    let id = resource.rsplit_once("workspace/").map_or(resource, |(_, id)| id);
    id.starts_with("ws-").then_some(id)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("arn:aws:workspaces:us-east-1:111111111111:workspace/ws-8bhk2m9sf", Some("ws-8bhk2m9sf"))]
    #[case("ws-8bhk2m9sf", Some("ws-8bhk2m9sf"))]
    #[case("arn:aws:workspaces:us-east-1:111111111111:workspacespool/wspool-1", None)]
    #[case("NoResourceId", None)]
    fn a_desktop_is_told_by_its_arn(#[case] resource: &str, #[case] id: Option<&str>) {
        assert_eq!(workspace_id(resource), id);
    }
}
