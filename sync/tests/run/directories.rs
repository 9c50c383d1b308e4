//! Directories with their details equal the ledger; what is missing is named; no secret of
//! AWS's answers is kept.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::sandbox::{ACCOUNT, Sandbox};

const NOW: &str = "2026-03-04T15:00:00Z";
/// An interval of the ledger that ends now.
const TODAY: &str = "from=2026-03-04T00:00:00Z&to=2026-03-04T15:00:00Z";

/// A fleet with `directories` of every kind, and a plan that reads only those.
fn a_site(sandbox: &Sandbox, directories: u32) -> Value {
    let account = json!({"id": ACCOUNT, "regions": ["us-east-1"], "directoriesPerRegion": directories});
    sandbox.aws.post("fleet", &json!({"seed": 7, "desktops": 30, "accounts": [account]}));
    sandbox.aws.post("clock", &json!({"set": NOW}));
    let mut plan = sandbox.plan(&["us-east-1"]);
    plan["sources"] = json!(["Directories"]);
    plan
}

fn on_request(mut plan: Value) -> Value {
    plan["trigger"] = json!("request");
    plan
}

fn fault(sandbox: &Sandbox, operation: &str, status: u16, code: &str, count: u32) {
    let rule = json!({"operation": operation, "count": count, "status": status, "code": code});
    sandbox.aws.post("fault", &json!({"rules": [rule]}));
}

fn calls(sandbox: &Sandbox, operation: &str) -> usize {
    sandbox.aws.lines("log?since=0").iter().filter(|call| call["operation"] == operation).count()
}

/// One text for each row of a query.
async fn texts(sandbox: &Sandbox, query: &'static str) -> BTreeSet<String> {
    sqlx::query_scalar::<_, String>(query).fetch_all(&sandbox.pool).await.unwrap().into_iter().collect()
}

/// Parts as `directory kind id state-or-expiry`, as the ledger tells them.
fn parts_of_the_ledger(sandbox: &Sandbox) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    for line in sandbox.aws.lines(&format!("ledger?type=directories&{TODAY}")) {
        let directory = line["directoryId"].as_str().unwrap();
        let mut add = |kind: &str, id: &str, what: &str| parts.insert(format!("{directory} {kind} {id} {what}"));
        for (member, kind) in [("domainControllers", "domain_controller"), ("trusts", "trust")] {
            for (id, state) in line[member].as_object().unwrap() {
                let state = state.as_str().unwrap().replace("VerifyFailed", "verify_failed").to_lowercase();
                add(kind, id, &state);
            }
        }
        for (id, expires) in line["certificates"].as_object().unwrap() {
            add("certificate", id, expires.as_str().unwrap());
        }
        if let Some(state) = line["ldaps"].as_str() {
            add("ldaps", "client", &state.to_lowercase());
        }
        for group in line["logGroups"].as_array().unwrap() {
            add("log_subscription", group.as_str().unwrap(), "");
        }
        for snapshot in line["snapshots"].as_array().unwrap() {
            add("snapshot", snapshot.as_str().unwrap(), "completed");
        }
    }
    parts
}

const PARTS: &str = r#"select directory_id || ' ' || kind || ' ' || part_id || ' ' || case kind
        when 'certificate' then to_char(expires_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        else coalesce(state, '') end
    from directory_part where valid_to is null"#;

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn details_equal_the_ledger_whatever_the_kind_of_directory(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let plan = a_site(&sandbox, 7);
    sandbox.run(&plan).ended(0, "Complete");
    let truth = parts_of_the_ledger(&sandbox);
    let kinds: BTreeSet<&str> = truth.iter().map(|part| part.split(' ').nth(1).unwrap()).collect();
    assert_eq!(kinds.len(), 6, "every kind of part is there: {kinds:?}");
    assert_eq!(texts(&sandbox, PARTS).await, truth);

    let mut rules = BTreeSet::new();
    for group in sandbox.aws.lines(&format!("ledger?type=ipGroups&{TODAY}")) {
        for (range, description) in group["rules"].as_object().unwrap() {
            let (id, description) = (group["groupId"].as_str().unwrap(), description.as_str().unwrap());
            rules.insert(format!("{id} {range} {description}"));
        }
    }
    let kept = "select group_id || ' ' || ip_range || ' ' || description from ip_group_rule where valid_to is null";
    assert_eq!(texts(&sandbox, kept).await, rules);
    let used: BTreeSet<String> = sandbox
        .aws
        .lines(&format!("ledger?type=directories&{TODAY}"))
        .iter()
        .flat_map(|line| {
            let directory = line["directoryId"].as_str().unwrap().to_owned();
            let groups: Vec<_> = line["ipGroups"].as_array().unwrap().clone();
            groups.into_iter().map(move |group| format!("{directory} {}", group.as_str().unwrap()))
        })
        .collect();
    let kept = "select directory_id || ' ' || group_id from directory_ip_group where valid_to is null";
    assert_eq!(texts(&sandbox, kept).await, used);
    assert!(rules.len() > 2 && used.len() > 2, "{rules:?} {used:?}");

    let whole =
        "select count(*) from connection_alias a join connection_alias_target t using (account_id, region, alias_id)
                 join directory d using (account_id, region, directory_id)
                 where a.state = 'created' and t.status = 'associated_with_owner_account' and t.valid_to is null";
    assert_eq!(sandbox.count(whole).await, 1);
    let told = "select count(*) from directory where client_reconnect is not null and client_log_upload is not null";
    assert_eq!(sandbox.count(told).await, 7);
    let limits =
        "select count(*) from directory where manual_snapshots_limit is not null and manual_snapshots is not null
                    and service_type in ('microsoft_ad', 'simple_ad')";
    assert_eq!(sandbox.count(limits).await, 4);
    let region = "select count(*) from region_setting where tenancy_support = 'enabled'
                    and jsonb_array_length(tenancy_modifications) = 1 and microsoft_directories_limit is not null";
    assert_eq!(sandbox.count(region).await, 1);
    assert_eq!(sandbox.count("select count(*) from directory_version").await, 7);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn details_are_kept_for_six_hours_unless_a_person_asks(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let plan = a_site(&sandbox, 3);
    sandbox.run(&plan).ended(0, "Complete");
    let first = sandbox.aws.lines("log?since=0").len();
    // Identity, two listings; nine details of the region, four of its managed AD with two
    // certificates.
    assert_eq!(first, 3 + 9 + 4 + 2);
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(sandbox.aws.lines("log?since=0").len(), first + 3, "what is fresh is not asked for");
    sandbox.run(&on_request(plan.clone())).ended(0, "Complete");
    assert_eq!(sandbox.aws.lines("log?since=0").len(), 2 * first + 3, "a person who asks gets it read");

    let older = "update directory_reading set read_at = read_at - interval '6 hours'";
    sqlx::query(older).execute(&sandbox.pool).await.unwrap();
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(sandbox.aws.lines("log?since=0").len(), 3 * first + 3);
    let twice = "select count(*) from (
            select valid_to from directory_part union all select valid_to from ip_group_rule
            union all select valid_to from directory_ip_group union all select valid_to from directory_version
            union all select valid_to from connection_alias_target
        ) as history where valid_to is not null";
    assert_eq!(sandbox.count(twice).await, 0, "the same again makes no history");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_changed_ends_and_begins_anew(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let plan = on_request(a_site(&sandbox, 3));
    sandbox.run(&plan).ended(0, "Complete");
    let before = texts(&sandbox, PARTS).await;
    // What was read before stands for another state of AWS.
    let other = "update ip_group_rule set ip_range = '10.0.0.0/8' where ip_range = '192.0.2.0/24';
        insert into ip_group (account_id, region, group_id, first_seen_at, last_read_at)
        values ('111111111111', 'us-east-1', 'wsipg-gone', now(), now());
        insert into ip_group_rule (account_id, region, group_id, ip_range, valid_from)
        values ('111111111111', 'us-east-1', 'wsipg-gone', '0.0.0.0/0', now());
        update directory_version set device_access = '{\"web\": \"allow\"}';
        insert into directory_ip_group (account_id, region, directory_id, group_id, valid_from)
        select account_id, region, directory_id, 'wsipg-gone', now() from directory;
        update directory_part set expires_at = expires_at - interval '1 year' where kind = 'certificate';
        update directory_part set state = 'verified', state_reason = 'of old' where kind = 'trust';
        update connection_alias_target set status = 'not_associated'";
    sqlx::raw_sql(other).execute(&sandbox.pool).await.unwrap();
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(texts(&sandbox, PARTS).await, before);
    let ended = "select 'rule ' || ip_range from ip_group_rule where valid_to is not null
        union all select 'version ' || device_access::text from directory_version where valid_to is not null
        union all select 'use ' || group_id from directory_ip_group where valid_to is not null
        union all select kind || ' ' || count(*) from directory_part where valid_to is not null group by kind
        union all select 'target ' || status from connection_alias_target where valid_to is not null";
    let expected = [
        "rule 10.0.0.0/8",
        "rule 0.0.0.0/0",
        r#"version {"web": "allow"}"#,
        "use wsipg-gone",
        "certificate 2",
        "trust 1",
        "target not_associated",
    ];
    assert_eq!(texts(&sandbox, ended).await, expected.map(str::to_owned).into());
    let open = "select (select count(*) from ip_group_rule where valid_to is null)
        + (select count(*) from connection_alias_target where valid_to is null)
        + (select count(*) from directory_version where valid_to is null)";
    assert_eq!(sandbox.count(open).await, 3 + 1 + 3);
    let gone = "select count(*) from ip_group where gone_at is not null and group_id = 'wsipg-gone'";
    assert_eq!(sandbox.count(gone).await, 1);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn missing_permissions_are_named_and_the_rest_is_kept(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let plan = a_site(&sandbox, 3);
    let denied = ["DescribeTrusts", "DescribeIpGroups", "DescribeCertificate", "DescribeAccountModifications"];
    for operation in denied {
        fault(&sandbox, operation, 400, "AccessDeniedException", 99);
    }
    // Twice: what is missing stays missing while everything else is fresh.
    for _ in 0..2 {
        let finished = sandbox.run(&plan);
        let report = finished.ended(0, "PermissionDenied");
        assert_eq!(report.outcome, contract::Outcome::Partial);
        let error = "select error from run_step order by step_id desc limit 1";
        let error: String = sqlx::query_scalar(error).fetch_one(&sandbox.pool).await.unwrap();
        for action in denied {
            assert!(error.contains(action), "{action} in {error}");
        }
        assert!(!error.contains("DescribeSnapshots"), "{error}");
    }
    let kinds = "select distinct kind from directory_part where valid_to is null";
    let expected = ["certificate", "domain_controller", "ldaps", "log_subscription", "snapshot"];
    assert_eq!(texts(&sandbox, kinds).await, expected.map(str::to_owned).into());
    let expiring = "select count(*) from directory_part where kind = 'certificate' and expires_at is not null
                      and created_at is null";
    assert_eq!(sandbox.count(expiring).await, 2, "the listing tells the expiry, which matters most");
    let reasons = "select count(*) from directory_reading where outcome = 'missing' and reason like '%AccessDenied%'";
    assert_eq!(sandbox.count(reasons).await, 4);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn without_the_listing_the_details_of_known_directories_are_read(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let plan = on_request(a_site(&sandbox, 3));
    fault(&sandbox, "DescribeWorkspaceDirectories", 400, "AccessDeniedException", 1);
    sandbox.run(&plan).ended(0, "PermissionDenied");
    assert_eq!(sandbox.count("select count(*) from ip_group").await, 2, "groups need no listing");
    assert_eq!(sandbox.count("select count(*) from directory_part").await, 0);
    sandbox.run(&plan).ended(0, "Complete");
    sqlx::query("update directory_part set state = 'impaired' where kind = 'domain_controller'")
        .execute(&sandbox.pool)
        .await
        .unwrap();
    fault(&sandbox, "DescribeWorkspaceDirectories", 400, "AccessDeniedException", 1);
    sandbox.run(&plan).ended(0, "PermissionDenied");
    assert_eq!(texts(&sandbox, PARTS).await, parts_of_the_ledger(&sandbox));
    assert_eq!(sandbox.count("select count(*) from directory where gone_at is not null").await, 0);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_directory_that_disappears_meanwhile_is_no_failure(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    // More than a page of directories, and more than one call of client properties.
    let plan = a_site(&sandbox, 30);
    fault(&sandbox, "DescribeDomainControllers", 400, "EntityDoesNotExistException", 1);
    fault(&sandbox, "ListCertificates", 400, "DirectoryDoesNotExistException", 1);
    fault(&sandbox, "DescribeClientProperties", 400, "ResourceNotFoundException", 2);
    sandbox.run(&plan).ended(0, "Complete");
    assert_eq!(sandbox.count("select count(*) from directory where gone_at is null").await, 30);
    let told = "select count(*) from directory where client_reconnect is not null";
    assert_eq!(sandbox.count(told).await, 29, "one of a call that fails does not hide the others");
    assert_eq!(calls(&sandbox, "DescribeWorkspaceDirectories"), 2);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn another_pod_repeats_the_listing_and_no_detail(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let plan = on_request(a_site(&sandbox, 3));
    fault(&sandbox, "DescribeSnapshots", 500, "ServiceException", 8);
    let run = Uuid::new_v4();
    sandbox.finish(sandbox.start(&plan, run), run).ended(10, "ServiceFault");
    sandbox.finish(sandbox.start(&plan, run), run).ended(0, "Complete");
    let count: BTreeMap<&str, usize> =
        ["DescribeIpGroups", "DescribeDomainControllers", "DescribeCertificate", "DescribeSnapshots"]
            .map(|operation| (operation, calls(&sandbox, operation)))
            .into();
    let expected = [
        ("DescribeIpGroups", 1),
        ("DescribeDomainControllers", 1),
        ("DescribeCertificate", 2),
        ("DescribeSnapshots", 9),
    ];
    assert_eq!(count, expected.into());
    assert_eq!(texts(&sandbox, PARTS).await, parts_of_the_ledger(&sandbox));
}

/// The whole database as text, a row a line.
async fn everything_that_is_kept(pool: &PgPool) -> String {
    let tables =
        "select format('select %L || to_jsonb(t)::text from %s t', relname || ' ', oid::regclass) from pg_class
                  where relnamespace = 'public'::regnamespace and relkind = 'r'";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(pool).await.unwrap();
    let mut text = String::new();
    for table in tables {
        let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(table)).fetch_all(pool).await.unwrap();
        text.extend(rows);
    }
    text
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn radius_secrets_and_registration_codes_are_nowhere(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 30, &["us-east-1"]);
    let plan = a_site(&sandbox, 5);
    let directories = sandbox.aws.lines(&format!("ledger?type=directories&{TODAY}"));
    let mut secrets: Vec<String> =
        directories.iter().map(|line| line["registrationCode"].as_str().unwrap().to_owned()).collect();
    secrets.push("canary-radius-secret".to_owned());
    // An answer that cannot be read has its shape logged.
    let broken = json!({"operation": "DescribeDirectories", "count": 1, "status": 200, "body": "truncate"});
    sandbox.aws.post("fault", &json!({"rules": [broken]}));
    let run = Uuid::new_v4();
    let child = sandbox.command("run", &plan, run).env("DESKFLEET_LOG", "debug").spawn().unwrap();
    let finished = sandbox.finish(child, run);
    finished.ended(0, "Complete");
    let kept = everything_that_is_kept(&sandbox.pool).await;
    assert!(kept.contains("desks01.us-east-1.example.com"), "the search finds what is there");
    assert!(finished.log.contains("ds:") || finished.log.contains("DescribeDirectories"), "{}", finished.log);
    for secret in secrets {
        assert!(!kept.contains(&secret), "{secret} is in the database");
        assert!(!finished.log.contains(&secret), "{secret} is in the log");
    }
}
