-- Tags of desktops with their history, so that a cost centre is that of the day of use.

create table tag (
    account_id text not null,
    region text not null,
    workspace_id text not null,
    key text not null,
    value text not null,
    -- When a reading first and no longer showed it; open while it is there.
    valid_from timestamptz not null,
    valid_to timestamptz,
    constraint tag_pkey primary key (account_id, region, workspace_id, key, valid_from),
    constraint tag_ends_after_start check (valid_to >= valid_from)
);

-- A desktop has a key once at a time.
create unique index tag_open on tag (account_id, region, workspace_id, key) where valid_to is null;
create index tag_by_key_and_value on tag (key, value) where valid_to is null;
