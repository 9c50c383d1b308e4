-- Users of directories, so that desktops of people who left can be told. Personal data:
-- only the name and whether it may sign in, nothing else that AWS tells of a person.

create table directory_user (
    account_id text not null,
    region text not null,
    directory_id text not null,
    -- The SAM account name in lower case; Active Directory does not tell cases apart.
    user_name text not null,
    enabled boolean not null,
    -- When a reading first showed that it may, or may not, sign in.
    enabled_since timestamptz not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    -- When a complete listing no longer contained it.
    gone_at timestamptz,
    constraint directory_user_pkey primary key (account_id, region, directory_id, user_name)
);
