-- Desktops that are there, with what is known of their directory's users and of the one
-- whose name they have.
select
    w.workspace_id, w.user_name, w.first_seen_at,
    r.outcome as "outcome?", r.told_at as "told_at?",
    u.enabled as "enabled?", u.enabled_since as "enabled_since?", u.gone_at as "user_gone_at?"
from workspace w
left join directory_reading r
    on r.account_id = w.account_id and r.region = w.region and r.directory_id = w.directory_id and r.detail = 'users'
left join directory_user u
    on u.account_id = w.account_id and u.region = w.region and u.directory_id = w.directory_id
    and u.user_name = lower(w.user_name)
where w.account_id = $1 and w.gone_at is null
