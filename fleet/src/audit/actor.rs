//! Who did something: AWS's identity, and the person behind it.
//!
//! Flows in: `CloudTrail`'s `userIdentity`. Deliberately absent: how a session is resolved to
//! a person; sync does that, with what the account tells about its roles.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::open_vocabulary::open_vocabulary;

open_vocabulary! {
    /// The kind of an identity (`userIdentity.type`).
    ActorKind {
        /// A user of IAM.
        IamUser = "IAMUser" => "iam_user",
        /// Temporary credentials of a role.
        AssumedRole = "AssumedRole" => "assumed_role",
        /// A role itself.
        Role = "Role" => "role",
        /// The root user of an account.
        Root = "Root" => "root",
        /// Temporary credentials of a federation token.
        FederatedUser = "FederatedUser" => "federated_user",
        /// A user of AWS Directory Service.
        Directory = "Directory" => "directory",
        /// Another account.
        AwsAccount = "AWSAccount" => "aws_account",
        /// A service of AWS, on behalf of the account.
        AwsService = "AWSService" => "aws_service",
        /// A user of IAM Identity Center.
        IdentityCenterUser = "IdentityCenterUser" => "identity_center_user",
        /// A user of a SAML identity provider.
        SamlUser = "SAMLUser" => "saml_user",
        /// A user of a web identity provider.
        WebIdentityUser = "WebIdentityUser" => "web_identity_user",
        /// deskfleet itself, for what it did to its own trail.
        Deskfleet = "Deskfleet" => "deskfleet",
    }
}

impl Serialize for ActorKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ActorKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::from_stored(&text))
    }
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Actor {
    /// The kind of identity.
    pub kind: ActorKind,
    /// The person behind it: the name by which one person is known in all that they do,
    /// such as a user name or the address of an Identity Center user. `None` where it is
    /// no person, or cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The identity's ARN; of a session it ends in the session's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// The account the identity belongs to; text, because AWS also writes words there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    /// The name of the role that was assumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The name of the session of that role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_name: Option<String>,
    /// The id of the access key it signed with; no secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_key_id: Option<String>,
}

impl Actor {
    /// Somebody of whom only the kind is known.
    pub const fn of(kind: ActorKind) -> Self {
        Self { kind, person: None, arn: None, account_id: None, role: None, session_name: None, access_key_id: None }
    }
}
