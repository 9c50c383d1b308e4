-- The AWS accounts whose desktops are kept, and settings that people change while
-- deskfleet runs. An account row is written by a run only after GetCallerIdentity has
-- proved that the credentials belong to it, so no row exists for a mistyped number.

create table account (
    account_id text not null,
    -- The WorkspaceAccount object that names it; the newest object to prove itself wins.
    object_namespace text not null,
    object_name text not null,
    -- The second field of its ARNs: aws, aws-cn, aws-us-gov.
    partition text not null,
    first_seen_at timestamptz not null default clock_timestamp(),
    last_verified_at timestamptz not null default clock_timestamp(),
    constraint account_pkey primary key (account_id),
    constraint account_id_is_twelve_digits check (account_id ~ '^[0-9]{12}$')
);

comment on column account.last_verified_at is 'when GetCallerIdentity last answered with this account';

create table setting (
    key text not null,
    value jsonb not null,
    updated_at timestamptz not null default clock_timestamp(),
    -- The person who changed it; null for the installation itself.
    updated_by text,
    constraint setting_pkey primary key (key)
);
