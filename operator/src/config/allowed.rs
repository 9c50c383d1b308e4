//! What this installation lets custom resources ask for: flags in, [`Allowed`] out.
//!
//! Whoever may edit a WorkspaceAccount is not whoever runs the cluster. What an object names
//! outside of itself (a host, a ServiceAccount, a priority, what other controllers act on)
//! has to be on a list of the operator's; a list that is empty allows nothing.

use clap::Args;

use super::{AllowedEndpoints, AllowedPods, InvalidSettings};

/// What `deskfleet-operator run` can be told about the limits of objects.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "What objects may ask for")]
pub struct AllowedArgs {
    /// Hosts (with a port if it is not the scheme's) that `spec.endpointUrl` of an account may
    /// name, separated by commas; none by default.
    #[arg(long, env = "DESKFLEET_ALLOWED_ENDPOINTS", value_name = "HOSTS", value_delimiter = ',')]
    allowed_endpoints: Vec<String>,
    /// Those of them that may also be sent STS calls, and with them the proof of who we are.
    #[arg(long, env = "DESKFLEET_ALLOWED_STS_ENDPOINTS", value_name = "HOSTS", value_delimiter = ',')]
    allowed_sts_endpoints: Vec<String>,
    /// ServiceAccounts that pods may run as (`ambient.serviceAccountName`), separated by
    /// commas: names, or beginnings of names that end in `*`.
    #[arg(
        long,
        env = "DESKFLEET_ALLOWED_SERVICE_ACCOUNTS",
        value_name = "NAMES",
        value_delimiter = ',',
        default_value = "deskfleet-aws-*"
    )]
    allowed_service_accounts: Vec<String>,
    /// The installation's own ServiceAccounts, separated by commas; no pod of an object ever
    /// runs as one of them, whatever is allowed.
    #[arg(
        long,
        env = "DESKFLEET_OWN_SERVICE_ACCOUNTS",
        value_name = "NAMES",
        value_delimiter = ',',
        default_value = "deskfleet-operator,deskfleet-api,deskfleet-setup"
    )]
    own_service_accounts: Vec<String>,
    /// Names that `scheduling.priorityClassName` may have, separated by commas; none by
    /// default.
    #[arg(long, env = "DESKFLEET_ALLOWED_PRIORITY_CLASSES", value_name = "NAMES", value_delimiter = ',')]
    allowed_priority_classes: Vec<String>,
    /// Names that `scheduling.runtimeClassName` may have, separated by commas; none by default.
    #[arg(long, env = "DESKFLEET_ALLOWED_RUNTIME_CLASSES", value_name = "NAMES", value_delimiter = ',')]
    allowed_runtime_classes: Vec<String>,
    /// Keys with a prefix that `podLabels` may have, separated by commas: whole keys, or
    /// `prefix/*`; none by default. Keys without a prefix need no permission.
    #[arg(long, env = "DESKFLEET_ALLOWED_POD_LABELS", value_name = "KEYS", value_delimiter = ',')]
    allowed_pod_labels: Vec<String>,
    /// Keys that `podAnnotations` may have, separated by commas: whole keys, or `prefix/*`;
    /// none by default.
    #[arg(long, env = "DESKFLEET_ALLOWED_POD_ANNOTATIONS", value_name = "KEYS", value_delimiter = ',')]
    allowed_pod_annotations: Vec<String>,
}

/// What objects may ask for. The default allows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Where accounts may point.
    pub endpoints: AllowedEndpoints,
    /// What pods may be given.
    pub pods: AllowedPods,
}

impl AllowedArgs {
    pub(super) fn allowed(&self) -> Result<Allowed, InvalidSettings> {
        Ok(Allowed {
            endpoints: AllowedEndpoints::parse(&self.allowed_endpoints, &self.allowed_sts_endpoints)?,
            pods: AllowedPods::default()
                .service_accounts(&self.allowed_service_accounts, &self.own_service_accounts)?
                .priority_classes(&self.allowed_priority_classes)?
                .runtime_classes(&self.allowed_runtime_classes)?
                .labels(&self.allowed_pod_labels)?
                .annotations(&self.allowed_pod_annotations)?,
        })
    }
}
