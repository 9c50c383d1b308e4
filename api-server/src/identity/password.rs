//! Passwords: argon2id with OWASP's first parameters (19 MiB, 2 passes, 1 lane), hashed on
//! blocking threads, at most a few at once, so that a burst of sign-ins can neither stall
//! the async threads nor use more than (`permits` + 1) × 19 MiB. One slot is kept for devices
//! that signed in before: strangers can fill all others, and not keep those out.
//!
//! Verifying a name that does not exist costs the same as one that does: the password is
//! then checked against [`PasswordHasher::decoy`].

use std::{sync::Arc, time::Duration};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

/// Longest wait for a free hashing slot before the caller is told to come back.
const QUEUE_LIMIT: Duration = Duration::from_secs(3);
/// Shortest password that may be set.
const MIN_LENGTH: usize = 12;
/// Longest password that may be set or tried; argon2's cost must not depend on the sender.
const MAX_LENGTH: usize = 128;

/// Why a password could not be hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// All slots stayed busy.
    #[error("too many sign-ins are being checked")]
    Busy,
    /// argon2 refused.
    #[error("the password could not be hashed")]
    Hash(#[source] argon2::password_hash::Error),
    /// The thread that hashed ended early.
    #[error("the hashing thread ended")]
    Thread(#[source] tokio::task::JoinError),
}

/// Why a new password is not good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordPolicyError {
    /// Too short.
    #[error("a password has at least {MIN_LENGTH} characters")]
    TooShort,
    /// Too long.
    #[error("a password has at most {MAX_LENGTH} characters")]
    TooLong,
}

/// NIST SP 800-63B: length decides, no rules about character classes.
pub fn check_policy(password: &SecretString) -> Result<(), PasswordPolicyError> {
    match password.expose_secret().chars().count() {
        length if length < MIN_LENGTH => Err(PasswordPolicyError::TooShort),
        length if length > MAX_LENGTH => Err(PasswordPolicyError::TooLong),
        _ => Ok(()),
    }
}

/// Whose password is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Anybody's.
    Stranger,
    /// Somebody's whose device signed in as them before.
    KnownDevice,
}

/// Hashes and checks, a few at once.
#[derive(Clone)]
pub struct PasswordHasher {
    slots: Arc<Semaphore>,
    kept_for_devices: Arc<Semaphore>,
    decoy: Arc<str>,
}

impl PasswordHasher {
    /// At most `permits` at once, and one of a known device.
    pub async fn new(permits: usize) -> Result<Self, PasswordError> {
        let slots = Arc::new(Semaphore::new(permits));
        let kept_for_devices = Arc::new(Semaphore::new(1));
        let mut hasher = Self { slots, kept_for_devices, decoy: Arc::from("") };
        let nobody = SecretString::from(uuid::Uuid::new_v4().to_string());
        hasher.decoy = hasher.hash(nobody).await?.into();
        Ok(hasher)
    }

    /// A hash that no password fits, with the same parameters as all others.
    pub fn decoy(&self) -> &str {
        &self.decoy
    }

    /// The PHC string of a password.
    pub async fn hash(&self, password: SecretString) -> Result<String, PasswordError> {
        self.on_a_slot(Lane::Stranger, move || {
            let hash: phc::PasswordHash =
                Argon2::default().hash_password(password.expose_secret().as_bytes()).map_err(PasswordError::Hash)?;
            Ok(hash.to_string())
        })
        .await?
    }

    /// True if the password fits the PHC string. A string that cannot be read fits nothing.
    pub async fn verify(&self, password: SecretString, phc_string: String, lane: Lane) -> Result<bool, PasswordError> {
        self.on_a_slot(lane, move || {
            phc::PasswordHash::new(&phc_string)
                .is_ok_and(|hash| Argon2::default().verify_password(password.expose_secret().as_bytes(), &hash).is_ok())
        })
        .await
    }

    async fn on_a_slot<T: Send + 'static>(
        &self,
        lane: Lane,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PasswordError> {
        let slots = match lane {
            Lane::Stranger => &self.slots,
            Lane::KnownDevice => &self.kept_for_devices,
        };
        let waiting = tokio::time::timeout(QUEUE_LIMIT, slots.clone().acquire_owned()).await;
        let Ok(Ok(slot)) = waiting else {
            return Err(PasswordError::Busy);
        };
        // The slot moves into the thread: a caller that goes away frees nothing early.
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop(slot);
            result
        })
        .await
        .map_err(PasswordError::Thread)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[tokio::test]
    async fn a_hash_fits_its_password_only_and_is_argon2id() {
        let hasher = PasswordHasher::new(1).await.unwrap();
        let hash = hasher.hash("correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.verify("correct horse battery".into(), hash.clone(), Lane::Stranger).await.unwrap());
        assert!(!hasher.verify("correct horse batterz".into(), hash, Lane::Stranger).await.unwrap());
        assert!(!hasher.verify("anything".into(), "not a hash".into(), Lane::Stranger).await.unwrap());
    }

    #[tokio::test]
    async fn nothing_fits_the_decoy_and_it_costs_what_others_cost() {
        let hasher = PasswordHasher::new(1).await.unwrap();
        assert!(hasher.decoy().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(!hasher.verify(String::new().into(), hasher.decoy().to_owned(), Lane::Stranger).await.unwrap());
    }

    #[tokio::test]
    async fn a_known_device_does_not_wait_for_strangers() {
        let hasher = PasswordHasher::new(1).await.unwrap();
        let decoy = hasher.decoy().to_owned();
        let _strangers = hasher.slots.acquire().await.unwrap();
        assert!(!hasher.verify("guess".into(), decoy, Lane::KnownDevice).await.unwrap());
    }

    #[rstest]
    #[case("short", Err(PasswordPolicyError::TooShort))]
    #[case("twelve chars", Ok(()))]
    #[case(&"x".repeat(129), Err(PasswordPolicyError::TooLong))]
    fn length_decides(#[case] password: &str, #[case] verdict: Result<(), PasswordPolicyError>) {
        assert_eq!(check_policy(&password.into()), verdict);
    }
}
