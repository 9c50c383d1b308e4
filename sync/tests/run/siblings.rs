//! Pods of one Indexed Job side by side: they share lease, steps and pace.

use std::time::Duration;

use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use crate::sandbox::Sandbox;

const REGIONS: [&str; 3] = ["us-east-1", "eu-central-1", "ap-south-1"];
const MANY_REGIONS: [&str; 10] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "ap-south-1",
    "sa-east-1",
];

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn three_pods_share_one_run_and_the_tables_are_those_of_one(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 300, &MANY_REGIONS);
    let mut plan = sandbox.plan(&MANY_REGIONS);
    plan["parallelism"] = json!(3);
    // A pod has eight workers. Whoever comes first is held by slow answers with at most so
    // many steps, and there are more of them: the others find something to do.
    let slow = json!({"operation": "DescribeWorkspaces", "count": 8, "delayMs": 3000, "status": 200});
    sandbox.aws.post("fault", &json!({"rules": [slow]}));
    let run = Uuid::new_v4();
    let pods: Vec<_> = (0..3)
        .map(|index| {
            let mut pod = sandbox.pod("run", &plan, run, index);
            pod.env("JOB_COMPLETION_INDEX", index.to_string());
            pod.spawn().unwrap()
        })
        .collect();
    for (index, pod) in (0..).zip(pods) {
        sandbox.finish_pod(pod, run, index).ended(0, "Complete");
    }
    assert_eq!(sandbox.count("select count(*) from workspace where connection_read_at is not null").await, 300);
    assert_eq!(sandbox.count("select count(*) from run").await, 1);
    let once = "select count(*) from run_step where state = 'complete' and attempts = 1";
    let steps = sandbox.count("select count(*) from run_step").await;
    assert_eq!(sandbox.count(once).await, steps, "no step is done twice");
    let items = "select sum(items)::bigint from run_step where source = 'inventory'";
    assert_eq!(sandbox.count(items).await, 300);
    assert_eq!(sandbox.count("select count(*) from run_lease").await, 0, "the last pod gives the lease back");
    let busy = "select count(distinct claimed_by) from run_step where claimed_by is not null";
    assert!(sandbox.count(busy).await > 1, "one pod did everything");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_pod_that_dies_is_replaced_while_its_siblings_go_on(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 300, &REGIONS);
    let mut plan = sandbox.plan(&REGIONS);
    plan["parallelism"] = json!(2);
    plan["account"]["pace"]["DescribeWorkspaces"] = json!({"rate": 5, "burst": 2});
    let run = Uuid::new_v4();
    let start = |index: u32| {
        let mut pod = sandbox.pod("run", &plan, run, index);
        pod.env("JOB_COMPLETION_INDEX", index.to_string());
        pod.spawn().unwrap()
    };
    // Alone at first, so that it has claimed something when it dies.
    let mut first = start(0);
    let claimed = async {
        let query = "select count(*) from run_step where claimed_by like '0/%' and state = 'running'";
        while sandbox.count(query).await == 0 {
            crate::sandbox::look_again().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), claimed).await.expect("a pod that is alone claims a step");
    let second = start(1);
    first.kill().unwrap();
    first.wait().unwrap();
    sandbox.finish_pod(start(0), run, 0).ended(0, "Complete");
    sandbox.finish_pod(second, run, 1).ended(0, "Complete");
    assert_eq!(sandbox.count("select count(*) from workspace where connection_read_at is not null").await, 300);
    assert_eq!(sandbox.count("select count(*) from run where outcome = 'complete'").await, 1);
    assert_eq!(sandbox.count("select count(*) from run_lease").await, 0);
}
