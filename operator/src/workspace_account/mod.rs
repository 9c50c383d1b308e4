//! The controller of `WorkspaceAccount`: proves an account by a probe Job whenever the object
//! changes, on request, and every six hours, and says what the probe found.
//!
//! ```text
//! deletion     the end of an account, a path of its own
//! dereference  the account's Jobs and pods, and who holds the AWS account       (caches)
//! validate     object → ValidAccount: identifiers, what is allowed, a plan      (pure)
//! probe        is a probe due, and for which cause?                             (pure)
//! build        ValidAccount + cause → Job                                       (pure)
//! apply        creates the Job                                                  (API server)
//! status       conditions from the last probe                                   (pure)
//! ```
//!
//! An object that does not hold its AWS account (`claim`) is probed all the same, so that it
//! can prove itself; its schedules start nothing.

mod apply;
mod build;
mod claim;
mod deletion;
mod dereference;
mod findings;
mod plan;
mod probe;
mod status;
mod validate;

use std::{sync::Arc, time::Duration};

use crds::{WorkspaceAccount, status::WorkspaceAccountStatus};
use jiff::Timestamp;
use kube::runtime::controller::Action;

use apply::ApplyError;
pub(crate) use claim::Taken;
pub(crate) use deletion::let_go;
pub(crate) use dereference::taken;
pub(crate) use validate::{InvalidAccount, ValidAccount, validate};

use crate::{
    context::Context,
    controller::look_again,
    jobs::CreateError,
    markers::is_paused,
    status_patch::{StatusError, write_status},
    transitions,
    workspace_account::{dereference::Seen, probe::Need},
};

/// The kind in logs and metrics.
pub(crate) const KIND: &str = "WorkspaceAccount";

/// What can go wrong; every variant is tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The probe Job.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// The status.
    #[error(transparent)]
    Status(#[from] StatusError),
    /// The finalizer.
    #[error(transparent)]
    Finalizer(#[from] deletion::finalizer::FinalizerError),
    /// The namespace of a deleted account.
    #[error(transparent)]
    Namespace(#[from] deletion::NamespaceError),
    /// The purge Job.
    #[error("the purge cannot start")]
    Purge(#[from] CreateError),
}

/// Brings one account to where its spec wants it, as far as that is possible now.
pub(crate) async fn reconcile(account: Arc<WorkspaceAccount>, context: Arc<Context>) -> Result<Action, Error> {
    let now = Timestamp::now();
    let account = context.written_accounts.newest(account);
    if account.metadata.deletion_timestamp.is_some() {
        return deletion::reconcile(&account, &context, now).await;
    }
    if is_paused(&*account) {
        write(&context, &account, status::paused(&account, now)).await?;
        return Ok(Action::await_change());
    }
    let account = deletion::finalizer::follow_policy(&context, account).await?;
    let seen = Seen::of(&account, &context.caches);
    let history = probe::history(&seen, now);
    let valid = validate(&account, &context.settings.allowed);
    let need = match &valid {
        Ok(_) => probe::need(&seen, &history, now),
        Err(_) => Need::Nothing { next: None },
    };
    let applied = match (&valid, &need) {
        (Ok(valid), Need::Probe(cause)) => {
            Some(apply::apply(&context, build::build(valid, cause, &context.settings.pods)).await)
        }
        _ => None,
    };
    let (applied, failure) = match applied.transpose() {
        Ok(applied) => (applied, None),
        Err(error) => (None, Some(error)),
    };
    let view = status::View { seen: &seen, history: &history, need: &need, valid: valid.as_ref(), now };
    write(&context, &account, status::status(&view, applied.as_ref(), failure.as_ref())).await?;
    match failure {
        Some(error) => Err(error.into()),
        None => Ok(look_again(&*account, due(&need, now))),
    }
}

fn due(need: &Need, now: Timestamp) -> Option<Duration> {
    match need {
        Need::Nothing { next } => {
            next.map(|next| Duration::try_from(next.duration_since(now)).unwrap_or_default() + Duration::from_secs(1))
        }
        Need::Soon => Some(Duration::from_secs(1)),
        Need::Probe(_) | Need::Wait { .. } => None,
    }
}

/// Writes the status if it is not what the object has already, and tells about the change.
async fn write(
    context: &Context,
    account: &WorkspaceAccount,
    status: WorkspaceAccountStatus,
) -> Result<(), StatusError> {
    let old = account.status.clone().unwrap_or_default();
    if write_quietly(context, account, status.clone()).await? {
        transitions::tell(context, account, &old.conditions, &status.conditions).await;
    }
    Ok(())
}

/// Writes the status if it is not what the object has already; says whether it did.
async fn write_quietly(
    context: &Context,
    account: &WorkspaceAccount,
    status: WorkspaceAccountStatus,
) -> Result<bool, StatusError> {
    let written = write_status(context, KIND, account, account.status.as_ref(), &status).await?;
    let Some(written) = written else { return Ok(false) };
    context.written_accounts.remember(written);
    Ok(true)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::states;
