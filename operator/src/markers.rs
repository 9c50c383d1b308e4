//! What people ask for by annotations.

use crds::markers::{RECONCILE, RECONCILE_DISABLED, RUN_REQUESTED_AT};
use kube::{Resource, ResourceExt as _};

/// The longest request that is told apart from others (`status.lastHandledRunAt`).
const LONGEST_REQUEST: usize = 256;

/// Whether the operator is to stay away from an object.
pub(crate) fn is_paused(object: &impl Resource) -> bool {
    object.annotations().get(RECONCILE).is_some_and(|value| value == RECONCILE_DISABLED)
}

/// The request to act now, if it has not been handled yet.
pub(crate) fn new_request(object: &impl Resource, handled: Option<&str>) -> Option<String> {
    let request: String = object.annotations().get(RUN_REQUESTED_AT)?.chars().take(LONGEST_REQUEST).collect();
    (!request.is_empty() && handled != Some(request.as_str())).then_some(request)
}

#[cfg(test)]
mod tests {
    use crds::{SyncSchedule, WorkspaceAccount};
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn annotated(key: &str, value: &str) -> kube::core::PartialObjectMeta<WorkspaceAccount> {
        serde_json::from_value(json!({"metadata": {"name": "a", "annotations": {key: value}}})).unwrap()
    }

    #[rstest]
    #[case("now", None, Some("now"))]
    #[case("now", Some("before"), Some("now"))]
    #[case("now", Some("now"), None)]
    #[case("", None, None)]
    fn a_request_counts_once(#[case] value: &str, #[case] handled: Option<&str>, #[case] request: Option<&str>) {
        assert_eq!(new_request(&annotated(RUN_REQUESTED_AT, value), handled).as_deref(), request);
    }

    #[test]
    fn a_long_request_is_handled_once_too() {
        let object = annotated(RUN_REQUESTED_AT, &"x".repeat(1000));
        let request = new_request(&object, None).unwrap();
        assert_eq!(new_request(&object, Some(&request)), None);
    }

    #[test]
    fn only_the_word_disabled_pauses() {
        assert!(is_paused(&annotated(RECONCILE, "disabled")));
        assert!(!is_paused(&annotated(RECONCILE, "enabled")));
        let bare: kube::core::PartialObjectMeta<SyncSchedule> =
            serde_json::from_value(json!({"metadata": {}})).unwrap();
        assert!(!is_paused(&bare));
    }
}
