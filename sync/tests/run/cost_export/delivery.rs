//! Exports of the stand-in's bill into a bucket of the S3 server, and both sides of the
//! comparison.

use std::{collections::BTreeMap, env, path::Path, process::Command};

use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::sandbox::{ACCOUNT, Finished, Sandbox};

/// The key of the S3 server; it opens nothing else.
const KEY: (&str, &str) = ("AKIADESKFLEETSANDBOX", "sandbox-secret-that-opens-nothing");
const SERVICES: [&str; 3] = ["Amazon WorkSpaces", "AWS Directory Service", "Tax"];

/// Amount, cost and net cost, by day, account, resource, usage type and record type.
pub(super) type Bill = BTreeMap<[String; 5], [Decimal; 3]>;

/// A bucket of the test's own, with the plan that reads it.
pub(crate) struct Exported<'a> {
    pub(super) sandbox: &'a Sandbox,
    pub(crate) plan: Value,
    bucket: String,
    server: String,
}

impl<'a> Exported<'a> {
    /// A bucket that is made with the first delivery.
    pub(crate) fn new(sandbox: &'a Sandbox) -> Self {
        let server = env::var("DESKFLEET_TEST_S3_URL").expect(
            "DESKFLEET_TEST_S3_URL is not set: run `make test`, or `sandbox/aws/aws objects up` and set it to http://127.0.0.1:7070",
        );
        // The stand-in knows the S3 server's key as one of the account.
        let key = json!({"accessKeyId": KEY.0, "account": ACCOUNT});
        sandbox.aws.post("credentials", &json!({"strict": true, "keys": [key]}));
        sandbox.put("keys/accessKeyId", KEY.0);
        sandbox.put("keys/secretAccessKey", KEY.1);
        sandbox.aws.post("clock", &json!({"set": "2026-06-01T00:00:00Z"}));
        let bucket = format!("export-{}", Uuid::new_v4());
        let mut plan = sandbox.plan(&["us-east-1"]);
        plan["sources"] = json!(["CostExport"]);
        plan["account"]["costExport"] =
            json!({"bucket": bucket, "prefix": "cur", "region": "us-east-1", "endpointUrl": server});
        let fast = json!({"rate": 5000, "burst": 1000});
        plan["account"]["pace"]["GetObject"] = fast.clone();
        plan["account"]["pace"]["ListObjectsV2"] = fast;
        Self { sandbox, plan, bucket, server }
    }

    /// Delivers what `arguments` of `aws export` say.
    pub(crate) fn deliver(&self, arguments: &[&str]) {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sandbox/aws/aws");
        let output = Command::new(program)
            .args(["export", "--endpoint", &self.sandbox.aws.url, "--s3", &self.server, "--bucket", &self.bucket])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// The program, at a moment.
    pub(super) fn command(&self, now: &str, run: Uuid) -> Command {
        let mut program = self.sandbox.command("run", &self.plan, run);
        program.env("DESKFLEET_SYNC_NOW", now);
        program
    }

    /// Runs once, to the end.
    pub(super) fn run(&self, now: &str) -> Finished {
        let run = Uuid::new_v4();
        self.sandbox.finish(self.command(now, run).spawn().unwrap(), run)
    }
}

fn number(value: &Value) -> Decimal {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned).parse().unwrap()
}

/// What the ledger says of a month as of an instant.
pub(super) fn bill(sandbox: &Sandbox, month: &str, as_of: &str) -> Bill {
    let first: jiff::civil::Date = month.parse().unwrap();
    let end = first.last_of_month().tomorrow().unwrap();
    let lines = sandbox.aws.lines(&format!("ledger?type=bill&from={first}T00:00:00Z&to={end}T00:00:00Z&asOf={as_of}"));
    let mut bill = Bill::new();
    for line in lines.iter().filter(|line| SERVICES.contains(&line["service"].as_str().unwrap())) {
        let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        let key = [text("day"), text("account"), text("resource"), text("usageType"), text("record")];
        let amounts = ["quantity", "unblended", "netUnblended"].map(|name| number(&line[name]));
        let sums = bill.entry(key).or_default();
        for (sum, amount) in sums.iter_mut().zip(amounts) {
            *sum += amount;
        }
    }
    bill
}

/// What is kept of a month.
pub(super) async fn kept(sandbox: &Sandbox, month: &str) -> Bill {
    type Row = (String, String, String, String, String, String, String, String);
    let query = "select day::text, usage_account_id, coalesce(resource_id, ''), usage_type, line_item_type,
                        sum(usage_amount)::text, sum(unblended)::text, sum(net_unblended)::text
                 from cost_export_day join cost_export_item using (account_id, item_no)
                 where month = $1::date group by 1, 2, 3, 4, 5";
    let rows: Vec<Row> = sqlx::query_as(query).bind(month).fetch_all(&sandbox.pool).await.unwrap();
    let rows = rows.into_iter().map(|(day, account, resource, usage_type, record, quantity, cost, net)| {
        let amounts = [quantity, cost, net].map(|amount| amount.parse().unwrap());
        ([day, account, resource, usage_type, record], amounts)
    });
    rows.collect()
}

/// Costs before and after, by account, usage type and record type.
pub(super) type Changes = BTreeMap<[String; 3], [Option<Decimal>; 2]>;

/// What has to be kept when `before` becomes `after`: the sums that differ.
pub(super) fn differences(before: &Bill, after: &Bill) -> Changes {
    let mut sums: BTreeMap<[String; 3], [Option<[Decimal; 2]>; 2]> = BTreeMap::new();
    for (side, bill) in [before, after].into_iter().enumerate() {
        for ([_, account, _, usage_type, record], [quantity, cost, _]) in bill {
            let sum = sums.entry([account.clone(), usage_type.clone(), record.clone()]).or_default();
            let sum = sum[side].get_or_insert_default();
            *sum = [sum[0] + quantity, sum[1] + cost];
        }
    }
    sums.retain(|_, [before, after]| before != after);
    sums.into_iter().map(|(key, both)| (key, both.map(|sums| sums.map(|[_, cost]| cost)))).collect()
}

/// What is kept of earlier sums.
pub(super) async fn changes(sandbox: &Sandbox) -> Changes {
    type Row = (String, String, String, Option<String>, Option<String>);
    let query = "select usage_account_id, usage_type, line_item_type, unblended_before::text, unblended_after::text
                 from cost_export_version where execution_id_before <> execution_id_after";
    let rows: Vec<Row> = sqlx::query_as(query).fetch_all(&sandbox.pool).await.unwrap();
    let number = |text: Option<String>| text.map(|text| text.parse().unwrap());
    let rows = rows.into_iter().map(|(account, usage_type, record, before, after)| {
        ([account, usage_type, record], [number(before), number(after)])
    });
    rows.collect()
}
