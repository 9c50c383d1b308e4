//! Walking a chain: pages of rows, read in one snapshot of the database.
//!
//! Flows in: an account, what is exported, public keys. Flows out: a report with the first
//! broken link, if there is one.

use std::collections::BTreeSet;

use identifiers::AccountId;
use sqlx::{Connection, PgConnection};

use super::{
    fault::{Break, Fault, Point},
    link::{Proved, Row, erased_by, follows, values},
    points::{meets, signed},
};
use crate::audit::{
    checkpoint::{self, Checkpoint},
    erase,
    record::{Hash, Record},
    signing::PublicKeys,
    subject,
};

/// Rows of a page; an event has up to 256 KiB.
const PAGE: i64 = 200;

/// What a chain is held against.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// Checkpoints from outside, sorted by sequence.
    pub exported: &'a [Checkpoint],
    /// Public keys; without them no signature is judged.
    pub keys: Option<&'a PublicKeys>,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whose chain.
    pub account: AccountId,
    /// The sequence after which it begins, 0 for the beginning of all.
    pub since: i64,
    /// The last sequence that was proved.
    pub through: i64,
    /// The hash there.
    pub hash: Hash,
    /// Events that were proved.
    pub checked: u64,
    /// Checkpoints in the database that the chain meets.
    pub kept: u64,
    /// Exported checkpoints that the chain meets, or whose signature is right where
    /// retention has passed them.
    pub exported: u64,
    /// People who were erased.
    pub erased: u64,
    /// The first broken link.
    pub broken: Option<Break>,
}

/// A chain could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the audit trail of account {account} could not be read")]
pub struct VerifyError {
    account: AccountId,
    #[source]
    source: sqlx::Error,
}

/// Proves the whole chain of `account`, from where retention lets it begin.
pub async fn verify(
    connection: &mut PgConnection,
    account: &AccountId,
    evidence: Evidence<'_>,
) -> Result<Report, VerifyError> {
    Walk::run(connection, account, evidence, false).await
}

/// Proves what came since the last checkpoint, whose signature must be one of `keys`.
pub async fn verify_since_checkpoint(
    connection: &mut PgConnection,
    account: &AccountId,
    keys: &PublicKeys,
) -> Result<Report, VerifyError> {
    Walk::run(connection, account, Evidence { exported: &[], keys: Some(keys) }, true).await
}

/// Why a walk ended before the end.
enum Stop {
    Broken(Break),
    Query(sqlx::Error),
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Query(error)
    }
}

struct Walk<'a> {
    evidence: Evidence<'a>,
    report: Report,
    erased: BTreeSet<i64>,
}

impl Walk<'_> {
    async fn run(
        connection: &mut PgConnection,
        account: &AccountId,
        evidence: Evidence<'_>,
        since_checkpoint: bool,
    ) -> Result<Report, VerifyError> {
        let report = Report {
            account: account.clone(),
            since: 0,
            through: 0,
            hash: Hash::START,
            checked: 0,
            kept: 0,
            exported: 0,
            erased: 0,
            broken: None,
        };
        let mut walk = Walk { evidence, report, erased: BTreeSet::new() };
        match walk.all(connection, since_checkpoint).await {
            Ok(()) => {}
            Err(Stop::Broken(found)) => walk.report.broken = Some(found),
            Err(Stop::Query(source)) => return Err(VerifyError { account: account.clone(), source }),
        }
        Ok(walk.report)
    }

    async fn all(&mut self, connection: &mut PgConnection, since_checkpoint: bool) -> Result<(), Stop> {
        let mut snapshot = connection.begin().await?;
        sqlx::query!("set transaction isolation level repeatable read, read only").execute(&mut *snapshot).await?;
        let end = self.begin(&mut snapshot, since_checkpoint).await?;
        self.erased = self.erasures(&mut snapshot).await?;
        self.report.erased = u64::try_from(self.erased.len()).unwrap_or(u64::MAX);
        while self.page(&mut snapshot).await? {}
        self.finish(&mut snapshot, end).await
    }

    /// Finds where the chain begins; gives its end as it is kept.
    async fn begin(&mut self, connection: &mut PgConnection, since_checkpoint: bool) -> Result<(i64, Hash), Stop> {
        let account = self.report.account.clone();
        let chain = sqlx::query!(
            r#"select sequence, hash, pruned_through,
                      (select max(sequence) from audit_checkpoint where account_id = $1) as last_checkpoint
               from audit_chain where account_id = $1"#,
            account.as_str(),
        )
        .fetch_optional(&mut *connection)
        .await?;
        let Some(chain) = chain else { return Ok((0, Hash::START)) };
        let start = if since_checkpoint { chain.last_checkpoint } else { chain.pruned_through };
        if let Some(start) = start {
            self.report.since = start;
            self.report.through = start;
            let point = self.kept(connection, start, start).await?.pop();
            let point = point.ok_or_else(|| self.broken(start, None, Fault::NoBeginning))?;
            self.report.hash = Hash::from_hex(&point.statement.hash).unwrap_or(Hash::START);
            self.judge(&point, Point::Kept)?;
        }
        for point in self.evidence.exported.iter().filter(|point| point.statement.sequence < self.report.since) {
            signed(point, Point::Exported, self.evidence.keys)
                .map_err(|fault| self.broken(point.statement.sequence, None, fault))?;
            self.report.exported += 1;
        }
        self.exported_here()?;
        Ok((chain.sequence, Hash::from_bytes(&chain.hash).unwrap_or(Hash::START)))
    }

    /// Everybody whose erasure is recorded. Read ahead, because an erasure comes after the
    /// events that it empties; the records themselves are proved on the way.
    async fn erasures(&self, connection: &mut PgConnection) -> Result<BTreeSet<i64>, sqlx::Error> {
        let records = sqlx::query_scalar!(
            "select record from audit_event
             where account_id = $1 and region is null and event_source = $2 and event_name = $3",
            self.report.account.as_str(),
            erase::SOURCE,
            erase::NAME,
        )
        .fetch_all(connection)
        .await?;
        Ok(records.iter().filter_map(|text| Record::read(text).ok()).flat_map(|record| erased_by(&record)).collect())
    }

    /// Proves a page; whether there may be another.
    async fn page(&mut self, connection: &mut PgConnection) -> Result<bool, Stop> {
        let from = self.report.through;
        let rows = self.rows(connection, from).await?;
        let Some(last) = rows.last().map(|row| row.sequence) else { return Ok(false) };
        let numbers: BTreeSet<i64> = rows.iter().flat_map(|row| row.person_ids.iter().copied()).collect();
        let numbers: Vec<i64> = numbers.into_iter().collect();
        let people = subject::of_numbers(connection, &self.report.account, &numbers).await?;
        let mut kept = self.kept(connection, from + 1, last).await?.into_iter().peekable();
        for row in &rows {
            let before = self.proved();
            let broken = |fault: Fault| {
                let sequence = if matches!(fault, Fault::Missing { .. }) { before.sequence + 1 } else { row.sequence };
                let event = (!matches!(fault, Fault::Missing { .. })).then(|| row.event_id.clone());
                Stop::Broken(Break { account: self.report.account.clone(), sequence, event, fault })
            };
            let (proved, record) = follows(before, row).map_err(broken)?;
            values(&record, &row.personal, &people, &self.erased).map_err(broken)?;
            (self.report.through, self.report.hash) = (proved.sequence, proved.hash);
            self.report.checked += 1;
            while let Some(point) = kept.next_if(|point| point.statement.sequence <= proved.sequence) {
                self.judge(&point, Point::Kept).map_err(|stop| of_event(stop, &row.event_id))?;
                self.report.kept += 1;
            }
            self.exported_here().map_err(|stop| of_event(stop, &row.event_id))?;
        }
        Ok(true)
    }

    async fn rows(&self, connection: &mut PgConnection, after: i64) -> Result<Vec<Row>, sqlx::Error> {
        sqlx::query_as!(
            Row,
            "select account_id, sequence, recorded_at, region, event_id, event_time, event_source, event_name,
                    read_only, actor_kind, actor_id, outcome, subjects, person_ids, record, hash, personal
             from audit_event
             where account_id = $1 and sequence > $2
             order by sequence, recorded_at
             limit $3",
            self.report.account.as_str(),
            after,
            PAGE,
        )
        .fetch_all(connection)
        .await
    }

    /// Checkpoints in the database, from one sequence to another.
    async fn kept(&self, connection: &mut PgConnection, from: i64, to: i64) -> Result<Vec<Checkpoint>, sqlx::Error> {
        let rows = sqlx::query_as!(
            checkpoint::Row,
            "select account_id, sequence, hash, events, at, key_id, signature
             from audit_checkpoint where account_id = $1 and sequence between $2 and $3 order by sequence",
            self.report.account.as_str(),
            from,
            to,
        )
        .fetch_all(connection)
        .await?;
        rows.into_iter().map(Checkpoint::try_from).collect()
    }

    /// Judges the exported checkpoints of the link in hand.
    fn exported_here(&mut self) -> Result<(), Stop> {
        let exported = self.evidence.exported;
        let first = exported.partition_point(|point| point.statement.sequence < self.report.through);
        for point in exported[first..].iter().take_while(|point| point.statement.sequence == self.report.through) {
            self.judge(point, Point::Exported)?;
            self.report.exported += 1;
        }
        Ok(())
    }

    fn judge(&self, checkpoint: &Checkpoint, point: Point) -> Result<(), Stop> {
        meets(self.proved(), checkpoint, point, self.evidence.keys)
            .map_err(|fault| self.broken(checkpoint.statement.sequence, None, fault))
    }

    /// Holds the end against what is kept of it, and against checkpoints beyond it.
    async fn finish(&self, connection: &mut PgConnection, end: (i64, Hash)) -> Result<(), Stop> {
        let through = self.report.through;
        let beyond = self.evidence.exported.last().filter(|point| point.statement.sequence > through);
        if let Some(point) = beyond {
            let fault = Fault::EndsEarly { point: Point::Exported, sequence: point.statement.sequence };
            return Err(self.broken(through, None, fault));
        }
        if let Some(point) = self.kept(connection, through + 1, i64::MAX).await?.pop() {
            let fault = Fault::EndsEarly { point: Point::Kept, sequence: point.statement.sequence };
            return Err(self.broken(through, None, fault));
        }
        if end == (through, self.report.hash) {
            Ok(())
        } else {
            Err(self.broken(through, None, Fault::End { kept: end.0 }))
        }
    }

    fn proved(&self) -> Proved {
        Proved { sequence: self.report.through, hash: self.report.hash }
    }

    fn broken(&self, sequence: i64, event: Option<String>, fault: Fault) -> Stop {
        Stop::Broken(Break { account: self.report.account.clone(), sequence, event, fault })
    }
}

/// Names the event that a checkpoint's fault was found at.
fn of_event(stop: Stop, event: &str) -> Stop {
    match stop {
        Stop::Broken(found) => Stop::Broken(Break { event: Some(event.to_owned()), ..found }),
        query @ Stop::Query(_) => query,
    }
}
