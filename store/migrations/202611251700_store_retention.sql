-- How long the rows of an account are kept, in days, as its WorkspaceAccount says it; null
-- is the installation's number. Written by each run of the account, read by
-- `deskfleet-store retain`. It outlives the object, as the rows do.

create table account_retention (
    account_id text not null,
    history_days integer,
    usage_days integer,
    cost_days integer,
    audit_days integer,
    run_days integer,
    updated_at timestamptz not null default clock_timestamp(),
    constraint account_retention_pkey primary key (account_id),
    constraint account_retention_is_at_least_a_week check (
        least(history_days, usage_days, cost_days, audit_days, run_days) >= 7
    )
);
