//! A fast stand-in for AWS, for measuring clients: every answer is made before the first
//! request, so the server costs next to nothing and serves every client alike.
//!
//! It knows one directory with `--desktops` desktops in any region, and the operations that
//! reading it takes. `GET /calls` tells how often each was called.
//! Deliberately absent: checking, faults, throttling, truth. What is true comes from
//! `sandbox/aws`; a client is only measured here after it was compared there.

mod answers;
mod calls;
mod metrics;

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};

use answers::Answers;
use anyhow::Context;
use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use calls::Calls;
use clap::Parser;

/// A fast stand-in for AWS, for measuring clients.
#[derive(Parser)]
struct Arguments {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:5099")]
    listen: SocketAddr,
    /// How many desktops the directory has.
    #[arg(long, default_value_t = 10_000)]
    desktops: usize,
    /// The account that every caller belongs to.
    #[arg(long, default_value = "111111111111")]
    account: String,
}

/// What the server answers from, and what it counts.
struct Stub {
    answers: Answers,
    calls: Calls,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let answers = Answers::new(&arguments.account, arguments.desktops);
    let stub = Arc::new(Stub { answers, calls: Calls::default() });
    let router = Router::new()
        .route("/", post(answer))
        .route("/service/GraniteServiceVersion20100801/operation/GetMetricData", post(metric_data))
        .route("/calls", get(calls))
        .with_state(stub);
    let listener = tokio::net::TcpListener::bind(arguments.listen)
        .await
        .with_context(|| format!("cannot listen on {}", arguments.listen))?;
    axum::serve(listener, router).await.context("the server stopped")
}

async fn calls(State(stub): State<Arc<Stub>>) -> Json<BTreeMap<String, u64>> {
    Json(stub.calls.counts())
}

async fn answer(State(stub): State<Arc<Stub>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let operation = target.rsplit('.').next().unwrap_or_default();
    stub.calls.add(if operation.is_empty() { "GetCallerIdentity" } else { operation }, 1);
    let answers = &stub.answers;
    let json = match operation {
        "DescribeWorkspaces" => answers.workspaces(&body),
        "DescribeWorkspacesConnectionStatus" => answers::connection_status(&body),
        "DescribeTags" => Some(answers::tags_of_one()),
        "GetResources" => answers.resources(&body),
        "DescribeWorkspaceDirectories" => Some(answers.workspace_directories()),
        "DescribeDirectories" => Some(answers.directories()),
        "" => return xml(answers.caller_identity()),
        _ if EMPTY.contains(&operation) => Some(Bytes::from_static(b"{}")),
        _ => None,
    };
    match json {
        Some(json) => ([(header::CONTENT_TYPE, "application/x-amz-json-1.1")], json).into_response(),
        None => (StatusCode::BAD_REQUEST, r#"{"__type":"UnknownOperationException"}"#).into_response(),
    }
}

/// Operations of which the fleet has nothing to tell, so that only the call is measured.
const EMPTY: &[&str] = &[
    "DescribeAccount",
    "DescribeAccountModifications",
    "DescribeClientProperties",
    "DescribeConnectionAliases",
    "DescribeDomainControllers",
    "DescribeIpGroups",
    "DescribeLDAPSSettings",
    "DescribeSnapshots",
    "DescribeTrusts",
    "DescribeWorkspaceBundles",
    "DescribeWorkspaceImages",
    "DescribeWorkspacesPools",
    "GetDirectoryLimits",
    "GetSnapshotLimits",
    "ListAWSDefaultServiceQuotas",
    "ListCertificates",
    "ListLogSubscriptions",
    "ListServiceQuotas",
    "LookupEvents",
];

/// `cloudwatch:GetMetricData`; metrics are counted by their period, since they are what costs.
async fn metric_data(State(stub): State<Arc<Stub>>, body: Bytes) -> Response {
    stub.calls.add("GetMetricData", 1);
    let Some(request) = metrics::Request::read(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    for query in &request.queries {
        stub.calls.add(&format!("metrics of {} s", query.period), 1);
    }
    let headers = [(header::CONTENT_TYPE.as_str(), "application/cbor"), ("smithy-protocol", "rpc-v2-cbor")];
    (headers, request.answer()).into_response()
}

fn xml(body: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "text/xml")], body).into_response()
}
