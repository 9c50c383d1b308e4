//! How long a run waits so that not all schedules call AWS at the same second.
//!
//! Flows in: an object's namespace and name. Flows out: a number of seconds that is the
//! same on every run, every restart and every version: it is derived from the name alone.
//! Deliberately absent: randomness; a wait that changes would make run times incomparable.

/// Seconds to wait before a run, from 0 to `max_seconds` inclusive, evenly spread over names.
pub fn jitter_seconds(namespace: &str, name: &str, max_seconds: u32) -> u32 {
    // No name holds a slash, so the pair is unambiguous.
    let hash = namespace
        .bytes()
        .chain(*b"/")
        .chain(name.bytes())
        .fold(FNV_OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME));
    let seconds = hash % (u64::from(max_seconds) + 1);
    // A remainder is below its divisor, so this never falls back.
    u32::try_from(seconds).unwrap_or(max_seconds)
}

// FNV-1a, 64 bits: chosen because it is fixed for all time, unlike the standard
// library's hasher, which may change with any release.
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_wait_of_a_name_never_changes() {
        assert_eq!(jitter_seconds("deskfleet", "nightly", 900), 145);
        assert_eq!(jitter_seconds("deskfleet", "hourly", 900), 283);
    }

    #[test]
    fn names_spread_evenly() {
        let mut tenths = [0_u32; 10];
        for number in 0..10_000 {
            let seconds = jitter_seconds("deskfleet", &format!("account-{number}"), 899);
            tenths[usize::try_from(seconds / 90).unwrap()] += 1;
        }
        assert!(tenths.iter().all(|count| (850..1_150).contains(count)), "{tenths:?}");
    }

    proptest! {
        #[test]
        fn the_wait_stays_within_its_bound(namespace in "[a-z]{1,20}", name in "[a-z0-9-]{1,40}", max: u32) {
            prop_assert!(jitter_seconds(&namespace, &name, max) <= max);
        }
    }
}
