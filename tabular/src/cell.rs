//! One value of a table.

use jiff::Timestamp;
use rust_decimal::Decimal;

/// A typed value.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Not known, or not for the reader's eyes.
    #[default]
    Unknown,
    /// Text, of whatever characters.
    Text(String),
    /// Several words.
    Words(Vec<String>),
    /// A whole number.
    Integer(i64),
    /// An exact decimal, such as an amount of money; its currency is another cell.
    Decimal(Decimal),
    /// Yes or no.
    Boolean(bool),
    /// A moment, in UTC.
    Instant(Timestamp),
}

impl Cell {
    /// What stands between words where a cell holds one text.
    pub(crate) const BETWEEN_WORDS: &'static str = ", ";
}

/// `None` is unknown.
impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Into::into)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<String>> for Cell {
    fn from(words: Vec<String>) -> Self {
        Self::Words(words)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<i32> for Cell {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<Decimal> for Cell {
    fn from(number: Decimal) -> Self {
        Self::Decimal(number)
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<Timestamp> for Cell {
    fn from(moment: Timestamp) -> Self {
        Self::Instant(moment)
    }
}
