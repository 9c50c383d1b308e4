//! A role assumed with other credentials.

use std::{collections::BTreeMap, time::SystemTime};

use aws_credential_types::{
    Credentials as Keys,
    provider::{ProvideCredentials, error::CredentialsError, future},
};
use aws_sdk_sts::{error::SdkError, operation::assume_role::AssumeRoleError, types::Tag};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use secrecy::{ExposeSecret, SecretString};

use crate::aws::{answer_size::AnswerSize, caller::Caller, error::CallError, operation::Operation};

/// Credentials of a role.
#[derive(Debug)]
pub(super) struct AssumedRole {
    sts: aws_sdk_sts::Client,
    caller: Caller,
    role_arn: String,
    session: String,
    external_id: Option<SecretString>,
    tags: BTreeMap<String, String>,
}

impl AssumedRole {
    /// A role, with its session tags, that nobody has assumed yet.
    pub(super) fn new(
        sts: aws_sdk_sts::Client,
        caller: Caller,
        role: (String, BTreeMap<String, String>),
        session: String,
        external_id: Option<SecretString>,
    ) -> Self {
        let (role_arn, tags) = role;
        Self { sts, caller, role_arn, session, external_id, tags }
    }

    /// Assumes the role now, by the usual way of calls (with a ticket, and counted): before
    /// a run, so that a refusal is told as what it is and not as a failure of the first call
    /// made with it; and again when the session nears its end in the middle of a run.
    pub(super) async fn prove(&self) -> Result<Keys, CallError> {
        self.caller.call(Operation::AssumeRole, |size| self.assume(size)).await
    }

    async fn assume(&self, size: AnswerSize) -> Result<Keys, SdkError<AssumeRoleError, HttpResponse>> {
        let Self { sts, role_arn, session, external_id, tags, caller: _ } = self;
        let tags = tags
            .iter()
            .map(|(key, value)| Tag::builder().key(key).value(value).build().expect("key and value are set"));
        let answer = sts
            .assume_role()
            .role_arn(role_arn)
            .role_session_name(session)
            .set_external_id(external_id.as_ref().map(|id| id.expose_secret().to_owned()))
            .set_tags(Some(tags.collect()).filter(|tags: &Vec<Tag>| !tags.is_empty()))
            .customize()
            .interceptor(size)
            .send()
            .await?;
        let keys =
            answer.credentials.ok_or_else(|| SdkError::construction_failure("AssumeRole sent no credentials"))?;
        let expiry = SystemTime::try_from(*keys.expiration()).ok();
        Ok(Keys::new(keys.access_key_id, keys.secret_access_key, Some(keys.session_token), expiry, "AssumeRole"))
    }
}

impl ProvideCredentials for AssumedRole {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async { self.prove().await.map_err(CredentialsError::provider_error) })
    }
}
