-- Ends tags of the desktops of a page that the page no longer shows as they were.
update tag set valid_to = $3
where account_id = $1 and region = $2 and valid_to is null
  and workspace_id in (select workspace_id from json_to_recordset($4::text::json) as found (workspace_id text))
  and not exists (
      select from json_to_recordset($4::text::json) as found (workspace_id text, tags json),
           json_to_recordset(found.tags) as one (key text, value text)
      where found.workspace_id = tag.workspace_id and one.key = tag.key and one.value = tag.value
  )
