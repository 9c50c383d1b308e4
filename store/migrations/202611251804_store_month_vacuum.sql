-- A day of evidence is rewritten by each run of that day, and what it leaves behind is room for
-- the next ones only after a vacuum. By default that waits for a fifth of the month, which at
-- its end is six days' rows; a fiftieth is met by one run, and reading only pages that changed
-- is cheap. Measured (bench/results/sync.json): a sixth of usage_day.
--
-- Replaces the function of the same name; only the storage parameter is new.

create or replace function make_month_partitions(months_ahead integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    parent text;
    time_column text;
    is_date boolean;
    months_back integer;
    month_start timestamp;
    lower_bound text;
    upper_bound text;
    month_name text;
    misplaced boolean;
begin
    perform pg_advisory_xact_lock(hashtext('deskfleet make_month_partitions'));
    for parent, time_column, is_date in
        select relname, attname, atttypid = 'date'::regtype
        from pg_partitioned_table
        join pg_class on pg_class.oid = partrelid
        join pg_attribute on attrelid = partrelid and attnum = partattrs[0]
        where relnamespace = 'public'::regnamespace and partstrat = 'r' and relname <> 'audit_event'
        order by relname
    loop
        -- How far back a first reading reaches.
        months_back := case parent
            when 'usage_day' then 3
            when 'usage_hour' then 16
            when 'metric_day' then 16
            when 'access_event' then 1
            else 0
        end;
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
            execute format('create table %I partition of %I for values from (%L) to (%L)
                            with (autovacuum_vacuum_scale_factor = 0.02)',
                           month_name, parent, lower_bound, upper_bound);
        end loop;
    end loop;
end
$$;

do $$
declare
    month text;
begin
    for month in
        select inhrelid::regclass::text
        from pg_inherits join pg_partitioned_table on partrelid = inhparent join pg_class on pg_class.oid = inhrelid
        where relkind = 'r' and inhparent <> 'audit_event'::regclass
    loop
        execute format('alter table %s set (autovacuum_vacuum_scale_factor = 0.02)', month);
    end loop;
end
$$;

select make_month_partitions(3);
