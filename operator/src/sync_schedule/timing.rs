//! When a schedule fires: its cron expression and time zone, understood as Kubernetes does.

use crds::Reason;
use jiff::Timestamp;
use schedule::{InvalidSchedule, InvalidZone, Schedule, Zone, cron_job};

/// A cron expression in a time zone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Timing {
    expression: String,
    schedule: Schedule,
}

/// A schedule that no CronJob can have, or that never starts anything.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvalidTiming {
    /// The expression.
    #[error("spec.schedule: {source}")]
    Schedule {
        /// Why.
        source: InvalidSchedule,
    },
    /// It names no moment that ever comes, such as February 30.
    #[error("spec.schedule: {expression:?} names a day that never comes: correct the day or the month")]
    Never {
        /// The expression.
        expression: String,
    },
    /// The zone.
    #[error("spec.timeZone: {source}")]
    TimeZone {
        /// Why.
        source: InvalidZone,
    },
}

impl InvalidTiming {
    /// The reason in conditions.
    pub(super) fn reason(&self) -> Reason {
        match self {
            Self::Schedule { .. } | Self::Never { .. } => Reason::InvalidSchedule,
            Self::TimeZone { .. } => Reason::InvalidTimeZone,
        }
    }
}

impl Timing {
    /// Parses both; what is accepted here, the API server accepts in a CronJob.
    pub(super) fn parse(expression: &str, zone: &str) -> Result<Self, InvalidTiming> {
        let zone = Zone::parse(zone).map_err(|source| InvalidTiming::TimeZone { source })?;
        let schedule = Schedule::parse(expression, zone).map_err(|source| InvalidTiming::Schedule { source })?;
        let expression = expression.to_owned();
        // From a leap year on, so that February 29 is not missed within the five years searched.
        if schedule.next(Timestamp::UNIX_EPOCH).is_none() {
            return Err(InvalidTiming::Never { expression });
        }
        Ok(Self { expression, schedule })
    }

    /// The expression as it was given.
    pub(super) fn expression(&self) -> &str {
        &self.expression
    }

    /// The zone's name.
    pub(super) fn zone_name(&self) -> &'static str {
        self.schedule.zone().name()
    }

    /// When the CronJob fires next; `counted_from` is when it fired last, else its creation.
    pub(super) fn next_start(&self, counted_from: Timestamp, now: Timestamp) -> Option<Timestamp> {
        cron_job::next_start(&self.schedule, counted_from, now)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("61 * * * *", "Etc/UTC", "spec.schedule", Reason::InvalidSchedule)]
    #[case("0 4 * *", "Etc/UTC", "spec.schedule", Reason::InvalidSchedule)]
    #[case("0 4 30 2 *", "Etc/UTC", "never comes", Reason::InvalidSchedule)]
    #[case("0 4 * * *", "Europe/Atlantis", "spec.timeZone", Reason::InvalidTimeZone)]
    #[case("0 4 * * *", "europe/berlin", "write `Europe/Berlin`", Reason::InvalidTimeZone)]
    fn what_cannot_fire_is_refused_with_the_field(
        #[case] expression: &str,
        #[case] zone: &str,
        #[case] says: &str,
        #[case] reason: Reason,
    ) {
        let invalid = Timing::parse(expression, zone).unwrap_err();
        assert!(invalid.to_string().contains(says), "{invalid}");
        assert_eq!(invalid.reason(), reason);
    }

    #[test]
    fn the_29th_of_february_comes() {
        assert!(Timing::parse("0 4 29 2 *", "Etc/UTC").is_ok());
    }
}
