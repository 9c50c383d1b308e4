//! Who holds a lease, judged by what this process has itself seen.

use std::time::{Duration, Instant};

use k8s_openapi::api::coordination::v1::Lease;

/// Whether a lease may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nobody's, ours, or run out.
    Free,
    /// Somebody else's.
    Taken,
}

/// What was seen of the lease, and since when it has been the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Observation {
    last: Option<(String, Instant)>,
}

/// The holder; a released lease has none.
pub(super) fn holder(lease: &Lease) -> Option<&str> {
    lease.spec.as_ref()?.holder_identity.as_deref().filter(|holder| !holder.is_empty())
}

impl Observation {
    /// Judges a lease that was read at `now`. Times written by others are only compared for
    /// being the same, never with a clock.
    pub(super) fn standing(&mut self, lease: &Lease, me: &str, duration: Duration, now: Instant) -> Standing {
        let Some(holder) = holder(lease).filter(|holder| *holder != me) else { return Standing::Free };
        // Every renewal is a write, and every write gives a new version.
        let seen = format!("{holder} {}", lease.metadata.resource_version.as_deref().unwrap_or_default());
        match &self.last {
            Some((before, since)) if *before == seen => {
                if now.duration_since(*since) >= duration {
                    Standing::Free
                } else {
                    Standing::Taken
                }
            }
            _ => {
                self.last = Some((seen, now));
                Standing::Taken
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const DURATION: Duration = Duration::from_secs(15);

    fn a_lease(holder: &str, version: &str) -> Lease {
        let json = json!({"metadata": {"resourceVersion": version}, "spec": {"holderIdentity": holder}});
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_released_lease_and_my_own_are_free() {
        let mut seen = Observation::default();
        assert_eq!(seen.standing(&a_lease("", "1"), "me", DURATION, Instant::now()), Standing::Free);
        assert_eq!(seen.standing(&a_lease("me", "1"), "me", DURATION, Instant::now()), Standing::Free);
    }

    #[test]
    fn a_lease_runs_out_only_after_it_was_seen_unchanged_for_its_whole_duration() {
        let (mut seen, start) = (Observation::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(seen.standing(&a_lease("you", "1"), "me", DURATION, at(0)), Standing::Taken);
        assert_eq!(seen.standing(&a_lease("you", "1"), "me", DURATION, at(14)), Standing::Taken);
        assert_eq!(seen.standing(&a_lease("you", "2"), "me", DURATION, at(15)), Standing::Taken);
        assert_eq!(seen.standing(&a_lease("you", "2"), "me", DURATION, at(29)), Standing::Taken);
        assert_eq!(seen.standing(&a_lease("you", "2"), "me", DURATION, at(30)), Standing::Free);
    }
}
