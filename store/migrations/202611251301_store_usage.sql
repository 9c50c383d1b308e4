-- Evidence of use, as metrics prove it: slots of five minutes for two months back and
-- from then on, hours for the year before. Keys are numbers instead of the three texts
-- that identify a desktop: these are the tables with most rows.

alter table workspace add column workspace_no integer generated always as identity;
alter table workspace add constraint workspace_no_is_unique unique (workspace_no);
comment on column workspace.workspace_no is 'key of the tables that have a row a desktop and day';

create table usage_day (
    workspace_no integer not null,
    -- UTC.
    day date not null,
    -- Slot 0 (00:00 to 00:05) is the first bit; a null map has no bit set.
    -- observed: the desktop reported. running and connected: at some moment of the slot.
    observed bit(288),
    connected bit(288),
    running bit(288),
    maintenance bit(288),
    constraint usage_day_pkey primary key (workspace_no, day),
    constraint usage_day_workspace_fkey foreign key (workspace_no) references workspace (workspace_no) on delete cascade
) partition by range (day);

create table usage_day_default partition of usage_day default;

create table usage_hour (
    workspace_no integer not null,
    day date not null,
    -- Hour 0 is the first bit.
    observed bit(24) not null,
    connected bit(24) not null,
    running bit(24) not null,
    constraint usage_hour_pkey primary key (workspace_no, day),
    constraint usage_hour_workspace_fkey foreign key (workspace_no) references workspace (workspace_no) on delete cascade
) partition by range (day);

create table usage_hour_default partition of usage_hour default;

-- How far metrics of a desktop were read; one that is new to us starts at the beginning.
create table usage_watermark (
    workspace_no integer not null,
    read_through timestamptz not null,
    constraint usage_watermark_pkey primary key (workspace_no),
    constraint usage_watermark_workspace_fkey foreign key (workspace_no) references workspace (workspace_no) on delete cascade
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
               ('usage_day', 'day', 3, true), ('usage_hour', 'day', 16, true)
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
