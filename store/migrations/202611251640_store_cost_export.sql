-- The bill as a cost and usage export (CUR 2.0, AWS Data Exports) tells it, by desktop and
-- day. `account_id` is always the account that owns the export; whose cost a line is says
-- `usage_account_id`. Reconciles with what Cost Explorer tells by day, usage account, usage
-- type and resource.

-- One row a month of the export.
create table cost_export (
    account_id text not null,
    -- The first day of the billing period, UTC.
    month date not null,
    -- The delivery that is kept; null while none was read, and then nothing is known of the
    -- month, which is not the same as a month without cost.
    manifest_key text,
    manifest_etag text,
    execution_id text,
    delivered_at timestamptz,
    read_at timestamptz,
    -- Lines of the delivery, all and those of desktops and directories.
    lines bigint,
    lines_kept bigint,
    -- Why the month is unknown, or why a newer delivery than the kept one could not be read.
    unread_reason text,
    constraint cost_export_pkey primary key (account_id, month),
    constraint cost_export_month_is_a_first check (extract(day from month) = 1),
    constraint cost_export_is_known_or_says_why check (read_at is not null or unread_reason is not null),
    constraint cost_export_is_kept_whole check ((read_at is null) = (manifest_key is null))
);

-- What lines say beside day and amount. The same for many days, so it is kept once; a
-- resource whose cost allocation tags change gets another row, and so the tags of a cost are
-- those of its day. Rows that no line refers to any more do no harm.
create table cost_export_item (
    item_no bigint generated always as identity,
    account_id text not null,
    usage_account_id text not null,
    -- Null where the line tells none.
    region text,
    -- AmazonWorkSpaces, AWSDirectoryService.
    product_code text not null,
    -- As told: an ARN for desktops. Null for tax, credits and what belongs to no resource.
    resource_id text,
    workspace_id text,
    usage_type text not null,
    -- Usage, Credit, Refund, Tax, ...; AWS's word.
    line_item_type text not null,
    unit text,
    currency text not null,
    tags jsonb not null,
    digest uuid not null,
    constraint cost_export_item_pkey primary key (item_no),
    constraint cost_export_item_is_kept_once unique (account_id, digest)
);

create index cost_export_item_of_workspace on cost_export_item (workspace_id) where workspace_id is not null;

-- Amounts by day. No foreign key to the item: it would cost a second index, and both go
-- with their account.
create table cost_export_day (
    account_id text not null,
    month date not null,
    item_no bigint not null,
    -- UTC; lies outside the month where AWS bills late.
    day date not null,
    usage_amount numeric not null,
    unblended numeric not null,
    -- After discounts; null where the export does not tell it.
    net_unblended numeric,
    constraint cost_export_day_pkey primary key (account_id, month, item_no, day)
);

-- What a month said before it was told anew: sums that changed, by usage type. An amount is
-- null where the usage type was not there.
create table cost_export_version (
    account_id text not null,
    month date not null,
    recorded_at timestamptz not null,
    usage_account_id text not null,
    usage_type text not null,
    line_item_type text not null,
    currency text not null,
    usage_amount_before numeric,
    usage_amount_after numeric,
    unblended_before numeric,
    unblended_after numeric,
    -- The deliveries that said so.
    execution_id_before text,
    execution_id_after text,
    constraint cost_export_version_pkey primary key
        (account_id, month, recorded_at, usage_account_id, usage_type, line_item_type, currency)
);

-- Lines of a delivery that is being read. They belong to one step and become rows of the
-- month all at once, when its last file was read to the end.
create table cost_export_stage (
    step_id bigint not null,
    account_id text not null,
    file_no integer not null,
    day date not null,
    usage_account_id text not null,
    region text,
    product_code text not null,
    resource_id text,
    workspace_id text,
    usage_type text not null,
    line_item_type text not null,
    unit text,
    currency text not null,
    tags jsonb not null,
    usage_amount numeric not null,
    unblended numeric not null,
    net_unblended numeric,
    lines bigint not null,
    digest uuid not null,
    constraint cost_export_stage_step_fkey foreign key (step_id) references run_step (step_id) on delete cascade
);

create index cost_export_stage_of_step on cost_export_stage (step_id, file_no);
