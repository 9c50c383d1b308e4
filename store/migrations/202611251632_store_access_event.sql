-- Logins, as events of WorkSpaces tell them: AWS sends each once and keeps none. Personal
-- data. Partitioned by month, because there are several a desktop and day.

create table access_event (
    account_id text not null,
    region text not null,
    event_id text not null,
    workspace_id text not null,
    directory_id text,
    -- As AWS wrote it: successfulLogin.
    action text,
    -- Null where AWS told none that is an address.
    client_ip inet,
    client_platform text,
    client_product text,
    client_version text,
    login_at timestamptz not null,
    recorded_at timestamptz not null default clock_timestamp(),
    -- Copies of an event have its id and its time, so each is kept once.
    constraint access_event_pkey primary key (account_id, event_id, login_at)
) partition by range (login_at);

create table access_event_default partition of access_event default;

create index access_event_of_desktop on access_event (account_id, region, workspace_id, login_at desc);

comment on column usage_mark.kind is 'last_connection, connection_success or login';

-- Messages of the queue that are no such event. They are kept here before they are
-- deleted from the queue, so none is lost and none comes again and again.
create table access_event_rejected (
    account_id text not null,
    -- Of the queue.
    region text not null,
    message_id text not null,
    reason text not null,
    -- The first 65,536 characters.
    body text not null,
    received_at timestamptz not null default clock_timestamp(),
    constraint access_event_rejected_pkey primary key (account_id, region, message_id)
);

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
               ('usage_day', 'day', 3, true), ('usage_hour', 'day', 16, true), ('metric_day', 'day', 16, true),
               ('access_event', 'login_at', 1, false)
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
