//! Keys that are kept until shortly before their end.
//!
//! Each SDK client caches credentials for itself, and a run has two clients a region:
//! without this, STS or the node's agent would be asked once for each of them.

use std::time::{Duration, SystemTime};

use aws_credential_types::{
    Credentials as Keys,
    provider::{self, ProvideCredentials, future},
};
use tokio::sync::Mutex;

/// Sessions last 15 minutes at least, and an hour at most where one role assumes another.
const RENEW_BEFORE_END: Duration = Duration::from_mins(5);

/// Keys with less left may end before a request signed with them arrives.
const USABLE_BEFORE_END: Duration = Duration::from_secs(30);

/// A provider whose keys all clients of the process share.
#[derive(Debug)]
pub(super) struct Kept<P> {
    provider: P,
    keys: Mutex<Option<Keys>>,
}

impl<P: ProvideCredentials> Kept<P> {
    /// Keeps the keys of `provider`, of which it may have given some already.
    pub(super) fn new(provider: P, keys: Option<Keys>) -> Self {
        Self { provider, keys: Mutex::new(keys) }
    }

    async fn current(&self) -> provider::Result {
        let mut held = self.keys.lock().await;
        if let Some(keys) = held.as_ref().filter(|keys| is_fresh(keys)) {
            return Ok(keys.clone());
        }
        match self.provider.provide_credentials().await {
            Ok(keys) => Ok(held.insert(keys).clone()),
            // STS may be away for a while: keys that still work are better than none.
            Err(error) => match held.as_ref().filter(|keys| is_usable(keys)) {
                Some(keys) => {
                    tracing::warn!(%error, "the session could not be renewed yet, going on with its old keys");
                    Ok(keys.clone())
                }
                None => Err(error),
            },
        }
    }
}

impl<P: ProvideCredentials> ProvideCredentials for Kept<P> {
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

fn is_usable(keys: &Keys) -> bool {
    keys.expiry().is_none_or(|end| end > SystemTime::now() + USABLE_BEFORE_END)
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    };

    use super::*;

    /// Gives keys that end in a number of minutes, and counts.
    #[derive(Debug)]
    struct Counting {
        minutes: u64,
        given: Arc<AtomicU64>,
    }

    impl ProvideCredentials for Counting {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            self.given.fetch_add(1, Ordering::Relaxed);
            let end = SystemTime::now() + Duration::from_mins(self.minutes);
            future::ProvideCredentials::ready(Ok(Keys::new("key", "secret", None, Some(end), "test")))
        }
    }

    /// Fails.
    #[derive(Debug)]
    struct Away;

    impl ProvideCredentials for Away {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            let error = provider::error::CredentialsError::provider_error("away");
            future::ProvideCredentials::ready(Err(error))
        }
    }

    #[rstest::rstest]
    #[case(240, true)]
    #[case(20, false)]
    #[tokio::test]
    async fn a_failed_renewal_leaves_keys_that_still_work(#[case] seconds_left: u64, #[case] works: bool) {
        let end = SystemTime::now() + Duration::from_secs(seconds_left);
        let old = Keys::new("old", "secret", None, Some(end), "test");
        let kept = Kept::new(Away, Some(old));
        assert_eq!(kept.provide_credentials().await.is_ok(), works);
    }

    #[rstest::rstest]
    #[case(60, 1)]
    #[case(4, 3)]
    #[tokio::test]
    async fn keys_are_asked_for_again_only_near_their_end(#[case] minutes: u64, #[case] asked: u64) {
        let given = Arc::new(AtomicU64::new(0));
        let kept = Kept::new(Counting { minutes, given: Arc::clone(&given) }, None);
        for _ in 0..3 {
            kept.provide_credentials().await.unwrap();
        }
        assert_eq!(given.load(Ordering::Relaxed), asked);
    }
}
