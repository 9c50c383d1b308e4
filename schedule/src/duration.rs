//! The durations of `@every`, in Go's notation (`time.ParseDuration`).
//!
//! Flows in: `1h30m`, `90s`, `1.5h`. Flows out: whole seconds, at least one, because a
//! schedule knows nothing finer; robfig rounds in the same way. Deliberately absent: days
//! and weeks; Go has no unit for what a clock change makes longer or shorter.

use thiserror::Error;

/// Why a text is no duration.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvalidDuration {
    /// A number was expected where none stands.
    #[error("a number is missing before `{rest}`")]
    MissingNumber {
        /// What stands there instead.
        rest: String,
    },
    /// A number without a unit.
    #[error("a unit is missing at the end; use h, m or s")]
    MissingUnit,
    /// A unit that does not exist.
    #[error("`{unit}` is no unit; use h, m or s (not d: write 24h)")]
    UnknownUnit {
        /// The unit as written.
        unit: String,
    },
    /// More than 292 years, the longest that Go can count in nanoseconds.
    #[error("it is longer than 292 years")]
    TooLong,
}

const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// Reads a duration and rounds it down to whole seconds, but up to at least one. A
/// negative one is one second then, as with robfig.
pub(crate) fn whole_seconds(text: &str) -> Result<i64, InvalidDuration> {
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let nanos = magnitude(unsigned)?;
    if negative {
        return Ok(1);
    }
    let nanos = i64::try_from(nanos).map_err(|_| InvalidDuration::TooLong)?;
    Ok((nanos / NANOS_PER_SECOND.cast_signed()).max(1))
}

/// The sum of all parts in nanoseconds, at most 2^63.
fn magnitude(text: &str) -> Result<u64, InvalidDuration> {
    if text == "0" {
        return Ok(0);
    }
    if text.is_empty() {
        return Err(InvalidDuration::MissingNumber { rest: String::new() });
    }
    let mut rest = text;
    let mut total = 0_u64;
    while !rest.is_empty() {
        let (nanos, behind) = part(rest)?;
        total = bounded(total.checked_add(nanos))?;
        rest = behind;
    }
    Ok(total)
}

/// The first number with its unit, and what stands behind it.
fn part(text: &str) -> Result<(u64, &str), InvalidDuration> {
    let (whole, rest) = digits(text);
    let (fraction, rest) = rest.strip_prefix('.').map_or(("", rest), digits);
    if whole.is_empty() && fraction.is_empty() {
        return Err(InvalidDuration::MissingNumber { rest: text.to_owned() });
    }
    let unit_end = rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len());
    let (unit, rest) = rest.split_at(unit_end);
    let unit_nanos = nanos_of(unit)?;
    let count = if whole.is_empty() { Some(0) } else { whole.parse::<u64>().ok() };
    let nanos = bounded(count.and_then(|count| count.checked_mul(unit_nanos)))?;
    let nanos = bounded(nanos.checked_add(fraction_nanos(fraction, unit_nanos)))?;
    Ok((nanos, rest))
}

fn nanos_of(unit: &str) -> Result<u64, InvalidDuration> {
    match unit {
        "ns" => Ok(1),
        // Both signs for micro: U+00B5 and the Greek letter U+03BC.
        "us" | "µs" | "μs" => Ok(1_000),
        "ms" => Ok(1_000_000),
        "s" => Ok(NANOS_PER_SECOND),
        "m" => Ok(60 * NANOS_PER_SECOND),
        "h" => Ok(3_600 * NANOS_PER_SECOND),
        "" => Err(InvalidDuration::MissingUnit),
        _ => Err(InvalidDuration::UnknownUnit { unit: unit.to_owned() }),
    }
}

/// The part behind the point. Go computes it in floating point and so do we: a whole
/// second more or less can hang on it.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the same roundings as Go's; the value is below one unit and not negative"
)]
fn fraction_nanos(digits: &str, unit_nanos: u64) -> u64 {
    const LARGEST: u64 = i64::MAX.cast_unsigned();
    let mut value = 0_u64;
    let mut scale = 1.0_f64;
    for digit in digits.bytes().map(|byte| u64::from(byte - b'0')) {
        // Digits too fine to count are ignored, as Go ignores them.
        if value > LARGEST / 10 || value * 10 + digit > LARGEST {
            break;
        }
        value = value * 10 + digit;
        scale *= 10.0;
    }
    (value as f64 * (unit_nanos as f64 / scale)) as u64
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn bounded(nanos: Option<u64>) -> Result<u64, InvalidDuration> {
    nanos.filter(|&nanos| nanos <= 1 << 63).ok_or(InvalidDuration::TooLong)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("1h30m", 5_400)]
    #[case("1.5h", 5_400)]
    #[case(".5m", 30)]
    #[case("90s", 90)]
    #[case("+90s", 90)]
    #[case::fractions_of_a_second_are_cut("2999ms", 2)]
    #[case::less_than_a_second_is_one("1µs", 1)]
    #[case::zero_is_one("0", 1)]
    #[case::negative_is_one("-1h", 1)]
    fn durations_are_whole_seconds(#[case] text: &str, #[case] seconds: i64) {
        assert_eq!(whole_seconds(text), Ok(seconds));
    }

    #[rstest]
    #[case("", InvalidDuration::MissingNumber { rest: String::new() })]
    #[case(" 1h", InvalidDuration::MissingNumber { rest: " 1h".to_owned() })]
    #[case("5", InvalidDuration::MissingUnit)]
    #[case("1d", InvalidDuration::UnknownUnit { unit: "d".to_owned() })]
    #[case("1h ", InvalidDuration::UnknownUnit { unit: "h ".to_owned() })]
    #[case("3000000h", InvalidDuration::TooLong)]
    fn what_is_no_duration_is_refused(#[case] text: &str, #[case] expected: InvalidDuration) {
        assert_eq!(whole_seconds(text), Err(expected));
    }
}
