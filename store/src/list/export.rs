//! All rows of a list, a batch at a time, from one snapshot.
//!
//! A cursor in a read-only transaction: the order is made once, memory holds one batch, and
//! whoever reads slowly sees the moment at which the export began. Each batch is a statement
//! of its own, so the pool's time limit holds for each. An export holds a connection until it
//! is dropped: callers bound how many there are and how long they live.

use std::marker::PhantomData;

use sqlx::{FromRow, PgPool, Postgres, QueryBuilder, Transaction, postgres::PgRow};

/// Rows of a batch.
const BATCH: &str = "fetch forward 1000 from export_rows";

/// An open export.
#[derive(Debug)]
pub struct Export<T> {
    transaction: Transaction<'static, Postgres>,
    count: u32,
    row: PhantomData<fn() -> T>,
}

/// Why an export was not opened.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There are more rows than may be exported.
    #[error("there are more than {at_most} rows")]
    TooMany {
        /// The limit.
        at_most: u32,
    },
    /// The database refused.
    #[error(transparent)]
    Query(#[from] sqlx::Error),
}

/// A row of a list.
pub trait Row: for<'row> FromRow<'row, PgRow> + Send + Unpin {}

impl<T> Row for T where T: for<'row> FromRow<'row, PgRow> + Send + Unpin {}

impl<T: Row> Export<T> {
    /// Counts the rows of `push_rows` (`from … where …`) and opens the query that
    /// `push_query` appends.
    pub(crate) async fn open(
        pool: &PgPool,
        at_most: u32,
        push_rows: impl FnOnce(&mut QueryBuilder<Postgres>),
        push_query: impl FnOnce(&mut QueryBuilder<Postgres>),
    ) -> Result<Self, ExportError> {
        let mut transaction = pool.begin().await?;
        sqlx::query("set transaction isolation level repeatable read, read only").execute(&mut *transaction).await?;
        let mut bounded = QueryBuilder::new("select count(*) from (select ");
        push_rows(&mut bounded);
        bounded.push(" limit ").push_bind(i64::from(at_most) + 1).push(") as bounded");
        let count: i64 = bounded.build_query_scalar().fetch_one(&mut *transaction).await?;
        let count = u32::try_from(count).ok().filter(|count| *count <= at_most);
        let count = count.ok_or(ExportError::TooMany { at_most })?;
        let mut cursor = QueryBuilder::new("declare export_rows no scroll cursor for ");
        push_query(&mut cursor);
        // Not kept: what a batch looks like depends on the cursor, not on its text.
        cursor.build().persistent(false).execute(&mut *transaction).await?;
        Ok(Self { transaction, count, row: PhantomData })
    }

    /// How many rows there are in all.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// The next rows; none at the end.
    pub async fn next(&mut self) -> Result<Vec<T>, sqlx::Error> {
        sqlx::query_as(BATCH).persistent(false).fetch_all(&mut *self.transaction).await
    }
}
