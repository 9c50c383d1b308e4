-- What paid calls cost: budgets that hold for all pods together, and dollars in the ledger.

create table aws_budget (
    account_id text not null,
    -- cloudwatch (by the UTC month) or cost_explorer (by the UTC day).
    purse text not null,
    period_start date not null,
    -- Taken out before a call is made; never above the limit of that moment.
    spent_usd numeric(14, 6) not null,
    constraint aws_budget_pkey primary key (account_id, purse, period_start),
    constraint aws_budget_is_not_negative check (spent_usd >= 0)
) with (fillfactor = 70);

alter table aws_call add column cost_usd numeric(14, 6) not null default 0;
