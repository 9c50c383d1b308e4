//! The role that a pod has by IRSA: its service account's token, exchanged at STS.

use std::{path::PathBuf, time::SystemTime};

use aws_credential_types::{
    Credentials as Keys,
    provider::{self, ProvideCredentials, error::CredentialsError, future},
};
use secrecy::{ExposeSecret, SecretString};

use crate::aws::{backoff, classify::classify};

const MOST_ATTEMPTS: u32 = 4;

/// Credentials of a web identity.
#[derive(Debug)]
pub(super) struct WebIdentity {
    sts: aws_sdk_sts::Client,
    role_arn: String,
    session: String,
    token_file: PathBuf,
}

impl WebIdentity {
    /// The identity whose token is in `token_file`; `sts` needs no credentials.
    pub(super) fn new(sts: aws_sdk_sts::Client, role_arn: String, session: String, token_file: PathBuf) -> Self {
        Self { sts, role_arn, session, token_file }
    }

    async fn exchange(&self) -> provider::Result {
        // Read each time: the kubelet renews the file.
        let token = std::fs::read_to_string(&self.token_file).map_err(CredentialsError::not_loaded)?;
        let token = SecretString::from(token);
        let mut attempts = 0;
        loop {
            attempts += 1;
            let answer = self
                .sts
                .assume_role_with_web_identity()
                .role_arn(&self.role_arn)
                .role_session_name(&self.session)
                .web_identity_token(token.expose_secret())
                .send()
                .await;
            match answer {
                Ok(answer) => {
                    let keys =
                        answer.credentials.ok_or_else(|| CredentialsError::unhandled("STS sent no credentials"))?;
                    let expiry = SystemTime::try_from(*keys.expiration()).ok();
                    let (key, secret, token) = (keys.access_key_id, keys.secret_access_key, keys.session_token);
                    return Ok(Keys::new(key, secret, Some(token), expiry, "WebIdentity"));
                }
                Err(error) => {
                    if attempts >= MOST_ATTEMPTS || !classify(&error).class.is_worth_another_attempt() {
                        return Err(CredentialsError::provider_error(error));
                    }
                    tokio::time::sleep(backoff::wait(attempts, rand::random())).await;
                }
            }
        }
    }
}

impl ProvideCredentials for WebIdentity {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.exchange())
    }
}
