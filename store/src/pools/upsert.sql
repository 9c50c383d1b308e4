-- Writes pools as they are now.
insert into pool (
    account_id, region, pool_id, name, description, state, running_mode, bundle_id, directory_id, created_at,
    available_sessions, desired_sessions, actual_sessions, active_sessions,
    disconnect_timeout_seconds, idle_timeout_seconds, session_limit_seconds, errors, first_seen_at, last_read_at
)
select distinct on (pool_id)
    $1, $2, pool_id, name, description, state, running_mode, bundle_id, directory_id, created_at,
    available_sessions, desired_sessions, actual_sessions, active_sessions,
    disconnect_timeout_seconds, idle_timeout_seconds, session_limit_seconds, errors, $3, $3
from json_to_recordset($4::text::json) as found (
    pool_id text, name text, description text, state text, running_mode text, bundle_id text, directory_id text,
    created_at timestamptz, available_sessions integer, desired_sessions integer, actual_sessions integer,
    active_sessions integer, disconnect_timeout_seconds integer, idle_timeout_seconds integer,
    session_limit_seconds integer, errors jsonb
)
order by pool_id
on conflict on constraint pool_pkey do update set
    name = excluded.name, description = excluded.description, state = excluded.state,
    running_mode = excluded.running_mode, bundle_id = excluded.bundle_id, directory_id = excluded.directory_id,
    created_at = excluded.created_at, available_sessions = excluded.available_sessions,
    desired_sessions = excluded.desired_sessions, actual_sessions = excluded.actual_sessions,
    active_sessions = excluded.active_sessions, disconnect_timeout_seconds = excluded.disconnect_timeout_seconds,
    idle_timeout_seconds = excluded.idle_timeout_seconds, session_limit_seconds = excluded.session_limit_seconds,
    errors = excluded.errors, last_read_at = excluded.last_read_at, gone_at = null
