//! Words, members, ids and bodies that AWS should not have sent.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::sandbox::{ACCOUNT, Sandbox};

fn mutate(sandbox: &Sandbox, change: &Value) {
    let mut mutation = json!({"account": ACCOUNT, "region": "us-east-1"});
    mutation.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    sandbox.aws.post("mutate", &mutation);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn an_unknown_word_is_stored_and_shown_as_it_is(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    mutate(
        &sandbox,
        &json!({"desktops": 3, "set": {
            "State": "HIBERNATING", "WorkspaceProperties.ComputeTypeName": "QUANTUM_1XLARGE",
        }}),
    );
    sandbox.run(&sandbox.plan(&["us-east-1"])).ended(0, "Complete");
    let kept = "select count(*) from workspace where state = 'hibernating' and compute_type = 'quantum_1xlarge'";
    assert_eq!(sandbox.count(kept).await, 3);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_missing_member_is_unknown_and_fails_nothing(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    mutate(&sandbox, &json!({"desktops": 5, "drop": ["UserName", "State", "WorkspaceProperties", "DirectoryId"]}));
    sandbox.run(&sandbox.plan(&["us-east-1"])).ended(0, "Complete");
    let unknown = "select count(*) from workspace
                   where num_nulls(user_name, state, running_mode, directory_id, root_volume_gib) = 5";
    assert_eq!(sandbox.count(unknown).await, 5);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_desktop_without_an_id_is_counted_and_proves_nobody_gone(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let plan = sandbox.plan(&["us-east-1"]);
    sandbox.run(&plan).ended(0, "Complete");
    mutate(&sandbox, &json!({"desktops": 1, "drop": ["WorkspaceId"]}));
    let finished = sandbox.run(&plan);
    let report = finished.ended(0, "UnexpectedAnswer");
    assert_eq!(report.outcome, contract::Outcome::Partial);
    assert!(report.errors[0].contains("without an id"), "{:?}", report.errors);
    assert_eq!(sandbox.count("select max(rejected) from run_step").await, 1);
    assert_eq!(sandbox.count("select count(*) from workspace where gone_at is not null").await, 0);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn an_answer_that_cannot_be_read_fails_its_step_and_leaves_data_alone(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let plan = sandbox.plan(&["us-east-1"]);
    sandbox.run(&plan).ended(0, "Complete");
    let before = sandbox.count("select count(*) from workspace").await;
    let fault = json!({"operation": "DescribeWorkspaces", "count": 99, "status": 200, "body": "garbage"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let finished = sandbox.run(&plan);
    let report = finished.ended(0, "UnexpectedAnswer");
    assert_eq!(report.outcome, contract::Outcome::Partial, "directories were read");
    assert!(finished.log.contains("an answer that cannot be read"), "{}", finished.log);
    assert_eq!(sandbox.count("select count(*) from workspace where gone_at is null").await, before);
    let unplanned = "select count(*) from run_step where source = 'connection_status' and state = 'failed'
                     and error like 'its desktops could not be listed%'";
    assert_eq!(sandbox.count(unplanned).await, 1, "the source that was not read says so");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_broken_connection_is_tried_again(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 60, &["us-east-1"]);
    let fault = json!({"operation": "DescribeWorkspaces", "count": 2, "body": "truncate"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    sandbox.run(&sandbox.plan(&["us-east-1"])).ended(0, "Complete");
    assert_eq!(sandbox.count("select count(*) from workspace").await, 60);
}
