//! Any change of anything is found, and named with its place.

use sqlx::PgPool;
use store::audit::checkpoint::Checkpoint;

use crate::trail::{account, add, checkpoint, events, file, force, public_keys, signing_key, verified};

/// A trail of nine events with checkpoints of the third and of the sixth.
async fn a_trail(pool: &PgPool) -> Vec<Checkpoint> {
    let mut exported = Vec::new();
    for part in [0..3, 3..6, 6..9] {
        add(pool, &account(1), &events(part)).await;
        if exported.len() < 2 {
            exported.extend(checkpoint(pool, &account(1)).await);
        }
    }
    let report = verified(pool, &account(1), &exported).await;
    assert_eq!((report.broken, report.kept, report.exported), (None, 2, 2));
    exported
}

/// What verifying says after `statement`, with every trigger circumvented.
async fn found_after(pool: &PgPool, statement: &str, exported: &[Checkpoint]) -> String {
    force(pool, statement).await;
    let found = verified(pool, &account(1), exported).await.broken;
    found.map_or_else(|| "whole".to_owned(), |found| found.to_string())
}

/// Everything that was changed back, so that one database serves all cases.
const KEEP: &str = "create table kept_event as table audit_event; create table kept_chain as table audit_chain;
     create table kept_checkpoint as table audit_checkpoint; create table kept_key as table subject_key";
const RESTORE: &str = "truncate audit_event, audit_chain, audit_checkpoint, subject_key;
     insert into audit_event select * from kept_event; insert into audit_chain select * from kept_chain;
     insert into audit_checkpoint select * from kept_checkpoint;
     insert into subject_key overriding system value select * from kept_key";

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn every_change_is_found_where_it_is(pool: PgPool) {
    let exported = a_trail(&pool).await;
    force(&pool, KEEP).await;
    let mut missed = Vec::new();
    for (statement, place, fault) in CHANGES {
        let found = found_after(&pool, statement, &exported).await;
        if !found.starts_with(&format!("account 000000000001, sequence {place}")) || !found.contains(fault) {
            missed.push(format!("{statement}: {found}"));
        }
        assert_eq!(found_after(&pool, RESTORE, &exported).await, "whole");
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

/// A statement, where it is found, and words of what is said.
const CHANGES: &[(&str, &str, &str)] = &[
    // Columns.
    ("update audit_event set region = 'us-east-1' where sequence = 4", "4, event event-3", "column region"),
    ("update audit_event set region = null where sequence = 4", "4, event event-3", "column region"),
    ("update audit_event set event_id = 'event-99' where sequence = 4", "4, event event-99", "column event_id"),
    ("update audit_event set event_time = event_time - interval '1 day' where sequence = 4", "4,", "column event_time"),
    ("update audit_event set recorded_at = recorded_at + interval '1 s' where sequence = 4", "4,", "column recorded_at"),
    ("update audit_event set event_source = 'ds.amazonaws.com' where sequence = 4", "4,", "column event_source"),
    ("update audit_event set event_name = 'StopWorkspaces' where sequence = 4", "4,", "column event_name"),
    ("update audit_event set read_only = true where sequence = 4", "4,", "column read_only"),
    ("update audit_event set actor_kind = 'root' where sequence = 4", "4,", "column actor_kind"),
    ("update audit_event set actor_id = actor_id + 1 where sequence = 4", "4,", "column actor_id"),
    ("update audit_event set outcome = 'failed' where sequence = 4", "4,", "column outcome"),
    ("update audit_event set subjects = '{ws-99}' where sequence = 4", "4,", "column subjects"),
    ("update audit_event set person_ids = person_ids[1:1] where sequence = 4", "4,", "column person_ids"),
    ("update audit_event set record = replace(record, 'wsb-1', 'wsb-2') where sequence = 4", "4,", "hash does not follow"),
    ("update audit_event set record = '{}' where sequence = 4", "4,", "hash does not follow"),
    ("update audit_event set hash = sha256(hash) where sequence = 4", "4,", "hash does not follow"),
    // A record and its hash.
    (
        "update audit_event e set record = replace(e.record, 'wsb-1', 'wsb-2'),
             hash = sha256(before.hash || convert_to(replace(e.record, 'wsb-1', 'wsb-2'), 'utf8'))
         from audit_event before where e.sequence = 4 and before.sequence = 3",
        "5, event event-4",
        "hash does not follow",
    ),
    (
        "update audit_event e set record = '{}', hash = sha256(before.hash || convert_to('{}', 'utf8'))
         from audit_event before where e.sequence = 4 and before.sequence = 3",
        "4,",
        "record cannot be read",
    ),
    // Personal values.
    (
        "update audit_event set personal = replace(personal::text, 'alice', 'mallory')::jsonb where sequence = 4",
        "4, event event-3",
        "its value at /actor/arn is not the one",
    ),
    (
        "update audit_event set personal = replace(personal::text, '203.0.113.77', '203.0.113.78')::jsonb where sequence = 4",
        "4,",
        "its value at /sourceIp is not the one",
    ),
    ("update audit_event set personal = personal - 0 where sequence = 4", "4,", "is gone, although nobody"),
    ("update audit_event set personal = '[]' where sequence = 4", "4,", "is gone, although nobody"),
    ("update audit_event set personal = '[1]' where sequence = 4", "4,", "column personal"),
    ("update audit_event set personal = personal || jsonb_build_array(personal -> 0) where sequence = 4", "4,", "no seal and key"),
    (
        r#"update audit_event set personal = personal || '[{"at": "/eventName", "of": [1], "value": "\"x\""}]' where sequence = 4"#,
        "4,",
        "a value at /eventName that no seal",
    ),
    // Rows.
    ("delete from audit_event where sequence = 1", "1:", "missing; the next one there has sequence 2"),
    ("delete from audit_event where sequence in (4, 5)", "4:", "missing; the next one there has sequence 6"),
    ("delete from audit_event where sequence = 9", "8:", "its end is kept as sequence 9"),
    ("delete from audit_event where sequence >= 5", "4:", "exported checkpoint is of sequence 6"),
    ("truncate audit_event", "0:", "exported checkpoint is of sequence 6"),
    ("truncate audit_event, audit_chain, audit_checkpoint, subject_key", "0:", "exported checkpoint is of sequence 6"),
    ("update audit_event set account_id = '000000000002' where sequence = 4", "4:", "missing"),
    (
        "insert into audit_event select account_id, sequence, recorded_at + interval '1 s', region, event_id, event_time,
             event_source, event_name, read_only, actor_kind, actor_id, outcome, subjects, person_ids, record, hash, personal
         from audit_event where sequence = 4",
        "4,",
        "there twice",
    ),
    (
        "insert into audit_event select account_id, 10, recorded_at, region, event_id, event_time,
             event_source, event_name, read_only, actor_kind, actor_id, outcome, subjects, person_ids, record, hash, personal
         from audit_event where sequence = 4",
        "10,",
        "hash does not follow",
    ),
    (
        "update audit_event set sequence = sequence + 101 where sequence >= 5;
         update audit_event set sequence = sequence - 100 where sequence > 100;
         insert into audit_event select account_id, 5, recorded_at, region, event_id, event_time,
             event_source, event_name, read_only, actor_kind, actor_id, outcome, subjects, person_ids, record, hash, personal
         from audit_event where sequence = 4",
        "5,",
        "hash does not follow",
    ),
    (
        "update audit_event set sequence = 40 where sequence = 4; update audit_event set sequence = 4 where sequence = 5;
         update audit_event set sequence = 5 where sequence = 40",
        "4, event event-4",
        "hash does not follow",
    ),
    // Keys of people.
    ("update subject_key set key = sha256(key)", "1,", "name or key of person"),
    ("update subject_key set person = 'mallory' where person = 'alice@example.com'", "1,", "name or key of person"),
    ("update subject_key set person = 'mallory' where person = 'carol'", "2,", "name or key of person"),
    ("delete from subject_key where person = 'carol'", "2,", "is gone, and no erasure of them is recorded"),
    // The end.
    ("update audit_chain set sequence = 8", "9:", "its end is kept as sequence 8"),
    ("update audit_chain set hash = sha256(hash)", "9:", "its end is kept as sequence 9"),
    ("delete from audit_chain", "9:", "its end is kept as sequence 0"),
    ("update audit_chain set pruned_through = 5", "5:", "checkpoint there is missing"),
    // Checkpoints.
    ("update audit_checkpoint set hash = sha256(hash) where sequence = 3", "3, event event-2", "database says another hash"),
    ("update audit_checkpoint set events = 4 where sequence = 3", "3,", "another number of events"),
    ("update audit_checkpoint set at = at - interval '1 h' where sequence = 3", "3,", "not signed with any"),
    ("update audit_checkpoint set key_id = 'x' where sequence = 3", "3,", "not signed with any"),
    ("update audit_checkpoint set signature = decode(repeat('00', 64), 'hex') where sequence = 3", "3,", "not signed with any"),
    ("update audit_checkpoint set sequence = 4 where sequence = 3", "4, event event-3", "says another hash"),
    ("update audit_checkpoint set sequence = 12 where sequence = 6", "9:", "kept in the database is of sequence 12"),
];

/// Whoever can write every row can make another chain, but not one that meets what is outside.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_whole_new_chain_is_found_by_exported_checkpoints(pool: PgPool) {
    let exported = a_trail(&pool).await;
    force(&pool, "truncate audit_event, audit_chain, audit_checkpoint, subject_key").await;
    add(&pool, &account(1), &events(20..29)).await;
    assert_eq!(verified(&pool, &account(1), &[]).await.broken, None, "by itself it is a fine chain");
    let found = verified(&pool, &account(1), &exported).await.broken.unwrap().to_string();
    assert!(found.contains("sequence 3, event event-22: the exported checkpoint says another hash"), "{found}");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_changed_exported_checkpoint_is_found(pool: PgPool) {
    type Change = fn(&mut Checkpoint);
    let exported = a_trail(&pool).await;
    let changes: [(Change, &str); 4] = [
        (|point| point.statement.hash.replace_range(0..1, "x"), "another hash"),
        (|point| point.statement.events += 1, "another number of events"),
        (|point| point.statement.at.replace_range(0..4, "2025"), "not signed"),
        (|point| point.signature.replace_range(0..1, "_"), "not signed"),
    ];
    for (change, fault) in changes {
        let mut exported = exported.clone();
        change(&mut exported[1]);
        let found = verified(&pool, &account(1), &exported).await.broken.unwrap().to_string();
        let place = "account 000000000001, sequence 6, event event-5: the exported checkpoint";
        assert!(found.starts_with(place) && found.contains(fault), "{found}");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_broken_chain_is_not_signed(pool: PgPool) {
    a_trail(&pool).await;
    force(&pool, "update audit_event set event_name = 'x' where sequence = 8").await;
    let mut connection = pool.acquire().await.unwrap();
    let now = "2026-11-25T12:00:00Z".parse().unwrap();
    let made =
        store::audit::checkpoint::make(&mut connection, &account(1), (&signing_key(), &public_keys()), now).await;
    let message = made.unwrap_err().to_string();
    assert!(message.contains("sequence 8, event event-7") && message.contains("column event_name"), "{message}");
}

#[test]
fn a_file_of_something_else_does_not_pass_for_checkpoints() {
    let file = file("{\"account\": \"000000000001\"}\n");
    let message = store::audit::verify::Exported::read(file.path()).unwrap_err().to_string();
    assert!(message.starts_with("line 1 of "), "{message}");
}
