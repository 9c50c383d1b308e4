-- Images with their history: a row is an image as it was for a while, and an image is there
-- while it has an open row. The fleet's images as of any time are one condition away. What
-- is null was not told.

create table image (
    account_id text not null,
    region text not null,
    image_id text not null,
    -- When a reading first showed it so, and no longer did; open while it is so. A listing
    -- that broke off ends nothing.
    valid_from timestamptz not null,
    valid_to timestamptz,
    -- owned: the account's own. shared: another account, owner_account_id, shares it.
    ownership text not null,
    owner_account_id text,
    name text,
    description text,
    platform text,
    state text,
    required_tenancy text,
    created_at timestamptz,
    -- Whether AWS has newer drivers and agents for it.
    update_available boolean,
    update_description text,
    error_code text,
    error_message text,
    -- The checks it failed, a list of {code, message}; empty for none.
    error_details jsonb not null,
    constraint image_pkey primary key (account_id, region, image_id, valid_from),
    constraint image_ends_after_start check (valid_to >= valid_from),
    constraint image_ownership_is_known check (ownership in ('owned', 'shared'))
);

-- At most one row of an image is open.
create unique index image_open on image (account_id, region, image_id) where valid_to is null;
