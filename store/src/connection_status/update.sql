-- Writes the answers ($4, JSON) about the desktops that were asked for ($3, ids), and marks
-- connections that were not known before. Those without an answer become unknown; their
-- last connection stays. $1 account, $2 region, $5 the time of asking.
with answer as materialized (
    select asked.workspace_id, told.connection_state, told.connection_checked_at, told.last_connected_at
    from unnest($3::text[]) as asked (workspace_id)
    left join (
        select distinct on (workspace_id) *
        from json_to_recordset($4::text::json) as row (
            workspace_id text, connection_state text,
            connection_checked_at timestamptz, last_connected_at timestamptz
        )
        order by workspace_id, connection_checked_at desc nulls last
    ) as told using (workspace_id)
),
marked as (
    insert into usage_mark (workspace_no, at)
    select workspace_no, answer.last_connected_at
    from answer join workspace using (workspace_id)
    where account_id = $1 and region = $2
      and answer.last_connected_at is distinct from workspace.last_connected_at
      and answer.last_connected_at is not null
    on conflict on constraint usage_mark_pkey do nothing
)
update workspace set
    connection_state = answer.connection_state,
    connection_checked_at = answer.connection_checked_at,
    connection_read_at = $5,
    last_connected_at = greatest(workspace.last_connected_at, answer.last_connected_at)
from answer
where account_id = $1 and region = $2 and workspace.workspace_id = answer.workspace_id
