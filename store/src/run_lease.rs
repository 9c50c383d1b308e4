//! The lease of a schedule: at most one run works at a time.
//!
//! The holder is the run, not the pod, so all pods of an Indexed Job share it and a
//! retried pod of the same Job has it at once.

use std::time::Duration;

use identifiers::ObjectRef;
use sqlx::{PgPool, postgres::types::PgInterval};
use uuid::Uuid;

/// Takes or renews the lease for `run`. False when another run holds it.
pub async fn hold(pool: &PgPool, schedule: &ObjectRef, run: Uuid, ttl: Duration) -> Result<bool, sqlx::Error> {
    let held = sqlx::query_scalar!(
        "insert into run_lease as lease (schedule_namespace, schedule_name, run_id, held_until)
         values ($1, $2, $3, clock_timestamp() + $4)
         on conflict on constraint run_lease_pkey do update set
             run_id = excluded.run_id,
             held_until = excluded.held_until
         where lease.run_id = excluded.run_id or lease.held_until < clock_timestamp()
         returning run_id",
        schedule.namespace.as_str(),
        schedule.name.as_str(),
        run,
        interval(ttl),
    )
    .fetch_optional(pool)
    .await?;
    Ok(held.is_some())
}

/// Gives the lease back. Nothing happens when another run has it by now, nor while pods of
/// the same Job may still be at work: with `has_siblings`, as long as a step is open; the
/// pod that ends the last step gives it back, and if all of them die it runs out.
pub async fn release(pool: &PgPool, schedule: &ObjectRef, run: Uuid, has_siblings: bool) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from run_lease
         where schedule_namespace = $1 and schedule_name = $2 and run_id = $3
           and not ($4 and exists (select from run_step where run_id = $3 and state in ('pending', 'running')))",
        schedule.namespace.as_str(),
        schedule.name.as_str(),
        run,
        has_siblings,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// A length of time as Postgres takes it; parts of a microsecond are dropped.
pub(crate) fn interval(duration: Duration) -> PgInterval {
    PgInterval { months: 0, days: 0, microseconds: i64::try_from(duration.as_micros()).unwrap_or(i64::MAX) }
}
