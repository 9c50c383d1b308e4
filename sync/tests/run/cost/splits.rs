//! Readings on any days, in pages of any size, killed anywhere, come to the same figures.

use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::{OLDEST, a_bill, all_requests, between, kept, later, run_at, start_at, told};
use crate::sandbox::Sandbox;

async fn forget(sandbox: &Sandbox) {
    let tables = "truncate cost_day, cost_day_version, cost_month, cost_reading, cost_forecast, cost_resource_day,
                           cost_resource_item, run_step, run, run_lease, aws_call, aws_budget cascade";
    sqlx::query(tables).execute(&sandbox.pool).await.unwrap();
}

/// `fleet` holds the same law for the rule alone, over thousands of splits.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn any_split_of_readings_over_any_days_gives_the_same_figures(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    // On the seventh all of the month before is final, and all of this one a week old.
    let end = "2026-05-07T10:00:00Z";
    let bill = told(&sandbox, "2025-04-01T00:00:00Z", &later(end, 24), end);
    let mut random = StdRng::seed_from_u64(20_261_125);
    for readings in [0, 1, 2, 5, 9] {
        forget(&sandbox).await;
        let mut before: Vec<i64> = (0..readings).map(|_| random.random_range(1..24 * 100)).collect();
        before.sort_unstable();
        for hours in before.iter().rev() {
            run_at(&sandbox, &plan, &later(end, -hours)).ended(0, "Complete");
        }
        run_at(&sandbox, &plan, end).ended(0, "Complete");
        let kept = between(&kept(&sandbox).await, "2025-04-01", "2027-01-01");
        assert_eq!(kept, bill, "read {before:?} hours before as well");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn killed_between_any_two_pages_nothing_is_lost_and_only_pages_in_flight_are_paid_twice(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    let now = super::NOW;
    sandbox.aws.post("billing", &json!({"restatedShare": 0.2, "pageGroups": 60}));
    run_at(&sandbox, &plan, now).ended(0, "Complete");
    let bill = told(&sandbox, OLDEST, &later(now, 24), now);
    assert_eq!(kept(&sandbox).await, bill);
    let unkilled = all_requests(&sandbox);
    assert!(unkilled > 40, "{unkilled} requests are too few to be killed in");

    forget(&sandbox).await;
    let run = Uuid::new_v4();
    let (mut kills, mut written) = (0, 0);
    while kills < 12 {
        let mut child = start_at(&sandbox, &plan, now, run);
        // The moment to kill it in is when it has written some more pages.
        let items = "select coalesce(sum(items), 0)::bigint from run_step";
        let mut now_written = sandbox.count(items).await;
        while now_written <= written + 60 && child.try_wait().unwrap().is_none() {
            crate::sandbox::look_again().await;
            now_written = sandbox.count(items).await;
        }
        if child.try_wait().unwrap().is_some() {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        (kills, written) = (kills + 1, now_written);
    }
    assert!(kills > 8, "the run was over after {kills} kills");
    let child = start_at(&sandbox, &plan, now, run);
    sandbox.finish(child, run).ended(0, "Complete");
    assert_eq!(kept(&sandbox).await, bill);
    assert_eq!(sandbox.count("select count(*) from cost_day_version").await, 0);
    let killed = all_requests(&sandbox) - unkilled;
    // Each kill may lose the answer in flight; a new pod asks for the services and accounts
    // anew when it comes to the next window.
    assert!(killed <= unkilled + 4 * kills, "{killed} requests for what {unkilled} were enough for");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_token_that_died_with_its_pod_begins_the_reading_again(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    let (now, run) = (super::NOW, Uuid::new_v4());
    sandbox.aws.post("billing", &json!({"restatedShare": 0.2, "pageGroups": 60}));
    let mut child = start_at(&sandbox, &plan, now, run);
    while sandbox.count("select count(*) from run_step where cursor like '%token\":\"%'").await == 0 {
        assert!(child.try_wait().unwrap().is_none(), "it never was between two pages");
        crate::sandbox::look_again().await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let fault = json!({"operation": "GetCostAndUsage", "status": 400, "code": "InvalidNextTokenException"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let child = start_at(&sandbox, &plan, now, run);
    sandbox.finish(child, run).ended(0, "Complete");
    assert_eq!(kept(&sandbox).await, told(&sandbox, OLDEST, &later(now, 24), now));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn two_schedules_of_one_account_at_once_come_to_the_same_figures(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    let now = super::NOW;
    sandbox.aws.post("billing", &json!({"restatedShare": 0.2, "pageGroups": 60}));
    let mut other = plan.clone();
    other["schedule"]["name"] = json!("other");
    let (first, second) = (Uuid::new_v4(), Uuid::new_v4());
    let children = [(start_at(&sandbox, &plan, now, first), first), (start_at(&sandbox, &other, now, second), second)];
    for (child, run) in children {
        sandbox.finish(child, run).ended(0, "Complete");
    }
    assert_eq!(kept(&sandbox).await, told(&sandbox, OLDEST, &later(now, 24), now));
    assert_eq!(sandbox.count("select count(*) from cost_day_version").await, 0);
}
