//! AWS restates costs: what it said before stays, and what it no longer says goes.

use serde_json::json;
use sqlx::PgPool;

use super::{NOW, OLDEST, a_bill, between, kept, kept_at, later, run_at, told};

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn every_earlier_reading_can_be_told_again(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    // Across the end of a month, and over the days on which it is closed.
    let readings: Vec<String> = [0, 1, 3, 6, 11, 12, 13, 16, 18].map(|days| later(NOW, 24 * days)).into();
    for now in &readings {
        run_at(&sandbox, &plan, now).ended(0, "Complete");
    }
    assert!(sandbox.count("select count(*) from cost_day_version where not vanished").await > 5);
    assert!(sandbox.count("select count(*) from cost_day_version where vanished").await > 0);

    let first = &readings[0];
    let bill = told(&sandbox, OLDEST, &later(first, 24), first);
    assert_eq!(kept_at(&sandbox, first).await, bill, "what the first reading said");
    for now in &readings[1..] {
        // Days of the week before that reading were read by it.
        let (from, to) = (later(now, -24 * 7), later(now, 24));
        let (from_day, to_day) = (&from[..10], &to[..10]);
        let bill = told(&sandbox, &format!("{from_day}T00:00:00Z"), &format!("{to_day}T00:00:00Z"), now);
        assert_eq!(between(&kept_at(&sandbox, now).await, from_day, to_day), bill, "as of {now}");
    }
    let last = readings.last().unwrap();
    let march = told(&sandbox, "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", last);
    assert_eq!(between(&kept(&sandbox).await, "2026-03-01", "2026-04-01"), march, "the month is closed");
    assert_eq!(sandbox.count("select count(*) from cost_day where day < '2026-04-01' and estimated").await, 0);
    assert!(sandbox.count("select count(*) from cost_day where day >= '2026-04-01' and estimated").await > 0);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_is_read_again_and_says_the_same_is_no_version(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    // From the 7th of May on everything before May is final.
    let now = "2026-05-08T10:00:00Z";
    run_at(&sandbox, &plan, now).ended(0, "Complete");
    let state = "select count(*) from cost_day_version where day < '2026-05-01'";
    run_at(&sandbox, &plan, &later(now, 24)).ended(0, "Complete");
    assert_eq!(sandbox.count(state).await, 0);
    assert_eq!(
        sandbox.count("select count(*) from cost_day where day < '2026-05-01' and recorded_at > '2026-05-09'").await,
        0
    );
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn nothing_vanishes_in_a_window_that_was_not_read_to_its_end(pool: PgPool) {
    let (sandbox, mut plan) = a_bill(pool);
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    sandbox.aws.post("billing", &json!({"restatedShare": 0.2, "vanishingShare": 0.5, "pageGroups": 9}));
    sqlx::query("delete from aws_budget").execute(&sandbox.pool).await.unwrap();
    // Some lines of the last week that the bill no longer has, and that vanish when it is read.
    let strange = "insert into cost_day select account_id, linked_account_id, day, 'AW-Strange', record_type, currency,
                       unblended, net_unblended, usage_quantity, usage_unit, estimated, suspect, recorded_at, last_read_at
                   from cost_day where day between '2026-03-16' and '2026-03-18' and record_type = 'usage'
                   on conflict do nothing";
    sqlx::query(strange).execute(&sandbox.pool).await.unwrap();
    let strangers = "select count(*) from cost_day where usage_type = 'AW-Strange'";
    assert!(sandbox.count(strangers).await > 0);
    // Enough for the services, the accounts and the first page of the days.
    plan["account"]["budget"] = json!({"costExplorerRequestsPerDay": 3});
    run_at(&sandbox, &plan, &later(NOW, 24)).ended(0, "BudgetExhausted");
    assert!(sandbox.count(strangers).await > 0, "the window was not read to its end");
    plan["account"]["budget"] = json!({"costExplorerRequestsPerDay": 1_000});
    run_at(&sandbox, &plan, &later(NOW, 25)).ended(0, "Complete");
    assert_eq!(sandbox.count(strangers).await, 0);
    let kept = "select count(*) from cost_day_version where usage_type = 'AW-Strange' and vanished";
    assert!(sandbox.count(kept).await > 0, "they stay as versions");
}
