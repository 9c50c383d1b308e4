-- Writes users as a page shows them.
insert into directory_user as kept (
    account_id, region, directory_id, user_name, enabled, enabled_since, first_seen_at, last_seen_at
)
select distinct on (lower(name)) $1, $2, $3, lower(name), enabled, now(), now(), clock_timestamp()
from unnest($4::text[], $5::boolean[]) as found (name, enabled)
order by lower(name)
on conflict on constraint directory_user_pkey do update set
    enabled = excluded.enabled,
    enabled_since = case when kept.enabled = excluded.enabled then kept.enabled_since else excluded.enabled_since end,
    last_seen_at = excluded.last_seen_at,
    gone_at = null
