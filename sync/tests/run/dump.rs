//! Everything that a sync leaves behind about AWS, in a form that does not depend on when
//! and by how many pods it was read: what laws about runs compare.
//!
//! Tables are asked of the catalogue, so one that comes with a later release is in it.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, PgPool, Row};
use store::audit::verify::{Evidence, verify};

/// Tables that tell of the work and of people, and not of AWS.
const OF_THE_WORK: [&str; 18] = [
    "_sqlx_migrations",
    "access_log",
    "account_retention",
    "audit_chain",
    "audit_checkpoint",
    "aws_budget",
    "aws_call",
    "aws_pace",
    "person",
    "role_grant",
    "run",
    "run_lease",
    "run_step",
    "session",
    "setting",
    "sign_in_attempt",
    "subject_key",
    "account",
];

/// Columns that hold when something was read or written, or a number of our own. Whether
/// there is such a moment counts, which one does not.
const RECORDED: [&str; 25] = [
    "workspace_no",
    "item_no",
    "resource_no",
    "configuration_since",
    "enabled_since",
    "state_since",
    "connection_read_at",
    "first_seen_at",
    "last_seen_at",
    "last_read_at",
    "gone_at",
    "since",
    "valid_from",
    "valid_to",
    "recorded_at",
    "end_recorded_at",
    "updated_at",
    "read_at",
    "told_at",
    // Of the audit trail: its order, and what is made with keys that are drawn.
    "sequence",
    "hash",
    "record",
    "personal",
    "actor_id",
    "person_ids",
];

/// Numbers of our own, and what they stand for.
const NUMBERED: [(&str, &str, &str); 3] = [
    (
        "workspace_no",
        "workspace",
        "(select to_jsonb(workspace_id) from workspace where workspace.workspace_no = one.workspace_no)",
    ),
    (
        "item_no",
        "cost_export_item",
        "(select to_jsonb(item) - 'item_no' from cost_export_item as item
          where (item.account_id, item.item_no) = (one.account_id, one.item_no))",
    ),
    (
        "resource_no",
        "cost_resource_item",
        "(select to_jsonb(item) - 'resource_no' from cost_resource_item as item where item.resource_no = one.resource_no)",
    ),
];

/// Every row of every table, one a line, in order.
pub(crate) async fn dump(pool: &PgPool) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for (table, columns) in tables(pool).await {
        let is_numbered = |(number, its_own, _): &&(&str, &str, &str)| {
            *its_own != table && columns.iter().any(|column| column == number)
        };
        let named = NUMBERED.iter().filter(is_numbered).map(|(number, _, meaning)| format!("'{number}', {meaning}"));
        let identity = format!("jsonb_build_object({})", named.collect::<Vec<_>>().join(", "));
        let query = format!(
            "select (
                 to_jsonb(one) - $1::text[] || (
                     select coalesce(jsonb_object_agg(key, value <> 'null'), '{{}}')
                     from jsonb_each(to_jsonb(one)) where key = any($1)
                 ) || {identity}
             )::text as row, row_number() over (partition by to_jsonb(one) - $1::text[] || {identity}) as times
             from \"{table}\" as one"
        );
        let recorded: Vec<String> = RECORDED.iter().map(ToString::to_string).collect();
        let rows = sqlx::query(AssertSqlSafe(query)).bind(recorded).fetch_all(pool).await.unwrap();
        // Equal rows are told apart by how many there are, so that none is lost here.
        lines.extend(
            rows.iter().map(|row| format!("{table} {} {}", row.get::<String, _>("row"), row.get::<i64, _>("times"))),
        );
    }
    lines
}

/// Every event of the audit trail with what is sealed in it and whose that is, by name: the
/// columns that [`dump`] leaves out hold numbers and keys that are drawn. Fails unless each
/// account's chain is whole.
pub(crate) async fn trail(pool: &PgPool) -> BTreeSet<String> {
    let mut connection = pool.acquire().await.unwrap();
    let accounts: Vec<String> = sqlx::query_scalar("select account_id from audit_chain").fetch_all(pool).await.unwrap();
    for account in accounts {
        let report = verify(&mut connection, &account.parse().unwrap(), Evidence::default()).await.unwrap();
        assert_eq!(report.broken.map(|found| found.to_string()), None);
    }
    sqlx::query_scalar(EVENTS).fetch_all(pool).await.unwrap().into_iter().collect()
}

const EVENTS: &str = "
    select format('%s by %s: %s, sealed %s', event_id, person, record::jsonb -> 'event', sealed.personal)
    from audit_event
    left join subject_key on subject_id = actor_id
    cross join lateral (
        select jsonb_agg(one - 'of' || jsonb_build_object('of', (
                   select jsonb_agg(key.person order by key.person)
                   from jsonb_array_elements_text(one -> 'of') as number
                   join subject_key as key on key.subject_id = number::bigint
               )) order by one ->> 'at') as personal
        from jsonb_array_elements(audit_event.personal) as one
    ) as sealed";

/// What the steps of all runs add up to: a thing that is counted twice shows here.
pub(crate) async fn counted(pool: &PgPool) -> BTreeSet<String> {
    let query = "select format('%s %s %s: %s, %s read, %s rejected', source, region, block, state, items, rejected)
                 from run_step";
    sqlx::query_scalar(query).fetch_all(pool).await.unwrap().into_iter().collect()
}

/// Fails with the first lines in which two dumps differ.
pub(crate) fn assert_same(found: &BTreeSet<String>, wanted: &BTreeSet<String>, when: &str) {
    let lost: Vec<_> = wanted.difference(found).take(3).collect();
    let added: Vec<_> = found.difference(wanted).take(3).collect();
    assert!(lost.is_empty() && added.is_empty(), "{when}\nmissing: {lost:#?}\nnot wanted: {added:#?}");
}

/// Empties every table.
pub(crate) async fn forget(pool: &PgPool) {
    let query = "select string_agg(format('%I', relname), ', ') from pg_class
                 where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
                   and relname <> '_sqlx_migrations'";
    let tables: String = sqlx::query_scalar(query).fetch_one(pool).await.unwrap();
    // The audit trail may not be emptied; a replica's rules are the way around.
    let mut transaction = pool.begin().await.unwrap();
    sqlx::query("set local session_replication_role = replica").execute(&mut *transaction).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("truncate {tables} cascade"))).execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
}

/// Tables of evidence, with their columns.
async fn tables(pool: &PgPool) -> Vec<(String, Vec<String>)> {
    let query = "select relname::text, array(
                     select attname::text from pg_attribute
                     where attrelid = pg_class.oid and attnum > 0 and not attisdropped
                 )
                 from pg_class
                 where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
                   and relname::text <> all($1)
                 order by relname";
    let left_out: Vec<String> = OF_THE_WORK.iter().map(ToString::to_string).collect();
    sqlx::query_as(query).bind(left_out).fetch_all(pool).await.unwrap()
}
