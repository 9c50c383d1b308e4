//! Credentials: from a mounted Secret or the pod's own identity, and by a role assumed
//! with either.
//!
//! The pod's own identity is a web identity token (IRSA) or the container endpoint (EKS
//! Pod Identity). The instance metadata service is never asked: a node's role would be
//! every pod's role.

use std::{path::PathBuf, time::Duration};

use aws_config::{ecs::EcsCredentialsProvider, provider_config::ProviderConfig};
use aws_credential_types::{Credentials as Keys, provider::SharedCredentialsProvider};
use contract::{AccountPlan, Credentials, Sign};
use secrecy::{ExposeSecret, SecretString};

use super::{
    caller::Caller,
    clients::Transport,
    error::{CallError, ErrorClass},
    secret_file::{self, SecretError},
};

mod kept;
mod role;
mod web_identity;

use kept::Kept;
use role::AssumedRole;
use web_identity::WebIdentity;

/// Where the pod's secrets are mounted, and what its environment says of its identity.
#[derive(Clone, Debug)]
pub(crate) struct Sources {
    /// Folder with `accessKeyId`, `secretAccessKey` and perhaps `sessionToken`.
    pub(crate) keys: PathBuf,
    /// Folder with `externalId`.
    pub(crate) external_id: PathBuf,
    /// `AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_ARN`, set by IRSA.
    pub(crate) web_identity: Option<(PathBuf, String)>,
    /// Whether `AWS_CONTAINER_CREDENTIALS_FULL_URI` is set, as EKS Pod Identity does.
    pub(crate) container: bool,
}

/// There are no credentials to be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CredentialsError {
    /// A mounted Secret cannot be used.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// Ambient credentials were asked for and the pod has no identity.
    #[error(
        "the pod has no AWS identity: bind its service account by EKS Pod Identity or IRSA, or name a Secret in spec.credentials"
    )]
    NoIdentity,
    /// STS does not let us have the role.
    #[error(
        "the role {role} may not be assumed{}: check that its trust policy names who assumes it{} ({message})",
        if *external_id { " with this external id" } else { "" },
        if *external_id { " and that sts:ExternalId is the value in the Secret" } else { ", and whether it asks for an external id" }
    )]
    AssumeRoleDenied {
        /// The role.
        role: String,
        /// Whether an external id was sent.
        external_id: bool,
        /// AWS's words.
        message: String,
    },
    /// STS did not answer.
    #[error("the role {role} could not be assumed")]
    AssumeRole {
        /// The role.
        role: String,
        /// Why.
        #[source]
        source: CallError,
    },
}

/// Credentials for `account`, proved by assuming the role where there is one. `session`
/// names the role session in CloudTrail.
pub(crate) async fn resolve(
    account: &AccountPlan,
    sources: &Sources,
    transport: &Transport,
    caller: &Caller,
    session: &str,
) -> Result<SharedCredentialsProvider, CredentialsError> {
    match &account.credentials {
        Credentials::Direct(sign) => first(*sign, sources, transport, caller, session),
        Credentials::AssumeRole { role_arn, external_id, session_tags, from } => {
            let external_id =
                if *external_id { Some(secret_file::read(&sources.external_id, "externalId")?) } else { None };
            let base = first(*from, sources, transport, caller, session)?;
            let sent = external_id.is_some();
            let sts = transport.sts(caller.region(), Some(base));
            let tagged = (role_arn.clone(), session_tags.clone());
            let role = AssumedRole::new(sts, caller.clone(), tagged, session.to_owned(), external_id);
            let keys = role.prove().await.map_err(|error| denied_or(error, role_arn, sent))?;
            Ok(SharedCredentialsProvider::new(Kept::new(role, Some(keys))))
        }
    }
}

/// The credentials one starts from.
fn first(
    sign: Sign,
    sources: &Sources,
    transport: &Transport,
    caller: &Caller,
    session: &str,
) -> Result<SharedCredentialsProvider, CredentialsError> {
    match sign {
        Sign::Secret => {
            let key = secret_file::read(&sources.keys, "accessKeyId")?;
            let secret = secret_file::read(&sources.keys, "secretAccessKey")?;
            let token = secret_file::read_optional(&sources.keys, "sessionToken")?;
            Ok(SharedCredentialsProvider::new(keys(&key, &secret, token.as_ref())))
        }
        Sign::Ambient => {
            if let Some((token_file, role_arn)) = &sources.web_identity {
                let sts = transport.sts(caller.region(), None);
                let names = (role_arn.clone(), session.to_owned());
                let identity = WebIdentity::new(sts, caller.clone(), names, token_file.clone());
                return Ok(SharedCredentialsProvider::new(Kept::new(identity, None)));
            }
            if sources.container {
                let settings = ProviderConfig::without_region().with_http_client(transport.http());
                let endpoint = EcsCredentialsProvider::builder()
                    .configure(&settings)
                    .connect_timeout(Duration::from_secs(2))
                    .read_timeout(Duration::from_secs(5))
                    .build();
                return Ok(SharedCredentialsProvider::new(Kept::new(endpoint, None)));
            }
            Err(CredentialsError::NoIdentity)
        }
    }
}

/// The SDK's own type wipes its memory when dropped.
fn keys(key: &SecretString, secret: &SecretString, token: Option<&SecretString>) -> Keys {
    let token = token.map(|token| token.expose_secret().to_owned());
    Keys::new(key.expose_secret(), secret.expose_secret(), token, None, "Secret")
}

fn denied_or(error: CallError, role: &str, external_id: bool) -> CredentialsError {
    let role = role.to_owned();
    match error {
        CallError::Aws { class: ErrorClass::Permission, message, .. } => {
            CredentialsError::AssumeRoleDenied { role, external_id, message }
        }
        source => CredentialsError::AssumeRole { role, source },
    }
}
