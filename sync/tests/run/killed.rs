//! Killed at any moment, a run goes on: nothing is lost and nothing is twice.
//!
//! The moments are not left to chance. At a call that a run makes, the stand-in holds the
//! answer and the pod is killed there; at a row of `run_step` that a run writes, Postgres
//! holds the transaction that writes it, and the pod is killed in the middle of it. `make
//! soak` does so at every call and every row: no boundary between steps and no page is left
//! out. `make test` takes every third.

use std::{collections::BTreeSet, process::Child};

use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    dump::{assert_same, counted, dump, forget, trail},
    everything::{self, scene::Scene},
};

mod apart;

const REGION: &str = "us-east-1";
const NOW: &str = "2026-03-04T15:00:00Z";

/// `make soak` takes a larger fleet, whose runs have more moments to be killed in.
fn desktops() -> u64 {
    std::env::var("DESKFLEET_KILLED_DESKTOPS").map_or(26, |text| text.parse().unwrap())
}

/// Of so many moments one is met; `make soak` meets every one. Calls and writes of a step
/// come in turns (claim, page, ..., end), and three is a stride that meets all of them.
fn stride() -> usize {
    std::env::var("DESKFLEET_KILLED_STRIDE").map_or(3, |text| text.parse().unwrap())
}

/// The fleet of the sources that are read desktop by desktop or region by region.
fn a_fleet(pool: PgPool) -> Scene {
    let sandbox = everything::a_fleet(pool, desktops(), &[REGION], NOW);
    let plan = everything::plan(&sandbox, &[REGION], 2);
    Scene::new(sandbox, plan, NOW, 300)
}

/// A scene, and what a run that nobody kills leaves behind.
struct Story {
    scene: Scene,
    unkilled: [BTreeSet<String>; 3],
}

impl Story {
    async fn begin(scene: Scene) -> Self {
        let story = Self { scene, unkilled: Default::default() };
        story.forget().await;
        story.scene.comes_to_now();
        let run = Uuid::new_v4();
        story.ends(story.start(run, 0), run);
        let unkilled = story.left_behind().await;
        let rows = unkilled[0].len();
        assert!(rows > story.scene.rows, "{rows} rows are too few to prove anything");
        Self { unkilled, ..story }
    }

    fn pool(&self) -> &PgPool {
        &self.scene.sandbox.pool
    }

    async fn forget(&self) {
        forget(self.pool()).await;
        self.scene.begins();
    }

    /// Rows, what steps counted, and the audit trail.
    async fn left_behind(&self) -> [BTreeSet<String>; 3] {
        [dump(self.pool()).await, counted(self.pool()).await, trail(self.pool()).await]
    }

    /// A pod. Every other one writes each page at once, and each five answers about a single
    /// desktop, the others several together, so that some die with pages in hand.
    fn start(&self, run: Uuid, number: usize) -> Child {
        let mut pod = self.scene.sandbox.command("run", &self.scene.plan, run);
        pod.env("DESKFLEET_SYNC_NOW", self.scene.now);
        pod.env("DESKFLEET_SYNC_BATCH", if number.is_multiple_of(2) { "5" } else { "500" });
        pod.spawn().unwrap()
    }

    fn ends(&self, pod: Child, run: Uuid) {
        self.scene.sandbox.finish(pod, run).ended(0, "Complete");
    }

    /// After the kill: the next pod of the same run ends it, as if nothing had been.
    async fn goes_on(&self, mut killed: Child, run: Uuid, when: &str) {
        killed.kill().unwrap();
        killed.wait().unwrap();
        self.scene.comes_to_now();
        self.ends(self.start(run, 0), run);
        for (found, wanted) in self.left_behind().await.iter().zip(&self.unkilled) {
            assert_same(found, wanted, when);
        }
    }

    /// Calls of a whole run.
    async fn calls(&self) -> usize {
        let before = self.scene.sandbox.aws.lines("log?since=0").len();
        self.forget().await;
        let run = Uuid::new_v4();
        self.ends(self.start(run, 0), run);
        self.scene.sandbox.aws.lines("log?since=0").len() - before
    }

    async fn is_killed_at_call(&self, call: usize, calls: usize) {
        let aws = &self.scene.sandbox.aws;
        let when = format!("at call {} of {calls}", call + 1);
        self.forget().await;
        let held = json!({"operation": "*", "after": call, "delayMs": 600_000});
        aws.post("fault", &json!({"rules": [held]}));
        let run = Uuid::new_v4();
        let mut pod = self.start(run, call);
        until(&mut pod, &when, || async { aws.get("fault")["rules"][0]["count"] == 0 }).await;
        aws.delete("fault");
        self.goes_on(pod, run, &when).await;
    }

    /// Rows of `run_step` that a whole run writes, of a pod that writes each page and of one
    /// that writes several together.
    async fn writes(&self) -> [i64; 2] {
        sqlx::raw_sql(HOLD).execute(self.pool()).await.unwrap();
        let mut writes = [0, 0];
        for (number, writes) in writes.iter_mut().enumerate() {
            self.forget().await;
            sqlx::query("select setval('held.written', 1, false)").execute(self.pool()).await.unwrap();
            let run = Uuid::new_v4();
            self.ends(self.start(run, number), run);
            *writes = self.scene.sandbox.count("select last_value from held.written").await;
        }
        writes
    }

    async fn is_killed_inside_write(&self, write: i64, writes: [i64; 2]) {
        // A pod that writes pages together writes less often.
        let number = usize::try_from(write).unwrap();
        if write > writes[number % 2] {
            return;
        }
        let when = format!("inside write {write} of {writes:?}");
        self.forget().await;
        let turn = "with turn as (update held.turn set turn = $1) select setval('held.written', 1, false)";
        sqlx::query(turn).bind(write).execute(self.pool()).await.unwrap();
        let run = Uuid::new_v4();
        let mut pod = self.start(run, number);
        until(&mut pod, &when, || async { self.scene.sandbox.count(SLEEPING).await > 0 }).await;
        pod.kill().unwrap();
        // The server does not notice that its client is gone while it sleeps.
        sqlx::query(WAKE).execute(self.pool()).await.unwrap();
        self.goes_on(pod, run, &when).await;
    }
}

/// Waits for `held`; fails when the pod ends before.
async fn until<F: Future<Output = bool>>(pod: &mut Child, when: &str, held: impl Fn() -> F) {
    while !held().await {
        assert!(pod.try_wait().unwrap().is_none(), "the run ended before it was held {when}");
        crate::sandbox::look_again().await;
    }
}

/// Holds the transaction that writes a row of `run_step`, the one whose turn it is.
const HOLD: &str = "
    create schema held;
    create sequence held.written;
    create table held.turn (turn bigint);
    insert into held.turn values (0);
    create function held.wait() returns trigger language plpgsql as $$
    begin
        if nextval('held.written') = (select turn from held.turn) then
            perform pg_sleep(600);
        end if;
        return new;
    end
    $$;
    create trigger held before insert or update on run_step for each row execute function held.wait()";
const SLEEPING: &str =
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
const WAKE: &str = "select pg_terminate_backend(pid, 10000) from pg_stat_activity
                    where datname = current_database() and wait_event = 'PgSleep'";

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn killed_at_every_call_the_tables_equal_an_unkilled_run(pool: PgPool) {
    let story = Story::begin(a_fleet(pool)).await;
    let calls = story.calls().await;
    assert!(calls > 15, "{calls} calls are too few to prove anything");
    for call in (0..calls).step_by(stride()) {
        story.is_killed_at_call(call, calls).await;
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn killed_inside_every_write_the_tables_equal_an_unkilled_run(pool: PgPool) {
    let story = Story::begin(a_fleet(pool)).await;
    let writes = story.writes().await;
    assert!(writes.iter().all(|writes| *writes > 20), "{writes:?} writes are too few to prove anything");
    for write in (1..=writes[0]).step_by(stride()) {
        story.is_killed_inside_write(write, writes).await;
    }
}
