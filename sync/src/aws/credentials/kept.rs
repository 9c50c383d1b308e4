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
        let keys = self.provider.provide_credentials().await?;
        Ok(held.insert(keys).clone())
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
