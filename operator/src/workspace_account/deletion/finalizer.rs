//! The finalizer that keeps an account until its rows are gone.
//!
//! It is on exactly while `spec.deletionPolicy` is `Delete`, so that an object which asks for
//! nothing is never held.

use std::sync::Arc;

use crds::{DeletionPolicy, WorkspaceAccount, markers::PURGE_FINALIZER};
use kube::{
    Api, ResourceExt as _,
    api::{Patch, PatchParams},
};
use serde_json::json;

use super::super::KIND;
use crate::{context::Context, status_patch::field_manager};

/// A finalizer that could not be changed.
#[derive(Debug, thiserror::Error)]
#[error("cannot change the finalizers of WorkspaceAccount {namespace}/{name}")]
pub(crate) struct FinalizerError {
    namespace: String,
    name: String,
    #[source]
    source: kube::Error,
}

/// Whether an object has ours.
pub(crate) fn is_on(account: &WorkspaceAccount) -> bool {
    account.finalizers().iter().any(|finalizer| finalizer == PURGE_FINALIZER)
}

/// Puts it on or takes it off, as the policy of a living object asks; gives the object as it
/// is then.
pub(in super::super) async fn follow_policy(
    context: &Context,
    account: Arc<WorkspaceAccount>,
) -> Result<Arc<WorkspaceAccount>, FinalizerError> {
    match (account.spec.deletion_policy, is_on(&account)) {
        (DeletionPolicy::Delete, true) | (DeletionPolicy::Retain, false) => Ok(account),
        (DeletionPolicy::Delete, false) => {
            let mut finalizers = account.finalizers().to_vec();
            finalizers.push(PURGE_FINALIZER.to_owned());
            patch(context, &account, &finalizers).await.map(|written| written.map_or(account, Arc::new))
        }
        (DeletionPolicy::Retain, true) => {
            let written = take_off(context, &account).await?;
            Ok(written.map_or(account, Arc::new))
        }
    }
}

/// Takes ours off.
pub(super) async fn take_off(
    context: &Context,
    account: &WorkspaceAccount,
) -> Result<Option<WorkspaceAccount>, FinalizerError> {
    let finalizers: Vec<String> =
        account.finalizers().iter().filter(|finalizer| *finalizer != PURGE_FINALIZER).cloned().collect();
    patch(context, account, &finalizers).await
}

/// Writes the list, unless somebody changed the object meanwhile; `None` when it is gone.
async fn patch(
    context: &Context,
    account: &WorkspaceAccount,
    finalizers: &[String],
) -> Result<Option<WorkspaceAccount>, FinalizerError> {
    let (namespace, name) = (account.namespace().unwrap_or_default(), account.name_any());
    let api = Api::<WorkspaceAccount>::namespaced(context.client.clone(), &namespace);
    let metadata =
        json!({"uid": account.uid(), "resourceVersion": account.resource_version(), "finalizers": finalizers});
    let params = PatchParams { field_manager: Some(field_manager(KIND)), ..PatchParams::default() };
    match api.patch(&name, &params, &Patch::Merge(json!({"metadata": metadata}))).await {
        Ok(written) => {
            context.metrics.wrote(KIND, "finalizer");
            context.written_accounts.remember(written.clone());
            Ok(Some(written))
        }
        Err(kube::Error::Api(status)) if status.is_not_found() => Ok(None),
        Err(source) => Err(FinalizerError { namespace, name, source }),
    }
}
