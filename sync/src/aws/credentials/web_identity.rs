//! The role that a pod has by IRSA: its service account's token, exchanged at STS.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime},
};

use aws_credential_types::{
    Credentials as Keys,
    provider::{self, ProvideCredentials, error::CredentialsError, future},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use crate::aws::{backoff, classify::classify};

const RENEW_BEFORE_END: Duration = Duration::from_mins(5);
const MOST_ATTEMPTS: u32 = 4;

/// Credentials of a web identity.
#[derive(Clone, Debug)]
pub(crate) struct WebIdentity(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    sts: aws_sdk_sts::Client,
    role_arn: String,
    session: String,
    token_file: PathBuf,
    keys: Mutex<Option<Keys>>,
}

impl WebIdentity {
    /// The identity whose token is in `token_file`; `sts` needs no credentials.
    pub(crate) fn new(sts: aws_sdk_sts::Client, role_arn: String, session: String, token_file: PathBuf) -> Self {
        Self(Arc::new(Inner { sts, role_arn, session, token_file, keys: Mutex::new(None) }))
    }

    async fn current(&self) -> provider::Result {
        let mut held = self.0.keys.lock().await;
        let fresh = |keys: &&Keys| keys.expiry().is_none_or(|end| end > SystemTime::now() + RENEW_BEFORE_END);
        if let Some(keys) = held.as_ref().filter(fresh) {
            return Ok(keys.clone());
        }
        // Read each time: the kubelet renews the file.
        let token = std::fs::read_to_string(&self.0.token_file).map_err(CredentialsError::not_loaded)?;
        let token = SecretString::from(token);
        let mut attempts = 0;
        loop {
            attempts += 1;
            let answer = self
                .0
                .sts
                .assume_role_with_web_identity()
                .role_arn(&self.0.role_arn)
                .role_session_name(&self.0.session)
                .web_identity_token(token.expose_secret())
                .send()
                .await;
            match answer {
                Ok(answer) => {
                    let keys =
                        answer.credentials.ok_or_else(|| CredentialsError::unhandled("STS sent no credentials"))?;
                    let expiry = SystemTime::try_from(*keys.expiration()).ok();
                    let (key, secret, token) = (keys.access_key_id, keys.secret_access_key, keys.session_token);
                    return Ok(held.insert(Keys::new(key, secret, Some(token), expiry, "WebIdentity")).clone());
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
        future::ProvideCredentials::new(self.current())
    }
}
