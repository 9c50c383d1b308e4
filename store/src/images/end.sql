-- Ends images that a listing no longer shows as they were; only a whole one says that an
-- image which it does not contain is gone.
with found as (
    select * from json_to_recordset($4::text::json) as found (
        image_id text, ownership text, owner_account_id text, name text, description text, platform text,
        state text, required_tenancy text, created_at timestamptz, update_available boolean,
        update_description text, error_code text, error_message text, error_details jsonb
    )
)
update image set valid_to = $3
where account_id = $1 and region = $2 and valid_to is null
  and ($5 or exists (select from found where found.image_id = image.image_id))
  and not exists (
      select from found
      where found.image_id = image.image_id
        and (found.ownership, found.owner_account_id, found.name, found.description, found.platform, found.state,
             found.required_tenancy, found.created_at, found.update_available, found.update_description,
             found.error_code, found.error_message, found.error_details)
            is not distinct from
            (image.ownership, image.owner_account_id, image.name, image.description, image.platform, image.state,
             image.required_tenancy, image.created_at, image.update_available, image.update_description,
             image.error_code, image.error_message, image.error_details)
  )
