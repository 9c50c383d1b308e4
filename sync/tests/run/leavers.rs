//! Users equal the ledger, and what their directories say of desktops follows from them.

use std::collections::{BTreeMap, BTreeSet};

use fleet::standing::{Standing, WhyUnknown};
use serde_json::{Value, json};
use sqlx::PgPool;
use store::directory_users::standings;
use uuid::Uuid;

use crate::sandbox::{ACCOUNT, Sandbox};

const NOW: &str = "2026-03-04T15:00:00Z";
const LATER: &str = "2026-09-04T15:00:00Z";

type Users = BTreeMap<(String, String), bool>;

/// Directories: a managed AD whose users can be read, a connector, one that Directory
/// Service does not know, and a managed AD whose data access is off.
fn a_site(sandbox: &Sandbox, desktops: u32) -> Value {
    let account = json!({"id": ACCOUNT, "regions": ["us-east-1"], "directoriesPerRegion": 4});
    sandbox.aws.post("fleet", &json!({"seed": 7, "desktops": desktops, "accounts": [account]}));
    sandbox.aws.post("presence", &json!({"profile": "full"}));
    sandbox.aws.post("clock", &json!({"set": NOW}));
    let mut plan = sandbox.plan(&["us-east-1"]);
    plan["sources"] = json!(["Inventory", "Leavers"]);
    plan
}

fn text(line: &Value, member: &str) -> String {
    line[member].as_str().unwrap().to_owned()
}

fn users_of_the_ledger(sandbox: &Sandbox, now: &str) -> Users {
    let lines = sandbox.aws.lines(&format!("ledger?type=users&from=2026-01-01T00:00:00Z&to={now}"));
    let user = |line: &Value| {
        let key = (text(line, "directoryId"), text(line, "userName").to_lowercase());
        (key, line["enabled"].as_bool().unwrap())
    };
    lines.iter().map(user).collect()
}

async fn kept(sandbox: &Sandbox) -> Users {
    let query = "select directory_id, user_name, enabled from directory_user where gone_at is null";
    let rows: Vec<(String, String, bool)> = sqlx::query_as(query).fetch_all(&sandbox.pool).await.unwrap();
    rows.into_iter().map(|(directory, name, enabled)| ((directory, name), enabled)).collect()
}

/// What the ledger says of each desktop, where `before` lists who was seen earlier.
fn expected(sandbox: &Sandbox, before: &Users, now: &Users) -> BTreeMap<String, &'static str> {
    let readable: BTreeSet<&String> = now.keys().map(|(directory, _)| directory).collect();
    let word = |line: &Value| {
        let key = (text(line, "directoryId"), text(line, "userName").to_lowercase());
        match now.get(&key) {
            _ if !readable.contains(&key.0) => "unknown",
            Some(true) => "present",
            Some(false) => "disabled",
            None if before.contains_key(&key) => "leaver",
            None => "orphan",
        }
    };
    let desktops = sandbox.aws.lines("ledger?type=desktops");
    desktops.iter().map(|line| (text(line, "workspaceId"), word(line))).collect()
}

async fn told(sandbox: &Sandbox) -> BTreeMap<String, Standing> {
    standings(&sandbox.pool, &ACCOUNT.parse().unwrap()).await.unwrap()
}

fn words(standings: &BTreeMap<String, Standing>) -> BTreeMap<String, &'static str> {
    standings.iter().map(|(id, standing)| (id.clone(), standing.as_str())).collect()
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn users_and_standings_equal_the_ledger_then_and_half_a_year_later(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let plan = a_site(&sandbox, 1_300);
    // Desktops are known before their directory is read; side by side either may be first.
    let mut inventory = plan.clone();
    inventory["sources"] = json!(["Inventory"]);
    sandbox.run(&inventory).ended(0, "Complete");
    sandbox.run(&plan).ended(0, "Complete");
    let first = users_of_the_ledger(&sandbox, NOW);
    assert!(first.len() > 250, "{} users are one page", first.len());
    assert_eq!(kept(&sandbox).await, first);
    let standings = told(&sandbox).await;
    assert_eq!(words(&standings), expected(&sandbox, &Users::new(), &first));
    let reasons: BTreeSet<&str> = standings
        .values()
        .filter_map(|standing| match standing {
            Standing::Unknown(why) => Some(why.as_str()),
            _ => None,
        })
        .collect();
    let off_and_not_supported = [WhyUnknown::DataAccessOff.as_str(), WhyUnknown::NotSupported.as_str()];
    assert_eq!(reasons, off_and_not_supported.into());

    sandbox.aws.post("clock", &json!({"set": LATER}));
    sandbox.run(&plan).ended(0, "Complete");
    let second = users_of_the_ledger(&sandbox, LATER);
    assert_eq!(kept(&sandbox).await, second);
    let words = words(&told(&sandbox).await);
    assert_eq!(words, expected(&sandbox, &first, &second));
    let distinct: BTreeSet<&str> = words.into_values().collect();
    assert_eq!(distinct, ["present", "disabled", "leaver", "orphan", "unknown"].into());
    let changed = "select count(*) from directory_user where enabled_since > first_seen_at";
    assert!(sandbox.count(changed).await > 0, "when somebody was disabled is kept");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn of_a_person_nothing_but_the_name_is_kept(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    sandbox.run(&a_site(&sandbox, 60)).ended(0, "Complete");
    let rows = "select count(*) from directory_user";
    assert!(sandbox.count(rows).await > 3);
    let columns = "select string_agg(column_name, ' ' order by ordinal_position)::text from information_schema.columns
                   where table_name = 'directory_user'";
    let columns: String = sqlx::query_scalar(columns).fetch_one(&sandbox.pool).await.unwrap();
    let expected = "account_id region directory_id user_name enabled enabled_since first_seen_at last_seen_at gone_at";
    assert_eq!(columns, expected);
    let identifiers = "select count(*) from directory_user u where to_jsonb(u)::text like '%S-1-5-21%'";
    assert_eq!(sandbox.count(identifiers).await, 0);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn where_data_access_is_off_that_is_said_and_is_no_failure(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let plan = a_site(&sandbox, 60);
    sandbox.run(&plan).ended(0, "Complete");
    let outcomes = "select string_agg(outcome || ' ' || n, ', ' order by outcome) from (
            select outcome, count(*) as n from directory_reading where detail = 'users' group by outcome
        ) as told";
    let told = || sqlx::query_scalar::<_, String>(outcomes).fetch_one(&sandbox.pool);
    assert_eq!(told().await.unwrap(), "not_supported 2, off 1, read 1");

    // Without the permission to ask, the listing itself says so.
    sqlx::query("delete from directory_reading").execute(&sandbox.pool).await.unwrap();
    let fault = json!({
        "operation": "DescribeDirectoryDataAccess", "count": 99, "status": 400, "code": "AccessDeniedException",
    });
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let finished = sandbox.run(&plan);
    let report = finished.ended(0, "PermissionDenied");
    assert!(report.errors[0].contains("ds:DescribeDirectoryDataAccess"), "{:?}", report.errors);
    assert_eq!(told().await.unwrap(), "not_supported 2, off 1, read 1");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_listing_that_breaks_off_makes_nobody_a_leaver(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let plan = a_site(&sandbox, 1_300);
    sandbox.run(&plan).ended(0, "Complete");
    let before = kept(&sandbox).await;
    sandbox.aws.post("clock", &json!({"set": LATER}));
    let fault =
        json!({"operation": "ListUsers", "after": 1, "count": 99, "status": 400, "code": "AccessDeniedException"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let finished = sandbox.run(&plan);
    let report = finished.ended(0, "PermissionDenied");
    assert!(report.errors[0].contains("ds-data:ListUsers"), "{:?}", report.errors);
    let names = |users: &Users| users.keys().cloned().collect::<BTreeSet<_>>();
    assert!(names(&kept(&sandbox).await).is_superset(&names(&before)), "nobody is gone");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn another_pod_lists_again_what_was_cut_off_and_counts_it_once(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let plan = a_site(&sandbox, 1_300);
    let fault =
        json!({"operation": "ListUsers", "after": 1, "count": 8, "status": 500, "code": "InternalServerException"});
    sandbox.aws.post("fault", &json!({"rules": [fault]}));
    let run = Uuid::new_v4();
    sandbox.finish(sandbox.start(&plan, run), run).ended(10, "ServiceFault");
    sandbox.finish(sandbox.start(&plan, run), run).ended(0, "Complete");
    let truth = users_of_the_ledger(&sandbox, NOW);
    assert_eq!(kept(&sandbox).await, truth);
    let items = sandbox.count("select items from run_step where source = 'leavers'").await;
    assert_eq!(usize::try_from(items).unwrap(), truth.len());
}
