//! CSV (RFC 4180): a head, lines that end in CR LF, quotes doubled inside quotes.
//!
//! Spreadsheets take a text that begins with `=`, `+`, `-`, `@`, a tab or a line end for a
//! formula, whatever the quotes. Such a text gets a `'` in front, which makes them show it as
//! text (OWASP, CSV injection); so does one that begins with `'` and then such a character,
//! so that exactly one `'` can be taken off again. Numbers are typed by us and stay as they
//! are. Unknown is nothing at all, an empty text is `""`.

use jiff::Timestamp;

use crate::cell::Cell;

/// Writes CSV.
pub(crate) struct Csv {
    /// In a table of one column an empty line would be no row.
    only_column: bool,
}

impl Csv {
    pub(crate) fn begin(names: &[&'static str], out: &mut Vec<u8>) -> Self {
        let csv = Self { only_column: names.len() == 1 };
        csv.line(names.iter(), out, |name, out| text(name, out));
        csv
    }

    pub(crate) fn row(&self, cells: &[Cell], out: &mut Vec<u8>) {
        self.line(cells.iter(), out, |cell, out| match cell {
            Cell::Unknown if self.only_column => out.extend(b"\"\""),
            Cell::Unknown => {}
            Cell::Text(value) => text(value, out),
            Cell::Words(words) => text(&words.join(Cell::BETWEEN_WORDS), out),
            Cell::Integer(number) => out.extend(number.to_string().into_bytes()),
            Cell::Decimal(number) => out.extend(number.to_string().into_bytes()),
            Cell::Boolean(value) => out.extend(value.to_string().into_bytes()),
            Cell::Instant(moment) => out.extend(rfc_3339(*moment).into_bytes()),
        });
    }

    #[expect(clippy::unused_self, reason = "a line belongs to a table")]
    fn line<T>(&self, fields: impl Iterator<Item = T>, out: &mut Vec<u8>, write: impl Fn(T, &mut Vec<u8>)) {
        for (place, field) in fields.enumerate() {
            if place > 0 {
                out.push(b',');
            }
            write(field, out);
        }
        out.extend(b"\r\n");
    }
}

/// RFC 3339 in UTC.
pub(crate) fn rfc_3339(moment: Timestamp) -> String {
    moment.to_string()
}

fn text(value: &str, out: &mut Vec<u8>) {
    let guarded = begins_a_formula(value);
    let quoted =
        value.is_empty() || value.starts_with(' ') || value.ends_with(' ') || value.contains([',', '"', '\r', '\n']);
    if !quoted {
        if guarded {
            out.push(b'\'');
        }
        out.extend(value.as_bytes());
        return;
    }
    out.push(b'"');
    if guarded {
        out.push(b'\'');
    }
    for part in value.split_inclusive('"') {
        out.extend(part.as_bytes());
        if part.ends_with('"') {
            out.push(b'"');
        }
    }
    out.push(b'"');
}

/// Would a spreadsheet take this text, or the text behind its first quotes, for a formula?
/// The full-width forms are those of Japanese and Chinese keyboards.
fn begins_a_formula(text: &str) -> bool {
    let behind_quotes = text.trim_start_matches('\'');
    behind_quotes.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    fn written(rows: &[Vec<Cell>]) -> String {
        let mut out = Vec::new();
        let csv = Csv::begin(&["a", "b"], &mut out);
        for row in rows {
            csv.row(row, &mut out);
        }
        String::from_utf8(out).unwrap()
    }

    fn field(value: &str) -> String {
        let mut out = Vec::new();
        text(value, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// What a text was, from what a reader of CSV finds.
    fn unguarded(found: &str) -> &str {
        found.strip_prefix('\'').filter(|_| begins_a_formula(found)).unwrap_or(found)
    }

    #[rstest]
    #[case::plain("ann.perez", "ann.perez")]
    #[case::formula("=1+1", "'=1+1")]
    #[case::plus("+49 30", "'+49 30")]
    #[case::minus("-2", "'-2")]
    #[case::at("@SUM(A1)", "'@SUM(A1)")]
    #[case::tab("\t=1", "'\t=1")]
    #[case::line_end("\r=1", "\"'\r=1\"")]
    #[case::full_width("＝1+1", "'＝1+1")]
    #[case::quoted_formula("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"")]
    #[case::guarded_already("'=1", "''=1")]
    #[case::an_apostrophe("'tis", "'tis")]
    #[case::comma("a,b", "\"a,b\"")]
    #[case::quote("say \"hi\"", "\"say \"\"hi\"\"\"")]
    #[case::lines("a\nb", "\"a\nb\"")]
    #[case::blanks(" a ", "\" a \"")]
    #[case::empty("", "\"\"")]
    fn a_text_is_written_so_that_it_stays_text(#[case] value: &str, #[case] expected: &str) {
        assert_eq!(field(value), expected);
    }

    #[test]
    fn typed_values_stay_as_they_are_and_unknown_is_nothing() {
        let moment: Timestamp = "2026-11-25T12:00:00.5Z".parse().unwrap();
        let rows = [
            vec![Cell::Integer(-5), Cell::Decimal("-0.030".parse().unwrap())],
            vec![Cell::Unknown, Cell::Boolean(true)],
            vec![Cell::Instant(moment), Cell::Words(vec!["pcoip".into(), "wsp".into()])],
        ];
        assert_eq!(written(&rows), "a,b\r\n-5,-0.030\r\n,true\r\n2026-11-25T12:00:00.5Z,\"pcoip, wsp\"\r\n");
    }

    #[test]
    fn in_one_column_unknown_is_still_a_row() {
        let mut out = Vec::new();
        let csv = Csv::begin(&["a"], &mut out);
        csv.row(&[Cell::Unknown], &mut out);
        assert_eq!(out, b"a\r\n\"\"\r\n");
    }

    proptest! {
        #[test]
        fn another_reader_finds_every_text_again(values in proptest::collection::vec(any::<(String, String)>(), 1..8)) {
            let rows: Vec<_> =
                values.iter().map(|(one, two)| vec![Cell::from(one.as_str()), Cell::from(two.as_str())]).collect();
            let text = written(&rows);
            let mut reader = ::csv::Reader::from_reader(text.as_bytes());
            let found: Vec<(String, String)> = reader.deserialize().map(Result::unwrap).collect();
            let found: Vec<_> =
                found.iter().map(|(one, two)| (unguarded(one).to_owned(), unguarded(two).to_owned())).collect();
            prop_assert_eq!(found, values);
        }

        #[test]
        fn no_text_reads_as_a_formula(value in "[=+@\\-\t\r\n'\", ＝a1]{0,6}") {
            let text = written(&[vec![Cell::from(value.as_str()), Cell::Unknown]]);
            let mut reader = ::csv::Reader::from_reader(text.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            prop_assert!(!record[0].starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝']), "{:?}", record);
        }
    }
}
