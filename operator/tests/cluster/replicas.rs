//! Of two operators one acts; when it ends, the other goes on.

use crds::{SyncSchedule, WorkspaceAccount, conditions::ConditionType};

use crate::harness::{a_schedule, an_account, room};

const LEADER: &str = "deskfleet_operator_leader";

#[tokio::test]
async fn a_second_operator_waits_and_takes_over_when_the_first_ends() {
    let Some(room) = room("replicas").await else { return };
    let first = room.operator();
    first.metric_reaches(LEADER, 1).await;
    let second = room.operator();
    room.apply::<WorkspaceAccount>(an_account("prod", "123456789012")).await;
    room.apply::<SyncSchedule>(a_schedule("by-the-first", "prod")).await;
    room.schedule_is("by-the-first", ConditionType::Ready, ("True", "Applied")).await;
    assert_eq!(second.metric(LEADER), 0);

    first.terminate();
    // A lease that was given up is taken at the next look, not after it has run out.
    second.metric_reaches(LEADER, 1).await;
    room.apply::<SyncSchedule>(a_schedule("by-the-second", "prod")).await;
    room.schedule_is("by-the-second", ConditionType::Ready, ("True", "Applied")).await;
    second.terminate();
    room.close().await;
}
