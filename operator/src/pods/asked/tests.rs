//! What pods may be given, and what is said about the rest.

use proptest::prelude::*;
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

fn any_ask() -> impl Strategy<Value = Value> {
    let class = proptest::option::of(prop_oneof!["low", "gvisor", "[a-z]{1,6}"]);
    let key = prop_oneof!["team", "example[.]com/note", "[a-z]{1,5}", "[a-z]{1,5}[.]com/[a-z]{1,5}"];
    let labels = proptest::collection::btree_map(key.clone(), "[a-z]{0,3}", 0..4);
    let annotations = proptest::collection::btree_map(key, "[a-z]{0,3}", 0..4);
    (class.clone(), class, labels, annotations).prop_map(|(priority, runtime, labels, annotations)| {
        let scheduling = json!({"priorityClassName": priority, "runtimeClassName": runtime});
        json!({"scheduling": scheduling, "podLabels": labels, "podAnnotations": annotations})
    })
}

proptest! {
    #[test]
    fn the_allowed_part_is_all_of_it_exactly_when_all_of_it_is_allowed(change in any_ask()) {
        let schedule = asked(&change);
        let (asked, allowed) = (Asked::by_schedule(&schedule.spec), allowed().pods);
        let part = asked.allowed_part(&allowed);
        let is_all = part.scheduling == schedule.spec.scheduling
            && part.labels == schedule.spec.pod_labels
            && part.annotations == schedule.spec.pod_annotations;
        prop_assert_eq!(asked.all(&allowed).ok(), is_all.then(|| part.clone()));
        let PodOptions { scheduling, labels, annotations, .. } = part;
        prop_assert!(scheduling.priority_class_name.is_none_or(|name| allowed.allows_priority_class(&name)));
        prop_assert!(scheduling.runtime_class_name.is_none_or(|name| allowed.allows_runtime_class(&name)));
        prop_assert!(labels.keys().all(|key| allowed.allows_label(key)));
        prop_assert!(annotations.keys().all(|key| allowed.allows_annotation(key)));
    }
}
