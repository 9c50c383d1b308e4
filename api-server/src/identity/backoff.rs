//! How long a name rests after wrong passwords. Pure: the failures come from the access
//! log, so every server counts the same and a restart forgets nothing. Names that do not
//! exist rest just as long, so resting tells nothing about a name.

use jiff::{SignedDuration, Timestamp};

/// Failures older than this are forgotten; so are those before the last success.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Wrong passwords that cost nothing.
const FREE: u32 = 5;
/// Longest rest: long enough against guessing, short enough that nobody can lock a
/// colleague out for a working day.
const LONGEST: SignedDuration = SignedDuration::from_mins(5);

/// What is left of the rest at `now`: none up to four failures, then 1, 2, 4 … seconds
/// after the last one, at most five minutes.
pub fn rest_after_failures(failures: u32, last: Timestamp, now: Timestamp) -> Option<SignedDuration> {
    let doublings = failures.checked_sub(FREE)?;
    let seconds = 1_i64.checked_shl(doublings.min(30)).unwrap_or(i64::MAX);
    let rest = SignedDuration::from_secs(seconds).min(LONGEST);
    let left = rest.checked_sub(now.duration_since(last))?;
    left.is_positive().then_some(left)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, 0, None)]
    #[case(4, 0, None)]
    #[case(5, 0, Some(1))]
    #[case(5, 1, None)]
    #[case(8, 0, Some(8))]
    #[case(8, 5, Some(3))]
    #[case(14, 0, Some(300))]
    #[case(4_000_000, 0, Some(300))]
    #[case(4_000_000, 300, None)]
    fn the_rest_doubles_from_the_fifth_failure_and_ends(
        #[case] failures: u32,
        #[case] seconds_since: i64,
        #[case] left: Option<i64>,
    ) {
        let last = Timestamp::UNIX_EPOCH;
        let now = last + SignedDuration::from_secs(seconds_since);
        assert_eq!(rest_after_failures(failures, last, now), left.map(SignedDuration::from_secs));
    }
}
