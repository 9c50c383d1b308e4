//! The law of the pace, where AWS would count: in the stand-in's own log.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::sandbox::{ACCOUNT, Sandbox};

/// Arrival times of the calls of each region and operation, in seconds.
pub(crate) fn arrivals(sandbox: &Sandbox) -> BTreeMap<(String, String), Vec<f64>> {
    let mut arrivals: BTreeMap<(String, String), Vec<f64>> = BTreeMap::new();
    for call in sandbox.aws.lines("log?since=0") {
        let text = |name: &str| call[name].as_str().unwrap().to_owned();
        arrivals.entry((text("region"), text("operation"))).or_default().push(call["monotonic"].as_f64().unwrap());
    }
    for times in arrivals.values_mut() {
        times.sort_by(f64::total_cmp);
    }
    arrivals
}

/// Fails unless in every window the calls are at most rate × window + burst.
pub(crate) fn assert_law(times: &[f64], rate: f64, burst: u32, lane: &str) {
    for (first, start) in times.iter().enumerate() {
        for (last, end) in times.iter().enumerate().skip(first) {
            let calls = f64::from(u32::try_from(last - first + 1).unwrap());
            let allowed = rate * (end - start) + f64::from(burst);
            assert!(calls <= allowed + 1e-6, "{lane}: {calls} calls in {:.3} s, {allowed:.2} allowed", end - start);
        }
    }
}

/// Two schedules of one account, each in its own pod, at the same time.
fn run_two_at_once(sandbox: &Sandbox, plan: &Value) {
    let mut other = plan.clone();
    other["schedule"]["name"] = json!("other");
    let (first, second) = (Uuid::new_v4(), Uuid::new_v4());
    let children = [(sandbox.start(plan, first), first), (sandbox.start(&other, second), second)];
    for (child, run) in children {
        sandbox.finish(child, run).ended(0, "Complete");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn two_jobs_at_once_keep_the_law_retries_included(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 250, &["us-east-1"]);
    let mut plan = sandbox.plan(&["us-east-1"]);
    let (rate, burst) = (5.0, 6);
    for operation in ["DescribeWorkspaces", "DescribeWorkspacesConnectionStatus"] {
        plan["account"]["pace"][operation] = json!({"rate": rate, "burst": burst});
    }
    // Faults make retries, which take tickets like any other call.
    let fault = json!({"operation": "DescribeWorkspaces", "after": 3, "count": 4, "status": 500, "code": "InternalServerError"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    run_two_at_once(&sandbox, &plan);
    let arrivals = arrivals(&sandbox);
    for operation in ["DescribeWorkspaces", "DescribeWorkspacesConnectionStatus"] {
        let times = &arrivals[&("us-east-1".to_owned(), operation.to_owned())];
        assert!(times.len() >= 20, "{} calls of {operation} prove nothing", times.len());
        assert_law(times, rate, burst, operation);
    }
    let retried = arrivals[&("us-east-1".to_owned(), "DescribeWorkspaces".to_owned())].len();
    assert_eq!(retried, 24, "two listings of ten pages, and four retries");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn throttled_calls_slow_everybody_down_and_lose_nothing(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 250, &["us-east-1"]);
    let mut plan = sandbox.plan(&["us-east-1"]);
    plan["account"]["pace"]["DescribeWorkspaces"] = json!({"rate": 40, "burst": 8});
    sandbox.aws.post("throttle", &json!({"rules": [{"operation": "DescribeWorkspaces", "rate": 5, "burst": 2}]}));
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(sandbox.count("select count(*) from workspace").await, 250);
    let slowed = "select count(*) from aws_pace
                  where operation = 'DescribeWorkspaces' and rate < base_rate and throttled_at is not null";
    assert_eq!(sandbox.count(slowed).await, 1);
    let throttled = sandbox.count("select sum(throttles)::bigint from run_step").await;
    assert!(throttled > 0, "nothing was throttled");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn renewals_of_an_assumed_role_keep_the_law_and_are_counted(pool: PgPool) {
    let regions = [
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
        "eu-central-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "eu-north-1",
        "ap-south-1",
        "ap-northeast-1",
        "sa-east-1",
    ];
    let sandbox = Sandbox::new(pool, 120, &regions);
    // Sessions so short that they count as ending from the start: whoever asks for keys renews.
    let arn = format!("arn:aws:iam::{ACCOUNT}:role/deskfleet-read");
    let role = json!({"arn": arn, "trustedAccounts": [ACCOUNT], "sessionSeconds": 240});
    sandbox.aws.post("credentials", &json!({"strict": true, "roles": [role]}));
    let mut plan = sandbox.plan(&regions);
    let (rate, burst) = (10.0, 4);
    plan["account"]["pace"]["AssumeRole"] = json!({"rate": rate, "burst": burst});
    plan["account"]["credentials"] =
        json!({"assumeRole": {"roleArn": arn, "externalId": false, "sessionTags": {}, "from": "secret"}});
    sandbox.run(&plan).ended(0, "Complete");
    let arrivals = arrivals(&sandbox);
    let times = &arrivals[&("ap-northeast-1".to_owned(), "AssumeRole".to_owned())];
    assert_eq!(times.len(), regions.len() + 2, "before the run, for the proof of who we are, and once a region");
    assert_law(times, rate, burst, "AssumeRole");
    let counted = sandbox.count("select sum(calls)::bigint from aws_call where operation = 'AssumeRole'").await;
    assert_eq!(counted, i64::try_from(times.len()).unwrap());
}
