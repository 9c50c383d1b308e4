//! Late events, skewed clocks and long breaks.

use serde_json::json;
use sqlx::PgPool;

use super::{NOW, a_trail, assert_equal, changes_in_ledger, changes_kept, later, run_at, run_skewed};

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn late_events_are_found_by_the_overlap(pool: PgPool) {
    let late = json!({"activity": 20, "unknownShare": 0, "lateShare": 0.5, "lateMinutes": 20});
    let (sandbox, plan) = a_trail(pool, 20, &late);
    for minutes in (0..=90).step_by(15) {
        let now = later(minutes);
        run_at(&sandbox, &plan, &now).ended(0, "Complete");
        assert_equal(&sandbox, &now).await;
    }
    let (first, last) = (changes_in_ledger(&sandbox, NOW), changes_in_ledger(&sandbox, &later(90)));
    assert!(last.len() > first.len() + 3, "nothing was late: {} and {}", first.len(), last.len());
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_clock_that_is_ten_minutes_off_loses_nothing(pool: PgPool) {
    let (sandbox, plan) = a_trail(pool, 20, &json!({"activity": 20, "unknownShare": 0, "lateShare": 0}));
    for (minutes, skew) in [(0, 10), (15, -10), (30, 10), (45, 0), (60, 0)] {
        sandbox.aws.post("clock", &json!({"set": later(minutes), "running": false}));
        run_skewed(&sandbox, &plan, &later(minutes + skew)).ended(0, "Complete");
    }
    assert_equal(&sandbox, &later(60)).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn being_far_behind_is_an_alarm_and_what_is_forgotten_is_told_once(pool: PgPool) {
    let (sandbox, plan) = a_trail(pool, 20, &json!({"unknownShare": 0}));
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    let denied = json!({"operation": "LookupEvents", "count": 99, "status": 400, "code": "AccessDeniedException"});
    sandbox.aws.post("fault", &json!({"rules": [denied]}));
    let finished = run_at(&sandbox, &plan, &later(70 * 24 * 60));
    let report = finished.ended(20, "PermissionDenied");
    assert!(report.errors[0].contains("70 days behind"), "{:?}", report.errors);

    sandbox.aws.delete("fault");
    let before = changes_kept(&sandbox).await.len();
    let now = later(100 * 24 * 60);
    let finished = run_at(&sandbox, &plan, &now);
    let report = finished.ended(0, "Partial");
    assert!(report.errors[0].contains("are lost"), "{:?}", report.errors);
    let lost = "select (sum(to_at - from_at) = interval '10 days')::int::bigint from audit_loss";
    assert_eq!(sandbox.count(lost).await, 1, "ten days are gone for good");
    assert_equal(&sandbox, &now).await;
    assert!(changes_kept(&sandbox).await.len() > before, "what CloudTrail forgot is still here");
    run_at(&sandbox, &plan, &later(100 * 24 * 60 + 15)).ended(0, "Complete");
}
