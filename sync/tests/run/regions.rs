//! One region's errors stay in that region.

use serde_json::json;
use sqlx::{AssertSqlSafe, PgPool};

use crate::{dump::forget, everything, sandbox::Sandbox};

const REGIONS: [&str; 2] = ["us-east-1", "eu-central-1"];

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_region_that_answers_errors_is_partial_and_nothing_there_is_gone(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 200, &REGIONS);
    let plan = sandbox.plan(&REGIONS);
    sandbox.run(&plan).ended(0, "Complete");
    // One page of the second region is read, then it answers errors only.
    let fault = json!({
        "operation": "DescribeWorkspaces", "region": "eu-central-1", "after": 1, "count": 999,
        "status": 403, "code": "AccessDeniedException",
    });
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let finished = sandbox.run(&plan);
    let report = finished.ended(0, "PermissionDenied");
    assert_eq!(report.outcome, contract::Outcome::Partial);
    assert!(report.errors.iter().any(|error| error.contains("deskfleet-sync policies")), "{:?}", report.errors);
    assert_eq!(sandbox.count("select count(*) from workspace where gone_at is not null").await, 0);
    let states = "select count(*) from run_step join run using (run_id)
                  where source = 'inventory' and outcome = 'partial'
                    and (region, state) in (('us-east-1', 'complete'), ('eu-central-1', 'partial'))";
    assert_eq!(sandbox.count(states).await, 2);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_region_whose_service_is_down_is_worth_another_pod(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 50, &REGIONS);
    let plan = sandbox.plan(&REGIONS);
    let fault = json!({
        "operation": "DescribeWorkspaceDirectories", "region": "eu-central-1", "count": 8,
        "status": 500, "code": "InternalServerError",
    });
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let run = uuid::Uuid::new_v4();
    let child = sandbox.start(&plan, run);
    let finished = sandbox.finish(child, run);
    assert_eq!(finished.ended(10, "ServiceFault").outcome, contract::Outcome::Partial);
    let calls = "select calls from aws_call where region = 'eu-central-1' and outcome = 'fault'";
    assert_eq!(sandbox.count(calls).await, 8, "eight attempts and no more");

    let child = sandbox.start(&plan, run);
    sandbox.finish(child, run).ended(0, "Complete");
    let twice = "select count(*) from run_step where source = 'directories' and region = 'eu-central-1'
                 and items <> (select count(*) from directory where region = 'eu-central-1')";
    assert_eq!(sandbox.count(twice).await, 0, "what was listed twice is counted once");
    let in_both = "select count(distinct region) from directory where state is not null";
    assert_eq!(sandbox.count(in_both).await, 2);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_run_that_has_begun_waits_for_the_lease_and_loses_nothing(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 50, &REGIONS);
    let plan = sandbox.plan(&REGIONS);
    let fault = json!({
        "operation": "DescribeWorkspaceDirectories", "region": "eu-central-1", "count": 8,
        "status": 500, "code": "InternalServerError",
    });
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let run = uuid::Uuid::new_v4();
    let child = sandbox.start(&plan, run);
    sandbox.finish(child, run).ended(10, "ServiceFault");

    // Another run of the schedule takes the lease before the next pod of this one comes.
    let taken = "insert into run_lease (schedule_namespace, schedule_name, run_id, held_until)
                 select schedule_namespace, schedule_name, gen_random_uuid(), now() + interval '1 hour' from run";
    sqlx::query(taken).execute(&sandbox.pool).await.unwrap();
    let child = sandbox.start(&plan, run);
    sandbox.finish(child, run).ended(10, "LeaseHeld");
    assert_eq!(sandbox.count("select count(*) from run where outcome = 'skipped'").await, 0);

    sqlx::query("delete from run_lease").execute(&sandbox.pool).await.unwrap();
    let child = sandbox.start(&plan, run);
    sandbox.finish(child, run).ended(0, "Complete");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn an_empty_region_that_is_listed_at_the_second_try_is_complete(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 50, &["us-east-1"]);
    let plan = sandbox.plan(&REGIONS);
    let fault = json!({
        "operation": "DescribeWorkspaces", "region": "eu-central-1", "count": 8,
        "status": 500, "code": "InternalServerError",
    });
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let run = uuid::Uuid::new_v4();
    let child = sandbox.start(&plan, run);
    sandbox.finish(child, run).ended(10, "ServiceFault");
    let child = sandbox.start(&plan, run);
    sandbox.finish(child, run).ended(0, "Complete");
    let states = "select count(*) from run_step where region = 'eu-central-1' and state = 'complete'";
    assert_eq!(sandbox.count(states).await, 3, "inventory, connection status and directories");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_region_that_does_not_exist_is_named_and_the_others_are_read(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 50, &["us-east-1"]);
    let plan = sandbox.plan(&["us-east-1", "us-west-9"]);
    let finished = sandbox.run(&plan);
    let report = finished.report();
    assert_eq!(report.outcome, contract::Outcome::Partial, "{report:?}");
    assert!(report.errors.iter().any(|error| error.contains("us-west-9") && error.contains("valid region")));
    assert_eq!(sandbox.count("select count(*) from workspace").await, 50);
    let failed = "select count(*) from run_step where region = 'us-west-9' and state = 'failed'
                    and (error like '%enable that region%' or source = 'connection_status')";
    assert_eq!(sandbox.count(failed).await, 3);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn other_partitions_are_read_like_any_region(pool: PgPool) {
    let places = [("aws-cn", ["cn-north-1", "cn-northwest-1"]), ("aws-us-gov", ["us-gov-west-1", "us-gov-east-1"])];
    for (partition, regions) in places {
        forget(&pool).await;
        let sandbox = everything::a_fleet(pool.clone(), 40, &regions, "2026-03-04T15:00:00Z");
        let mut plan = everything::plan(&sandbox, &regions, 2);
        plan["account"]["useFips"] = json!(true);
        sandbox.run(&plan).ended(0, "Complete");
        let recorded: String =
            sqlx::query_scalar("select partition from account").fetch_one(&sandbox.pool).await.unwrap();
        assert_eq!(recorded, partition);
        for table in ["workspace", "directory", "image", "pool", "quota"] {
            let query = format!("select count(distinct region) from {table}");
            let found: i64 = sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(&sandbox.pool).await.unwrap();
            assert_eq!(found, 2, "{table} of {partition}");
        }
        // They come with ARNs, which name the partition.
        assert!(sandbox.count("select count(*) from tag").await > 40);
        let keys = "select count(*) from workspace where volume_encryption_key not like 'arn:' || $1 || ':kms:%'";
        let others: i64 = sqlx::query_scalar(keys).bind(partition).fetch_one(&sandbox.pool).await.unwrap();
        assert_eq!(others, 0, "{partition}");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_fips_endpoint_that_aws_does_not_have_is_told_before_anything_is_called(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 5, &["eu-central-1"]);
    let mut plan = sandbox.plan(&["eu-central-1"]);
    plan["account"]["useFips"] = json!(true);
    plan["account"].as_object_mut().unwrap().remove("endpointUrl");
    plan["account"]["endpointServesSts"] = json!(false);
    let finished = sandbox.run(&plan);
    let message = &finished.ended(20, "PlanInvalid").message;
    assert!(
        message.contains("workspaces in eu-central-1") && message.contains("set spec.useFips to false"),
        "{message}"
    );
    assert_eq!(sandbox.count("select count(*) from run").await, 0);
    let run = uuid::Uuid::new_v4();
    let probe = json!({"version": 1, "task": "probe", "account": plan["account"]});
    let finished = sandbox.finish(sandbox.command("probe", &probe, run).spawn().unwrap(), run);
    let message = &finished.ended(20, "PlanInvalid").message;
    assert!(message.contains("sts in eu-central-1 (every source)"), "{message}");
}
