//! Where cost and access data of an account come from, and whose cost a desktop is.

use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// A cost and usage export (CUR 2.0, AWS Data Exports) in S3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostExport {
    /// The bucket.
    #[schemars(length(min = 3, max = 63), regex(pattern = "^[a-z0-9][a-z0-9.-]*[a-z0-9]$"))]
    pub bucket: String,
    /// The part of the keys before the export's name, without a slash at either end.
    #[serde(default)]
    #[schemars(length(max = 512))]
    #[x_kube(validation = Rule::new("!self.startsWith('/') && !self.endsWith('/')")
        .message("spec.costExport.prefix must not start or end with a slash: leave the slash out"))]
    pub prefix: String,
    /// The bucket's region.
    #[schemars(length(min = 9, max = 32))]
    #[x_kube(validation = Rule::new("self.matches('^[a-z]{2}(-gov)?-[a-z]+-[0-9]{1,2}$')")
        .message("spec.costExport.region is no AWS region code: write one such as us-east-1"))]
    pub region: String,
    /// The export's name; needed where several exports lie under the prefix.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    #[x_kube(validation = Rule::new("self.matches('^[0-9A-Za-z!_.*()-]+$')")
        .message("spec.costExport.exportName is no name of an export: write it as the Data Exports page of AWS shows it"))]
    pub export_name: Option<String>,
    /// Where the bucket is asked for instead of S3, such as an interface endpoint of a VPC. The
    /// host must be one that the operator was started with (`--allowed-endpoints`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 8, max = 512))]
    #[x_kube(validation = Rule::new("self.matches('^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$')")
        .message("spec.costExport.endpointUrl is no URL without user, query and fragment: write one such as https://bucket.vpce-1a2b3c4d-5e6f.s3.us-east-1.vpce.amazonaws.com"))]
    pub endpoint_url: Option<String>,
}

/// Where WorkSpaces access events arrive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessEvents {
    /// The URL of an SQS queue that an EventBridge rule for `WorkSpaces Access` fills.
    #[schemars(length(min = 20, max = 512))]
    #[x_kube(validation = Rule::new("self.matches('^https://[a-z0-9.-]+/[0-9]{12}/[A-Za-z0-9_-]{1,80}([.]fifo)?$')")
        .message("spec.accessEvents.queueUrl is no URL of an SQS queue: write one such as https://sqs.us-east-1.amazonaws.com/123456789012/workspaces-access"))]
    pub queue_url: String,
}

/// One rule for the cost centre of a desktop. Rules are tried in order; the first that gives
/// a value wins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("[has(self.tagKey), has(self.directory), has(self.default)].filter(set, set).size() == 1")
    .message("each item of spec.costCenter needs exactly one of tagKey, directory and default: split it or keep one of them"))]
pub struct CostCenterRule {
    /// The value of the desktop's tag with this key, as of the day of use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    pub tag_key: Option<String>,
    /// A fixed cost centre for every desktop of one directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub directory: Option<DirectoryCostCenter>,
    /// The cost centre of every desktop that no earlier rule matched.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    pub default: Option<String>,
}

/// A cost centre for one directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryCostCenter {
    /// The directory's id, such as `d-9067012345` or `wsd-0123456789`.
    #[schemars(length(min = 3, max = 65), regex(pattern = "^(d-[0-9a-f]{8,63}|wsd-[0-9a-z]{8,63})$"))]
    pub id: String,
    /// The cost centre.
    #[schemars(length(min = 1, max = 128))]
    pub cost_center: String,
}
