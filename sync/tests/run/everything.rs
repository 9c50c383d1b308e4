//! All sources at once: a fleet that has something for each of them, and the plan that
//! reads them all.

use std::collections::BTreeSet;

use identifiers::Source;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::sandbox::{ACCOUNT, Sandbox};

/// The sources that this release reads desktop by desktop or region by region.
pub(crate) const SOURCES: [&str; 9] =
    ["Inventory", "ConnectionStatus", "Directories", "Bundles", "Images", "Pools", "Tags", "Quotas", "Metrics"];

/// Sources that are read once for an account, and paid for by the page or as large as a price
/// list, such as have calls for each desktop or directory, the queue of logins, which is empty
/// once it was read, and the trail, which never stands still: tests named after them hold what is so for them.
const APART: [&str; 7] = ["Cost", "CostExport", "Prices", "Snapshots", "Leavers", "AccessEvents", "AuditTrail"];

const OPERATIONS: [&str; 30] = [
    "DescribeWorkspaces",
    "DescribeWorkspacesConnectionStatus",
    "DescribeWorkspaceDirectories",
    "DescribeDirectories",
    "DescribeIpGroups",
    "DescribeConnectionAliases",
    "DescribeAccount",
    "DescribeAccountModifications",
    "DescribeClientProperties",
    "DescribeDomainControllers",
    "DescribeDirectoryDataAccess",
    "ListUsers",
    "DescribeTrusts",
    "DescribeLDAPSSettings",
    "DescribeSnapshots",
    "GetSnapshotLimits",
    "GetDirectoryLimits",
    "ListCertificates",
    "DescribeCertificate",
    "ListLogSubscriptions",
    "DescribeWorkspaceBundles",
    "DescribeWorkspaceImages",
    "DescribeWorkspacesPools",
    "DescribeWorkspacesPoolSessions",
    "DescribeWorkspaceSnapshots",
    "GetResources",
    "ListServiceQuotas",
    "ListAWSDefaultServiceQuotas",
    "GetMetricData",
    "GetCallerIdentity",
];

/// A stand-in with `desktops` and a pool in each of `regions`, whose clock stands at `now`.
pub(crate) fn a_fleet(pool: PgPool, desktops: u64, regions: &[&str], now: &str) -> Sandbox {
    let sandbox = Sandbox::new(pool, 0, regions);
    let account = json!({"id": ACCOUNT, "regions": regions, "poolsPerRegion": 1});
    sandbox.aws.post("fleet", &json!({"seed": 7, "desktops": desktops, "accounts": [account]}));
    sandbox.aws.post("clock", &json!({"set": now, "running": false}));
    sandbox
}

/// A plan that reads everything in `regions`, of new desktops the metrics of `days`.
pub(crate) fn plan(sandbox: &Sandbox, regions: &[&str], days: i64) -> Value {
    let mut plan = sandbox.plan(regions);
    plan["sources"] = json!(SOURCES);
    plan["metricsHistoryDays"] = json!(days);
    for operation in OPERATIONS {
        plan["account"]["pace"][operation] = json!({"rate": 5000, "burst": 1000});
    }
    plan
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn every_source_that_this_release_reads_is_among_them(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 0, &["us-east-1"]);
    let mut plan = sandbox.plan(&["us-east-1"]);
    plan["sources"] = json!(Source::ALL);
    // Refused before anything is read, with the names of those it cannot read.
    let message = sandbox.run(&plan).ended(20, "PlanInvalid").message.clone();
    let (_, unread) = message.split_once("cannot read yet: ").unwrap_or_default();
    let unread: BTreeSet<&str> = unread.split(", ").map(str::trim).collect();
    for source in Source::ALL {
        let name = json!(source).as_str().unwrap().to_owned();
        let is_unread = unread.contains(name.as_str()) || unread.contains(source.as_str());
        let is_known = SOURCES.contains(&name.as_str()) || APART.contains(&name.as_str());
        assert_ne!(is_unread, is_known, "{name}: {message}");
    }
}
