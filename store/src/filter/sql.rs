//! [`Condition`] to SQL. Everything pushed as text comes from a [`Property`] or
//! from this file; everything a caller wrote is bound.
//!
//! A comparison with an unknown value is "no", and its negation "yes": with
//! `userName != ann` desktops without a known user are found. So each negation
//! is written `(...) is not true`, never plain `not`.

use sqlx::{Postgres, QueryBuilder};

use super::typed::{Condition, Kind, Order, Property};
use super::value::{Bound, Values};

/// Appends the condition, in parentheses, to a query under construction.
pub fn push_condition(query: &mut QueryBuilder<Postgres>, condition: &Condition) {
    query.push("(");
    match condition {
        Condition::All(parts) => push_joined(query, parts, " and "),
        Condition::Any(parts) => push_joined(query, parts, " or "),
        Condition::Not(part) => {
            push_condition(query, part);
            query.push(" is not true");
        }
        Condition::IsUnknown(property) => {
            query.push(property.sql).push(" is null");
        }
        Condition::OneOf(property, values) => push_one_of(query, *property, values),
        Condition::Contains(property, text) => {
            push_like(query, *property, format!("%{}%", escaped(text)));
        }
        Condition::StartsWith(property, text) => {
            push_like(query, *property, format!("{}%", escaped(text)));
        }
        Condition::Ordered(property, order, bound) => {
            query.push(property.sql).push(ordering(*order));
            push_bound(query, *bound);
        }
    }
    query.push(")");
}

fn push_joined(query: &mut QueryBuilder<Postgres>, parts: &[Condition], connective: &str) {
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            query.push(connective);
        }
        push_condition(query, part);
    }
}

fn push_one_of(query: &mut QueryBuilder<Postgres>, property: Property, values: &Values) {
    let overlaps = property.kind == Kind::Words;
    query.push(property.sql);
    query.push(if overlaps { " && (" } else { " = any(" });
    match values {
        Values::Texts(texts) => query.push_bind(texts.clone()),
        Values::Numbers(numbers) => query.push_bind(numbers.clone()),
        Values::Booleans(booleans) => query.push_bind(booleans.clone()),
    };
    query.push(")");
}

fn push_like(query: &mut QueryBuilder<Postgres>, property: Property, pattern: String) {
    query.push(property.sql).push(" ilike ").push_bind(pattern);
}

fn push_bound(query: &mut QueryBuilder<Postgres>, bound: Bound) {
    match bound {
        Bound::Number(number) => query.push_bind(number),
        Bound::Instant(instant) => query.push_bind(jiff_sqlx::Timestamp::from(instant)),
    };
}

const fn ordering(order: Order) -> &'static str {
    match order {
        Order::Greater => " > ",
        Order::GreaterOrEqual => " >= ",
        Order::Less => " < ",
        Order::LessOrEqual => " <= ",
    }
}

/// Makes `%`, `_` and `\` literal in a `like` pattern.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
