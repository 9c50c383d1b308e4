-- Removes what a desktop's listing no longer contains.
with listed as (
    select workspace_no, snapshots
    from json_to_recordset($3::text::json) as found (workspace_id text, snapshots json)
    join workspace using (workspace_id)
    where account_id = $1 and region = $2
)
delete from snapshot using listed
where snapshot.workspace_no = listed.workspace_no
  and not exists (
      select from json_to_recordset(listed.snapshots) as one (taken_at timestamptz)
      where one.taken_at = snapshot.taken_at
  )
