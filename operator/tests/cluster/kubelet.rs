//! What a kubelet would write: a pod's end with its report.

use contract::{ExitCode, Report};
use k8s_openapi::api::{batch::v1::Job, core::v1::Pod};
use kube::api::{ListParams, Patch, PatchParams};
use serde_json::json;

use crate::harness::Room;

/// Waits for the pod of a Job and ends it with a report.
pub(crate) async fn end_pod(room: &Room, job: &str, code: ExitCode, report: &Report) {
    let pod = pod_of(room, job).await;
    let exit_code = code.code();
    let state = json!({"terminated": {"exitCode": exit_code, "message": report.to_message(), "finishedAt": now(), "startedAt": now()}});
    let container =
        json!({"name": "sync", "image": "", "imageID": "", "ready": false, "restartCount": 0, "state": state});
    let phase = if exit_code == 0 { "Succeeded" } else { "Failed" };
    let patch = json!({"status": {"phase": phase, "startTime": now(), "containerStatuses": [container]}});
    let pods = room.api::<Pod>();
    pods.patch_status(&pod, &PatchParams::default(), &Patch::Merge(&patch)).await.unwrap();
}

async fn pod_of(room: &Room, job: &str) -> String {
    let has_a_pod = |job: Option<&Job>| {
        job.and_then(|job| job.status.as_ref()).is_some_and(|status| status.active.unwrap_or_default() > 0)
    };
    room.wait(job, "a Job with a pod", has_a_pod).await;
    let pods = room.api::<Pod>().list(&ListParams::default().labels(&format!("job-name={job}"))).await.unwrap();
    pods.items.first().map(kube::ResourceExt::name_any).expect("an active Job has a pod")
}

fn now() -> String {
    jiff::Timestamp::from_second(jiff::Timestamp::now().as_second()).unwrap().to_string()
}
