//! Killed at any moment, a run goes on: nothing is lost and nothing is twice.
//!
//! The moments are not left to chance. At a call that a run makes, the stand-in holds the
//! answer and the pod is killed there; at a row of `run_step` that a run writes, Postgres
//! holds the transaction that writes it, and the pod is killed in the middle of it. `make
//! soak` does so at every call and every row: no boundary between steps and no page is left
//! out. `make test` takes every third.

use std::{collections::BTreeSet, process::Child};

use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    dump::{assert_same, counted, dump, forget},
    everything,
    sandbox::Sandbox,
};

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

/// A fleet, the plan that reads it, and what a run that nobody kills leaves behind.
struct Story {
    sandbox: Sandbox,
    plan: Value,
    unkilled: (BTreeSet<String>, BTreeSet<String>),
}

impl Story {
    async fn begin(pool: PgPool) -> Self {
        let sandbox = everything::a_fleet(pool, desktops(), &[REGION], NOW);
        let plan = everything::plan(&sandbox, &[REGION], 2);
        let story = Self { sandbox, plan, unkilled: Default::default() };
        let run = Uuid::new_v4();
        story.sandbox.finish(story.start(run, 0), run).ended(0, "Complete");
        let unkilled = story.left_behind().await;
        assert!(unkilled.0.len() > 300, "{} rows are too few to prove anything", unkilled.0.len());
        Self { unkilled, ..story }
    }

    async fn left_behind(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        (dump(&self.sandbox.pool).await, counted(&self.sandbox.pool).await)
    }

    /// A pod. Every other one writes each page at once, the others several together, so that
    /// some die with pages in hand.
    fn start(&self, run: Uuid, number: usize) -> Child {
        let mut pod = self.sandbox.command("run", &self.plan, run);
        pod.env("DESKFLEET_SYNC_NOW", NOW);
        pod.env("DESKFLEET_SYNC_BATCH", if number.is_multiple_of(2) { "25" } else { "500" });
        pod.spawn().unwrap()
    }

    /// After the kill: the next pod of the same run ends it, as if nothing had been.
    async fn goes_on(&self, mut killed: Child, run: Uuid, when: &str) {
        killed.kill().unwrap();
        killed.wait().unwrap();
        self.sandbox.finish(self.start(run, 0), run).ended(0, "Complete");
        let (rows, counts) = self.left_behind().await;
        assert_same(&rows, &self.unkilled.0, when);
        assert_same(&counts, &self.unkilled.1, when);
    }
}

/// Waits for `held`; fails when the pod ends before.
async fn until<F: Future<Output = bool>>(pod: &mut Child, when: &str, held: impl Fn() -> F) {
    while !held().await {
        assert!(pod.try_wait().unwrap().is_none(), "the run ended before it was held {when}");
        tokio::task::yield_now().await;
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn killed_at_every_call_the_tables_equal_an_unkilled_run(pool: PgPool) {
    let story = Story::begin(pool).await;
    let aws = &story.sandbox.aws;
    let calls = aws.lines("log?since=0").len();
    assert!(calls > 15, "{calls} calls are too few to prove anything");
    for call in (0..calls).step_by(stride()) {
        let when = format!("at call {} of {calls}", call + 1);
        forget(&story.sandbox.pool).await;
        let held = json!({"operation": "*", "after": call, "delayMs": 600_000});
        aws.post("fault", &json!({"rules": [held]}));
        let run = Uuid::new_v4();
        let mut pod = story.start(run, call);
        until(&mut pod, &when, || async { aws.get("fault")["rules"][0]["count"] == 0 }).await;
        aws.delete("fault");
        story.goes_on(pod, run, &when).await;
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
async fn killed_inside_every_write_the_tables_equal_an_unkilled_run(pool: PgPool) {
    let story = Story::begin(pool).await;
    let pool = &story.sandbox.pool;
    sqlx::raw_sql(HOLD).execute(pool).await.unwrap();
    let writes = [writes_of_a_run(&story, 0).await, writes_of_a_run(&story, 1).await];
    assert!(writes.iter().all(|writes| *writes > 20), "{writes:?} writes are too few to prove anything");
    for write in (1..=writes[0]).step_by(stride()) {
        // A pod that writes pages together writes less often.
        let number = usize::try_from(write).unwrap();
        if write > writes[number % 2] {
            continue;
        }
        let when = format!("inside write {write} of {writes:?}");
        forget(pool).await;
        let turn = "with turn as (update held.turn set turn = $1) select setval('held.written', 1, false)";
        sqlx::query(turn).bind(write).execute(pool).await.unwrap();
        let run = Uuid::new_v4();
        let mut pod = story.start(run, number);
        until(&mut pod, &when, || async { story.sandbox.count(SLEEPING).await > 0 }).await;
        pod.kill().unwrap();
        // The server does not notice that its client is gone while it sleeps.
        sqlx::query(WAKE).execute(pool).await.unwrap();
        story.goes_on(pod, run, &when).await;
    }
}

/// Rows of `run_step` that a whole run of pod `number` writes.
async fn writes_of_a_run(story: &Story, number: usize) -> i64 {
    forget(&story.sandbox.pool).await;
    sqlx::query("select setval('held.written', 1, false)").execute(&story.sandbox.pool).await.unwrap();
    let run = Uuid::new_v4();
    story.sandbox.finish(story.start(run, number), run).ended(0, "Complete");
    story.sandbox.count("select last_value from held.written").await
}
