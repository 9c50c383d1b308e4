//! What time it is, as a part that tests replace: back-off, tokens, devices and the standing
//! of sessions are judged by it. Deliberately absent: pauses and time limits, which are
//! tokio's, and the times of rows, which are the database's.

use std::{
    fmt::{self, Debug, Formatter},
    sync::Arc,
};

use jiff::Timestamp;

/// Tells the time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The system's.
    pub fn system() -> Self {
        Self::of(Timestamp::now)
    }

    /// Any other.
    pub fn of(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl Debug for Clock {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("Clock")
    }
}
