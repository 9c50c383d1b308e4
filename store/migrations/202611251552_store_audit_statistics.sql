-- Postgres samples columns for its planner, and a sample of names is a copy of names that
-- no erasure reaches. These columns are found by indexes, never by estimates.

alter table subject_key alter column person set statistics 0;
alter table audit_event alter column personal set statistics 0;

-- A partition does not take that over, so the function says it again. Replaces the one of
-- the same name.
create or replace function make_audit_partitions(months_ahead integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    month_start timestamp;
    month_end timestamp;
    month_name text;
    misplaced boolean;
begin
    perform pg_advisory_xact_lock(hashtext('deskfleet make_month_partitions'));
    for month in 0..least(months_ahead, 24) loop
        month_start := date_trunc('month', now() at time zone 'utc') + make_interval(months => month);
        month_end := month_start + interval '1 month';
        month_name := 'audit_event_' || to_char(month_start, 'YYYYMM');
        continue when to_regclass(month_name) is not null;
        select exists (
            select from audit_event_default
            where recorded_at >= month_start at time zone 'utc' and recorded_at < month_end at time zone 'utc'
        ) into misplaced;
        continue when misplaced;
        execute format('create table %I partition of audit_event for values from (%L) to (%L)',
                       month_name, month_start || '+00', month_end || '+00');
        execute format('alter table %I alter column personal set statistics 0', month_name);
    end loop;
end
$$;
