//! Parsing and printing.

use proptest::collection::vec;
use proptest::prelude::*;
use rstest::rstest;

use crate::filter::{Comparison, Expression, Operator, SyntaxError, Value, Word, parse};

fn printed(text: &str) -> String {
    parse(text).unwrap().unwrap().to_string()
}

#[rstest]
#[case("state=available", "state = available")]
#[case("state = (available,stopped)", "state = (available, stopped)")]
#[case("userName:ann", "userName : ann")]
#[case("userName !: \"o \\\" \\\\\"", "userName !: \"o \\\" \\\\\"")]
#[case("a=1 and (b=2 or c=3) and d=4", "a = 1 and (b = 2 or c = 3) and d = 4")]
#[case("((a=1))", "a = 1")]
#[case("lastConnectedAt<30d", "lastConnectedAt < 30d")]
#[case("lastReadAt >= 2026-11-24T05:00:00Z", "lastReadAt >= 2026-11-24T05:00:00Z")]
#[case("id^ws-", "id ^ ws-")]
#[case("a = and and b = or", "a = and and b = or")]
fn reads_and_prints_in_one_canonical_form(#[case] text: &str, #[case] canonical: &str) {
    assert_eq!(printed(text), canonical);
    assert_eq!(printed(canonical), canonical);
}

#[rstest]
#[case("")]
#[case("  \t ")]
fn blank_text_is_no_filter(#[case] text: &str) {
    assert_eq!(parse(text), Ok(None));
}

#[rstest]
#[case("state", "expected an operator: = != : !: ^ > >= < <= at position 5, found the end")]
#[case("state =", "expected a value (put it in quotes if it has other characters) at position 7, found the end")]
#[case("a = 1 b = 2", "expected `and`, `or` or the end of the filter at position 6, found `b = 2`")]
#[case(
    "a = 1 or b = 2 and c = 3",
    "`and` and `or` are mixed at position 15; put one of them into parentheses, as in `a = 1 and (b = 2 or b = 3)`"
)]
#[case("a > (1, 2)", "a list at position 4 follows `>`; lists go with `=` and `!=` only")]
#[case("a = \"open", "the quoted value that starts at position 4 has no closing `\"`")]
#[case("a = \"\\n\"", "expected `\\\"` or `\\\\` after a backslash at position 6, found `n\"`")]
#[case("(a = 1", "expected `and`, `or` or `)` at position 6, found the end")]
#[case("a = (1,)", "expected a value (put it in quotes if it has other characters) at position 7, found `)`")]
#[case("a = 1; drop table person", "expected `and`, `or` or the end of the filter at position 5, found `; drop table`")]
#[case("1 = 1", "expected a property name such as `state`, or `(` at position 0, found `1 = 1`")]
#[case("a = \"x\0y\"", "the filter has the character NUL at position 6; leave it out")]
fn a_fault_is_named_with_its_place_and_what_belongs_there(#[case] text: &str, #[case] message: &str) {
    assert_eq!(parse(text).unwrap_err().to_string(), message);
}

#[test]
fn size_is_bounded_before_it_can_hurt() {
    let long = format!("a = {}", "x".repeat(5_000));
    assert_eq!(parse(&long), Err(SyntaxError::TooLong { length: 5_004 }));
    let deep = format!("{}a = 1{}", "(".repeat(9), ")".repeat(9));
    assert_eq!(parse(&deep), Err(SyntaxError::TooDeep { position: 8 }));
    let many = vec!["a = 1"; 51].join(" or ");
    assert_eq!(parse(&many), Err(SyntaxError::TooManyTests));
    let list = format!("a = ({})", vec!["1"; 201].join(","));
    assert!(matches!(parse(&list), Err(SyntaxError::TooManyValues { .. })));
}

fn any_word() -> impl Strategy<Value = Word> {
    prop_oneof![
        "[A-Za-z0-9_./:@+-]{1,12}".prop_map(Word::Bare),
        any::<String>()
            .prop_filter("short, without NUL", |text| text.chars().count() <= 20 && !text.contains('\0'))
            .prop_map(Word::Quoted),
    ]
}

fn any_comparison() -> impl Strategy<Value = Expression> {
    let single =
        (0..Operator::ALL.len(), any_word()).prop_map(|(operator, word)| (Operator::ALL[operator], Value::One(word)));
    let list = (any::<bool>(), vec(any_word(), 1..4)).prop_map(|(equal, words)| {
        let operator = if equal { Operator::Equal } else { Operator::NotEqual };
        (operator, Value::List(words))
    });
    ("[a-z][A-Za-z0-9]{0,8}", prop_oneof![single, list])
        .prop_map(|(property, (operator, value))| Expression::Test(Comparison { property, operator, value }))
}

fn any_expression() -> impl Strategy<Value = Expression> {
    any_comparison().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![vec(inner.clone(), 2..4).prop_map(Expression::All), vec(inner, 2..4).prop_map(Expression::Any),]
    })
}

proptest! {
    #[test]
    fn parsing_undoes_printing(expression in any_expression()) {
        let text = expression.to_string();
        prop_assume!(text.chars().count() <= crate::filter::MAX_LENGTH);
        prop_assert_eq!(parse(&text), Ok(Some(expression)));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,80}") {
        let _ = parse(&text);
    }
}
