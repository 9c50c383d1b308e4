//! The body of a file: reads a batch, writes it, sends it, until all rows are sent or nobody
//! wants them any more.
//!
//! A batch is written on a thread for blocking work, because a workbook's rows go to disk and
//! its end is compressed. The snapshot is given back as soon as the last row is read.

use std::{io, time::Duration};

use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream};
use store::QueryError;
use tabular::{About, Cell, Format, TableWriter, WriteError};
use tokio::{sync::mpsc, task::spawn_blocking, time::timeout};
use tokio_util::sync::CancellationToken;

use super::{column::Column, slots::Slot};
use crate::identity::Watch;

/// The longest that an export may take, and a client may leave a piece untaken: a snapshot
/// that stays open keeps Postgres from clearing up, and its connection from others.
const TIME_LIMIT: Duration = Duration::from_mins(5);
const PATIENCE: Duration = Duration::from_secs(20);

/// What is to be written.
pub(super) struct Production<R, B: 'static> {
    pub(super) title: &'static str,
    pub(super) columns: Vec<&'static Column<B>>,
    pub(super) seen: Box<dyn Fn(R) -> B + Send>,
    pub(super) rows: store::list::Export<R>,
    pub(super) about: About,
    pub(super) format: Format,
}

/// What goes from the producer to the body.
#[derive(Debug)]
pub(super) enum Piece {
    /// Some bytes.
    Bytes(Bytes),
    /// There are no more.
    End,
}

type Sender = mpsc::Sender<Piece>;

/// The body. It ends well only behind [`Piece::End`]: however the producer came to its end,
/// a file that is not whole ends the connection. Fused: compression asks again after the end.
pub(super) fn pieces(receiver: mpsc::Receiver<Piece>) -> impl Stream<Item = Result<Bytes, io::Error>> {
    stream::unfold(Some(receiver), |receiver| async {
        let mut receiver = receiver?;
        match receiver.recv().await {
            Some(Piece::Bytes(bytes)) => Some((Ok(bytes), Some(receiver))),
            Some(Piece::End) => None,
            None => Some((Err(io::Error::other("the export broke off")), None)),
        }
    })
    .fuse()
}

/// Why a file broke off.
#[derive(Debug, thiserror::Error)]
enum ProduceError {
    #[error("the rows could not be read")]
    Read(#[from] QueryError),
    #[error("the file could not be written")]
    Write(#[from] WriteError),
    #[error("the thread that wrote ended early")]
    Thread(#[from] tokio::task::JoinError),
    #[error("the client is gone")]
    ClientGone,
    #[error("the client took no piece for {} s", PATIENCE.as_secs())]
    ClientStuck,
    #[error("it took longer than {} s", TIME_LIMIT.as_secs())]
    TooLong,
    #[error("its session is over")]
    SessionOver,
    #[error("the server stops")]
    Stop,
}

/// Produces the file; `slot` is free again when it is done.
pub(super) async fn produce<R, B>(
    production: Production<R, B>,
    sender: Sender,
    mut watch: Watch,
    stop: CancellationToken,
    slot: Slot,
) where
    R: store::list::Row + 'static,
    B: Send + 'static,
{
    let written = tokio::select! {
        written = timeout(TIME_LIMIT, write(production, &sender)) => written.unwrap_or(Err(ProduceError::TooLong)),
        () = watch.over() => Err(ProduceError::SessionOver),
        () = stop.cancelled() => Err(ProduceError::Stop),
    };
    drop(slot);
    match written {
        Ok(()) => {}
        Err(ProduceError::ClientGone) => tracing::debug!("an export was not taken to its end"),
        Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "an export broke off"),
    }
}

async fn write<R, B>(production: Production<R, B>, sender: &Sender) -> Result<(), ProduceError>
where
    R: store::list::Row + 'static,
    B: Send + 'static,
{
    let Production { title, columns, seen, mut rows, about, format } = production;
    let names: Vec<_> = columns.iter().map(|column| column.name).collect();
    let mut out = Vec::new();
    let mut writer = TableWriter::begin(format, title, &names, &mut out)?;
    loop {
        let batch = rows.next().await?;
        if batch.is_empty() {
            break;
        }
        let batch: Vec<Vec<Cell>> = batch
            .into_iter()
            .map(|row| {
                let body = seen(row);
                columns.iter().map(|column| (column.cell)(&body)).collect()
            })
            .collect();
        (writer, out) = spawn_blocking(move || -> Result<_, WriteError> {
            for cells in &batch {
                writer.row(cells, &mut out)?;
            }
            Ok((writer, out))
        })
        .await??;
        if !out.is_empty() {
            send(sender, Piece::Bytes(std::mem::take(&mut out).into())).await?;
        }
    }
    drop(rows);
    let out = spawn_blocking(move || writer.end(&about, &mut out).map(|()| out)).await??;
    send(sender, Piece::Bytes(out.into())).await?;
    send(sender, Piece::End).await
}

async fn send(sender: &Sender, piece: Piece) -> Result<(), ProduceError> {
    match timeout(PATIENCE, sender.send(piece)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(ProduceError::ClientGone),
        Err(_) => Err(ProduceError::ClientStuck),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body(sent: Vec<Piece>) -> (usize, bool) {
        let (sender, receiver) = mpsc::channel(8);
        for piece in sent {
            sender.send(piece).await.unwrap();
        }
        drop(sender);
        let read: Vec<_> = pieces(receiver).collect().await;
        (read.iter().filter(|piece| piece.is_ok()).count(), read.iter().any(Result::is_err))
    }

    #[tokio::test]
    async fn only_a_file_that_came_to_its_end_ends_well() {
        let some = || Piece::Bytes(Bytes::from_static(b"x"));
        assert_eq!(body(vec![some(), some(), Piece::End]).await, (2, false));
        assert_eq!(body(vec![some(), some()]).await, (2, true));
        assert_eq!(body(vec![]).await, (0, true));
    }
}
