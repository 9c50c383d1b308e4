-- Evidence becomes narrow: rows that come with every day and desktop are keyed by the number
-- of the desktop, as those of usage_day are, and hold nothing twice. Measured over a year of
-- 10,000 desktops (bench/results/sync.json): marks and states with three texts in row
-- and index took 2.5 GB, more than everything else together.
--
-- Existing rows are taken over. Those of a desktop that is no longer in `workspace` have no
-- desktop whose history they could tell, and go.

-- The months that exist, to be made again.
create temporary table month_before on commit drop as
select inhparent::regclass::text as parent, inhrelid::regclass::text as name,
       pg_get_expr(relpartbound, pg_class.oid) as bound
from pg_inherits join pg_class on pg_class.oid = inhrelid
where inhparent in ('workspace_state'::regclass, 'usage_mark'::regclass);

create temporary table state_before on commit drop as
select workspace_no, since, workspace_state.state, recorded_at
from workspace_state join workspace using (account_id, region, workspace_id);

create temporary table mark_before on commit drop as
select workspace_no, kind, at, recorded_at
from usage_mark join workspace using (account_id, region, workspace_id);

drop table workspace_state;
drop table usage_mark;

-- Columns in the order that leaves no gaps between them.
create table workspace_state (
    -- When a reading first showed this state; the change itself lies between the reading
    -- before and this one.
    since timestamptz not null,
    recorded_at timestamptz not null default clock_timestamp(),
    workspace_no integer not null,
    -- Null when a reading no longer told the state.
    state text,
    constraint workspace_state_pkey primary key (workspace_no, since),
    constraint workspace_state_workspace_fkey foreign key (workspace_no) references workspace (workspace_no) on delete cascade
) partition by range (since);

-- Last connections, as AWS told them (LastKnownUserConnectionTimestamp). Connections that
-- metrics prove are slots of usage_day, logins that events tell are rows of access_event.
create table usage_mark (
    at timestamptz not null,
    recorded_at timestamptz not null default clock_timestamp(),
    workspace_no integer not null,
    constraint usage_mark_pkey primary key (workspace_no, at),
    constraint usage_mark_workspace_fkey foreign key (workspace_no) references workspace (workspace_no) on delete cascade
) partition by range (at);

do $$
declare
    month record;
begin
    for month in select parent, name, bound from month_before order by name loop
        execute format('create table %I partition of %I %s', month.name, month.parent, month.bound);
    end loop;
end
$$;

insert into workspace_state (workspace_no, since, state, recorded_at)
select workspace_no, since, state, recorded_at from state_before;

insert into usage_mark (workspace_no, at, recorded_at)
select workspace_no, at, recorded_at from mark_before where kind = 'last_connection';

-- Maps of a day. Most desktops report in every slot of it, so a map with every slot set is
-- kept as one bit, and any other one with its 288.

create function kept_map(map bit) returns bit varying
language sql immutable parallel safe as $$
    select case when map = ~ 0::bit(288) then B'1' else map end
$$;
comment on function kept_map is 'a map of 288 slots as usage_day keeps it';

create function day_map(kept bit varying) returns bit
language sql immutable parallel safe as $$
    select case when bit_length(kept) = 1 then ~ 0::bit(288) else kept::bit(288) end
$$;
comment on function day_map is 'the 288 slots of a map of usage_day';

create function map_union(one bit varying, other bit varying) returns bit varying
language sql immutable parallel safe as $$
    select case
        when one is null then other
        when other is null or bit_length(one) = 1 then one
        when bit_length(other) = 1 then other
        else kept_map(one | other)
    end
$$;
comment on function map_union is 'what two maps of usage_day set together';

alter table usage_day
    alter column observed type bit varying(288) using kept_map(observed),
    alter column connected type bit varying(288) using kept_map(connected),
    alter column running type bit varying(288) using kept_map(running),
    alter column maintenance type bit varying(288) using kept_map(maintenance),
    add column succeeded bit varying(288);
comment on column usage_day.observed is 'read maps by day_map()';
comment on column usage_day.succeeded is 'a connection succeeded in the slot (ConnectionSuccess)';

insert into usage_day as kept (workspace_no, day, succeeded)
select workspace_no, day, kept_map(bit_or(set_bit(0::bit(288), slot, 1)))
from (
    select workspace_no, (at at time zone 'utc')::date as day,
           (extract(hour from at at time zone 'utc') * 60 + extract(minute from at at time zone 'utc'))::integer / 5 as slot
    from mark_before
    where kind = 'connection_success'
) as mark
group by workspace_no, day
on conflict on constraint usage_day_pkey do update set succeeded = map_union(kept.succeeded, excluded.succeeded);

-- Replaces the function of the same name.
create or replace function workspace_as_of(moment timestamptz, believed timestamptz default 'infinity')
returns table (
    account_id text,
    region text,
    workspace_id text,
    configuration_since timestamptz,
    directory_id text,
    user_name text,
    workspace_name text,
    computer_name text,
    ip_address text,
    ipv6_address text,
    subnet_id text,
    bundle_id text,
    running_mode text,
    auto_stop_timeout_minutes integer,
    compute_type text,
    operating_system text,
    protocols text[],
    root_volume_gib integer,
    user_volume_gib integer,
    root_volume_encrypted boolean,
    user_volume_encrypted boolean,
    volume_encryption_key text,
    state text,
    state_since timestamptz,
    last_connected_at timestamptz
)
language sql stable parallel safe as $$
    select version.account_id, version.region, version.workspace_id, version.valid_from,
           version.directory_id, version.user_name, version.workspace_name, version.computer_name,
           version.ip_address, version.ipv6_address, version.subnet_id, version.bundle_id,
           version.running_mode, version.auto_stop_timeout_minutes, version.compute_type,
           version.operating_system, version.protocols, version.root_volume_gib, version.user_volume_gib,
           version.root_volume_encrypted, version.user_volume_encrypted, version.volume_encryption_key,
           state.state, state.since, mark.at
    from workspace_version as version
    left join workspace as desktop on (desktop.account_id, desktop.region, desktop.workspace_id)
        = (version.account_id, version.region, version.workspace_id)
    left join lateral (
        select workspace_state.state, workspace_state.since
        from workspace_state
        where workspace_state.workspace_no = desktop.workspace_no
          and workspace_state.since <= moment and workspace_state.recorded_at <= believed
        order by workspace_state.since desc
        limit 1
    ) as state on true
    left join lateral (
        select usage_mark.at
        from usage_mark
        where usage_mark.workspace_no = desktop.workspace_no
          and usage_mark.at <= moment and usage_mark.recorded_at <= believed
        order by usage_mark.at desc
        limit 1
    ) as mark on true
    where version.valid_from <= moment and version.recorded_at <= believed
      -- An end that was learned of later had not ended anything yet.
      and (version.valid_to is null or version.valid_to > moment or version.end_recorded_at > believed)
$$;
