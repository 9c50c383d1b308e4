//! The last act of a program whose installation ends.
//!
//! When the operator's own namespace is being deleted, its pod is among the first things to
//! go, and nobody will be left to take finalizers off: they would hold their namespaces for
//! good. So the one who acts lets go of every account before it ends. The rows stay, as they
//! do whenever a namespace is deleted.

use std::time::Duration;

use futures::{StreamExt as _, stream};

use super::{finalizer, namespace};
use crate::{context::Context, controller::chain, watch::full_name};

/// Well within a pod's grace period.
const TIME_LIMIT: Duration = Duration::from_secs(15);
/// Accounts that are let go of at once.
const CONCURRENCY: usize = 16;

/// Takes the finalizer off every account if the installation ends with this program.
pub(crate) async fn let_go(context: &Context) {
    if tokio::time::timeout(TIME_LIMIT, let_go_of_all(context)).await.is_err() {
        tracing::error!("not all finalizers could be taken off in time: remove deskfleet.dev/purge by hand");
    }
}

async fn let_go_of_all(context: &Context) {
    let held: Vec<_> = context
        .caches
        .accounts
        .state()
        .into_iter()
        .map(|account| context.written_accounts.newest(account))
        .filter(|account| finalizer::is_on(account))
        .collect();
    if held.is_empty() {
        return;
    }
    match namespace::is_ending(context, context.settings.operator_namespace.as_str()).await {
        Ok(true) => {}
        Ok(false) => return,
        Err(error) => {
            tracing::warn!(error = chain(&error), "whether the installation ends cannot be told");
            return;
        }
    }
    tracing::warn!(accounts = held.len(), "the installation ends: no rows are removed, and no account is held");
    stream::iter(held)
        .for_each_concurrent(CONCURRENCY, |account| async move {
            if let Err(error) = finalizer::take_off(context, &account).await {
                tracing::error!(
                    object.name = full_name(&*account),
                    error = chain(&error),
                    "a finalizer stays: remove it by hand"
                );
            }
        })
        .await;
}
