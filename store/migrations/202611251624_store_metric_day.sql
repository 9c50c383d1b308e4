-- Health of desktops by UTC day, as CloudWatch reckons it of complete days: the table with
-- most columns, since a row for each metric would be three times as many bytes.
-- What is null was not told, and never zero: a desktop that was stopped has no load.

create table metric_day (
    workspace_no integer not null,
    day date not null,
    -- Percent.
    cpu_min real,
    cpu_max real,
    cpu_avg real,
    cpu_samples integer,
    -- Percent.
    memory_min real,
    memory_max real,
    memory_avg real,
    memory_samples integer,
    -- Percent.
    root_volume_min real,
    root_volume_max real,
    root_volume_avg real,
    root_volume_samples integer,
    -- Percent.
    user_volume_min real,
    user_volume_max real,
    user_volume_avg real,
    user_volume_samples integer,
    -- Percent; of graphics desktops only.
    gpu_min real,
    gpu_max real,
    gpu_avg real,
    gpu_samples integer,
    -- Milliseconds, while somebody is connected.
    latency_min real,
    latency_max real,
    latency_avg real,
    latency_samples integer,
    -- Seconds until a session had begun.
    launch_min real,
    launch_max real,
    launch_avg real,
    launch_samples integer,
    -- Percent, while somebody is connected.
    packet_loss_min real,
    packet_loss_max real,
    packet_loss_avg real,
    packet_loss_samples integer,
    -- Seconds since the desktop started.
    up_time_min real,
    up_time_max real,
    up_time_avg real,
    up_time_samples integer,
    -- Of the day.
    connection_attempts integer,
    connection_failures integer,
    constraint metric_day_pkey primary key (workspace_no, day),
    constraint metric_day_workspace_fkey foreign key (workspace_no) references workspace (workspace_no) on delete cascade
) partition by range (day);

create table metric_day_default partition of metric_day default;

-- The first day that was not complete when a desktop's health was last read: once a day.
create table metric_day_reading (
    workspace_no integer not null,
    read_through date not null,
    constraint metric_day_reading_pkey primary key (workspace_no),
    constraint metric_day_reading_workspace_fkey foreign key (workspace_no) references workspace (workspace_no) on delete cascade
) with (fillfactor = 70);

-- Makes the partitions of this month, of the following ones, and of as many past ones as
-- a first reading reaches back. Replaces the function of the same name.
create or replace function make_month_partitions(months_ahead integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    parent text;
    time_column text;
    months_back integer;
    is_date boolean;
    month_start timestamp;
    lower_bound text;
    upper_bound text;
    month_name text;
    misplaced boolean;
begin
    perform pg_advisory_xact_lock(hashtext('deskfleet make_month_partitions'));
    for parent, time_column, months_back, is_date in
        values ('workspace_state', 'since', 0, false), ('usage_mark', 'at', 0, false),
               ('usage_day', 'day', 3, true), ('usage_hour', 'day', 16, true), ('metric_day', 'day', 16, true)
    loop
        for month in -months_back..least(months_ahead, 24) loop
            month_start := date_trunc('month', now() at time zone 'utc') + make_interval(months => month);
            month_name := parent || to_char(month_start, '"_"YYYYMM');
            continue when to_regclass(month_name) is not null;
            lower_bound := to_char(month_start, 'YYYY-MM-DD');
            upper_bound := to_char(month_start + interval '1 month', 'YYYY-MM-DD');
            if not is_date then
                lower_bound := lower_bound || ' 00:00:00+00';
                upper_bound := upper_bound || ' 00:00:00+00';
            end if;
            execute format(
                'select exists (select from %I where %I >= %L and %I < %L)',
                parent || '_default', time_column, lower_bound, time_column, upper_bound
            ) into misplaced;
            continue when misplaced;
            execute format('create table %I partition of %I for values from (%L) to (%L)',
                           month_name, parent, lower_bound, upper_bound);
        end loop;
    end loop;
end
$$;

select make_month_partitions(3);
