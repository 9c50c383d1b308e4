//! Canonical JSON after RFC 8785: one text for one value, so that a hash can be over it.
//!
//! Object keys are sorted by UTF-16 code units, nothing is spaced, strings are escaped as
//! little as JSON allows, numbers are written as ECMAScript writes them. One deviation:
//! integers are exact, also beyond 2^53, where the RFC would round them to a double.
//! Deliberately absent: reading. Any JSON parser reads it; some, ours among them, read the
//! last of 17 digits of a double differently, so a text is never made again from what was
//! read of it.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Map, Number, Value};

/// The canonical text of `value`.
pub fn text(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

/// The canonical text of plain data: structs and maps with texts as keys.
pub(super) fn text_of(data: &impl Serialize) -> String {
    text(&serde_json::to_value(data).expect("plain data has a JSON form"))
}

fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => write_number(text, number),
        Value::String(string) => write_string(text, string),
        Value::Array(items) => {
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                write_value(text, item);
            }
            text.push(']');
        }
        Value::Object(fields) => write_object(text, fields),
    }
}

fn write_object(text: &mut String, fields: &Map<String, Value>) {
    let mut sorted: Vec<(&String, &Value)> = fields.iter().collect();
    sorted.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
    text.push('{');
    for (position, (field, value)) in sorted.into_iter().enumerate() {
        if position > 0 {
            text.push(',');
        }
        write_string(text, field);
        text.push(':');
        write_value(text, value);
    }
    text.push('}');
}

fn write_string(text: &mut String, string: &str) {
    text.push('"');
    for letter in string.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{c}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            control if control < ' ' => {
                let _ = write!(text, "\\u{:04x}", u32::from(control));
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

fn write_number(text: &mut String, number: &Number) {
    match number.as_f64() {
        Some(double) if number.is_f64() => write_double(text, double),
        _ => text.push_str(&number.to_string()),
    }
}

/// `Number::toString` of ECMA-262: the shortest digits that read back, plain from 1e-6 to
/// below 1e21 and with an exponent elsewhere.
fn write_double(text: &mut String, double: f64) {
    if double == 0.0 {
        text.push('0');
        return;
    }
    if double < 0.0 {
        text.push('-');
    }
    // Rust's exponent form has the shortest digits: "1.234e-7".
    let shortest = format!("{:e}", double.abs());
    let (digits, exponent) = shortest.split_once('e').expect("the exponent form has an exponent");
    let digits = digits.replace('.', "");
    let exponent: i32 = exponent.parse().expect("an exponent is a number");
    let count = i32::try_from(digits.len()).expect("a double has at most 17 digits");
    // The decimal point stands behind this many digits.
    let point = exponent + 1;
    match point {
        _ if count <= point && point <= 21 => {
            text.push_str(&digits);
            text.extend((count..point).map(|_| '0'));
        }
        1..=21 => {
            let (whole, fraction) = digits.split_at(usize::try_from(point).expect("it is positive"));
            let _ = write!(text, "{whole}.{fraction}");
        }
        -5..=0 => {
            text.push_str("0.");
            text.extend((point..0).map(|_| '0'));
            text.push_str(&digits);
        }
        _ => {
            let (first, rest) = digits.split_at(1);
            let dot = if rest.is_empty() { "" } else { "." };
            let _ = write!(text, "{first}{dot}{rest}e{exponent:+}");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    /// Values of RFC 8785, appendix B, by their bits, and some of our own.
    #[rstest]
    #[case(0x0000_0000_0000_0000, "0")]
    #[case(0x8000_0000_0000_0000, "0")]
    #[case(0x0000_0000_0000_0001, "5e-324")]
    #[case(0x8000_0000_0000_0001, "-5e-324")]
    #[case(0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308")]
    #[case(0x4340_0000_0000_0000, "9007199254740992")]
    #[case(0x4430_0000_0000_0000, "295147905179352830000")]
    #[case(0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22")]
    #[case(0x44b5_2d02_c7e1_4af6, "1e+23")]
    #[case(0x444b_1ae4_d6e2_ef4e, "999999999999999700000")]
    #[case(0x444b_1ae4_d6e2_ef50, "1e+21")]
    #[case(0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7")]
    #[case(0x3eb0_c6f7_a0b5_ed8d, "0.000001")]
    #[case(0x41b3_de43_5555_5553, "333333333.3333332")]
    #[case(0xbecb_f647_612f_3696, "-0.0000033333333333333333")]
    fn a_double_is_written_as_ecmascript_does(#[case] bits: u64, #[case] expected: &str) {
        let mut written = String::new();
        write_double(&mut written, f64::from_bits(bits));
        assert_eq!(written, expected);
    }

    #[test]
    fn keys_are_sorted_by_utf_16_and_strings_escaped_least() {
        let value = json!({ "\u{ff5e}": 1, "\u{1f600}": 2, "b": [true, null], "a": "\u{f}é\"\\\n/\u{7f}" });
        let expected = "{\"a\":\"\\u000fé\\\"\\\\\\n/\u{7f}\",\"b\":[true,null],\"\u{1f600}\":2,\"\u{ff5e}\":1}";
        assert_eq!(text(&value), expected);
    }

    #[test]
    fn an_integer_is_exact() {
        assert_eq!(
            text(&json!([9_007_199_254_740_993_u64, u64::MAX, i64::MIN])),
            "[9007199254740993,18446744073709551615,-9223372036854775808]"
        );
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..5)
                    .prop_map(|fields| fields.into_iter().collect::<Map<_, _>>().into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_text_reads_back_and_is_its_own_canonical_text(value in any_json()) {
            let written = text(&value);
            let read: Value = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(text(&read), written);
            prop_assert_eq!(read, value);
        }

        #[test]
        fn a_double_reads_back_exactly(double in any::<f64>().prop_filter("JSON has no infinity", |it| it.is_finite())) {
            let mut written = String::new();
            write_double(&mut written, double);
            prop_assert_eq!(written.parse::<f64>(), Ok(double));
        }

        #[test]
        fn a_double_keeps_its_text_when_it_is_read_again(double in any::<f64>()) {
            let written = text(&json!(double));
            let read: Value = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(text(&read), written);
        }

        #[test]
        fn the_order_of_fields_does_not_count(fields in prop::collection::btree_map(any::<String>(), any::<i64>(), 0..8)) {
            let forwards: String = text(&serde_json::to_value(&fields).unwrap());
            let backwards: Map<String, Value> = fields.into_iter().rev().map(|(k, v)| (k, v.into())).collect();
            prop_assert_eq!(text(&Value::Object(backwards)), forwards);
        }
    }
}
