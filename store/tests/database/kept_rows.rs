//! A database that an earlier release filled keeps what it knows when it is migrated.

use sqlx::{AssertSqlSafe, PgPool};
use store::schema::MIGRATOR;

/// The last schema in which desktops were named by three texts in states and marks.
const BY_NAME: i64 = 202_611_251_720;

/// Two desktops with states and marks in an old month, in this one and in the default partition.
const BEFORE: &str = "
    insert into workspace (account_id, region, workspace_id, configuration_since, first_seen_at, last_read_at, state)
    select '111111111111', 'us-east-1', 'ws-' || n, now(), now(), now(), 'available' from generate_series(1, 2) n;
    create table workspace_state_202001 partition of workspace_state
        for values from ('2020-01-01 00:00:00+00') to ('2020-02-01 00:00:00+00');
    insert into workspace_state (account_id, region, workspace_id, since, state, recorded_at) values
        ('111111111111', 'us-east-1', 'ws-1', '2020-01-02T03:04:05Z', 'stopped', '2020-01-02T03:04:06Z'),
        ('111111111111', 'us-east-1', 'ws-1', '2019-12-31T00:00:00Z', null, '2020-01-01T00:00:00Z'),
        ('111111111111', 'us-east-1', 'ws-2', '2020-01-02T03:04:05Z', 'available', '2020-01-02T03:04:06Z'),
        ('111111111111', 'us-east-1', 'ws-away', '2020-01-02T03:04:05Z', 'available', '2020-01-02T03:04:06Z');
    insert into usage_mark (account_id, region, workspace_id, kind, at, recorded_at) values
        ('111111111111', 'us-east-1', 'ws-1', 'last_connection', '2026-03-04T08:07:09.123Z', '2026-03-04T08:15:00Z'),
        ('111111111111', 'us-east-1', 'ws-1', 'connection_success', '2026-03-04T00:00:00Z', '2026-03-04T09:00:00Z'),
        ('111111111111', 'us-east-1', 'ws-1', 'connection_success', '2026-03-04T08:05:00Z', '2026-03-04T09:00:00Z'),
        ('111111111111', 'us-east-1', 'ws-1', 'connection_success', '2026-03-04T23:55:00Z', '2026-03-05T09:00:00Z'),
        ('111111111111', 'us-east-1', 'ws-2', 'connection_success', '2026-03-05T12:00:00Z', '2026-03-05T13:00:00Z');
    insert into usage_day (workspace_no, day, observed, connected, running)
    select workspace_no, '2026-03-04', ~ 0::bit(288), set_bit(0::bit(288), 97, 1), null
    from workspace where workspace_id = 'ws-1';
    insert into cost_resource_day (account_id, day, resource, usage_type, workspace_id, currency, unblended,
                                   net_unblended, usage_quantity, usage_unit, estimated, last_read_at) values
        ('111111111111', '2026-03-04', 'arn:x/ws-1', 'AW-HW-2', 'ws-1', 'USD', 1.25, null, 4, 'Hour', true, '2026-03-05'),
        ('111111111111', '2026-03-05', 'arn:x/ws-1', 'AW-HW-2', 'ws-1', 'EUR', 2.5, 2.4, 8, 'Hour', false, '2026-03-06'),
        ('222222222222', '2026-03-05', 'NoResourceId', 'AW-HW-2', null, 'USD', 3, null, null, null, false, '2026-03-06');
    insert into run (run_id, schedule_namespace, schedule_name, account_id, trigger, sources, regions)
    values ('00000000-0000-0000-0000-000000000001', 'n', 's', '111111111111', 'schedule', '{metrics}', '{us-east-1}');
    insert into run_step (run_id, source, region, block, workspace_ids, state)
    select run_id, 'metrics', 'us-east-1', block, ids, state from run, (values
        (0, '{ws-1}'::text[], 'complete'), (1, '{ws-2}', 'partial'), (2, null, 'failed')) as step (block, ids, state);
";

const STATES: &str = "select coalesce(string_agg(concat_ws(' ', workspace_id, since, s.state, recorded_at), '; '
                          order by workspace_id, since), '') from workspace_state s join workspace using ";
const MARKS: &str = "select coalesce(string_agg(concat_ws(' ', workspace_id, at, recorded_at), '; ' order by at), '')
                     from usage_mark join workspace using ";
const COSTS: &str =
    "select string_agg(concat_ws(' ', account_id, day, resource, usage_type, workspace_id, currency, unblended,
                         net_unblended, usage_quantity, usage_unit, estimated, last_read_at), '; '
                         order by account_id, day) from cost_resource_day";

#[sqlx::test(migrations = false)]
async fn evidence_keyed_by_names_is_kept_by_number(pool: PgPool) {
    migrate(&pool, 0, BY_NAME).await;
    sqlx::raw_sql(BEFORE).execute(&pool).await.unwrap();
    let by_name = "(account_id, region, workspace_id)";
    let states = text(&pool, &format!("{STATES}{by_name}")).await;
    let marks = text(&pool, &format!("{MARKS}{by_name} where kind = 'last_connection'")).await;
    let costs = text(&pool, COSTS).await;
    assert!(states.matches("ws-").count() == 3 && marks.contains("08:07:09.123") && costs.contains("EUR"));

    migrate(&pool, BY_NAME, i64::MAX).await;
    assert_eq!(text(&pool, &format!("{STATES}(workspace_no)")).await, states);
    assert_eq!(text(&pool, &format!("{MARKS}(workspace_no)")).await, marks);
    assert_eq!(text(&pool, &format!("{COSTS} join cost_resource_item using (resource_no)")).await, costs);
    let month = "select count(*)::text from workspace_state_202001";
    assert_eq!(text(&pool, month).await, "2", "a month is a partition as before, so it can be dropped");
    let left = "select string_agg(coalesce(workspace_ids::text, 'null'), ' ' order by block) from run_step";
    assert_eq!(text(&pool, left).await, "{} {ws-2} null");
}

#[sqlx::test(migrations = false)]
async fn maps_of_a_day_say_what_they_said_and_connections_are_slots_of_it(pool: PgPool) {
    migrate(&pool, 0, BY_NAME).await;
    sqlx::raw_sql(BEFORE).execute(&pool).await.unwrap();
    let maps = "select concat_ws(' ', workspace_id, day, observed, connected, running is null)
                from usage_day join workspace using (workspace_no) where day = '2026-03-04'";
    let before = text(&pool, maps).await;
    migrate(&pool, BY_NAME, i64::MAX).await;
    let maps = maps.replace("observed, connected", "day_map(observed), day_map(connected)");
    assert_eq!(text(&pool, &maps).await, before);
    let whole = "select bit_length(observed)::text from usage_day where day = '2026-03-04'";
    assert_eq!(text(&pool, whole).await, "1", "a whole map is one bit");
    let succeeded = "select string_agg(workspace_id || ' ' || day || ' ' || slot, '; ' order by day, slot)
                     from usage_day join workspace using (workspace_no), generate_series(0, 287) slot
                     where get_bit(day_map(succeeded), slot) = 1";
    let slots = "ws-1 2026-03-04 0; ws-1 2026-03-04 97; ws-1 2026-03-04 287; ws-2 2026-03-05 144";
    assert_eq!(text(&pool, succeeded).await, slots);
}

/// What is kept short is the same set of slots: for every pair of maps of a few kinds.
#[sqlx::test(migrator = "MIGRATOR")]
async fn a_union_of_kept_maps_is_the_union_of_their_slots(pool: PgPool) {
    let wrong = "with map (slots) as (
                     select null::bit(288) union all select ~ 0::bit(288)
                     union all select set_bit(0::bit(288), n, 1) from unnest(array[0, 1, 143, 287]) n
                     union all select ~ set_bit(0::bit(288), n, 1) from unnest(array[0, 1, 143, 287]) n
                 )
                 select count(*)::text from map as one, map as other
                 where (day_map(map_union(kept_map(one.slots), kept_map(other.slots))),
                        bit_length(map_union(kept_map(one.slots), kept_map(other.slots))))
                     is distinct from (coalesce(one.slots | other.slots, one.slots, other.slots),
                        case coalesce(one.slots | other.slots, one.slots, other.slots)
                            when ~ 0::bit(288) then 1 when null then null else
                            bit_length(coalesce(one.slots, other.slots)) end)";
    assert_eq!(text(&pool, wrong).await, "0");
    let kinds = "select count(distinct bit_length(kept_map(m)))::text
                 from unnest(array[~ 0::bit(288), set_bit(0::bit(288), 5, 1)]) m";
    assert_eq!(text(&pool, kinds).await, "2");
}

/// Applies the migrations after `from` up to `to`.
async fn migrate(pool: &PgPool, from: i64, to: i64) {
    for migration in MIGRATOR.iter().filter(|one| from < one.version && one.version <= to) {
        let mut transaction = pool.begin().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(migration.sql.as_str())).execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
    }
}

async fn text(pool: &PgPool, query: &str) -> String {
    let mut connection = pool.acquire().await.unwrap();
    sqlx::raw_sql("set timezone = 'UTC'").execute(&mut *connection).await.unwrap();
    sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&mut *connection).await.unwrap()
}
