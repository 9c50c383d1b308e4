//! A run on request: one Job, and its end in the status.

use contract::{ExitCode, Outcome, Report};
use crds::{SyncSchedule, WorkspaceAccount, conditions::ConditionType, status::RunOutcome};
use identifiers::Source;
use k8s_openapi::api::batch::v1::{CronJob, Job};
use kube::api::{ListParams, Patch, PatchParams};
use serde_json::json;

use crate::{
    harness::{Room, a_schedule, an_account, room},
    kubelet::end_pod,
};

async fn request(room: &Room, value: &str) -> String {
    let ask = json!({"metadata": {"annotations": {"deskfleet.dev/run-requested-at": value}}});
    let schedules = room.api::<SyncSchedule>();
    schedules.patch("nightly", &PatchParams::default(), &Patch::Merge(&ask)).await.unwrap();
    let handled = {
        let value = value.to_owned();
        move |schedule: Option<&SyncSchedule>| {
            let status = schedule.and_then(|schedule| schedule.status.as_ref());
            status.is_some_and(|status| status.last_handled_run_at.as_ref() == Some(&value))
        }
    };
    room.wait("nightly", "asked", handled).await;
    let selector = "deskfleet.dev/kind=SyncSchedule,deskfleet.dev/name=nightly";
    let jobs = room.api::<Job>().list(&ListParams::default().labels(selector)).await.unwrap();
    let running = jobs.items.iter().filter(|job| job.status.as_ref().is_none_or(|status| status.conditions.is_none()));
    let names: Vec<String> = running.map(kube::ResourceExt::name_any).collect();
    assert_eq!(names.len(), 1, "one request makes one Job: {names:?}");
    names[0].clone()
}

fn a_report(outcome: Outcome, desktops: u64) -> Report {
    let mut report = Report::new(outcome, "Done", "two regions read");
    report.counts.insert(Source::Inventory, desktops);
    report.calls = 44;
    report
}

#[tokio::test]
async fn a_requested_run_makes_one_job_and_its_end_is_remembered() {
    let Some(room) = room("runs").await else { return };
    let _operator = room.operator();
    room.apply::<WorkspaceAccount>(an_account("prod", "123456789012")).await;
    room.apply::<SyncSchedule>(a_schedule("nightly", "prod")).await;
    room.schedule_is("nightly", ConditionType::Ready, ("True", "Applied")).await;

    let first = request(&room, "first").await;
    end_pod(&room, &first, ExitCode::Done, &a_report(Outcome::Complete, 1000)).await;
    let schedule = room.schedule_is("nightly", ConditionType::LastRunSucceeded, ("True", "RunComplete")).await;
    let status = schedule.status.unwrap();
    let run = status.last_run.unwrap();
    assert_eq!((run.name.as_str(), run.outcome, run.aws_calls), (first.as_str(), RunOutcome::Complete, Some(44)));
    assert_eq!(run.counts[0].count, 1000);
    assert_eq!(status.last_successful_time.unwrap().0, run.completion_time.0);

    let second = request(&room, "second").await;
    let report = Report::new(Outcome::Failed, "SecretMissing", "the Secret deskfleet-keys is missing: create it");
    end_pod(&room, &second, ExitCode::Configuration, &report).await;
    let schedule = room.schedule_is("nightly", ConditionType::LastRunSucceeded, ("False", "RunFailed")).await;
    let status = schedule.status.unwrap();
    assert_eq!(status.consecutive_failures, 1);
    assert_eq!(status.last_run.unwrap().reason, "SecretMissing");
    room.close().await;
}

#[tokio::test]
async fn the_announced_time_is_the_one_at_which_the_cron_job_starts() {
    let Some(room) = room("announced").await else { return };
    let _operator = room.operator();
    room.apply::<WorkspaceAccount>(an_account("prod", "123456789012")).await;
    let mut schedule = a_schedule("nightly", "prod");
    schedule["spec"]["schedule"] = json!("@every 4s");
    room.apply::<SyncSchedule>(schedule).await;
    let applied = room.schedule_is("nightly", ConditionType::Ready, ("True", "Applied")).await;
    assert!(applied.status.unwrap().next_schedule_time.is_some());
    let started = |schedule: Option<&SyncSchedule>| {
        schedule.and_then(|schedule| schedule.status.as_ref()).is_some_and(|status| status.last_schedule_time.is_some())
    };
    let status = room.wait("nightly", "started", started).await.unwrap().status.unwrap();
    let created = room.api::<CronJob>().get("ss-nightly").await.unwrap().metadata.creation_timestamp.unwrap();
    let last = status.last_schedule_time.unwrap().0;
    assert_eq!(last.duration_since(created.0).as_secs() % 4, 0, "created {}, started {last}", created.0);
    let next = status.next_schedule_time.unwrap().0;
    assert_eq!(next.duration_since(last).as_secs() % 4, 0, "started {last}, announced {next}");
    room.close().await;
}
