//! A workbook: one sheet of rows, one sheet `About`.
//!
//! Rows go to a temporary file as they come (constant memory), so a large table costs disk,
//! about 60 bytes a cell, and not memory. A text is a cell of type text whatever it begins
//! with, so nothing in the data is a formula. A spreadsheet counts in binary fractions of 15
//! digits, in days to the millisecond and in texts of 32,767 units: what does not fit into
//! that becomes a text, and a longer text is cut and says so.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use crate::{about::About, cell::Cell, csv::rfc_3339};

/// UTF-16 units of a text at most.
const LONGEST_TEXT: usize = 32_767;
/// Stands at the end of a text that was cut.
const CUT: &str = " … (cut)";
/// Largest whole number of which a spreadsheet keeps every digit.
const LARGEST_INTEGER: u64 = 999_999_999_999_999;
/// Digits of a decimal that a spreadsheet keeps.
const MOST_DIGITS: usize = 15;
/// Characters that a column shows.
const WIDTH: f64 = 22.0;

/// Writes a workbook.
pub(crate) struct Workbook {
    book: rust_xlsxwriter::Workbook,
    formats: Formats,
    columns: u16,
    next_row: u32,
}

struct Formats {
    head: Format,
    instant: Format,
}

impl Workbook {
    pub(crate) fn begin(title: &'static str, names: &[&'static str]) -> Result<Self, XlsxError> {
        let mut book = rust_xlsxwriter::Workbook::new();
        // A creation time would make two exports of the same rows differ.
        book.set_properties(
            &rust_xlsxwriter::DocProperties::new()
                .set_creation_datetime(&rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1)?),
        );
        let formats =
            Formats { head: Format::new().set_bold(), instant: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss") };
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(title)?.set_freeze_panes(1, 0)?;
        for (column, name) in (0..).zip(names) {
            sheet.set_column_width(column, WIDTH)?.write_string_with_format(0, column, *name, &formats.head)?;
        }
        let columns = u16::try_from(names.len()).unwrap_or(u16::MAX);
        Ok(Self { book, formats, columns, next_row: 1 })
    }

    pub(crate) fn row(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        let sheet = self.book.worksheet_from_index(0)?;
        for (column, cell) in (0..).zip(cells) {
            write(sheet, self.next_row, column, cell, &self.formats)?;
        }
        self.next_row += 1;
        Ok(())
    }

    pub(crate) fn end(mut self, about: &About, out: &mut Vec<u8>) -> Result<(), XlsxError> {
        if let Some(last_column) = self.columns.checked_sub(1) {
            self.book.worksheet_from_index(0)?.autofilter(0, 0, self.next_row - 1, last_column)?;
        }
        let sheet = self.book.add_worksheet();
        sheet.set_name("About")?;
        let mut row = 0;
        for (name, cell) in &about.facts {
            sheet.write_string_with_format(row, 0, *name, &self.formats.head)?;
            write(sheet, row, 1, cell, &self.formats)?;
            row += 1;
        }
        row += 1;
        for (column, name) in (0..).zip(&about.names) {
            sheet.set_column_width(column, WIDTH)?.write_string_with_format(row, column, *name, &self.formats.head)?;
        }
        for cells in &about.rows {
            row += 1;
            for (column, cell) in (0..).zip(cells) {
                write(sheet, row, column, cell, &self.formats)?;
            }
        }
        out.extend(self.book.save_to_buffer()?);
        Ok(())
    }
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, formats: &Formats) -> Result<(), XlsxError> {
    match cell {
        Cell::Unknown => {}
        Cell::Text(text) => write_text(sheet, row, column, text)?,
        Cell::Words(words) => write_text(sheet, row, column, &words.join(Cell::BETWEEN_WORDS))?,
        Cell::Boolean(value) => {
            sheet.write_boolean(row, column, *value)?;
        }
        Cell::Integer(number) => match exact_integer(*number) {
            Some(number) => {
                sheet.write_number(row, column, number)?;
            }
            None => write_text(sheet, row, column, &number.to_string())?,
        },
        Cell::Decimal(number) => match exact_decimal(*number) {
            Some(number) => {
                sheet.write_number(row, column, number)?;
            }
            None => write_text(sheet, row, column, &number.to_string())?,
        },
        Cell::Instant(moment) => match day_of_a_spreadsheet(*moment) {
            Some(moment) => {
                sheet.write_datetime_with_format(row, column, moment, &formats.instant)?;
            }
            None => write_text(sheet, row, column, &rfc_3339(*moment))?,
        },
    }
    Ok(())
}

fn write_text(sheet: &mut Worksheet, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
    sheet.write_string(row, column, shortened(text))?;
    Ok(())
}

/// The text, cut where a spreadsheet would refuse it.
fn shortened(text: &str) -> std::borrow::Cow<'_, str> {
    if text.encode_utf16().count() <= LONGEST_TEXT {
        return text.into();
    }
    let room = LONGEST_TEXT - CUT.encode_utf16().count();
    let mut units = 0;
    let fitting = text.chars().take_while(|character| {
        units += character.len_utf16();
        units <= room
    });
    (fitting.collect::<String>() + CUT).into()
}

fn exact_integer(number: i64) -> Option<f64> {
    (number.unsigned_abs() <= LARGEST_INTEGER).then(|| number.to_f64()).flatten()
}

fn exact_decimal(number: Decimal) -> Option<f64> {
    let digits = number.normalize().mantissa().unsigned_abs().to_string().len();
    (digits <= MOST_DIGITS).then(|| number.to_f64()).flatten()
}

/// Days are counted from 1900 to 9999, and the first two months of 1900 are counted wrong.
fn day_of_a_spreadsheet(moment: Timestamp) -> Option<DateTime> {
    let moment = TimeZone::UTC.to_datetime(moment);
    (moment.year() > 1900 && moment.year() <= 9999).then_some(moment)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(999_999_999_999_999, true)]
    #[case(-999_999_999_999_999, true)]
    #[case(1_000_000_000_000_000, false)]
    #[case(i64::MIN, false)]
    fn a_number_with_more_digits_than_a_spreadsheet_keeps_is_a_text(#[case] number: i64, #[case] exact: bool) {
        assert_eq!(exact_integer(number).is_some(), exact);
    }

    #[rstest]
    #[case("0.030000", true)]
    #[case("123456789012.345", true)]
    #[case("1234567890123.4567", false)]
    fn so_is_a_decimal(#[case] number: &str, #[case] exact: bool) {
        assert_eq!(exact_decimal(number.parse().unwrap()).is_some(), exact);
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_between_characters_and_says_so() {
        let cut = shortened(&"😀".repeat(20_000)).into_owned();
        assert!(cut.ends_with("😀 … (cut)"));
        assert!((LONGEST_TEXT - 1..=LONGEST_TEXT).contains(&cut.encode_utf16().count()));
        assert_eq!(shortened("short"), "short");
    }

    #[rstest]
    #[case("2026-11-25T12:00:00Z", true)]
    #[case("1900-01-01T00:00:00Z", false)]
    #[case("0001-01-01T00:00:00Z", false)]
    fn a_moment_before_spreadsheets_count_is_a_text(#[case] moment: &str, #[case] counted: bool) {
        assert_eq!(day_of_a_spreadsheet(moment.parse().unwrap()).is_some(), counted);
    }
}
