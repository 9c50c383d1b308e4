//! A role assumed with other credentials, and assumed again before its session ends.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, SystemTime},
};

use aws_credential_types::{
    Credentials as Keys,
    provider::{self, ProvideCredentials, error::CredentialsError, future},
};
use aws_sdk_sts::{error::SdkError, operation::assume_role::AssumeRoleError, types::Tag};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use crate::aws::{
    answer_size::AnswerSize, backoff, caller::Caller, classify::classify, error::CallError, operation::Operation,
};

/// Sessions end after an hour at most where one role assumes another.
const RENEW_BEFORE_END: Duration = Duration::from_mins(5);
const MOST_RENEWAL_ATTEMPTS: u32 = 4;

/// Credentials of a role.
#[derive(Clone, Debug)]
pub(crate) struct AssumedRole(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    sts: aws_sdk_sts::Client,
    role_arn: String,
    session: String,
    external_id: Option<SecretString>,
    tags: BTreeMap<String, String>,
    keys: Mutex<Option<Keys>>,
}

impl AssumedRole {
    /// A role that nobody has assumed yet.
    pub(crate) fn new(
        sts: aws_sdk_sts::Client,
        role_arn: String,
        session: String,
        external_id: Option<SecretString>,
        tags: BTreeMap<String, String>,
    ) -> Self {
        Self(Arc::new(Inner { sts, role_arn, session, external_id, tags, keys: Mutex::new(None) }))
    }

    /// Assumes the role now, by the usual way of calls, so that a refusal is told as what
    /// it is and not as a failure of the first call made with it.
    pub(crate) async fn prove(&self, caller: &Caller) -> Result<(), CallError> {
        let keys = caller.call(Operation::AssumeRole, |size| self.assume(size)).await?;
        *self.0.keys.lock().await = Some(keys);
        Ok(())
    }

    async fn assume(&self, size: AnswerSize) -> Result<Keys, SdkError<AssumeRoleError, HttpResponse>> {
        let Inner { sts, role_arn, session, external_id, tags, .. } = &*self.0;
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

    /// The keys in hand, or new ones when their end is near.
    async fn current(&self) -> provider::Result {
        let mut held = self.0.keys.lock().await;
        if let Some(keys) = held.as_ref().filter(|keys| is_fresh(keys)) {
            return Ok(keys.clone());
        }
        let mut attempts = 0;
        loop {
            attempts += 1;
            match self.assume(AnswerSize::default()).await {
                Ok(keys) => return Ok(held.insert(keys).clone()),
                Err(error) => {
                    let failure = classify(&error);
                    if attempts >= MOST_RENEWAL_ATTEMPTS || !failure.class.is_worth_another_attempt() {
                        return Err(CredentialsError::provider_error(error));
                    }
                    tokio::time::sleep(backoff::wait(attempts, rand::random())).await;
                }
            }
        }
    }
}

impl ProvideCredentials for AssumedRole {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.current())
    }
}

fn is_fresh(keys: &Keys) -> bool {
    keys.expiry().is_none_or(|end| end > SystemTime::now() + RENEW_BEFORE_END)
}
