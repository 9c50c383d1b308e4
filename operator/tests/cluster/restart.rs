//! A restart with everything as it should be writes nothing.

use crds::{SyncSchedule, WorkspaceAccount, conditions::ConditionType};
use k8s_openapi::api::batch::v1::CronJob;
use kube::{ResourceExt as _, api::ListParams};

use crate::harness::{Room, a_schedule, an_account, room};

const WRITES: &str = "deskfleet_operator_writes_total";
const RECONCILED: &str = "deskfleet_operator_reconciliations_total";

#[tokio::test]
async fn a_restart_with_everything_converged_writes_nothing() {
    let Some(room) = room("restart").await else { return };
    let operator = room.operator();
    room.apply::<WorkspaceAccount>(an_account("prod", "123456789012")).await;
    for number in 0..5 {
        room.apply::<SyncSchedule>(a_schedule(&format!("s-{number}"), "prod")).await;
    }
    for number in 0..5 {
        room.schedule_is(&format!("s-{number}"), ConditionType::Ready, ("True", "Applied")).await;
    }
    room.account_is("prod", ConditionType::Ready, ("Unknown", "Probing")).await;
    // Every object is looked at again after its own status was written.
    operator.metric_reaches(RECONCILED, 12).await;
    operator.terminate();
    let before = versions(&room).await;

    let operator = room.operator();
    operator.metric_reaches(RECONCILED, 6).await;
    assert_eq!(operator.metric(WRITES), 0);
    operator.terminate();
    assert_eq!(versions(&room).await, before);
    room.close().await;
}

async fn versions(room: &Room) -> Vec<(String, Option<String>)> {
    let all = ListParams::default();
    let schedules = room.api::<SyncSchedule>().list(&all).await.unwrap();
    let cron_jobs = room.api::<CronJob>().list(&all).await.unwrap();
    let of_schedules = schedules.items.iter().map(|object| (object.name_any(), object.resource_version()));
    of_schedules.chain(cron_jobs.items.iter().map(|object| (object.name_any(), object.resource_version()))).collect()
}
