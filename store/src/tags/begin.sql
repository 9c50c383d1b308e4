-- Begins tags of a page that are not open yet. AWS sends a key once for a desktop; if it
-- came twice, the last one counts.
insert into tag (account_id, region, workspace_id, key, value, valid_from)
select distinct on (workspace_id, key) $1, $2, workspace_id, key, value, $3
from json_to_recordset($4::text::json) as found (workspace_id text, tags json),
     rows from (json_to_recordset(found.tags) as (key text, value text)) with ordinality as one (key, value, position)
order by workspace_id, key, position desc
on conflict (account_id, region, workspace_id, key) where valid_to is null do nothing
