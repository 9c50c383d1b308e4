//! The controller as a whole: what it renders, when it probes, what it says.

mod conditions;
mod probing;
mod requests;
mod states;

use std::sync::Arc;

use contract::{Details, Outcome, PermissionGroup, PermissionState, ProbeDetails, Report};
use crds::WorkspaceAccount;
use identifiers::Source;

pub(crate) use self::states::states;
use super::dereference::Seen;

const ACCOUNT_UID: &str = "00000000-0000-0000-0000-000000000001";

/// An account with nothing around it.
fn seen(account: &Arc<WorkspaceAccount>) -> Seen {
    Seen { account: Arc::clone(account), jobs: Vec::new(), pods: Vec::new(), taken: None }
}

/// A report of a probe that AWS answered.
fn answered(outcome: Outcome, missing: &[&str]) -> Report {
    let state = if missing.is_empty() { PermissionState::Granted } else { PermissionState::Denied };
    let missing = missing.iter().map(|action| (*action).to_owned()).collect();
    let mut report = Report::new(outcome, "Complete", "proven");
    report.details = Some(Details::Probe(ProbeDetails {
        caller_account: Some("123456789012".to_owned()),
        caller_arn: Some("arn:aws:iam::123456789012:user/deskfleet".to_owned()),
        permissions: vec![PermissionGroup { source: Source::Inventory, state, missing }],
    }));
    report
}
