-- Tries to sign in. A row is written before the password is looked at and counts as
-- failed until the password turned out right, so tries that come at once cannot all see
-- the count from before the first. Rows older than the longest window are deleted.
--
-- The access log keeps who signed in; this table only slows guessing down.

create table sign_in_attempt (
    attempt_id bigint generated always as identity,
    -- By the clock of the server that took it.
    at timestamptz not null,
    -- SHA-256 of the name in lower case, whether or not it exists.
    name_digest bytea not null,
    -- The visitor's address, or the /64 of an IPv6 one.
    network cidr not null,
    -- The device that signed in as this person before; null for a stranger.
    device bytea,
    outcome text not null default 'failed',
    constraint sign_in_attempt_pkey primary key (attempt_id),
    constraint sign_in_attempt_name_digest_is_sha256 check (octet_length(name_digest) = 32),
    constraint sign_in_attempt_device_is_128_bits check (octet_length(device) = 16),
    constraint sign_in_attempt_outcome_is_known check (outcome in ('failed', 'succeeded'))
);

create index sign_in_attempt_of_name on sign_in_attempt (name_digest, at) where device is null;
create index sign_in_attempt_of_network on sign_in_attempt (network, at) where device is null;
create index sign_in_attempt_of_device on sign_in_attempt (device, at) where device is not null;
create index sign_in_attempt_by_time on sign_in_attempt (at);

-- Each server asks every second which sessions with a living access token are over.
create index session_last_used on session (last_used_at);
