//! Order by keyset: `order by column, key` and `where (column, key) > (…)`, with unknown
//! values last and values bound.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

/// A column that a list can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SortColumn {
    /// The camelCase name in the API.
    pub name: &'static str,
    /// The SQL expression: written by us, never by a caller.
    pub sql: &'static str,
    /// What it holds.
    pub kind: SortKind,
}

/// What a sort column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKind {
    /// Text.
    Text,
    /// An instant.
    Instant,
    /// A whole number.
    Number,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// A column and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub column: SortColumn,
    /// Which way.
    pub direction: Direction,
}

impl Order {
    /// As the API spells it: `-lastConnectedAt`.
    pub fn name(&self) -> String {
        match self.direction {
            Direction::Ascending => self.column.name.to_owned(),
            Direction::Descending => format!("-{}", self.column.name),
        }
    }
}

/// A value that rows are sorted by, as kept in a cursor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SortValue {
    /// A whole number.
    Number(i64),
    /// An instant.
    Instant(Timestamp),
    /// Text.
    Text(String),
}

/// The place of a row in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The value of the sort column; `None` is unknown.
    pub value: Option<SortValue>,
    /// The row's key, column by column.
    pub key: Vec<String>,
}

/// The columns that make a row unique: they break ties, always ascending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// Text columns.
    Texts(&'static [&'static str]),
    /// One `uuid` column.
    Id(&'static str),
}

/// A position that does not fit its list: it was made for another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the position belongs to another list or order")]
pub struct PositionError;

/// Appends ` order by …`.
pub fn push_order_by(query: &mut QueryBuilder<Postgres>, order: Order, tie: Tie) {
    let direction = match order.direction {
        Direction::Ascending => " asc",
        Direction::Descending => " desc",
    };
    query.push(" order by ").push(order.column.sql).push(direction).push(" nulls last");
    for column in tie.columns() {
        query.push(", ").push(column);
    }
}

/// Appends a condition, in parentheses, that holds for the rows behind `position`.
pub fn push_after(
    query: &mut QueryBuilder<Postgres>,
    order: Order,
    tie: Tie,
    position: &Position,
) -> Result<(), PositionError> {
    let column = order.column.sql;
    let beyond = match order.direction {
        Direction::Ascending => " > ",
        Direction::Descending => " < ",
    };
    query.push("(");
    match &position.value {
        Some(value) => {
            query.push(column).push(beyond);
            push_value(query, order.column.kind, value)?;
            query.push(" or ").push(column).push(" is null or (").push(column).push(" = ");
            push_value(query, order.column.kind, value)?;
        }
        None => {
            query.push("(").push(column).push(" is null");
        }
    }
    query.push(" and ");
    push_key_after(query, tie, &position.key)?;
    query.push("))");
    Ok(())
}

impl Tie {
    fn columns(self) -> Vec<&'static str> {
        match self {
            Self::Texts(columns) => columns.to_vec(),
            Self::Id(column) => vec![column],
        }
    }
}

fn push_value(query: &mut QueryBuilder<Postgres>, kind: SortKind, value: &SortValue) -> Result<(), PositionError> {
    match (kind, value) {
        (SortKind::Text, SortValue::Text(text)) => query.push_bind(text.clone()),
        (SortKind::Number, SortValue::Number(number)) => query.push_bind(*number),
        (SortKind::Instant, SortValue::Instant(instant)) => query.push_bind(jiff_sqlx::Timestamp::from(*instant)),
        _ => return Err(PositionError),
    };
    Ok(())
}

fn push_key_after(query: &mut QueryBuilder<Postgres>, tie: Tie, key: &[String]) -> Result<(), PositionError> {
    let columns = tie.columns();
    if columns.len() != key.len() {
        return Err(PositionError);
    }
    query.push("(").push(columns.join(", ")).push(") > (");
    for (place, value) in key.iter().enumerate() {
        if place > 0 {
            query.push(", ");
        }
        match tie {
            Tie::Texts(_) => query.push_bind(value.clone()),
            Tie::Id(_) => query.push_bind(value.parse::<Uuid>().map_err(|_| PositionError)?),
        };
    }
    query.push(")");
    Ok(())
}
