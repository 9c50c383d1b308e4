//! An expression's text as a rule.
//!
//! Flows in: what stands in `spec.schedule`. Flows out: a [`Rule`]: a calendar of five
//! fields, or a fixed delay. Deliberately absent: the zone, and times.

use crate::{
    InvalidSchedule, duration,
    field::{Field, Values},
};

/// What an expression asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Minutes that match five fields.
    Calendar(Calendar),
    /// A fixed delay in seconds after the last start, at least 1.
    Every(i64),
}

/// The values of the five fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Calendar {
    pub(crate) minutes: Values,
    pub(crate) hours: Values,
    pub(crate) days_of_month: Values,
    pub(crate) months: Values,
    pub(crate) days_of_week: Values,
}

impl Rule {
    /// Reads an expression as robfig's `ParseStandard` does.
    pub(crate) fn parse(expression: &str) -> Result<Self, InvalidSchedule> {
        if expression.starts_with("TZ=") || expression.starts_with("CRON_TZ=") {
            return Err(InvalidSchedule::ZonePrefix);
        }
        if expression.starts_with('@') {
            return described(expression);
        }
        let fields: Vec<_> = expression.split_whitespace().collect();
        match *fields {
            [] => Err(InvalidSchedule::Empty),
            [minute, hour, day_of_month, month, day_of_week] => Ok(Self::Calendar(Calendar {
                minutes: Field::Minute.parse(minute)?,
                hours: Field::Hour.parse(hour)?,
                days_of_month: Field::DayOfMonth.parse(day_of_month)?,
                months: Field::Month.parse(month)?,
                days_of_week: Field::DayOfWeek.parse(day_of_week)?,
            })),
            _ => Err(InvalidSchedule::FieldCount { found: fields.len() }),
        }
    }
}

/// Reads `@hourly` and its like, and `@every`.
fn described(descriptor: &str) -> Result<Rule, InvalidSchedule> {
    if let Some(text) = descriptor.strip_prefix("@every ") {
        return duration::whole_seconds(text)
            .map(Rule::Every)
            .map_err(|source| InvalidSchedule::EveryDuration { text: text.to_owned(), source });
    }
    let hourly = Calendar {
        minutes: Values::only(0),
        hours: Values::all(Field::Hour),
        days_of_month: Values::all(Field::DayOfMonth),
        months: Values::all(Field::Month),
        days_of_week: Values::all(Field::DayOfWeek),
    };
    let daily = Calendar { hours: Values::only(0), ..hourly };
    let monthly = Calendar { days_of_month: Values::only(1), ..daily };
    let calendar = match descriptor {
        "@hourly" => hourly,
        "@daily" | "@midnight" => daily,
        "@weekly" => Calendar { days_of_week: Values::only(0), ..daily },
        "@monthly" => monthly,
        "@yearly" | "@annually" => Calendar { months: Values::only(1), ..monthly },
        _ => return Err(InvalidSchedule::UnknownDescriptor { descriptor: descriptor.to_owned() }),
    };
    Ok(Rule::Calendar(calendar))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("@hourly", "0 * * * *")]
    #[case("@daily", "0 0 * * *")]
    #[case("@midnight", "0 0 * * *")]
    #[case("@weekly", "0 0 * * 0")]
    #[case("@monthly", "0 0 1 * *")]
    #[case("@yearly", "0 0 1 1 *")]
    #[case("@annually", "0 0 1 1 *")]
    fn a_descriptor_stands_for_five_fields(#[case] descriptor: &str, #[case] fields: &str) {
        assert_eq!(Rule::parse(descriptor), Rule::parse(fields));
    }

    #[rstest]
    #[case("", InvalidSchedule::Empty)]
    #[case("   ", InvalidSchedule::Empty)]
    #[case("TZ=UTC 0 0 * * *", InvalidSchedule::ZonePrefix)]
    #[case("CRON_TZ=Europe/Berlin @daily", InvalidSchedule::ZonePrefix)]
    #[case("* * * *", InvalidSchedule::FieldCount { found: 4 })]
    #[case("0 * * * * *", InvalidSchedule::FieldCount { found: 6 })]
    #[case("@Hourly", InvalidSchedule::UnknownDescriptor { descriptor: "@Hourly".to_owned() })]
    #[case("@every", InvalidSchedule::UnknownDescriptor { descriptor: "@every".to_owned() })]
    fn what_is_no_schedule_is_refused(#[case] expression: &str, #[case] expected: InvalidSchedule) {
        assert_eq!(Rule::parse(expression), Err(expected));
    }

    #[test]
    fn a_delay_is_read() {
        assert_eq!(Rule::parse("@every 90m"), Ok(Rule::Every(5_400)));
    }
}
