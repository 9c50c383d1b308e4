//! When Kubernetes' CronJob controller starts a Job.
//!
//! Flows in: a schedule, the moment from which the controller counts, and now. Flows out:
//! the next start, or the one that is due. The controller counts from the CronJob's
//! `status.lastScheduleTime`, or from its creation when it never ran; for a calendar that
//! makes no difference, but `@every 1h` runs an hour after the last start and not at the
//! full hour. Deliberately absent: `suspend` and `concurrencyPolicy`; they decide whether a
//! start happens, not when.

use jiff::{SignedDuration, Timestamp};

use crate::{Schedule, schedule::whole_second};

/// The next start after `now`. `counted_from` is the last schedule time, else the creation.
pub fn next_start(schedule: &Schedule, counted_from: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let from = match last_beat(schedule, counted_from, now) {
        Some(beat) => beat,
        None => counted_from.max(now),
    };
    schedule.next(from)
}

/// The start that the controller makes up for at `now`: the most recent one after
/// `counted_from`, unless it is more than `starting_deadline` ago.
pub fn due_start(
    schedule: &Schedule,
    counted_from: Timestamp,
    now: Timestamp,
    starting_deadline: Option<SignedDuration>,
) -> Option<Timestamp> {
    let earliest = starting_deadline.and_then(|deadline| now.checked_sub(deadline).ok());
    let earliest = earliest.map_or(counted_from, |earliest| earliest.max(counted_from));
    let latest = match last_beat(schedule, earliest, now) {
        Some(beat) => Some(beat),
        // A start at `now` itself is due.
        None => now
            .checked_add(SignedDuration::from_nanos(1))
            .ok()
            .and_then(|after_now| schedule.most_recent_before(after_now)),
    };
    latest.filter(|&start| start > earliest)
}

/// For `@every`: the last moment not after `now` that is a whole number of delays, none
/// included, after `counted_from`.
fn last_beat(schedule: &Schedule, counted_from: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let delay = schedule.delay()?.as_secs();
    let origin = whole_second(counted_from);
    let beats = (whole_second(now) - origin).max(0) / delay;
    Timestamp::from_second(origin + beats * delay).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Zone;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn schedule(expression: &str) -> Schedule {
        Schedule::parse(expression, Zone::utc()).unwrap()
    }

    #[test]
    fn a_calendar_does_not_care_when_it_last_ran() {
        let hourly = schedule("@hourly");
        let next = next_start(&hourly, at("2026-01-01T00:20:00Z"), at("2026-01-01T05:10:00Z"));
        assert_eq!(next, Some(at("2026-01-01T06:00:00Z")));
    }

    #[test]
    fn a_delay_counts_from_the_last_start() {
        let every = schedule("@every 1h");
        let next = next_start(&every, at("2026-01-01T00:20:00Z"), at("2026-01-01T05:10:00Z"));
        assert_eq!(next, Some(at("2026-01-01T05:20:00Z")));
    }

    #[test]
    fn a_clock_behind_the_last_start_waits_for_it() {
        let (last, now) = (at("2026-01-01T06:00:00Z"), at("2026-01-01T05:59:59Z"));
        assert_eq!(next_start(&schedule("@hourly"), last, now), Some(at("2026-01-01T07:00:00Z")));
        assert_eq!(next_start(&schedule("@every 1h"), last, now), Some(at("2026-01-01T07:00:00Z")));
    }

    #[test]
    fn a_missed_start_is_due_until_its_deadline_has_passed() {
        let hourly = schedule("@hourly");
        let (last, now) = (at("2026-01-01T00:00:00Z"), at("2026-01-01T05:02:00Z"));
        let due = |seconds| due_start(&hourly, last, now, Some(SignedDuration::from_secs(seconds)));
        assert_eq!(due(200), Some(at("2026-01-01T05:00:00Z")));
        assert_eq!(due(100), None);
        assert_eq!(due_start(&hourly, last, now, None), Some(at("2026-01-01T05:00:00Z")));
    }

    #[test]
    fn nothing_is_due_before_the_first_time() {
        let now = at("2026-01-01T05:02:00Z");
        assert_eq!(due_start(&schedule("@hourly"), at("2026-01-01T05:01:00Z"), now, None), None);
        assert_eq!(due_start(&schedule("@every 5m"), at("2026-01-01T05:01:00Z"), now, None), None);
    }

    #[test]
    fn a_start_at_this_very_moment_is_due() {
        let now = at("2026-01-01T05:00:00Z");
        assert_eq!(due_start(&schedule("@hourly"), at("2026-01-01T04:00:00Z"), now, None), Some(now));
    }
}
