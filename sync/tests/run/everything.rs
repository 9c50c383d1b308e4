//! All sources at once: a fleet that has something for each of them, and the plan that
//! reads them all.

use std::collections::BTreeSet;

use identifiers::Source;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::sandbox::{ACCOUNT, Sandbox};

pub(crate) mod scene;

/// The sources that this release reads desktop by desktop or region by region.
pub(crate) const SOURCES: [&str; 9] =
    ["Inventory", "ConnectionStatus", "Directories", "Bundles", "Images", "Pools", "Tags", "Quotas", "Metrics"];

/// Sources that are read once for an account, and paid for by the page or as large as a price
/// list, such as have calls for each desktop or directory, the queue of logins, which is empty
/// once it was read, and the trail, which never stands still: `scene` sets them up.
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

#[test]
fn every_source_is_among_them_or_held_apart() {
    let known: BTreeSet<String> = SOURCES.iter().chain(&APART).map(ToString::to_string).collect();
    let all: BTreeSet<String> = Source::ALL.iter().map(|source| json!(source).as_str().unwrap().to_owned()).collect();
    assert_eq!(known, all);
}
