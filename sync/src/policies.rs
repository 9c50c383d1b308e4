//! The IAM documents: what the collectors of this very build call, and nothing more.

use std::collections::BTreeSet;

use identifiers::Source;
use serde_json::{Value, json};

use crate::collector;

/// The policy that lets deskfleet read everything it can read.
///
/// Its actions list no resource types (Service Authorization Reference, Amazon
/// `WorkSpaces` and Directory Service), so the resource is `*`. `sts:GetCallerIdentity`
/// needs no permission.
pub(crate) fn read_policy() -> Value {
    let actions: BTreeSet<String> = Source::ALL
        .into_iter()
        .flat_map(|source| collector::operations(source).iter().map(|operation| operation.iam_action()))
        .collect();
    json!({
        "Version": "2012-10-17",
        "Statement": [{ "Sid": "DeskfleetRead", "Effect": "Allow", "Action": actions, "Resource": "*" }],
    })
}

/// The trust policy of a role in a read account, with the two values to be filled in.
pub(crate) fn trust_policy() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "DeskfleetAssume",
            "Effect": "Allow",
            "Principal": { "AWS": "arn:aws:iam::<account of deskfleet>:role/<role of its pods>" },
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
    fn nothing_in_the_read_policy_changes_anything() {
        let policy = read_policy();
        let actions = policy["Statement"][0]["Action"].as_array().unwrap();
        assert!(!actions.is_empty());
        let verb = |action: &Value| action.as_str().unwrap().split(':').nth(1).unwrap().to_owned();
        let reads = |action: &Value| ["Describe", "Get", "List"].iter().any(|read| verb(action).starts_with(read));
        assert!(actions.iter().all(reads), "{actions:?}");
    }
}
