//! Evidence of use equals what the stand-in's ledger says of the same desktops, however
//! late its points came and however often they were read.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::sandbox::{Finished, Sandbox};

const NOW: &str = "2026-03-20T10:02:00Z";
/// 62 whole days before `NOW`, where every slot is still kept.
const FROM: &str = "2026-01-17T00:00:00Z";
const SLOT: i64 = 300;

/// Slots since 1970, by desktop.
type Slots = BTreeMap<String, BTreeSet<i64>>;

/// As [`a_fleet`], with a plan that reads only the days whose slots are compared.
fn a_fleet_of_two_months(pool: PgPool) -> (Sandbox, Value) {
    let (sandbox, mut plan) = a_fleet(pool, NOW);
    plan["metricsHistoryDays"] = json!(63);
    (sandbox, plan)
}

/// A fleet whose clock stands at `now`.
fn a_fleet(pool: PgPool, now: &str) -> (Sandbox, Value) {
    let sandbox = Sandbox::new(pool, 12, &["us-east-1"]);
    sandbox.aws.post("clock", &json!({"set": now, "running": false}));
    let mut plan = sandbox.plan(&["us-east-1"]);
    plan["sources"] = json!(["Inventory", "Metrics"]);
    plan["account"]["pace"]["GetMetricData"] = json!({"rate": 5000, "burst": 1000});
    (sandbox, plan)
}

/// Runs `plan` as if it were `now`.
fn run_at(sandbox: &Sandbox, plan: &Value, now: &str) -> Finished {
    let run = Uuid::new_v4();
    sandbox.aws.post("clock", &json!({"set": now, "running": false}));
    let mut program = sandbox.command("run", plan, run);
    program.env("DESKFLEET_SYNC_NOW", now);
    sandbox.finish(program.spawn().unwrap(), run)
}

/// Slots that the ledger's intervals of `kind` touch.
fn ledger(sandbox: &Sandbox, kind: &str, to: &str) -> Slots {
    let mut slots = Slots::new();
    for line in sandbox.aws.lines(&format!("ledger?type={kind}&from={FROM}&to={to}")) {
        let second = |name: &str| line[name].as_str().unwrap().parse::<Timestamp>().unwrap().as_second();
        let touched = second("start").div_euclid(SLOT)..=(second("end") - 1).div_euclid(SLOT);
        slots.entry(line["workspaceId"].as_str().unwrap().to_owned()).or_default().extend(touched);
    }
    slots
}

/// Slots that are set in one of the kept maps.
async fn kept(sandbox: &Sandbox, query: &'static str) -> Slots {
    let from = FROM.parse::<Timestamp>().unwrap().as_second();
    let rows: Vec<(String, i64, Option<String>)> = sqlx::query_as(query).fetch_all(&sandbox.pool).await.unwrap();
    let mut slots = Slots::new();
    for (desktop, day, map) in rows {
        let set = map.unwrap_or_default();
        let set = set.bytes().enumerate().filter(|(_, bit)| *bit == b'1');
        let set = set.map(|(slot, _)| day / SLOT + i64::try_from(slot).unwrap()).filter(|slot| slot * SLOT >= from);
        slots.entry(desktop).or_default().extend(set);
    }
    slots.retain(|_, set| !set.is_empty());
    slots
}

const CONNECTED: &str = "select workspace_id, extract(epoch from day)::bigint, day_map(connected)::text
                         from usage_day join workspace using (workspace_no)";
const RUNNING: &str = "select workspace_id, extract(epoch from day)::bigint, day_map(running)::text
                       from usage_day join workspace using (workspace_no)";

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn two_months_of_evidence_equal_the_ledger_slot_by_slot(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool, NOW);
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    let connected = kept(&sandbox, CONNECTED).await;
    assert!(connected.values().map(BTreeSet::len).sum::<usize>() > 1_000, "too little to prove anything");
    assert_eq!(connected, ledger(&sandbox, "connected", "2026-03-20T10:00:00Z"));

    let (running, gaps) = (ledger(&sandbox, "running", "2026-03-20T10:00:00Z"), ledger(&sandbox, "gaps", NOW));
    for (desktop, slots) in kept(&sandbox, RUNNING).await {
        let silent = gaps.get(&desktop).cloned().unwrap_or_default();
        let expected: BTreeSet<i64> = running[&desktop].difference(&silent).copied().collect();
        assert_eq!(slots, expected, "{desktop}");
    }
    let older = "select count(*) from usage_hour where day < '2026-01-16' and connected <> B'0'::bit(24)";
    assert!(sandbox.count(older).await > 100, "the year before is read by the hour");
    assert_eq!(sandbox.count("select count(*) from usage_hour where day > '2026-01-16'").await, 0);
    let paid = "select (sum(cost_usd) * 100000)::bigint from aws_call where operation = 'GetMetricData'";
    let graphics = sandbox.count("select count(*) from workspace where compute_type like 'graphics%'").await;
    // Six metrics by five minutes, four by the hour and 34 values by the day, of twelve desktops.
    assert_eq!(sandbox.count(paid).await, 12 * (6 + 4 + 34) + 4 * graphics);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn points_that_come_late_are_found_and_nothing_is_written_twice(pool: PgPool) {
    let (sandbox, plan) = a_fleet_of_two_months(pool);
    sandbox.aws.post("metrics", &json!({"delaySeconds": 600, "lateShare": 0.4, "lateSeconds": 6 * 3600}));
    run_at(&sandbox, &plan, NOW).ended(0, "Complete");
    let until = "2026-03-20T10:00:00Z";
    let whole = ledger(&sandbox, "connected", until);
    assert_ne!(kept(&sandbox, CONNECTED).await, whole, "nothing was late");

    // Three more runs over seven hours: each reads the day before once more.
    for now in ["2026-03-20T12:00:00Z", "2026-03-20T15:00:00Z", "2026-03-20T17:00:00Z"] {
        run_at(&sandbox, &plan, now).ended(0, "Complete");
    }
    let until_slot = until.parse::<Timestamp>().unwrap().as_second() / SLOT;
    let mut connected = kept(&sandbox, CONNECTED).await;
    for slots in connected.values_mut() {
        slots.retain(|slot| *slot < until_slot);
    }
    connected.retain(|_, slots| !slots.is_empty());
    assert_eq!(connected, whole);

    let written = "select md5(string_agg(workspace_no || ' ' || day || ' ' || ctid || ' ' || xmin, ',' order by workspace_no, day))
                   from usage_day";
    let before: String = sqlx::query_scalar(written).fetch_one(&sandbox.pool).await.unwrap();
    run_at(&sandbox, &plan, "2026-03-20T17:00:00Z").ended(0, "Complete");
    let after: String = sqlx::query_scalar(written).fetch_one(&sandbox.pool).await.unwrap();
    assert_eq!(before, after, "a row that learned nothing was written again");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn points_that_are_no_number_prove_nothing_and_are_counted(pool: PgPool) {
    let (sandbox, plan) = a_fleet_of_two_months(pool);
    sandbox.aws.post("metrics", &json!({"nanShare": 0.3}));
    let finished = run_at(&sandbox, &plan, NOW);
    let report = finished.ended(0, "UnexpectedAnswer");
    assert!(report.errors[0].contains("no measurement"), "{:?}", report.errors);
    let ill = sandbox.count("select sum(rejected)::bigint from run_step where source = 'metrics'").await;
    assert!(ill > 1_000, "{ill} points are too few to prove anything");
    let whole = ledger(&sandbox, "connected", "2026-03-20T10:00:00Z");
    let connected = kept(&sandbox, CONNECTED).await;
    let (some, all): (usize, usize) =
        (connected.values().map(BTreeSet::len).sum(), whole.values().map(BTreeSet::len).sum());
    assert!(some > all / 2 && some < all, "{some} of {all} slots");
    for (desktop, slots) in connected {
        assert!(slots.is_subset(&whole[&desktop]), "{desktop} has slots that nobody measured");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_budget_stops_the_run_before_it_spends_more(pool: PgPool) {
    let (sandbox, mut plan) = a_fleet(pool, NOW);
    // Two requests of a first reading name five metrics each, one the last two.
    plan["account"]["budget"] = json!({"cloudWatchUsdPerMonth": "0.00012"});
    let finished = run_at(&sandbox, &plan, NOW);
    let report = finished.ended(0, "BudgetExhausted");
    assert!(report.errors[0].contains("spec.budget.cloudWatchUsdPerMonth"), "{:?}", report.errors);
    let spent = "select (spent_usd * 100000)::bigint from aws_budget where purse = 'cloudwatch'";
    let in_all = sandbox.count(spent).await;
    assert!(in_all > 0 && in_all <= 12, "{in_all}");
    assert_eq!(sandbox.count("select count(*) from workspace").await, 12, "free sources are read whole");
}
