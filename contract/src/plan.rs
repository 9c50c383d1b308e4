//! The plan: everything a pod needs to know beyond its secrets, made by the operator
//! from a custom resource and carried in one environment variable.
//!
//! Secrets never travel in it: it only says which mounted Secret to read.

use std::collections::{BTreeMap, BTreeSet};

use identifiers::{AccountId, ObjectRef, Region, Source};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use url::Url;

pub use self::retention::Retention;

mod retention;

/// The newest version this build writes, and reads beside those before it. A plan has the
/// lowest version that can say it, so that a pod of an older release refuses what it would
/// misread and does everything else:
///
/// | version | what it says |
/// |---|---|
/// | 1 | everything but what follows |
/// | 2 | [`SyncPlan::desktops`], which an older pod would pass over and read all instead |
pub const PLAN_VERSION: u32 = 2;
/// The most desktops that a plan may name.
pub const MAX_PLAN_DESKTOPS: usize = 500;
/// The longest plan, in bytes of JSON: an environment variable has to stay well below
/// the kernel's 128 KiB for one string.
pub const MAX_PLAN_BYTES: usize = 64 * 1024;

/// A plan with its version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The lowest that can say `task`, up to [`PLAN_VERSION`].
    pub version: u32,
    /// What to do.
    #[serde(flatten)]
    pub task: Task,
}

/// What a pod is asked to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "camelCase")]
pub enum Task {
    /// Read AWS and store what was seen: `deskfleet-sync run`.
    Sync(SyncPlan),
    /// Prove credentials, account id and permissions: `deskfleet-sync probe`.
    Probe(ProbePlan),
}

/// One run of a `SyncSchedule`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncPlan {
    /// The schedule this run belongs to.
    pub schedule: ObjectRef,
    /// Why it runs.
    pub trigger: Trigger,
    /// The account to read.
    pub account: AccountPlan,
    /// What to read.
    pub sources: BTreeSet<Source>,
    /// Where to read; a subset of the account's regions.
    pub regions: BTreeSet<Region>,
    /// How many pods share the run, 1–32.
    pub parallelism: u32,
    /// How long to wait before the first call, 0–900 seconds, decided by the operator so
    /// that many schedules at the same minute spread out. A run on request has 0.
    pub jitter_seconds: u32,
    /// How many days back the metrics of a desktop that is new are read, 1–455. `None` is as
    /// far as CloudWatch keeps them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics_history_days: Option<u32>,
    /// Read these desktops only, at most [`MAX_PLAN_DESKTOPS`], by the sources that read
    /// desktop by desktop; empty for all desktops and every source.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub desktops: BTreeSet<String>,
}

/// One probe of a `WorkspaceAccount`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProbePlan {
    /// The account to prove.
    pub account: AccountPlan,
}

/// Why a run was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Trigger {
    /// By its schedule.
    Schedule,
    /// By annotation `deskfleet.dev/run-requested-at`.
    Request,
}

/// An AWS account and how to reach it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountPlan {
    /// The `WorkspaceAccount` it comes from.
    pub object: ObjectRef,
    /// The account that credentials must turn out to belong to.
    pub account_id: AccountId,
    /// The account's regions.
    pub regions: BTreeSet<Region>,
    /// How to sign requests.
    pub credentials: Credentials,
    /// Use FIPS 140 endpoints.
    #[serde(default)]
    pub use_fips: bool,
    /// Overrides of the built-in pace, by operation name such as `DescribeWorkspaces`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pace: BTreeMap<String, Pace>,
    /// What may be spent on paid calls.
    #[serde(default)]
    pub budget: Budget,
    /// How long what was read is kept.
    #[serde(default, skip_serializing_if = "Retention::is_of_the_installation")]
    pub retention: Retention,
    /// Where `WorkSpaces` access events arrive; they are not read without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_events: Option<AccessEvents>,
    /// Where the account's cost export lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_export: Option<CostExport>,
    /// Where to send requests instead of AWS; the operator has checked the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint_url: Option<Url>,
    /// Send STS calls to `endpoint_url` as well.
    #[serde(default)]
    pub endpoint_serves_sts: bool,
}

/// How requests are signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Credentials {
    /// By the keys in the folder of [`crate::environment::AWS_KEYS_DIR`] or the pod's own identity.
    Direct(Sign),
    /// By a role assumed with those.
    #[serde(rename_all = "camelCase")]
    AssumeRole {
        /// The role's ARN.
        role_arn: String,
        /// Send the external id in the folder of [`crate::environment::EXTERNAL_ID_DIR`].
        external_id: bool,
        /// Tags of the session.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        session_tags: BTreeMap<String, String>,
        /// Who assumes it.
        from: Sign,
    },
}

/// Where the first credentials come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Sign {
    /// EKS Pod Identity or a web identity token (IRSA).
    Ambient,
    /// The mounted Secret.
    Secret,
}

/// A rate limit: at most `rate × window + burst` calls in any window.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pace {
    /// Calls per second, above 0.
    pub rate: f64,
    /// Calls that may come at once, at least 1.
    pub burst: u32,
}

/// Limits on what paid calls may cost. `None` is the built-in default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Budget {
    /// Requests to Cost Explorer in a UTC day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_explorer_requests_per_day: Option<u32>,
    /// US dollars in a UTC month for `CloudWatch` metrics.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud_watch_usd_per_month: Option<Decimal>,
}

/// A queue of `WorkSpaces` access events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessEvents {
    /// The URL of the SQS queue; its host names the region.
    pub queue_url: Url,
}

/// A cost and usage export (CUR 2.0, AWS Data Exports) in S3. Its keys begin with
/// `<prefix>/<export name>/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CostExport {
    /// The bucket.
    pub bucket: String,
    /// The part of the keys before the export's name, without a slash at either end; may be
    /// empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// The export's name; without it the only one that lies under the prefix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export_name: Option<String>,
    /// The bucket's region.
    pub region: Region,
    /// Where to ask for objects instead of S3 and of the account's endpoint; the operator
    /// has checked the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint_url: Option<Url>,
}

/// A plan that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum InvalidPlan {
    /// Longer than [`MAX_PLAN_BYTES`].
    #[error("the plan has {bytes} bytes, at most {MAX_PLAN_BYTES} are allowed")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Written by another release.
    #[error(
        "the plan has version {found}, this program reads versions 1 to {PLAN_VERSION}: use the image of the operator's release"
    )]
    Version {
        /// Its version.
        found: u32,
    },
    /// It says what only a later version can say, so a pod might have misread it.
    #[error("the plan has version {found}, but names desktops, which takes version 2: let the operator write it")]
    TooLow {
        /// Its version.
        found: u32,
    },
    /// It names more than [`MAX_PLAN_DESKTOPS`].
    #[error("the plan names {count} desktops, at most {MAX_PLAN_DESKTOPS} are allowed: ask for fewer, or for all")]
    TooManyDesktops {
        /// How many.
        count: usize,
    },
    /// Not the JSON of a plan.
    #[error("the plan in DESKFLEET_PLAN is not valid")]
    Json(#[source] serde_json::Error),
}

impl Plan {
    /// A plan of the lowest version that can say `task`.
    pub fn new(task: Task) -> Self {
        Self { version: task.version(), task }
    }

    /// Reads a plan; the version is checked before anything else, so that a newer plan
    /// gets the error that helps.
    pub fn parse(json: &str) -> Result<Self, InvalidPlan> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        if json.len() > MAX_PLAN_BYTES {
            return Err(InvalidPlan::TooLong { bytes: json.len() });
        }
        let Version { version } = serde_json::from_str(json).map_err(InvalidPlan::Json)?;
        if !(1..=PLAN_VERSION).contains(&version) {
            return Err(InvalidPlan::Version { found: version });
        }
        let plan: Self = serde_json::from_str(json).map_err(InvalidPlan::Json)?;
        if plan.version < plan.task.version() {
            return Err(InvalidPlan::TooLow { found: version });
        }
        plan.task.check()?;
        Ok(plan)
    }

    /// The plan as JSON, the same text for the same plan.
    pub fn to_json(&self) -> Result<String, InvalidPlan> {
        self.task.check()?;
        let json = serde_json::to_string(self).map_err(InvalidPlan::Json)?;
        if json.len() > MAX_PLAN_BYTES {
            return Err(InvalidPlan::TooLong { bytes: json.len() });
        }
        Ok(json)
    }
}

impl Task {
    /// The lowest version of a plan that can say this.
    fn version(&self) -> u32 {
        if self.desktops().is_empty() { 1 } else { 2 }
    }

    fn check(&self) -> Result<(), InvalidPlan> {
        let count = self.desktops().len();
        if count > MAX_PLAN_DESKTOPS { Err(InvalidPlan::TooManyDesktops { count }) } else { Ok(()) }
    }

    fn desktops(&self) -> &BTreeSet<String> {
        static NONE: BTreeSet<String> = BTreeSet::new();
        match self {
            Self::Sync(plan) => &plan.desktops,
            Self::Probe(_) => &NONE,
        }
    }
}

#[cfg(test)]
mod tests;
