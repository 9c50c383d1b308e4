//! What Python's `csv` and `json` and openpyxl read is what was written.
//!
//! Their versions are pinned with those of the end-to-end tests; `sandbox/venv` installs
//! them. Rows are generated from a fixed seed.

#![expect(clippy::unwrap_used, reason = "a panic here is a failed test")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use jiff::Timestamp;
use proptest::{
    prelude::*,
    strategy::{Strategy, ValueTree as _},
    test_runner::TestRunner,
};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tabular::{About, Cell, Format, TableWriter};

const NAMES: [&str; 3] = ["id", "value", "note"];

fn about() -> About {
    About {
        facts: vec![("rows", Cell::Integer(2)), ("complete", Cell::Boolean(false))],
        list: "sources",
        names: vec!["source", "asOf"],
        rows: vec![vec![Cell::from("inventory"), Cell::Unknown]],
    }
}

/// Writes the rows in each format and gives what the readers found.
fn read_back(rows: &[[Cell; 3]]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    for format in Format::ALL {
        let mut out = Vec::new();
        let mut writer = TableWriter::begin(format, "Things", &NAMES, &mut out).unwrap();
        for row in rows {
            writer.row(row, &mut out).unwrap();
        }
        writer.end(&about(), &mut out).unwrap();
        fs::write(folder.path().join(format!("table.{format}")), out).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/read_back.py");
    let done = Command::new(python()).arg(script).arg(folder.path()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

/// A Python with exactly the pinned packages.
fn python() -> PathBuf {
    let house = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let made = Command::new(house.join("sandbox/venv")).arg(house.join("tests/e2e/requirements.txt")).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    PathBuf::from(String::from_utf8(made.stdout).unwrap().trim()).join("bin/python")
}

/// What a text was, from what a reader of CSV found.
fn unguarded(found: &str) -> &str {
    let behind = found.trim_start_matches('\'');
    let guarded = behind.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    found.strip_prefix('\'').filter(|_| guarded).unwrap_or(found)
}

/// What CSV's reader must find: texts only.
fn as_csv(cell: &Cell) -> String {
    match cell {
        Cell::Unknown => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Words(words) => words.join(", "),
        Cell::Integer(number) => number.to_string(),
        Cell::Decimal(number) => number.to_string(),
        Cell::Boolean(value) => value.to_string(),
        Cell::Instant(moment) => moment.to_string(),
    }
}

fn as_json(cell: &Cell) -> Value {
    match cell {
        Cell::Unknown => Value::Null,
        Cell::Text(text) => json!(text),
        Cell::Words(words) => json!(words),
        Cell::Integer(number) => json!(number),
        Cell::Decimal(number) => json!(number.to_string()),
        Cell::Boolean(value) => json!(value),
        Cell::Instant(moment) => json!(moment.to_string()),
    }
}

/// What openpyxl must find: its type (`s` text, `n` number or nothing, `b`, `d`) and value.
fn as_workbook(cell: &Cell) -> Value {
    match cell {
        Cell::Unknown => json!(["n", null]),
        Cell::Text(text) if text.is_empty() => json!(["n", null]),
        Cell::Text(text) => json!(["s", text]),
        Cell::Words(words) if words.join(", ").is_empty() => json!(["n", null]),
        Cell::Words(words) => json!(["s", words.join(", ")]),
        Cell::Integer(number) => json!(["n", number]),
        Cell::Decimal(number) => json!(["n", number.to_string().parse::<f64>().unwrap()]),
        Cell::Boolean(value) => json!(["b", value]),
        Cell::Instant(moment) => json!(["d", moment.strftime("%Y-%m-%dT%H:%M:%S").to_string()]),
    }
}

/// Two values are the same cell; a workbook makes no difference between 1 and 1.0.
fn same(found: &Value, expected: &Value) -> bool {
    match (found[1].as_f64(), expected[1].as_f64()) {
        (Some(found), Some(expected)) => (found - expected).abs() <= expected.abs() * 1e-15,
        _ => found == expected,
    }
}

fn check(rows: &[[Cell; 3]]) {
    let found = read_back(rows);
    let sheet = found["xlsx"]["sheets"]["Things"].as_array().unwrap();
    assert_eq!(found["csv"][0], json!(NAMES));
    assert_eq!(sheet[0], json!(NAMES.map(|name| ["s", name])));
    assert_eq!((found["csv"].as_array().unwrap().len(), sheet.len()), (rows.len() + 1, rows.len() + 1));
    for (place, row) in rows.iter().enumerate() {
        for (column, cell) in row.iter().enumerate() {
            let text = found["csv"][place + 1][column].as_str().unwrap();
            assert_eq!(unguarded(text), as_csv(cell), "{cell:?}");
            let in_sheet = &sheet[place + 1][column];
            assert!(same(in_sheet, &as_workbook(cell)), "{cell:?}: {in_sheet}");
            assert_eq!(found["jsonl"][place][NAMES[column]], as_json(cell), "{cell:?}");
        }
    }
}

#[test]
fn nothing_that_looks_like_a_formula_is_one() {
    let texts = [
        "=1+1",
        "+1",
        "-1",
        "@A1",
        "=HYPERLINK(\"http://x\",\"y\")",
        "{=1}",
        "'=1",
        "＝1",
        "\t=1",
        "=cmd|' /C calc'!A0",
    ];
    let rows = texts.map(|text| [Cell::from(text), Cell::Words(vec![text.to_owned()]), Cell::Unknown]);
    check(&rows);
}

#[test]
fn numbers_days_and_unknown_values_keep_their_kind() {
    let moment: Timestamp = "2026-02-28T23:59:59Z".parse().unwrap();
    check(&[
        [Cell::Integer(-5), Cell::Decimal("0.030".parse().unwrap()), Cell::Instant(moment)],
        [Cell::Unknown, Cell::Boolean(true), Cell::from("")],
        [Cell::Integer(0), Cell::Decimal(Decimal::ZERO), Cell::Words(vec![])],
        [Cell::Integer(999_999_999_999_999), Cell::Decimal("-123456789.012345".parse().unwrap()), Cell::Boolean(false)],
    ]);
}

#[test]
fn what_is_said_about_the_table_stands_behind_it() {
    let found = read_back(&[[Cell::Unknown, Cell::Unknown, Cell::Unknown]]);
    assert_eq!(
        found["xlsx"]["sheets"]["About"],
        json!([
            [["s", "rows"], ["n", 2]],
            [["s", "complete"], ["b", false]],
            [["n", null], ["n", null]],
            [["s", "source"], ["s", "asOf"]],
            [["s", "inventory"], ["n", null]],
        ])
    );
    let last = found["jsonl"].as_array().unwrap().last().unwrap();
    let sources = json!([{"source": "inventory", "asOf": null}]);
    assert_eq!(*last, json!({"about": {"rows": 2, "complete": false, "sources": sources}}));
    assert_eq!((&found["xlsx"]["frozen"], &found["xlsx"]["filter"]), (&json!("A2"), &json!("A1:C2")));
}

/// Any cell, of the values that a workbook can hold as what they are.
fn a_cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Unknown),
        "[=+@'\"\\-,;\t\r\n a-zÄ😀]{0,12}".prop_map(Cell::Text),
        "\\PC{0,20}".prop_map(Cell::Text),
        "(_x000D_|_x005F_|_|x41){1,3}".prop_map(Cell::Text),
        proptest::collection::vec("[a-z=\"]{1,5}", 0..3).prop_map(Cell::Words),
        (-999_999_999_999_999_i64..=999_999_999_999_999).prop_map(Cell::Integer),
        (-99_999_999_999_i64..99_999_999_999, 0_u32..6)
            .prop_map(|(number, scale)| Cell::Decimal(Decimal::new(number, scale))),
        any::<bool>().prop_map(Cell::Boolean),
        (0_i64..4_000_000_000).prop_map(|second| Cell::Instant(Timestamp::from_second(second).unwrap())),
    ]
}

#[test]
fn every_generated_row_comes_back() {
    let mut runner = TestRunner::deterministic();
    let rows: Vec<[Cell; 3]> = (0..400)
        .map(|_| [a_cell(), a_cell(), a_cell()].map(|cell| cell.new_tree(&mut runner).unwrap().current()))
        .collect();
    check(&rows);
}
