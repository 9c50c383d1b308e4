-- A login is evidence that somebody used the desktop at that moment.
insert into usage_mark (account_id, region, workspace_id, kind, at)
select $1, region, workspace_id, 'login', login_at
from json_to_recordset($2::text::json) as found (region text, workspace_id text, login_at timestamptz)
on conflict on constraint usage_mark_pkey do nothing
