//! The report a pod leaves as its termination message, and how the reports of the pods
//! of one Indexed Job add up.
//!
//! Kubernetes keeps 4,096 bytes of it, so free text is cut before facts are.

use std::collections::BTreeMap;

use identifiers::Source;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The version this build writes.
pub const REPORT_VERSION: u32 = 1;
/// What the kubelet keeps of a termination message.
pub const MAX_REPORT_BYTES: usize = 4096;
const MAX_ERRORS: usize = 3;
const MAX_ERROR_CHARS: usize = 200;

/// How a run or probe ended. Ordered from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Another run holds the schedule's lease; nothing was done.
    Skipped,
    /// Everything asked for was read.
    Complete,
    /// Some of it was read.
    Partial,
    /// Nothing of use was read.
    Failed,
}

/// A pod's report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// [`REPORT_VERSION`].
    pub version: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// A word for machines, `PascalCase`, such as `AccessDenied`.
    pub reason: String,
    /// A sentence for people.
    pub message: String,
    /// Things read, by source.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<Source, u64>,
    /// Calls made to AWS, retries included.
    #[serde(default)]
    pub calls: u64,
    /// What those calls cost, in US dollars.
    #[serde(default)]
    pub cost: Decimal,
    /// At most three errors of at most 200 characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
    /// What only this kind of job has to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Details>,
}

/// What only one kind of job has to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Details {
    /// Of a sync.
    Sync(SyncDetails),
    /// Of a probe.
    Probe(ProbeDetails),
}

/// Steps of a sync run by how they ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncDetails {
    /// Steps that read everything.
    pub complete: u64,
    /// Steps that read a part.
    pub partial: u64,
    /// Steps that read nothing.
    pub failed: u64,
}

/// What a probe found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProbeDetails {
    /// The account the credentials belong to, from `sts:GetCallerIdentity`.
    pub caller_account: Option<String>,
    /// The ARN that AWS sees.
    pub caller_arn: Option<String>,
    /// Each permission group and whether it is there.
    pub permissions: Vec<PermissionGroup>,
}

/// A group of permissions that one source needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PermissionGroup {
    /// The source that needs them.
    pub source: Source,
    /// Whether they are there.
    pub state: PermissionState,
    /// The IAM actions that were denied, such as `workspaces:DescribeWorkspaces`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// Whether a permission is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PermissionState {
    /// A call succeeded.
    Granted,
    /// A call was denied.
    Denied,
    /// No call could tell, the service answered otherwise.
    Unknown,
}

/// A termination message that is no report.
#[derive(Debug, thiserror::Error)]
pub enum InvalidReport {
    /// Not the JSON of a report; a crash leaves the end of its log here.
    #[error("the termination message is not a report")]
    Json(#[source] serde_json::Error),
    /// Written by another release.
    #[error("the report has version {found}, this program reads version {REPORT_VERSION}")]
    Version {
        /// Its version.
        found: u32,
    },
}

impl Report {
    /// A report with no counts yet.
    pub fn new(outcome: Outcome, reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            version: REPORT_VERSION,
            outcome,
            reason: reason.into(),
            message: message.into(),
            counts: BTreeMap::new(),
            calls: 0,
            cost: Decimal::ZERO,
            errors: Vec::new(),
            details: None,
        }
    }

    /// Reads a termination message.
    pub fn parse(message: &str) -> Result<Self, InvalidReport> {
        let report: Self = serde_json::from_str(message.trim()).map_err(InvalidReport::Json)?;
        if report.version == REPORT_VERSION {
            Ok(report)
        } else {
            Err(InvalidReport::Version { found: report.version })
        }
    }

    /// The termination message: at most [`MAX_REPORT_BYTES`] bytes of JSON. Errors go
    /// first, then the message is shortened, then details; counts always stay.
    pub fn to_message(&self) -> String {
        let mut report = self.clone();
        report.errors.truncate(MAX_ERRORS);
        for error in &mut report.errors {
            shorten(error, MAX_ERROR_CHARS);
        }
        shorten(&mut report.message, 1024);
        shorten(&mut report.reason, 64);
        let shrink: [fn(&mut Self); 4] = [
            |report| report.errors.truncate(1),
            |report| shorten(&mut report.message, 256),
            |report| report.errors.clear(),
            |report| report.details = None,
        ];
        let mut text = report.json();
        for step in shrink {
            if text.len() <= MAX_REPORT_BYTES {
                break;
            }
            step(&mut report);
            text = report.json();
        }
        text
    }

    fn json(&self) -> String {
        serde_json::to_string(self).expect("a report is plain data with text keys")
    }
}

/// Adds up the reports of the pods of one run: counts, calls and cost are summed, the
/// worst outcome wins with its reason and message, errors are gathered. `Skipped` only
/// if all pods skipped. `None` without reports.
pub fn combine(reports: impl IntoIterator<Item = Report>) -> Option<Report> {
    reports.into_iter().reduce(|mut left, right| {
        for (source, count) in right.counts {
            *left.counts.entry(source).or_default() += count;
        }
        left.calls += right.calls;
        left.cost += right.cost;
        left.errors.extend(right.errors);
        left.errors.truncate(MAX_ERRORS);
        left.details = combine_details(left.details, right.details);
        if right.outcome > left.outcome {
            left.outcome = right.outcome;
            left.reason = right.reason;
            left.message = right.message;
        }
        left
    })
}

fn combine_details(left: Option<Details>, right: Option<Details>) -> Option<Details> {
    match (left, right) {
        (Some(Details::Sync(left)), Some(Details::Sync(right))) => Some(Details::Sync(SyncDetails {
            complete: left.complete + right.complete,
            partial: left.partial + right.partial,
            failed: left.failed + right.failed,
        })),
        (left, right) => left.or(right),
    }
}

fn shorten(text: &mut String, most: usize) {
    let cut = text.char_indices().nth(most.saturating_sub(1)).map(|(index, _)| index);
    if let Some(cut) = cut.filter(|_| text.chars().nth(most).is_some()) {
        text.truncate(cut);
        text.push('…');
    }
}

#[cfg(test)]
mod tests;
