//! `GET /sync-runs`

use axum::{
    Json,
    extract::{RawQuery, State},
};
use store::{
    coverage,
    list::{Direction, Order},
    run_list::{self, DEFAULT_SORT, PROPERTIES, SORT_COLUMNS},
};

use super::body::{FIELDS, RunBody};
use crate::{
    AppState,
    identity::{Caller, Capability},
    list::{List, ListDefinition, ListRequest},
    problem::{ApiError, Problem},
};

/// Sources whose coverage goes with the list: those that this release reads.
const SOURCES: &[&str] = &["inventory", "connection_status", "directories"];

/// Lists sync runs, newest first.
#[utoipa::path(
    get, path = "/sync-runs", tag = "sync-runs", operation_id = "listSyncRuns",
    params(
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Items of a page, 50 without a wish"),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before, with the same sort and filter"),
        ("filter" = Option<String>, Query, description = "See docs/reference/filter-grammar.md", example = "outcome = (failed, partial) and startedAt > 7d"),
        ("sort" = Option<String>, Query, description = "A field, with `-` in front for descending; unknown values come last", example = "-startedAt"),
        ("fields" = Option<String>, Query, description = "Only these fields of each item, separated by commas", example = "id,outcome"),
    ),
    responses(
        (status = 200, description = "A page of runs", body = List<RunBody>),
        (status = 400, description = "Every wrong parameter", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Your role lacks `runs:read`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests; see Retry-After", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The database cannot be used", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<List<RunBody>>, ApiError> {
    caller.require(Capability::RunsRead)?;
    let keys = state.keys.current();
    let request = ListRequest::parse(query.as_deref(), &definition(), &keys, state.clock.now())?;
    let (page, total) = run_list::page(&state.pool, &request.query).await?;
    let sources = coverage::of_sources(&state.pool, SOURCES).await?;
    let next_cursor = request.next_cursor(page.next, &keys);
    let items = page.rows.into_iter().map(RunBody::from).collect();
    Ok(Json(List {
        items: (items, request.fields),
        next_cursor,
        coverage: sources.into(),
        as_of: request.as_of,
        total: total.into(),
    }))
}

fn definition() -> ListDefinition {
    ListDefinition {
        name: "sync-runs",
        properties: PROPERTIES.to_vec(),
        sort_columns: SORT_COLUMNS.to_vec(),
        default_order: Order { column: DEFAULT_SORT, direction: Direction::Descending },
        fields: FIELDS,
    }
}
