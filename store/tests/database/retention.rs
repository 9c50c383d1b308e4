//! Retention: what ended before its account's days are over goes, and nothing else.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use store::{
    partitions,
    retention::{Days, KEPT, Mode, OwnDays, Retained, record, retain, tables},
};

const DAYS: Days = Days { history: 100, usage: 60, cost: 400, audit: 400, run: 30 };

/// Two accounts with a desktop each, which was there and is there; another that is gone.
const DESKTOPS: &str = "
    insert into account (account_id, partition, object_namespace, object_name)
    select a, 'aws', 'n', a from unnest(array['111111111111', '222222222222']) a;
    insert into workspace (account_id, region, workspace_id, configuration_since, first_seen_at, last_read_at, gone_at)
    select a, 'us-east-1', id, now(), now(), now(), now() - gone::interval
    from unnest(array['111111111111', '222222222222']) a,
         (values ('ws-there', null), ('ws-gone-lately', '99 days'), ('ws-gone-long', '101 days')) as d (id, gone);
    insert into workspace_version (account_id, region, workspace_id, valid_from, valid_to, end_recorded_at)
    select a, 'us-east-1', 'ws-there', now() - since::interval, now() - till::interval, now() - till::interval
    from unnest(array['111111111111', '222222222222']) a,
         (values ('900 days', '101 days'), ('101 days', '99 days'), ('99 days', null)) as v (since, till);
    insert into run (run_id, schedule_namespace, schedule_name, account_id, trigger, sources, regions, started_at, outcome, finished_at)
    select gen_random_uuid(), 'n', 's', a, 'schedule', '{inventory}', '{us-east-1}', now() - age::interval, outcome,
           case when outcome <> 'running' then now() end
    from unnest(array['111111111111', '222222222222']) a,
         (values ('29 days', 'complete'), ('31 days', 'complete'), ('31 days', 'running')) as r (age, outcome);
    insert into run_step (run_id, source, region) select run_id, 'inventory', 'us-east-1' from run;
";

async fn execute(connection: &mut PgConnection, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(connection).await.unwrap();
}

async fn count(connection: &mut PgConnection, query: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(connection).await.unwrap()
}

async fn done(connection: &mut PgConnection) -> Retained {
    retain(connection, Timestamp::now(), DAYS, Mode::Remove).await.unwrap()
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_ended_before_the_days_are_over_goes_and_what_is_current_stays(pool: PgPool) {
    let mut connection = pool.acquire().await.unwrap();
    execute(&mut connection, DESKTOPS).await;
    let counted = retain(&mut connection, Timestamp::now(), DAYS, Mode::Count).await.unwrap();
    assert_eq!(count(&mut connection, "select count(*) from run").await, 6, "a dry run removes nothing");
    let retained = done(&mut connection).await;
    assert_eq!(retained, counted, "a dry run tells what goes");
    assert_eq!(retained.rows, [("run", 2), ("workspace", 2), ("workspace_version", 2)].into());
    assert_eq!(count(&mut connection, "select count(*) from run_step").await, 4, "steps go with their run");
    let there = "select count(*) from workspace_version where valid_to is null";
    assert_eq!(count(&mut connection, there).await, 2, "the current version stays however old");
    assert_eq!(done(&mut connection).await, Retained::default(), "a second time finds nothing");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn each_account_keeps_as_long_as_it_says(pool: PgPool) {
    let mut connection = pool.acquire().await.unwrap();
    execute(&mut connection, DESKTOPS).await;
    let longer = "222222222222".parse().unwrap();
    record(&pool, &longer, OwnDays { history: Some(3660), run: Some(3660), ..OwnDays::default() }).await.unwrap();
    record(&pool, &longer, OwnDays { history: Some(3650), run: Some(365), ..OwnDays::default() }).await.unwrap();
    let retained = done(&mut connection).await;
    assert_eq!(retained.rows, [("run", 1), ("workspace", 1), ("workspace_version", 1)].into());
    let whole = "select (select count(*) from run where account_id = '222222222222')
                      + (select count(*) from workspace where account_id = '222222222222')
                      + (select count(*) from workspace_version where account_id = '222222222222')";
    assert_eq!(count(&mut connection, whole).await, 9);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_state_that_still_held_at_the_cutoff_stays_also_when_its_month_is_dropped(pool: PgPool) {
    let mut connection = pool.acquire().await.unwrap();
    execute(&mut connection, DESKTOPS).await;
    // A month of long ago, as a partition of its own: two changes of one desktop, one of another.
    let old = "create table workspace_state_202001 partition of workspace_state
                   for values from ('2020-01-01 00:00:00+00') to ('2020-02-01 00:00:00+00');
               insert into workspace_state (workspace_no, since, state)
               select workspace_no, since, change.state from workspace join (values
                   ('111111111111', '2020-01-02'::timestamptz, 'pending'),
                   ('111111111111', '2020-01-03', 'stopped'),
                   ('222222222222', '2020-01-04', 'available'),
                   ('111111111111', now() - interval '1 day', 'available')
               ) as change (account_id, since, state) using (account_id)
               where workspace_id = 'ws-there'";
    execute(&mut connection, old).await;
    let retained = done(&mut connection).await;
    assert_eq!(retained.months, ["workspace_state_202001"]);
    let left = "select string_agg(account_id || s.state || s.tableoid::regclass, ' ' order by since)
                from workspace_state s join workspace using (workspace_no)";
    let left: String = sqlx::query_scalar(left).fetch_one(&pool).await.unwrap();
    let [stopped, available, current] = left.split(' ').collect::<Vec<_>>()[..] else { panic!("{left}") };
    assert_eq!(stopped, "111111111111stoppedworkspace_state_default");
    assert_eq!(available, "222222222222availableworkspace_state_default");
    assert!(current.starts_with("111111111111availableworkspace_state_2"), "{current}");
    assert_eq!(done(&mut connection).await, Retained::default(), "what still holds is left alone again");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_month_goes_only_when_nobody_keeps_it_and_days_go_by_their_desktops_account(pool: PgPool) {
    let mut connection = pool.acquire().await.unwrap();
    execute(&mut connection, DESKTOPS).await;
    let days = "create table usage_day_202001 partition of usage_day for values from ('2020-01-01') to ('2020-02-01');
                insert into usage_day (workspace_no, day, observed)
                select workspace_no, day::date, null from workspace, (values ('2020-01-15'), (current_date::text)) as d (day)
                where workspace_id = 'ws-there'";
    execute(&mut connection, days).await;
    record(&pool, &"222222222222".parse().unwrap(), OwnDays { usage: Some(3660), ..OwnDays::default() }).await.unwrap();
    let retained = done(&mut connection).await;
    assert_eq!((retained.months.len(), retained.rows.get("usage_day")), (0, Some(&1)), "{retained:?}");
    record(&pool, &"222222222222".parse().unwrap(), OwnDays::default()).await.unwrap();
    assert_eq!(done(&mut connection).await.months, ["usage_day_202001"]);
    assert_eq!(count(&mut connection, "select count(*) from usage_day").await, 2, "today's");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn every_table_has_a_rule_or_a_reason_to_stay(pool: PgPool) {
    let query = "select relname::text from pg_class
                 where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition";
    let all: BTreeSet<String> = sqlx::query_scalar(query).fetch_all(&pool).await.unwrap().into_iter().collect();
    let known: BTreeSet<String> = tables().chain(KEPT.iter().map(|(table, _)| *table)).map(ToOwned::to_owned).collect();
    assert_eq!(all, known, "add a rule to store/src/retention/rules.rs, or a reason to KEPT");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn months_of_this_and_the_coming_quarter_are_never_dropped(pool: PgPool) {
    partitions::make(&pool).await.unwrap();
    let mut connection = pool.acquire().await.unwrap();
    let least = Days { history: 30, usage: 30, cost: 90, audit: 90, run: 7 };
    retain(&mut connection, Timestamp::now(), least, Mode::Remove).await.unwrap();
    let ahead = "select count(*) from pg_inherits where inhparent = 'usage_day'::regclass
                 and inhrelid::regclass::text >= 'usage_day_' || to_char(now() at time zone 'utc', 'YYYYMM')";
    assert_eq!(count(&mut connection, ahead).await, 4 + 1, "four months, and the default one");
}
