//! Prices equal the stand-in's list, with their history.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::sandbox::{Finished, Sandbox};

/// Before and after the day on which some prices changed.
const BEFORE: &str = "2026-01-20T10:00:00Z";
const AFTER: &str = "2026-02-10T10:00:00Z";

/// SKU, usage type, bundle, unit, amount.
type Price = (String, String, Option<String>, String, Decimal);

fn a_plan(sandbox: &Sandbox, regions: &[&str]) -> Value {
    let mut plan = sandbox.plan(regions);
    plan["sources"] = json!(["Prices"]);
    plan["account"]["pace"]["GetProducts"] = json!({"rate": 5000, "burst": 1000});
    plan
}

fn run_at(sandbox: &Sandbox, plan: &Value, now: &str) -> Finished {
    let run = Uuid::new_v4();
    sandbox.aws.post("clock", &json!({"set": now, "running": false}));
    let mut program = sandbox.command("run", plan, run);
    sandbox.finish(program.env("DESKFLEET_SYNC_NOW", now).spawn().unwrap(), run)
}

fn decimal(text: &str) -> Decimal {
    text.parse::<Decimal>().unwrap().normalize()
}

/// The list of a region from a day on which prices changed: what is no twin and not free.
fn ledger(sandbox: &Sandbox, region: &str, day: &str) -> BTreeSet<Price> {
    let lines = sandbox
        .aws
        .lines(&format!("ledger?type=prices&region={region}&from=2024-01-01T00:00:00Z&to=2027-01-01T00:00:00Z"));
    let text = |line: &Value, name: &str| line[name].as_str().map(str::to_owned);
    lines
        .iter()
        .filter(|line| line["from"] == day && line["productFamily"] == "Enterprise Applications" && line["usd"] != "0")
        .map(|line| {
            let usd = decimal(line["usd"].as_str().unwrap());
            let of = |name: &str| text(line, name).unwrap();
            (of("sku"), of("usageType"), text(line, "bundle"), of("unit"), usd)
        })
        .collect()
}

async fn kept(sandbox: &Sandbox, region: &str, condition: &str) -> BTreeSet<Price> {
    let query = format!(
        "select sku, usage_type, bundle, unit, amount::text from price where region = '{region}' and {condition}"
    );
    let rows: Vec<(String, String, Option<String>, String, String)> =
        sqlx::query_as(sqlx::AssertSqlSafe(query)).fetch_all(&sandbox.pool).await.unwrap();
    rows.into_iter().map(|(sku, usage, bundle, unit, amount)| (sku, usage, bundle, unit, decimal(&amount))).collect()
}

fn asked(sandbox: &Sandbox) -> usize {
    sandbox.aws.lines("log?since=0").iter().filter(|call| call["operation"] == "GetProducts").count()
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn prices_equal_the_list_and_what_changes_ends_and_begins_anew(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 5, &["us-east-1"]);
    let regions = ["eu-central-1", "us-east-1"];
    let plan = a_plan(&sandbox, &regions);
    run_at(&sandbox, &plan, BEFORE).ended(0, "Complete");
    for region in regions {
        let list = ledger(&sandbox, region, "2025-08-01");
        assert!(list.len() > 100, "{} prices of {region} prove little", list.len());
        assert_eq!(kept(&sandbox, region, "valid_to is null").await, list);
    }
    let others = "select count(*) from price where region not in ('eu-central-1', 'us-east-1') or currency <> 'USD'";
    assert_eq!(sandbox.count(others).await, 0, "only the run's regions are read");

    run_at(&sandbox, &plan, AFTER).ended(0, "Complete");
    for region in regions {
        assert_eq!(kept(&sandbox, region, "valid_to is null").await, ledger(&sandbox, region, "2026-02-01"));
        let earlier = format!("valid_from <= '{BEFORE}' and coalesce(valid_to, 'infinity') > '{BEFORE}'");
        assert_eq!(kept(&sandbox, region, &earlier).await, ledger(&sandbox, region, "2025-08-01"), "what held before");
    }
    let standard = "select count(*) from price where region = 'us-east-1' and valid_to is null and effective_from = '2026-02-01'
                    and (usage_type, unit, amount) in (('AW-HW-2', 'Month', 35), ('AW-HW-2-AutoStop-User', 'Month', 9.75),
                                                       ('AW-HW-2-AutoStop-Usage', 'Hour', 0.30))
                    and bundle = 'Standard' and (root_volume_gib, user_volume_gib) = (80, 50)";
    assert_eq!(sandbox.count(standard).await, 3);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn prices_are_read_once_a_day_or_when_a_person_asks(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 5, &["us-east-1"]);
    let mut plan = a_plan(&sandbox, &["us-east-1"]);
    run_at(&sandbox, &plan, AFTER).ended(0, "Complete");
    let first = asked(&sandbox);
    assert!(first >= 2, "a hundred a page");
    run_at(&sandbox, &plan, "2026-02-11T09:00:00Z").ended(0, "Complete");
    assert_eq!(asked(&sandbox), first);
    plan["trigger"] = json!("request");
    run_at(&sandbox, &plan, "2026-02-11T09:01:00Z").ended(0, "Complete");
    assert_eq!(asked(&sandbox), 2 * first);
    let rows = "select count(*) from price where valid_to is not null";
    assert_eq!(sandbox.count(rows).await, 0, "the same prices are no history");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_list_that_breaks_off_ends_no_price(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 5, &["us-east-1"]);
    let plan = a_plan(&sandbox, &["us-east-1"]);
    run_at(&sandbox, &plan, BEFORE).ended(0, "Complete");
    let before = kept(&sandbox, "us-east-1", "valid_to is null").await;
    let fault =
        json!({"operation": "GetProducts", "after": 1, "count": 99, "status": 400, "code": "AccessDeniedException"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let finished = run_at(&sandbox, &plan, AFTER);
    assert!(finished.ended(20, "PermissionDenied").errors[0].contains("GetProducts"));
    assert_eq!(kept(&sandbox, "us-east-1", "valid_to is null").await, before);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn prices_are_asked_for_in_one_place_whatever_the_regions_are(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 5, &["us-east-1"]);
    let plan = a_plan(&sandbox, &["ap-southeast-1", "eu-west-1"]);
    run_at(&sandbox, &plan, AFTER).ended(0, "Complete");
    assert_eq!(sandbox.count("select count(*) from run_step").await, 1);
    assert_eq!(
        sandbox.count("select count(*) from run_step where region = 'us-east-1' and state = 'complete'").await,
        1
    );
    assert_eq!(sandbox.count("select count(distinct region) from price").await, 2);
    let log = sandbox.aws.lines("log?since=0");
    assert!(log.iter().filter(|call| call["operation"] == "GetProducts").all(|call| call["region"] == "us-east-1"));
    // The list has a hole there: no price is better than a wrong one.
    let hole = "select count(*) from price where region = 'ap-southeast-1' and bundle = 'Power-0' and running_mode = 'AlwaysOn'
                and license = 'Included'";
    assert_eq!(sandbox.count(hole).await, 0);
}
