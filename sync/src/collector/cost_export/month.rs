//! One month: its manifest, its files one after the other, and the exchange at the end.
//!
//! A file is read in pieces, each a call of its own and only as long as the file is the
//! same, so that memory holds one piece and the sums of some thousand lines, and a broken
//! connection costs one piece.

use bytes::Bytes;
use store::{
    cost_export::{self, Delivery},
    run_step::Next,
};

use super::{
    csv_gz::{CsvGz, FEED},
    manifest::Manifest,
    parquet_file::{self, ParquetFile},
    position::Position,
    sums::{BATCH, Sums},
    unreadable::{InvalidFile, MonthFailure, Unreadable, of_get},
};
use crate::{
    aws::bucket::{Part, Piece},
    collector::work::{Export, Work},
};

/// Bytes of a piece.
const PIECE: u64 = 4 << 20;
/// The largest manifest; one that names 10,000 files has about 1 MiB.
const LARGEST_MANIFEST: u64 = 4 << 20;

/// Reads `delivery` from where `begun` says, and puts it in the place of its month.
pub(super) async fn read(
    work: &Work<'_>,
    export: Export<'_>,
    delivery: &Delivery,
    begun: Option<&Position>,
) -> Result<(), MonthFailure> {
    tracing::info!(cost.month = %delivery.month, manifest = delivery.manifest_key, "reading a month of the export");
    let mut month = Month { work, export, position: begun.cloned().unwrap_or_else(|| Position::start(delivery)) };
    let manifest = month.manifest(delivery).await?;
    while month.position.files < manifest.files.len() {
        let staged = month.begin_file().await?;
        if staged != month.position.kept {
            // Somebody cleared the stage in the meantime.
            month.position = Position::start(delivery);
            continue;
        }
        month.file(&manifest.files[month.position.files]).await?;
    }
    // In place of the files that the manifest named there may be newer ones by now.
    month.get(&delivery.manifest_key, Part::Bytes(0..1), Some(&delivery.manifest_etag)).await?;
    let delivery = Delivery { execution_id: manifest.execution_id, ..delivery.clone() };
    let spent = work.ledger.take(0);
    cost_export::replace(work.pool, work.step, &delivery, month.position.lines, (&spent, &month.next())).await?;
    Ok(())
}

/// A month that is being read.
struct Month<'a> {
    work: &'a Work<'a>,
    export: Export<'a>,
    position: Position,
}

/// A file that is being read.
struct File<'a> {
    key: &'a str,
    size: u64,
    etag: Option<String>,
}

impl File<'_> {
    fn invalid(&self, source: InvalidFile) -> MonthFailure {
        Unreadable::File { file: self.key.to_owned(), source }.into()
    }
}

impl Month<'_> {
    async fn manifest(&self, delivery: &Delivery) -> Result<Manifest, MonthFailure> {
        let key = &delivery.manifest_key;
        let part = Part::Bytes(0..LARGEST_MANIFEST);
        let piece = self.get(key, part, Some(&delivery.manifest_etag)).await?;
        if piece.size > LARGEST_MANIFEST {
            let (file, bytes, limit) = (key.clone(), piece.size, LARGEST_MANIFEST);
            return Err(Unreadable::LargeFile { file, bytes, limit }.into());
        }
        Ok(Manifest::parse(&piece.bytes, key, self.export.bucket.name())?)
    }

    /// Clears what was staged of the file to be read; how many lines of those before are staged.
    async fn begin_file(&self) -> Result<u64, MonthFailure> {
        let spent = self.work.ledger.take(0);
        Ok(cost_export::begin_file(self.work.pool, self.work.step, self.file_no(), &spent, &self.next()).await?)
    }

    async fn file(&mut self, key: &str) -> Result<(), MonthFailure> {
        let mut sums = Sums::default();
        let lines = if key.ends_with(".csv.gz") {
            self.csv(key, &mut sums).await?
        } else if key.ends_with(".parquet") {
            self.parquet(key, &mut sums).await?
        } else {
            return Err(Unreadable::Format { file: key.to_owned() }.into());
        };
        let file_no = self.file_no();
        self.position.files += 1;
        self.position.lines += lines;
        self.position.kept += sums.kept;
        self.stage(file_no, &mut sums).await
    }

    async fn csv(&self, key: &str, sums: &mut Sums) -> Result<u64, MonthFailure> {
        let (file, mut bytes) = self.open(key, Part::Bytes(0..PIECE)).await?;
        let (mut csv, mut read) = (CsvGz::new(), 0);
        loop {
            read += bytes.len() as u64;
            for part in bytes.chunks(FEED) {
                csv.push(part, sums).map_err(|error| file.invalid(error))?;
                self.breathe(sums).await?;
            }
            if read >= file.size {
                return csv.finish(sums).map_err(|error| file.invalid(error));
            }
            bytes = self.piece(&file, read..file.size.min(read + PIECE)).await?;
        }
    }

    async fn parquet(&self, key: &str, sums: &mut Sums) -> Result<u64, MonthFailure> {
        let (file, tail) = self.open(key, Part::Last(parquet_file::TAIL)).await?;
        let footer = parquet_file::footer(&tail).map_err(|error| file.invalid(error))?;
        let tail = if footer > tail.len() as u64 && footer <= file.size {
            self.range(&file, file.size - footer..file.size).await?
        } else {
            tail
        };
        let parquet = ParquetFile::open(file.size, tail).map_err(|error| file.invalid(error))?;
        let mut line = 0;
        for number in 0..parquet.groups() {
            parquet.forget();
            for range in parquet.ranges(number).map_err(|error| file.invalid(error))? {
                parquet.put(range.start, self.range(&file, range).await?);
            }
            let group = parquet.group(number).map_err(|error| file.invalid(error))?;
            let mut rows = parquet.rows(&*group).map_err(|error| file.invalid(error))?;
            while parquet.add(&mut rows, BATCH, &mut line, sums).map_err(|error| file.invalid(error))? {
                self.breathe(sums).await?;
            }
        }
        Ok(line)
    }

    /// Writes sums when there are many, and lets claims and leases be renewed.
    async fn breathe(&self, sums: &mut Sums) -> Result<(), MonthFailure> {
        if sums.is_full() {
            self.stage(self.file_no(), sums).await?;
        }
        tokio::task::yield_now().await;
        Ok(())
    }

    async fn stage(&self, file_no: i32, sums: &mut Sums) -> Result<(), MonthFailure> {
        let (lines, spent) = (sums.take(), self.work.ledger.take(0));
        Ok(cost_export::stage(self.work.pool, self.work.step, (file_no, &lines), &spent, &self.next()).await?)
    }

    /// The first part of a file, which tells its size.
    async fn open<'k>(&self, key: &'k str, part: Part) -> Result<(File<'k>, Bytes), MonthFailure> {
        let piece = self.get(key, part, None).await?;
        let (bytes, limit) = (piece.size, self.export.largest_file);
        if bytes > limit {
            return Err(Unreadable::LargeFile { file: key.to_owned(), bytes, limit }.into());
        }
        Ok((File { key, size: piece.size, etag: piece.etag }, piece.bytes))
    }

    async fn piece(&self, file: &File<'_>, range: std::ops::Range<u64>) -> Result<Bytes, MonthFailure> {
        Ok(self.get(file.key, Part::Bytes(range), file.etag.as_deref()).await?.bytes)
    }

    /// As many pieces as a range takes.
    async fn range(&self, file: &File<'_>, range: std::ops::Range<u64>) -> Result<Bytes, MonthFailure> {
        let mut bytes = Vec::with_capacity(usize::try_from(range.end - range.start).unwrap_or_default());
        let mut start = range.start;
        while start < range.end {
            let end = range.end.min(start + PIECE);
            bytes.extend_from_slice(&self.piece(file, start..end).await?);
            start = end;
        }
        Ok(bytes.into())
    }

    async fn get(&self, key: &str, part: Part, etag: Option<&str>) -> Result<Piece, MonthFailure> {
        let answer = self.export.bucket.get(self.work.caller, key, Some(part), etag).await;
        let piece = answer.map_err(|error| of_get(error, key))?;
        // Not every store that speaks S3 heeds the condition.
        if etag.is_some() && piece.etag.as_deref() != etag {
            return Err(Unreadable::Replaced { file: key.to_owned() }.into());
        }
        Ok(piece)
    }

    fn file_no(&self) -> i32 {
        i32::try_from(self.position.files).unwrap_or(i32::MAX)
    }

    fn next(&self) -> Next {
        Next::From(self.position.cursor())
    }
}
