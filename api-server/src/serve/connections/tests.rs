//! A server with short limits, and clients that behave badly towards it. Nothing sleeps: a
//! client reads until the server ends the connection.

use std::net::{Ipv4Addr, SocketAddr};

use axum::{Router, routing::get};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use super::*;

/// Longer than any limit here; a connection that lives so long has none.
const PATIENCE: Duration = Duration::from_secs(20);

fn short() -> Limits {
    let soon = Duration::from_millis(300);
    Limits { connections: 8, opening: soon, idle: soon, stall: soon }
}

/// Serves some text, and a body that never ends.
fn serve(limits: Limits) -> SocketAddr {
    let endless = || async {
        let pieces = futures::stream::repeat_with(|| Ok::<_, io::Error>(bytes::Bytes::from(vec![b'x'; 64 * 1024])));
        axum::body::Body::from_stream(pieces)
    };
    let app = Router::new().route("/", get(|| async { "hello" })).route("/endless", get(endless));
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let server = axum_server::from_tcp(listener).unwrap().acceptor(limits.acceptor());
    tokio::spawn(limits.set_on(server).serve(app.into_make_service()));
    address
}

/// Sends these bytes and reads until the server ends the connection.
async fn converse(address: SocketAddr, bytes: &[u8]) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    // A server that refuses in the middle resets the connection.
    let _ = socket.write_all(bytes).await;
    rest(&mut socket).await
}

async fn rest(socket: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let mut piece = [0; 4_096];
    loop {
        let read = timeout(PATIENCE, socket.read(&mut piece)).await.expect("the server ends the connection");
        match read {
            Ok(0) | Err(_) => return String::from_utf8_lossy(&answer).into_owned(),
            Ok(count) => answer.extend(&piece[..count]),
        }
    }
}

fn status(answer: &str) -> &str {
    answer.lines().next().unwrap_or_default()
}

#[tokio::test]
async fn who_says_nothing_or_dribbles_headers_is_sent_away() {
    let address = serve(short());
    for start in ["", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", "PRI * HTTP/2.0\r\n"] {
        let answer = converse(address, start.as_bytes()).await;
        assert!(!answer.contains(" 200 "), "{start:?}: {answer}");
    }
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nX-Slow: ").await.unwrap();
    let answer = rest(&mut socket).await;
    assert_eq!(answer.matches("hello").count(), 1, "a later request has its time too: {answer}");
}

#[tokio::test]
async fn who_takes_nothing_of_an_answer_is_left() {
    let address = serve(short());
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    // Until its end comes, nothing is read; it shows in writing, which then fails.
    let left = async {
        while socket.write_all(b" ").await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, left).await.expect("the server ends the connection");
}

#[tokio::test]
async fn headers_and_paths_have_a_size_and_a_number() {
    let address = serve(short());
    let many = format!("GET / HTTP/1.1\r\nHost: x\r\n{}\r\n", "X-Flood: 1\r\n".repeat(10_000));
    let large = format!("GET / HTTP/1.1\r\nHost: x\r\nX-Flood: {}\r\n\r\n", "1".repeat(1 << 20));
    for flood in [many, large] {
        let answer = converse(address, flood.as_bytes()).await;
        // Empty where the refusal was lost in the reset that follows it.
        assert!(answer.is_empty() || status(&answer) == "HTTP/1.1 431 Request Header Fields Too Large", "{answer}");
    }
    let path = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(10 << 20));
    let answer = converse(address, path.as_bytes()).await;
    assert!(answer.is_empty() || answer.contains(" 414 ") || answer.contains(" 431 "), "{answer}");
    assert_eq!(status(&converse(address, b"GET / HTTP/1.0\r\n\r\n").await), "HTTP/1.0 200 OK", "it goes on");
}

/// A proxy in front might see one request where the server sees two, or the other way round.
#[tokio::test]
async fn what_two_servers_could_read_differently_is_refused_or_ends_the_connection() {
    let address = serve(short());
    let hidden = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    for (headers, body) in [
        ("Content-Length: 4\r\nContent-Length: 30", "aaaa"),
        ("Content-Length: 4, 30", "aaaa"),
        ("Content-Length: +4", "aaaa"),
        ("Transfer-Encoding: gzip", ""),
        ("Transfer-Encoding: chunked, identity", "0\r\n\r\n"),
        ("Transfer-Encoding: xchunked", "0\r\n\r\n"),
        ("Transfer-Encoding : chunked", "0\r\n\r\n"),
        ("X: a\r\n b: folded", ""),
    ] {
        let request = format!("POST / HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n{body}{hidden}");
        let answer = converse(address, request.as_bytes()).await;
        assert_eq!(status(&answer), "HTTP/1.1 400 Bad Request", "{headers}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{headers}: {answer}");
    }
    // Both lengths: the chunks count, and nothing behind them is looked at.
    for headers in
        ["Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5"]
    {
        let request = format!("POST / HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n0\r\n\r\n{hidden}");
        let answer = converse(address, request.as_bytes()).await;
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{headers}: {answer}");
    }
}

#[tokio::test]
async fn connections_are_counted_and_come_free() {
    let limits = Limits { connections: 2, opening: PATIENCE, ..short() };
    let address = serve(limits);
    let [mut one, _two] = [TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap()];
    assert_eq!(converse(address, b"GET / HTTP/1.1\r\n\r\n").await, "", "a third is closed unheard");
    one.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
    assert_eq!(status(&rest(&mut one).await), "HTTP/1.0 200 OK");
    drop(one);
    let again = async { while converse(address, b"GET / HTTP/1.0\r\n\r\n").await.is_empty() {} };
    timeout(PATIENCE, again).await.expect("a place comes free");
}
