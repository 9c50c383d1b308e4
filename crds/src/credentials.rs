//! How the pods of an account sign their requests to AWS.
//!
//! Secrets are named here and mounted by pods; nothing in the operator reads them.

use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// Exactly one way to get credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("[has(self.ambient), has(self.secretRef), has(self.assumeRole)].filter(set, set).size() == 1")
    .message("spec.credentials needs exactly one of ambient, secretRef and assumeRole: keep one of them"))]
pub struct Credentials {
    /// The identity of the pod: EKS Pod Identity, or a web identity token (IRSA).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ambient: Option<Ambient>,
    /// Keys in a Secret with `accessKeyId`, `secretAccessKey` and, for temporary ones, `sessionToken`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<SecretRef>,
    /// An IAM role, assumed with one of the other two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assume_role: Option<AssumeRole>,
}

/// The identity that Kubernetes gives the pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ambient {
    /// The ServiceAccount that the pods run as, in the namespace of this object. It must be one
    /// that the operator was started with (`--allowed-service-accounts`). Its own Kubernetes
    /// token is not mounted.
    #[schemars(length(min = 1, max = 253), regex(pattern = "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"))]
    pub service_account_name: String,
}

/// A Secret in the namespace of this object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecretRef {
    /// The name of the Secret; it starts with `deskfleet-`, so that nobody can have another
    /// application's Secret mounted.
    #[schemars(length(min = 1, max = 63), regex(pattern = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"))]
    #[x_kube(validation = Rule::new("self.startsWith('deskfleet-')")
        .message("the name of a Secret must start with \"deskfleet-\": rename the Secret and its reference"))]
    #[x_kube(validation = Rule::new("!(self in ['deskfleet-database', 'deskfleet-bootstrap-admin', 'deskfleet-session-keys', 'deskfleet-encryption', 'deskfleet-audit-signing', 'deskfleet-redis'])")
        .message("the name of a Secret must not be one that the installation itself uses: make a Secret of its own for the AWS keys"))]
    pub name: String,
}

/// An IAM role to assume.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssumeRole {
    /// The ARN of the role, in the account of `spec.accountId`.
    #[schemars(length(min = 20, max = 612))]
    #[x_kube(validation = Rule::new("self.matches('^arn:(aws|aws-cn|aws-us-gov):iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$')")
        .message("spec.credentials.assumeRole.roleArn is no ARN of an IAM role: write one such as arn:aws:iam::123456789012:role/deskfleet"))]
    pub role_arn: String,
    /// A Secret with the key `externalId`, which the role's trust policy asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id_secret_ref: Option<SecretRef>,
    /// Tags of the session, for attribute-based access control.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    #[x_kube(merge_strategy = ListMerge::Map(vec!["key".into()]))]
    pub session_tags: Vec<SessionTag>,
    /// Who assumes the role.
    pub from: Identity,
}

/// Exactly one identity that assumes a role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("has(self.ambient) != has(self.secretRef)")
    .message("spec.credentials.assumeRole.from needs exactly one of ambient and secretRef: keep one of them"))]
pub struct Identity {
    /// The identity of the pod: EKS Pod Identity, or a web identity token (IRSA).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ambient: Option<Ambient>,
    /// Keys in a Secret with `accessKeyId`, `secretAccessKey` and, for temporary ones, `sessionToken`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_ref: Option<SecretRef>,
}

/// A session tag (`sts:AssumeRole`, member `Tags`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionTag {
    /// Its key.
    #[schemars(length(min = 1, max = 128))]
    #[x_kube(validation = Rule::new("!self.lowerAscii().startsWith('aws:')")
        .message("spec.credentials.assumeRole.sessionTags[].key must not start with \"aws:\", which AWS keeps for itself: choose another key"))]
    pub key: String,
    /// Its value.
    #[schemars(length(max = 256))]
    pub value: String,
}
