-- The fleet as of a moment, and the difference of two moments.
--
-- Two times: `moment` is when it was so in AWS, as far as readings tell; `believed` is what
-- deskfleet knew then, so that "what did we believe on Monday about last Friday" has an
-- answer. Infinity is what is known now.

create function workspace_as_of(moment timestamptz, believed timestamptz default 'infinity')
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
    left join lateral (
        select workspace_state.state, workspace_state.since
        from workspace_state
        where (workspace_state.account_id, workspace_state.region, workspace_state.workspace_id)
            = (version.account_id, version.region, version.workspace_id)
          and workspace_state.since <= moment and workspace_state.recorded_at <= believed
        order by workspace_state.since desc
        limit 1
    ) as state on true
    left join lateral (
        select usage_mark.at
        from usage_mark
        where (usage_mark.account_id, usage_mark.region, usage_mark.workspace_id, usage_mark.kind)
            = (version.account_id, version.region, version.workspace_id, 'last_connection')
          and usage_mark.at <= moment and usage_mark.recorded_at <= believed
        order by usage_mark.at desc
        limit 1
    ) as mark on true
    where version.valid_from <= moment and version.recorded_at <= believed
      -- An end that was learned of later had not ended anything yet.
      and (version.valid_to is null or version.valid_to > moment or version.end_recorded_at > believed)
$$;

comment on function workspace_as_of is 'desktops that were there at the moment, with configuration, state and last known connection';

-- One row a desktop that appeared or is gone, one a property that changed. Times are no
-- properties: since when something holds follows from what holds.
create function workspace_difference(earlier timestamptz, later timestamptz)
returns table (
    account_id text,
    region text,
    workspace_id text,
    -- appeared, gone, changed.
    change text,
    property text,
    before jsonb,
    after jsonb
)
language sql stable as $$
    with then_there as (
        select was.account_id, was.region, was.workspace_id,
               to_jsonb(was) - '{account_id,region,workspace_id,configuration_since,state_since,last_connected_at}'::text[] as what
        from workspace_as_of(earlier) as was
    ), now_there as (
        select is_now.account_id, is_now.region, is_now.workspace_id,
               to_jsonb(is_now) - '{account_id,region,workspace_id,configuration_since,state_since,last_connected_at}'::text[] as what
        from workspace_as_of(later) as is_now
    )
    select account_id, region, workspace_id,
           case when then_there.what is null then 'appeared' when now_there.what is null then 'gone' else 'changed' end,
           properties.name, then_there.what -> properties.name, now_there.what -> properties.name
    from then_there full join now_there using (account_id, region, workspace_id)
    left join lateral (
        select name from jsonb_object_keys(then_there.what) as name
        where then_there.what -> name is distinct from now_there.what -> name
    ) as properties on then_there.what is not null and now_there.what is not null
    where then_there.what is distinct from now_there.what
$$;

comment on function workspace_difference is 'what changed between two moments, by desktop and property';
