-- Begins images that have no open row.
insert into image (
    account_id, region, image_id, valid_from, ownership, owner_account_id, name, description, platform, state,
    required_tenancy, created_at, update_available, update_description, error_code, error_message, error_details
)
select
    $1, $2, image_id, $3, ownership, owner_account_id, name, description, platform, state,
    required_tenancy, created_at, update_available, update_description, error_code, error_message, error_details
from json_to_recordset($4::text::json) as found (
    image_id text, ownership text, owner_account_id text, name text, description text, platform text,
    state text, required_tenancy text, created_at timestamptz, update_available boolean,
    update_description text, error_code text, error_message text, error_details jsonb
)
on conflict (account_id, region, image_id) where valid_to is null do nothing
