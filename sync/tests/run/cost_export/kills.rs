//! Killed between two files, the earlier month is there, and the next pod goes on.

use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::{EARLY, Exported, FEBRUARY, LATE, bill, kept};
use crate::sandbox::Sandbox;

const FILES_DONE: &str = "select coalesce(max((cursor::json ->> 'files')::bigint), 0) from run_step
                          where source = 'cost_export' and state = 'running' and cursor is not null";
const GETS: &str = "select coalesce(sum(calls), 0)::bigint from aws_call where operation = 'GetObject'";

/// A delivery of several files over an earlier one that was read.
fn restated<'a>(sandbox: &'a Sandbox, format: &str) -> Exported<'a> {
    let export = Exported::new(sandbox);
    export.deliver(&["--months", "2026-02", "--as-of", EARLY]);
    export.run(EARLY).ended(0, "Complete");
    export.deliver(&["--months", "2026-02", "--as-of", LATE, "--rows-per-file", "200", "--format", format]);
    export
}

/// Starts `run` at a pace that leaves it between two files for a long time, and kills it as
/// soon as the database says that `files` are done.
async fn kill_after(export: &mut Exported<'_>, run: Uuid, files: i64) {
    // A manifest and the files up to the one after which it has to wait for half an hour.
    let calls = files + 1;
    export.plan["account"]["pace"]["GetObject"] = json!({"rate": 0.0005, "burst": 2 * calls});
    sqlx::query("delete from aws_pace").execute(&export.sandbox.pool).await.unwrap();
    let mut child = export.command(LATE, run).spawn().unwrap();
    while export.sandbox.count(FILES_DONE).await < files {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it had {files} files");
        crate::sandbox::look_again().await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    sqlx::query("delete from aws_pace").execute(&export.sandbox.pool).await.unwrap();
    export.plan["account"]["pace"]["GetObject"] = json!({"rate": 5000, "burst": 1000});
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn killed_between_files_the_old_month_stays_and_the_next_pod_goes_on(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 40, &["us-east-1"]);
    let mut export = restated(&sandbox, "csv");
    let run = Uuid::new_v4();
    kill_after(&mut export, run, 2).await;
    assert_eq!(kept(&sandbox, FEBRUARY).await, bill(&sandbox, FEBRUARY, EARLY), "the earlier month is there, whole");
    assert!(sandbox.count("select count(*) from cost_export_stage").await > 0, "and a part of the next");
    let before = sandbox.count(GETS).await;
    sandbox.finish(export.command(LATE, run).spawn().unwrap(), run).ended(0, "Complete");
    assert_eq!(kept(&sandbox, FEBRUARY).await, bill(&sandbox, FEBRUARY, LATE));
    let files = sandbox.count("select max(lines) / 200 + 1 from cost_export").await;
    let gets = sandbox.count(GETS).await - before;
    assert_eq!(gets, files - 2 + 2, "the manifest twice, and only the files that were missing");
    assert_eq!(sandbox.count("select count(*) from cost_export_stage").await, 0);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_another_run_cleared_is_read_again(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 40, &["us-east-1"]);
    let mut export = restated(&sandbox, "parquet");
    let run = Uuid::new_v4();
    kill_after(&mut export, run, 2).await;
    sqlx::query("delete from cost_export_stage where file_no = 0").execute(&sandbox.pool).await.unwrap();
    sandbox.finish(export.command(LATE, run).spawn().unwrap(), run).ended(0, "Complete");
    assert_eq!(kept(&sandbox, FEBRUARY).await, bill(&sandbox, FEBRUARY, LATE));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_delivery_that_came_after_the_kill_is_read_from_its_beginning(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 40, &["us-east-1"]);
    let mut export = restated(&sandbox, "csv");
    let run = Uuid::new_v4();
    kill_after(&mut export, run, 2).await;
    let later = "2026-03-20T00:00:00Z";
    export.deliver(&["--months", "2026-02", "--as-of", later, "--rows-per-file", "150"]);
    sandbox.finish(export.command(later, run).spawn().unwrap(), run).ended(0, "Complete");
    assert_eq!(kept(&sandbox, FEBRUARY).await, bill(&sandbox, FEBRUARY, later));
}
