-- The audit trail: events in a hash chain an account, with the keys of the people in it.
--
-- Partitioned by the month in which an event was recorded, not by when it took place: the
-- chain runs in the order of recording, so retention removes its beginning and never leaves
-- holes. Late events and a first reading of 90 days come in whatever order they come.

create table audit_event (
    account_id text not null,
    -- Its place in the account's chain, without gaps from 1.
    sequence bigint not null,
    -- Never earlier than that of the event before.
    recorded_at timestamptz not null,
    -- Null for what deskfleet did itself.
    region text,
    event_id text not null,
    event_time timestamptz not null,
    event_source text not null,
    event_name text not null,
    read_only boolean,
    actor_kind text not null,
    -- Who acted, by subject_key; null where it was nobody.
    actor_id bigint,
    outcome text not null,
    -- Ids of things that it was about.
    subjects text[] not null,
    -- Everybody it holds personal values of, by subject_key.
    person_ids bigint[] not null,
    -- Canonical JSON (RFC 8785), with an HMAC for each personal value. Text: the hash is over
    -- these very bytes. Every column above follows from it.
    record text not null,
    -- SHA-256 of the hash before (32 zero bytes for the first) and the record.
    hash bytea not null,
    -- The personal values themselves: [{at, of, value}]; erasing a person removes theirs.
    personal jsonb not null,
    constraint audit_event_pkey primary key (account_id, sequence, recorded_at),
    constraint audit_event_sequence_is_positive check (sequence >= 1),
    constraint audit_event_outcome_is_known check (outcome in ('succeeded', 'failed', 'partly')),
    constraint audit_event_hash_is_sha256 check (octet_length(hash) = 32),
    constraint audit_event_personal_is_a_list check (jsonb_typeof(personal) = 'array')
) partition by range (recorded_at);

create table audit_event_default partition of audit_event default;

create index audit_event_by_id on audit_event (account_id, event_id);
create index audit_event_by_time on audit_event (event_time desc, account_id, sequence desc);
create index audit_event_of_actor on audit_event (actor_id, event_time desc) where actor_id is not null;
create index audit_event_of_subject on audit_event using gin (subjects);
create index audit_event_of_person on audit_event using gin (person_ids);

-- The end of each account's chain. Its row is the lock of who appends.
create table audit_chain (
    account_id text not null,
    sequence bigint not null default 0,
    hash bytea not null default decode(repeat('00', 32), 'hex'),
    recorded_at timestamptz not null default '-infinity',
    -- Events up to here are removed; there is a checkpoint of it.
    pruned_through bigint,
    constraint audit_chain_pkey primary key (account_id),
    constraint audit_chain_hash_is_sha256 check (octet_length(hash) = 32),
    constraint audit_chain_is_not_pruned_beyond_its_end check (pruned_through <= sequence)
);

-- What was said and signed about a chain. The signature is made with a key that is not here.
create table audit_checkpoint (
    account_id text not null,
    sequence bigint not null,
    hash bytea not null,
    -- Events from the beginning of the chain.
    events bigint not null,
    at timestamptz not null,
    -- SHA-256 of the public key, second half, hexadecimal.
    key_id text not null,
    signature bytea not null,
    -- Null while no place outside has it.
    exported_at timestamptz,
    constraint audit_checkpoint_pkey primary key (account_id, sequence),
    constraint audit_checkpoint_hash_is_sha256 check (octet_length(hash) = 32),
    constraint audit_checkpoint_signature_is_ed25519 check (octet_length(signature) = 64)
);

create index audit_checkpoint_to_export on audit_checkpoint (account_id, sequence) where exported_at is null;

alter table audit_chain add constraint audit_chain_is_pruned_at_a_checkpoint
    foreign key (account_id, pruned_through) references audit_checkpoint (account_id, sequence);

-- A key a person and account. Deleting the row is the erasure: see the triggers.
create table subject_key (
    subject_id bigint generated always as identity,
    account_id text not null,
    -- The name, in lower case.
    person text not null,
    key bytea not null,
    created_at timestamptz not null default clock_timestamp(),
    constraint subject_key_pkey primary key (subject_id),
    constraint subject_key_person_is_one unique (account_id, person),
    constraint subject_key_is_256_bits check (octet_length(key) = 32)
);

-- Events that only read and that deskfleet caused itself are not kept, only counted.
create table audit_left_out (
    account_id text not null,
    day date not null,
    events bigint not null,
    constraint audit_left_out_pkey primary key (account_id, day)
);

-- Makes the partitions of this month and the next ones. Apart from make_month_partitions,
-- because rows are never recorded in the past.
create function make_audit_partitions(months_ahead integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    month_start timestamp;
    month_end timestamp;
    month_name text;
    misplaced boolean;
begin
    perform pg_advisory_xact_lock(hashtext('deskfleet make_month_partitions'));
    for month in 0..least(months_ahead, 24) loop
        month_start := date_trunc('month', now() at time zone 'utc') + make_interval(months => month);
        month_end := month_start + interval '1 month';
        month_name := 'audit_event_' || to_char(month_start, 'YYYYMM');
        continue when to_regclass(month_name) is not null;
        select exists (
            select from audit_event_default
            where recorded_at >= month_start at time zone 'utc' and recorded_at < month_end at time zone 'utc'
        ) into misplaced;
        continue when misplaced;
        execute format('create table %I partition of audit_event for values from (%L) to (%L)',
                       month_name, month_start || '+00', month_end || '+00');
    end loop;
end
$$;

revoke execute on function make_audit_partitions(integer) from public;

select make_audit_partitions(3);
