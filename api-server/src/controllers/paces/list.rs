//! `GET /paces`

use axum::{
    Extension, Json,
    extract::{RawQuery, State},
    response::{IntoResponse as _, Response},
};
use store::{
    access_log::Action,
    list::{Direction, Order},
    pace_list::{self, DEFAULT_SORT, PROPERTIES, PaceRow, SORT_COLUMNS},
};

use super::{
    body::{FIELDS, PaceBody},
    columns::COLUMNS,
};
use crate::{
    AppState,
    export::{self, Export, ExportedFile, ROW_LIMIT},
    identity::{Caller, Capability, Visitor},
    list::{Coverage, List, ListDefinition, ListRequest},
    problem::{ApiError, Problem},
};

/// Lists how fast AWS may be called, what was throttled last first.
///
/// The buckets are deskfleet's own, so no source stands behind them and `coverage` is empty.
#[utoipa::path(
    get, path = "/paces", tag = "sync-runs", operation_id = "listPaces",
    params(
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Items of a page, 50 without a wish"),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before, with the same sort and filter"),
        ("filter" = Option<String>, Query, description = "See docs/reference/filter-grammar.md", example = "isSlowed = true and accountId = 123456789012"),
        ("sort" = Option<String>, Query, description = "A field, with `-` in front for descending; unknown values come last", example = "-throttledAt"),
        ("fields" = Option<String>, Query, description = "Only these fields of each item, separated by commas", example = "operation,allowedPerSecond"),
        ("format" = Option<String>, Query, description = "A file of all rows instead of a page: `csv`, `xlsx` or `jsonl`; needs `exports:create`. See docs/reference/exports.md", example = "csv"),
    ),
    responses(
        (
            status = 200, description = "A page of paces; with `format` a file of all of them",
            content((List<PaceBody> = "application/json"), (String = "text/csv"), (ExportedFile = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "application/jsonl")),
            headers(
                ("content-disposition" = String, description = "With `format`: the file's name"),
                ("x-deskfleet-rows" = u32, description = "With `format`: how many rows the file has"),
                ("x-deskfleet-as-of" = String, description = "With `format`: when the rows were read"),
            ),
        ),
        (status = 400, description = "Every wrong parameter", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Your role lacks `runs:read`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests, or your export before is not done; see Retry-After", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The database cannot be used", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(state): State<AppState>,
    Extension(visitor): Extension<Visitor>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    caller.require(Capability::RunsRead)?;
    let keys = state.keys.current();
    let request = ListRequest::parse(query.as_deref(), &definition(), &keys, state.clock.now())?;
    if let Some(format) = request.format {
        let slot = export::place(&state, &caller, format)?;
        let rows = pace_list::export(&state.pool, &request.query, ROW_LIMIT).await?;
        return export::respond(&state, (caller, visitor, slot), (request, format), file(), rows).await;
    }
    let (page, total) = pace_list::page(&state.pool, &request.query).await?;
    let next_cursor = request.next_cursor(page.next, &keys);
    let items = page.rows.into_iter().map(PaceBody::from).collect();
    Ok(Json(List {
        items: (items, request.fields),
        next_cursor,
        coverage: Coverage::own(),
        as_of: request.as_of,
        total: total.into(),
    })
    .into_response())
}

fn file() -> Export<PaceRow, PaceBody> {
    Export {
        list: "paces",
        title: "Paces",
        action: Action::ListExported,
        columns: COLUMNS,
        seen: Box::new(PaceBody::from),
        coverage: Coverage::own(),
    }
}

fn definition() -> ListDefinition {
    ListDefinition {
        name: "paces",
        properties: PROPERTIES.to_vec(),
        sort_columns: SORT_COLUMNS.to_vec(),
        default_order: Order { column: DEFAULT_SORT, direction: Direction::Descending },
        fields: FIELDS,
    }
}
