//! `WorkspaceAccount`: one AWS account and how its desktops are read.

use std::collections::BTreeMap;

use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    AccessEvents, Budget, CostCenterRule, CostExport, Credentials, PaceOverride, Resources, Retention, Scheduling,
    status::WorkspaceAccountStatus,
};

/// One AWS account (or payer account), its regions, and how to reach it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, CustomResource, KubeSchema)]
#[kube(
    group = "deskfleet.dev",
    version = "v1alpha1",
    kind = "WorkspaceAccount",
    namespaced,
    status = "WorkspaceAccountStatus",
    derive = "PartialEq",
    shortname = "wsa",
    category = "deskfleet",
    selectable = ".spec.accountId",
    doc = "One AWS account whose WorkSpaces are read. A probe Job proves its credentials and permissions whenever the object changes, on request, and every six hours.",
    validation = Rule::new("self.metadata.name.matches('^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$')")
        .message("metadata.name must be at most 40 lower-case letters, digits and inner hyphens: choose such a name"),
    printcolumn(name = "Ready", type_ = "string", json_path = ".status.conditions[?(@.type==\"Ready\")].status"),
    printcolumn(name = "Reason", type_ = "string", json_path = ".status.conditions[?(@.type==\"Ready\")].reason"),
    printcolumn(name = "Account", type_ = "string", json_path = ".spec.accountId"),
    printcolumn(name = "Regions", type_ = "string", json_path = ".spec.regions"),
    printcolumn(
        name = "Permissions",
        type_ = "string",
        json_path = ".status.conditions[?(@.type==\"PermissionsComplete\")].reason"
    ),
    printcolumn(name = "Probed", type_ = "date", json_path = ".status.lastProbe.completionTime"),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp"),
    printcolumn(name = "Suspended", type_ = "boolean", json_path = ".spec.suspend", priority = 1),
    printcolumn(
        name = "Message",
        type_ = "string",
        json_path = ".status.conditions[?(@.type==\"Ready\")].message",
        priority = 1
    )
)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("!has(self.credentials.assumeRole) || self.credentials.assumeRole.roleArn.contains('::' + self.accountId + ':role/')")
    .message("spec.credentials.assumeRole.roleArn names a role of another account than spec.accountId: correct the one that is wrong"))]
#[x_kube(validation = Rule::new("!has(self.credentials.assumeRole) || (self.credentials.assumeRole.roleArn.startsWith('arn:aws-cn:') ? self.regions.all(r, r.startsWith('cn-')) : self.credentials.assumeRole.roleArn.startsWith('arn:aws-us-gov:') ? self.regions.all(r, r.startsWith('us-gov-')) : self.regions.all(r, !r.startsWith('cn-') && !r.startsWith('us-gov-')))")
    .message("spec.credentials.assumeRole.roleArn lies in another AWS partition than spec.regions: use arn:aws-cn for cn- regions, arn:aws-us-gov for us-gov- regions, arn:aws for the others"))]
#[x_kube(validation = Rule::new("!has(self.useFips) || !self.useFips || self.regions.all(r, !r.startsWith('cn-'))")
    .message("spec.useFips asks for FIPS endpoints, and AWS has none in China: set it to false, or name other regions"))]
pub struct WorkspaceAccountSpec {
    /// The AWS account: twelve digits, in quotes so that a leading zero is kept. It cannot
    /// change; make another object for another account.
    #[schemars(length(min = 12, max = 12))]
    #[x_kube(validation = Rule::new("self.matches('^[0-9]{12}$')")
        .message("spec.accountId is no AWS account id: write its twelve digits, in quotes so that a leading zero is kept"))]
    #[x_kube(validation = Rule::new("self == oldSelf")
        .message("spec.accountId cannot change: make another WorkspaceAccount for the other account"))]
    pub account_id: String,
    /// The regions to read, all of one AWS partition.
    #[schemars(length(min = 1, max = 32), inner(length(min = 9, max = 32)))]
    #[x_kube(merge_strategy = ListMerge::Set)]
    #[x_kube(validation = Rule::new("self.all(r, r.matches('^((us|eu|ap|sa|ca|me|af|il|mx)|cn|us-gov)-[a-z]+-[0-9]{1,2}$'))")
        .message("spec.regions holds something that is no AWS region code: write codes such as us-east-1, eu-central-1, cn-north-1 or us-gov-west-1"))]
    #[x_kube(validation = Rule::new("self.all(r, r.startsWith('cn-')) || self.all(r, r.startsWith('us-gov-')) || self.all(r, !r.startsWith('cn-') && !r.startsWith('us-gov-'))")
        .message("spec.regions mixes AWS partitions: make one WorkspaceAccount for each of aws, aws-cn and aws-us-gov"))]
    pub regions: Vec<String>,
    /// How pods sign their requests.
    pub credentials: Credentials,
    /// Use FIPS 140 endpoints of AWS. A run that needs one that AWS does not have is refused
    /// before it calls anything, and names it. What goes to another endpoint goes exactly there.
    #[serde(default)]
    pub use_fips: bool,
    /// Rates of single AWS operations instead of the built-in ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 64))]
    #[x_kube(merge_strategy = ListMerge::Map(vec!["operation".into()]))]
    pub pace: Vec<PaceOverride>,
    /// Limits on what paid calls may cost.
    #[serde(default)]
    pub budget: Budget,
    /// A cost and usage export to read instead of asking Cost Explorer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_export: Option<CostExport>,
    /// A queue with WorkSpaces access events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_events: Option<AccessEvents>,
    /// How a desktop's cost centre is found; the first rule that gives a value wins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 64))]
    #[x_kube(validation = Rule::new("self.filter(rule, has(rule.default)).size() == 0 || (self.filter(rule, has(rule.default)).size() == 1 && has(self[self.size() - 1].default))")
        .message("spec.costCenter has a default that is not the last item: move it to the end, rules after it would never be tried"))]
    pub cost_center: Vec<CostCenterRule>,
    /// Where requests go instead of AWS. The host must be one that the operator was started
    /// with (`--allowed-endpoints`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 8, max = 512))]
    #[x_kube(validation = Rule::new("self.matches('^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$')")
        .message("spec.endpointUrl is no URL without user, query and fragment: write one such as https://workspaces.example.com:8443/"))]
    pub endpoint_url: Option<String>,
    /// How long what was read is kept.
    #[serde(default)]
    pub retention: Retention,
    /// Stop reading this account: no probes, and the CronJobs of its schedules are suspended.
    #[serde(default)]
    pub suspend: bool,
    /// What happens to the rows in Postgres when this object is deleted. It may still be
    /// changed while the object is being deleted.
    #[serde(default)]
    pub deletion_policy: DeletionPolicy,
    /// Resources of the probe's pod; small ones by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// Where the probe's pod may run.
    #[serde(default)]
    pub scheduling: Scheduling,
    /// Labels added to the probe's pod. A key with a prefix must be one that the operator was started
    /// with (`--allowed-pod-labels`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = 32))]
    #[x_kube(validation = Rule::new("self.all(key, !key.matches('^([a-z0-9-]+[.])*(deskfleet[.]dev|kubernetes[.]io|k8s[.]io|helm[.]sh|istio[.]io|linkerd[.]io|cilium[.]io|kuma[.]io|azure[.]workload[.]identity|amazonaws[.]com)/|^(app|k8s-app|name|run|job-name|controller-uid)$'))")
        .message("spec.podLabels sets a label that Services, network policies or injectors act on (app, name, run, k8s-app, job-name, controller-uid, or one of deskfleet.dev, kubernetes.io, k8s.io, helm.sh, istio.io, linkerd.io, cilium.io, kuma.io, azure.workload.identity, amazonaws.com): choose another key"))]
    pub pod_labels: BTreeMap<String, String>,
    /// Annotations added to the probe's pod. Each key must be one that the operator was started with
    /// (`--allowed-pod-annotations`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = 32))]
    #[x_kube(validation = Rule::new("self.all(key, !key.matches('^([a-z0-9-]+[.])*deskfleet[.]dev/'))")
        .message("spec.podAnnotations must not set annotations of deskfleet.dev: choose another prefix"))]
    pub pod_annotations: BTreeMap<String, String>,
}

/// What happens to the rows in Postgres when an account object is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DeletionPolicy {
    /// They stay until their retention ends, and come back with an object of the same account id.
    #[default]
    Retain,
    /// They are removed first, unless another WorkspaceAccount has the same account id.
    Delete,
}
