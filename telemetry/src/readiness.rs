//! Whether the program can do its work: ordered, named checks.
//!
//! Flows in: [`Check::pass`] and [`Check::wait`] from whoever knows (a connection
//! loop, a cache, a listener). Flows out: a [`ReadinessReport`] that names what is
//! still waited for, in the order in which the checks were added. Deliberately
//! absent: any I/O; asking for readiness costs nothing and cannot hang.

use std::{
    borrow::Cow,
    sync::{Arc, Mutex, PoisonError},
};

use serde::Serialize;

/// Where a check stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckState {
    /// What the check stands for is there.
    Ready,
    /// It is not there yet, or no longer.
    Waiting,
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// What is checked, for example `postgres`.
    pub name: &'static str,
    /// Where it stands.
    pub state: CheckState,
    /// Why it waits, for people; `null` when ready. Never holds a secret or a
    /// URL with a password: anyone who reaches the port can read it.
    pub reason: Option<Cow<'static, str>>,
}

/// The body of `/health/ready`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadinessReport {
    /// True when no check waits.
    pub ready: bool,
    /// The names of the checks that wait.
    pub waiting_for: Vec<&'static str>,
    /// All checks in their order.
    pub checks: Vec<CheckReport>,
}

/// The checks of a program; clones share them. Without checks it is ready.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<Mutex<Vec<CheckReport>>>);

/// The handle by which a check's owner says where it stands.
#[derive(Clone, Debug)]
pub struct Check {
    readiness: Readiness,
    index: usize,
}

impl Readiness {
    /// Adds a check behind those already there; it waits for `reason` at first.
    pub fn check(&self, name: &'static str, reason: impl Into<Cow<'static, str>>) -> Check {
        let mut checks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        checks.push(CheckReport { name, state: CheckState::Waiting, reason: Some(reason.into()) });
        Check { readiness: self.clone(), index: checks.len() - 1 }
    }

    /// Where all checks stand now.
    pub fn report(&self) -> ReadinessReport {
        let checks = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let waiting_for: Vec<_> =
            checks.iter().filter(|check| check.state == CheckState::Waiting).map(|check| check.name).collect();
        ReadinessReport { ready: waiting_for.is_empty(), waiting_for, checks }
    }
}

impl Check {
    /// What the check stands for is there.
    pub fn pass(&self) {
        self.set(CheckState::Ready, None);
    }

    /// It is not there, for this reason (without secrets).
    pub fn wait(&self, reason: impl Into<Cow<'static, str>>) {
        self.set(CheckState::Waiting, Some(reason.into()));
    }

    fn set(&self, state: CheckState, reason: Option<Cow<'static, str>>) {
        let mut checks = self.readiness.0.lock().unwrap_or_else(PoisonError::into_inner);
        let check = &mut checks[self.index];
        check.state = state;
        check.reason = reason;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_program_without_checks_is_ready() {
        assert!(Readiness::default().report().ready);
    }

    #[test]
    fn what_is_waited_for_is_named_in_order() {
        let readiness = Readiness::default();
        let _postgres = readiness.check("postgres", "not connected yet");
        let _lease = readiness.check("lease", "not asked for yet");
        assert_eq!(readiness.report().waiting_for, ["postgres", "lease"]);
    }

    #[test]
    fn a_check_can_pass_and_wait_again() {
        let readiness = Readiness::default();
        let postgres = readiness.check("postgres", "not connected yet");
        postgres.pass();
        assert!(readiness.report().ready);
        postgres.wait("connection refused");
        assert_eq!(
            serde_json::to_value(readiness.report()).unwrap(),
            json!({
                "ready": false,
                "waitingFor": ["postgres"],
                "checks": [{"name": "postgres", "state": "waiting", "reason": "connection refused"}]
            })
        );
    }
}
