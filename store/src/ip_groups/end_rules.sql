-- Ends rules that their group no longer shows as they were.
update ip_group_rule set valid_to = $3
where account_id = $1 and region = $2 and valid_to is null
  and group_id in (select group_id from json_to_recordset($4::text::json) as found (group_id text))
  and not exists (
      select from json_to_recordset($4::text::json) as found (group_id text, rules json),
           json_to_recordset(found.rules) as rule (ip_range text, description text)
      where found.group_id = ip_group_rule.group_id and rule.ip_range = ip_group_rule.ip_range
        and rule.description is not distinct from ip_group_rule.description
  )
