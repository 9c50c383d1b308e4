//! The law of runs: any split of the same evidence over any runs, in any order, with
//! repeats and with pods side by side, leaves the same tables as one run that reads it all.
//!
//! The fleet's clock stands still. Runs differ in sources, regions, pods and in how far
//! they read metrics; they are drawn from a seed until everything was read. `apart` holds
//! the law for the sources that are not read desktop by desktop or region by region, and
//! `forward` for those whose evidence comes with time.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    dump::{assert_same, dump, forget},
    everything::{self, SOURCES},
    sandbox::Sandbox,
};

mod apart;
mod forward;

const REGIONS: [&str; 2] = ["us-east-1", "eu-central-1"];
const NOW: &str = "2026-03-04T15:00:00Z";
/// Days of metrics that the whole evidence has.
const DAYS: i64 = 5;
/// Random runs, before one reads what is missing.
const RUNS: usize = 5;

/// What there is to read.
#[derive(Clone, Copy)]
struct Evidence {
    sources: &'static [&'static str],
    regions: &'static [&'static str],
    /// How many days before [`NOW`] a run may read up to.
    back: i64,
}

/// Sources that read the desktops that a listing has found before.
const BY_DESKTOP: [&str; 3] = ["ConnectionStatus", "Metrics", "Snapshots"];

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
    fn whole(evidence: Evidence) -> Self {
        Self { sources: evidence.sources.to_vec(), regions: evidence.regions.to_vec(), back: 0, pods: 1 }
    }

    fn draw(evidence: Evidence, random: &mut StdRng) -> Self {
        let sources = some_of(evidence.sources, 4, random);
        let mut regions = some_of(evidence.regions, 2, random);
        // The queue lies in the first region, and whoever reads it reads there.
        if sources.contains(&"AccessEvents") && !regions.contains(&evidence.regions[0]) {
            regions.push(evidence.regions[0]);
        }
        Self { sources, regions, back: random.random_range(0..=evidence.back), pods: random.random_range(1..3) }
    }

    /// What a run of this part adds to what was `read` before, by source and region.
    fn reads(&self, read: &mut BTreeSet<(&'static str, &'static str)>) {
        // A listing comes before what reads desktop by desktop, in one run as in several.
        let mut sources = self.sources.clone();
        sources.sort_unstable_by_key(|source| *source != "Inventory");
        for (source, region) in sources.iter().flat_map(|source| self.regions.iter().map(move |at| (*source, *at))) {
            let is_early = source == "Metrics" && self.back > 0;
            if !is_early && (!BY_DESKTOP.contains(&source) || read.contains(&("Inventory", region))) {
                read.insert((source, region));
            }
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

/// Runs that together read everything, at least once: `runs` drawn ones, then one that reads
/// what they left out, then one of them again.
fn split(evidence: Evidence, runs: usize, random: &mut StdRng) -> Vec<Part> {
    let mut parts: Vec<Part> = (0..runs).map(|_| Part::draw(evidence, random)).collect();
    let mut read = BTreeSet::new();
    for part in &parts {
        part.reads(&mut read);
    }
    let is_missing =
        |source: &&&'static str| evidence.regions.iter().any(|region| !read.contains(&(**source, *region)));
    let missing: Vec<_> = evidence.sources.iter().filter(is_missing).copied().collect();
    let again = parts[random.random_range(0..runs)].clone();
    if !missing.is_empty() {
        parts.push(Part { sources: missing, ..Part::whole(evidence) });
    }
    parts.push(again);
    parts
}

/// Runs `part` of `plan` to its end, by as many pods as it has.
fn run(sandbox: &Sandbox, plan: Value, part: &Part) {
    run_at(sandbox, plan, part, NOW.parse::<Timestamp>().unwrap() - SignedDuration::from_hours(24 * part.back));
}

fn run_at(sandbox: &Sandbox, mut plan: Value, part: &Part, now: Timestamp) {
    plan["sources"] = json!(part.sources);
    plan["regions"] = json!(part.regions);
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

/// The number that splits are drawn with.
fn seed() -> u64 {
    std::env::var("DESKFLEET_SEED").map_or(20_261_125, |text| text.parse().unwrap())
}

/// So many splits; `make soak` draws more.
fn splits(few: usize) -> usize {
    std::env::var("DESKFLEET_SPLITS").map_or(few, |text| text.parse().unwrap())
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn any_split_in_any_order_with_repeats_leaves_the_same_tables(pool: PgPool) {
    let evidence = Evidence { sources: &SOURCES, regions: &REGIONS, back: 2 };
    let sandbox = everything::a_fleet(pool, 16, &REGIONS, NOW);
    let run = |part: &Part| run(&sandbox, everything::plan(&sandbox, &part.regions, DAYS - part.back), part);
    run(&Part::whole(evidence));
    let whole = dump(&sandbox.pool).await;
    assert!(whole.len() > 400, "{} rows are too few to prove anything", whole.len());
    let seed = seed();
    let mut random = StdRng::seed_from_u64(seed);
    for _ in 0..splits(4) {
        forget(&sandbox.pool).await;
        let parts = split(evidence, RUNS, &mut random);
        parts.iter().for_each(run);
        assert_same(&dump(&sandbox.pool).await, &whole, &format!("seed {seed}: {parts:#?}"));
    }
}
