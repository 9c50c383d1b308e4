-- Pools as last read, and the sessions of their users, which AWS forgets as they end.

create table pool (
    account_id text not null,
    region text not null,
    pool_id text not null,
    name text,
    description text,
    state text not null,
    running_mode text not null,
    bundle_id text,
    directory_id text,
    created_at timestamptz,
    -- CapacityStatus, in sessions, as of last_read_at.
    available_sessions integer,
    desired_sessions integer,
    actual_sessions integer,
    active_sessions integer,
    disconnect_timeout_seconds integer,
    idle_timeout_seconds integer,
    session_limit_seconds integer,
    -- What is wrong with it, a list of {code, message}; empty for nothing.
    errors jsonb not null,
    first_seen_at timestamptz not null,
    last_read_at timestamptz not null,
    -- When a complete listing no longer contained it.
    gone_at timestamptz,
    constraint pool_pkey primary key (account_id, region, pool_id)
);

create table pool_session (
    account_id text not null,
    region text not null,
    session_id text not null,
    pool_id text not null,
    -- A personal datum.
    user_id text,
    authentication text,
    connection_state text,
    instance_id text,
    started_at timestamptz,
    -- When it ends at the latest.
    expires_at timestamptz,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    -- When a complete listing no longer contained it: it ended between last_seen_at and then.
    gone_at timestamptz,
    constraint pool_session_pkey primary key (account_id, region, session_id)
) with (fillfactor = 80);

-- Those that go on, of a pool; and those of a time, newest first.
create index pool_session_open on pool_session (account_id, region, pool_id) where gone_at is null;
create index pool_session_by_start on pool_session (started_at desc nulls last, account_id, region, session_id);
