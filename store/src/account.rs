//! The accounts that have proved themselves.

use identifiers::{AccountId, ObjectRef, Partition};
use sqlx::PgPool;

/// Records that `GetCallerIdentity` answered with this account just now.
pub async fn record_verified(
    pool: &PgPool,
    account: &AccountId,
    object: &ObjectRef,
    partition: Partition,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into account (account_id, object_namespace, object_name, partition)
         values ($1, $2, $3, $4)
         on conflict on constraint account_pkey do update set
             object_namespace = excluded.object_namespace,
             object_name = excluded.object_name,
             partition = excluded.partition,
             last_verified_at = clock_timestamp()",
        account.as_str(),
        object.namespace.as_str(),
        object.name.as_str(),
        partition.as_str(),
    )
    .execute(pool)
    .await?;
    Ok(())
}
