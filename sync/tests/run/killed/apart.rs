//! The same law for the sources apart, each scene at a few moments that a seed draws; `make
//! soak` meets every one. Between two calls nothing is written but by writes, and inside
//! writes nothing is called: both kinds are drawn.
//!
//! Not at calls of the cost export, whose files come from a server that nobody can hold:
//! `cost_export/kills.rs` kills between its files.

use rand::{RngExt, SeedableRng, rngs::StdRng};
use sqlx::PgPool;

use super::{Story, stride};
use crate::everything::scene::{self, Scene};

/// Moments of each kind.
const MOMENTS: usize = 3;

/// One moment of each part of `count`, early, in the middle and late, or all of them.
fn drawn(count: usize) -> Vec<usize> {
    if stride() == 1 {
        return (0..count).collect();
    }
    let seed = std::env::var("DESKFLEET_SEED").map_or(20_261_125, |text| text.parse().unwrap());
    let mut random = StdRng::seed_from_u64(seed);
    let moments = MOMENTS.min(count);
    (0..moments).map(|part| random.random_range(part * count / moments..(part + 1) * count / moments)).collect()
}

async fn at_calls(story: &Story) {
    let calls = story.calls().await;
    for call in drawn(calls) {
        story.is_killed_at_call(call, calls).await;
    }
}

async fn inside_writes(story: &Story) {
    let writes = story.writes().await;
    for write in drawn(usize::try_from(writes[0]).unwrap()) {
        story.is_killed_inside_write(i64::try_from(write).unwrap() + 1, writes).await;
    }
}

async fn anywhere(scene: Scene) {
    let story = Story::begin(scene).await;
    at_calls(&story).await;
    inside_writes(&story).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn killed_anywhere_costs_and_prices_equal_an_unkilled_run(pool: PgPool) {
    anywhere(scene::money(pool)).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn killed_anywhere_snapshots_and_users_equal_an_unkilled_run(pool: PgPool) {
    anywhere(scene::people(pool)).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn killed_anywhere_logins_equal_an_unkilled_run(pool: PgPool) {
    anywhere(scene::logins(pool)).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn killed_anywhere_the_audit_trail_equals_an_unkilled_run_and_its_chain_is_whole(pool: PgPool) {
    anywhere(scene::changes(pool)).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn killed_inside_any_write_a_cost_export_equals_an_unkilled_run(pool: PgPool) {
    inside_writes(&Story::begin(scene::export(pool)).await).await;
}
