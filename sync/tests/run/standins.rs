//! The stand-ins that run: each test has one to itself for as long as it lasts. Most of a
//! test is waiting (for a pace, a backoff, an answer), so several at once take little longer
//! than one.

use std::{
    env,
    sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
};

static FREE: OnceLock<Mutex<Vec<String>>> = OnceLock::new();
static RETURNED: Condvar = Condvar::new();

/// One stand-in, nobody else's until it is dropped.
pub(crate) struct Turn {
    pub(crate) url: String,
}

impl Turn {
    /// Waits for a stand-in that is free.
    pub(crate) fn wait() -> Self {
        let mut free = lock();
        loop {
            match free.pop() {
                Some(url) => return Self { url },
                None => free = RETURNED.wait(free).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        lock().push(std::mem::take(&mut self.url));
        RETURNED.notify_one();
    }
}

/// A test that fails while it holds the lock leaves the list whole.
fn lock() -> MutexGuard<'static, Vec<String>> {
    FREE.get_or_init(|| Mutex::new(running())).lock().unwrap_or_else(PoisonError::into_inner)
}

fn running() -> Vec<String> {
    let urls = env::var("DESKFLEET_TEST_AWS_URL").expect(
        "DESKFLEET_TEST_AWS_URL is not set: run `make test`, or `sandbox/aws/aws serve --port 5990` and set it to http://127.0.0.1:5990 (several, with commas between)",
    );
    let urls: Vec<String> = urls.split(',').map(|url| url.trim().to_owned()).filter(|url| !url.is_empty()).collect();
    assert!(!urls.is_empty(), "DESKFLEET_TEST_AWS_URL names no stand-in");
    urls
}
