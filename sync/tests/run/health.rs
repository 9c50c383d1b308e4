//! Health by the day equals what the points of five minutes come to, reckoned here, and is
//! read and paid for once a day.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Value, json};
use sqlx::{PgPool, Row};
use uuid::Uuid;

use crate::sandbox::{Finished, Sandbox};

const NOW: &str = "2026-03-20T10:02:00Z";
/// The days whose health is known at [`NOW`], where ten days back are read.
const FROM: &str = "2026-03-10T00:00:00Z";
const MIDNIGHT: &str = "2026-03-20T00:00:00Z";
/// `CloudWatch`'s name, and ours in columns.
const GAUGES: [(&str, &str); 9] = [
    ("CPUUsage", "cpu"),
    ("MemoryUsage", "memory"),
    ("RootVolumeDiskUsage", "root_volume"),
    ("UserVolumeDiskUsage", "user_volume"),
    ("GPUUsage", "gpu"),
    ("InSessionLatency", "latency"),
    ("SessionLaunchTime", "launch"),
    ("UDPPacketLossRate", "packet_loss"),
    ("UpTime", "up_time"),
];
const COUNTS: [(&str, &str); 2] =
    [("ConnectionAttempt", "connection_attempts"), ("ConnectionFailure", "connection_failures")];

/// By desktop, day and our name of the metric: the points of the day.
type Points = BTreeMap<(String, Date, &'static str), Vec<f64>>;

fn a_fleet(pool: PgPool, desktops: u32) -> (Sandbox, Value) {
    let sandbox = Sandbox::new(pool, desktops, &["us-east-1"]);
    let mut plan = sandbox.plan_of(&["Inventory", "Metrics"], &["GetMetricData"]);
    plan["metricsHistoryDays"] = json!(10);
    (sandbox, plan)
}

/// Runs `plan` as if it were `now`.
fn run_at(sandbox: &Sandbox, plan: &Value, now: &str, run: Uuid) -> Finished {
    sandbox.aws.post("clock", &json!({"set": now, "running": false}));
    let mut program = sandbox.command("run", plan, run);
    program.env("DESKFLEET_SYNC_NOW", now);
    sandbox.finish(program.spawn().unwrap(), run)
}

/// The points of five minutes, as `CloudWatch` tells them to anybody.
fn points(sandbox: &Sandbox, from: &str, to: &str) -> Points {
    let second = |text: &str| text.parse::<Timestamp>().unwrap().as_second();
    let desktops = sandbox.aws.lines("ledger?type=desktops");
    let series: Vec<(&str, &str, &'static str)> = desktops
        .iter()
        .flat_map(|line| {
            GAUGES.iter().chain(&COUNTS).map(|(name, ours)| (line["workspaceId"].as_str().unwrap(), *name, *ours))
        })
        .collect();
    let mut points = Points::new();
    for asked in series.chunks(30) {
        let query = |(place, (desktop, name, _)): (usize, &(&str, &str, &str))| {
            let dimensions = json!([{"Name": "WorkspaceId", "Value": desktop}]);
            let metric = json!({"Namespace": "AWS/WorkSpaces", "MetricName": name, "Dimensions": dimensions});
            json!({"Id": format!("q{place}"), "MetricStat": {"Metric": metric, "Period": 300, "Stat": "Sum"}})
        };
        let queries: Vec<Value> = asked.iter().enumerate().map(query).collect();
        let body = json!({"MetricDataQueries": queries, "StartTime": second(from), "EndTime": second(to)});
        let answer = sandbox.aws.call("monitoring", "GraniteServiceVersion20100801.GetMetricData", &body);
        assert_eq!(answer["NextToken"], Value::Null, "one page holds {} series", asked.len());
        for (result, (desktop, _, ours)) in answer["MetricDataResults"].as_array().unwrap().iter().zip(asked) {
            let times = result["Timestamps"].as_array().unwrap().iter().map(|time| time.as_f64().unwrap());
            for (time, value) in times.zip(result["Values"].as_array().unwrap()) {
                #[expect(clippy::cast_possible_truncation, reason = "seconds are whole")]
                let at = Timestamp::from_second(time as i64).unwrap().to_zoned(TimeZone::UTC).date();
                points.entry(((*desktop).to_owned(), at, ours)).or_default().push(value.as_f64().unwrap());
            }
        }
    }
    points
}

fn is_close(kept: Option<f32>, expected: Option<f64>) -> bool {
    match (kept, expected) {
        (None, None) => true,
        (Some(kept), Some(expected)) => (f64::from(kept) - expected).abs() <= 1e-5 * expected.abs().max(1.0),
        _ => false,
    }
}

/// Fails unless the kept days from `from` to `to` are what the points come to; how many
/// values there are.
async fn assert_equal(sandbox: &Sandbox, from: &str, to: &str) -> usize {
    let points = points(sandbox, from, to);
    let query =
        "select workspace_id, day::text as day_text, metric_day.* from metric_day join workspace using (workspace_no)
                 where day >= $1::timestamptz::date and day < $2::timestamptz::date";
    let rows = sqlx::query(query).bind(from).bind(to).fetch_all(&sandbox.pool).await.unwrap();
    let mut values = 0;
    for row in &rows {
        let place = (row.get::<String, _>("workspace_id"), row.get::<String, _>("day_text").parse::<Date>().unwrap());
        let of = |ours| points.get(&(place.0.clone(), place.1, ours)).cloned().unwrap_or_default();
        for (_, ours) in GAUGES {
            let told = of(ours);
            let some = |value: f64| (!told.is_empty()).then_some(value);
            let sum: f64 = told.iter().sum();
            let count = f64::from(u32::try_from(told.len()).unwrap());
            let expected = [
                ("min", some(told.iter().copied().fold(f64::INFINITY, f64::min))),
                ("max", some(told.iter().copied().fold(0.0, f64::max))),
                ("avg", some(sum / count)),
            ];
            for (statistic, expected) in expected {
                let kept: Option<f32> = row.get(&*format!("{ours}_{statistic}"));
                assert!(is_close(kept, expected), "{place:?} {ours}_{statistic}: {kept:?}, not {expected:?}");
            }
            let samples: Option<i32> = row.get(&*format!("{ours}_samples"));
            assert_eq!(samples, some(count).map(|_| i32::try_from(told.len()).unwrap()), "{place:?} {ours}");
            values += told.len();
        }
        for (_, ours) in COUNTS {
            let told = of(ours);
            let kept: Option<i32> = row.get(ours);
            assert!(
                is_close(
                    kept.map(|kept| i16::try_from(kept).unwrap().into()),
                    (!told.is_empty()).then(|| told.iter().sum())
                ),
                "{place:?} {ours}"
            );
        }
    }
    let days: std::collections::BTreeSet<_> = points.keys().map(|(desktop, day, _)| (desktop, day)).collect();
    assert_eq!(rows.len(), days.len(), "a day of each desktop that reported, and no other");
    values
}

async fn paid(sandbox: &Sandbox) -> i64 {
    sandbox.count("select (sum(cost_usd) * 100000)::bigint from aws_call where operation = 'GetMetricData'").await
}

async fn graphics(sandbox: &Sandbox) -> i64 {
    sandbox.count("select count(*) from workspace where compute_type like 'graphics%'").await
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn health_equals_what_the_points_of_five_minutes_come_to(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool, 60);
    run_at(&sandbox, &plan, NOW, Uuid::new_v4()).ended(0, "Complete");
    let values = assert_equal(&sandbox, FROM, MIDNIGHT).await;
    assert!(values > 100_000, "{values} points prove too little");
    assert!(graphics(&sandbox).await > 0, "somebody has a GPU");
    let gpus = "select count(*) from metric_day join workspace using (workspace_no)
                where gpu_avg is not null and compute_type not like 'graphics%'";
    assert_eq!(sandbox.count(gpus).await, 0);
    assert_eq!(
        sandbox.count("select count(*) from metric_day where day >= '2026-03-20'").await,
        0,
        "no day that goes on"
    );
    assert_eq!(paid(&sandbox).await, 60 * (6 + 34) + 4 * graphics(&sandbox).await);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn health_is_read_once_a_day_and_late_points_are_found_the_next(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool, 12);
    sandbox.aws.post("metrics", &json!({"delaySeconds": 600, "lateShare": 0.4, "lateSeconds": 6 * 3600}));
    let early = "2026-03-20T00:20:00Z";
    run_at(&sandbox, &plan, early, Uuid::new_v4()).ended(0, "Complete");
    let samples = "select sum(cpu_samples)::bigint from metric_day where day = '2026-03-19'";
    let first = sandbox.count(samples).await;
    let before = paid(&sandbox).await;
    run_at(&sandbox, &plan, "2026-03-20T18:00:00Z", Uuid::new_v4()).ended(0, "Complete");
    assert_eq!(paid(&sandbox).await - before, 12 * 6, "use only");
    assert_eq!(sandbox.count(samples).await, first);

    run_at(&sandbox, &plan, "2026-03-21T07:00:00Z", Uuid::new_v4()).ended(0, "Complete");
    assert!(sandbox.count(samples).await > first, "nothing was late");
    assert_equal(&sandbox, FROM, "2026-03-21T00:00:00Z").await;
    let written = "select md5(string_agg(workspace_no || ' ' || day || ' ' || ctid || ' ' || xmin, ',' order by workspace_no, day))
                   from metric_day where day < '2026-03-21'";
    let before: String = sqlx::query_scalar(written).fetch_one(&sandbox.pool).await.unwrap();
    run_at(&sandbox, &plan, "2026-03-22T07:00:00Z", Uuid::new_v4()).ended(0, "Complete");
    let after: String = sqlx::query_scalar(written).fetch_one(&sandbox.pool).await.unwrap();
    assert_eq!(before, after, "a day that learned nothing was written again");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_budget_ends_before_health_and_not_before_use(pool: PgPool) {
    let (sandbox, mut plan) = a_fleet(pool, 12);
    // All of the use of twelve desktops, and not one request about their health.
    plan["account"]["budget"] = json!({"cloudWatchUsdPerMonth": "0.00100"});
    let finished = run_at(&sandbox, &plan, NOW, Uuid::new_v4());
    let report = finished.ended(0, "BudgetExhausted");
    assert!(report.errors[0].contains("spec.budget.cloudWatchUsdPerMonth"), "{:?}", report.errors);
    assert_eq!(sandbox.count("select count(*) from usage_watermark").await, 12);
    assert_eq!(sandbox.count("select count(*) from metric_day").await, 0);
    assert_eq!(paid(&sandbox).await, 12 * 6);
    plan["account"]["budget"] = json!({});
    run_at(&sandbox, &plan, NOW, Uuid::new_v4()).ended(0, "Complete");
    assert_equal(&sandbox, FROM, MIDNIGHT).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_pod_that_was_cut_off_is_gone_on_with_and_pays_for_nothing_twice(pool: PgPool) {
    let (sandbox, plan) = a_fleet(pool, 40);
    // Eight requests about use, two of four about health, and then none.
    let fault =
        json!({"operation": "GetMetricData", "after": 10, "count": 8, "status": 500, "code": "InternalServiceFault"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let run = Uuid::new_v4();
    run_at(&sandbox, &plan, NOW, run).ended(10, "ServiceFault");
    let read = sandbox.count("select count(*) from metric_day_reading").await;
    assert!(read > 0 && read < 40, "{read}");
    let before = paid(&sandbox).await;
    run_at(&sandbox, &plan, NOW, run).ended(0, "Complete");
    assert_equal(&sandbox, FROM, MIDNIGHT).await;
    assert!(paid(&sandbox).await - before <= (40 - read) * 38, "what was read is not paid for again");
}
