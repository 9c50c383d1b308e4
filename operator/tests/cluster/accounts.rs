//! An account is proven by its probe, and two of the same id are told apart.

use contract::{Details, ExitCode, Outcome, PermissionGroup, PermissionState, ProbeDetails, Report};
use crds::{SyncSchedule, WorkspaceAccount, conditions::ConditionType};
use identifiers::Source;
use k8s_openapi::api::batch::v1::{CronJob, Job};
use kube::api::{ListParams, Patch, PatchParams};
use serde_json::json;

use crate::{
    harness::{Room, a_schedule, an_account, room},
    kubelet::end_pod,
};

async fn probe_of(room: &Room, account: &str) -> String {
    room.account_is(account, ConditionType::Ready, ("Unknown", "Probing")).await;
    probe_job(room, account).await
}

async fn probe_job(room: &Room, account: &str) -> String {
    let selector = format!("deskfleet.dev/kind=WorkspaceAccount,deskfleet.dev/name={account}");
    let jobs = room.api::<Job>().list(&ListParams::default().labels(&selector)).await.unwrap();
    jobs.items.first().map(kube::ResourceExt::name_any).expect("a probe is at work")
}

fn proof() -> Report {
    let details = ProbeDetails {
        caller_account: Some("123456789012".to_owned()),
        caller_arn: Some("arn:aws:iam::123456789012:user/deskfleet".to_owned()),
        permissions: Vec::new(),
    };
    found(Outcome::Complete, "Complete", details)
}

fn found(outcome: Outcome, reason: &str, details: ProbeDetails) -> Report {
    let mut report = Report::new(outcome, reason, "what the probe found");
    report.details = Some(Details::Probe(details));
    report
}

#[tokio::test]
async fn a_probe_that_proves_the_account_makes_it_ready_and_names_missing_permissions() {
    let Some(room) = room("probe").await else { return };
    let _operator = room.operator();
    room.apply::<WorkspaceAccount>(an_account("prod", "123456789012")).await;
    let job = probe_of(&room, "prod").await;
    let denied = PermissionGroup {
        source: Source::Tags,
        state: PermissionState::Denied,
        missing: vec!["tag:GetResources".to_owned()],
    };
    let details = ProbeDetails {
        caller_account: Some("123456789012".to_owned()),
        caller_arn: Some("arn:aws:iam::123456789012:user/deskfleet".to_owned()),
        permissions: vec![denied],
    };
    end_pod(&room, &job, ExitCode::Done, &found(Outcome::Partial, "PermissionsMissing", details)).await;
    let account = room.account_is("prod", ConditionType::Ready, ("True", "Proven")).await;
    let status = account.status.unwrap();
    let missing = crds::conditions::find(&status.conditions, ConditionType::PermissionsComplete).unwrap();
    assert!(missing.status == "False" && missing.message.contains("tag:GetResources"), "{missing:?}");
    assert_eq!(status.last_probe.unwrap().name, job);
    room.close().await;
}

#[tokio::test]
async fn a_missing_secret_stalls_the_account_and_says_which() {
    let Some(room) = room("secret").await else { return };
    let _operator = room.operator();
    room.apply::<WorkspaceAccount>(an_account("prod", "123456789012")).await;
    let job = probe_of(&room, "prod").await;
    let report = Report::new(Outcome::Failed, "SecretMissing", "the Secret deskfleet-keys is missing: create it");
    end_pod(&room, &job, ExitCode::Configuration, &report).await;
    let account = room.account_is("prod", ConditionType::Stalled, ("True", "SecretMissing")).await;
    let stalled = crds::conditions::find(&account.status.as_ref().unwrap().conditions, ConditionType::Stalled).unwrap();
    assert!(stalled.message.contains("deskfleet-keys"), "{stalled:?}");
    assert_eq!(account.status.unwrap().consecutive_failures, 1);
    room.close().await;
}

#[tokio::test]
async fn of_two_unproven_accounts_with_one_id_the_older_is_used() {
    let Some(room) = room("rivals").await else { return };
    let operator = room.operator();
    // Creation times are whole seconds; of equally old ones the first by name is used.
    room.apply::<WorkspaceAccount>(an_account("a-older", "123456789012")).await;
    room.account_is("a-older", ConditionType::AccountConflict, ("False", "AccountIdUnique")).await;
    room.apply::<WorkspaceAccount>(an_account("b-newer", "123456789012")).await;
    // It may yet prove itself, so it is on its way rather than stuck.
    room.account_is("b-newer", ConditionType::Reconciling, ("True", "AccountIdTaken")).await;
    room.apply::<SyncSchedule>(a_schedule("of-newer", "b-newer")).await;
    room.schedule_is("of-newer", ConditionType::Ready, ("False", "AccountNotUsable")).await;
    let older = room.api::<WorkspaceAccount>();
    older.delete("a-older", &kube::api::DeleteParams::default()).await.unwrap();
    room.account_is("b-newer", ConditionType::AccountConflict, ("False", "AccountIdUnique")).await;
    room.schedule_is("of-newer", ConditionType::Ready, ("True", "Applied")).await;
    operator.terminate();
    room.close().await;
}

#[tokio::test]
async fn an_account_that_proves_itself_takes_the_place_of_an_unproven_one_and_keeps_it() {
    let Some(room) = room("squatter").await else { return };
    let _operator = room.operator();
    room.apply::<WorkspaceAccount>(an_account("a-squatter", "123456789012")).await;
    room.account_is("a-squatter", ConditionType::AccountConflict, ("False", "AccountIdUnique")).await;
    room.apply::<SyncSchedule>(a_schedule("of-squatter", "a-squatter")).await;
    room.schedule_is("of-squatter", ConditionType::Ready, ("True", "Applied")).await;

    room.apply::<WorkspaceAccount>(an_account("b-rightful", "123456789012")).await;
    room.account_is("b-rightful", ConditionType::AccountConflict, ("True", "AccountIdTaken")).await;
    end_pod(&room, &probe_job(&room, "b-rightful").await, ExitCode::Done, &proof()).await;
    let rightful = room.account_is("b-rightful", ConditionType::Ready, ("True", "Proven")).await;
    assert!(rightful.status.unwrap().proven_since.is_some());
    room.account_is("a-squatter", ConditionType::Stalled, ("True", "AccountIdTaken")).await;
    room.schedule_is("of-squatter", ConditionType::Ready, ("False", "AccountNotUsable")).await;
    let held = |cron_job: Option<&CronJob>| {
        cron_job.and_then(|cron_job| cron_job.spec.as_ref()).is_some_and(|spec| spec.suspend == Some(true))
    };
    room.wait("ss-of-squatter", "suspended", held).await;

    // A later proof of the older object changes nothing. Proofs have whole seconds, so that the
    // other's is put back a little rather than waiting for the next one.
    let earlier = json!({"status": {"provenSince": "2026-01-01T00:00:00Z"}});
    let accounts = room.api::<WorkspaceAccount>();
    accounts.patch_status("b-rightful", &PatchParams::default(), &Patch::Merge(&earlier)).await.unwrap();
    end_pod(&room, &probe_job(&room, "a-squatter").await, ExitCode::Done, &proof()).await;
    room.account_is("a-squatter", ConditionType::CredentialsResolved, ("True", "Proven")).await;
    room.account_is("a-squatter", ConditionType::Stalled, ("True", "AccountIdTaken")).await;
    room.account_is("b-rightful", ConditionType::Ready, ("True", "Proven")).await;
    room.close().await;
}
