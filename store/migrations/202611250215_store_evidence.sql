-- Narrow rows that grow with time: state changes and point marks of use. Partitioned by
-- month so that retention drops a table instead of deleting rows.

create table workspace_state (
    account_id text not null,
    region text not null,
    workspace_id text not null,
    -- When a reading first showed this state; the change itself lies between the reading
    -- before and this one.
    since timestamptz not null,
    -- Null when a reading no longer told the state.
    state text,
    recorded_at timestamptz not null default clock_timestamp(),
    constraint workspace_state_pkey primary key (account_id, region, workspace_id, since)
) partition by range (since);

create table workspace_state_default partition of workspace_state default;

create table usage_mark (
    account_id text not null,
    region text not null,
    workspace_id text not null,
    -- last_connection: AWS's LastKnownUserConnectionTimestamp. Later sources add kinds.
    kind text not null,
    at timestamptz not null,
    recorded_at timestamptz not null default clock_timestamp(),
    constraint usage_mark_pkey primary key (account_id, region, workspace_id, kind, at)
) partition by range (at);

create table usage_mark_default partition of usage_mark default;

-- Makes the partitions of this month and the following ones, where they are missing.
-- Runs with its owner's rights, because the role of a sync may not make tables. A month
-- whose rows already went to the default partition stays there.
create function make_month_partitions(months_ahead integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    parent text;
    time_column text;
    month_start timestamptz;
    month_end timestamptz;
    month_name text;
    misplaced boolean;
begin
    perform pg_advisory_xact_lock(hashtext('deskfleet make_month_partitions'));
    for parent, time_column in
        values ('workspace_state', 'since'), ('usage_mark', 'at')
    loop
        for month in 0..least(months_ahead, 24) loop
            month_start := (date_trunc('month', now() at time zone 'utc') + make_interval(months => month)) at time zone 'utc';
            month_end := (month_start at time zone 'utc' + interval '1 month') at time zone 'utc';
            month_name := parent || to_char(month_start at time zone 'utc', '"_"YYYYMM');
            continue when to_regclass(month_name) is not null;
            execute format(
                'select exists (select from %I where %I >= %L and %I < %L)',
                parent || '_default', time_column, month_start, time_column, month_end
            ) into misplaced;
            continue when misplaced;
            execute format(
                'create table %I partition of %I for values from (%L) to (%L)',
                month_name, parent, month_start, month_end
            );
        end loop;
    end loop;
end
$$;

revoke execute on function make_month_partitions(integer) from public;

select make_month_partitions(3);
