-- Every table partitioned by month is found in the catalogue, with its column: a table that
-- comes later needs no new copy of this function, and two that come side by side cannot
-- leave each other out. Such a table has a default partition, <table>_default. The audit
-- trail's partitions have a rule of their own and stay with make_audit_partitions.

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
            execute format('create table %I partition of %I for values from (%L) to (%L)',
                           month_name, parent, lower_bound, upper_bound);
        end loop;
    end loop;
end
$$;

select make_month_partitions(3);
