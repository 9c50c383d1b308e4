//! The end of an account. With `deletionPolicy: Delete` its rows in Postgres go first, kept up
//! by the finalizer `deskfleet.dev/purge`.
//!
//! ```text
//! finalizer   on while the policy asks for it                                  (API server)
//! situation   other objects of the account, what still works for it, purges    (caches)
//! step        wait, purge, or let the object go                                (pure)
//! build       the purge Job                                                    (pure)
//! status      what is waited for                                               (pure)
//! release     the event that says what became of the rows
//! shutdown    no finalizer outlives the installation
//! ```
//!
//! Rows are removed only when nothing writes any: the schedules of a deleted account start
//! nothing, its CronJobs are suspended, and the purge waits for every Job and pod that carries
//! the account's id. The finalizer always goes in the end: when the rows are gone, when they
//! are somebody else's, when the object never proved the account, when the namespace ends, or after ten minutes of failure.

mod build;
pub(super) mod finalizer;
mod namespace;
mod purges;
mod release;
mod shutdown;
mod situation;
mod status;
mod step;
mod work_left;

use std::sync::Arc;

use crds::{Reason, WorkspaceAccount};
use jiff::Timestamp;
use kube::runtime::controller::Action;

pub(super) use namespace::NamespaceError;
pub(super) use purges::is_purging;
pub(crate) use shutdown::let_go;

use super::{Error, KIND, status::paused, write_quietly};
use crate::{
    context::Context,
    jobs::{self, CreateError},
};
use situation::Situation;
use step::{Step, Wait};

/// Brings an account that is being deleted a step further.
pub(super) async fn reconcile(
    account: &Arc<WorkspaceAccount>,
    context: &Context,
    now: Timestamp,
) -> Result<Action, Error> {
    if !finalizer::is_on(account) {
        return Ok(Action::await_change());
    }
    let namespace_ends = namespace::ends(context, account).await?;
    let situation = Situation::of(account, &context.caches, namespace_ends);
    let wait = match step::step(&situation, now) {
        Step::Release(release) => {
            release::tell(context, account, &release).await;
            finalizer::take_off(context, account).await?;
            return Ok(Action::await_change());
        }
        Step::Pause => {
            write_quietly(context, account, paused(account, now)).await?;
            return Ok(Action::requeue(step::PAUSED));
        }
        Step::Purge { attempt } => purge(context, account, attempt).await?,
        Step::Wait(wait) => wait,
    };
    write_quietly(context, account, status::status(account, &wait, now)).await?;
    Ok(Action::requeue(wait.again))
}

/// Makes the Job, and says what is waited for then.
async fn purge(context: &Context, account: &WorkspaceAccount, attempt: usize) -> Result<Wait, Error> {
    let job = match build::build(account, attempt, &context.settings) {
        Ok(job) => job,
        Err(unusable) => return Ok(Wait::failing(unusable.to_string())),
    };
    match jobs::create(context, KIND, &job).await {
        Ok(()) => Ok(Wait::purging(Reason::Purging, "the Job that removes the rows is about to start".to_owned())),
        Err(refused @ (CreateError::Refused { .. } | CreateError::NameTaken { .. })) => {
            Ok(Wait::failing(refused.to_string()))
        }
        Err(error @ CreateError::Request { .. }) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests;
