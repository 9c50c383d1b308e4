//! Words, members, ids and bodies that AWS should not have sent.

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{
    dump::{assert_same, dump},
    everything,
    sandbox::{ACCOUNT, Sandbox},
};

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

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn tokens_that_lead_nowhere_end_their_step_and_nothing_is_gone(pool: PgPool) {
    let sandbox = everything::a_fleet(pool, 60, &["us-east-1"], "2026-03-04T15:00:00Z");
    let mut plan = everything::plan(&sandbox, &["us-east-1"], 1);
    plan["sources"] = json!(["Inventory", "ConnectionStatus", "Directories", "Bundles"]);
    sandbox.run(&plan).ended(0, "Complete");
    let before = dump(&sandbox.pool).await;
    plan["trigger"] = json!("request");
    let operations = [
        ("DescribeWorkspaces", "inventory"),
        ("DescribeWorkspacesConnectionStatus", "connection_status"),
        ("DescribeWorkspaceDirectories", "directories"),
        ("DescribeWorkspaceBundles", "bundles"),
    ];
    for (operation, source) in operations {
        for tokens in ["repeated", "endless"] {
            sandbox.aws.post("listing", &json!({"rules": [{"operation": operation, "tokens": tokens}]}));
            let finished = sandbox.run(&plan);
            let report = finished.ended(0, "UnexpectedAnswer");
            let is_named = report.errors.iter().any(|error| error.starts_with(source) && error.contains(operation));
            assert!(is_named, "{operation} {tokens}: {:?}", report.errors);
        }
    }
    assert_same(&dump(&sandbox.pool).await, &before, "what is known stays");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_directory_that_disappears_between_two_pages_fails_nothing(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 0, &["us-east-1"]);
    let account = json!({"id": ACCOUNT, "regions": ["us-east-1"], "directoriesPerRegion": 30});
    sandbox.aws.post("fleet", &json!({"seed": 7, "desktops": 0, "accounts": [account]}));
    let mut plan = sandbox.plan(&["us-east-1"]);
    plan["sources"] = json!(["Directories"]);
    sandbox.run(&plan).ended(0, "Complete");
    let ids: Vec<String> = sqlx::query_scalar("select directory_id from directory order by directory_id collate \"C\"")
        .fetch_all(&sandbox.pool)
        .await
        .unwrap();
    assert_eq!(ids.len(), 30);

    let operation = "DescribeWorkspaceDirectories";
    let held = json!({"operation": operation, "after": 1, "delayMs": 600_000});
    sandbox.aws.post("fault", &json!({"rules": [held]}));
    let run = uuid::Uuid::new_v4();
    let child = sandbox.start(&plan, run);
    while sandbox.aws.get("fault")["rules"][0]["count"] != 0 {
        crate::sandbox::look_again().await;
    }
    // One that the first page told, the one behind which the second begins, and one to come.
    let gone = [&ids[3], &ids[24], &ids[27]];
    sandbox.aws.post("listing", &json!({"rules": [{"operation": operation, "remove": gone}]}));
    sandbox.aws.delete("fault");
    sandbox.finish(child, run).ended(0, "Complete");
    let there = "select count(*) from directory where gone_at is null";
    assert_eq!(sandbox.count(there).await, 29, "only what no page told is gone");
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(sandbox.count(there).await, 27);
    assert_eq!(sandbox.count("select count(*) from directory").await, 30);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_clock_that_is_wrong_is_told_as_that(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let plan = sandbox.plan(&["us-east-1"]);
    let refusals = [
        ("RequestTimeTooSkewed", "The difference between the request time and the current time is too large."),
        ("SignatureDoesNotMatch", "Signature expired: 20260304T150000Z is now earlier than 20260304T151500Z"),
    ];
    for (code, message) in refusals {
        let rule = json!({"operation": "GetCallerIdentity", "status": 403, "code": code, "message": message});
        sandbox.aws.post("fault", &json!({"rules": [rule]}));
        let finished = sandbox.run(&plan);
        let told = &finished.ended(20, "CredentialsInvalid").message;
        assert!(told.contains("clock of this node"), "{told}");
    }
    assert_eq!(sandbox.count("select count(*) from workspace").await, 0);
}
