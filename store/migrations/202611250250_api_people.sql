-- People, what they may do, their sessions, and the log of what they saw and changed.
--
-- Secrets are kept as digests only: a password as its argon2id PHC string, a refresh token
-- as its SHA-256, a name that was typed at sign-in as its SHA-256 (people type passwords
-- into the wrong field).

create table person (
    person_id uuid not null default gen_random_uuid(),
    username text not null,
    display_name text not null,
    -- Null for who signs in elsewhere.
    password_hash text,
    password_changed_at timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    -- From then on nobody signs in as this person; the row stays, the log refers to it.
    disabled_at timestamptz,
    constraint person_pkey primary key (person_id),
    constraint person_username_is_bounded check (char_length(username) between 1 and 64),
    constraint person_display_name_is_bounded check (char_length(display_name) between 1 and 100)
);

-- Names differ by more than case.
create unique index person_username_key on person (lower(username));

-- What a person is: one role, which may be limited (null: not limited).
create table role_grant (
    person_id uuid not null,
    role text not null,
    accounts text[],
    regions text[],
    directories text[],
    granted_at timestamptz not null default clock_timestamp(),
    -- Null for the installation itself.
    granted_by uuid,
    constraint role_grant_pkey primary key (person_id),
    constraint role_grant_person_fkey foreign key (person_id) references person (person_id) on delete cascade,
    constraint role_grant_role_is_known check (role in ('viewer', 'analyst', 'operator', 'auditor', 'admin'))
);

create index role_grant_by_role on role_grant (role);

-- One row a session. The refresh token names its session and changes with each use; only
-- the digest of the newest is kept, so an older one shows that a copy is in use.
create table session (
    session_id uuid not null,
    person_id uuid not null,
    token_digest bytea not null,
    rotations integer not null default 0,
    started_at timestamptz not null default clock_timestamp(),
    last_used_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    revoked_because text,
    address inet not null,
    user_agent text,
    constraint session_pkey primary key (session_id),
    constraint session_person_fkey foreign key (person_id) references person (person_id) on delete cascade,
    constraint session_token_digest_is_sha256 check (octet_length(token_digest) = 32),
    constraint session_user_agent_is_bounded check (char_length(user_agent) <= 200),
    constraint session_reason_is_known check (revoked_because in ('sign_out', 'token_reuse', 'person_changed')),
    constraint session_reason_goes_with_time check ((revoked_at is null) = (revoked_because is null))
);

create index session_of_person on session (person_id, started_at desc);
-- Read every two seconds by each server: sessions revoked in the last minutes.
create index session_revoked on session (revoked_at) where revoked_at is not null;

-- Who signed in (or tried to), who read personal data, who changed what. Rows are only
-- ever added; the role of the API may neither change nor delete them. No foreign keys:
-- the log outlives what it is about.
create table access_log (
    access_log_id bigint generated always as identity,
    at timestamptz not null default clock_timestamp(),
    -- Null where nobody was signed in, or for the installation itself.
    person_id uuid,
    action text not null,
    -- What it was about: a kind (workspace, person, session) and an id.
    object_kind text,
    object_id text,
    -- SHA-256 of the lower-case name given at a sign-in.
    name_digest bytea,
    -- The filter of a list, the fields of a change; never a value of a secret.
    details jsonb,
    address inet,
    request_id uuid,
    constraint access_log_pkey primary key (access_log_id),
    constraint access_log_action_is_a_word check (action ~ '^[a-z_]{1,40}$'),
    constraint access_log_name_digest_is_sha256 check (octet_length(name_digest) = 32)
);

create index access_log_by_time on access_log (at desc, access_log_id desc);
create index access_log_of_person on access_log (person_id, at desc) where person_id is not null;
create index access_log_of_name on access_log (name_digest, at desc) where name_digest is not null;
