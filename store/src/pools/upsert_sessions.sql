-- Writes sessions of a pool as they are now. What a session once told stays when a later
-- answer leaves it out.
insert into pool_session as kept (
    account_id, region, session_id, pool_id, user_id, authentication, connection_state, instance_id,
    started_at, expires_at, first_seen_at, last_seen_at
)
select distinct on (session_id)
    $1, $2, session_id, $3, user_id, authentication, connection_state, instance_id, started_at, expires_at, $4, $4
from json_to_recordset($5::text::json) as found (
    session_id text, user_id text, authentication text, connection_state text, instance_id text,
    started_at timestamptz, expires_at timestamptz
)
order by session_id
on conflict on constraint pool_session_pkey do update set
    pool_id = excluded.pool_id,
    user_id = coalesce(excluded.user_id, kept.user_id),
    authentication = coalesce(excluded.authentication, kept.authentication),
    connection_state = excluded.connection_state,
    instance_id = coalesce(excluded.instance_id, kept.instance_id),
    started_at = coalesce(excluded.started_at, kept.started_at),
    expires_at = coalesce(excluded.expires_at, kept.expires_at),
    last_seen_at = excluded.last_seen_at, gone_at = null
