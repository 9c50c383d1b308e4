-- Ends targets that their alias no longer shows as they were.
update connection_alias_target as kept set valid_to = $3
where account_id = $1 and region = $2 and valid_to is null
  and alias_id in (select alias_id from json_to_recordset($4::text::json) as found (alias_id text))
  and not exists (
      select from json_to_recordset($4::text::json) as found (alias_id text, targets json),
           json_to_recordset(found.targets)
               as target (directory_id text, status text, target_account_id text, connection_identifier text)
      where found.alias_id = kept.alias_id and target.directory_id = kept.directory_id
        and (target.status, target.target_account_id, target.connection_identifier)
            is not distinct from (kept.status, kept.target_account_id, kept.connection_identifier)
  )
