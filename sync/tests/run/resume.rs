//! Stopped, or left with a token that is dead: what was read stays, and the rest is read.

use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use crate::sandbox::Sandbox;

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn sigterm_keeps_the_page_in_hand_and_the_next_pod_goes_on(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 300, &["us-east-1"]);
    let mut plan = sandbox.plan(&["us-east-1"]);
    // Slow enough to be stopped in the middle, fast enough to have read something.
    plan["account"]["pace"]["DescribeWorkspaces"] = json!({"rate": 4, "burst": 12});
    let run = Uuid::new_v4();
    let child = sandbox.start(&plan, run);
    while sandbox.count("select coalesce(sum(items), 0)::bigint from run_step where source = 'inventory'").await < 50 {
        crate::sandbox::look_again().await;
    }
    let killed = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    sandbox.finish(child, run).ended(40, "Stopped");
    let kept = sandbox.count("select count(*) from workspace").await;
    assert!((50..300).contains(&kept), "{kept} desktops were kept");
    assert_eq!(sandbox.count("select count(*) from workspace where gone_at is not null").await, 0);

    let before = sandbox.aws.lines("log?since=0").len();
    plan["account"]["pace"]["DescribeWorkspaces"] = json!({"rate": 5000, "burst": 1000});
    let child = sandbox.start(&plan, run);
    sandbox.finish(child, run).ended(0, "Complete");
    assert_eq!(sandbox.count("select count(*) from workspace").await, 300);
    let pages = sandbox.aws.lines("log?since=0")[before..]
        .iter()
        .filter(|call| call["operation"] == "DescribeWorkspaces")
        .count();
    assert_eq!(i64::try_from(pages).unwrap(), (300 - kept + 24) / 25, "only the pages that were missing are read");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_dead_token_starts_the_listing_over(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 100, &["us-east-1"]);
    let rules = json!({"rules": [{
        "operation": "DescribeWorkspaces", "after": 2, "status": 400,
        "code": "InvalidParameterValuesException", "message": "The NextToken is not valid.",
    }]});
    sandbox.aws.post("fault", &rules);
    let finished = sandbox.run(&sandbox.plan(&["us-east-1"]));
    let report = finished.ended(0, "Complete");
    assert_eq!(report.counts[&identifiers::Source::Inventory], 100, "nothing is counted twice");
    assert_eq!(sandbox.count("select count(*) from workspace").await, 100);
}
