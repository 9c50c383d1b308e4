//! A Redis of a test's own: it can be killed, and starts again knowing nothing.
//!
//! Needs `DESKFLEET_TEST_REDIS`, the path of a `redis-server` program
//! (`sandbox/redis/redis program` prints it; `make test` sets it).

use std::{
    env,
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, Command, Stdio},
};

/// What nobody may ever read in a log.
pub(crate) const PASSWORD: &str = "a-password-of-redis";

/// A running server, killed at the end.
pub(crate) struct RedisServer {
    port: u16,
    process: Option<Child>,
}

impl RedisServer {
    /// Starts one on a free port.
    pub(crate) fn start() -> Self {
        let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
        let mut server = Self { port: free.expect("loopback has a free port").port(), process: None };
        server.start_again();
        server
    }

    /// Its URL.
    pub(crate) fn url(&self) -> String {
        format!("redis://:{PASSWORD}@127.0.0.1:{}/0", self.port)
    }

    /// Kills it; what it knew is lost.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("it is ours");
            process.wait().expect("it was started here");
        }
    }

    /// Starts it on the same port, and returns when it answers.
    pub(crate) fn start_again(&mut self) {
        let program = env::var("DESKFLEET_TEST_REDIS").expect(
            "DESKFLEET_TEST_REDIS is not set: run `make test`, or set it to what `sandbox/redis/redis program` prints",
        );
        let port = self.port.to_string();
        let mut process = Command::new(program)
            .args([
                "--bind",
                "127.0.0.1",
                "--port",
                &port,
                "--requirepass",
                PASSWORD,
                "--save",
                "",
                "--appendonly",
                "no",
            ])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program of DESKFLEET_TEST_REDIS starts");
        let mut log = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        let is_ready =
            |line: std::io::Result<String>| line.is_ok_and(|line| line.contains("Ready to accept connections"));
        assert!(log.any(is_ready), "redis-server on port {port} ended before it was ready");
        self.process = Some(process);
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}
