//! One writer for all formats: a head, rows, an end. What is ready to be sent is appended to
//! the caller's buffer, which the caller empties when it likes.

use crate::{about::About, cell::Cell, csv::Csv, format::Format, json_lines::JsonLines, xlsx::Workbook};

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A row does not fit the head.
    #[error("a row has {found} cells, the table has {expected} columns")]
    RowLength {
        /// The columns.
        expected: usize,
        /// The cells.
        found: usize,
    },
    /// The workbook could not be made: the disk for its rows is full, or it has too many.
    #[error("the workbook could not be written")]
    Workbook(#[from] Box<rust_xlsxwriter::XlsxError>),
}

/// Writes one table.
pub struct TableWriter {
    columns: usize,
    form: Form,
}

enum Form {
    Csv(Csv),
    Xlsx(Box<Workbook>),
    JsonLines(JsonLines),
}

impl TableWriter {
    /// Begins a table; `title` names a workbook's sheet.
    pub fn begin(
        format: Format,
        title: &'static str,
        names: &[&'static str],
        out: &mut Vec<u8>,
    ) -> Result<Self, WriteError> {
        let form = match format {
            Format::Csv => Form::Csv(Csv::begin(names, out)),
            Format::Xlsx => Form::Xlsx(Box::new(Workbook::begin(title, names).map_err(Box::new)?)),
            Format::JsonLines => Form::JsonLines(JsonLines::begin(names)),
        };
        Ok(Self { columns: names.len(), form })
    }

    /// Writes a row.
    pub fn row(&mut self, cells: &[Cell], out: &mut Vec<u8>) -> Result<(), WriteError> {
        if cells.len() != self.columns {
            return Err(WriteError::RowLength { expected: self.columns, found: cells.len() });
        }
        match &mut self.form {
            Form::Csv(csv) => csv.row(cells, out),
            Form::Xlsx(workbook) => workbook.row(cells).map_err(Box::new)?,
            Form::JsonLines(lines) => lines.row(cells, out),
        }
        Ok(())
    }

    /// Ends the table. A workbook comes only now, as a whole.
    pub fn end(self, about: &About, out: &mut Vec<u8>) -> Result<(), WriteError> {
        match self.form {
            Form::Csv(_) => Ok(()),
            Form::Xlsx(workbook) => Ok(workbook.end(about, out).map_err(Box::new)?),
            Form::JsonLines(_) => {
                JsonLines::end(about, out);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_does_not_fit_is_refused() {
        for format in Format::ALL {
            let mut out = Vec::new();
            let mut writer = TableWriter::begin(format, "Things", &["a", "b"], &mut out).unwrap();
            let error = writer.row(&[Cell::Unknown], &mut out).unwrap_err();
            assert_eq!(error.to_string(), "a row has 1 cells, the table has 2 columns");
        }
    }
}
