//! One field of an expression, as a set of values.
//!
//! Flows in: the text of a field (`*/15`, `mon-fri`, `1,5-9/2`). Flows out: [`Values`],
//! a bit for each value, and whether the field is a star. Deliberately absent: meaning
//! across fields; that a star decides how the two day fields combine stands in `walk`.

use std::{fmt, ops::RangeInclusive};

use thiserror::Error;

use crate::InvalidSchedule;

/// The five fields, in the order in which they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// 0-59.
    Minute,
    /// 0-23.
    Hour,
    /// 1-31.
    DayOfMonth,
    /// 1-12 or jan-dec.
    Month,
    /// 0-6 or sun-sat; Sunday is 0, and there is no 7.
    DayOfWeek,
}

/// What is wrong with a range.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidRange {
    /// Neither a number nor a name.
    #[error("`{text}` is no value")]
    NotAValue {
        /// The part that cannot be read.
        text: String,
    },
    /// `1-2-3`.
    #[error("it has more than one hyphen")]
    TooManyHyphens,
    /// `1/2/3`.
    #[error("it has more than one slash")]
    TooManySlashes,
    /// A value that the field does not have.
    #[error("{value} is out of range")]
    OutOfRange {
        /// The value as written.
        value: u64,
    },
    /// `5-3`.
    #[error("it runs backwards from {start} to {end}")]
    Backwards {
        /// Where the range starts.
        start: u64,
        /// Where it should end.
        end: u64,
    },
    /// `*/0`.
    #[error("its step is 0 and has to be at least 1")]
    ZeroStep,
}

/// The values of one field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Values {
    bits: u64,
    /// Whether the field holds a `*` or `?` that no step above 1 narrows.
    pub(crate) star: bool,
}

impl Values {
    /// Exactly one value.
    pub(crate) const fn only(value: u8) -> Self {
        Self { bits: 1 << value, star: false }
    }

    /// Every value of the field, as `*`.
    pub(crate) fn all(field: Field) -> Self {
        let bits = field.bounds().fold(0, |bits, value| bits | 1 << value);
        Self { bits, star: true }
    }

    /// Whether a value is in; values of a calendar or a clock are small and not negative.
    pub(crate) fn contains(self, value: i8) -> bool {
        u32::try_from(value).is_ok_and(|value| self.bits & (1 << value) != 0)
    }

    /// Whether no value is in, as with `,`, which robfig accepts.
    pub(crate) const fn is_empty(self) -> bool {
        self.bits == 0
    }

    fn join(self, other: Self) -> Self {
        Self { bits: self.bits | other.bits, star: self.star || other.star }
    }
}

impl Field {
    /// The values that the field has.
    fn bounds(self) -> RangeInclusive<u64> {
        match self {
            Self::Minute => 0..=59,
            Self::Hour => 0..=23,
            Self::DayOfMonth => 1..=31,
            Self::Month => 1..=12,
            Self::DayOfWeek => 0..=6,
        }
    }

    /// The names that stand for values, the first one for the lowest value.
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::Month => &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
            Self::DayOfWeek => &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
            Self::Minute | Self::Hour | Self::DayOfMonth => &[],
        }
    }

    /// What can be written in the field, for messages.
    pub(crate) fn accepts(self) -> &'static str {
        match self {
            Self::Minute => "0-59, `*`, lists, ranges and steps",
            Self::Hour => "0-23, `*`, lists, ranges and steps",
            Self::DayOfMonth => "1-31, `*`, `?`, lists, ranges and steps",
            Self::Month => "1-12 or jan-dec, `*`, lists, ranges and steps",
            Self::DayOfWeek => "0-6 or sun-sat (Sunday is 0), `*`, `?`, lists, ranges and steps",
        }
    }

    /// Reads a comma-separated list of ranges; empty parts count for nothing.
    pub(crate) fn parse(self, text: &str) -> Result<Values, InvalidSchedule> {
        text.split(',').filter(|range| !range.is_empty()).try_fold(Values::default(), |values, range| {
            self.parse_range(range).map(|more| values.join(more)).map_err(|problem| InvalidSchedule::Field {
                field: self,
                range: range.to_owned(),
                problem,
            })
        })
    }

    /// Reads `value`, `from-to`, `*` or `?`, each with an optional `/step`.
    fn parse_range(self, range: &str) -> Result<Values, InvalidRange> {
        let (span, step) = match range.split_once('/') {
            None => (range, None),
            Some((_, step)) if step.contains('/') => return Err(InvalidRange::TooManySlashes),
            Some((span, step)) => (span, Some(number(step)?)),
        };
        let ends: Vec<_> = span.split('-').collect();
        let star = matches!(ends[0], "*" | "?");
        let (start, end) = if star {
            // Whatever stands behind the hyphen of `*-5` is ignored, as robfig does.
            (*self.bounds().start(), *self.bounds().end())
        } else {
            self.span(&ends, step.is_some())?
        };
        let step = step.unwrap_or(1);
        self.check(start, end, step)?;
        let width = usize::try_from(step).unwrap_or(usize::MAX);
        let bits = (start..=end).step_by(width).fold(0, |bits, value| bits | 1 << value);
        Ok(Values { bits, star: star && step == 1 })
    }

    /// The two ends of a range that is no star. A lone value with a step runs to the
    /// field's end: `5/15` means `5-59/15`.
    fn span(self, ends: &[&str], stepped: bool) -> Result<(u64, u64), InvalidRange> {
        match *ends {
            [start] if stepped => Ok((self.value(start)?, *self.bounds().end())),
            [only] => self.value(only).map(|value| (value, value)),
            [start, end] => Ok((self.value(start)?, self.value(end)?)),
            _ => Err(InvalidRange::TooManyHyphens),
        }
    }

    fn check(self, start: u64, end: u64, step: u64) -> Result<(), InvalidRange> {
        let bounds = self.bounds();
        if let Some(value) = [start, end].into_iter().find(|value| !bounds.contains(value)) {
            return Err(InvalidRange::OutOfRange { value });
        }
        if start > end {
            return Err(InvalidRange::Backwards { start, end });
        }
        if step == 0 {
            return Err(InvalidRange::ZeroStep);
        }
        Ok(())
    }

    fn value(self, text: &str) -> Result<u64, InvalidRange> {
        let named = self.names().iter().position(|name| name.eq_ignore_ascii_case(text));
        match named.and_then(|index| u64::try_from(index).ok()) {
            Some(index) => Ok(self.bounds().start() + index),
            None => number(text),
        }
    }
}

/// A number that is not negative; Go, and so Kubernetes, allows a plus before it.
fn number(text: &str) -> Result<u64, InvalidRange> {
    text.parse::<i64>()
        .ok()
        .and_then(|value| u64::try_from(value).ok())
        .ok_or_else(|| InvalidRange::NotAValue { text: text.to_owned() })
}

impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::DayOfMonth => "day of month",
            Self::Month => "month",
            Self::DayOfWeek => "day of week",
        })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn listed(field: Field, text: &str) -> Vec<i8> {
        let values = field.parse(text).unwrap();
        (0..60).filter(|&value| values.contains(value)).collect()
    }

    #[rstest]
    #[case::list(Field::Hour, "1,5,3", &[1, 3, 5])]
    #[case::range_with_step(Field::Hour, "8-18/5", &[8, 13, 18])]
    #[case::start_with_step_runs_to_the_end(Field::Minute, "5/20", &[5, 25, 45])]
    #[case::names_in_any_case(Field::DayOfWeek, "Mon-WED", &[1, 2, 3])]
    #[case::month_names_count_from_one(Field::Month, "dec", &[12])]
    #[case::a_plus_is_allowed(Field::Hour, "+5", &[5])]
    #[case::empty_parts_are_nothing(Field::Hour, ",", &[])]
    fn ranges_are_sets_of_values(#[case] field: Field, #[case] text: &str, #[case] values: &[i8]) {
        assert_eq!(listed(field, text), values);
    }

    #[rstest]
    #[case("*", true)]
    #[case("?", true)]
    #[case("*/1", true)]
    #[case("*/2", false)]
    #[case("1,*", true)]
    #[case("0-6", false)]
    fn a_star_stays_one_unless_a_step_narrows_it(#[case] text: &str, #[case] star: bool) {
        assert_eq!(Field::DayOfWeek.parse(text).unwrap().star, star);
    }

    #[rstest]
    #[case(Field::DayOfWeek, "7", InvalidRange::OutOfRange { value: 7 })]
    #[case(Field::DayOfMonth, "0", InvalidRange::OutOfRange { value: 0 })]
    #[case(Field::Hour, "5-3", InvalidRange::Backwards { start: 5, end: 3 })]
    #[case(Field::Hour, "1-2-3", InvalidRange::TooManyHyphens)]
    #[case(Field::Hour, "1/2/3", InvalidRange::TooManySlashes)]
    #[case(Field::Hour, "*/0", InvalidRange::ZeroStep)]
    #[case(Field::Hour, "noon", InvalidRange::NotAValue { text: "noon".to_owned() })]
    #[case(Field::Minute, "-5", InvalidRange::NotAValue { text: String::new() })]
    fn what_cannot_be_is_refused(#[case] field: Field, #[case] text: &str, #[case] expected: InvalidRange) {
        let InvalidSchedule::Field { problem, field: named, .. } = field.parse(text).unwrap_err() else {
            panic!("another error than one of the field");
        };
        assert_eq!((problem, named), (expected, field));
    }

    #[test]
    fn the_message_names_the_field_and_the_remedy() {
        let message = Field::DayOfWeek.parse("1,7").unwrap_err().to_string();
        assert_eq!(
            message,
            "the field day of week (`7`) is wrong: 7 is out of range; it takes 0-6 or sun-sat (Sunday is 0), \
             `*`, `?`, lists, ranges and steps"
        );
    }
}
