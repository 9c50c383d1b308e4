//! Why a pod has not started: the words of the scheduler or the kubelet.

use k8s_openapi::api::core::v1::Pod;

use crate::pods::CONTAINER;

/// What the first pod that waits is waiting for.
pub(crate) fn waiting_for(pods: &[&Pod]) -> Option<String> {
    pods.iter().find_map(|pod| unscheduled(pod).or_else(|| waiting(pod)))
}

fn unscheduled(pod: &Pod) -> Option<String> {
    let conditions = pod.status.as_ref()?.conditions.as_ref()?;
    let scheduled = conditions.iter().find(|condition| condition.type_ == "PodScheduled")?;
    (scheduled.status == "False").then(|| scheduled.message.clone()).flatten()
}

/// `ContainerCreating` is the way of all pods, not a reason.
fn waiting(pod: &Pod) -> Option<String> {
    let statuses = pod.status.as_ref()?.container_statuses.as_ref()?;
    let waiting = statuses.iter().find(|status| status.name == CONTAINER)?.state.as_ref()?.waiting.as_ref()?;
    let reason =
        waiting.reason.as_deref().filter(|reason| !["ContainerCreating", "PodInitializing"].contains(reason))?;
    Some(match &waiting.message {
        Some(message) => format!("{reason}: {message}"),
        None => reason.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    #[rstest]
    #[case(json!({"phase": "Pending"}), None)]
    #[case(json!({"conditions": [{"type": "PodScheduled", "status": "False", "message": "0/1 nodes"}]}), Some("0/1 nodes"))]
    #[case(container(&json!({"waiting": {"reason": "ContainerCreating"}})), None)]
    #[case(container(&json!({"waiting": {"reason": "ImagePullBackOff", "message": "no such image"}})), Some("ImagePullBackOff: no such image"))]
    #[case(container(&json!({"running": {}})), None)]
    fn the_words_of_whoever_holds_the_pod_up(#[case] status: Value, #[case] words: Option<&str>) {
        let pod: Pod = serde_json::from_value(json!({"metadata": {}, "status": status})).unwrap();
        assert_eq!(waiting_for(&[&pod]).as_deref(), words);
    }

    fn container(state: &Value) -> Value {
        json!({"containerStatuses": [{"name": CONTAINER, "image": "", "imageID": "", "ready": false, "restartCount": 0, "state": state}]})
    }
}
