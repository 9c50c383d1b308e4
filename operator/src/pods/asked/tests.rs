//! What pods may be given, and what is said about the rest.

use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::fixtures::{a_schedule, allowed};

fn asked(change: &Value) -> std::sync::Arc<crds::SyncSchedule> {
    a_schedule(|json| {
        for (field, value) in change.as_object().unwrap() {
            json["spec"][field] = value.clone();
        }
    })
}

#[rstest]
#[case(json!({"scheduling": {"priorityClassName": "system-cluster-critical"}}), "spec.scheduling.priorityClassName", "--allowed-priority-classes", Reason::PriorityClassNotAllowed)]
#[case(json!({"scheduling": {"runtimeClassName": "privileged"}}), "spec.scheduling.runtimeClassName", "--allowed-runtime-classes", Reason::RuntimeClassNotAllowed)]
#[case(json!({"podLabels": {"sidecar.example.com/inject": "true"}}), "spec.podLabels[sidecar.example.com/inject]", "--allowed-pod-labels", Reason::PodLabelNotAllowed)]
#[case(json!({"podAnnotations": {"vault.hashicorp.com/agent-inject": "true"}}), "spec.podAnnotations[vault.hashicorp.com/agent-inject]", "--allowed-pod-annotations", Reason::PodAnnotationNotAllowed)]
#[case(json!({"podAnnotations": {"plain": "x"}}), "spec.podAnnotations[plain]", "--allowed-pod-annotations", Reason::PodAnnotationNotAllowed)]
fn what_is_not_listed_is_refused_with_its_field_and_the_flag(
    #[case] change: Value,
    #[case] field: &str,
    #[case] flag: &str,
    #[case] reason: Reason,
) {
    let schedule = asked(&change);
    let refusal = Asked::by_schedule(&schedule.spec).all(&AllowedPods::default()).unwrap_err();
    let says = refusal.to_string();
    assert!(says.starts_with(field) && says.contains(flag), "{says}");
    assert_eq!(refusal.reason(), reason);
}

#[test]
fn an_own_account_is_refused_without_the_hint_at_a_list() {
    let own = service_account("deskfleet-operator", "spec.x", &allowed().pods).unwrap_err();
    assert!(matches!(own, NotAllowed::OwnServiceAccount { .. }) && !own.to_string().contains("--allowed"), "{own}");
    let other = service_account("payments", "spec.x", &allowed().pods).unwrap_err();
    assert!(other.to_string().contains("--allowed-service-accounts"), "{other}");
    assert_eq!((own.reason(), other.reason()), (Reason::ServiceAccountNotAllowed, Reason::ServiceAccountNotAllowed));
}
