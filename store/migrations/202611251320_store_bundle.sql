-- Bundles that desktops are made from: the account's own and Amazon's. What is null was
-- not told.

create table bundle (
    account_id text not null,
    region text not null,
    bundle_id text not null,
    name text,
    -- AMAZON, or the account that owns it.
    owner text,
    description text,
    image_id text,
    compute_type text,
    root_volume_gib integer,
    user_volume_gib integer,
    -- regular or standby; the state is told for the account's own.
    bundle_type text,
    state text,
    created_at timestamptz,
    updated_at timestamptz,
    first_seen_at timestamptz not null,
    last_read_at timestamptz not null,
    -- When a complete listing no longer contained it.
    gone_at timestamptz,
    constraint bundle_pkey primary key (account_id, region, bundle_id)
);
