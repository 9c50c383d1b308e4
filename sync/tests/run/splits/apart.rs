//! The same law for the sources apart.
//!
//! Not over costs, which belong to no region and to no desktop: `cost/splits.rs` holds their
//! law, over readings on any days.

use rand::{SeedableRng, rngs::StdRng};
use sqlx::PgPool;

use super::{Evidence, NOW, Part, REGIONS, run, seed, split, splits};
use crate::{
    dump::{assert_same, dump, forget, trail},
    everything::scene,
};

const SOURCES: [&str; 7] = ["AccessEvents", "AuditTrail", "CostExport", "Inventory", "Leavers", "Prices", "Snapshots"];
/// Random runs, before one reads what is missing.
const RUNS: usize = 3;

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn any_split_of_what_is_read_apart_leaves_the_same_tables_and_a_whole_chain(pool: PgPool) {
    let evidence = Evidence { sources: &SOURCES, regions: &REGIONS, back: 0 };
    let scene = scene::all_apart(pool, &REGIONS);
    assert_eq!(scene.now, NOW);
    let read = async |parts: &[Part]| {
        forget(&scene.sandbox.pool).await;
        scene.begins();
        for part in parts {
            run(&scene.sandbox, scene.plan.clone(), part);
        }
        [dump(&scene.sandbox.pool).await, trail(&scene.sandbox.pool).await]
    };
    let whole = read(&[Part::whole(evidence)]).await;
    assert!(whole[0].len() > scene.rows, "{} rows are too few to prove anything", whole[0].len());
    let seed = seed();
    let mut random = StdRng::seed_from_u64(seed);
    for _ in 0..splits(2) {
        let parts = split(evidence, RUNS, &mut random);
        for (found, wanted) in read(&parts).await.iter().zip(&whole) {
            assert_same(found, wanted, &format!("seed {seed}: {parts:#?}"));
        }
    }
}
