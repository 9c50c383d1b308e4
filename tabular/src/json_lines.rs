//! JSON lines: one object a row, its members in the order of the columns. The last line is an
//! object with the one member `about`: whoever misses it got a file that broke off.
//!
//! Decimals are texts, as in the API: a JSON number is a floating-point number to most
//! readers.

use crate::{about::About, cell::Cell, csv::rfc_3339};

/// Writes JSON lines.
pub(crate) struct JsonLines {
    /// `"name":`, escaped once.
    names: Vec<String>,
}

impl JsonLines {
    pub(crate) fn begin(names: &[&'static str]) -> Self {
        Self { names: names.iter().map(|name| format!("{}:", quoted(name))).collect() }
    }

    pub(crate) fn row(&self, cells: &[Cell], out: &mut Vec<u8>) {
        object(self.names.iter().map(String::as_str).zip(cells), out);
        out.push(b'\n');
    }

    pub(crate) fn end(about: &About, out: &mut Vec<u8>) {
        out.extend(b"{\"about\":{");
        for (name, cell) in &about.facts {
            out.extend(format!("{}:{},", quoted(name), json(cell)).into_bytes());
        }
        out.extend(format!("{}:[", quoted(about.list)).into_bytes());
        let names: Vec<_> = about.names.iter().map(|name| format!("{}:", quoted(name))).collect();
        for (place, row) in about.rows.iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            object(names.iter().map(String::as_str).zip(row), out);
        }
        out.extend(b"]}}\n");
    }
}

fn object<'a>(members: impl Iterator<Item = (&'a str, &'a Cell)>, out: &mut Vec<u8>) {
    out.push(b'{');
    for (place, (name, cell)) in members.enumerate() {
        if place > 0 {
            out.push(b',');
        }
        out.extend(name.as_bytes());
        out.extend(json(cell).into_bytes());
    }
    out.push(b'}');
}

fn json(cell: &Cell) -> String {
    match cell {
        Cell::Unknown => "null".to_owned(),
        Cell::Text(text) => quoted(text),
        Cell::Words(words) => format!("[{}]", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(",")),
        Cell::Integer(number) => number.to_string(),
        Cell::Decimal(number) => quoted(&number.to_string()),
        Cell::Boolean(value) => value.to_string(),
        Cell::Instant(moment) => quoted(&rfc_3339(*moment)),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_row_is_an_object_and_the_last_line_tells_about_them() {
        let mut out = Vec::new();
        let lines = JsonLines::begin(&["id", "cost", "tags", "seen"]);
        let seen = "2026-11-25T12:00:00Z".parse().unwrap();
        let cost = "1.20".parse().unwrap();
        lines.row(
            &[Cell::from("ws-1"), Cell::Decimal(cost), Cell::Words(vec!["a".into()]), Cell::Instant(seen)],
            &mut out,
        );
        lines.row(&[Cell::from("=1"), Cell::Unknown, Cell::Unknown, Cell::Unknown], &mut out);
        let facts = vec![("rows", Cell::Integer(2)), ("complete", Cell::Boolean(false))];
        let rows = vec![vec![Cell::from("inventory")], vec![Cell::Unknown]];
        JsonLines::end(&About { facts, list: "sources", names: vec!["source"], rows }, &mut out);
        let text = String::from_utf8(out).unwrap();
        let mut lines = text.lines();
        let first = r#"{"id":"ws-1","cost":"1.20","tags":["a"],"seen":"2026-11-25T12:00:00Z"}"#;
        assert_eq!(lines.next(), Some(first));
        assert_eq!(lines.next(), Some(r#"{"id":"=1","cost":null,"tags":null,"seen":null}"#));
        let about: Value = serde_json::from_str(lines.next().unwrap()).unwrap();
        let sources = json!([{"source": "inventory"}, {"source": null}]);
        assert_eq!(about, json!({"about": {"rows": 2, "complete": false, "sources": sources}}));
        assert_eq!(lines.next(), None);
    }

    proptest! {
        #[test]
        fn every_text_comes_back(one in any::<String>(), words in any::<Vec<String>>(), number in any::<i64>()) {
            let mut out = Vec::new();
            let cells = [Cell::from(one.as_str()), Cell::Words(words.clone()), Cell::Integer(number)];
            JsonLines::begin(&["a\"", "b", "c"]).row(&cells, &mut out);
            prop_assert_eq!(out.split(|byte| *byte == b'\n').count(), 2, "one line and its end");
            let back: Value = serde_json::from_slice(&out).unwrap();
            prop_assert_eq!(back, json!({"a\"": one, "b": words, "c": number}));
        }
    }
}
