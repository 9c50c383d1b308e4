//! What reaches the database.

use proptest::prelude::*;
use rstest::rstest;
use sqlx::{Postgres, QueryBuilder};

use super::properties::{LIST, bound, now};
use crate::filter::{Comparison, Expression, Operator, Value, Word, bind, push_condition};

fn sql(text: &str) -> String {
    let mut query = QueryBuilder::<Postgres>::new("");
    push_condition(&mut query, &bound(text).unwrap());
    query.into_string()
}

#[rstest]
#[case("state = available", "(w.state = any($1))")]
#[case("state != (available, unknown)", "(((w.state is null) or (w.state = any($1))) is not true)")]
#[case("userName : ann", "(w.user_name ilike $1)")]
#[case("protocols = pcoip", "(w.protocols && ($1))")]
#[case(
    "gone = true and lastConnectedAt >= 30d",
    "((((w.gone_at is not null) = any($1))) and (w.last_connected_at >= $2))"
)]
fn values_are_always_bound(#[case] text: &str, #[case] expected: &str) {
    // Parentheses differ by construction depth only; compare without doubles.
    let plain = |sql: &str| sql.replace("((", "(").replace("))", ")");
    assert_eq!(plain(&plain(&sql(text))), plain(&plain(expected)));
}

proptest! {
    /// The SQL text of a filter does not depend on the values in it.
    #[test]
    fn no_value_ever_shapes_the_sql(value in any::<String>(), operator in 0_usize..5) {
        let operator = [
            Operator::Equal,
            Operator::NotEqual,
            Operator::Contains,
            Operator::NotContains,
            Operator::StartsWith,
        ][operator];
        let with = |value: &str| {
            let comparison = Expression::Test(Comparison {
                property: "userName".into(),
                operator,
                value: Value::One(Word::Quoted(value.to_owned())),
            });
            bind(&comparison, LIST, now()).ok().map(|condition| {
                let mut query = QueryBuilder::<Postgres>::new("");
                push_condition(&mut query, &condition);
                query.into_string()
            })
        };
        if let Some(found) = with(&value) {
            prop_assert_eq!(Some(found), with("ann"));
        } else {
            prop_assert!(value.is_empty());
        }
    }
}
