//! [`Expression`] to [`Condition`]: properties looked up, operators checked
//! against the property's kind, values parsed. All faults are collected, so a
//! person sees every wrong property at once.

use std::str::FromStr;

use jiff::Timestamp;

use super::expression::{Comparison, Expression, Operator, Word};
use super::value::{Bound, Values, When, when};

/// A property that a list offers for filtering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Property {
    /// The camelCase name in the API.
    pub name: &'static str,
    /// The SQL expression behind it: written by us, never by a caller.
    pub sql: &'static str,
    /// What values it has.
    pub kind: Kind,
}

/// What values a property has, which decides its operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Free text: `= != : !: ^`; contains and starts-with ignore case.
    Text,
    /// A closed or slowly growing vocabulary in lower case: `= !=`.
    Word,
    /// A Postgres `text[]`: `=` holds where any element is in the list.
    Words,
    /// A whole number: `= != > >= < <=`.
    Number,
    /// An instant: `> >= < <=`, and `=` with a day or `unknown`.
    Instant,
    /// `true` or `false`: `= !=`.
    Boolean,
}

/// A checked filter: only declared SQL and typed values.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Every part holds.
    All(Vec<Condition>),
    /// At least one part holds.
    Any(Vec<Condition>),
    /// The part does not hold, unknown counting as not holding.
    Not(Box<Condition>),
    /// The value is not known.
    IsUnknown(Property),
    /// The value equals one of these.
    OneOf(Property, Values),
    /// The text contains this, ignoring case.
    Contains(Property, String),
    /// The text starts with this, ignoring case.
    StartsWith(Property, String),
    /// The value stands so to this one.
    Ordered(Property, Order, Bound),
}

/// How a value stands to a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
}

/// Why a filter does not fit a list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PropertyError {
    /// The list has no such property (or the asker may not see it).
    #[error("`{property}` is not a property of this list; there are: {}", known.join(", "))]
    UnknownProperty {
        /// What was asked for.
        property: String,
        /// What can be asked for.
        known: Vec<&'static str>,
    },
    /// The operator does not go with the property's kind.
    #[error("`{}` does not go with `{property}`; use one of: {allowed}", operator.as_str())]
    WrongOperator {
        /// The property.
        property: &'static str,
        /// The operator written.
        operator: Operator,
        /// Operators that go with it.
        allowed: &'static str,
    },
    /// The value cannot be read as the property's kind.
    #[error("`{value}` is no value for `{property}`; write {expected}")]
    WrongValue {
        /// The property.
        property: &'static str,
        /// The value written.
        value: String,
        /// What can be read.
        expected: &'static str,
    },
}

impl Kind {
    const fn operators(self) -> &'static str {
        match self {
            Self::Text => "= != : !: ^",
            Self::Word | Self::Words | Self::Boolean => "= !=",
            Self::Number | Self::Instant => "= != > >= < <=",
        }
    }

    fn allows(self, operator: Operator) -> bool {
        self.operators().split(' ').any(|spelling| spelling == operator.as_str())
    }

    const fn expected(self) -> &'static str {
        match self {
            Self::Text => "some text",
            Self::Word | Self::Words => "a word such as `available`",
            Self::Number => "a whole number",
            Self::Instant => "an instant (2026-11-24T05:00:00Z), a UTC day (2026-11-24) or an age (90m, 12h, 30d, 8w)",
            Self::Boolean => "true or false",
        }
    }
}

/// Checks a filter against the properties of a list; `now` is what ages count from.
pub fn bind(expression: &Expression, properties: &[Property], now: Timestamp) -> Result<Condition, Vec<PropertyError>> {
    match expression {
        Expression::All(parts) => bind_all(parts, properties, now).map(Condition::All),
        Expression::Any(parts) => bind_all(parts, properties, now).map(Condition::Any),
        Expression::Test(comparison) => bind_comparison(comparison, properties, now).map_err(|error| vec![error]),
    }
}

fn bind_all(
    parts: &[Expression],
    properties: &[Property],
    now: Timestamp,
) -> Result<Vec<Condition>, Vec<PropertyError>> {
    let mut conditions = Vec::with_capacity(parts.len());
    let mut errors = Vec::new();
    for part in parts {
        match bind(part, properties, now) {
            Ok(condition) => conditions.push(condition),
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() { Ok(conditions) } else { Err(errors) }
}

fn bind_comparison(
    comparison: &Comparison,
    properties: &[Property],
    now: Timestamp,
) -> Result<Condition, PropertyError> {
    let property = *properties.iter().find(|property| property.name == comparison.property).ok_or_else(|| {
        PropertyError::UnknownProperty {
            property: comparison.property.clone(),
            known: properties.iter().map(|property| property.name).collect(),
        }
    })?;
    let operator = comparison.operator;
    if !property.kind.allows(operator) {
        return Err(PropertyError::WrongOperator {
            property: property.name,
            operator,
            allowed: property.kind.operators(),
        });
    }
    let words = comparison.value.words();
    match operator {
        Operator::Equal => one_of(property, words, now),
        Operator::NotEqual => one_of(property, words, now).map(negated),
        Operator::Contains => Ok(Condition::Contains(property, text(property, words)?)),
        Operator::NotContains => text(property, words).map(|text| negated(Condition::Contains(property, text))),
        Operator::StartsWith => Ok(Condition::StartsWith(property, text(property, words)?)),
        Operator::Greater => ordered(property, Order::Greater, &words[0], now),
        Operator::GreaterOrEqual => ordered(property, Order::GreaterOrEqual, &words[0], now),
        Operator::Less => ordered(property, Order::Less, &words[0], now),
        Operator::LessOrEqual => ordered(property, Order::LessOrEqual, &words[0], now),
    }
}

fn negated(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

/// `= (a, b, unknown)`: any of the values, or not known.
fn one_of(property: Property, words: &[Word], now: Timestamp) -> Result<Condition, PropertyError> {
    let known: Vec<&Word> = words.iter().filter(|word| !word.is_unknown()).collect();
    let mut alternatives = Vec::new();
    if known.len() < words.len() {
        alternatives.push(Condition::IsUnknown(property));
    }
    if property.kind == Kind::Instant {
        for word in known {
            alternatives.push(on_day(property, word, now)?);
        }
    } else if !known.is_empty() {
        alternatives.push(Condition::OneOf(property, values(property, &known)?));
    }
    Ok(match alternatives.len() {
        1 => alternatives.swap_remove(0),
        _ => Condition::Any(alternatives),
    })
}

fn values(property: Property, words: &[&Word]) -> Result<Values, PropertyError> {
    let texts = || words.iter().map(|word| word.text());
    Ok(match property.kind {
        Kind::Text => Values::Texts(texts().map(str::to_owned).collect()),
        Kind::Word | Kind::Words => Values::Texts(texts().map(str::to_lowercase).collect()),
        Kind::Number => Values::Numbers(parsed(property, words)?),
        Kind::Boolean => Values::Booleans(parsed(property, words)?),
        Kind::Instant => return Err(wrong_value(property, words[0])),
    })
}

fn parsed<T: FromStr>(property: Property, words: &[&Word]) -> Result<Vec<T>, PropertyError> {
    words.iter().map(|word| word.text().parse().map_err(|_| wrong_value(property, word))).collect()
}

fn on_day(property: Property, word: &Word, now: Timestamp) -> Result<Condition, PropertyError> {
    let day = when(word.text(), now).filter(|when| matches!(when, When::Day(_)));
    let bounds = day.and_then(|day| Some((day.start()?, day.end()?)));
    let (start, end) = bounds.ok_or_else(|| PropertyError::WrongValue {
        property: property.name,
        value: word.text().to_owned(),
        expected: "a UTC day (2026-11-24) or `unknown` with `=` and `!=`; `<` and `>` take instants and ages",
    })?;
    Ok(Condition::All(vec![
        Condition::Ordered(property, Order::GreaterOrEqual, Bound::Instant(start)),
        Condition::Ordered(property, Order::Less, Bound::Instant(end)),
    ]))
}

fn ordered(property: Property, order: Order, word: &Word, now: Timestamp) -> Result<Condition, PropertyError> {
    let (order, bound) = match property.kind {
        Kind::Instant => when(word.text(), now).and_then(|when| instant_bound(order, when)),
        Kind::Text | Kind::Word | Kind::Words | Kind::Number | Kind::Boolean => {
            let number = word.text().parse().ok();
            number.map(|number| (order, Bound::Number(number)))
        }
    }
    .ok_or_else(|| wrong_value(property, word))?;
    Ok(Condition::Ordered(property, order, bound))
}

/// A day is an interval: later than it begins at its end, up to it includes it.
fn instant_bound(order: Order, when: When) -> Option<(Order, Bound)> {
    let (order, instant) = match (order, when.end()) {
        (Order::Greater, Some(end)) => (Order::GreaterOrEqual, end),
        (Order::LessOrEqual, Some(end)) => (Order::Less, end),
        (order, _) => (order, when.start()?),
    };
    Some((order, Bound::Instant(instant)))
}

fn text(property: Property, words: &[Word]) -> Result<String, PropertyError> {
    let word = &words[0];
    if word.is_unknown() || word.text().is_empty() {
        return Err(wrong_value(property, word));
    }
    Ok(word.text().to_owned())
}

fn wrong_value(property: Property, word: &Word) -> PropertyError {
    PropertyError::WrongValue {
        property: property.name,
        value: word.text().to_owned(),
        expected: property.kind.expected(),
    }
}
