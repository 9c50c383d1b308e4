//! `deskfleet-api admin`.

use std::{fs, path::Path};

use api_server::commands::admin::{AdminCommand, run};
use clap::Parser;
use http::StatusCode;
use sqlx::PgPool;

use crate::server::{Browser, Server};

#[derive(Debug, Parser)]
struct CommandLine {
    #[command(subcommand)]
    command: AdminCommand,
}

/// Runs a command whose password stands in a file.
async fn admin(pool: &PgPool, folder: &Path, flags: &str, password: &str) -> Result<String, String> {
    let file = folder.join("password");
    fs::write(&file, password).unwrap();
    let line = format!("admin {flags} --password-file {}", file.display());
    let command = CommandLine::try_parse_from(line.split_whitespace()).unwrap().command;
    run(command, pool).await.map_err(|error| error.to_string())
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_person_is_made_once_and_signs_in(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&pool).await;
    let flags = "create-person --username ann --role auditor --display-name Ann";
    admin(&pool, folder.path(), flags, "correct horse battery\n").await.unwrap();
    let me = server.sign_in("ann").await;
    assert_eq!((me.status, me.json()["role"].as_str()), (StatusCode::OK, Some("auditor")));
    let again = admin(&pool, folder.path(), flags, "correct horse battery").await.unwrap_err();
    assert_eq!(again, "there is a person `ann` already; reset-password sets a new password");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_new_password_ends_sessions_and_replaces_the_old(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&pool).await;
    let create = "create-person --username ann";
    admin(&pool, folder.path(), create, "correct horse battery").await.unwrap();
    let browser = Browser::after(&server.sign_in("ann").await);
    admin(&pool, folder.path(), "reset-password --username ANN", "another fine password").await.unwrap();
    assert_eq!(server.post(&browser, "/api/v1/session/refresh", "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.sign_in("ann").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.sign_in_with("ann", "another fine password").await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_cannot_be_used_is_said(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    for (flags, password, said) in [
        ("create-person --username ann", "short", "the password cannot be used"),
        ("create-person --username a;b", "correct horse battery", "--username cannot be used"),
        ("create-person --username ann --role king", "correct horse battery", "--role cannot be used"),
        ("reset-password --username bob", "correct horse battery", "there is no person `bob`"),
    ] {
        assert_eq!(admin(&pool, folder.path(), flags, password).await.unwrap_err(), said, "{flags}");
    }
}
