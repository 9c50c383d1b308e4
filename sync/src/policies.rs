//! The IAM documents: what the collectors of this very build call, and nothing more. Each is
//! for one partition of AWS, which its ARNs name.

use std::collections::BTreeSet;

use identifiers::{Partition, Source};
use serde_json::{Value, json};

use crate::{aws::operation::Operation, collector};

/// The policy that lets deskfleet read everything about a fleet but money.
///
/// Its actions list no resource types (Service Authorization Reference, Amazon
/// `WorkSpaces` and Directory Service), so the resource is `*`. `sts:GetCallerIdentity`
/// needs no permission.
pub(crate) fn read_policy() -> Value {
    allow("DeskfleetRead", |source| !collector::is_money(source) && source != Source::AccessEvents)
}

/// The policy for what the fleet costs: for the account that pays, which is often another
/// one. Actions of Cost Explorer and of the Price List list no resource types that could be
/// named in advance (Cost Explorer knows billing views only). A cost export lies in a bucket,
/// whose name and prefix are to be filled in; a partition without Cost Explorer has no more.
pub(crate) fn money_policy(partition: Partition) -> Value {
    let is_there = |source| collector::global_region(partition).is_some() || !collector::is_global(source);
    let is_chosen = |source| collector::is_money(source) && source != Source::CostExport && is_there(source);
    let mut policy = allow("DeskfleetMoney", is_chosen);
    if let Some(statements) = policy["Statement"].as_array_mut() {
        statements.retain(|statement| statement["Action"].as_array().is_none_or(|actions| !actions.is_empty()));
        statements.extend(cost_export_statements(partition));
    }
    policy
}

/// The policy for the queue of access events. It stands apart because reading a queue means
/// deleting what was read, which must be allowed for that one queue only.
pub(crate) fn access_events_policy(partition: Partition) -> Value {
    let mut policy = allow("DeskfleetAccessEvents", |source| source == Source::AccessEvents);
    policy["Statement"][0]["Resource"] =
        json!(arn(partition, "sqs:<region of the queue>:<account of the queue>:<its name>"));
    policy
}

/// The ARN of what the rest of it names.
fn arn(partition: Partition, rest: &str) -> String {
    format!("arn:{}:{rest}", partition.as_str())
}

/// Allows what the chosen sources call.
fn allow(statement: &str, is_chosen: impl Fn(Source) -> bool) -> Value {
    let sources = Source::ALL.into_iter().filter(|source| is_chosen(*source));
    let actions: BTreeSet<String> = sources
        .flat_map(|source| collector::operations(source).iter().flat_map(|operation| operation.iam_actions()))
        .collect();
    json!({
        "Version": "2012-10-17",
        "Statement": [{ "Sid": statement, "Effect": "Allow", "Action": actions, "Resource": "*" }],
    })
}

/// What reading a cost export takes, each action on what it is done to.
fn cost_export_statements(partition: Partition) -> Vec<Value> {
    let statement = |operation: &Operation| {
        let (name, resource) = match operation {
            Operation::ListObjectsV2 => ("DeskfleetCostExportList", "s3:::<bucket of the export>"),
            _ => ("DeskfleetCostExportRead", "s3:::<bucket of the export>/<prefix of the export>/*"),
        };
        let resource = arn(partition, resource);
        json!({ "Sid": name, "Effect": "Allow", "Action": operation.iam_action(), "Resource": resource })
    };
    collector::operations(Source::CostExport).iter().map(statement).collect()
}

/// The trust policy of a role in a read account, with the two values to be filled in.
pub(crate) fn trust_policy(partition: Partition) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "DeskfleetAssume",
            "Effect": "Allow",
            "Principal": { "AWS": arn(partition, "iam::<account of deskfleet>:role/<role of its pods>") },
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": { "StringEquals": { "sts:ExternalId": "<the externalId of the Secret>" } },
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_read_policy_is_exactly_what_is_called() {
        insta::assert_snapshot!(serde_json::to_string_pretty(&read_policy()).unwrap());
    }

    #[test]
    fn the_money_policy_is_exactly_what_is_called() {
        insta::assert_snapshot!(serde_json::to_string_pretty(&money_policy(Partition::Aws)).unwrap());
    }

    #[test]
    fn only_messages_of_one_queue_may_be_deleted() {
        let policy = access_events_policy(Partition::Aws);
        assert_eq!(actions(&policy), ["sqs:DeleteMessage", "sqs:ReceiveMessage"]);
        assert_ne!(policy["Statement"][0]["Resource"], "*");
        let others = [read_policy(), money_policy(Partition::Aws)];
        assert!(others.iter().all(|policy| actions(policy).iter().all(|action| !action.starts_with("sqs:"))));
    }

    #[test]
    fn every_arn_is_of_the_partition_that_was_asked_for() {
        for partition in Partition::ALL {
            let policies =
                [read_policy(), money_policy(partition), access_events_policy(partition), trust_policy(partition)];
            let text = json!(policies).to_string();
            let arns: Vec<&str> = text.split('"').filter(|word| word.starts_with("arn:")).collect();
            assert_eq!(arns.len(), 4, "{arns:?}");
            let prefix = format!("arn:{}:", partition.as_str());
            assert!(arns.iter().all(|arn| arn.starts_with(&prefix)), "{arns:?}");
        }
    }

    #[test]
    fn a_partition_without_cost_explorer_gets_no_permission_on_it() {
        assert_eq!(actions(&money_policy(Partition::AwsUsGov)), ["s3:ListBucket", "s3:GetObject"]);
        assert_eq!(actions(&money_policy(Partition::AwsCn)), actions(&money_policy(Partition::Aws)));
    }

    fn actions(policy: &Value) -> Vec<String> {
        let statements = policy["Statement"].as_array().unwrap().iter();
        let actions = statements.flat_map(|statement| match &statement["Action"] {
            Value::Array(actions) => actions.clone(),
            action => vec![action.clone()],
        });
        actions.map(|action| action.as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn nothing_in_the_policies_changes_anything() {
        for policy in [read_policy(), money_policy(Partition::Aws)] {
            let actions = actions(&policy);
            assert!(!actions.is_empty());
            let verb = |action: &String| action.split(':').nth(1).unwrap().to_owned();
            let reads = |action: &String| {
                ["Describe", "Get", "List", "Lookup", "Access"].iter().any(|read| verb(action).starts_with(read))
            };
            assert!(actions.iter().all(reads), "{actions:?}");
        }
    }

    #[test]
    fn no_permission_on_money_is_among_those_on_the_fleet() {
        let money = actions(&money_policy(Partition::Aws));
        assert!(actions(&read_policy()).iter().all(|action| !money.contains(action)));
    }
}
