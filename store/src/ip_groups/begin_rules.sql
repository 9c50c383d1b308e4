-- Begins rules that are not open yet. A range stands in a group once; if it came twice,
-- the last one counts.
insert into ip_group_rule (account_id, region, group_id, ip_range, description, valid_from)
select distinct on (group_id, ip_range) $1, $2, group_id, ip_range, description, $3
from json_to_recordset($4::text::json) as found (group_id text, rules json),
     rows from (json_to_recordset(found.rules) as (ip_range text, description text))
         with ordinality as rule (ip_range, description, position)
order by group_id, ip_range, position desc
on conflict (account_id, region, group_id, ip_range) where valid_to is null do nothing
