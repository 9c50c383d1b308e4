//! Leases and claims: who may work, and who may no longer write.

use std::{collections::BTreeSet, time::Duration};

use identifiers::{AccountId, ObjectName, ObjectRef, Source};
use sqlx::PgPool;
use store::{
    inventory::{self, Pages},
    run::{self, NewRun},
    run_lease,
    run_step::{self, Holder, Next, Spent, Step, StepError, WriteError},
};
use uuid::Uuid;

const TTL: Duration = Duration::from_mins(1);

fn account() -> AccountId {
    "111111111111".parse().unwrap()
}

fn schedule(name: &str) -> ObjectRef {
    ObjectRef { namespace: "deskfleet".parse().unwrap(), name: ObjectName::try_from(name).unwrap() }
}

/// A run with one inventory step.
async fn a_run(pool: &PgPool) -> Uuid {
    let run = NewRun {
        run_id: Uuid::new_v4(),
        schedule: schedule("test"),
        account: account(),
        trigger: "schedule",
        job_name: None,
        sources: vec![Source::Inventory],
        regions: vec!["us-east-1".to_owned()],
        parallelism: 1,
    };
    run::open(pool, &run).await.unwrap();
    for _ in 0..2 {
        run_step::plan_listings(pool, run.run_id, &run.sources, &run.regions).await.unwrap();
    }
    run.run_id
}

async fn claim(pool: &PgPool, run: Uuid, holder: &Holder) -> Option<Step> {
    run_step::claim(pool, &account(), run, holder, TTL).await.unwrap()
}

async fn a_pod(pool: &PgPool, index: u32) -> Holder {
    Holder::arrive(pool, index, Uuid::new_v4()).await.unwrap()
}

async fn write_page(pool: &PgPool, step: &Step, next: Next) -> Result<(), WriteError> {
    let (spent, none) = (Spent::default(), BTreeSet::new());
    inventory::write(pool, step, &Pages { desktops: &[], spent: &spent, next, follow_up: &none }).await
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_lease_has_one_holder_until_it_runs_out(pool: PgPool) {
    let (schedule, first, second) = (schedule("test"), Uuid::new_v4(), Uuid::new_v4());
    assert!(run_lease::hold(&pool, &schedule, first, TTL).await.unwrap());
    assert!(!run_lease::hold(&pool, &schedule, second, TTL).await.unwrap());
    assert!(run_lease::hold(&pool, &schedule, first, Duration::ZERO).await.unwrap(), "its own holder renews it");
    assert!(run_lease::hold(&pool, &schedule, second, TTL).await.unwrap(), "it ran out");
    run_lease::release(&pool, &schedule, first, false).await.unwrap();
    assert!(!run_lease::hold(&pool, &schedule, first, TTL).await.unwrap(), "only its holder gives it back");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn the_pod_that_ends_the_last_step_gives_the_lease_of_all_back(pool: PgPool) {
    let (run, schedule) = (a_run(&pool).await, schedule("test"));
    assert!(run_lease::hold(&pool, &schedule, run, TTL).await.unwrap());
    let step = claim(&pool, run, &a_pod(&pool, 0).await).await.unwrap();
    run_lease::release(&pool, &schedule, run, true).await.unwrap();
    let other = Uuid::new_v4();
    assert!(!run_lease::hold(&pool, &schedule, other, TTL).await.unwrap(), "a sibling is still at work");
    write_page(&pool, &step, Next::End(None)).await.unwrap();
    run_lease::release(&pool, &schedule, run, true).await.unwrap();
    assert!(run_lease::hold(&pool, &schedule, other, TTL).await.unwrap());
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_fails_while_siblings_work_waits_for_the_next_pod(pool: PgPool) {
    let run = a_run(&pool).await;
    let (first, sibling) = (a_pod(&pool, 0).await, a_pod(&pool, 1).await);
    let step = claim(&pool, run, &first).await.unwrap();
    let error = StepError { class: "fault", message: "down".to_owned(), retryable: true };
    run_step::stop(&pool, &step, &Spent::default(), &error).await.unwrap();
    assert!(claim(&pool, run, &sibling).await.is_none());
    assert!(claim(&pool, run, &a_pod(&pool, 1).await).await.is_some());
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_run_that_nobody_works_on_is_closed_by_the_next_one(pool: PgPool) {
    let (dead, next) = (a_run(&pool).await, a_run(&pool).await);
    let step = claim(&pool, dead, &a_pod(&pool, 0).await).await.unwrap();
    write_page(&pool, &step, Next::From("token".to_owned())).await.unwrap();
    assert_eq!(run::close_abandoned(&pool, &schedule("other"), Uuid::new_v4()).await.unwrap(), 0, "may still live");
    assert_eq!(run::close_abandoned(&pool, &schedule("test"), next).await.unwrap(), 1);
    let how = "select outcome || ' ' || reason from run where run_id = $1";
    let closed: String = sqlx::query_scalar(how).bind(dead).fetch_one(&pool).await.unwrap();
    assert_eq!(closed, "failed Abandoned", "no desktop was read");
    let stopped = "select state || ' ' || retryable from run_step where run_id = $1";
    let step: String = sqlx::query_scalar(stopped).bind(dead).fetch_one(&pool).await.unwrap();
    assert_eq!(step, "failed true");

    let silent = "update run set started_at = now() - interval '16 minutes' where run_id = $1";
    sqlx::query(silent).bind(next).execute(&pool).await.unwrap();
    assert_eq!(run::close_abandoned(&pool, &schedule("other"), Uuid::new_v4()).await.unwrap(), 1);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_step_is_planned_once_and_claimed_by_one_pod(pool: PgPool) {
    let run = a_run(&pool).await;
    assert!(claim(&pool, run, &a_pod(&pool, 0).await).await.is_some());
    assert!(claim(&pool, run, &a_pod(&pool, 1).await).await.is_none());
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn the_next_pod_of_an_index_goes_on_where_the_last_one_stopped(pool: PgPool) {
    let run = a_run(&pool).await;
    let step = claim(&pool, run, &a_pod(&pool, 0).await).await.unwrap();
    write_page(&pool, &step, Next::From("token-2".to_owned())).await.unwrap();
    let taken_over = claim(&pool, run, &a_pod(&pool, 0).await).await.unwrap();
    assert_eq!(taken_over.cursor.as_deref(), Some("token-2"));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_pod_that_lost_its_claim_changes_nothing(pool: PgPool) {
    let run = a_run(&pool).await;
    let zombie = claim(&pool, run, &a_pod(&pool, 0).await).await.unwrap();
    let alive = claim(&pool, run, &a_pod(&pool, 0).await).await.unwrap();
    let refused = write_page(&pool, &zombie, Next::End(None)).await;
    assert!(matches!(refused, Err(WriteError::ClaimLost { .. })), "{refused:?}");
    write_page(&pool, &alive, Next::End(None)).await.unwrap();
    let state: String = sqlx::query_scalar("select state from run_step").fetch_one(&pool).await.unwrap();
    assert_eq!(state, "complete");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn only_what_another_attempt_may_complete_is_tried_again_and_not_by_the_same_pod(pool: PgPool) {
    let run = a_run(&pool).await;
    let pod = a_pod(&pool, 0).await;
    let mut error = StepError { class: "throttle", message: "slow down".to_owned(), retryable: true };
    let step = claim(&pool, run, &pod).await.unwrap();
    run_step::stop(&pool, &step, &Spent::default(), &error).await.unwrap();
    assert!(claim(&pool, run, &pod).await.is_none());

    let step = claim(&pool, run, &a_pod(&pool, 0).await).await.expect("the next pod tries again");
    error.retryable = false;
    run_step::stop(&pool, &step, &Spent::default(), &error).await.unwrap();
    assert!(claim(&pool, run, &a_pod(&pool, 0).await).await.is_none());
    let totals = run::totals(&pool, run, None).await.unwrap();
    assert_eq!((totals.failed, totals.retryable, totals.open), (1, 0, 0));
}
