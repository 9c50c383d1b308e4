//! The role that a pod has by IRSA: its service account's token, exchanged at STS.

use std::{path::PathBuf, time::SystemTime};

use aws_credential_types::{
    Credentials as Keys,
    provider::{self, ProvideCredentials, error::CredentialsError, future},
};
use aws_sdk_sts::{
    error::SdkError, operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError as ExchangeError,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use secrecy::{ExposeSecret, SecretString};

use crate::aws::{answer_size::AnswerSize, caller::Caller, operation::Operation};

/// Credentials of a web identity.
#[derive(Debug)]
pub(super) struct WebIdentity {
    sts: aws_sdk_sts::Client,
    caller: Caller,
    role_arn: String,
    session: String,
    token_file: PathBuf,
}

impl WebIdentity {
    /// The identity whose token is in `token_file`, which has the role and the session of
    /// that name; `sts` needs no credentials.
    pub(super) fn new(
        sts: aws_sdk_sts::Client,
        caller: Caller,
        role_and_session: (String, String),
        token_file: PathBuf,
    ) -> Self {
        let (role_arn, session) = role_and_session;
        Self { sts, caller, role_arn, session, token_file }
    }

    async fn current(&self) -> provider::Result {
        // Read each time: the kubelet renews the file.
        let token = std::fs::read_to_string(&self.token_file).map_err(CredentialsError::not_loaded)?;
        let token = SecretString::from(token);
        let exchanged = self.caller.call(Operation::AssumeRoleWithWebIdentity, |size| self.exchange(&token, size));
        exchanged.await.map_err(CredentialsError::provider_error)
    }

    async fn exchange(
        &self,
        token: &SecretString,
        size: AnswerSize,
    ) -> Result<Keys, SdkError<ExchangeError, HttpResponse>> {
        let answer = self
            .sts
            .assume_role_with_web_identity()
            .role_arn(&self.role_arn)
            .role_session_name(&self.session)
            .web_identity_token(token.expose_secret())
            .customize()
            .interceptor(size)
            .send()
            .await?;
        let keys = answer.credentials.ok_or_else(|| SdkError::construction_failure("STS sent no credentials"))?;
        let expiry = SystemTime::try_from(*keys.expiration()).ok();
        Ok(Keys::new(keys.access_key_id, keys.secret_access_key, Some(keys.session_token), expiry, "WebIdentity"))
    }
}

impl ProvideCredentials for WebIdentity {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.current())
    }
}
