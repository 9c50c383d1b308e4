//! Tags equal the ledger's, and keep when they began and ended.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::sandbox::{ACCOUNT, Sandbox};

type Tags = BTreeMap<String, BTreeMap<String, String>>;

fn ledger(sandbox: &Sandbox) -> Tags {
    let lines = sandbox.aws.lines("ledger?type=desktops");
    let tags = |line: &Value| {
        let tags = line["tags"].as_object().unwrap().iter();
        tags.map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned())).collect::<BTreeMap<_, _>>()
    };
    lines
        .iter()
        .map(|line| (line["workspaceId"].as_str().unwrap().to_owned(), tags(line)))
        .filter(|(_, tags)| !tags.is_empty())
        .collect()
}

async fn kept(sandbox: &Sandbox) -> Tags {
    let query = "select workspace_id, key, value from tag where valid_to is null";
    let rows: Vec<(String, String, String)> = sqlx::query_as(query).fetch_all(&sandbox.pool).await.unwrap();
    let mut tags = Tags::new();
    for (desktop, key, value) in rows {
        tags.entry(desktop).or_default().insert(key, value);
    }
    tags
}

fn a_plan(sandbox: &Sandbox) -> Value {
    let mut plan = sandbox.plan(&["us-east-1"]);
    plan["sources"] = json!(["Tags"]);
    plan["account"]["pace"]["GetResources"] = json!({"rate": 5000, "burst": 1000});
    plan
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn tags_equal_the_ledger_and_a_second_reading_adds_nothing(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 250, &["us-east-1"]);
    let plan = a_plan(&sandbox);
    sandbox.run(&plan).ended(0, "Complete");
    let truth = ledger(&sandbox);
    let values: BTreeSet<&String> = truth.values().flat_map(BTreeMap::values).collect();
    assert!(truth.len() > 100 && values.len() > 3, "{} tagged desktops prove nothing", truth.len());
    assert_eq!(kept(&sandbox).await, truth);
    let rows = sandbox.count("select count(*) from tag").await;
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(sandbox.count("select count(*) from tag").await, rows);
    let calls = "select sum(calls)::bigint from aws_call where operation = 'GetResources'";
    assert!(sandbox.count(calls).await <= 2 * 3, "a hundred a page");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_tag_that_is_gone_ends_and_one_that_changed_begins_anew(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 250, &["us-east-1"]);
    let plan = a_plan(&sandbox);
    sandbox.run(&plan).ended(0, "Complete");
    let first = ledger(&sandbox);
    // What was read before stands for another state of AWS: one value, one key, one desktop.
    let changed = first.keys().next().unwrap();
    for change in [
        format!("update tag set value = 'an older value' where workspace_id = '{changed}'"),
        "update tag set key = 'an-older-key' where ctid = (select max(ctid) from tag)".to_owned(),
        format!("insert into tag values ('{ACCOUNT}', 'us-east-1', 'ws-untagged00', 'team', 'x', now())"),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(change)).execute(&sandbox.pool).await.unwrap();
    }
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(kept(&sandbox).await, first);
    let ended = "select count(*) from tag where valid_to is not null and value = 'an older value'";
    assert_eq!(sandbox.count(ended).await, i64::try_from(first[changed].len()).unwrap());
    let others = "select count(*) from tag where valid_to is not null and (key = 'an-older-key' or workspace_id = 'ws-untagged00')";
    assert_eq!(sandbox.count(others).await, 2);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_listing_that_breaks_off_ends_no_tags(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 250, &["us-east-1"]);
    let plan = a_plan(&sandbox);
    sandbox.run(&plan).ended(0, "Complete");
    let before = kept(&sandbox).await;
    let fault =
        json!({"operation": "GetResources", "after": 1, "count": 99, "status": 400, "code": "AccessDeniedException"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    sandbox.run(&plan).ended(0, "PermissionDenied");
    assert_eq!(kept(&sandbox).await, before);
}
