//! Killed inside pages: a call is held by the stand-in, and the pod dies waiting for it, so
//! every kill meets the same place in every run.

use std::time::Duration;

use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::{NOW, a_trail, assert_equal};
use crate::sandbox::Sandbox;

const CALLS: &str = "select coalesce(sum(calls), 0)::bigint from run_step";

/// Starts `run`, lets `calls` of its lookups pass, and kills it in the next one.
async fn kill_after(sandbox: &Sandbox, plan: &Value, run: Uuid, calls: i64) {
    let held = json!({"operation": "LookupEvents", "after": calls, "count": 1, "delayMs": 15_000, "status": 200});
    sandbox.aws.delete("fault");
    sandbox.aws.post("fault", &json!({"rules": [held]}));
    let before = sandbox.count(CALLS).await;
    let mut program = sandbox.command("run", plan, run);
    let mut child = program.env("DESKFLEET_SYNC_NOW", NOW).spawn().unwrap();
    let written = async {
        while sandbox.count(CALLS).await < before + calls {
            crate::sandbox::look_again().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), written).await.expect("the pages before the held one are written");
    assert!(child.try_wait().unwrap().is_none(), "the run ended before call {calls}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn killed_in_any_page_nothing_is_lost_and_nothing_is_twice(pool: PgPool) {
    let (sandbox, plan) = a_trail(pool, 20, &json!({"activity": 20, "unknownShare": 0.1}));
    let run = Uuid::new_v4();
    // In the first page, in the window of a day, in names without events, in one with many.
    for calls in [0, 1, 1, 2, 7, 30, 60, 45] {
        kill_after(&sandbox, &plan, run, calls).await;
    }
    sandbox.aws.delete("fault");
    let mut program = sandbox.command("run", &plan, run);
    let child = program.env("DESKFLEET_SYNC_NOW", NOW).spawn().unwrap();
    sandbox.finish(child, run).ended(0, "Partial");
    assert_equal(&sandbox, NOW).await;
    assert_eq!(sandbox.count("select max(sequence) - count(*) from audit_event").await, 0, "the chain has no gaps");
    // The first pod may die before it has claimed anything.
    let attempts = "select count(*) from run_step where attempts in (8, 9)";
    assert_eq!(sandbox.count(attempts).await, 1, "one step, taken up by each pod");
    let items = "select (select sum(items)::bigint from run_step) - (select count(*) from audit_event)";
    assert_eq!(sandbox.count(items).await, 0, "every event is counted once");
}
