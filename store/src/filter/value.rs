//! Words to typed values: text, numbers, booleans, and instants that may be
//! written as an age (`30d`).

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

/// Values of one kind, for "any of these".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Values {
    /// Texts, or members of an enumeration.
    Texts(Vec<String>),
    /// Whole numbers.
    Numbers(Vec<i64>),
    /// Yes or no.
    Booleans(Vec<bool>),
}

/// A value that others are ordered against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// A whole number.
    Number(i64),
    /// An instant.
    Instant(Timestamp),
}

/// An instant as written: a point, or a whole UTC day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// RFC 3339, or an age counted back from now.
    Point(Timestamp),
    /// `2026-11-24`: that day in UTC.
    Day(Date),
}

impl When {
    /// First instant meant.
    pub(super) fn start(self) -> Option<Timestamp> {
        match self {
            Self::Point(instant) => Some(instant),
            Self::Day(day) => Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp()),
        }
    }

    /// First instant after a day, `None` for a point.
    pub(super) fn end(self) -> Option<Timestamp> {
        match self {
            Self::Point(_) => None,
            Self::Day(day) => Self::Day(day.tomorrow().ok()?).start(),
        }
    }
}

/// Reads `2026-11-24T05:00:00Z`, `2026-11-24`, or an age such as `90m`, `12h`, `30d`, `8w`.
pub(super) fn when(text: &str, now: Timestamp) -> Option<When> {
    if let Some(age) = age(text) {
        return now.checked_sub(age).ok().map(When::Point);
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(When::Point(instant));
    }
    if text.len() == "2026-11-24".len() {
        return text.parse::<Date>().ok().map(When::Day);
    }
    None
}

fn age(text: &str) -> Option<SignedDuration> {
    let unit = text.chars().last()?;
    let minutes = match unit {
        'm' => 1,
        'h' => 60,
        'd' => 24 * 60,
        'w' => 7 * 24 * 60,
        _ => return None,
    };
    let digits = &text[..text.len() - unit.len_utf8()];
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let count: i64 = digits.parse().ok()?;
    let seconds = count.checked_mul(minutes)?.checked_mul(60)?;
    Some(SignedDuration::from_secs(seconds))
}
