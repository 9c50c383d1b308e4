-- Writes bundles as they are now.
insert into bundle as kept (
    account_id, region, bundle_id, name, owner, description, image_id, compute_type,
    root_volume_gib, user_volume_gib, bundle_type, state, created_at, updated_at, first_seen_at, last_read_at
)
select distinct on (bundle_id)
    $1, $2, bundle_id, name, owner, description, image_id, compute_type,
    root_volume_gib, user_volume_gib, bundle_type, state, created_at, updated_at, clock_timestamp(), clock_timestamp()
from json_to_recordset($3::text::json) as found (
    bundle_id text, name text, owner text, description text, image_id text, compute_type text,
    root_volume_gib integer, user_volume_gib integer, bundle_type text, state text,
    created_at timestamptz, updated_at timestamptz
)
order by bundle_id
on conflict on constraint bundle_pkey do update set
    name = excluded.name, owner = excluded.owner, description = excluded.description, image_id = excluded.image_id,
    compute_type = excluded.compute_type, root_volume_gib = excluded.root_volume_gib,
    user_volume_gib = excluded.user_volume_gib, bundle_type = excluded.bundle_type, state = excluded.state,
    created_at = excluded.created_at, updated_at = excluded.updated_at,
    last_read_at = excluded.last_read_at, gone_at = null
