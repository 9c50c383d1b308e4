//! Values before a change: what listings had read of the desktop until then.
//!
//! The version that was valid at the moment of the change comes from the last reading before
//! it. What nobody had read stays unknown; so does what another change between that reading
//! and this one may have set, which then shows as the value that was last known.

use fleet::{
    audit::{Change, Event, SubjectKind},
    vocabulary::{ComputeType, RunningMode, State},
};
use jiff_sqlx::ToSqlx;
use serde_json::Value;
use sqlx::PgConnection;

use crate::run_step::Step;

/// Fills in what is known of the values before the changes of `events`.
pub(super) async fn fill(connection: &mut PgConnection, step: &Step, events: &mut [Event]) -> Result<(), sqlx::Error> {
    let mut changes: Vec<(jiff_sqlx::Timestamp, &mut Change)> = Vec::new();
    for event in events {
        let at = event.event_time.to_sqlx();
        let of_desktops = |change: &&mut Change| change.subject.kind == SubjectKind::Workspace;
        changes.extend(event.changes.iter_mut().filter(of_desktops).map(|change| (at, change)));
    }
    if changes.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = changes.iter().map(|(_, change)| change.subject.id.clone()).collect();
    let times: Vec<jiff_sqlx::Timestamp> = changes.iter().map(|(at, _)| *at).collect();
    let rows = sqlx::query!(
        r#"select position as "position!", v.running_mode as "running_mode?",
                  v.auto_stop_timeout_minutes as "timeout?", v.compute_type as "compute_type?",
                  v.root_volume_gib as "root?", v.user_volume_gib as "user?", v.bundle_id as "bundle?",
                  (select s.state from workspace join workspace_state s using (workspace_no)
                   where account_id = $1 and region = $2 and workspace_id = asked.id and s.since <= asked.at
                   order by s.since desc limit 1) as "state?"
           from unnest($3::text[], $4::timestamptz[]) with ordinality as asked (id, at, position)
           left join lateral (
               select running_mode, auto_stop_timeout_minutes, compute_type, root_volume_gib, user_volume_gib, bundle_id
               from workspace_version
               where account_id = $1 and region = $2 and workspace_id = asked.id
                 and valid_from <= asked.at and (valid_to is null or valid_to > asked.at)
               limit 1
           ) v on true"#,
        step.account.as_str(),
        step.region.as_str(),
        &ids,
        &times as _,
    )
    .fetch_all(connection)
    .await?;
    for row in rows {
        let place = usize::try_from(row.position - 1).ok().and_then(|place| changes.get_mut(place));
        let Some((_, change)) = place else { continue };
        change.before = match change.property.as_str() {
            "runningMode" => row.running_mode.map(|word| RunningMode::from_stored(&word).to_aws().into()),
            "runningModeAutoStopTimeoutInMinutes" => row.timeout.map(Value::from),
            "computeTypeName" => row.compute_type.map(|word| ComputeType::from_stored(&word).to_aws().into()),
            "rootVolumeSizeGib" => row.root.map(Value::from),
            "userVolumeSizeGib" => row.user.map(Value::from),
            "bundleId" => row.bundle.map(Value::from),
            "workspaceState" => row.state.map(|word| State::from_stored(&word).to_aws().into()),
            _ => None,
        };
    }
    Ok(())
}
