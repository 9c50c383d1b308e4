//! Resources and scheduling of the pods that our objects make.
//!
//! A closed list of settings instead of a free pod template: nothing here can take a pod out
//! of the restricted Pod Security level.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Affinity, Toleration};
use kube::KubeSchema;
use serde::{Deserialize, Serialize};

use crate::affinity::{affinity_schema, tolerations_schema};

/// What a pod asks for and may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("!has(self.requests) || !has(self.limits) || !has(self.requests.cpu) || !has(self.limits.cpu) || !quantity(self.requests.cpu).isGreaterThan(quantity(self.limits.cpu))")
    .message("spec.resources.requests.cpu is above spec.resources.limits.cpu: raise the limit or lower the request"))]
#[x_kube(validation = Rule::new("!has(self.requests) || !has(self.limits) || !has(self.requests.memory) || !has(self.limits.memory) || !quantity(self.requests.memory).isGreaterThan(quantity(self.limits.memory))")
    .message("spec.resources.requests.memory is above spec.resources.limits.memory: raise the limit or lower the request"))]
pub struct Resources {
    /// What the scheduler sets aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<Amounts>,
    /// What the pod may not exceed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<Amounts>,
}

/// Amounts of resources, as Kubernetes quantities in quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct Amounts {
    /// Processor time in cores, such as `"250m"` or `"1"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 16))]
    #[x_kube(validation = Rule::new("self.matches('^[0-9]+([.][0-9]{1,3})?$|^[0-9]+m$')")
        .message("cpu is no amount of processor time: write cores in quotes, such as \"250m\" or \"1\""))]
    pub cpu: Option<String>,
    /// Memory in bytes, such as `"64Mi"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 16))]
    #[x_kube(validation = Rule::new("self.matches('^[0-9]+([.][0-9]{1,3})?(k|M|G|T|Ki|Mi|Gi|Ti)?$')")
        .message("memory is no amount of memory: write bytes in quotes, such as \"64Mi\" or \"1Gi\""))]
    pub memory: Option<String>,
}

/// Where pods may run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scheduling {
    /// Labels that a node must have.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = 32))]
    pub node_selector: BTreeMap<String, String>,
    /// Taints that the pods tolerate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(schema_with = "tolerations_schema")]
    pub tolerations: Vec<Toleration>,
    /// Affinity to nodes and pods, as in a pod.
    // The default keeps it out of `required`, which a replaced schema would put it into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "affinity_schema")]
    pub affinity: Option<Affinity>,
    /// The name of a PriorityClass. It must be one that the operator was started with
    /// (`--allowed-priority-classes`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253), regex(pattern = "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"))]
    pub priority_class_name: Option<String>,
    /// The name of a RuntimeClass. It must be one that the operator was started with
    /// (`--allowed-runtime-classes`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253), regex(pattern = "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"))]
    pub runtime_class_name: Option<String>,
}
