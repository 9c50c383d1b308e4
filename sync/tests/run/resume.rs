//! Killed at any moment, a run goes on: nothing is lost and nothing is twice.

use std::time::Duration;

use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use crate::sandbox::Sandbox;

const REGIONS: [&str; 2] = ["us-east-1", "eu-central-1"];

/// Everything a run leaves behind that does not depend on when it ran.
async fn fingerprint(pool: &PgPool) -> Vec<String> {
    let query = "select to_jsonb(w) - array['workspace_no', 'configuration_since', 'state_since', 'connection_read_at',
                            'first_seen_at', 'last_read_at'] as row
                 from workspace w
                 union all
                 select to_jsonb(v) - array['valid_from', 'recorded_at'] from workspace_version v
                 union all
                 select to_jsonb(s) - array['since', 'recorded_at'] from workspace_state s
                 union all
                 select to_jsonb(m) - array['recorded_at'] from usage_mark m
                 union all
                 select to_jsonb(d) - array['first_seen_at', 'last_read_at'] from directory d
                 union all
                 select jsonb_build_object('source', source, 'region', region, 'block', block, 'state', state, 'items', items)
                 from run_step";
    let rows: Vec<(serde_json::Value,)> = sqlx::query_as(query).fetch_all(pool).await.unwrap();
    let mut rows: Vec<String> = rows.into_iter().map(|(row,)| row.to_string()).collect();
    rows.sort();
    rows
}

async fn forget(pool: &PgPool) {
    sqlx::query("truncate workspace, workspace_version, workspace_state, usage_mark, directory, run_step, run, run_lease, aws_call cascade")
        .execute(pool)
        .await
        .unwrap();
}

/// `make soak` kills more often, and with another seed each time.
fn from_environment(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn killed_twenty_times_the_tables_equal_an_unkilled_run(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 300, &REGIONS);
    sandbox.aws.post("clock", &json!({"set": "2026-03-04T15:00:00Z"}));
    let plan = sandbox.plan(&REGIONS);
    sandbox.run(&plan).ended(0, "Complete");
    let unkilled = fingerprint(&sandbox.pool).await;
    assert!(unkilled.len() > 900, "{} rows are too few to prove anything", unkilled.len());

    let seed = from_environment("DESKFLEET_SEED", 20_261_125);
    let most = from_environment("DESKFLEET_KILLS", 20);
    let mut random = StdRng::seed_from_u64(seed);
    let (mut kills, mut run, mut killed_mid_run) = (0, Uuid::new_v4(), 0);
    forget(&sandbox.pool).await;
    while kills < most {
        let mut child = sandbox.start(&plan, run);
        // Not waiting for anything in the program, but for the moment it is killed in.
        std::thread::sleep(Duration::from_millis(random.random_range(20..500)));
        if child.try_wait().unwrap().is_some() {
            // Faster than the killer: the run is complete, and the next one starts afresh.
            sandbox.finish(child, run).ended(0, "Complete");
            assert_eq!(fingerprint(&sandbox.pool).await, unkilled, "seed {seed}, after {kills} kills");
            forget(&sandbox.pool).await;
            run = Uuid::new_v4();
            continue;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        if sandbox.count("select count(*) from workspace").await > 0 {
            killed_mid_run += 1;
        }
    }
    let child = sandbox.start(&plan, run);
    sandbox.finish(child, run).ended(0, "Complete");
    assert_eq!(fingerprint(&sandbox.pool).await, unkilled, "seed {seed}");
    assert!(killed_mid_run > 0, "no kill met a run that had written something");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn sigterm_keeps_the_page_in_hand_and_the_next_pod_goes_on(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 300, &["us-east-1"]);
    let mut plan = sandbox.plan(&["us-east-1"]);
    // Slow enough to be stopped in the middle, fast enough to have read something.
    plan["account"]["pace"]["DescribeWorkspaces"] = json!({"rate": 4, "burst": 12});
    let run = Uuid::new_v4();
    let child = sandbox.start(&plan, run);
    while sandbox.count("select coalesce(sum(items), 0)::bigint from run_step where source = 'inventory'").await < 50 {
        tokio::task::yield_now().await;
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
