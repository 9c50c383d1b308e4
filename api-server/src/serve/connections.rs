//! Connections that cost the server more than their client: too many, too slow.
//!
//! A client may open a connection and say nothing, send a header a byte a minute, or ask for
//! much and read nothing; each holds memory here and costs nothing there. So connections are
//! counted, each stage of one has its time, and headers have a size. Requests by themselves
//! are bounded in [`crate::router`].
//!
//! | stage | limit |
//! |---|---|
//! | open connections | [`Limits::connections`]; more are closed at once |
//! | TLS handshake, then the first request's headers | [`Limits::opening`] each |
//! | headers of a later request, or silence before it (HTTP/1.1) | [`Limits::idle`] |
//! | an answer of which the client takes nothing | [`Limits::stall`] |
//! | a peer that answers no ping (HTTP/2) | [`Limits::idle`] |
//! | headers | 64 KiB and 100 of them; 64 KiB a path |

use std::{
    future::{Ready, ready},
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum_server::{Address, Server, accept::Accept};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Sleep, sleep},
};

/// Bytes of a request's headers at most: a session's cookies have two thousand, a filter at
/// most four thousand.
const HEADER_BYTES: u32 = 64 * 1024;
/// Requests of one HTTP/2 connection at once.
const STREAMS: u32 = 100;

/// How many, and how slow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Connections at once: live events have up to 500.
    pub(super) connections: usize,
    /// For a handshake, and for a first request.
    pub(super) opening: Duration,
    /// For whatever comes later. Longer than the minute for which proxies keep idle connections,
    /// so that they are the ones who close.
    pub(super) idle: Duration,
    /// For a client to take some of its answer.
    pub(super) stall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            opening: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            stall: Duration::from_mins(1),
        }
    }
}

impl Limits {
    /// Gives a server these limits; its acceptor brings its own for the handshake.
    pub(super) fn set_on<A: Address, Acceptor>(&self, server: Server<A, Acceptor>) -> Server<A, Acceptor> {
        let mut server = server.first_request_timeout(self.opening);
        let builder = server.http_builder();
        builder.http1().header_read_timeout(self.idle).max_buf_size(HEADER_BYTES as usize);
        builder
            .http2()
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(HEADER_BYTES)
            .keep_alive_interval(self.idle / 2)
            .keep_alive_timeout(self.idle / 2);
        server
    }

    /// What takes connections in, before any handshake.
    pub(super) fn acceptor(&self) -> CountingAcceptor {
        CountingAcceptor { free: Arc::new(Semaphore::new(self.connections)), stall: self.stall }
    }
}

/// Counts connections.
#[derive(Debug, Clone)]
pub(super) struct CountingAcceptor {
    free: Arc<Semaphore>,
    stall: Duration,
}

impl<I, S> Accept<I, S> for CountingAcceptor {
    type Stream = Counted<I>;
    type Service = S;
    type Future = Ready<io::Result<(Counted<I>, S)>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        ready(match self.free.clone().try_acquire_owned() {
            Ok(place) => Ok((Counted { stream, stall: self.stall, stalled: None, _place: place }, service)),
            Err(_) => Err(io::Error::new(io::ErrorKind::QuotaExceeded, "too many connections")),
        })
    }
}

/// A connection with a place of its own, which ends when its client takes nothing for long.
#[derive(Debug)]
pub(super) struct Counted<I> {
    stream: I,
    stall: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
    _place: OwnedSemaphorePermit,
}

impl<I> Counted<I> {
    /// Progress ends the waiting; no progress goes on until it has lasted too long.
    fn judged<T>(&mut self, written: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(self.stall)));
        match stalled.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Counted<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Counted<I> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judged(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.judged(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.judged(flushed, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let ended = Pin::new(&mut self.stream).poll_shutdown(context);
        self.judged(ended, context)
    }
}

#[cfg(test)]
mod tests;
