//! What AWS should not have sent, and what an account does not have.

use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::{NOW, a_bill, all_requests, kept, later, requests, run_at};
use crate::sandbox::OTHER_ACCOUNT;

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_page_with_figures_that_are_none_is_refused_and_earlier_figures_stay(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    let before = kept(&sandbox).await;
    sandbox.aws.post("billing", &json!({"malformed": ["not-numbers"]}));
    let finished = run_at(&sandbox, &plan, &later(NOW, 24));
    let report = finished.ended(20, "UnexpectedAnswer");
    let message = &report.errors[0];
    assert!(message.contains("UnblendedCost") && message.contains("is not a decimal number"), "{message}");
    assert!(message.contains("2026-03-"), "it names the day: {message}");
    assert_eq!(kept(&sandbox).await, before);
    sandbox.aws.post("billing", &json!({}));
    run_at(&sandbox, &plan, &later(NOW, 25)).ended(0, "Complete");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn usage_that_gives_money_back_is_kept_and_marked(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    sandbox.aws.post("billing", &json!({"malformed": ["negative-costs"]}));
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    let marked =
        "select count(*) from cost_day where suspect and unblended < 0 and record_type not in ('credit', 'refund')";
    assert!(sandbox.count(marked).await > 100);
    let wrong =
        "select count(*) from cost_day where suspect <> (unblended < 0 and record_type not in ('credit', 'refund'))";
    assert_eq!(sandbox.count(wrong).await, 0, "credits may be negative, and nothing else is marked");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn amounts_of_another_currency_keep_it(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    sandbox.aws.post("billing", &json!({"malformed": ["other-currencies"]}));
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    assert!(sandbox.count("select count(*) from cost_day where currency = 'EUR'").await > 100);
    assert!(sandbox.count("select count(*) from cost_day where currency = 'USD'").await > 100);
    assert!(sandbox.count("select count(*) from cost_resource_day where currency = 'EUR'").await > 0);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn tokens_without_end_cost_a_few_cents_and_not_the_budget(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    for (malformed, most) in [("repeated-token", 2), ("endless-tokens", 5)] {
        let before = all_requests(&sandbox);
        sandbox.aws.post("billing", &json!({"malformed": [malformed]}));
        let finished = run_at(&sandbox, &plan, NOW);
        finished.ended(20, "UnexpectedAnswer");
        let asked = all_requests(&sandbox) - before;
        assert!(asked <= most, "{malformed}: {asked} requests");
    }
    assert_eq!(sandbox.count("select count(*) from cost_month").await, 0);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn an_account_without_costs_of_single_desktops_is_no_failure(pool: PgPool) {
    let (sandbox, mut plan) = a_bill(pool);
    for (resources, state) in [("unavailable", "unavailable"), ("denied", "denied")] {
        sqlx::query("truncate cost_reading, cost_month").execute(&sandbox.pool).await.unwrap();
        sandbox.aws.post("billing", &json!({"resources": resources}));
        plan["trigger"] = json!("schedule");
        run_at(&sandbox, &plan, NOW).ended(0, "Complete");
        let note: (String, String) = sqlx::query_as("select state, note from cost_reading where part = 'resources'")
            .fetch_one(&sandbox.pool)
            .await
            .unwrap();
        assert_eq!(note.0, state);
        assert!(note.1.contains("costs of single desktops"), "{}", note.1);
        let asked = requests(&sandbox)["GetCostAndUsageWithResources"];
        run_at(&sandbox, &plan, &later(NOW, 24)).ended(0, "Complete");
        assert_eq!(requests(&sandbox)["GetCostAndUsageWithResources"], asked, "it is asked for once a week");
        plan["trigger"] = json!("request");
        run_at(&sandbox, &plan, &later(NOW, 25)).ended(0, "Complete");
        assert_eq!(requests(&sandbox)["GetCostAndUsageWithResources"], asked + 1, "or when a person asks");
    }
    assert_eq!(sandbox.count("select count(*) from cost_resource_day").await, 0);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_history_that_is_too_short_for_a_forecast_is_said(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    run_at(&sandbox, &plan, "2025-02-10T10:00:00Z").ended(0, "Complete");
    let note: (String, String) = sqlx::query_as("select state, note from cost_reading where part = 'forecast'")
        .fetch_one(&sandbox.pool)
        .await
        .unwrap();
    assert_eq!(note.0, "unavailable");
    assert!(note.1.contains("history of costs is too short"), "{}", note.1);
    assert_eq!(sandbox.count("select count(*) from cost_forecast").await, 0);
    assert!(sandbox.count("select count(*) from cost_day").await > 0);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_forecast_that_is_denied_keeps_nothing_else_from_being_read(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    let fault = json!({"operation": "GetCostForecast", "count": 99, "status": 400, "code": "AccessDeniedException"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let finished = run_at(&sandbox, &plan, NOW);
    assert!(finished.ended(0, "PermissionDenied").errors[0].contains("GetCostForecast"));
    assert_eq!(sandbox.count("select count(*) from cost_month").await, 14);
    assert!(sandbox.count("select count(*) from cost_resource_day").await > 0);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn an_account_without_a_fleet_pays_for_one_question(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    let accounts = json!([{"id": OTHER_ACCOUNT, "regions": ["us-east-1"]}]);
    sandbox.aws.post("fleet", &json!({"seed": 7, "desktops": 5, "accounts": accounts}));
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    assert_eq!(all_requests(&sandbox), 1);
    let note = "select count(*) from cost_reading where part = 'days' and note like 'no service of the fleet%'";
    assert_eq!(sandbox.count(note).await, 1);
    assert_eq!(sandbox.count("select count(*) from cost_month").await, 0, "nothing was read");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_permission_that_is_missing_is_named(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    let fault = json!({"operation": "GetCostAndUsage", "count": 99, "status": 400, "code": "AccessDeniedException"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let finished = run_at(&sandbox, &plan, NOW);
    assert!(finished.ended(20, "PermissionDenied").errors[0].contains("policies money"));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_probe_proves_permissions_on_costs_without_paying(pool: PgPool) {
    let (sandbox, mut plan) = a_bill(pool);
    plan["task"] = json!("probe");
    let fault = json!({"operation": "GetCostForecast", "count": 99, "status": 400, "code": "AccessDeniedException"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let run = Uuid::new_v4();
    let child = sandbox.command("probe", &plan, run).spawn().unwrap();
    let finished = sandbox.finish(child, run);
    let report = finished.ended(0, "PermissionsMissing");
    assert!(
        report.message.contains("ce:GetCostForecast") && !report.message.contains("ce:GetCostAndUsage"),
        "{}",
        report.message
    );
    let answered = sandbox
        .aws
        .lines("log?since=0")
        .iter()
        .filter(|call| call["service"] == "ce" && call["outcome"] == "ok")
        .count();
    assert_eq!(answered, 0, "nothing that AWS charges for was answered");

    plan["account"]["budget"] = json!({"costExplorerRequestsPerDay": 0});
    let before = all_requests(&sandbox);
    let run = Uuid::new_v4();
    let child = sandbox.command("probe", &plan, run).spawn().unwrap();
    sandbox.finish(child, run).ended(0, "Complete");
    assert_eq!(all_requests(&sandbox), before, "an account that may not pay is not asked about");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn govcloud_has_no_costs_of_its_own(pool: PgPool) {
    let (sandbox, mut plan) = a_bill(pool);
    plan["account"]["regions"] = json!(["us-gov-west-1"]);
    plan["regions"] = json!(["us-gov-west-1"]);
    plan["sources"] = json!(["Cost", "Prices"]);
    let finished = sandbox.run(&plan);
    let message = &finished.ended(20, "PlanInvalid").message;
    assert!(message.contains("cost, prices") && message.contains("commercial account"), "{message}");
}
