//! The purge Jobs of an account: what is at work, and how the others ended. Reads caches only.

use crds::WorkspaceAccount;
use jiff::Timestamp;
use k8s_openapi::api::{batch::v1::Job, core::v1::Pod};
use kube::ResourceExt as _;

use crate::{
    jobs::{End, JobReport, ending, pods_of, report, waiting_for},
    pods::{COMPONENT, Purpose},
    watch::Caches,
    workspace_account::dereference::{own_jobs, owner},
};

/// What became of the purges so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Purges {
    /// One that completed.
    pub(super) done: Option<Done>,
    /// The one at work.
    pub(super) active: Option<Active>,
    /// Those that failed, oldest first.
    pub(super) failed: Vec<Failed>,
}

/// A purge that removed everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) ended: Timestamp,
    /// What its pod said; the pod may be seen a little later than its Job.
    pub(super) words: Option<String>,
}

/// A purge at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Active {
    pub(super) job: String,
    /// Whether its program runs: a purge may take long, a pod that does not start is a failure.
    pub(super) is_running: bool,
    pub(super) waiting_for: Option<String>,
}

/// A purge that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failed {
    pub(super) ended: Timestamp,
    pub(super) words: String,
}

/// Whether rows of an account that is being deleted are removed right now.
pub(in super::super) fn is_purging(account: &WorkspaceAccount, caches: &Caches) -> bool {
    own_jobs(account, caches).iter().any(|job| is_purge(job) && ending(job).is_none())
}

impl Purges {
    pub(super) fn of(account: &WorkspaceAccount, caches: &Caches) -> Self {
        let pods = caches.pods.of(&owner(account));
        let mut purges = Self::default();
        for job in own_jobs(account, caches).iter().filter(|job| is_purge(job)) {
            purges.count(job, &pods_of(job, &pods));
        }
        purges.failed.sort_by_key(|failed| failed.ended);
        purges
    }

    fn count(&mut self, job: &Job, pods: &[&Pod]) {
        let Some(ending) = ending(job) else {
            let is_running = pods.iter().any(|pod| phase(pod) == Some("Running"));
            self.active = Some(Active { job: job.name_any(), is_running, waiting_for: waiting_for(pods) });
            return;
        };
        let words = match report(&ending, pods) {
            JobReport::Reported(report) => Some(report.message),
            JobReport::Silent { message, .. } => Some(message),
            JobReport::NoPods => None,
        };
        match ending.end {
            End::Complete => self.done = Some(Done { ended: ending.ended, words }),
            End::Failed { reason, .. } => {
                self.failed.push(Failed { ended: ending.ended, words: words.unwrap_or(reason) });
            }
        }
    }
}

fn is_purge(job: &Job) -> bool {
    job.labels().get(COMPONENT).is_some_and(|component| component == Purpose::Purge.component())
}

fn phase(pod: &Pod) -> Option<&str> {
    pod.status.as_ref()?.phase.as_deref()
}
