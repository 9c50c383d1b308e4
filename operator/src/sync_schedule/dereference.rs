//! What the caches know around a schedule: its account, its CronJob, its Jobs and their pods.

use std::sync::Arc;

use contract::{JobKind, child_name};
use crds::{SyncSchedule, WorkspaceAccount};
use identifiers::ObjectName;
use k8s_openapi::api::{
    batch::v1::{CronJob, Job},
    core::v1::Pod,
};
use kube::{ResourceExt as _, core::PartialObjectMeta, runtime::reflector::ObjectRef};

use crate::{
    jobs::belongs_to,
    watch::{Caches, Owner, OwnerKind},
    workspace_account::{Taken, taken},
};

/// A schedule with everything around it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(super) schedule: Arc<SyncSchedule>,
    pub(super) account: Option<Arc<WorkspaceAccount>>,
    /// Why our account object does not hold its AWS account, if it does not.
    pub(super) account_taken: Option<Taken>,
    /// The object with the CronJob's name that carries our labels, whoever owns it.
    pub(super) cron_job: Option<Arc<PartialObjectMeta<CronJob>>>,
    pub(super) jobs: Vec<Arc<Job>>,
    pub(super) pods: Vec<Arc<Pod>>,
}

impl Seen {
    /// Looks everything up; reads caches only.
    pub(super) fn of(schedule: &Arc<SyncSchedule>, caches: &Caches) -> Self {
        let namespace = schedule.namespace().unwrap_or_default();
        let account = caches.accounts.get(&ObjectRef::new(&schedule.spec.account_ref.name).within(&namespace));
        let account_taken = account.as_ref().and_then(|account| taken(account, caches));
        let owner = Owner { kind: OwnerKind::SyncSchedule, namespace, name: schedule.name_any() };
        let cron_job_name = cron_job_name(schedule);
        let cron_job =
            caches.cron_jobs.of(&owner).into_iter().find(|cron_job| Some(cron_job.name_any()) == cron_job_name);
        let uid = schedule.uid().unwrap_or_default();
        let cron_job_uid = cron_job.as_ref().and_then(|cron_job| cron_job.uid()).unwrap_or_default();
        let ours = [uid.as_str(), cron_job_uid.as_str()];
        let jobs = caches.jobs.of(&owner).into_iter().filter(|job| belongs_to(job.owner_references(), &ours)).collect();
        Self { schedule: Arc::clone(schedule), account, account_taken, cron_job, jobs, pods: caches.pods.of(&owner) }
    }
}

/// The name of a schedule's CronJob; `None` for a name that the rules of the kind refuse.
fn cron_job_name(schedule: &SyncSchedule) -> Option<String> {
    let name = ObjectName::try_from(schedule.name_any()).ok()?;
    Some(child_name(JobKind::SyncSchedule, &name))
}
