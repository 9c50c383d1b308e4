//! Rows equal what the stand-in's ledger says, and history follows.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sqlx::{PgPool, Row};

use crate::sandbox::{ACCOUNT, Sandbox};

const REGIONS: [&str; 2] = ["us-east-1", "eu-central-1"];

/// Rows by id, as JSON, without what only deskfleet knows.
async fn rows(pool: &PgPool) -> BTreeMap<String, Value> {
    let query = "select workspace_id, jsonb_build_object(
            'account', account_id, 'region', region, 'directoryId', directory_id, 'userName', user_name,
            'bundleId', bundle_id, 'runningMode', upper(running_mode), 'computeType', upper(compute_type),
            'operatingSystem', upper(operating_system), 'autoStopTimeoutMinutes', auto_stop_timeout_minutes,
            'rootVolumeGib', root_volume_gib, 'userVolumeGib', user_volume_gib
        ) as row
        from workspace where gone_at is null";
    let rows = sqlx::query(query).fetch_all(pool).await.unwrap();
    rows.into_iter().map(|row| (row.get("workspace_id"), row.get("row"))).collect()
}

/// The same of the ledger.
fn ledger(sandbox: &Sandbox) -> BTreeMap<String, Value> {
    let kept = [
        "account",
        "region",
        "directoryId",
        "userName",
        "bundleId",
        "runningMode",
        "computeType",
        "operatingSystem",
        "autoStopTimeoutMinutes",
        "rootVolumeGib",
        "userVolumeGib",
    ];
    let desktops = sandbox.aws.lines("ledger?type=desktops").into_iter().map(|mut line| {
        // The ledger keeps the timeout an ALWAYS_ON desktop would have; AWS does not tell it.
        if line["runningMode"] != "AUTO_STOP" {
            line["autoStopTimeoutMinutes"] = Value::Null;
        }
        let id = line["workspaceId"].as_str().unwrap().to_owned();
        (id, kept.iter().map(|name| ((*name).to_owned(), line[*name].clone())).collect())
    });
    desktops.collect()
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn rows_equal_the_ledger_field_by_field(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 130, &REGIONS);
    sandbox.aws.post("presence", &json!({"profile": "full"}));
    let finished = sandbox.run(&sandbox.plan(&REGIONS));
    let report = finished.ended(0, "Complete");
    assert_eq!(report.counts[&identifiers::Source::Inventory], 130);
    assert_eq!(rows(&sandbox.pool).await, ledger(&sandbox));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_run_calls_twice_for_25_desktops_and_a_few_times_more(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 500, &["us-east-1"]);
    sandbox.run(&sandbox.plan(&["us-east-1"])).ended(0, "Complete");
    let calls = sandbox.aws.lines("log?since=0").len();
    // 20 pages, 20 connection calls; identity, directories twice; details of a region and of
    // its managed AD.
    assert!(calls <= 2 * 500 / 25 + 3 + 15, "{calls} calls");
    let counted = sandbox.count("select sum(calls)::bigint from aws_call").await;
    assert_eq!(usize::try_from(counted).unwrap(), calls, "the ledger of calls counts what AWS saw");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_second_run_over_the_same_fleet_adds_no_history(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 60, &["us-east-1"]);
    sandbox.aws.post("clock", &json!({"set": "2026-03-04T15:00:00Z"}));
    for _ in 0..2 {
        sandbox.run(&sandbox.plan(&["us-east-1"])).ended(0, "Complete");
    }
    assert_eq!(sandbox.count("select count(*) from workspace_version").await, 60);
    assert_eq!(sandbox.count("select count(*) from workspace_state").await, 60);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_a_complete_listing_does_not_contain_is_gone_and_may_come_back(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 60, &["us-east-1"]);
    sandbox.aws.post("clock", &json!({"set": "2026-03-04T15:00:00Z"}));
    let plan = sandbox.plan(&["us-east-1"]);
    sandbox.run(&plan).ended(0, "Complete");
    sandbox.aws.post("mutate", &json!({"account": ACCOUNT, "region": "us-east-1", "remove": 7, "add": 3}));
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(sandbox.count("select count(*) from workspace where gone_at is not null").await, 7);
    assert_eq!(sandbox.count("select count(*) from workspace where gone_at is null").await, 56);
    let ended = "select count(*) from workspace_version v join workspace w using (account_id, region, workspace_id)
                 where v.valid_to = w.gone_at";
    assert_eq!(sandbox.count(ended).await, 7, "the versions of gone desktops end when they went");
    assert_eq!(rows(&sandbox.pool).await.len(), ledger(&sandbox).len());
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_change_of_configuration_makes_a_version_and_a_change_of_state_does_not(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    sandbox.aws.post("clock", &json!({"set": "2026-03-04T15:00:00Z"}));
    let plan = sandbox.plan(&["us-east-1"]);
    sandbox.run(&plan).ended(0, "Complete");
    let place = json!({"account": ACCOUNT, "region": "us-east-1"});
    let change = |desktops: Value, set: Value| {
        let mut mutation = place.clone();
        mutation["desktops"] = desktops;
        mutation["set"] = set;
        sandbox.aws.post("mutate", &mutation);
    };
    change(json!(4), json!({"WorkspaceProperties.RootVolumeSizeGib": 999}));
    change(json!(2), json!({"State": "ADMIN_MAINTENANCE"}));
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(sandbox.count("select count(*) from workspace_version").await, 34);
    assert_eq!(sandbox.count("select count(*) from workspace_version where valid_to is null").await, 30);
    assert_eq!(sandbox.count("select count(*) from workspace_state").await, 32);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn connections_are_kept_and_marked(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 100, &["us-east-1"]);
    sandbox.aws.post("clock", &json!({"set": "2026-03-04T15:00:00Z"}));
    sandbox.run(&sandbox.plan(&["us-east-1"])).ended(0, "Complete");
    let asked = sandbox.count("select count(*) from workspace where connection_read_at is not null").await;
    assert_eq!(asked, 100, "desktops that AWS leaves out were asked about as well");
    let marks = sandbox.count("select count(*) from usage_mark").await;
    let connected = sandbox.count("select count(*) from workspace where last_connected_at is not null").await;
    assert!(connected > 50 && marks == connected, "{marks} marks of {connected} connections");
}
