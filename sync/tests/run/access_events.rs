//! Logins of the queue equal the ledger, each once, whenever a pod is killed; what is no
//! login is kept aside.

use std::collections::BTreeSet;

use contract::PermissionState::Granted;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::sandbox::{ACCOUNT, Sandbox};

const NOW: &str = "2026-03-04T15:00:00Z";
const URL: &str = "https://sqs.us-east-1.amazonaws.com/111111111111/workspaces-access";
/// Longer than what is received stays hidden.
const HIDDEN_SECONDS: u32 = 61;

fn a_plan(sandbox: &Sandbox, regions: &[&str]) -> Value {
    sandbox.aws.post("clock", &json!({"set": NOW}));
    let mut plan = sandbox.plan(regions);
    plan["sources"] = json!(["AccessEvents"]);
    plan["account"]["accessEvents"] = json!({"queueUrl": URL});
    plan
}

/// Events that reached the queue after `from` and until `to`, as the rows show them.
fn arrived(sandbox: &Sandbox, from: &str, to: &str) -> BTreeSet<String> {
    let lines =
        sandbox.aws.lines("ledger?type=access&region=us-east-1&from=2026-02-27T00:00:00Z&to=2026-03-05T00:00:00Z");
    let has_arrived = |line: &&Value| {
        line["arrivals"].as_array().unwrap().iter().any(|at| at.as_str().is_some_and(|at| at > from && at <= to))
    };
    let text = |line: &Value, member: &str| line[member].as_str().unwrap().to_owned();
    let row = |line: &Value| {
        let members = ["eventId", "workspaceId", "login", "clientIpAddress"];
        members.map(|member| text(line, member)).join(" ")
    };
    lines.iter().filter(has_arrived).map(row).collect()
}

async fn kept(sandbox: &Sandbox) -> BTreeSet<String> {
    let query = r#"select event_id || ' ' || workspace_id || ' '
            || to_char(date_trunc('second', login_at) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || ' ' || host(client_ip)
        from access_event where action = 'successfulLogin' and directory_id ~ '^(d|wsd)-' and client_platform is not null"#;
    let rows: Vec<String> = sqlx::query_scalar(query).fetch_all(&sandbox.pool).await.unwrap();
    let count = rows.len();
    let rows: BTreeSet<String> = rows.into_iter().collect();
    assert_eq!(rows.len(), count, "an event is there twice");
    rows
}

fn received(sandbox: &Sandbox) -> usize {
    sandbox.aws.lines("log?since=0").iter().filter(|call| call["operation"] == "ReceiveMessage").count()
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn logins_equal_the_ledger(pool: PgPool) {
    let regions = ["us-east-1", "eu-central-1"];
    let sandbox = Sandbox::new(pool, 160, &regions);
    let plan = a_plan(&sandbox, &regions);
    sandbox.run(&plan).ended(0, "Complete");
    let truth = arrived(&sandbox, "2026-02-28T15:00:00Z", NOW);
    assert!(truth.len() > 100, "{} logins prove nothing", truth.len());
    assert_eq!(kept(&sandbox).await, truth);
    let before = received(&sandbox);
    sandbox.aws.post("clock", &json!({"advanceSeconds": HIDDEN_SECONDS}));
    sandbox.run(&plan).ended(0, "Complete");
    assert!(received(&sandbox) - before <= 2, "what was read is deleted");
    assert!(kept(&sandbox).await.is_superset(&truth));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_is_no_login_is_kept_aside_with_the_reason_and_deleted(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 5, &["us-east-1"]);
    let plan = a_plan(&sandbox, &["us-east-1"]);
    sandbox.run(&plan).ended(0, "Complete");
    let logins = sandbox.count("select count(*) from access_event").await;
    let put = |body: String| {
        sandbox.aws.post("message", &json!({"account": ACCOUNT, "region": "us-east-1", "body": body}));
    };
    let foreign = json!({
        "id": "a", "source": "aws.workspaces", "detail-type": "WorkSpaces Access", "account": "222222222222",
        "region": "us-east-1", "detail": {"workspaceId": "ws-1", "loginTime": "2026-03-04T08:00:00Z"},
    });
    let bodies = ["not JSON".to_owned(), r#"{"null": "\u0000"}"#.to_owned(), foreign.to_string(), "x".repeat(200_000)];
    bodies.into_iter().for_each(put);
    let finished = sandbox.run(&plan);
    let report = finished.ended(0, "UnexpectedAnswer");
    assert!(report.errors[0].contains("4 message(s)"), "{:?}", report.errors);
    let reasons =
        "select string_agg(reason || ' ' || length(body), '; ' order by length(body)) from access_event_rejected";
    let reasons: String = sqlx::query_scalar(reasons).fetch_one(&sandbox.pool).await.unwrap();
    for part in ["JSON of an event of EventBridge 8;", "null character 18;", "another account", " 65536"] {
        assert!(reasons.contains(part), "{part} in {reasons}");
    }
    sandbox.aws.post("clock", &json!({"advanceSeconds": HIDDEN_SECONDS}));
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(sandbox.count("select count(*) from access_event_rejected").await, 4, "none comes again");
    assert!(sandbox.count("select count(*) from access_event").await >= logins);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn messages_that_were_written_and_not_deleted_come_again_and_change_nothing(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 160, &["us-east-1"]);
    let plan = a_plan(&sandbox, &["us-east-1"]);
    let fault =
        json!({"operation": "DeleteMessageBatch", "after": 2, "count": 8, "status": 500, "code": "InternalFailure"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let run = Uuid::new_v4();
    sandbox.finish(sandbox.start(&plan, run), run).ended(10, "ServiceFault");
    let written = sandbox.count("select count(*) from access_event").await;
    assert!((25..=30).contains(&written), "what was received is written, copies once: {written}");
    sandbox.aws.post("clock", &json!({"advanceSeconds": HIDDEN_SECONDS}));
    sandbox.finish(sandbox.start(&plan, run), run).ended(0, "Complete");
    let kept = kept(&sandbox).await;
    assert!(kept.is_superset(&arrived(&sandbox, "2026-02-28T15:02:00Z", NOW)), "something was lost");
    assert!(kept.is_subset(&arrived(&sandbox, "2026-02-28T15:00:00Z", "2026-03-04T15:02:00Z")));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn killed_again_and_again_no_login_is_lost_or_twice(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 160, &["us-east-1"]);
    let mut plan = a_plan(&sandbox, &["us-east-1"]);
    // Slow enough to be killed in the middle.
    plan["account"]["pace"]["ReceiveMessage"] = json!({"rate": 20, "burst": 3});
    let run = Uuid::new_v4();
    let (mut seen, kills) = (0, 5);
    for _ in 0..kills {
        let mut child = sandbox.start(&plan, run);
        while sandbox.count("select count(*) from access_event").await <= seen {
            assert!(child.try_wait().unwrap().is_none(), "the queue was read before the kill");
            crate::sandbox::look_again().await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        seen = sandbox.count("select count(*) from access_event").await;
        sandbox.aws.post("clock", &json!({"advanceSeconds": HIDDEN_SECONDS}));
    }
    plan["account"]["pace"]["ReceiveMessage"] = json!({"rate": 5000, "burst": 1000});
    sandbox.finish(sandbox.start(&plan, run), run).ended(0, "Complete");
    let kept = kept(&sandbox).await;
    assert!(kept.is_superset(&arrived(&sandbox, "2026-02-28T15:06:00Z", NOW)), "something was lost");
    assert!(kept.is_subset(&arrived(&sandbox, "2026-02-28T15:00:00Z", "2026-03-04T15:06:00Z")));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_queue_that_cannot_be_read_names_the_field(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 5, &["us-east-1"]);
    let with = |url: Option<&str>| {
        let mut plan = a_plan(&sandbox, &["us-east-1"]);
        plan["account"]["accessEvents"] = url.map_or(Value::Null, |url| json!({"queueUrl": url}));
        let finished = sandbox.run(&plan);
        let report = finished.report().clone();
        assert_eq!(report.reason, "ConfigurationInvalid", "{report:?}");
        assert!(report.errors[0].contains("spec.accessEvents.queueUrl"), "{:?}", report.errors);
        report.errors[0].clone()
    };
    assert!(with(None).contains("is not set"));
    assert!(with(Some("https://sqs.eu-west-1.amazonaws.com/111111111111/workspaces-access")).contains("eu-west-1"));
    assert!(with(Some("https://sqs.cn-north-1.amazonaws.com.cn/111111111111/q")).contains("cn-north-1"));
    assert!(with(Some("https://sqs.us-east-1.amazonaws.com/111111111111/mistyped")).contains("mistyped"));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_probe_tries_the_queue_where_there_is_one_and_takes_nothing_out(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 60, &["us-east-1"]);
    let mut plan = a_plan(&sandbox, &["us-east-1"]);
    plan["task"] = json!("probe");
    let run = Uuid::new_v4();
    let finished = sandbox.finish(sandbox.command("probe", &plan, run).spawn().unwrap(), run);
    let report = finished.ended(0, "Complete");
    let Some(contract::Details::Probe(details)) = &report.details else { panic!("{report:?}") };
    let tried = details.permissions.iter().find(|group| group.source == identifiers::Source::AccessEvents);
    assert_eq!(tried.map(|group| group.state), Some(Granted));
    plan["task"] = json!("sync");
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(kept(&sandbox).await, arrived(&sandbox, "2026-02-28T15:00:00Z", NOW));
}
