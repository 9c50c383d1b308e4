//! What a filter says, before anyone knows whether its properties exist.
//!
//! Comes from [`super::parse`]; prints back to the same meaning with `Display`
//! (parse ∘ print is the identity, held by a property test).

use std::fmt::{self, Display, Formatter, Write as _};

/// A filter: tests joined by one connective a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// Every part holds (`and`). At least two parts.
    All(Vec<Expression>),
    /// At least one part holds (`or`). At least two parts.
    Any(Vec<Expression>),
    /// One property compared with one value or a list.
    Test(Comparison),
}

/// `property operator value`, e.g. `state = (available, stopped)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The camelCase name as the API spells it.
    pub property: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what.
    pub value: Value,
}

/// How a property is compared with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `:`
    Contains,
    /// `!:`
    NotContains,
    /// `^`
    StartsWith,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
}

/// The right side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One word.
    One(Word),
    /// `(a, b)`: any of them for `=`, none of them for `!=`. Never empty.
    List(Vec<Word>),
}

/// One value, with the distinction that gives `unknown` its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// Written without quotes; bare `unknown` means "not known" (SQL null).
    Bare(String),
    /// Written in quotes: always literal text.
    Quoted(String),
}

impl Operator {
    /// Every operator, longest spelling first, so that a scan finds `<=` before `<`.
    pub const ALL: [Self; 9] = [
        Self::NotEqual,
        Self::NotContains,
        Self::GreaterOrEqual,
        Self::LessOrEqual,
        Self::Equal,
        Self::Contains,
        Self::StartsWith,
        Self::Greater,
        Self::Less,
    ];

    /// The spelling in the grammar.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Contains => ":",
            Self::NotContains => "!:",
            Self::StartsWith => "^",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
        }
    }
}

impl Value {
    /// The words, one or many.
    pub fn words(&self) -> &[Word] {
        match self {
            Self::One(word) => std::slice::from_ref(word),
            Self::List(words) => words,
        }
    }
}

impl Word {
    /// The text without quotes and escapes.
    pub fn text(&self) -> &str {
        match self {
            Self::Bare(text) | Self::Quoted(text) => text,
        }
    }

    /// True for the bare word `unknown`.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Bare(text) if text == "unknown")
    }

    /// True where `character` may stand in a word without quotes.
    pub(super) fn may_hold(character: char) -> bool {
        character.is_ascii_alphanumeric() || "_-.:/@+".contains(character)
    }
}

impl Expression {
    /// Every comparison, from left to right.
    pub fn comparisons(&self) -> Vec<&Comparison> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::comparisons).collect(),
            Self::Test(comparison) => vec![comparison],
        }
    }

    fn join(formatter: &mut Formatter<'_>, parts: &[Self], connective: &str) -> fmt::Result {
        for (position, part) in parts.iter().enumerate() {
            if position > 0 {
                write!(formatter, " {connective} ")?;
            }
            match part {
                Self::Test(comparison) => comparison.fmt(formatter)?,
                nested => write!(formatter, "({nested})")?,
            }
        }
        Ok(())
    }
}

impl Display for Expression {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(parts) => Self::join(formatter, parts, "and"),
            Self::Any(parts) => Self::join(formatter, parts, "or"),
            Self::Test(comparison) => comparison.fmt(formatter),
        }
    }
}

impl Display for Comparison {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Self { property, operator, value } = self;
        write!(formatter, "{property} {} {value}", operator.as_str())
    }
}

impl Display for Value {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(word) => word.fmt(formatter),
            Self::List(words) => {
                formatter.write_char('(')?;
                for (position, word) in words.iter().enumerate() {
                    if position > 0 {
                        formatter.write_str(", ")?;
                    }
                    word.fmt(formatter)?;
                }
                formatter.write_char(')')
            }
        }
    }
}

impl Display for Word {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bare(text) => formatter.write_str(text),
            Self::Quoted(text) => {
                formatter.write_char('"')?;
                for character in text.chars() {
                    if matches!(character, '"' | '\\') {
                        formatter.write_char('\\')?;
                    }
                    formatter.write_char(character)?;
                }
                formatter.write_char('"')
            }
        }
    }
}
