//! Writing a status: by server-side apply, and only when it differs from the one in the cache.

use std::fmt::Debug;

use kube::{
    Api, Resource, ResourceExt as _,
    api::{Patch, PatchParams},
    core::NamespaceResourceScope,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

use crate::context::Context;

/// A status that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the status of {kind} {namespace}/{name}")]
pub(crate) struct StatusError {
    kind: &'static str,
    namespace: String,
    name: String,
    #[source]
    source: kube::Error,
}

/// The field manager of a kind's controller.
pub(crate) fn field_manager(kind: &str) -> String {
    format!("deskfleet-{}", kind.to_lowercase())
}

/// Writes `status` unless the object has it already; gives the object as it was written.
pub(crate) async fn write_status<K, S>(
    context: &Context,
    kind: &'static str,
    object: &K,
    old: Option<&S>,
    status: &S,
) -> Result<Option<K>, StatusError>
where
    K: Resource<DynamicType = (), Scope = NamespaceResourceScope> + Clone + DeserializeOwned + Debug,
    S: Serialize + PartialEq,
{
    if old == Some(status) {
        return Ok(None);
    }
    let (namespace, name) = (object.namespace().unwrap_or_default(), object.name_any());
    let patch = json!({
        "apiVersion": K::api_version(&()),
        "kind": K::kind(&()),
        // A status of an object that was deleted and made anew meanwhile must not land on it.
        "metadata": {"name": name, "uid": object.uid()},
        "status": status,
    });
    let params = PatchParams::apply(&field_manager(kind)).force();
    let api = Api::<K>::namespaced(context.client.clone(), &namespace);
    match api.patch_status(&name, &params, &Patch::Apply(&patch)).await {
        Ok(written) => {
            context.metrics.wrote(kind, "status");
            Ok(Some(written))
        }
        // Gone: there is nothing left to tell.
        Err(kube::Error::Api(status)) if status.is_not_found() => Ok(None),
        Err(source) => Err(StatusError { kind, namespace, name, source }),
    }
}
