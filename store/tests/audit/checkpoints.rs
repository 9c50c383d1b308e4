//! What is signed, exported once, and met.

use sqlx::PgPool;
use store::audit::{
    checkpoint::{self, Destination, ExportError, ExportFailure},
    signing::SigningKey,
    verify::{Evidence, Exported, verify},
};

use crate::trail::{account, add, checkpoint, events, file, force, public_keys, verified};

async fn export(pool: &PgPool, folder: &std::path::Path) -> Result<u64, ExportError> {
    let destination = Destination::parse(folder.to_str().unwrap()).unwrap();
    let mut connection = pool.acquire().await.unwrap();
    checkpoint::export(&mut connection, &[destination]).await
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_checkpoint_says_how_far_the_chain_had_got(pool: PgPool) {
    assert_eq!(checkpoint(&pool, &account(1)).await, None, "there is no chain");
    add(&pool, &account(1), &events(0..3)).await;
    let made = checkpoint(&pool, &account(1)).await.unwrap();
    assert_eq!((made.statement.sequence, made.statement.events), (3, 3));
    assert_eq!(made.statement.at, "2026-11-25T12:00:00.000000Z");
    assert!(made.is_signed_by(&public_keys()));
    assert_eq!(checkpoint(&pool, &account(1)).await, None, "nothing came since");
    add(&pool, &account(1), &events(0..4)).await;
    assert_eq!(checkpoint(&pool, &account(1)).await.unwrap().statement.sequence, 4);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn exported_checkpoints_are_files_that_verifying_reads(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    add(&pool, &account(1), &events(0..3)).await;
    checkpoint(&pool, &account(1)).await;
    add(&pool, &account(1), &events(3..5)).await;
    checkpoint(&pool, &account(1)).await;
    add(&pool, &account(2), &events(0..1)).await;
    checkpoint(&pool, &account(2)).await;
    assert_eq!(export(&pool, folder.path()).await.unwrap(), 3);
    assert_eq!(export(&pool, folder.path()).await.unwrap(), 0, "once is enough");
    assert!(folder.path().join("000000000001/00000000000000000005.json").is_file());
    let exported = Exported::read(folder.path()).unwrap();
    assert_eq!(exported.accounts().count(), 2);
    let report = verified(&pool, &account(1), exported.of(&account(1))).await;
    assert_eq!((report.broken, report.exported, report.kept), (None, 2, 2));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn an_export_cut_off_is_done_again_and_another_object_there_is_an_alarm(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    add(&pool, &account(1), &events(0..3)).await;
    checkpoint(&pool, &account(1)).await;
    export(&pool, folder.path()).await.unwrap();
    // Written, but killed before it was marked.
    force(&pool, "update audit_checkpoint set exported_at = null").await;
    assert_eq!(export(&pool, folder.path()).await.unwrap(), 1);
    force(&pool, "update audit_checkpoint set exported_at = null, at = at + interval '1 s'").await;
    let alarm = export(&pool, folder.path()).await.unwrap_err();
    assert!(matches!(alarm, ExportError::Write(ExportFailure::Differs { .. })), "{alarm}");
}

/// A key that the first installation did not have: PKCS #8 around 32 bytes of our own.
const NEW_KEY: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH
-----END PRIVATE KEY-----
";

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_new_key_builds_upon_the_old_one_only_where_that_is_trusted(pool: PgPool) {
    let new = SigningKey::read(file(NEW_KEY).path()).unwrap();
    add(&pool, &account(1), &events(0..3)).await;
    checkpoint(&pool, &account(1)).await;
    add(&pool, &account(1), &events(3..4)).await;
    let mut connection = pool.acquire().await.unwrap();
    let now = "2026-11-25T13:00:00Z".parse().unwrap();
    let refused = checkpoint::make(&mut connection, &account(1), (&new, &new.public()), now).await;
    let message = refused.unwrap_err().to_string();
    assert!(message.contains("not signed with any of the given keys"), "{message}");
    let made = checkpoint::make(&mut connection, &account(1), (&new, &public_keys()), now).await.unwrap();
    assert!(made.unwrap().is_signed_by(&new.public()));
    let found = verified(&pool, &account(1), &[]).await.broken.unwrap().to_string();
    assert!(found.contains("sequence 4") && found.contains("not signed with any"), "by the old key alone: {found}");
    let keys = public_keys().and(new.public());
    let evidence = Evidence { exported: &[], keys: Some(&keys) };
    assert_eq!(verify(&mut connection, &account(1), evidence).await.unwrap().broken, None);
}
