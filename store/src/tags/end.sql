-- Ends tags of the desktops of a page that the page no longer shows as they were. The page is
-- taken apart once: as a subquery it would be taken apart for every tag of the region.
with page as materialized (
    select workspace_id, tags from json_to_recordset($4::text::json) as found (workspace_id text, tags json)
), shown as materialized (
    select page.workspace_id, one.key, one.value
    from page, json_to_recordset(page.tags) as one (key text, value text)
)
update tag set valid_to = $3
where account_id = $1 and region = $2 and valid_to is null
  and workspace_id = any (array(select workspace_id from page))
  and not exists (
      select from shown
      where shown.workspace_id = tag.workspace_id and shown.key = tag.key and shown.value = tag.value
  )
