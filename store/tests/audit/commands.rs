//! What `deskfleet-store` says about trails, and its exit status.

use std::process::{Command, Output};

use sqlx::PgPool;

use crate::trail::{PRIVATE_KEY, PUBLIC_KEY, account, add, events, file, force};

/// Runs the program on the test's database.
fn deskfleet_store(pool: &PgPool, arguments: &[&str]) -> (i32, String, String) {
    let url = std::env::var("DATABASE_URL").unwrap();
    let (server, _) = url.rsplit_once('/').unwrap();
    let url = file(&format!("{server}/{}", pool.connect_options().get_database().unwrap()));
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_deskfleet-store"))
        .args(arguments)
        .env("DESKFLEET_DATABASE_URL_FILE", url.path())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_trail_is_signed_exported_verified_and_found_broken(pool: PgPool) {
    let (private, public, folder) = (file(PRIVATE_KEY), file(PUBLIC_KEY), tempfile::tempdir().unwrap());
    let (private, public) = (private.path().to_str().unwrap(), public.path().to_str().unwrap());
    let folder = folder.path().to_str().unwrap();
    add(&pool, &account(1), &events(0..3)).await;
    add(&pool, &account(2), &events(0..2)).await;
    let checkpoint = ["checkpoint", "--signing-key-file", private, "--export-to", folder];
    let (status, lines, log) = deskfleet_store(&pool, &checkpoint);
    assert_eq!((status, lines.lines().count()), (0, 2), "{log}");
    let lines = file(&lines);
    for exported in [folder, lines.path().to_str().unwrap()] {
        let verify = ["verify-audit", "--public-key", public, "--checkpoints", exported];
        let (status, said, log) = deskfleet_store(&pool, &verify);
        assert_eq!(status, 0, "{said}{log}");
        let whole = "whole account 000000000001: 3 events, sequences 1 to 3, meet 1 checkpoints kept and 1 exported; 0 people erased";
        assert_eq!(said.lines().next(), Some(whole));
    }
    force(&pool, "update audit_event set event_name = 'x' where account_id = '000000000002' and sequence = 2").await;
    let (status, said, _) = deskfleet_store(&pool, &["verify-audit"]);
    assert_eq!(status, 1);
    assert!(said.contains("BROKEN account 000000000002, sequence 2, event event-1: its column event_name"), "{said}");
    let one = ["verify-audit", "--account", "000000000001"];
    assert_eq!(deskfleet_store(&pool, &one).0, 0);
    let (status, ..) = deskfleet_store(&pool, &checkpoint);
    assert_eq!(status, 0, "nothing came, so nothing is looked at");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_trail_that_is_gone_is_known_from_outside(pool: PgPool) {
    let private = file(PRIVATE_KEY);
    add(&pool, &account(1), &events(0..3)).await;
    let (_, lines, _) = deskfleet_store(&pool, &["checkpoint", "--signing-key-file", private.path().to_str().unwrap()]);
    force(&pool, "truncate audit_event, audit_chain, audit_checkpoint, subject_key").await;
    let lines = file(&lines);
    let (status, said, _) = deskfleet_store(&pool, &["verify-audit", "--checkpoints", lines.path().to_str().unwrap()]);
    assert_eq!(status, 1);
    assert!(said.contains("exported checkpoint is of sequence 3"), "{said}");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn erasing_asks_to_be_told_twice(pool: PgPool) {
    add(&pool, &account(1), &events(0..3)).await;
    let (status, said, _) = deskfleet_store(&pool, &["erase-person", "--person", "car"]);
    assert_eq!(status, 0);
    assert!(
        said.contains("account 000000000001: \"carol\" in 1 events") && said.contains("nothing was erased"),
        "{said}"
    );
    assert_eq!(deskfleet_store(&pool, &["erase-person", "--person", "carol", "--yes"]).0, 2, "a reference is missing");
    let named = ["erase-person", "--person", "carol", "--reference", "for Carol", "--yes"];
    assert_eq!(deskfleet_store(&pool, &named).0, 20);
    let (status, said, _) = deskfleet_store(&pool, &["erase-person", "--person", "carol", "--reference", "7", "--yes"]);
    assert_eq!(status, 0);
    assert!(said.starts_with("account 000000000001: erased as number ") && said.contains("from 1 events"), "{said}");
    assert_eq!(deskfleet_store(&pool, &["verify-audit"]).0, 0);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_missing_key_is_a_matter_of_configuration(pool: PgPool) {
    let (status, _, log) = deskfleet_store(&pool, &["checkpoint", "--signing-key-file", "/nowhere/current"]);
    assert_eq!(status, 20);
    assert!(log.contains("Secret deskfleet-audit-signing"), "{log}");
}
