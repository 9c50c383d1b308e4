-- How far the audit trail of each account and region was read, and what it cannot hold.

create table audit_reading (
    account_id text not null,
    region text not null,
    -- Stretches of time that were completely read, both ends included, oldest first.
    read_from timestamptz[] not null default '{}',
    read_to timestamptz[] not null default '{}',
    -- Pages that so many seconds of the trail took: by ReadOnly=false, and by names beyond
    -- the first page of each.
    changes_pages bigint not null default 0,
    changes_seconds bigint not null default 0,
    names_pages bigint not null default 0,
    names_seconds bigint not null default 0,
    -- When an hour was last swept for operations that no list names.
    swept_at timestamptz,
    updated_at timestamptz not null default clock_timestamp(),
    constraint audit_reading_pkey primary key (account_id, region),
    constraint audit_reading_stretches_have_two_ends check (cardinality(read_from) = cardinality(read_to))
);

-- Operations that changed something and that no list of this release names. Until one is
-- read back over all that CloudTrail has kept, the trail may lack it.
create table audit_operation (
    account_id text not null,
    region text not null,
    event_source text not null,
    event_name text not null,
    found_at timestamptz not null default clock_timestamp(),
    found_by uuid not null,
    read_back_at timestamptz,
    constraint audit_operation_pkey primary key (account_id, region, event_source, event_name)
);

-- Time that was not read before CloudTrail forgot it. Nobody can fill it any more.
create table audit_loss (
    account_id text not null,
    region text not null,
    from_at timestamptz not null,
    to_at timestamptz not null,
    found_at timestamptz not null default clock_timestamp(),
    found_by uuid not null,
    constraint audit_loss_pkey primary key (account_id, region, from_at),
    constraint audit_loss_ends_after_start check (to_at > from_at)
);

-- An event whose record cannot be read has an outcome that nobody knows.
alter table audit_event drop constraint audit_event_outcome_is_known;
alter table audit_event add constraint audit_event_outcome_is_known
    check (outcome in ('succeeded', 'failed', 'partly', 'unknown'));
