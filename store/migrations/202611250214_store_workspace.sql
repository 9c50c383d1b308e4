-- Desktops as last read, and the history of their configuration.
--
-- Presence differs from desktop to desktop and from day to day in AWS's answers, so
-- everything but the identity is nullable, and null is "not known", never "none".
-- Enumerations are AWS's words in lower case; a word this release does not know is kept.

create table workspace (
    account_id text not null,
    region text not null,
    workspace_id text not null,

    -- Configuration: each change of one of these makes a workspace_version, whose
    -- valid_from is configuration_since.
    configuration_since timestamptz not null,
    directory_id text,
    user_name text,
    workspace_name text,
    computer_name text,
    ip_address text,
    ipv6_address text,
    subnet_id text,
    bundle_id text,
    running_mode text,
    -- Minutes, in steps of 60; only with running mode auto_stop.
    auto_stop_timeout_minutes integer,
    compute_type text,
    operating_system text,
    -- pcoip, wsp (which AWS's console calls DCV); sorted.
    protocols text[],
    root_volume_gib integer,
    user_volume_gib integer,
    root_volume_encrypted boolean,
    user_volume_encrypted boolean,
    volume_encryption_key text,
    data_replication text,
    -- Ids of standby desktops in other regions, and of the primary of a standby.
    related_workspaces jsonb,

    -- State: each change of state makes a workspace_state.
    state text,
    state_since timestamptz,
    error_code text,
    error_message text,
    -- Changes under way, as "root_volume:update_in_progress"; empty is none, null unknown.
    modifications text[],

    -- Connection status; connection_read_at is when we asked, connection_checked_at when
    -- AWS last looked. last_connected_at is null when AWS has never told one, which means
    -- "never" only to whoever knows that the desktop could report.
    connection_state text,
    connection_checked_at timestamptz,
    connection_read_at timestamptz,
    last_connected_at timestamptz,

    first_seen_at timestamptz not null,
    -- When a listing last contained it.
    last_read_at timestamptz not null,
    -- When a complete listing no longer contained it; null while it is there.
    gone_at timestamptz,
    constraint workspace_pkey primary key (account_id, region, workspace_id)
) with (fillfactor = 80);

comment on table workspace is 'one row a desktop, gone ones included; columns that every run rewrites are in no index';

-- Lists by keyset, ties broken by the primary key.
create index workspace_by_id on workspace (workspace_id, account_id, region);
create index workspace_by_user_name on workspace (user_name, account_id, region, workspace_id);
create index workspace_by_directory on workspace (directory_id, account_id, region, workspace_id);
create index workspace_by_state on workspace (state, account_id, region, workspace_id);
create index workspace_by_last_connected on workspace (last_connected_at desc nulls last, account_id, region, workspace_id);

-- Configuration with two times. valid_from..valid_to: when it was so in AWS, as far as
-- readings tell. recorded_at and end_recorded_at: when deskfleet learned that it began
-- and that it ended, so "what did we believe on Monday" has an answer.
create table workspace_version (
    account_id text not null,
    region text not null,
    workspace_id text not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    recorded_at timestamptz not null default clock_timestamp(),
    end_recorded_at timestamptz,
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
    data_replication text,
    related_workspaces jsonb,
    constraint workspace_version_pkey primary key (account_id, region, workspace_id, valid_from),
    constraint workspace_version_ends_after_start check (valid_to >= valid_from),
    constraint workspace_version_end_is_recorded check ((valid_to is null) = (end_recorded_at is null))
);

-- At most one version of a desktop is open.
create unique index workspace_version_open on workspace_version (account_id, region, workspace_id) where valid_to is null;
create index workspace_version_by_time on workspace_version (valid_from desc, account_id, region, workspace_id);
