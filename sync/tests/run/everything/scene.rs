//! What the laws about runs need of the sources that are not read desktop by desktop or
//! region by region: a stand-in that has something for them, and a plan that reads it.
//!
//! The clock stands still, at [`Scene::now`]. Only the queue of logins needs it to move: what
//! a pod received and did not delete before it died is hidden for a minute.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{
    cost_export::delivery::Exported,
    sandbox::{ACCOUNT, Sandbox},
};

/// A Wednesday afternoon; four days before, when the queue's oldest message was sent, is a
/// weekend.
const NOW: &str = "2026-03-04T15:00:00Z";
/// Longer than what is received stays hidden.
const HIDDEN: SignedDuration = SignedDuration::from_secs(61);
const SEED: u64 = 7;
const DESKTOPS: u32 = 16;

/// A stand-in, the plan that reads it, and when.
pub(crate) struct Scene {
    pub(crate) sandbox: Sandbox,
    pub(crate) plan: Value,
    /// The clock of the program, and of the stand-in once [`Self::comes_to_now`].
    pub(crate) now: &'static str,
    /// A run leaves more rows than these.
    pub(crate) rows: usize,
    /// The fleet, where it is made anew with its queues for each beginning, and how long
    /// before [`Self::now`] that is.
    renewed: Option<(Value, SignedDuration)>,
}

impl Scene {
    /// A scene in which a run leaves more than `rows`.
    pub(crate) fn new(sandbox: Sandbox, plan: Value, now: &'static str, rows: usize) -> Self {
        sandbox.aws.post("clock", &json!({"set": now, "running": false}));
        Self { sandbox, plan, now, rows, renewed: None }
    }

    /// As it is before the first run.
    pub(crate) fn begins(&self) {
        if let Some((fleet, before)) = &self.renewed {
            self.sandbox.aws.post("fleet", fleet);
            let early = self.now.parse::<Timestamp>().unwrap() - *before;
            self.sandbox.aws.post("clock", &json!({"set": early.to_string(), "running": false}));
        }
    }

    /// What a pod that died had in hand can be had again.
    pub(crate) fn comes_to_now(&self) {
        if self.renewed.is_some() {
            self.sandbox.aws.post("clock", &json!({"set": self.now, "running": false}));
        }
    }
}

fn a_site(desktops: u32, regions: &[&str]) -> Value {
    let account = json!({"id": ACCOUNT, "regions": regions, "directoriesPerRegion": 4});
    json!({"seed": SEED, "desktops": desktops, "accounts": [account]})
}

/// Something for each of the sources apart but costs, in `regions` of which the first has the
/// queue of logins.
pub(crate) fn all_apart(pool: PgPool, regions: &[&str]) -> Scene {
    let sandbox = Sandbox::new(pool, DESKTOPS, regions);
    sandbox.aws.post("throttle", &json!({"rules": [], "awsLimits": false}));
    sandbox.aws.post("trail", &json!({"unknownShare": 0}));
    sandbox.aws.post("presence", &json!({"profile": "full"}));
    let mut plan = with_queue(an_export(&sandbox));
    plan["account"]["regions"] = json!(regions);
    for operation in ["DescribeWorkspaceSnapshots", "GetProducts", "LookupEvents"] {
        plan["account"]["pace"][operation] = json!({"rate": 5000, "burst": 1000});
    }
    let renewed = Some((a_site(DESKTOPS, regions), SignedDuration::ZERO));
    Scene { renewed, ..Scene::new(sandbox, plan, NOW, 600) }
}

/// Costs with what they were before, and list prices.
pub(crate) fn money(pool: PgPool) -> Scene {
    let sandbox = Sandbox::new(pool, 4, &["us-east-1"]);
    sandbox.aws.post("billing", &json!({"restatedShare": 0.2, "vanishingShare": 0.5, "refundShare": 1}));
    let operations =
        ["GetDimensionValues", "GetCostAndUsage", "GetCostAndUsageWithResources", "GetCostForecast", "GetProducts"];
    let mut plan = sandbox.plan_of(&["Cost", "Prices"], &operations);
    plan["account"]["budget"] = json!({"costExplorerRequestsPerDay": 100_000});
    Scene::new(sandbox, plan, "2026-03-20T10:00:00Z", 300)
}

/// A bill as files, several a month.
pub(crate) fn export(pool: PgPool) -> Scene {
    let sandbox = Sandbox::new(pool, 12, &["us-east-1"]);
    let plan = an_export(&sandbox);
    Scene::new(sandbox, plan, NOW, 200)
}

/// Delivers two months of the bill, and plans to read them.
fn an_export(sandbox: &Sandbox) -> Value {
    let export = Exported::new(sandbox);
    export.deliver(&["--months", "2026-02,2026-03", "--as-of", NOW, "--rows-per-file", "150"]);
    export.plan
}

/// What takes calls for each desktop or directory: snapshots, and users with who left.
pub(crate) fn people(pool: PgPool) -> Scene {
    let sandbox = Sandbox::new(pool, 40, &["us-east-1"]);
    sandbox.aws.post("fleet", &a_site(40, &["us-east-1"]));
    sandbox.aws.post("presence", &json!({"profile": "full"}));
    let plan = sandbox.plan_of(&["Inventory", "Snapshots", "Leavers"], &["DescribeWorkspaceSnapshots"]);
    Scene::new(sandbox, plan, NOW, 100)
}

/// Logins of the queue.
pub(crate) fn logins(pool: PgPool) -> Scene {
    let sandbox = Sandbox::new(pool, 40, &["us-east-1"]);
    let plan = with_queue(sandbox.plan_of(&["AccessEvents"], &[]));
    let renewed = Some((a_site(40, &["us-east-1"]), HIDDEN));
    Scene { renewed, ..Scene::new(sandbox, plan, NOW, 50) }
}

fn with_queue(mut plan: Value) -> Value {
    let queue = "https://sqs.us-east-1.amazonaws.com/111111111111/workspaces-access";
    plan["account"]["accessEvents"] = json!({"queueUrl": queue});
    plan
}

/// Ninety days of changes.
pub(crate) fn changes(pool: PgPool) -> Scene {
    let sandbox = Sandbox::new(pool, 10, &["us-east-1"]);
    sandbox.aws.post("throttle", &json!({"rules": [], "awsLimits": false}));
    sandbox.aws.post("trail", &json!({"unknownShare": 0}));
    let plan = sandbox.plan_of(&["AuditTrail"], &["LookupEvents"]);
    Scene::new(sandbox, plan, NOW, 50)
}
