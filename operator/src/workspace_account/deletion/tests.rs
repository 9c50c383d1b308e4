//! How an account ends: what is decided, what is waited for, and what is asked of the API server.

mod decisions;
mod requests;
mod work;

use std::sync::Arc;

use crds::{DeletionPolicy, WorkspaceAccount};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    purges::Purges,
    situation::{Rows, Situation},
};
use crate::fixtures::an_account;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An account that is being deleted with its rows.
fn a_deleted_account(change: impl FnOnce(&mut Value)) -> Arc<WorkspaceAccount> {
    an_account(|json| {
        json["spec"]["deletionPolicy"] = json!("Delete");
        json["metadata"]["finalizers"] = json!(["deskfleet.dev/purge"]);
        json["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
        json["status"] = json!({"lastProvenTime": "2025-12-31T00:00:00Z"});
        change(json);
    })
}

/// Nothing is left that writes, since midnight.
fn quiet() -> Situation {
    Situation {
        policy: DeletionPolicy::Delete,
        is_paused: false,
        namespace_ends: false,
        rows: Rows::Ours,
        children_go: false,
        work_left: None,
        purges: Purges::default(),
        quiet_since: Some(at("2026-01-01T00:00:00Z")),
        last_words: None,
    }
}
