//! Gzipped CSV, pushed in as it arrives: only the line in hand is held.

use std::{borrow::Cow, collections::BTreeMap, io::Write};

use csv::{ByteRecord, ReaderBuilder};
use flate2::write::MultiGzDecoder;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{
    amount,
    cells::{self, Cells, day_of_text, storable, wrong},
    columns::Column,
    sums::Sums,
    unreadable::InvalidFile,
};

/// The longest line, in bytes; AWS's have some hundred.
pub(super) const LONGEST_LINE: usize = 1 << 20;
/// Compressed bytes to push in at once: lines of them are summed before more is unpacked.
pub(super) const FEED: usize = 32 << 10;

/// A file that is being read.
pub(super) struct CsvGz {
    unpacked: MultiGzDecoder<Vec<u8>>,
    head: Option<Head>,
    /// Lines read, the head counted.
    line: u64,
    /// Bytes of `unpacked` that were looked at, whether they ended inside quotes, and the
    /// end of the last whole line among them.
    looked_at: usize,
    is_quoted: bool,
    whole: usize,
}

/// Where each column stands.
struct Head {
    places: [Option<usize>; Column::ALL.len()],
    width: usize,
}

impl CsvGz {
    /// A file of which nothing was read.
    pub(super) fn new() -> Self {
        let unpacked = MultiGzDecoder::new(Vec::new());
        Self { unpacked, head: None, line: 0, looked_at: 0, is_quoted: false, whole: 0 }
    }

    /// Reads on; whole lines go into `sums`.
    pub(super) fn push(&mut self, bytes: &[u8], sums: &mut Sums) -> Result<(), InvalidFile> {
        self.unpacked.write_all(bytes)?;
        self.look();
        self.lines(self.whole, sums)?;
        if self.unpacked.get_ref().len() > LONGEST_LINE {
            return Err(InvalidFile::LongLine { line: self.line + 1 });
        }
        Ok(())
    }

    /// Reads the rest, which has to be an end. How many lines there were below the head.
    pub(super) fn finish(mut self, sums: &mut Sums) -> Result<u64, InvalidFile> {
        self.unpacked.try_finish()?;
        let rest = self.unpacked.get_ref().len();
        self.lines(rest, sums)?;
        if self.head.is_none() {
            return Err(InvalidFile::NoColumn { column: Column::ALL[0].name() });
        }
        Ok(self.line.saturating_sub(1))
    }

    /// Finds the end of the last whole line: a line ends at a line feed outside quotes, and
    /// a quote inside quotes is doubled, which changes nothing.
    fn look(&mut self) {
        let unpacked = self.unpacked.get_ref();
        for (at, byte) in unpacked.iter().enumerate().skip(self.looked_at) {
            match byte {
                b'"' => self.is_quoted = !self.is_quoted,
                b'\n' if !self.is_quoted => self.whole = at + 1,
                _ => {}
            }
        }
        self.looked_at = unpacked.len();
    }

    fn lines(&mut self, end: usize, sums: &mut Sums) -> Result<(), InvalidFile> {
        let mut reader =
            ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&self.unpacked.get_ref()[..end]);
        let mut record = ByteRecord::new();
        while reader.read_byte_record(&mut record).map_err(std::io::Error::from)? {
            self.line += 1;
            let Some(head) = &self.head else {
                self.head = Some(Head::read(&record)?);
                continue;
            };
            if record.len() != head.width {
                let (expected, found) = (head.width, record.len());
                return Err(InvalidFile::Width { line: self.line, expected, found });
            }
            if let Some(line) = cells::line(&Line { number: self.line, record: &record, head })? {
                sums.add(line)?;
            }
        }
        self.unpacked.get_mut().drain(..end);
        self.looked_at = self.looked_at.saturating_sub(end);
        self.whole = 0;
        Ok(())
    }
}

impl From<std::io::Error> for InvalidFile {
    fn from(error: std::io::Error) -> Self {
        Self::Damaged { reason: error.to_string() }
    }
}

impl Head {
    fn read(record: &ByteRecord) -> Result<Self, InvalidFile> {
        let place = |column: Column| record.iter().position(|name| name == column.name().as_bytes());
        let places = Column::ALL.map(place);
        match Column::ALL.into_iter().find(|column| column.is_required() && places[*column as usize].is_none()) {
            Some(column) => Err(InvalidFile::NoColumn { column: column.name() }),
            None => Ok(Self { places, width: record.len() }),
        }
    }
}

struct Line<'a> {
    number: u64,
    record: &'a ByteRecord,
    head: &'a Head,
}

impl Cells for Line<'_> {
    fn line(&self) -> u64 {
        self.number
    }

    fn text(&self, column: Column) -> Result<Option<Cow<'_, str>>, InvalidFile> {
        let bytes = self.head.places[column as usize].and_then(|place| self.record.get(place)).unwrap_or_default();
        let text = std::str::from_utf8(bytes)
            .map_err(|_| wrong(self.number, column, "text in UTF-8", &String::from_utf8_lossy(bytes)))?;
        Ok(Some(text).filter(|text| !text.is_empty()).map(Cow::Borrowed))
    }

    fn amount(&self, column: Column) -> Result<Option<Decimal>, InvalidFile> {
        let Some(text) = self.text(column)? else { return Ok(None) };
        amount::of_text(&text).map(Some).ok_or_else(|| wrong(self.number, column, "number", &text))
    }

    fn day(&self, column: Column) -> Result<Option<Date>, InvalidFile> {
        let Some(text) = self.text(column)? else { return Ok(None) };
        day_of_text(&text).map(Some).ok_or_else(|| wrong(self.number, column, "instant", &text))
    }

    fn tags(&self, column: Column) -> Result<BTreeMap<String, String>, InvalidFile> {
        let Some(text) = self.text(column)? else { return Ok(BTreeMap::new()) };
        let tags: BTreeMap<String, Option<String>> =
            serde_json::from_str(&text).map_err(|_| wrong(self.number, column, "map in JSON", &text))?;
        let storable = |text: String| storable(Cow::Owned(text));
        Ok(tags.into_iter().filter_map(|(key, value)| Some((storable(key), storable(value?)))).collect())
    }
}

#[cfg(test)]
mod tests;
