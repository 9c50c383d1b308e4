//! What an account says while it is being deleted. Pure.

use crds::{
    WorkspaceAccount,
    conditions::{Condition, ConditionType},
    status::WorkspaceAccountStatus,
};
use jiff::Timestamp;

use super::{super::status::generation, step::Wait};
use crate::conditions::{ConditionsBuilder, Verdict};

/// What is made anew; the others say what was known of AWS, and stay.
const OURS: [ConditionType; 5] = [
    ConditionType::Ready,
    ConditionType::Reconciling,
    ConditionType::Stalled,
    ConditionType::Paused,
    ConditionType::Purged,
];

/// The status while something is waited for.
pub(super) fn status(account: &WorkspaceAccount, wait: &Wait, now: Timestamp) -> WorkspaceAccountStatus {
    let old = account.status.clone().unwrap_or_default();
    let mut conditions = ConditionsBuilder::new(&old.conditions, generation(account), now)
        .set(ConditionType::Ready, Verdict::False, wait.reason, wait.message.clone())
        .set(ConditionType::Reconciling, Verdict::True, wait.reason, wait.message.clone())
        .set(ConditionType::Purged, wait.purged, wait.reason, wait.message.clone())
        .build();
    conditions.extend(old.conditions.iter().filter(|condition| stays(condition)).cloned());
    WorkspaceAccountStatus { observed_generation: generation(account), conditions, ..old }
}

fn stays(condition: &Condition) -> bool {
    OURS.iter().all(|type_| condition.type_ != type_.as_str())
}
