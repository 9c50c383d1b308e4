//! The program itself, over TLS: it starts, waits, serves, takes a new certificate, and ends
//! on SIGTERM.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use api_server::commands::setup::self_signed;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use secrecy::ExposeSecret;
use sqlx::PgPool;
use time::OffsetDateTime;

/// Longest wait for anything here.
const PATIENCE: Duration = Duration::from_secs(30);

/// Writes a new certificate; gives its authority.
fn write_certificate(folder: &Path) -> String {
    let made = self_signed(&["localhost".into()], OffsetDateTime::now_utc()).unwrap();
    fs::write(folder.join("tls.crt"), made.chain).unwrap();
    fs::write(folder.join("tls.key"), made.key.expose_secret()).unwrap();
    made.authority
}

/// Asks over TLS, trusting one authority only.
fn get(address: SocketAddr, authority: &str, path: &str) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), ServerName::try_from("localhost").unwrap()).unwrap();
    let socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let mut stream = StreamOwned::new(connection, socket);
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut text = String::new();
    match stream.read_to_string(&mut text) {
        // The peer may close without a TLS goodbye once the answer is whole.
        Err(error) if text.is_empty() => Err(error),
        _ => Ok(text),
    }
}

/// Tries until `check` gives something.
fn eventually<T>(what: &str, mut check: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if let Some(found) = check() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{what} did not come to pass");
}

/// Starts the program on ports of its own choice; gives the port for people.
fn start(folder: &Path, database_url: &str) -> (Child, SocketAddr) {
    fs::write(folder.join("url"), database_url).unwrap();
    for name in ["keys", "administrator"] {
        fs::create_dir(folder.join(name)).unwrap();
    }
    fs::write(folder.join("keys/current"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
    fs::write(folder.join("administrator/username"), "admin").unwrap();
    fs::write(folder.join("administrator/password"), "correct horse battery\n").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_deskfleet-api"))
        .args(["serve", "--https-address", "127.0.0.1:0", "--metrics-address", "127.0.0.1:0", "--log-format", "json"])
        .arg("--database-url-file")
        .arg(folder.join("url"))
        .arg("--tls-cert-file")
        .arg(folder.join("tls.crt"))
        .arg("--tls-key-file")
        .arg(folder.join("tls.key"))
        .arg("--session-keys-dir")
        .arg(folder.join("keys"))
        .arg("--bootstrap-admin-dir")
        .arg(folder.join("administrator"))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = lines
        .by_ref()
        .map_while(Result::ok)
        .find(|line| line.contains("serving API and console with TLS"))
        .and_then(|line| {
            let line: serde_json::Value = serde_json::from_str(&line).ok()?;
            let address = line.pointer("/fields/address").or_else(|| line.get("address"))?;
            address.as_str()?.parse().ok()
        })
        .expect("the log says where it serves");
    // Keep reading, so that the program never waits for a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    (child, address)
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn the_program_serves_tls_takes_a_new_certificate_and_ends_on_sigterm(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    let old_authority = write_certificate(folder.path());
    let options = pool.connect_options();
    let base = std::env::var("DATABASE_URL").unwrap();
    let mut url = url::Url::parse(&base).unwrap();
    url.set_path(options.get_database().unwrap());
    let path = folder.path().to_owned();
    let administrators = tokio::task::spawn_blocking(move || {
        let (mut child, address) = start(&path, url.as_str());
        eventually("readiness", || {
            get(address, &old_authority, "/health/ready").ok().filter(|text| text.starts_with("HTTP/1.1 200"))
        });
        let new_authority = write_certificate(&path);
        eventually("the new certificate", || get(address, &new_authority, "/health/live").ok());
        assert!(get(address, &old_authority, "/health/live").is_err(), "the old certificate is gone");
        let plain = TcpStream::connect(address).and_then(|mut socket| {
            socket.set_read_timeout(Some(PATIENCE))?;
            socket.write_all(b"GET / HTTP/1.1\r\n\r\n")?;
            let mut text = Vec::new();
            let _ = socket.read_to_end(&mut text);
            Ok(text)
        });
        assert!(!plain.unwrap().starts_with(b"HTTP/"), "plain HTTP gets no answer");
        let ended = Command::new("kill").arg(child.id().to_string()).status().unwrap();
        assert!(ended.success());
        assert_eq!(child.wait().unwrap().code(), Some(0), "SIGTERM ends it cleanly");
    });
    administrators.await.unwrap();
    let admins: Vec<String> = sqlx::query_scalar("select username from person").fetch_all(&pool).await.unwrap();
    assert_eq!(admins, ["admin"]);
}

#[test]
fn a_wrong_configuration_is_told_whole_and_ends_with_20() {
    let output = Command::new(env!("CARGO_BIN_EXE_deskfleet-api"))
        .args(["serve", "--database-url-file", "/nowhere/url", "--tls-cert-file", "/nowhere/tls.crt"])
        .args(["--session-keys-dir", "/nowhere/keys", "--trusted-proxies", "lb", "--log-format", "text"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(20));
    let told = String::from_utf8_lossy(&output.stderr);
    for flag in ["--tls-key-file", "--database-url-file", "--session-keys-dir", "--trusted-proxies"] {
        assert!(told.contains(flag), "{flag} is missing in:\n{told}");
    }
}
