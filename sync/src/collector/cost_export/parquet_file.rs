//! Parquet, read row group by row group: of each, only the columns that are needed.
//!
//! The decoder reads from pieces that were fetched before; what it asks for beyond them is
//! an error. It may panic on a damaged file, so it works behind a guard.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::{Buf, Bytes, buf::Reader};
use jiff::civil::Date;
use parquet::{
    data_type,
    errors::{ParquetError, Result as ParquetResult},
    file::{
        metadata::ParquetMetaData,
        reader::{ChunkReader, FileReader, Length, RowGroupReader, SerializedFileReader},
    },
    record::{Field, Row, reader::RowIter},
    schema::types::Type,
};
use rust_decimal::Decimal;

use super::{
    amount,
    cells::{self, Cells, day_of_millis, day_of_text, storable, wrong},
    columns::Column,
    sums::Sums,
    unreadable::InvalidFile,
};

/// Bytes at the end of the file to fetch first: most footers lie within.
pub(super) const TAIL: u64 = 64 << 10;
/// The bytes at the very end that tell how long the footer is.
const FOOTER_END: usize = 8;
/// Bytes of one row group that are held at once.
const LARGEST_GROUP: u64 = 128 << 20;
/// The largest footer that is fetched. It has some hundred bytes a column and row group; what
/// says more would fill the pod's memory before it turned out to be nonsense.
const LARGEST_FOOTER: u64 = 32 << 20;
/// Columns that lie so near each other are fetched together.
const GAP: u64 = 64 << 10;

/// The pieces of a file that were fetched.
#[derive(Clone, Default)]
struct Fetched {
    size: u64,
    pieces: Arc<Mutex<BTreeMap<u64, Bytes>>>,
}

impl Fetched {
    fn put(&self, start: u64, bytes: Bytes) {
        self.lock().insert(start, bytes);
    }

    fn from(&self, start: u64) -> ParquetResult<Bytes> {
        let pieces = self.lock();
        let held = pieces.range(..=start).next_back();
        held.and_then(|(at, bytes)| {
            let skipped = usize::try_from(start - at).ok()?;
            (skipped < bytes.len()).then(|| bytes.slice(skipped..))
        })
        .ok_or_else(|| ParquetError::EOF(format!("nothing was fetched at {start}")))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<u64, Bytes>> {
        // A panic while holding the lock cannot leave the map half-changed.
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Length for Fetched {
    fn len(&self) -> u64 {
        self.size
    }
}

impl ChunkReader for Fetched {
    type T = Reader<Bytes>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        Ok(self.from(start)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        if length == 0 {
            return Ok(Bytes::new());
        }
        let bytes = self.from(start)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF(format!("{length} bytes at {start} were not fetched")));
        }
        Ok(bytes.slice(..length))
    }
}

/// A file whose footer was read.
pub(super) struct ParquetFile {
    fetched: Fetched,
    reader: SerializedFileReader<Fetched>,
    projection: Type,
    /// Where the end begins that was fetched first.
    tail: u64,
    /// The column of each field of a row.
    columns: Vec<Column>,
    /// Numbers of the leaves that hold them.
    leaves: Vec<usize>,
}

/// How many bytes at the end are the footer, as `tail`, which is the end, tells.
pub(super) fn footer(tail: &[u8]) -> Result<u64, InvalidFile> {
    let cut_off = || InvalidFile::Damaged { reason: "it does not end as a Parquet file does".to_owned() };
    let end = tail.len().checked_sub(FOOTER_END).ok_or_else(cut_off)?;
    let (length, magic) = tail[end..].split_at(4);
    if magic != b"PAR1" {
        return Err(cut_off());
    }
    let length = u64::from(length.try_into().map(u32::from_le_bytes).map_err(|_| cut_off())?);
    if length > LARGEST_FOOTER {
        let reason = format!("its footer says that it has {length} bytes, more than {LARGEST_FOOTER}");
        return Err(InvalidFile::Damaged { reason });
    }
    Ok(length + FOOTER_END as u64)
}

impl ParquetFile {
    /// Opens a file of `size` bytes that ends with `tail`, the whole footer.
    pub(super) fn open(size: u64, tail: Bytes) -> Result<Self, InvalidFile> {
        let fetched = Fetched { size, ..Fetched::default() };
        let start = size - tail.len() as u64;
        fetched.put(start, tail);
        let reader = guarded(|| SerializedFileReader::new(fetched.clone()).map_err(InvalidFile::from))?;
        let schema = reader.metadata().file_metadata().schema_descr();
        let root = schema.root_schema();
        let columns: Vec<Column> = root.get_fields().iter().filter_map(|field| column(field.name())).collect();
        let is_there = |wanted: &Column| columns.contains(wanted);
        if let Some(column) = Column::ALL.into_iter().find(|column| column.is_required() && !is_there(column)) {
            return Err(InvalidFile::NoColumn { column: column.name() });
        }
        let fields = root.get_fields().iter().filter(|field| column(field.name()).is_some()).cloned().collect();
        let projection = Type::group_type_builder(root.name()).with_fields(fields).build()?;
        let is_needed = |leaf: &usize| column(root.get_fields()[schema.get_column_root_idx(*leaf)].name()).is_some();
        let leaves = (0..schema.num_columns()).filter(is_needed).collect();
        Ok(Self { fetched, projection, columns, leaves, reader, tail: start })
    }

    /// How many row groups there are.
    pub(super) fn groups(&self) -> usize {
        self.reader.num_row_groups()
    }

    /// The bytes of a row group that are needed and not there yet.
    pub(super) fn ranges(&self, group: usize) -> Result<Vec<Range<u64>>, InvalidFile> {
        let mut ranges = guarded(|| ranges(self.reader.metadata(), group, &self.leaves, self.fetched.size))?;
        ranges.retain(|range| range.start < self.tail);
        let bytes = ranges.iter().map(|range| range.end - range.start).sum();
        if bytes > LARGEST_GROUP {
            return Err(InvalidFile::LargeGroup { group, bytes, limit: LARGEST_GROUP });
        }
        Ok(ranges)
    }

    /// Takes a piece of the row group to be read next.
    pub(super) fn put(&self, start: u64, bytes: Bytes) {
        self.fetched.put(start, bytes);
    }

    /// Forgets the pieces of the row group before, but for the end of the file.
    pub(super) fn forget(&self) {
        self.fetched.lock().retain(|start, _| *start == self.tail);
    }

    /// A row group whose pieces are there.
    pub(super) fn group(&self, group: usize) -> Result<Box<dyn RowGroupReader + '_>, InvalidFile> {
        guarded(|| self.reader.get_row_group(group).map_err(InvalidFile::from))
    }

    /// Its rows.
    pub(super) fn rows<'a>(&self, group: &'a dyn RowGroupReader) -> Result<RowIter<'a>, InvalidFile> {
        guarded(|| RowIter::from_row_group(Some(self.projection.clone()), group).map_err(InvalidFile::from))
    }

    /// Adds at most `count` rows to `sums`, and counts in `line`; whether there are more.
    pub(super) fn add(
        &self,
        rows: &mut RowIter<'_>,
        count: usize,
        line: &mut u64,
        sums: &mut Sums,
    ) -> Result<bool, InvalidFile> {
        for _ in 0..count {
            let Some(row) = guarded(|| rows.next().transpose().map_err(InvalidFile::from))? else { return Ok(false) };
            *line += 1;
            let cells = Line { number: *line, row: &row, columns: &self.columns };
            // Telling what a cell holds panics where it is a time outside the calendar.
            if let Some(line) = guarded(|| cells::line(&cells))? {
                sums.add(line)?;
            }
        }
        Ok(true)
    }
}

fn column(name: &str) -> Option<Column> {
    Column::ALL.into_iter().find(|column| column.name() == name)
}

/// Where the leaves of a group lie, near ones together, in order.
fn ranges(
    metadata: &ParquetMetaData,
    group: usize,
    leaves: &[usize],
    size: u64,
) -> Result<Vec<Range<u64>>, InvalidFile> {
    let group = metadata.row_group(group);
    let mut single: Vec<Range<u64>> = leaves
        .iter()
        .map(|leaf| group.column(*leaf).byte_range())
        .map(|(start, length)| {
            let end = start.checked_add(length).filter(|end| *end <= size);
            end.map(|end| start..end)
                .ok_or_else(|| InvalidFile::Damaged { reason: "a column lies beyond its end".to_owned() })
        })
        .collect::<Result<_, _>>()?;
    single.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<u64>> = Vec::new();
    for range in single {
        match joined.last_mut() {
            Some(last) if range.start <= last.end.saturating_add(GAP) => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    Ok(joined)
}

/// Runs a part of the decoder. It holds nothing of ours that a panic could leave half-changed.
fn guarded<T>(work: impl FnOnce() -> Result<T, InvalidFile>) -> Result<T, InvalidFile> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(InvalidFile::Damaged { reason: "the decoder gave up".to_owned() }))
}

impl From<ParquetError> for InvalidFile {
    fn from(error: ParquetError) -> Self {
        Self::Damaged { reason: error.to_string() }
    }
}

struct Line<'a> {
    number: u64,
    row: &'a Row,
    columns: &'a [Column],
}

impl Line<'_> {
    /// The value of a column, unless it is null or not there.
    fn field(&self, column: Column) -> Option<&Field> {
        let fields = self.columns.iter().zip(self.row.get_column_iter());
        let mut values = fields.filter(|(of, _)| **of == column).map(|(_, (_, field))| field);
        values.next().filter(|field| !matches!(field, Field::Null))
    }

    fn wrong(&self, column: Column, expected: &'static str, found: &Field) -> InvalidFile {
        wrong(self.number, column, expected, &found.to_string())
    }
}

impl Cells for Line<'_> {
    fn line(&self) -> u64 {
        self.number
    }

    fn text(&self, column: Column) -> Result<Option<Cow<'_, str>>, InvalidFile> {
        match self.field(column) {
            None => Ok(None),
            Some(Field::Str(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty()).map(Cow::Borrowed)),
            Some(other) => Err(self.wrong(column, "text", other)),
        }
    }

    fn amount(&self, column: Column) -> Result<Option<Decimal>, InvalidFile> {
        let Some(field) = self.field(column) else { return Ok(None) };
        let amount = match field {
            Field::Double(double) => amount::of_double(*double),
            Field::Float(float) => amount::of_text(&float.to_string()),
            Field::Decimal(decimal) => of_decimal(decimal),
            Field::Int(number) => Some(Decimal::from(*number)),
            Field::Long(number) => Some(Decimal::from(*number)),
            Field::Str(text) if text.is_empty() => return Ok(None),
            Field::Str(text) => amount::of_text(text),
            _ => None,
        };
        amount.map(Some).ok_or_else(|| self.wrong(column, "number", field))
    }

    fn day(&self, column: Column) -> Result<Option<Date>, InvalidFile> {
        let Some(field) = self.field(column) else { return Ok(None) };
        let day = match field {
            Field::TimestampMillis(millis) => day_of_millis(*millis),
            Field::TimestampMicros(micros) => day_of_millis(micros.div_euclid(1_000)),
            Field::Str(text) => day_of_text(text),
            _ => None,
        };
        day.map(Some).ok_or_else(|| self.wrong(column, "instant", field))
    }

    fn tags(&self, column: Column) -> Result<BTreeMap<String, String>, InvalidFile> {
        let Some(field) = self.field(column) else { return Ok(BTreeMap::new()) };
        let Field::MapInternal(map) = field else { return Err(self.wrong(column, "map", field)) };
        let tag = |(key, value): &(Field, Field)| match (key, value) {
            (Field::Str(key), Field::Str(value)) => {
                Some(Ok((storable(Cow::Borrowed(key)), storable(Cow::Borrowed(value)))))
            }
            (Field::Str(_), Field::Null) => None,
            _ => Some(Err(self.wrong(column, "map of texts", field))),
        };
        map.entries().iter().filter_map(tag).collect()
    }
}

/// A Parquet decimal: a big-endian two's complement number with a scale.
fn of_decimal(decimal: &data_type::Decimal) -> Option<Decimal> {
    let bytes = decimal.data();
    let filling = if bytes.first()? & 0x80 == 0 { 0 } else { 0xff };
    let mut number = [filling; 16];
    let start = number.len().checked_sub(bytes.len())?;
    number[start..].copy_from_slice(bytes);
    Decimal::try_from_i128_with_scale(i128::from_be_bytes(number), u32::try_from(decimal.scale()).ok()?).ok()
}

#[cfg(test)]
mod tests;
