//! When a schedule fires: its cron expression and time zone.

use crds::Reason;
use jiff::tz::TimeZone;

/// A cron expression in a time zone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Timing {
    expression: String,
    zone_name: String,
}

/// A schedule that no CronJob can have.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvalidTiming {
    /// The zone.
    #[error(
        "spec.timeZone: {zone:?} is not in the time zone database: write an IANA name such as Etc/UTC or Europe/Berlin"
    )]
    TimeZone {
        /// What was given.
        zone: String,
    },
}

impl InvalidTiming {
    /// The reason in conditions.
    pub(super) fn reason(&self) -> Reason {
        match self {
            Self::TimeZone { .. } => Reason::InvalidTimeZone,
        }
    }
}

impl Timing {
    /// Parses the zone; the API server parses the expression when the CronJob is applied.
    pub(super) fn parse(expression: &str, zone_name: &str) -> Result<Self, InvalidTiming> {
        TimeZone::get(zone_name).map_err(|_| InvalidTiming::TimeZone { zone: zone_name.to_owned() })?;
        Ok(Self { expression: expression.to_owned(), zone_name: zone_name.to_owned() })
    }

    /// The expression as it was given.
    pub(super) fn expression(&self) -> &str {
        &self.expression
    }

    /// The zone's name as it was given.
    pub(super) fn zone_name(&self) -> &str {
        &self.zone_name
    }
}
