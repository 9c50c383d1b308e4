-- What AWS charges, as Cost Explorer tells it, with what it said before. AWS restates costs
-- until a month is final, and in a report of last week stood what it said last week.

create table cost_day (
    -- The account that asked. A payer sees what its members are charged, so a member that is
    -- read as well stands here twice: sums are taken over one account_id.
    account_id text not null,
    -- The account that is charged.
    linked_account_id text not null,
    -- UTC.
    day date not null,
    usage_type text not null,
    -- usage, tax, credit, refund, ... and AWS's other words.
    record_type text not null,
    -- Of both amounts. Amounts of different currencies are never added up.
    currency text not null,
    unblended numeric not null,
    -- Null where AWS did not tell it.
    net_unblended numeric,
    usage_quantity numeric,
    -- What the quantity counts; null where it counts nothing.
    usage_unit text,
    -- AWS may still change it.
    estimated boolean not null,
    -- A negative amount of a record type that gives nothing back. Kept as it came.
    suspect boolean not null,
    -- Since when it reads so, by the clock of the sync.
    recorded_at timestamptz not null,
    -- By the database's clock.
    last_read_at timestamptz not null,
    constraint cost_day_pkey primary key (account_id, day, linked_account_id, usage_type, record_type)
) with (fillfactor = 70);

-- What a row said from recorded_at until superseded_at. What only stopped being an estimate
-- is no version: its figures are the same.
create table cost_day_version (
    account_id text not null,
    linked_account_id text not null,
    day date not null,
    usage_type text not null,
    record_type text not null,
    currency text not null,
    unblended numeric not null,
    net_unblended numeric,
    usage_quantity numeric,
    usage_unit text,
    estimated boolean not null,
    suspect boolean not null,
    recorded_at timestamptz not null,
    superseded_at timestamptz not null,
    -- AWS no longer told it at all, in a reading that was complete.
    vanished boolean not null,
    constraint cost_day_version_pkey
        primary key (account_id, day, linked_account_id, usage_type, record_type, recorded_at),
    constraint cost_day_version_ends_after_start check (superseded_at >= recorded_at)
);

-- Billing months that were read as a whole, which decides what is read again.
create table cost_month (
    account_id text not null,
    month date not null,
    read_at timestamptz not null,
    -- AWS called some of it an estimate then. Months that are no estimate are settled.
    estimated boolean not null,
    constraint cost_month_pkey primary key (account_id, month),
    constraint cost_month_is_a_first_day check (extract(day from month) = 1)
);

-- How far each part of source Cost has got, and why one is not there.
create table cost_reading (
    account_id text not null,
    part text not null,
    -- unavailable: AWS does not offer it to this account. denied: it needs a permission.
    state text not null,
    -- For people, where the state is not complete.
    note text,
    -- The day after the last one that was read completely.
    read_through date,
    -- When this was last known to be so, by the clock of the sync.
    read_at timestamptz not null,
    constraint cost_reading_pkey primary key (account_id, part),
    constraint cost_reading_part_is_known check (part in ('days', 'forecast', 'resources')),
    constraint cost_reading_state_is_known check (state in ('complete', 'unavailable', 'denied'))
);

-- What AWS expected a day to cost, as it said on each day that it was asked.
create table cost_forecast (
    account_id text not null,
    made_on date not null,
    day date not null,
    currency text not null,
    -- Unblended, of the fleet's services without tax.
    mean numeric not null,
    low numeric,
    high numeric,
    -- The share of cases, in percent, that lie between low and high.
    interval_level smallint not null,
    constraint cost_forecast_pkey primary key (account_id, made_on, day),
    constraint cost_forecast_level_is_a_percentage check (interval_level between 1 and 99)
);

-- What single resources cost, where the account offers it; AWS tells the last 14 days only.
create table cost_resource_day (
    account_id text not null,
    day date not null,
    -- The ARN, or NoResourceId.
    resource text not null,
    usage_type text not null,
    -- Null where the resource is no desktop.
    workspace_id text,
    currency text not null,
    unblended numeric not null,
    net_unblended numeric,
    usage_quantity numeric,
    usage_unit text,
    estimated boolean not null,
    last_read_at timestamptz not null,
    constraint cost_resource_day_pkey primary key (account_id, day, resource, usage_type)
);

create index cost_resource_day_of_workspace on cost_resource_day (account_id, workspace_id, day)
    where workspace_id is not null;
