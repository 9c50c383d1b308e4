-- Runs, their steps, and the lease that keeps two runs of one schedule apart.
--
-- A run is one Kubernetes Job (run_id is its UID); a step is one source in one region
-- (and one directory, and one block of desktops). Steps carry the cursor, so a pod
-- killed at any moment is continued by the next pod of the same Job. Totals of a run
-- are always summed from its steps, never kept twice.

create table run (
    run_id uuid not null,
    schedule_namespace text not null,
    schedule_name text not null,
    account_id text not null,
    -- Why it ran: by its schedule or on request.
    trigger text not null,
    job_name text,
    sources text[] not null,
    regions text[] not null,
    parallelism integer not null default 1,
    outcome text not null default 'running',
    -- A word for machines and a sentence for people; null while running.
    reason text,
    message text,
    -- Pods that have worked on it.
    attempts integer not null default 0,
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    constraint run_pkey primary key (run_id),
    constraint run_trigger_is_known check (trigger in ('schedule', 'request')),
    constraint run_outcome_is_known check (outcome in ('running', 'complete', 'partial', 'failed', 'skipped')),
    constraint run_finished_when_not_running check ((outcome = 'running') = (finished_at is null)),
    constraint run_parallelism_is_positive check (parallelism >= 1)
);

-- Lists of runs, newest first, by keyset (started_at, run_id).
create index run_started on run (started_at desc, run_id desc);
create index run_of_schedule on run (schedule_namespace, schedule_name, started_at desc, run_id desc);
create index run_of_account on run (account_id, started_at desc, run_id desc);

create table run_step (
    step_id bigint generated always as identity,
    run_id uuid not null,
    source text not null,
    region text not null,
    -- Null when the step covers every directory of the region.
    directory_id text,
    -- Steps over desktops are cut into blocks of at most 1,000 ids; 0 for listings.
    block integer not null default 0,
    workspace_ids text[],
    state text not null default 'pending',
    -- AWS's NextToken for a listing, the number of ids done for a block.
    cursor text,
    -- When the listing in hand began, by the database's clock. A desktop is gone only if
    -- it was not read since then; a listing that starts over gets a new time.
    listing_started_at timestamptz,
    items bigint not null default 0,
    -- Items that AWS sent without an id and that could not be kept.
    rejected bigint not null default 0,
    calls bigint not null default 0,
    throttles bigint not null default 0,
    bytes bigint not null default 0,
    -- Price of the calls in US dollars; WorkSpaces and Directory Service calls are free.
    cost_usd numeric(14, 6) not null default 0,
    -- Of the last failure: its class (permission, throttle, ...) and a sentence.
    error_class text,
    error text,
    -- Whether another attempt may do better; set where error_class is.
    retryable boolean not null default false,
    -- Pods that have worked on it.
    attempts integer not null default 0,
    -- The pod that works or last worked on it, as "<job index>/<attempt>"; another pod may
    -- take over when the claim has run out, the next pod of the same index at once.
    claimed_by text,
    claimed_until timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    constraint run_step_pkey primary key (step_id),
    constraint run_step_run_fkey foreign key (run_id) references run (run_id) on delete cascade,
    constraint run_step_is_planned_once unique nulls not distinct (run_id, source, region, directory_id, block),
    constraint run_step_state_is_known check (state in ('pending', 'running', 'complete', 'partial', 'failed')),
    constraint run_step_block_is_bounded check (cardinality(workspace_ids) <= 1000)
);

comment on table run_step is 'steps of a run; the unique constraint also is the index by run';

-- One row a schedule: who may work now.
create table run_lease (
    schedule_namespace text not null,
    schedule_name text not null,
    run_id uuid not null,
    held_until timestamptz not null,
    constraint run_lease_pkey primary key (schedule_namespace, schedule_name)
);

-- How far a source that reads on from where it stopped has got (audit trail, metrics, cost).
create table watermark (
    account_id text not null,
    region text not null,
    source text not null,
    read_through timestamptz not null,
    updated_at timestamptz not null default clock_timestamp(),
    constraint watermark_pkey primary key (account_id, region, source)
);
