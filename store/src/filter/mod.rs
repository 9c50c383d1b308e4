//! The one filter grammar of deskfleet: URL, API, saved views and console speak it.
//!
//! Text goes in, SQL with bound values comes out, in three stages of their own types:
//!
//! ```text
//! text --parser.rs--> Expression --typed.rs (a list's Properties)--> Condition --sql.rs--> QueryBuilder
//! ```
//!
//! A property exists only if a list declares it ([`Property`]), and only the
//! declared SQL expression ever reaches the query; values are always bound. The
//! EBNF stands in `docs/reference/filter-grammar.md`. Deliberately absent: any
//! knowledge of a table, a clock (the caller passes `now`), and any right to
//! see a property (the caller leaves out what the asker may not read).

mod expression;
mod parser;
mod sql;
#[cfg(test)]
mod tests;
mod typed;
mod value;

pub use expression::{Comparison, Expression, Operator, Value, Word};
pub use parser::{MAX_DEPTH, MAX_LENGTH, MAX_TESTS, MAX_VALUES, SyntaxError, parse};
pub use sql::push_condition;
pub use typed::{Condition, Kind, Order, Property, PropertyError, bind};
pub use value::{Bound, Values};
