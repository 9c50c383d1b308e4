-- Every call to AWS: how fast they may be made, and how many were.

-- The pace bucket: one GCRA row an account, region and operation, shared by all jobs.
-- tat is the theoretical arrival time of the next call; taking a ticket moves it on.
create table aws_pace (
    account_id text not null,
    region text not null,
    operation text not null,
    -- Calls a second as configured, and as allowed now after throttles.
    base_rate double precision not null,
    rate double precision not null,
    burst integer not null,
    tat timestamptz not null,
    asked_at timestamptz not null,
    -- The last throttle, and the moment up to which recovery has been paid out since.
    throttled_at timestamptz,
    recovered_at timestamptz,
    constraint aws_pace_pkey primary key (account_id, region, operation),
    constraint aws_pace_rate_is_positive check (base_rate > 0 and rate > 0),
    constraint aws_pace_burst_is_positive check (burst >= 1)
) with (fillfactor = 50);

comment on table aws_pace is 'in any window W the calls of a row are at most base_rate * W + burst';

-- The ledger: calls of a run, added up by outcome.
create table aws_call (
    run_id uuid not null,
    account_id text not null,
    region text not null,
    operation text not null,
    -- ok, or the class of the error (throttle, permission, fault, ...).
    outcome text not null,
    calls bigint not null,
    -- Bodies of the answers, where AWS told their length.
    bytes bigint not null default 0,
    -- Time spent waiting for answers.
    duration_ms bigint not null default 0,
    first_at timestamptz not null,
    last_at timestamptz not null,
    constraint aws_call_pkey primary key (run_id, account_id, region, operation, outcome)
) with (fillfactor = 70);

create index aws_call_by_time on aws_call (last_at desc);
