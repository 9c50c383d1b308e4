//! The pod templates of all jobs.
//!
//! A [`PodRequest`] says what one kind of job needs; [`template`] turns it into a template
//! that satisfies the restricted Pod Security level, whatever the object asked for. Secrets
//! are mounted as files and optional, so that a missing one is reported by the pod itself
//! (exit status 20) and not by a pod that never starts.

mod asked;
mod environment;
mod resources;
mod security;
mod volumes;

use std::collections::BTreeMap;

use crds::markers::{ACCOUNT_ID, MANAGED_BY, MANAGER, OWNER_KIND, OWNER_NAME};
use identifiers::{AccountId, ObjectName, SecretName};
use k8s_openapi::{
    api::core::v1::{Container, LocalObjectReference, PodSpec, PodTemplateSpec},
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};

pub(crate) use asked::{Asked, NotAllowed, PodOptions, service_account};

use crate::{config::PodSettings, watch::OwnerKind};

/// The label that says what a child is for.
pub(crate) const COMPONENT: &str = "app.kubernetes.io/component";
/// The name of the only container.
pub(crate) const CONTAINER: &str = "sync";

/// What a job's pods are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// `deskfleet-sync run`.
    Sync,
    /// `deskfleet-sync probe`.
    Probe,
    /// `deskfleet-store purge`.
    Purge,
}

impl Purpose {
    fn command(self, account: &AccountId) -> Vec<String> {
        let command: &[&str] = match self {
            Self::Sync => &["/usr/local/bin/deskfleet-sync", "run"],
            Self::Probe => &["/usr/local/bin/deskfleet-sync", "probe"],
            Self::Purge => &["/usr/local/bin/deskfleet-store", "purge", "--account", account.as_str()],
        };
        command.iter().map(|&word| word.to_owned()).collect()
    }

    /// The label [`COMPONENT`].
    pub(crate) const fn component(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Probe => "probe",
            Self::Purge => "purge",
        }
    }

    /// The key of the database's Secret with the login it needs: a probe writes nothing, so it
    /// gets no database; a purge deletes, which no login but the owner's may.
    const fn database_login(self) -> Option<&'static str> {
        match self {
            Self::Sync => Some("sync"),
            Self::Probe => None,
            Self::Purge => Some("migrate"),
        }
    }

    /// Whether it takes tickets of the shared pace: a probe makes one call of each kind.
    const fn shares_the_pace(self) -> bool {
        matches!(self, Self::Sync)
    }
}

/// What AWS credentials a pod is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The ServiceAccount whose cloud identity the pod has.
    pub(crate) service_account: Option<String>,
    /// The Secret with AWS keys.
    pub(crate) aws_keys: Option<SecretName>,
    /// The Secret with the external id.
    pub(crate) external_id: Option<SecretName>,
}

/// Everything about one template.
#[derive(Clone, Debug)]
pub(crate) struct PodRequest<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) owner: (OwnerKind, &'a ObjectName),
    /// The AWS account that the pods work for.
    pub(crate) account: &'a AccountId,
    /// The plan as JSON; a purge needs none.
    pub(crate) plan: Option<&'a str>,
    pub(crate) identity: &'a Identity,
    pub(crate) options: &'a PodOptions,
}

/// The labels of a job's children and pods.
pub(crate) fn labels(
    purpose: Purpose,
    owner: (OwnerKind, &ObjectName),
    account: &AccountId,
) -> BTreeMap<String, String> {
    let (kind, name) = owner;
    [
        ("app.kubernetes.io/name", "deskfleet-sync"),
        ("app.kubernetes.io/instance", name.as_str()),
        (COMPONENT, purpose.component()),
        (MANAGED_BY, MANAGER),
        ("app.kubernetes.io/part-of", "deskfleet"),
        (OWNER_KIND, kind.as_str()),
        (OWNER_NAME, name.as_str()),
        (ACCOUNT_ID, account.as_str()),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .collect()
}

/// The template of a job's pods.
pub(crate) fn template(settings: &PodSettings, request: &PodRequest<'_>) -> PodTemplateSpec {
    let mut pod_labels = request.options.labels.clone();
    // Ours last: the rules of the kinds keep objects from setting them, this makes sure.
    pod_labels.extend(labels(request.purpose, request.owner, request.account));
    let annotations = request.options.annotations.clone();
    PodTemplateSpec {
        metadata: Some(ObjectMeta {
            labels: Some(pod_labels),
            annotations: Some(annotations).filter(|annotations| !annotations.is_empty()),
            ..ObjectMeta::default()
        }),
        spec: Some(spec(settings, request)),
    }
}

fn spec(settings: &PodSettings, request: &PodRequest<'_>) -> PodSpec {
    let scheduling = &request.options.scheduling;
    let pull_secrets: Vec<LocalObjectReference> =
        settings.image_pull_secrets.iter().map(|name| LocalObjectReference { name: name.clone() }).collect();
    PodSpec {
        containers: vec![container(settings, request)],
        volumes: Some(volumes::volumes(settings, request)),
        restart_policy: Some("Never".to_owned()),
        service_account_name: request.identity.service_account.clone(),
        // Cloud identities are projected by their own webhooks; nothing here talks to Kubernetes.
        automount_service_account_token: Some(false),
        enable_service_links: Some(false),
        // A page in hand is committed in seconds.
        termination_grace_period_seconds: Some(30),
        security_context: Some(security::of_pod()),
        image_pull_secrets: Some(pull_secrets).filter(|secrets| !secrets.is_empty()),
        node_selector: Some(scheduling.node_selector.clone()).filter(|labels| !labels.is_empty()),
        tolerations: Some(scheduling.tolerations.clone()).filter(|tolerations| !tolerations.is_empty()),
        affinity: scheduling.affinity.clone(),
        priority_class_name: scheduling.priority_class_name.clone(),
        runtime_class_name: scheduling.runtime_class_name.clone(),
        ..PodSpec::default()
    }
}

fn container(settings: &PodSettings, request: &PodRequest<'_>) -> Container {
    Container {
        name: CONTAINER.to_owned(),
        image: Some(settings.image.clone()),
        image_pull_policy: Some(settings.image_pull_policy.clone()),
        command: Some(request.purpose.command(request.account)),
        env: Some(environment::variables(settings, request)),
        resources: Some(resources::requirements(request.options.resources.as_ref())),
        security_context: Some(security::of_container()),
        // A crash leaves the end of its log where a report would stand.
        termination_message_policy: Some("FallbackToLogsOnError".to_owned()),
        volume_mounts: Some(volumes::mounts(settings, request)),
        ..Container::default()
    }
}
