-- List prices with their history. They are AWS's for everybody: no account, no discounts.

create table price (
    region text not null,
    -- AWS's code of one price of one product.
    rate_code text not null,
    sku text not null,
    usage_type text,
    -- Standard, Standard-2 (a pairing of volumes), Standard Plus (with software), ...
    bundle text,
    root_volume_gib integer,
    user_volume_gib integer,
    operating_system text,
    license text,
    running_mode text,
    resource_type text,
    software_included text,
    -- What the amount is for one of: Month, Hour, GB-Mo.
    unit text not null,
    currency text not null,
    amount numeric not null,
    -- Since when AWS asks it, in AWS's words.
    effective_from timestamptz not null,
    -- When a reading first and no longer showed it; open while it is there.
    valid_from timestamptz not null,
    valid_to timestamptz,
    constraint price_pkey primary key (region, rate_code, currency, valid_from),
    constraint price_ends_after_start check (valid_to >= valid_from),
    constraint price_is_not_negative check (amount >= 0)
);

create unique index price_open on price (region, rate_code, currency) where valid_to is null;
create index price_by_usage_type on price (region, usage_type) where valid_to is null;

-- When the prices of a region were last read completely, by the clock of the sync.
create table price_reading (
    region text not null,
    read_at timestamptz not null,
    constraint price_reading_pkey primary key (region)
);
