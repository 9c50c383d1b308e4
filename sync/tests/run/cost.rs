//! Costs against the stand-in's bill: a fleet, runs at chosen times, and what must be kept.
//!
//! | file | the rules it holds |
//! |---|---|
//! | `figures` | what is kept equals the bill, whoever sees which accounts |
//! | `restated` | earlier figures stay, what vanished goes |
//! | `splits` | readings on any days, or killed anywhere, come to the same figures |
//! | `budget` | pages are counted, and no more are asked for than may be paid |
//! | `hostile` | figures that are none, tokens without end, sources that an account lacks |

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::sandbox::{Finished, Sandbox};

mod budget;
mod figures;
mod hostile;
mod restated;
mod splits;

/// An ordinary day: not one on which a month is being closed.
const NOW: &str = "2026-03-20T10:00:00Z";
/// The oldest day that Cost Explorer still has then.
const OLDEST: &str = "2025-02-01T00:00:00Z";

/// Day, account, usage type, record type.
type Key = (String, String, String, String);

/// What a key costs: currency, unblended, net, quantity and its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cost {
    unblended: Decimal,
    net: Decimal,
    quantity: Decimal,
    unit: Option<String>,
}

type Costs = BTreeMap<Key, Cost>;

/// Few desktops whose bill is restated often, and a plan that reads it.
fn a_bill(pool: PgPool) -> (Sandbox, Value) {
    let sandbox = Sandbox::new(pool, 12, &["us-east-1"]);
    sandbox.aws.post("billing", &json!({"restatedShare": 0.2, "vanishingShare": 0.5, "refundShare": 1}));
    let mut plan = sandbox.plan(&["us-east-1"]);
    plan["sources"] = json!(["Cost"]);
    for operation in
        ["GetDimensionValues", "GetCostAndUsage", "GetCostAndUsageWithResources", "GetCostForecast", "GetProducts"]
    {
        plan["account"]["pace"][operation] = json!({"rate": 5000, "burst": 1000});
    }
    // A test asks more in an hour than anybody in a day.
    plan["account"]["budget"] = json!({"costExplorerRequestsPerDay": 10_000});
    (sandbox, plan)
}

/// Runs `plan` as if it were `now`.
fn run_at(sandbox: &Sandbox, plan: &Value, now: &str) -> Finished {
    let run = Uuid::new_v4();
    sandbox.finish(start_at(sandbox, plan, now, run), run)
}

fn start_at(sandbox: &Sandbox, plan: &Value, now: &str, run: Uuid) -> std::process::Child {
    sandbox.aws.post("clock", &json!({"set": now, "running": false}));
    let mut program = sandbox.command("run", plan, run);
    program.env("DESKFLEET_SYNC_NOW", now).spawn().unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse::<Decimal>().unwrap().normalize()
}

/// Lines of the bill that belong to the fleet, as told at `now`, by what we keep them by.
fn told(sandbox: &Sandbox, from: &str, to: &str, now: &str) -> Costs {
    let mut costs = Costs::new();
    for line in sandbox.aws.lines(&format!("ledger?type=costs&from={from}&to={to}&asOf={now}")) {
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        let service = text("service");
        let of_fleet = service == "Amazon WorkSpaces" || service == "AWS Directory Service" || service == "Tax";
        if !of_fleet {
            continue;
        }
        let key = (text("day"), text("account"), text("usageType"), text("record").to_lowercase());
        let unit = Some(text("unit")).filter(|unit| !unit.is_empty());
        let cost = costs.entry(key).or_insert_with(|| Cost {
            unblended: Decimal::ZERO,
            net: Decimal::ZERO,
            quantity: Decimal::ZERO,
            unit,
        });
        cost.unblended += decimal(&text("unblended"));
        cost.net += decimal(&text("netUnblended"));
        cost.quantity += decimal(&text("quantity"));
    }
    for cost in costs.values_mut() {
        for amount in [&mut cost.unblended, &mut cost.net, &mut cost.quantity] {
            *amount = amount.normalize();
        }
    }
    costs
}

const KEPT: &str = "select day::text, linked_account_id, usage_type, record_type, currency, unblended::text,
                           net_unblended::text, usage_quantity::text, usage_unit
                    from cost_day";

/// What is kept.
async fn kept(sandbox: &Sandbox) -> Costs {
    rows(sandbox, KEPT).await
}

/// What was kept at `now`, from the present and what it superseded.
async fn kept_at(sandbox: &Sandbox, now: &str) -> Costs {
    let columns = "select day::text, linked_account_id, usage_type, record_type, currency, unblended::text,
                          net_unblended::text, usage_quantity::text, usage_unit";
    let query = format!(
        "{columns} from cost_day where recorded_at <= '{now}'
         union all
         {columns} from cost_day_version where recorded_at <= '{now}' and superseded_at > '{now}'"
    );
    rows(sandbox, &query).await
}

async fn rows(sandbox: &Sandbox, query: &str) -> Costs {
    let rows = sqlx::query(sqlx::AssertSqlSafe(query.to_owned())).fetch_all(&sandbox.pool).await.unwrap();
    let mut costs = Costs::new();
    for row in rows {
        let text = |column: usize| row.get::<String, _>(column);
        assert_eq!(text(4), "USD");
        let key = (text(0), text(1), text(2), text(3));
        let [unblended, net, quantity] = [5, 6, 7].map(|column| decimal(&text(column)));
        let twice = costs.insert(key, Cost { unblended, net, quantity, unit: row.get(8) });
        assert!(twice.is_none(), "twice: {twice:?}");
    }
    costs
}

/// Only costs of days from `from` on and before `to`.
fn between(costs: &Costs, from: &str, to: &str) -> Costs {
    let within = costs.iter().filter(|((day, ..), _)| day.as_str() >= from && day.as_str() < to);
    within.map(|(key, cost)| (key.clone(), cost.clone())).collect()
}

/// Calls to Cost Explorer since the stand-in was reset, by operation, throttled ones too.
fn requests(sandbox: &Sandbox) -> BTreeMap<String, usize> {
    let mut requests = BTreeMap::new();
    for call in sandbox.aws.lines("log?since=0").iter().filter(|call| call["service"] == "ce") {
        *requests.entry(call["operation"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    requests
}

/// Of all operations together.
fn all_requests(sandbox: &Sandbox) -> usize {
    requests(sandbox).values().sum()
}

/// So many hours after an instant.
fn later(now: &str, hours: i64) -> String {
    let now: Timestamp = now.parse().unwrap();
    (now + jiff::SignedDuration::from_hours(hours)).to_string()
}
