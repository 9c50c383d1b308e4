//! How long to wait before the next attempt, and how many attempts there are.

use std::time::Duration;

/// Attempts of one call, the first included.
pub(crate) const MOST_ATTEMPTS: u32 = 8;

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(20);

/// The wait after `failed` attempts (1 or more): doubles each time up to 20 s, and of that
/// a part between a half and the whole, chosen by `random` in 0..1, so that callers that
/// failed together do not come back together.
pub(crate) fn wait(failed: u32, random: f64) -> Duration {
    let doubled = FIRST.saturating_mul(2_u32.saturating_pow(failed.saturating_sub(1))).min(LONGEST);
    doubled.mul_f64(0.5 + random.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn waits_grow_and_stay_within_bounds(failed in 1_u32..100, random in 0.0_f64..1.0) {
            let this = wait(failed, random);
            prop_assert!(this >= FIRST / 2 && this <= LONGEST);
            prop_assert!(wait(failed + 1, random) >= this);
        }
    }

    #[test]
    fn all_attempts_together_take_less_than_a_step_may_stay_claimed_without_a_sign() {
        let total: Duration = (1..MOST_ATTEMPTS).map(|failed| wait(failed, 1.0)).sum();
        assert!(total < Duration::from_mins(1), "{total:?}");
    }
}
