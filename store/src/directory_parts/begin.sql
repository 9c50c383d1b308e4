-- Begins parts that are not open yet, of directories that we know: Directory Service also
-- tells of directories that WorkSpaces has nothing to do with.
insert into directory_part (
    account_id, region, directory_id, kind, part_id, name, state, state_reason, state_since, created_at, expires_at,
    details, valid_from
)
select distinct on (found.directory_id, part_id)
    $1, $2, found.directory_id, $4, part_id, found.name, found.state, state_reason, state_since, created_at, expires_at,
    details, $3
from json_to_recordset($5::text::json) as found (
    directory_id text, part_id text, name text, state text, state_reason text, state_since timestamptz,
    created_at timestamptz, expires_at timestamptz, details jsonb
)
join directory on account_id = $1 and region = $2 and directory.directory_id = found.directory_id
order by found.directory_id, part_id
on conflict (account_id, region, directory_id, kind, part_id) where valid_to is null do nothing
