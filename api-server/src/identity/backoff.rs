//! How fast passwords may be guessed. Pure: what happened before comes from
//! [`store::person::sign_in_attempts`], so every server counts the same and a restart
//! forgets nothing. Names that do not exist are slowed down just the same.
//!
//! | who | rule |
//! |---|---|
//! | a stranger, on one name from one network | five tries are free, then rests of 1, 2, 4 … s, at most 5 min |
//! | all strangers on one name | 100 failures an hour (OWASP ASVS 2.2.1, NIST SP 800-63B 5.2.2) |
//! | strangers of one network, on all names | 100 failures an hour, against one password tried on many names |
//! | a device that signed in as the person before | its own five free tries and rests, whatever strangers do |

use jiff::{SignedDuration, Timestamp};
use store::person::sign_in_attempts::{Failures, Tally, Total, Windows};

/// How far back failures count.
pub(super) const WINDOWS: Windows =
    Windows { own: SignedDuration::from_mins(15), total: SignedDuration::from_hours(1) };
/// Wrong passwords that cost nothing.
const FREE: u32 = 5;
/// Longest rest: long enough against guessing, short enough that nobody is kept out for long
/// by mistakes of their own.
const LONGEST: SignedDuration = SignedDuration::from_mins(5);
/// Failures within [`Windows::total`] that strangers may have on one name.
const NAME_LIMIT: u32 = 100;
/// Failures within [`Windows::total`] that one network may have on all names.
const NETWORK_LIMIT: u32 = 100;

/// No password is looked at now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resting {
    /// For how long.
    pub left: SignedDuration,
}

/// May a password be looked at, after all this?
pub fn may_try(tally: &Tally, now: Timestamp) -> Result<(), Resting> {
    let rests = [
        rest_after_failures(tally.own, now),
        rest_at_limit(tally.name, NAME_LIMIT, now),
        rest_at_limit(tally.network, NETWORK_LIMIT, now),
    ];
    rests.into_iter().flatten().max().map_or(Ok(()), |left| Err(Resting { left }))
}

/// What is left of the rest: none up to four failures, then 1, 2, 4 … seconds after the last
/// one, at most five minutes.
fn rest_after_failures(failures: Failures, now: Timestamp) -> Option<SignedDuration> {
    let doublings = failures.count.checked_sub(FREE)?;
    let seconds = 1_i64.checked_shl(doublings.min(30)).unwrap_or(i64::MAX);
    let rest = SignedDuration::from_secs(seconds).min(LONGEST);
    left_of(rest, failures.last?, now)
}

/// At the limit: until the first failure is forgotten.
fn rest_at_limit(total: Total, limit: u32, now: Timestamp) -> Option<SignedDuration> {
    let first = total.first.filter(|_| total.count >= limit)?;
    left_of(WINDOWS.total, first, now)
}

fn left_of(rest: SignedDuration, since: Timestamp, now: Timestamp) -> Option<SignedDuration> {
    let left = rest.checked_sub(now.duration_since(since))?;
    left.is_positive().then_some(left)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
    }

    fn left(tally: &Tally, seconds: i64) -> Option<i64> {
        may_try(tally, at(seconds)).err().map(|resting| resting.left.as_secs())
    }

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
        #[case] count: u32,
        #[case] seconds: i64,
        #[case] expected: Option<i64>,
    ) {
        let own = Failures { count, last: Some(at(0)) };
        assert_eq!(left(&Tally { own, ..Tally::default() }, seconds), expected);
    }

    #[rstest]
    #[case(99, 0, None)]
    #[case(100, 0, Some(3_600))]
    #[case(100, 3_599, Some(1))]
    #[case(100, 3_600, None)]
    fn a_total_rests_until_its_first_failure_is_forgotten(
        #[case] count: u32,
        #[case] seconds: i64,
        #[case] expected: Option<i64>,
    ) {
        let total = Total { count, first: Some(at(0)) };
        assert_eq!(left(&Tally { name: total, ..Tally::default() }, seconds), expected);
        assert_eq!(left(&Tally { network: total, ..Tally::default() }, seconds), expected);
    }

    #[test]
    fn the_longest_rest_counts() {
        let own = Failures { count: 5, last: Some(at(60)) };
        let name = Total { count: 100, first: Some(at(0)) };
        assert_eq!(left(&Tally { own, name, ..Tally::default() }, 60), Some(3_540));
    }
}
