-- Who may reach desktops, from where and under which name, and how well directories are:
-- IP groups, connection aliases, parts of directories, settings of a whole region. What
-- compliance asks for ("as of that day") is kept with when it began and ended. Words are
-- lower case; null is not known. RADIUS secrets and registration codes are never stored.

create table ip_group (
    account_id text not null,
    region text not null,
    group_id text not null,
    name text,
    description text,
    first_seen_at timestamptz not null,
    last_read_at timestamptz not null,
    -- When a complete listing no longer contained it.
    gone_at timestamptz,
    constraint ip_group_pkey primary key (account_id, region, group_id)
);

create table ip_group_rule (
    account_id text not null,
    region text not null,
    group_id text not null,
    -- CIDR notation as AWS wrote it.
    ip_range text not null,
    description text,
    -- When a reading first and no longer showed it; open while it is there.
    valid_from timestamptz not null,
    valid_to timestamptz,
    constraint ip_group_rule_pkey primary key (account_id, region, group_id, ip_range, valid_from),
    constraint ip_group_rule_ends_after_start check (valid_to >= valid_from)
);

create unique index ip_group_rule_open on ip_group_rule (account_id, region, group_id, ip_range) where valid_to is null;

-- Which directories use which groups. A directory without any may be reached from anywhere.
create table directory_ip_group (
    account_id text not null,
    region text not null,
    directory_id text not null,
    group_id text not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    constraint directory_ip_group_pkey primary key (account_id, region, directory_id, group_id, valid_from),
    constraint directory_ip_group_ends_after_start check (valid_to >= valid_from)
);

create unique index directory_ip_group_open on directory_ip_group (account_id, region, directory_id, group_id)
    where valid_to is null;

-- What a directory allowed, and when: a row for each time one of these settings changed.
create table directory_version (
    account_id text not null,
    region text not null,
    directory_id text not null,
    state text,
    service_stage text,
    endpoint_encryption_mode text,
    saml_status text,
    certificate_auth_status text,
    internet_access boolean,
    local_administrator boolean,
    self_service jsonb,
    device_access jsonb,
    valid_from timestamptz not null,
    valid_to timestamptz,
    constraint directory_version_pkey primary key (account_id, region, directory_id, valid_from),
    constraint directory_version_ends_after_start check (valid_to >= valid_from)
);

create unique index directory_version_open on directory_version (account_id, region, directory_id)
    where valid_to is null;

create table connection_alias (
    account_id text not null,
    region text not null,
    alias_id text not null,
    -- The domain name that users type.
    connection_string text,
    state text,
    owner_account_id text,
    first_seen_at timestamptz not null,
    last_read_at timestamptz not null,
    gone_at timestamptz,
    constraint connection_alias_pkey primary key (account_id, region, alias_id)
);

-- Where an alias led, and when: a failover to another region is a change here.
create table connection_alias_target (
    account_id text not null,
    region text not null,
    alias_id text not null,
    directory_id text not null,
    status text,
    target_account_id text,
    -- What stands in the DNS TXT record of the name.
    connection_identifier text,
    valid_from timestamptz not null,
    valid_to timestamptz,
    constraint connection_alias_target_pkey primary key (account_id, region, alias_id, directory_id, valid_from),
    constraint connection_alias_target_ends_after_start check (valid_to >= valid_from)
);

create unique index connection_alias_target_open on connection_alias_target (account_id, region, alias_id, directory_id)
    where valid_to is null;

-- Domain controllers, trusts, LDAPS, snapshots, certificates, log subscriptions: a row for
-- each time one of them changed, so that "was the trust verified that day" has an answer.
create table directory_part (
    account_id text not null,
    region text not null,
    directory_id text not null,
    kind text not null,
    part_id text not null,
    name text,
    state text,
    state_reason text,
    -- By AWS: when the state last changed, when it was made, when it ends by itself.
    state_since timestamptz,
    created_at timestamptz,
    expires_at timestamptz,
    -- What only one kind has: direction and type of a trust, subnet and zone of a controller.
    details jsonb not null default '{}',
    valid_from timestamptz not null,
    valid_to timestamptz,
    constraint directory_part_pkey primary key (account_id, region, directory_id, kind, part_id, valid_from),
    constraint directory_part_ends_after_start check (valid_to >= valid_from),
    constraint directory_part_kind_is_known check (
        kind in ('domain_controller', 'trust', 'ldaps', 'snapshot', 'certificate', 'log_subscription')
    )
);

create unique index directory_part_open on directory_part (account_id, region, directory_id, kind, part_id)
    where valid_to is null;
create index directory_part_by_expiry on directory_part (expires_at) where valid_to is null and expires_at is not null;

-- What holds for an account's region as a whole.
create table region_setting (
    account_id text not null,
    region text not null,
    -- Dedicated tenancy: whether the account may bring its own Windows licences.
    tenancy_support text,
    tenancy_management_range text,
    tenancy_account_type text,
    tenancy_modifications jsonb,
    -- Directory Service's limits and how much of each is used.
    simple_directories_limit integer,
    simple_directories integer,
    microsoft_directories_limit integer,
    microsoft_directories integer,
    connected_directories_limit integer,
    connected_directories integer,
    constraint region_setting_pkey primary key (account_id, region)
);

alter table directory
    -- From DescribeClientProperties.
    add column client_reconnect text,
    add column client_log_upload text,
    -- From GetSnapshotLimits.
    add column manual_snapshots_limit integer,
    add column manual_snapshots integer;

-- When each detail was last asked for and what came of it: a detail is asked for again
-- only after some hours, and what is null above has its reason here.
create table directory_reading (
    account_id text not null,
    region text not null,
    -- Null for what holds for the whole region.
    directory_id text,
    detail text not null,
    outcome text not null,
    -- A sentence where the outcome is missing.
    reason text,
    read_at timestamptz not null,
    -- When it was last read whole; what is stored is as of then.
    told_at timestamptz,
    constraint directory_reading_is_one unique nulls not distinct (account_id, region, directory_id, detail),
    -- read: what AWS told is stored. not_supported: this kind of directory has no such
    -- thing. off: people have switched it off. missing: not allowed, or AWS failed.
    constraint directory_reading_outcome_is_known check (outcome in ('read', 'not_supported', 'off', 'missing')),
    constraint directory_reading_missing_has_a_reason check (outcome <> 'missing' or reason is not null)
);
