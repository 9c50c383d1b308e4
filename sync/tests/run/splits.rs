//! The law of runs: any split of the same evidence over any runs, in any order, with
//! repeats and with pods side by side, leaves the same tables as one run that reads it all.
//!
//! The fleet's clock stands still. Runs differ in sources, regions, pods and in how far
//! they read metrics; they are drawn from a seed until everything was read.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    dump::{assert_same, dump, forget},
    everything::{self, SOURCES},
    sandbox::Sandbox,
};

const REGIONS: [&str; 2] = ["us-east-1", "eu-central-1"];
const NOW: &str = "2026-03-04T15:00:00Z";
/// Days of metrics that the whole evidence has.
const DAYS: i64 = 5;
/// Random runs, before one reads what is missing.
const RUNS: usize = 5;

/// One run.
#[derive(Clone, Debug)]
struct Part {
    sources: Vec<&'static str>,
    regions: Vec<&'static str>,
    /// Days before [`NOW`] up to which it reads.
    back: i64,
    pods: u32,
}

impl Part {
    fn whole() -> Self {
        Self { sources: SOURCES.to_vec(), regions: REGIONS.to_vec(), back: 0, pods: 1 }
    }

    fn draw(random: &mut StdRng) -> Self {
        Self {
            sources: some_of(&SOURCES, 4, random),
            regions: some_of(&REGIONS, 2, random),
            back: random.random_range(0..3),
            pods: random.random_range(1..3),
        }
    }
}

/// Between one and `most` of `all`.
fn some_of(all: &[&'static str], most: usize, random: &mut StdRng) -> Vec<&'static str> {
    let mut some = all.to_vec();
    some.shuffle(random);
    some.truncate(random.random_range(1..=most));
    some
}

/// Runs that together read everything, at least once: drawn ones, then one that reads what
/// they left out, then one of them again.
fn split(random: &mut StdRng) -> Vec<Part> {
    let mut parts: Vec<Part> = (0..RUNS).map(|_| Part::draw(random)).collect();
    let mut read: BTreeSet<(&str, &str)> = BTreeSet::new();
    for part in &parts {
        // A listing comes before what reads desktop by desktop, in one run as in several.
        let mut sources = part.sources.clone();
        sources.sort_unstable_by_key(|source| *source != "Inventory");
        for (source, region) in sources.iter().flat_map(|source| part.regions.iter().map(move |at| (*source, *at))) {
            let by_desktop = ["ConnectionStatus", "Metrics"].contains(&source);
            let is_early = source == "Metrics" && part.back > 0;
            if !is_early && (!by_desktop || read.contains(&("Inventory", region))) {
                read.insert((source, region));
            }
        }
    }
    let is_missing = |source: &&&str| REGIONS.iter().any(|region| !read.contains(&(**source, *region)));
    let missing: Vec<_> = SOURCES.iter().filter(is_missing).copied().collect();
    let again = parts[random.random_range(0..RUNS)].clone();
    if !missing.is_empty() {
        parts.push(Part { sources: missing, ..Part::whole() });
    }
    parts.push(again);
    parts
}

/// Runs `part` to its end, by as many pods as it has.
fn run(sandbox: &Sandbox, part: &Part) {
    let now = NOW.parse::<Timestamp>().unwrap() - SignedDuration::from_hours(24 * part.back);
    let mut plan = everything::plan(sandbox, &part.regions, DAYS - part.back);
    plan["sources"] = json!(part.sources);
    plan["parallelism"] = json!(part.pods);
    let run = Uuid::new_v4();
    let start = |index: u32| {
        let mut pod = sandbox.pod("run", &plan, run, index);
        pod.env("DESKFLEET_SYNC_NOW", now.to_string()).env("JOB_COMPLETION_INDEX", index.to_string());
        pod.spawn().unwrap()
    };
    let pods: Vec<_> = (0..part.pods).map(start).collect();
    for (index, pod) in (0..).zip(pods) {
        sandbox.finish_pod(pod, run, index).ended(0, "Complete");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn any_split_in_any_order_with_repeats_leaves_the_same_tables(pool: PgPool) {
    let sandbox = everything::a_fleet(pool, 16, &REGIONS, NOW);
    run(&sandbox, &Part::whole());
    let whole = dump(&sandbox.pool).await;
    assert!(whole.len() > 400, "{} rows are too few to prove anything", whole.len());
    let splits = std::env::var("DESKFLEET_SPLITS").map_or(4, |text| text.parse().unwrap());
    let seed = std::env::var("DESKFLEET_SEED").map_or(20_261_125, |text| text.parse().unwrap());
    let mut random = StdRng::seed_from_u64(seed);
    for _ in 0..splits {
        forget(&sandbox.pool).await;
        let parts = split(&mut random);
        for part in &parts {
            run(&sandbox, part);
        }
        assert_same(&dump(&sandbox.pool).await, &whole, &format!("seed {seed}: {parts:#?}"));
    }
}
