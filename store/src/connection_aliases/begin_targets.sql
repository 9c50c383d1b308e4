-- Begins targets that are not open yet.
insert into connection_alias_target (
    account_id, region, alias_id, directory_id, status, target_account_id, connection_identifier, valid_from
)
select distinct on (alias_id, directory_id)
    $1, $2, alias_id, directory_id, status, target_account_id, connection_identifier, $3
from json_to_recordset($4::text::json) as found (alias_id text, targets json),
     json_to_recordset(found.targets)
         as target (directory_id text, status text, target_account_id text, connection_identifier text)
order by alias_id, directory_id
on conflict (account_id, region, alias_id, directory_id) where valid_to is null do nothing
