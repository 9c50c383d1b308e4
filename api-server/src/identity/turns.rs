//! How many strangers are counted at once. Counting takes turns in the database, each waiting
//! try holds a connection, and lists need some too. Known devices do not wait here.

use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::password::PasswordError;

/// Connections that counting may hold; a server has ten without a wish.
const AT_ONCE: usize = 3;
/// Longest wait for a turn.
const PATIENCE: Duration = Duration::from_secs(3);

/// The turns of a server.
#[derive(Debug, Clone)]
pub struct SignInTurns(Arc<Semaphore>);

impl Default for SignInTurns {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl SignInTurns {
    /// A turn, until it is dropped.
    pub async fn take(&self) -> Result<OwnedSemaphorePermit, PasswordError> {
        match tokio::time::timeout(PATIENCE, self.0.clone().acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(PasswordError::Busy),
        }
    }
}
