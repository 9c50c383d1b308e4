//! Quotas equal the ledger's, keep what changed when, and tell how much of each is left.

use std::collections::BTreeMap;

use identifiers::Source;
use serde_json::{Value, json};
use sqlx::PgPool;
use store::quotas::{Headroom, Unknown, headroom};

use crate::sandbox::{ACCOUNT, Sandbox};

const GRANTED: &str = "ListServiceQuotas";
const DEFAULTS: &str = "ListAWSDefaultServiceQuotas";
const DESKTOPS: &str = "L-34278094";
const IMAGES: &str = "L-18CE281C";

/// By code: name, value in force, default, whether it can be raised.
type Quotas = BTreeMap<String, (String, f64, f64, bool)>;

fn a_plan(sandbox: &Sandbox) -> Value {
    sandbox.plan_of(&["Quotas"], &[GRANTED, DEFAULTS])
}

fn ledger(sandbox: &Sandbox) -> Quotas {
    let lines = sandbox.aws.lines("ledger?type=quotas&from=2026-03-04T12:00:00Z&to=2026-03-04T12:00:00Z");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let number = |value: &Value| value.as_f64().unwrap();
    let quota = |line: &Value| {
        let numbers = (number(&line["value"]), number(&line["default"]));
        (text(&line["code"]), (text(&line["name"]), numbers.0, numbers.1, line["adjustable"].as_bool().unwrap()))
    };
    lines.iter().filter(|line| line["service"] == json!("workspaces")).map(quota).collect()
}

async fn kept(sandbox: &Sandbox) -> Quotas {
    let query = "select quota_code, name, value, default_value, is_adjustable from quota where valid_to is null";
    let rows: Vec<(String, String, f64, f64, bool)> = sqlx::query_as(query).fetch_all(&sandbox.pool).await.unwrap();
    rows.into_iter().map(|(code, name, value, default, raise)| (code, (name, value, default, raise))).collect()
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn quotas_equal_the_ledger_and_a_second_reading_adds_nothing(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 50, &["us-east-1"]);
    let plan = a_plan(&sandbox);
    sandbox.run(&plan).ended(0, "Complete");
    let truth = ledger(&sandbox);
    assert!(truth.values().any(|quota| quota.1 > quota.2), "{truth:?} proves too little");
    assert_eq!(kept(&sandbox).await, truth);
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(sandbox.count("select count(*) from quota").await, i64::try_from(truth.len()).unwrap());
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_quota_keeps_its_history_and_falls_back_to_its_default(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 50, &["us-east-1"]);
    let plan = a_plan(&sandbox);
    // AWS leaves out of the first listing what was never changed.
    let never = json!({"operation": GRANTED, "remove": [DESKTOPS]});
    sandbox.aws.post("listing", &json!({"rules": [never]}));
    sandbox.run(&plan).ended(0, "Complete");
    let default = "select count(*) from quota
                   where quota_code = 'L-34278094' and applied_value is null and value = 1 and valid_to is null";
    assert_eq!(sandbox.count(default).await, 1);

    let raised = json!({"operation": GRANTED, "set": {IMAGES: {"Value": 77.0}}});
    let withdrawn = json!({"remove": ["L-5782CB4D"]});
    sandbox.aws.post("listing", &json!({"rules": [raised, withdrawn]}));
    sandbox.run(&plan).ended(0, "Complete");
    let mut second = ledger(&sandbox);
    second.get_mut(IMAGES).unwrap().1 = 77.0;
    second.remove("L-5782CB4D");
    assert_eq!(kept(&sandbox).await, second);
    let before: f64 = sqlx::query_scalar("select value from quota where quota_code = $1 and valid_to is not null")
        .bind(IMAGES)
        .fetch_one(&sandbox.pool)
        .await
        .unwrap();
    assert!((before - ledger(&sandbox)[IMAGES].1).abs() < f64::EPSILON);
    assert_eq!(sandbox.count("select count(*) from quota where valid_to is not null").await, 3);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_listing_that_is_denied_or_never_ends_changes_nothing(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 50, &["us-east-1"]);
    let plan = a_plan(&sandbox);
    sandbox.run(&plan).ended(0, "Complete");
    let truth = kept(&sandbox).await;
    let denied = json!({"operation": DEFAULTS, "count": 1, "status": 400, "code": "AccessDeniedException"});
    sandbox.aws.post("fault", &json!({"rules": [denied]}));
    sandbox.run(&plan).ended(20, "PermissionDenied");
    for tokens in ["repeated", "endless"] {
        sandbox.aws.post("listing", &json!({"rules": [{"operation": GRANTED, "tokens": tokens}]}));
        sandbox.run(&plan).ended(20, "UnexpectedAnswer");
    }
    assert_eq!(kept(&sandbox).await, truth);
    assert_eq!(sandbox.count("select count(*) from quota where valid_to is not null").await, 0);
}

async fn left(sandbox: &Sandbox) -> BTreeMap<String, Headroom> {
    let place = (ACCOUNT.parse().unwrap(), "us-east-1".parse().unwrap());
    let quotas = headroom(&sandbox.pool, &place.0, &place.1).await.unwrap();
    quotas.into_iter().map(|quota| (quota.name.clone().unwrap(), quota)).collect()
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_is_left_of_a_quota_is_unknown_until_its_things_were_read(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 60, &["us-east-1"]);
    sandbox.run(&a_plan(&sandbox)).ended(0, "Complete");
    let unread = left(&sandbox).await;
    for (name, source) in [("WorkSpaces", Source::Inventory), ("Images", Source::Images), ("Bundles", Source::Bundles)]
    {
        assert_eq!((unread[name].in_use, unread[name].left()), (Err(Unknown::NotRead(source)), None), "{name}");
    }

    let operations = [GRANTED, DEFAULTS, "DescribeWorkspaceImages", "DescribeWorkspaceBundles"];
    let plan = sandbox.plan_of(&["Inventory", "Directories", "Bundles", "Images", "Quotas"], &operations);
    sandbox.run(&plan).ended(0, "Complete");
    let (read, truth) = (left(&sandbox).await, ledger(&sandbox));
    let desktops = sandbox.aws.lines("ledger?type=desktops");
    let sizes = |size: &str| desktops.iter().filter(|line| line["computeType"] == json!(size)).count();
    let images = sandbox.aws.lines("ledger?type=images&from=2026-03-04T12:00:00Z&to=2026-03-04T12:00:00Z");
    let owned = images.iter().filter(|line| line["ownership"] == json!("owned")).count();
    let expected = [
        ("WorkSpaces", desktops.len()),
        ("Graphics.g4dn WorkSpaces", sizes("GRAPHICS_G4DN")),
        ("GeneralPurpose.4xlarge WorkSpaces", sizes("GENERALPURPOSE_4XLARGE")),
        ("Images", owned),
        ("Directories", 3),
    ];
    for (name, in_use) in expected {
        let quota = &read[name];
        assert_eq!(quota.in_use, Ok(i64::try_from(in_use).unwrap()), "{name}");
        let left = truth[&quota.code].1 - f64::from(u32::try_from(in_use).unwrap());
        assert_eq!(quota.left(), Some(left), "{name}");
    }
    for (name, table) in [
        ("IP access control groups", "select count(*) from ip_group"),
        ("Connection aliases", "select count(*) from connection_alias"),
    ] {
        let there = sandbox.count(table).await;
        assert!(there > 0, "{name}");
        assert_eq!(read[name].in_use, Ok(there), "{name}");
    }
    assert_eq!(
        (read["Standby WorkSpaces"].in_use, read["Standby WorkSpaces"].left()),
        (Err(Unknown::NotCounted), None)
    );
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn desktops_whose_size_is_not_told_make_quotas_of_sizes_unknown(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 60, &["us-east-1"]);
    let plan = sandbox.plan_of(&["Inventory", "Quotas"], &[GRANTED, DEFAULTS]);
    let mutation = json!({"account": ACCOUNT, "region": "us-east-1", "desktops": 1, "drop": ["WorkspaceProperties"]});
    sandbox.aws.post("mutate", &mutation);
    sandbox.run(&plan).ended(0, "Complete");
    let read = left(&sandbox).await;
    assert_eq!(read["WorkSpaces"].in_use, Ok(60));
    assert_eq!(read["Graphics.g4dn WorkSpaces"].in_use, Err(Unknown::SizesNotTold));
}
