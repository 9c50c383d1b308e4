//! `GET /workspaces`

use axum::{
    Extension, Json,
    extract::{RawQuery, State},
    response::{IntoResponse as _, Response},
};
use store::{
    access_log::{self, Action, Entry},
    coverage,
    filter::Property,
    list::{Direction, Order, SortColumn},
    workspace_list::{self, DEFAULT_SORT, GONE, PERSONAL, PROPERTIES, SORT_COLUMNS, WorkspaceRow},
};

use super::{
    SOURCES,
    body::{FIELDS, WorkspaceBody},
    columns::COLUMNS,
};
use crate::{
    AppState,
    export::{self, Export, ExportedFile, ROW_LIMIT},
    identity::{Caller, Capability, Visitor},
    list::{Coverage, List, ListDefinition, ListRequest},
    problem::{ApiError, Problem},
};

/// Lists WorkSpaces.
///
/// Those that are gone are left out unless the filter speaks of `gone` (`gone = true`).
/// Without `personal:read` the fields `userName`, `computerName` and `ipAddress` are `null`
/// and cannot be filtered or sorted by.
#[utoipa::path(
    get, path = "/workspaces", tag = "workspaces", operation_id = "listWorkspaces",
    params(
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Items of a page, 50 without a wish"),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before, with the same sort and filter"),
        ("filter" = Option<String>, Query, description = "See docs/reference/filter-grammar.md", example = "state = (available, stopped) and region = us-east-1 and lastConnectedAt < 30d"),
        ("sort" = Option<String>, Query, description = "A field, with `-` in front for descending; unknown values come last", example = "-lastConnectedAt"),
        ("fields" = Option<String>, Query, description = "Only these fields of each item, separated by commas", example = "id,state"),
        ("format" = Option<String>, Query, description = "A file of all rows instead of a page: `csv`, `xlsx` or `jsonl`; needs `exports:create`. See docs/reference/exports.md", example = "csv"),
    ),
    responses(
        (
            status = 200, description = "A page of WorkSpaces; with `format` a file of all of them",
            content((List<WorkspaceBody> = "application/json"), (String = "text/csv"), (ExportedFile = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "application/jsonl")),
            headers(
                ("content-disposition" = String, description = "With `format`: the file's name"),
                ("x-deskfleet-rows" = u32, description = "With `format`: how many rows the file has"),
                ("x-deskfleet-as-of" = String, description = "With `format`: when the rows were read"),
                ("x-deskfleet-coverage" = String, description = "With `format`: `complete` or `incomplete`, and of how many sources"),
            ),
        ),
        (status = 400, description = "Every wrong parameter", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Your role lacks `workspaces:read`", body = Problem, content_type = "application/problem+json"),
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
    caller.require(Capability::WorkspacesRead)?;
    let keys = state.keys.current();
    let request = ListRequest::parse(query.as_deref(), &definition(&caller), &keys, state.clock.now())?;
    let with_gone = request.filters_by(GONE) || request.filters_by("goneAt");
    if let Some(format) = request.format {
        let slot = export::place(&state, &caller, format)?;
        let coverage = coverage::of_sources(&state.pool, SOURCES).await?.into();
        let rows = workspace_list::export(&state.pool, &request.query, with_gone, ROW_LIMIT).await?;
        let list = file(caller, coverage);
        return export::respond(&state, (caller, visitor, slot), (request, format), list, rows).await;
    }
    let (page, total) = workspace_list::page(&state.pool, &request.query, with_gone).await?;
    let sources = coverage::of_sources(&state.pool, SOURCES).await?;
    if caller.may(Capability::PersonalRead) {
        let entry = Entry::by_person(Action::PersonalDataRead, caller.person, visitor.address, visitor.request_id);
        let details = serde_json::json!({"list": "workspaces", "filter": request.filter_text, "rows": page.rows.len()});
        access_log::record(&state.pool, &entry.with_details(details)).await?;
    }
    let next_cursor = request.next_cursor(page.next, &keys);
    let items = page.rows.into_iter().map(|row| WorkspaceBody::seen_by(&caller, row)).collect();
    Ok(Json(List {
        items: (items, request.fields),
        next_cursor,
        coverage: sources.into(),
        as_of: request.as_of,
        total: total.into(),
    })
    .into_response())
}

/// The list as a file, as this caller may see it.
fn file(caller: Caller, coverage: Coverage) -> Export<WorkspaceRow, WorkspaceBody> {
    let personal = caller.may(Capability::PersonalRead);
    Export {
        list: "workspaces",
        title: "WorkSpaces",
        action: if personal { Action::PersonalDataRead } else { Action::ListExported },
        columns: COLUMNS,
        seen: Box::new(move |row| WorkspaceBody::seen_by(&caller, row)),
        coverage,
    }
}

/// What this caller may filter and sort by.
fn definition(caller: &Caller) -> ListDefinition {
    let open = caller.may(Capability::PersonalRead);
    let may = |name: &str| open || !PERSONAL.contains(&name);
    ListDefinition {
        name: "workspaces",
        properties: PROPERTIES.iter().copied().filter(|property: &Property| may(property.name)).collect(),
        sort_columns: SORT_COLUMNS.iter().copied().filter(|column: &SortColumn| may(column.name)).collect(),
        default_order: Order { column: DEFAULT_SORT, direction: Direction::Ascending },
        fields: FIELDS,
    }
}
