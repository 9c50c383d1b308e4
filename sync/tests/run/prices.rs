//! Prices equal the stand-in's list, with their history.

use std::collections::BTreeSet;

use fleet::{
    money::{Currency, Money},
    price::{Kind, Licence, ListPrice, Volumes, rates},
    vocabulary::ComputeType,
};
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

/// The open prices of a region, as they were parsed.
async fn list(sandbox: &Sandbox, region: &str) -> Vec<ListPrice> {
    let query = "select to_jsonb(price) || jsonb_build_object('amount', amount::text) from price
                 where valid_to is null and region = $1";
    let rows: Vec<(Value,)> = sqlx::query_as(query).bind(region).fetch_all(&sandbox.pool).await.unwrap();
    let parsed = rows.into_iter().map(|(row,)| {
        let text = |name: &str| row[name].as_str().map(str::to_owned);
        let of = |name: &str| text(name).unwrap();
        let gib = |name: &str| row[name].as_i64().and_then(|gib| i32::try_from(gib).ok());
        ListPrice {
            sku: of("sku"),
            rate_code: of("rate_code"),
            region: of("region"),
            usage_type: text("usage_type"),
            bundle: text("bundle"),
            volumes: gib("root_volume_gib")
                .zip(gib("user_volume_gib"))
                .map(|(root_gib, user_gib)| Volumes { root_gib, user_gib }),
            operating_system: text("operating_system"),
            license: text("license"),
            running_mode: text("running_mode"),
            resource_type: text("resource_type"),
            software_included: text("software_included"),
            unit: of("unit"),
            price: Money {
                amount: decimal(&of("amount")),
                currency: Currency::try_from(of("currency").as_str()).unwrap(),
            },
            effective_from: of("effective_from").parse().unwrap(),
        }
    });
    parsed.collect()
}

/// Figures that AWS published, for desktops with Windows in the price and their own volumes.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn the_rates_of_desktops_are_found_among_everything_that_looks_like_them(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 5, &["us-east-1"]);
    run_at(&sandbox, &a_plan(&sandbox, &["ap-southeast-1", "eu-west-1", "us-east-1"]), AFTER).ended(0, "Complete");
    let published = [
        ("us-east-1", ComputeType::Value, (80, 10), ["25", "7.25", "0.22"]),
        ("us-east-1", ComputeType::Standard, (80, 50), ["35", "9.75", "0.3"]),
        ("us-east-1", ComputeType::Performance, (80, 100), ["50", "13", "0.47"]),
        ("us-east-1", ComputeType::Power, (175, 100), ["78", "19", "0.68"]),
        ("us-east-1", ComputeType::Powerpro, (175, 100), ["140", "19", "1.53"]),
        ("eu-west-1", ComputeType::Standard, (80, 50), ["37", "11", "0.32"]),
        ("ap-southeast-1", ComputeType::Power, (175, 100), ["124", "26", "0.99"]),
    ];
    for (region, compute_type, (root_gib, user_gib), wanted) in published {
        let list = list(&sandbox, region).await;
        let volumes = Volumes { root_gib, user_gib };
        let kind = Kind { compute_type: &compute_type, licence: Licence::WindowsIncluded, volumes };
        let found = rates(&list, kind);
        let found = [found.month, found.fee, found.hour].map(|price| price.map(|price| price.price.amount));
        assert_eq!(found, wanted.map(|amount| Some(decimal(amount))), "{region} {compute_type}");
    }
    // The list has a hole: a desktop with these volumes has an hour and no month.
    let list = list(&sandbox, "ap-southeast-1").await;
    let volumes = Volumes { root_gib: 80, user_gib: 10 };
    let hole = rates(&list, Kind { compute_type: &ComputeType::Power, licence: Licence::WindowsIncluded, volumes });
    assert!(hole.month.is_none() && hole.fee.is_none() && hole.hour.is_some(), "{hole:?}");
}
