-- Begins the use of groups that directories show.
insert into directory_ip_group (account_id, region, directory_id, group_id, valid_from)
select distinct account_id, region, directory_id, group_id, $3::timestamptz
from directory, unnest(ip_group_ids) as used (group_id)
where account_id = $1 and region = $2 and gone_at is null
on conflict (account_id, region, directory_id, group_id) where valid_to is null do nothing
