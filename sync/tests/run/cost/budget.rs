//! Pages cost money: they are counted, and never more are asked for than may be paid.

use rust_decimal::Decimal;
use serde_json::json;
use sqlx::PgPool;

use super::{NOW, OLDEST, a_bill, all_requests, kept, later, run_at, told};

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn no_budget_is_ever_exceeded_and_what_was_read_is_kept(pool: PgPool) {
    let (sandbox, mut plan) = a_bill(pool);
    sandbox.aws.post("billing", &json!({"pageGroups": 60}));
    let mut before = 0;
    for budget in [1, 2, 3, 4, 7] {
        sqlx::query("delete from aws_budget").execute(&sandbox.pool).await.unwrap();
        plan["account"]["budget"] = json!({"costExplorerRequestsPerDay": budget});
        let finished = run_at(&sandbox, &plan, NOW);
        // The first two requests find out what there is to read.
        let report = finished.ended(if budget <= 2 { 20 } else { 0 }, "BudgetExhausted");
        assert!(report.errors[0].contains("spec.budget.costExplorerRequestsPerDay"), "{:?}", report.errors);
        let asked = all_requests(&sandbox);
        assert_eq!(asked - before, budget, "as many as may be paid, and no more");
        assert_eq!(report.cost, Decimal::new(i64::try_from(budget).unwrap(), 2));
        before = asked;
    }
    assert!(sandbox.count("select count(*) from cost_day").await > 0);
    // The same day has nothing left to spend.
    run_at(&sandbox, &plan, NOW).ended(20, "BudgetExhausted");
    assert_eq!(all_requests(&sandbox), before);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_small_budget_reaches_all_months_after_some_days(pool: PgPool) {
    let (sandbox, mut plan) = a_bill(pool);
    plan["account"]["budget"] = json!({"costExplorerRequestsPerDay": 6});
    let mut day = 0;
    loop {
        sqlx::query("delete from aws_budget").execute(&sandbox.pool).await.unwrap();
        let now = later(NOW, 24 * day);
        if run_at(&sandbox, &plan, &now).report().reason == "Complete" {
            break;
        }
        day += 1;
        assert!(day < 10, "it never ends");
    }
    assert!(day > 2, "the budget was no limit");
    let months = "select count(*) from cost_month";
    assert_eq!(sandbox.count(months).await, 14);
    let older = told(&sandbox, OLDEST, "2026-02-01T00:00:00Z", &later(NOW, 24 * day));
    assert_eq!(super::between(&kept(&sandbox).await, "2025-02-01", "2026-02-01"), older);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_is_fresh_is_not_paid_for_again_until_a_person_asks(pool: PgPool) {
    let (sandbox, mut plan) = a_bill(pool);
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    let first = all_requests(&sandbox);
    run_at(&sandbox, &plan, &later(NOW, 2)).ended(0, "Complete");
    assert_eq!(all_requests(&sandbox), first, "AWS refreshes costs every eight hours");
    plan["trigger"] = json!("request");
    run_at(&sandbox, &plan, &later(NOW, 3)).ended(0, "Complete");
    // Services, accounts, one page of days, the forecast, the resources.
    assert_eq!(all_requests(&sandbox), first + 5);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn throttled_requests_are_tried_again_and_paid_again(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    let fault = json!({"operation": "GetCostAndUsage", "after": 1, "count": 2, "status": 400, "code": "LimitExceededException"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let report = run_at(&sandbox, &plan, NOW).ended(0, "Complete").clone();
    assert_eq!(kept(&sandbox).await, told(&sandbox, OLDEST, &later(NOW, 24), NOW));
    let asked = i64::try_from(all_requests(&sandbox)).unwrap();
    assert_eq!(asked, 17 + 2);
    assert_eq!(report.cost, Decimal::new(asked, 2));
    let spent = "select (spent_usd * 100)::bigint from aws_budget where purse = 'cost_explorer'";
    assert_eq!(sandbox.count(spent).await, asked);
    assert_eq!(sandbox.count("select sum(throttles)::bigint from run_step").await, 2);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn months_that_retention_would_remove_are_not_paid_for(pool: PgPool) {
    let (sandbox, mut plan) = a_bill(pool);
    plan["account"]["retention"] = json!({"costDays": 90});
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    // The latest days with February, then January and December, of which twelve days are kept.
    assert_eq!(sandbox.count("select count(*) from cost_month where month >= '2025-12-01'").await, 4);
    assert_eq!(sandbox.count("select count(*) from cost_month").await, 4);
    assert_eq!(all_requests(&sandbox), 2 + 3 + 2);
}
