//! The answer to a request for a file: checks, one log entry, headers, and a body that comes
//! as rows are read.

use std::time::Duration;

use axum::{body::Body, response::Response};
use http::{HeaderName, HeaderValue, header};
use jiff::Timestamp;
use store::{
    access_log::{self, Action, Entry},
    list::ExportError,
};
use tabular::{About, Cell, Format};
use tokio::sync::mpsc;

use super::{
    column::{Column, chosen},
    produce::{Production, pieces, produce},
    slots::Slot,
};
use crate::{
    AppState,
    identity::{Caller, Capability, Visitor},
    list::{Coverage, ListRequest},
    problem::ApiError,
};

/// Rows of a file at most. As a workbook so many desktops have taken 76 MB of the pod's `/tmp`,
/// which is limited to 128 MB.
pub const ROW_LIMIT: u32 = 50_000;
/// Pieces that wait for a slow client.
const WAITING: usize = 2;

const ROWS: HeaderName = HeaderName::from_static("x-deskfleet-rows");
const AS_OF: HeaderName = HeaderName::from_static("x-deskfleet-as-of");
const COVERAGE: HeaderName = HeaderName::from_static("x-deskfleet-coverage");

/// What a list brings.
pub struct Export<R, B: 'static> {
    /// In the file's name.
    pub list: &'static str,
    /// The workbook's first sheet.
    pub title: &'static str,
    /// What the entry in the access log is about.
    pub action: Action,
    /// All columns.
    pub columns: &'static [Column<B>],
    /// A row as the caller may see it.
    pub seen: Box<dyn Fn(R) -> B + Send>,
    /// How completely the sources were read.
    pub coverage: Coverage,
}

/// Takes the caller's place, or says why there is none.
pub fn place(state: &AppState, caller: &Caller, format: Format) -> Result<Slot, ApiError> {
    caller.require(Capability::ExportsCreate)?;
    state.exports.take(caller.session, format).ok_or(ApiError::RateLimited { retry_after: Duration::from_secs(5) })
}

/// Answers with a file of all `rows`.
pub async fn respond<R, B>(
    state: &AppState,
    (caller, visitor, slot): (Caller, Visitor, Slot),
    (request, format): (ListRequest, Format),
    export: Export<R, B>,
    rows: store::list::Export<R>,
) -> Result<Response, ApiError>
where
    R: store::list::Row + 'static,
    B: Send + 'static,
{
    let details = serde_json::json!({
        "list": export.list, "filter": request.filter_text, "rows": rows.count(), "format": format.name(),
    });
    let entry = Entry::by_person(export.action, caller.person, visitor.address, visitor.request_id);
    access_log::record(&state.pool, &entry.with_details(details)).await?;
    let about = about(&request, &export.coverage, rows.count());
    let headers = headers(&export, &request, format, rows.count());
    let (sender, receiver) = mpsc::channel(WAITING);
    let production = Production {
        title: export.title,
        columns: chosen(export.columns, request.fields.as_deref()),
        seen: export.seen,
        rows,
        about,
        format,
    };
    tokio::spawn(produce(production, sender, state.standings.watch(caller), state.stop.clone(), slot));
    let mut response = Response::new(Body::from_stream(pieces(receiver)));
    response.headers_mut().extend(headers);
    Ok(response)
}

fn about(request: &ListRequest, coverage: &Coverage, rows: u32) -> About {
    let facts = vec![
        ("rows", i64::from(rows).into()),
        ("asOf", request.as_of.into()),
        ("filter", request.filter_text.as_str().into()),
        ("sort", request.query.order.name().into()),
        ("complete", coverage.complete.into()),
    ];
    let rows = coverage.sources.iter().map(|source| {
        let texts = [&source.source, &source.account, &source.region, &source.state];
        let mut cells: Vec<Cell> = texts.into_iter().map(|text| text.as_str().into()).collect();
        cells.push(source.as_of.into());
        cells
    });
    let names = vec!["source", "account", "region", "state", "asOf"];
    About { facts, list: "sources", names, rows: rows.collect() }
}

/// Everything that a program wants to know before the first row, and that CSV has no place
/// for. All of it is ours: nothing of the data or the request gets into a header.
fn headers<R, B>(
    export: &Export<R, B>,
    request: &ListRequest,
    format: Format,
    rows: u32,
) -> [(HeaderName, HeaderValue); 5] {
    let sources = &export.coverage.sources;
    let complete = sources.iter().filter(|source| source.state == "complete").count();
    let verdict = if export.coverage.complete { "complete" } else { "incomplete" };
    let coverage = format!("{verdict}; sources={}; complete={complete}", sources.len());
    let disposition = format!("attachment; filename=\"{}\"", file_name(export.list, request.as_of, format));
    [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.media_type())),
        (header::CONTENT_DISPOSITION, text(disposition)),
        (ROWS, HeaderValue::from(rows)),
        (AS_OF, text(request.as_of.to_string())),
        (COVERAGE, text(coverage)),
    ]
}

/// `deskfleet-workspaces-20261125T120000Z.csv`
fn file_name(list: &str, as_of: Timestamp, format: Format) -> String {
    format!("deskfleet-{list}-{}.{format}", as_of.strftime("%Y%m%dT%H%M%SZ"))
}

fn text(value: String) -> HeaderValue {
    HeaderValue::try_from(value).expect("names, numbers and times of ours are visible ASCII")
}

impl From<ExportError> for ApiError {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Query(error) => error.into(),
            ExportError::TooMany { at_most } => Self::field(
                "/query/filter",
                format!("it finds more than {at_most} rows, and a file holds no more"),
                "narrow it down, for instance by account, region or state, and take the parts one by one",
            ),
        }
    }
}
