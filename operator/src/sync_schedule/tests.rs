//! The controller as a whole: what it asks of the API server, what it renders, what it says.

mod conditions;
mod laws;
mod rendering;
mod requests;
mod run_history;
mod states;

use std::sync::Arc;

use crds::{SyncSchedule, WorkspaceAccount};

pub(crate) use self::states::states;
use super::{
    dereference::Seen,
    validate::{Invalid, ValidSchedule, validate},
};
use crate::fixtures::{a_schedule, allowed, an_account};

/// A schedule with nothing around it but an account.
fn seen(schedule: &Arc<SyncSchedule>, account: Option<&Arc<WorkspaceAccount>>) -> Seen {
    Seen {
        schedule: Arc::clone(schedule),
        account: account.cloned(),
        account_taken: None,
        cron_job: None,
        jobs: Vec::new(),
        pods: Vec::new(),
    }
}

fn validated(schedule: &Arc<SyncSchedule>, account: &Arc<WorkspaceAccount>) -> Result<ValidSchedule, Invalid> {
    validate(&seen(schedule, Some(account)), &allowed())
}

fn plain() -> (Arc<SyncSchedule>, Arc<WorkspaceAccount>) {
    (a_schedule(|_| {}), an_account(|_| {}))
}
