//! Whether a namespace is being deleted: then nothing new can be made in it, and whatever
//! holds its objects holds the namespace.

use crds::WorkspaceAccount;
use k8s_openapi::api::core::v1::Namespace;
use kube::{Api, ResourceExt as _};

use crate::context::Context;

/// A namespace that could not be looked at.
#[derive(Debug, thiserror::Error)]
#[error("cannot look at the namespace {name}")]
pub(crate) struct NamespaceError {
    name: String,
    #[source]
    source: kube::Error,
}

/// Whether the namespace of an account is being deleted.
pub(super) async fn ends(context: &Context, account: &WorkspaceAccount) -> Result<bool, NamespaceError> {
    is_ending(context, &account.namespace().unwrap_or_default()).await
}

/// Whether a namespace is being deleted or gone. Asked, not watched: only deletions need it.
pub(super) async fn is_ending(context: &Context, name: &str) -> Result<bool, NamespaceError> {
    let api = Api::<Namespace>::all(context.client.clone());
    match api.get_metadata_opt(name).await {
        Ok(namespace) => Ok(namespace.is_none_or(|namespace| namespace.metadata.deletion_timestamp.is_some())),
        Err(source) => Err(NamespaceError { name: name.to_owned(), source }),
    }
}
