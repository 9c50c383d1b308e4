//! The controller of `WorkspaceAccount`: proves an account by a probe Job whenever the object
//! changes, on request, and every six hours, and says what the probe found.
//!
//! ```text
//! dereference  the account's Jobs and pods, and older accounts of the same id   (caches)
//! validate     object → ValidAccount: identifiers, a checked endpoint, a plan   (pure)
//! probe        is a probe due, and for which cause?                             (pure)
//! build        ValidAccount + cause → Job                                       (pure)
//! apply        creates the Job                                                  (API server)
//! status       conditions from the last probe                                   (pure)
//! ```

mod apply;
mod build;
mod dereference;
mod plan;
mod probe;
mod status;
mod validate;

use std::{sync::Arc, time::Duration};

use crds::{WorkspaceAccount, status::WorkspaceAccountStatus};
use jiff::Timestamp;
use kube::runtime::controller::Action;

use apply::ApplyError;
pub(crate) use dereference::older_rival;
pub(crate) use validate::{InvalidAccount, ValidAccount, validate};

use crate::{
    context::Context,
    controller::look_again,
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
}

/// Brings one account to where its spec wants it, as far as that is possible now.
pub(crate) async fn reconcile(account: Arc<WorkspaceAccount>, context: Arc<Context>) -> Result<Action, Error> {
    let now = Timestamp::now();
    let account = context.written_accounts.newest(account);
    if is_paused(&*account) {
        write(&context, &account, status::paused(&account, now)).await?;
        return Ok(Action::await_change());
    }
    let seen = Seen::of(&account, &context.caches);
    let history = probe::history(&seen, now);
    let valid = validate(&account, &context.settings.allowed).and_then(|valid| seen.unrivalled(valid));
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
    if let Some(written) = write_status(context, KIND, account, account.status.as_ref(), &status).await? {
        context.written_accounts.remember(written);
        transitions::tell(context, account, &old.conditions, &status.conditions).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
