//! The law of the pace where Redis keeps it: the same as with Postgres, and a Redis that is
//! killed changes nothing but the time a run takes.

use std::{path::PathBuf, process::Child};

use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    pace::{arrivals, assert_law},
    redis_server::{PASSWORD, RedisServer},
    sandbox::{Finished, Sandbox},
};

const RATE: f64 = 5.0;
const BURST: u32 = 6;
const PACED: [&str; 2] = ["DescribeWorkspaces", "DescribeWorkspacesConnectionStatus"];

fn a_paced_plan(sandbox: &Sandbox) -> Value {
    let mut plan = sandbox.plan(&["us-east-1"]);
    for operation in PACED {
        plan["account"]["pace"][operation] = json!({"rate": RATE, "burst": BURST});
    }
    plan
}

/// Starts a run whose pace is kept by the Redis at `url`.
fn start(sandbox: &Sandbox, url: &str, plan: &Value, run: Uuid) -> Child {
    sandbox.put("redis/url", url);
    let file: PathBuf = sandbox.path("redis/url");
    sandbox.command("run", plan, run).env("DESKFLEET_REDIS_URL_FILE", file).spawn().unwrap()
}

fn assert_no_password(finished: &Finished) {
    let said = format!("{}\n{:?}", finished.log, finished.report);
    assert!(!said.contains(PASSWORD), "a password was told: {said}");
}

/// Waits until AWS was called `calls` times by `operation`; a run that ends before fails.
fn wait_for_calls(sandbox: &Sandbox, child: &mut Child, operation: &str, calls: usize) {
    let lane = ("us-east-1".to_owned(), operation.to_owned());
    while arrivals(sandbox).get(&lane).map_or(0, Vec::len) < calls {
        let ended = child.try_wait().unwrap();
        assert_eq!(ended, None, "the run ended before {calls} calls of {operation}");
    }
}

fn assert_law_of_all(sandbox: &Sandbox) {
    let arrivals = arrivals(sandbox);
    for operation in PACED {
        let times = &arrivals[&("us-east-1".to_owned(), operation.to_owned())];
        assert!(times.len() >= 10, "{} calls of {operation} prove nothing", times.len());
        assert_law(times, RATE, BURST, operation);
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn two_jobs_at_once_keep_the_law_and_people_see_the_pace(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 250, &["us-east-1"]);
    let (plan, server) = (a_paced_plan(&sandbox), RedisServer::start());
    let mut other = plan.clone();
    other["schedule"]["name"] = json!("other");
    let fault = json!({"operation": "DescribeWorkspaces", "after": 3, "count": 4, "status": 400, "code": "ThrottlingException"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let (first, second) = (Uuid::new_v4(), Uuid::new_v4());
    let children = [
        (start(&sandbox, &server.url(), &plan, first), first),
        (start(&sandbox, &server.url(), &other, second), second),
    ];
    for (child, run) in children {
        let finished = sandbox.finish(child, run);
        finished.ended(0, "Complete");
        assert_no_password(&finished);
    }
    assert_law_of_all(&sandbox);
    let slowed = "select count(*) from aws_pace
                  where operation = 'DescribeWorkspaces' and rate < base_rate and throttled_at is not null";
    assert_eq!(sandbox.count(slowed).await, 1, "what Redis holds is shown");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_redis_killed_and_started_again_with_nothing_in_it_breaks_no_law(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 250, &["us-east-1"]);
    let (plan, mut server) = (a_paced_plan(&sandbox), RedisServer::start());
    let run = Uuid::new_v4();
    let mut child = start(&sandbox, &server.url(), &plan, run);
    for (operation, calls) in [("DescribeWorkspaces", 5), ("DescribeWorkspacesConnectionStatus", 5)] {
        wait_for_calls(&sandbox, &mut child, operation, calls);
        server.kill();
        server.start_again();
    }
    let finished = sandbox.finish(child, run);
    finished.ended(0, "Complete");
    assert_no_password(&finished);
    assert_law_of_all(&sandbox);
    assert_eq!(sandbox.count("select count(*) from workspace").await, 250);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn without_its_redis_a_run_calls_nothing_more_and_keeps_what_it_read(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 250, &["us-east-1"]);
    let (plan, mut server) = (a_paced_plan(&sandbox), RedisServer::start());
    let run = Uuid::new_v4();
    let mut child = start(&sandbox, &server.url(), &plan, run);
    wait_for_calls(&sandbox, &mut child, "DescribeWorkspaces", 4);
    server.kill();
    let finished = sandbox.finish(child, run);
    finished.ended(30, "PaceUnavailable");
    assert_no_password(&finished);
    let kept = sandbox.count("select count(*) from workspace").await;
    assert!((75..250).contains(&kept), "{kept} desktops");
    server.start_again();
    let child = start(&sandbox, &server.url(), &plan, run);
    sandbox.finish(child, run).ended(0, "Complete");
    assert_eq!(sandbox.count("select count(*) from workspace").await, 250);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_url_that_cannot_be_used_is_named_and_not_told(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 25, &["us-east-1"]);
    let (plan, server) = (a_paced_plan(&sandbox), RedisServer::start());
    let wrong = server.url().replace(PASSWORD, "another-password");
    let cases = [(format!("a {PASSWORD} alone"), 20, "RedisUrlInvalid"), (wrong, 30, "PaceUnavailable")];
    for (url, code, reason) in cases {
        let run = Uuid::new_v4();
        let child = start(&sandbox, &url, &plan, run);
        let finished = sandbox.finish(child, run);
        finished.ended(code, reason);
        assert_no_password(&finished);
        assert!(!finished.log.contains("another-password"), "{}", finished.log);
    }
}
