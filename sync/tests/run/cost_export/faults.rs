//! Deliveries that cannot be read: each says why, and what was known of its month stays.

use contract::PermissionState;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::{EARLY, Exported, FEBRUARY, LATE, MARCH, bill, kept};
use crate::sandbox::{Finished, Sandbox};

/// The only error of a run.
fn told(finished: &Finished, reason: &str) -> String {
    finished.ended(0, reason).errors.join("\n")
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_delivery_that_cannot_be_read_leaves_the_month_as_it_was(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 20, &["us-east-1"]);
    let export = Exported::new(&sandbox);
    export.deliver(&["--months", "2026-02,2026-03", "--as-of", EARLY]);
    export.run(EARLY).ended(0, "Complete");
    let faults = [
        (["truncated", "csv"], "desks-00001.csv.gz: it is damaged or cut off"),
        (["missing-file", "csv"], "desks-99999.csv.gz of the manifest is not there"),
        (["not-numbers", "csv"], "column line_item_unblended_cost: \"NaN\" is no number"),
        (["truncated", "parquet"], "desks-00001.snappy.parquet: it is damaged or cut off"),
    ];
    for ([fault, format], words) in faults {
        export.deliver(&["--months", "2026-03", "--as-of", LATE, "--format", format, "--fault", fault]);
        let message = told(&export.run(LATE), "UnexpectedAnswer");
        assert!(message.contains(words) && message.contains("2026-03"), "{fault} of {format}: {message}");
        assert_eq!(kept(&sandbox, MARCH).await, bill(&sandbox, MARCH, EARLY), "{fault} of {format}");
        let why = "select count(*) from cost_export where unread_reason is not null and month = '2026-03-01'";
        assert_eq!(sandbox.count(why).await, 1);
    }
    export.deliver(&["--months", "2026-02,2026-03", "--as-of", LATE]);
    export.run(LATE).ended(0, "Complete");
    for month in [FEBRUARY, MARCH] {
        assert_eq!(kept(&sandbox, month).await, bill(&sandbox, month, LATE));
    }
    assert_eq!(sandbox.count("select count(*) from cost_export where unread_reason is not null").await, 0);
    assert_eq!(sandbox.count("select count(*) from cost_export_stage").await, 0, "nothing is left behind");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn one_bad_month_keeps_no_other_from_being_read(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 20, &["us-east-1"]);
    let export = Exported::new(&sandbox);
    export.deliver(&["--months", "2026-02", "--as-of", LATE]);
    export.deliver(&["--months", "2026-03", "--as-of", LATE, "--fault", "truncated"]);
    assert!(told(&export.run(LATE), "UnexpectedAnswer").contains("2026-03"));
    assert_eq!(kept(&sandbox, FEBRUARY).await, bill(&sandbox, FEBRUARY, LATE));
    let unknown = "select count(*) from cost_export where month = '2026-03-01' and read_at is null";
    assert_eq!(sandbox.count(unknown).await, 1, "unknown, and not without cost");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_file_above_the_limit_is_not_read(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 20, &["us-east-1"]);
    let export = Exported::new(&sandbox);
    export.deliver(&["--months", "2026-03", "--as-of", EARLY]);
    let run = Uuid::new_v4();
    let mut program = export.command(EARLY, run);
    program.env("DESKFLEET_SYNC_LARGEST_EXPORT_FILE", "1000");
    let message = told(&sandbox.finish(program.spawn().unwrap(), run), "UnexpectedAnswer");
    assert!(message.contains("at most 1000 are read") && message.contains("desks-00001.csv.gz"), "{message}");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn an_export_that_is_not_there_says_where_to_look(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 20, &["us-east-1"]);
    let mut export = Exported::new(&sandbox);
    let message = told(&export.run(EARLY), "BadRequest");
    assert!(message.contains("NoSuchBucket"), "{message}");
    export.deliver(&["--months", "2026-03", "--as-of", EARLY]);
    export.plan["account"]["costExport"]["prefix"] = json!("elsewhere");
    let message = told(&export.run(EARLY), "BadRequest");
    assert!(message.contains("/elsewhere") && message.contains("spec.costExport"), "{message}");
    let why = "select count(*) from cost_export where month = '2026-03-01' and unread_reason like 'no export%'";
    assert_eq!(sandbox.count(why).await, 1);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn keys_that_s3_does_not_take_are_told_as_that(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 20, &["us-east-1"]);
    let export = Exported::new(&sandbox);
    export.deliver(&["--months", "2026-03", "--as-of", EARLY]);
    sandbox.put("keys/secretAccessKey", "another");
    let finished = export.run(EARLY);
    let report = finished.ended(20, "CredentialsInvalid");
    assert!(report.errors.join("").contains("ListObjectsV2"), "{report:?}");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_plan_without_an_export_is_refused_with_the_remedy(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 20, &["us-east-1"]);
    let mut export = Exported::new(&sandbox);
    export.plan["account"].as_object_mut().unwrap().remove("costExport");
    let message = &export.run(EARLY).ended(20, "PlanInvalid").message.clone();
    assert!(message.contains("spec.costExport"), "{message}");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_probe_tries_the_bucket(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 20, &["us-east-1"]);
    let mut export = Exported::new(&sandbox);
    export.deliver(&["--months", "2026-03", "--as-of", EARLY]);
    export.plan["task"] = json!("probe");
    let state = || {
        let run = Uuid::new_v4();
        let finished = sandbox.finish(sandbox.command("probe", &export.plan, run).spawn().unwrap(), run);
        let Some(contract::Details::Probe(details)) = &finished.report().details else { panic!("{finished:?}") };
        let of_export = |group: &&contract::PermissionGroup| group.source == identifiers::Source::CostExport;
        details.permissions.iter().find(of_export).unwrap().state
    };
    assert_eq!(state(), PermissionState::Granted);
    sandbox.put("keys/secretAccessKey", "another");
    assert_eq!(state(), PermissionState::Unknown, "S3 does not take these keys, and says nothing of permissions");
}
