//! Logins from the queue of access events, each kept once, and the messages that are no login,
//! kept aside with the reason.
//!
//! A message is deleted from the queue after its row is written. A pod killed in between
//! receives it again, and the row that is there stays the only one.

use fleet::access_event::AccessEvent;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::run_step::{Next, Spent, Step, WriteError, advance};

/// The cursor of a step that has received something; there is no place in a queue.
const RECEIVING: &str = "receiving";

/// A message that is no event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedMessage {
    /// The queue's id of it.
    pub message_id: String,
    /// What is wrong with it.
    pub reason: String,
    /// Its text, or the beginning of it, without null characters.
    pub body: String,
}

/// Writes what a batch of messages told; rows that are there stay as they are. Counts only
/// what was new.
pub async fn write(
    pool: &PgPool,
    step: &Step,
    (events, rejected): (&[AccessEvent], &[RejectedMessage]),
    spent: Spent,
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    let written = insert(&mut transaction, step, events).await.map_err(query)?;
    let rejected = keep_aside(&mut transaction, step, rejected).await.map_err(query)?;
    let items = i64::try_from(written).unwrap_or(i64::MAX);
    let spent = Spent { rejected: i64::try_from(rejected).unwrap_or(i64::MAX), ..spent };
    advance(&mut transaction, step, items, &spent, &Next::From(RECEIVING.to_owned())).await?;
    transaction.commit().await.map_err(query)
}

/// How many messages `step` has kept aside so far.
pub async fn rejected(pool: &PgPool, step: &Step) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!("select rejected from run_step where step_id = $1", step.step_id).fetch_one(pool).await
}

#[derive(Serialize)]
struct Row<'a> {
    region: &'a str,
    event_id: &'a str,
    workspace_id: &'a str,
    directory_id: Option<&'a str>,
    action: Option<&'a str>,
    client_ip: Option<std::net::IpAddr>,
    client_platform: Option<&'a str>,
    client_product: Option<&'a str>,
    client_version: Option<&'a str>,
    login_at: jiff::Timestamp,
}

impl<'a> Row<'a> {
    fn new(event: &'a AccessEvent) -> Self {
        Self {
            region: event.region.as_str(),
            event_id: event.id.as_str(),
            workspace_id: event.workspace_id.as_str(),
            directory_id: event.directory_id.as_ref().map(fleet::DirectoryId::as_str),
            action: event.action.as_deref(),
            client_ip: event.client_ip,
            client_platform: event.client_platform.as_deref(),
            client_product: event.client_product.as_deref(),
            client_version: event.client_version.as_deref(),
            login_at: event.login_at,
        }
    }
}

async fn insert(connection: &mut PgConnection, step: &Step, events: &[AccessEvent]) -> Result<u64, sqlx::Error> {
    let rows: Vec<Row<'_>> = events.iter().map(Row::new).collect();
    let json = serde_json::to_string(&rows).expect("a row is plain data");
    let done =
        sqlx::query_file!("src/access_events/insert.sql", step.account.as_str(), json).execute(connection).await?;
    Ok(done.rows_affected())
}

async fn keep_aside(
    connection: &mut PgConnection,
    step: &Step,
    rejected: &[RejectedMessage],
) -> Result<u64, sqlx::Error> {
    let column = |pick: fn(&RejectedMessage) -> &String| -> Vec<String> {
        rejected.iter().map(|message| pick(message).clone()).collect()
    };
    let (ids, reasons, bodies) = (column(|one| &one.message_id), column(|one| &one.reason), column(|one| &one.body));
    let done = sqlx::query!(
        "insert into access_event_rejected (account_id, region, message_id, reason, body)
         select $1, $2, message_id, reason, body
         from unnest($3::text[], $4::text[], $5::text[]) as message (message_id, reason, body)
         on conflict on constraint access_event_rejected_pkey do nothing",
        step.account.as_str(),
        step.region.as_str(),
        &ids,
        &reasons,
        &bodies,
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
