//! Why an expression is no schedule.
//!
//! One variant for each thing that can be wrong; every message names the field or the
//! part and says what to write instead, so that it can be shown to people unchanged.

use thiserror::Error;

use crate::{Field, InvalidDuration, InvalidRange};

/// Why an expression is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidSchedule {
    /// There is nothing.
    #[error("the schedule is empty; write five fields (`0 6 * * *`), or `@hourly`, or `@every 90m`")]
    Empty,
    /// The zone stands in the expression, which Kubernetes refuses.
    #[error("the schedule starts with `TZ=` or `CRON_TZ=`; leave that out and set `timeZone`")]
    ZonePrefix,
    /// Not five fields.
    #[error("the schedule has {found} fields; write exactly five: minute, hour, day of month, month, day of week")]
    FieldCount {
        /// How many there are.
        found: usize,
    },
    /// `@something` that does not exist.
    #[error(
        "`{descriptor}` is unknown; use @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly or \
         `@every` with a duration, in lower case"
    )]
    UnknownDescriptor {
        /// The descriptor as written.
        descriptor: String,
    },
    /// `@every` with something that is no duration.
    #[error("`@every {text}` has no duration that can be read; write one like `@every 1h30m`")]
    EveryDuration {
        /// What stands behind `@every`.
        text: String,
        /// What is wrong with it.
        #[source]
        source: InvalidDuration,
    },
    /// A field with a range that cannot be.
    #[error("the field {field} (`{range}`) is wrong: {problem}; it takes {}", field.accepts())]
    Field {
        /// Which field.
        field: Field,
        /// The part between commas that is wrong.
        range: String,
        /// What is wrong with it; part of the message, because it is the sentence's heart.
        problem: InvalidRange,
    },
}
