-- Quotas with their history, as images have it: a row is a quota as it was for a while.
-- How much of one is in use is not kept: it is counted among what the other tables hold.

create table quota (
    account_id text not null,
    region text not null,
    service text not null,
    quota_code text not null,
    valid_from timestamptz not null,
    valid_to timestamptz,
    name text,
    -- Granted; null where AWS tells only the default, which is then in force.
    applied_value double precision,
    default_value double precision,
    value double precision generated always as (coalesce(applied_value, default_value)) stored,
    is_adjustable boolean not null,
    -- One for all regions together.
    is_global boolean not null,
    constraint quota_pkey primary key (account_id, region, service, quota_code, valid_from),
    constraint quota_ends_after_start check (valid_to >= valid_from),
    constraint quota_is_not_negative check (applied_value >= 0 and default_value >= 0)
);

-- At most one row of a quota is open.
create unique index quota_open on quota (account_id, region, service, quota_code) where valid_to is null;
