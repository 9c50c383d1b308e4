//! Why an export, a month or a file could not be read: each names where, and the remedy.

use crate::{
    aws::error::CallError,
    collector::work::{Export, StepFailure},
};
use store::run_step::WriteError;

/// A file that is not what it should be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvalidFile {
    /// It lacks a column.
    #[error("the column {column} is missing: add it to the export's columns{}", if *column == "line_item_resource_id" { " (include resource IDs)" } else { "" })]
    NoColumn {
        /// Which.
        column: &'static str,
    },
    /// A value is of another kind than its column.
    #[error("line {line}, column {column}: {found:?} is no {expected}")]
    Value {
        /// Which line, the head of a CSV file counted.
        line: u64,
        /// Which column.
        column: &'static str,
        /// What it should be.
        expected: &'static str,
        /// What it is, cut short.
        found: String,
    },
    /// A value that every line has is not there.
    #[error("line {line}, column {column} is empty")]
    Empty {
        /// Which line.
        line: u64,
        /// Which column.
        column: &'static str,
    },
    /// Another number of values than columns.
    #[error("line {line} has {found} values and the head has {expected}")]
    Width {
        /// Which line.
        line: u64,
        /// Values of the head.
        expected: usize,
        /// Values of the line.
        found: usize,
    },
    /// A line without end.
    #[error("line {line} is longer than {} bytes", super::csv_gz::LONGEST_LINE)]
    LongLine {
        /// Which line.
        line: u64,
    },
    /// Amounts that no number can hold.
    #[error("the amounts of {day} are too large to add up")]
    Overflow {
        /// The day.
        day: jiff::civil::Date,
    },
    /// More at once than memory is there for.
    #[error("its row group {group} takes {bytes} bytes, at most {limit} are read at once")]
    LargeGroup {
        /// Which group.
        group: usize,
        /// Bytes of the columns that are read.
        bytes: u64,
        /// How many are read.
        limit: u64,
    },
    /// Cut off, or not of its format.
    #[error("it is damaged or cut off ({reason})")]
    Damaged {
        /// What the decoder says.
        reason: String,
    },
}

/// A month, or the export as a whole, that could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    /// Nothing was delivered.
    #[error("no export lies under {place} yet: check spec.costExport; AWS delivers the first one within a day")]
    NoExport {
        /// Where.
        place: String,
    },
    /// The bucket is not there, or in another region.
    #[error("S3 does not find the bucket {bucket} in {region} ({code}): check bucket and region in spec.costExport")]
    NoBucket {
        /// Its name.
        bucket: String,
        /// Where it was looked for.
        region: String,
        /// S3's code.
        code: String,
    },
    /// It is not clear which export is meant.
    #[error("several exports lie under {place}: {}; name one in spec.costExport.exportName", names.join(", "))]
    SeveralExports {
        /// Where.
        place: String,
        /// Their names.
        names: Vec<String>,
    },
    /// A manifest that is none.
    #[error("the manifest {key} cannot be read: {reason}")]
    Manifest {
        /// Its key.
        key: String,
        /// Why.
        reason: String,
    },
    /// A file that the manifest names is not there.
    #[error("the file {file} of the manifest is not there; the next delivery may bring it")]
    MissingFile {
        /// Its key.
        file: String,
    },
    /// A file that changed while it was read.
    #[error("the file {file} was replaced while it was read; the next attempt reads the new delivery")]
    Replaced {
        /// Its key.
        file: String,
    },
    /// A file that is larger than this program reads.
    #[error(
        "the file {file} has {bytes} bytes, at most {limit} are read: export fewer columns, or raise DESKFLEET_SYNC_LARGEST_EXPORT_FILE"
    )]
    LargeFile {
        /// Its key.
        file: String,
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// A file of a format that this program does not read.
    #[error("the file {file} is neither .csv.gz nor .parquet: choose one of the two for the export")]
    Format {
        /// Its key.
        file: String,
    },
    /// A file that is not what it should be.
    #[error("the file {file}: {source}")]
    File {
        /// Its key.
        file: String,
        /// What is wrong with it.
        source: InvalidFile,
    },
}

impl Unreadable {
    /// Whether another pod may do better in a minute.
    pub(super) const fn is_worth_another_pod(&self) -> bool {
        matches!(self, Self::Replaced { .. })
    }
}

/// What keeps a month from being read: the month itself, or all that goes on.
#[derive(Debug)]
pub(crate) enum MonthFailure {
    /// Only this month.
    Month(Unreadable),
    /// The step.
    Step(StepFailure),
}

impl From<Unreadable> for MonthFailure {
    fn from(unreadable: Unreadable) -> Self {
        Self::Month(unreadable)
    }
}

impl From<StepFailure> for MonthFailure {
    fn from(failure: StepFailure) -> Self {
        Self::Step(failure)
    }
}

impl From<WriteError> for MonthFailure {
    fn from(error: WriteError) -> Self {
        Self::Step(error.into())
    }
}

/// What a failed listing means: a bucket that is not there, or is somewhere else, is told by
/// the code.
pub(super) fn of_listing(error: CallError, export: Export<'_>) -> MonthFailure {
    const ELSEWHERE: [&str; 4] =
        ["NoSuchBucket", "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"];
    match error {
        CallError::Aws { code: Some(code), .. } if ELSEWHERE.contains(&code.as_str()) => {
            let (bucket, region) = (export.bucket.name().to_owned(), export.plan.region.to_string());
            Unreadable::NoBucket { bucket, region, code }.into()
        }
        other => StepFailure::from(other).into(),
    }
}

/// What a failed get of `file` means: S3 tells a file that is not there, was replaced, or is
/// empty by its code.
pub(super) fn of_get(error: CallError, file: &str) -> MonthFailure {
    let file = file.to_owned();
    let CallError::Aws { code: Some(code), .. } = &error else { return StepFailure::from(error).into() };
    match code.as_str() {
        "NoSuchKey" => Unreadable::MissingFile { file }.into(),
        "PreconditionFailed" => Unreadable::Replaced { file }.into(),
        "InvalidRange" => {
            let source = InvalidFile::Damaged { reason: "it is empty".to_owned() };
            Unreadable::File { file, source }.into()
        }
        _ => StepFailure::from(error).into(),
    }
}
