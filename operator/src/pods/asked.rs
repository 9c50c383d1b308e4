//! What an object asks for its pods, and whether this installation lets it.
//!
//! The only way from a spec to [`PodOptions`] and to a ServiceAccount's name leads through
//! here, so that no template can hold what is not allowed.

use std::collections::BTreeMap;

use crds::{Reason, Resources, Scheduling, SyncScheduleSpec, WorkspaceAccountSpec};

use crate::config::AllowedPods;

/// What an object asks for its pods, with everything in it allowed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PodOptions {
    pub(super) resources: Option<Resources>,
    pub(super) scheduling: Scheduling,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) annotations: BTreeMap<String, String>,
}

/// What an object asks for its pods.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    resources: Option<&'a Resources>,
    scheduling: &'a Scheduling,
    labels: &'a BTreeMap<String, String>,
    annotations: &'a BTreeMap<String, String>,
}

/// Something that pods may not be given here. Every message names the field and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAllowed {
    /// A ServiceAccount of the installation itself.
    #[error(
        "{field}: {name:?} is an account of the installation itself, which no pod of an object may run as: name an account that was made for reading AWS"
    )]
    OwnServiceAccount {
        /// The field.
        field: &'static str,
        /// The account.
        name: String,
    },
    /// Another ServiceAccount.
    #[error(
        "{field}: the ServiceAccount {name:?} is not allowed here: name another one, or have it added to the operator's --allowed-service-accounts"
    )]
    ServiceAccount {
        /// The field.
        field: &'static str,
        /// The account.
        name: String,
    },
    /// A PriorityClass.
    #[error(
        "spec.scheduling.priorityClassName: {name:?} is not allowed here: remove the field, or have the class added to the operator's --allowed-priority-classes"
    )]
    PriorityClass {
        /// The class.
        name: String,
    },
    /// A RuntimeClass.
    #[error(
        "spec.scheduling.runtimeClassName: {name:?} is not allowed here: remove the field, or have the class added to the operator's --allowed-runtime-classes"
    )]
    RuntimeClass {
        /// The class.
        name: String,
    },
    /// A label.
    #[error(
        "spec.podLabels[{key}]: a label with this prefix is not allowed here: remove it, or have its key added to the operator's --allowed-pod-labels"
    )]
    Label {
        /// Its key.
        key: String,
    },
    /// An annotation.
    #[error(
        "spec.podAnnotations[{key}]: the annotation is not allowed here: remove it, or have its key added to the operator's --allowed-pod-annotations"
    )]
    Annotation {
        /// Its key.
        key: String,
    },
}

impl NotAllowed {
    /// The reason in conditions.
    pub(crate) fn reason(&self) -> Reason {
        match self {
            Self::OwnServiceAccount { .. } | Self::ServiceAccount { .. } => Reason::ServiceAccountNotAllowed,
            Self::PriorityClass { .. } => Reason::PriorityClassNotAllowed,
            Self::RuntimeClass { .. } => Reason::RuntimeClassNotAllowed,
            Self::Label { .. } => Reason::PodLabelNotAllowed,
            Self::Annotation { .. } => Reason::PodAnnotationNotAllowed,
        }
    }
}

impl<'a> Asked<'a> {
    pub(crate) fn by_account(spec: &'a WorkspaceAccountSpec) -> Self {
        Self {
            resources: spec.resources.as_ref(),
            scheduling: &spec.scheduling,
            labels: &spec.pod_labels,
            annotations: &spec.pod_annotations,
        }
    }

    pub(crate) fn by_schedule(spec: &'a SyncScheduleSpec) -> Self {
        Self {
            resources: spec.resources.as_ref(),
            scheduling: &spec.scheduling,
            labels: &spec.pod_labels,
            annotations: &spec.pod_annotations,
        }
    }

    /// Everything that was asked for, if all of it is allowed.
    pub(crate) fn all(self, allowed: &AllowedPods) -> Result<PodOptions, NotAllowed> {
        let Scheduling { priority_class_name: priority, runtime_class_name: runtime, .. } = self.scheduling;
        if let Some(name) = priority.as_ref().filter(|name| !allowed.allows_priority_class(name)) {
            return Err(NotAllowed::PriorityClass { name: name.clone() });
        }
        if let Some(name) = runtime.as_ref().filter(|name| !allowed.allows_runtime_class(name)) {
            return Err(NotAllowed::RuntimeClass { name: name.clone() });
        }
        if let Some(key) = self.labels.keys().find(|key| !allowed.allows_label(key)) {
            return Err(NotAllowed::Label { key: key.clone() });
        }
        if let Some(key) = self.annotations.keys().find(|key| !allowed.allows_annotation(key)) {
            return Err(NotAllowed::Annotation { key: key.clone() });
        }
        Ok(PodOptions {
            resources: self.resources.cloned(),
            scheduling: self.scheduling.clone(),
            labels: self.labels.clone(),
            annotations: self.annotations.clone(),
        })
    }

    /// What of it is allowed: for a pod that has to run even for an object that is stalled.
    pub(crate) fn allowed_part(self, allowed: &AllowedPods) -> PodOptions {
        let Scheduling { priority_class_name: priority, runtime_class_name: runtime, .. } = self.scheduling;
        PodOptions {
            resources: self.resources.cloned(),
            scheduling: Scheduling {
                priority_class_name: priority.clone().filter(|name| allowed.allows_priority_class(name)),
                runtime_class_name: runtime.clone().filter(|name| allowed.allows_runtime_class(name)),
                ..self.scheduling.clone()
            },
            labels: only(self.labels, |key| allowed.allows_label(key)),
            annotations: only(self.annotations, |key| allowed.allows_annotation(key)),
        }
    }
}

/// The name of a ServiceAccount, if pods may run as it; `field` is where it was asked for.
pub(crate) fn service_account(name: &str, field: &'static str, allowed: &AllowedPods) -> Result<String, NotAllowed> {
    if allowed.allows_service_account(name) {
        Ok(name.to_owned())
    } else if allowed.is_own_service_account(name) {
        Err(NotAllowed::OwnServiceAccount { field, name: name.to_owned() })
    } else {
        Err(NotAllowed::ServiceAccount { field, name: name.to_owned() })
    }
}

fn only(map: &BTreeMap<String, String>, keep: impl Fn(&str) -> bool) -> BTreeMap<String, String> {
    map.iter().filter(|(key, _)| keep(key)).map(|(key, value)| (key.clone(), value.clone())).collect()
}

#[cfg(test)]
mod tests;
