//! The fleet as of a moment equals what was read until then, and the difference of two
//! moments is what was changed between them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::PgPool;
use store::time_machine::{Change, DesktopThen, Difference, difference, fleet_as_of};

use crate::sandbox::{ACCOUNT, Sandbox};

/// The fleet as the table of current desktops has it, and the moment.
async fn now(sandbox: &Sandbox) -> (Timestamp, Vec<DesktopThen>) {
    let query = "select account_id, region, workspace_id, user_name, directory_id, bundle_id, running_mode,
                        compute_type, state, last_connected_at
                 from workspace where gone_at is null order by account_id, region, workspace_id";
    let rows = sqlx::query(query).fetch_all(&sandbox.pool).await.unwrap();
    let desktops = rows.iter().map(desktop).collect();
    let moment: jiff_sqlx::Timestamp =
        sqlx::query_scalar("select clock_timestamp()").fetch_one(&sandbox.pool).await.unwrap();
    (moment.to_jiff(), desktops)
}

fn desktop(row: &sqlx::postgres::PgRow) -> DesktopThen {
    use sqlx::Row as _;
    let connected: Option<jiff_sqlx::Timestamp> = row.get("last_connected_at");
    DesktopThen {
        account_id: row.get("account_id"),
        region: row.get("region"),
        workspace_id: row.get("workspace_id"),
        user_name: row.get("user_name"),
        directory_id: row.get("directory_id"),
        bundle_id: row.get("bundle_id"),
        running_mode: row.get("running_mode"),
        compute_type: row.get("compute_type"),
        state: row.get("state"),
        last_connected_at: connected.map(jiff_sqlx::Timestamp::to_jiff),
    }
}

fn change(sandbox: &Sandbox, what: &Value) {
    let mut mutation = json!({"account": ACCOUNT, "region": "us-east-1"});
    mutation.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
    sandbox.aws.post("mutate", &mutation);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn the_fleet_as_of_each_reading_is_what_that_reading_left(pool: PgPool) {
    let sandbox = Sandbox::new(pool, 50, &["us-east-1"]);
    let plan = sandbox.plan(&["us-east-1"]);
    let before_all = Timestamp::now();
    sandbox.run(&plan).ended(0, "Complete");
    let mut readings = vec![now(&sandbox).await];
    for what in [
        json!({"desktops": 7, "set": {"State": "STOPPED"}}),
        json!({"desktops": 3, "set": {"WorkspaceProperties.RunningMode": "ALWAYS_ON"}}),
        json!({"remove": 4}),
        json!({"add": 5}),
    ] {
        change(&sandbox, &what);
        sandbox.run(&plan).ended(0, "Complete");
        readings.push(now(&sandbox).await);
    }
    let sizes: Vec<usize> = readings.iter().map(|(_, fleet)| fleet.len()).collect();
    assert_eq!(sizes, [50, 50, 50, 46, 51]);
    for (moment, fleet) in &readings {
        assert_eq!(&fleet_as_of(&sandbox.pool, *moment, None).await.unwrap(), fleet, "as of {moment}");
    }
    assert_eq!(fleet_as_of(&sandbox.pool, before_all, None).await.unwrap(), []);
    let (first, last) = (&readings[0], &readings[4]);
    assert_eq!(
        fleet_as_of(&sandbox.pool, last.0, Some(first.0)).await.unwrap(),
        first.1,
        "what was believed then about now is what was known then"
    );
    assert_difference(&difference(&sandbox.pool, first.0, last.0).await.unwrap(), &first.1, &last.1);
    assert_eq!(difference(&sandbox.pool, last.0, last.0).await.unwrap(), []);
}

/// Compares with what two fleets, looked at side by side, tell.
fn assert_difference(found: &[Difference], before: &[DesktopThen], after: &[DesktopThen]) {
    let by_id = |fleet: &[DesktopThen]| -> BTreeMap<String, DesktopThen> {
        fleet.iter().map(|desktop| (desktop.workspace_id.clone(), desktop.clone())).collect()
    };
    let (before, after) = (by_id(before), by_id(after));
    let ids = |wanted: &Change| -> BTreeSet<&String> {
        found.iter().filter(|difference| difference.change == *wanted).map(|it| &it.workspace_id).collect()
    };
    assert_eq!(ids(&Change::Appeared), after.keys().filter(|id| !before.contains_key(*id)).collect());
    assert_eq!(ids(&Change::Gone), before.keys().filter(|id| !after.contains_key(*id)).collect());
    let changed = |name: &str| -> BTreeMap<&String, (Value, Value)> {
        let of_property = found.iter().filter_map(|difference| match &difference.change {
            Change::Changed { property, before, after } if property == name => {
                Some((&difference.workspace_id, (before.clone(), after.clone())))
            }
            _ => None,
        });
        of_property.collect()
    };
    let both = || before.iter().filter_map(|(id, was)| Some((id, was, after.get(id)?)));
    let states = both().filter(|(_, was, is)| was.state != is.state);
    let expected: BTreeMap<_, _> = states.map(|(id, was, is)| (id, (json!(was.state), json!(is.state)))).collect();
    assert!(!expected.is_empty(), "no state changed, which proves nothing");
    assert_eq!(changed("state"), expected);
    let modes = both().filter(|(_, was, is)| was.running_mode != is.running_mode);
    let expected: BTreeMap<_, _> =
        modes.map(|(id, was, is)| (id, (json!(was.running_mode), json!(is.running_mode)))).collect();
    assert_eq!(changed("running_mode"), expected);
}
