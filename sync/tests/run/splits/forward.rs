//! The same law for what comes with time and is told once: changes and logins. Runs at any
//! moments, each of some sources, regions and pods, leave what one run at the end leaves.
//!
//! Not compared are events that only read: a sample of them is kept, an hour a day, and which
//! hour that is depends on when a run looks.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::json;
use sqlx::PgPool;

use super::{Evidence, NOW, Part, REGIONS, run_at, seed, splits};
use crate::{
    dump::{assert_same, dump, forget, trail},
    everything::scene::{self, Scene},
};

const EVIDENCE: Evidence = Evidence { sources: &["AccessEvents", "AuditTrail"], regions: &REGIONS, back: 0 };
/// Changes are those of so many hours before the end: CloudTrail keeps ninety days, of which
/// an earlier run has seen earlier ones.
const CHANGES_HOURS: i64 = 89 * 24;
/// Logins are those of so many hours before the end: a queue forgets after four days.
const HOURS: i64 = 72;
/// Random runs, before one at the end.
const RUNS: usize = 2;

/// Empties the queue of what is older than the evidence, and forgets it.
async fn begin(scene: &Scene, start: Timestamp) {
    scene.begins();
    forget(&scene.sandbox.pool).await;
    read(scene, &Part { sources: vec!["AccessEvents"], ..Part::whole(EVIDENCE) }, start);
    forget(&scene.sandbox.pool).await;
}

fn read(scene: &Scene, part: &Part, at: Timestamp) {
    scene.sandbox.aws.post("clock", &json!({"set": at.to_string(), "running": false}));
    run_at(&scene.sandbox, scene.plan.clone(), part, at);
}

/// Rows of logins and of changes, and the changes with what is sealed in them.
async fn left_behind(scene: &Scene, end: Timestamp) -> [BTreeSet<String>; 2] {
    let pool = &scene.sandbox.pool;
    let changes = "select event_id from audit_event where not read_only and event_time > $1::timestamptz";
    let since = (end - SignedDuration::from_hours(CHANGES_HOURS)).to_string();
    let changes: BTreeSet<String> =
        sqlx::query_scalar(changes).bind(since).fetch_all(pool).await.unwrap().into_iter().collect();
    let is_change = |line: &str, after: &str| {
        let id = line.split_once(after).map(|(_, from)| &from[..36]);
        id.is_some_and(|id| changes.contains(id))
    };
    let is_compared = |line: &String| match line.split(' ').next().unwrap() {
        "audit_event" => is_change(line, r#""event_id": ""#),
        table => ["access_event", "access_event_rejected"].contains(&table),
    };
    let rows = dump(pool).await.into_iter().filter(is_compared).collect();
    [rows, trail(pool).await.into_iter().filter(|line| is_change(line, "")).collect()]
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn any_split_over_time_leaves_the_same_changes_and_logins_and_a_whole_chain(pool: PgPool) {
    let end: Timestamp = NOW.parse().unwrap();
    let start = end - SignedDuration::from_hours(HOURS);
    let scene = scene::all_apart(pool, &REGIONS);
    // So many changes that what two runs read overlaps, and some that come late.
    scene.sandbox.aws.post("trail", &json!({"unknownShare": 0, "activity": 8, "lateShare": 0.2}));
    begin(&scene, start).await;
    read(&scene, &Part::whole(EVIDENCE), end);
    let whole = left_behind(&scene, end).await;
    let few = whole.iter().map(BTreeSet::len).min().unwrap();
    assert!(few > scene.rows / 6, "{few} rows are too few to prove anything");
    let seed = seed();
    let mut random = StdRng::seed_from_u64(seed);
    for _ in 0..splits(1) {
        begin(&scene, start).await;
        let mut hours: Vec<i64> = (0..RUNS).map(|_| random.random_range(1..HOURS)).collect();
        hours.sort_unstable();
        let mut parts: Vec<(i64, Part)> =
            hours.into_iter().map(|hour| (hour, Part::draw(EVIDENCE, &mut random))).collect();
        parts.extend([(HOURS, Part::whole(EVIDENCE)), (HOURS, Part::draw(EVIDENCE, &mut random))]);
        for (hour, part) in &parts {
            read(&scene, part, start + SignedDuration::from_hours(*hour));
        }
        for (found, wanted) in left_behind(&scene, end).await.iter().zip(&whole) {
            assert_same(found, wanted, &format!("seed {seed}: {parts:#?}"));
        }
    }
}
