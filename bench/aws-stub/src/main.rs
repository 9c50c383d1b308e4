//! A fast stand-in for AWS, for measuring clients: every answer is made before the first
//! request, so the server costs next to nothing and serves every client alike.
//!
//! It knows one directory with `--desktops` desktops in any region, and five operations.
//! Deliberately absent: checking, faults, throttling, truth. What is true comes from
//! `sandbox/aws`; a client is only measured here after it was compared there.

mod answers;

use std::{net::SocketAddr, sync::Arc};

use answers::Answers;
use anyhow::Context;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
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

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let answers = Arc::new(Answers::new(&arguments.account, arguments.desktops));
    let router = Router::new().route("/", post(answer)).with_state(answers);
    let listener = tokio::net::TcpListener::bind(arguments.listen)
        .await
        .with_context(|| format!("cannot listen on {}", arguments.listen))?;
    axum::serve(listener, router).await.context("the server stopped")
}

async fn answer(State(answers): State<Arc<Answers>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let json = match target.rsplit('.').next().unwrap_or_default() {
        "DescribeWorkspaces" => answers.workspaces(&body),
        "DescribeWorkspacesConnectionStatus" => answers::connection_status(&body),
        "DescribeWorkspaceDirectories" => Some(answers.workspace_directories()),
        "DescribeDirectories" => Some(answers.directories()),
        "" => return xml(answers.caller_identity()),
        // Details of directories: the fleet has none, and a peer would not ask.
        "DescribeIpGroups"
        | "DescribeConnectionAliases"
        | "DescribeAccount"
        | "DescribeAccountModifications"
        | "DescribeClientProperties"
        | "DescribeDomainControllers"
        | "DescribeTrusts"
        | "DescribeLDAPSSettings"
        | "DescribeSnapshots"
        | "GetSnapshotLimits"
        | "GetDirectoryLimits"
        | "ListCertificates"
        | "ListLogSubscriptions" => Some(Bytes::from_static(b"{}")),
        _ => None,
    };
    match json {
        Some(json) => ([(header::CONTENT_TYPE, "application/x-amz-json-1.1")], json).into_response(),
        None => (StatusCode::BAD_REQUEST, r#"{"__type":"UnknownOperationException"}"#).into_response(),
    }
}

fn xml(body: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "text/xml")], body).into_response()
}
