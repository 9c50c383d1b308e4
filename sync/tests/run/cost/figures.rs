//! What is kept equals the bill to the last digit.

use rust_decimal::Decimal;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{NOW, OLDEST, a_bill, decimal, kept, later, requests, run_at, told};
use crate::sandbox::{ACCOUNT, OTHER_ACCOUNT, Sandbox};

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_first_reading_equals_the_bill_of_fourteen_months(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    let report = run_at(&sandbox, &plan, NOW).ended(0, "Complete").clone();
    let bill = told(&sandbox, OLDEST, &later(NOW, 24), NOW);
    assert!(bill.len() > 2_000, "{} lines prove little", bill.len());
    assert_eq!(kept(&sandbox).await, bill);

    let asked = requests(&sandbox);
    let expected = [
        ("GetCostAndUsage", 14),
        ("GetCostAndUsageWithResources", 1),
        ("GetCostForecast", 1),
        ("GetDimensionValues", 1),
    ];
    let expected: Vec<(String, usize)> = expected.map(|(name, count)| (name.to_owned(), count)).into();
    assert_eq!(asked.into_iter().collect::<Vec<_>>(), expected, "one question for all, then one a window");
    assert_eq!(report.cost, Decimal::new(17, 2));

    let records =
        "select count(distinct record_type) from cost_day where record_type in ('usage', 'credit', 'refund', 'tax')";
    assert_eq!(sandbox.count(records).await, 4, "they are kept apart");
    assert_eq!(sandbox.count("select count(*) from cost_day where suspect").await, 0);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_payer_sees_its_members_and_a_member_itself_alone(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    let accounts = json!([
        {"id": OTHER_ACCOUNT, "regions": ["us-east-1", "eu-central-1"]},
        {"id": ACCOUNT, "regions": ["us-east-1"]},
        {"id": "333333333333", "regions": ["us-east-1"]},
        {"id": "444444444444", "regions": ["us-east-1"]},
        {"id": "555555555555", "regions": ["us-east-1"]},
    ]);
    sandbox.aws.post("fleet", &json!({"seed": 7, "desktopsPerRegion": 5, "accounts": accounts}));
    sandbox.aws.post("billing", &json!({"payer": ACCOUNT}));
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    let bill = told(&sandbox, OLDEST, &later(NOW, 24), NOW);
    assert_eq!(kept(&sandbox).await, bill);
    assert_eq!(sandbox.count("select count(distinct linked_account_id) from cost_day").await, 5);
    // Four record types are fewer than five accounts.
    assert_eq!(requests(&sandbox)["GetCostAndUsage"], 1 + 13 * 4);

    sandbox.aws.post("billing", &json!({"payer": OTHER_ACCOUNT}));
    sqlx::query("truncate cost_day, cost_month, cost_reading").execute(&sandbox.pool).await.unwrap();
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    let mut own = told(&sandbox, OLDEST, &later(NOW, 24), NOW);
    own.retain(|(_, account, ..), _| account == ACCOUNT);
    assert_eq!(kept(&sandbox).await, own);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn pages_of_any_size_come_to_the_same_figures(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    for groups in [1_000, 37] {
        sandbox.aws.post("billing", &json!({"pageGroups": groups}));
        sqlx::query("truncate cost_day, cost_month, cost_reading").execute(&sandbox.pool).await.unwrap();
        run_at(&sandbox, &plan, NOW).ended(0, "Complete");
        assert_eq!(kept(&sandbox).await, told(&sandbox, OLDEST, &later(NOW, 24), NOW), "{groups} a page");
    }
    assert!(requests(&sandbox)["GetCostAndUsage"] > 50, "there was only one page");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_forecast_is_kept_with_its_interval_and_the_day_it_was_made_on(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    run_at(&sandbox, &plan, &later(NOW, 24)).ended(0, "Complete");
    let days =
        "select count(*) from cost_forecast where made_on = '2026-03-20' and day between '2026-03-20' and '2026-04-30'";
    assert_eq!(sandbox.count(days).await, 42);
    let of_next_day =
        "select count(*) from cost_forecast where made_on = '2026-03-21' and day between '2026-03-21' and '2026-04-30'";
    assert_eq!(sandbox.count(of_next_day).await, 41, "the one of the day before stays");
    let sound = "select count(*) from cost_forecast where low < mean and mean < high and currency = 'USD' and interval_level = 80";
    assert_eq!(sandbox.count(sound).await, 42 + 41);
}

/// Sums of the bill's lines by resource that are usage of the fleet.
fn by_resource(sandbox: &Sandbox, from: &str, to: &str, now: &str) -> Vec<(String, String, String, Decimal)> {
    let lines = sandbox.aws.lines(&format!("ledger?type=bill&from={from}&to={to}&asOf={now}"));
    let text = |line: &Value, name: &str| line[name].as_str().unwrap_or("NoResourceId").to_owned();
    let mut costs: Vec<_> = lines
        .iter()
        .filter(|line| line["record"] == "Usage")
        .filter(|line| line["service"] == "Amazon WorkSpaces" || line["service"] == "AWS Directory Service")
        .map(|line| {
            (text(line, "day"), text(line, "resource"), text(line, "usageType"), decimal(&text(line, "unblended")))
        })
        .collect();
    costs.sort();
    costs
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn costs_of_single_desktops_are_kept_beyond_the_two_weeks_that_aws_tells_them(pool: PgPool) {
    let (sandbox, plan) = a_bill(pool);
    for day in 0..20 {
        run_at(&sandbox, &plan, &later(NOW, 24 * day)).ended(0, "Complete");
    }
    let query = "select day::text, resource, usage_type, unblended::text
                 from cost_resource_day join cost_resource_item using (resource_no)
                 where day between '2026-03-08' and '2026-04-05'";
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(query).fetch_all(&sandbox.pool).await.unwrap();
    let mut rows: Vec<_> =
        rows.into_iter().map(|(day, resource, kind, cost)| (day, resource, kind, decimal(&cost))).collect();
    rows.sort();
    let days: std::collections::BTreeSet<&String> = rows.iter().map(|(day, ..)| day).collect();
    assert!(rows.len() > 100 && days.len() > 25, "{} rows of {} days prove little", rows.len(), days.len());
    // From the day of the first reading on each day is read when it is whole, two days later.
    let first = jiff::civil::date(2026, 3, 19);
    for day in std::iter::successors(Some(first), |day| day.tomorrow().ok()).take(18) {
        let (next, whole) = (day.tomorrow().unwrap(), day.saturating_add(jiff::Span::new().days(2)));
        let bill = by_resource(
            &sandbox,
            &format!("{day}T00:00:00Z"),
            &format!("{next}T00:00:00Z"),
            &format!("{whole}T10:00:00Z"),
        );
        let of_day: Vec<_> = rows.iter().filter(|(one, ..)| *one == day.to_string()).cloned().collect();
        assert_eq!(of_day, bill, "{day}");
    }
    let desktops = "select count(distinct workspace_id) from cost_resource_item";
    assert!(sandbox.count(desktops).await >= 8);
    assert_eq!(super::requests(&sandbox)["GetCostAndUsageWithResources"], 20);
}
