-- Gives desktops the snapshots that they have now: adds and changes those that were listed.
insert into snapshot as kept (workspace_no, taken_at, for_rebuild, for_restore)
select workspace_no, taken_at, bool_or(rebuild), bool_or(not rebuild)
from json_to_recordset($3::text::json) as found (workspace_id text, snapshots json)
join workspace using (workspace_id),
     json_to_recordset(found.snapshots) as one (taken_at timestamptz, rebuild boolean)
where account_id = $1 and region = $2
group by workspace_no, taken_at
on conflict on constraint snapshot_pkey do update set
    for_rebuild = excluded.for_rebuild, for_restore = excluded.for_restore
where (kept.for_rebuild, kept.for_restore) <> (excluded.for_rebuild, excluded.for_restore)
