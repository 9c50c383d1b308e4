//! What is wrong with credentials is told as what it is, and nothing is written.

use std::io::{Read, Write};

use contract::PermissionState::{Denied, Granted};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::sandbox::{ACCOUNT, OTHER_ACCOUNT, Sandbox};

const ROLE: &str = "arn:aws:iam::222222222222:role/deskfleet-read";

/// A plan for the other account, by its role.
fn by_role(sandbox: &Sandbox, external_id: bool) -> Value {
    let account = json!({"id": OTHER_ACCOUNT, "regions": ["us-east-1"]});
    sandbox.aws.post("fleet", &json!({"seed": 7, "desktops": 30, "accounts": [account]}));
    let role = json!({"arn": ROLE, "externalId": "the-right-one", "trustedAccounts": [ACCOUNT]});
    sandbox.aws.post("credentials", &json!({"strict": true, "roles": [role]}));
    let mut plan = sandbox.plan(&["us-east-1"]);
    plan["account"]["accountId"] = json!(OTHER_ACCOUNT);
    let tags = json!({"team": "euc"});
    plan["account"]["credentials"] =
        json!({"assumeRole": {"roleArn": ROLE, "externalId": external_id, "sessionTags": tags, "from": "secret"}});
    plan
}

async fn assert_nothing_was_written(sandbox: &Sandbox) {
    let rows = "select (select count(*) from workspace) + (select count(*) from directory)
                + (select count(*) from account) + (select count(*) from run_step)";
    assert_eq!(sandbox.count(rows).await, 0);
    let failed = "select count(*) from run where outcome = 'failed' and message is not null";
    assert_eq!(sandbox.count(failed).await, 1, "the console shows why");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_role_is_assumed_with_its_external_id(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 1, &["us-east-1"]);
    let plan = by_role(&sandbox, true);
    sandbox.put("external-id/externalId", "the-right-one\n");
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(sandbox.count("select count(*) from workspace where account_id = '222222222222'").await, 30);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_wrong_external_id_is_denied_with_the_remedy(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 1, &["us-east-1"]);
    let plan = by_role(&sandbox, true);
    sandbox.put("external-id/externalId", "the-wrong-one");
    let finished = sandbox.run(&plan);
    let message = &finished.ended(20, "AssumeRoleDenied").message;
    assert!(message.contains("sts:ExternalId") && message.contains(ROLE), "{message}");
    assert!(!finished.log.contains("the-wrong-one"), "an external id is a secret");
    assert_nothing_was_written(&sandbox).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn keys_of_another_account_are_refused(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let mut plan = sandbox.plan(&["us-east-1"]);
    plan["account"]["accountId"] = json!("333333333333");
    let finished = sandbox.run(&plan);
    let message = &finished.ended(20, "WrongAccount").message;
    assert!(message.contains("333333333333") && message.contains(ACCOUNT), "{message}");
    assert_nothing_was_written(&sandbox).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_missing_secret_is_named(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    sandbox.remove("keys/secretAccessKey");
    let finished = sandbox.run(&sandbox.plan(&["us-east-1"]));
    let message = &finished.ended(20, "SecretMissing").message;
    assert!(message.contains("secretAccessKey"), "{message}");
    assert_nothing_was_written(&sandbox).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn keys_that_aws_does_not_know_are_invalid(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    sandbox.put("keys/accessKeyId", "AKIAUNKNOWNUNKNOWNUN");
    sandbox.run(&sandbox.plan(&["us-east-1"])).ended(20, "CredentialsInvalid");
    assert_nothing_was_written(&sandbox).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_pod_without_an_identity_is_told_how_to_get_one(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let mut plan = sandbox.plan(&["us-east-1"]);
    plan["account"]["credentials"] = json!({"direct": "ambient"});
    let finished = sandbox.run(&plan);
    assert!(finished.ended(20, "NoIdentity").message.contains("Pod Identity"));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_probe_names_the_permissions_that_are_missing(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let mut plan = sandbox.plan(&["us-east-1"]);
    plan["task"] = json!("probe");
    let fault =
        json!({"operation": "DescribeDirectories", "count": 99, "status": 400, "code": "AccessDeniedException"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let run = Uuid::new_v4();
    let child = sandbox.command("probe", &plan, run).spawn().unwrap();
    let finished = sandbox.finish(child, run);
    let report = finished.ended(0, "PermissionsMissing");
    assert!(report.message.contains("ds:DescribeDirectories"), "{}", report.message);
    let Some(contract::Details::Probe(details)) = &report.details else { panic!("{report:?}") };
    assert_eq!(details.caller_account.as_deref(), Some(ACCOUNT));
    let states: Vec<_> = details.permissions.iter().map(|group| (group.source.as_str(), group.state)).collect();
    let expected = [
        ("inventory", Granted),
        ("connection_status", Granted),
        ("directories", Denied),
        ("bundles", Granted),
        ("images", Granted),
        ("pools", Granted),
        ("snapshots", Granted),
        ("tags", Granted),
        ("quotas", Granted),
        ("metrics", Granted),
        ("audit_trail", Granted),
        ("leavers", Denied),
        ("cost", Granted),
        ("prices", Granted),
    ];
    assert_eq!(states, expected);
    assert_eq!(sandbox.count("select count(*) from run").await, 0, "a probe writes nothing");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_pod_with_a_web_identity_needs_no_secret(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    sandbox.put("token", "a service account's token");
    let mut plan = sandbox.plan(&["us-east-1"]);
    plan["account"]["credentials"] = json!({"direct": "ambient"});
    let run = Uuid::new_v4();
    let mut program = sandbox.command("run", &plan, run);
    program.env("AWS_WEB_IDENTITY_TOKEN_FILE", sandbox.path("token"));
    program.env("AWS_ROLE_ARN", format!("arn:aws:iam::{ACCOUNT}:role/pods"));
    sandbox.finish(program.spawn().unwrap(), run).ended(0, "Complete");
    assert_eq!(sandbox.count("select count(*) from workspace").await, 30);
}

/// EKS Pod Identity: an HTTP endpoint of the node that gives keys for a token.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_pod_with_pod_identity_needs_no_secret(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    sandbox.put("token", "a pod's token");
    let agent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = agent.local_addr().unwrap();
    let served = std::thread::spawn(move || {
        let (mut stream, _) = agent.accept().unwrap();
        let mut request = [0_u8; 4096];
        let length = stream.read(&mut request).unwrap();
        let keys = json!({
            "AccessKeyId": "AKIATESTTESTTESTTEST", "SecretAccessKey": "any", "Token": "any",
            "Expiration": "2099-01-01T00:00:00Z",
        });
        let keys = keys.to_string();
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{keys}", keys.len()).unwrap();
        String::from_utf8_lossy(&request[..length]).to_lowercase()
    });
    let mut plan = sandbox.plan(&["us-east-1"]);
    plan["account"]["credentials"] = json!({"direct": "ambient"});
    let run = Uuid::new_v4();
    let mut program = sandbox.command("run", &plan, run);
    program.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", format!("http://{address}/v1/credentials"));
    program.env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", sandbox.path("token"));
    sandbox.finish(program.spawn().unwrap(), run).ended(0, "Complete");
    assert!(served.join().unwrap().contains("authorization: a pod's token"));
}
