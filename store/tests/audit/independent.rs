//! A verifier that shares no code with ours agrees: `verify_chain.py`, standard library only,
//! fed with what SQL says.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use sqlx::{AssertSqlSafe, PgPool};
use store::audit::{Erasure, erase_person};

use crate::trail::{account, add, events, force};

/// The statement that an auditor runs in psql.
const EXPORT: &str = include_str!("export_chain.sql");

/// What the other verifier says, and whether it is content.
async fn judged(pool: &PgPool) -> (bool, String) {
    let lines: Vec<String> = sqlx::query_scalar(AssertSqlSafe(EXPORT)).fetch_all(pool).await.unwrap();
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/audit/verify_chain.py");
    let mut python =
        Command::new("python3").args(["-I", program]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    python.stdin.take().unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn another_verifier_agrees(pool: PgPool) {
    add(&pool, &account(1), &events(0..30)).await;
    add(&pool, &account(2), &events(0..3)).await;
    let (content, said) = judged(&pool).await;
    assert!(content, "{said}");
    assert_eq!(said, "000000000001: 30 events, 216 values\n000000000002: 3 events, 22 values\n");
    let erasure = Erasure { account: None, names: vec!["carol".to_owned()], reference: "1".to_owned() };
    erase_person(&mut pool.acquire().await.unwrap(), &erasure).await.unwrap();
    let (content, said) = judged(&pool).await;
    assert!(content, "{said}");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn another_verifier_finds_what_ours_finds(pool: PgPool) {
    add(&pool, &account(1), &events(0..5)).await;
    force(&pool, "create table kept as table audit_event").await;
    for (change, expected) in [
        ("update audit_event set record = replace(record, 'wsb-1', 'wsb-2') where sequence = 3", "3: hash"),
        ("delete from audit_event where sequence = 2", "2: missing"),
        (
            "update audit_event set personal = replace(personal::text, '203.0', '204.0')::jsonb where sequence = 4",
            "4: value at /sourceIp",
        ),
    ] {
        force(&pool, change).await;
        let (content, said) = judged(&pool).await;
        assert!(!content && said.contains(&format!("000000000001 {expected}")), "{change}: {said}");
        force(&pool, "truncate audit_event; insert into audit_event select * from kept").await;
    }
}
