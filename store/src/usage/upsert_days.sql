-- Adds evidence to days of desktops. A day that learns nothing new is not written again:
-- every run reads the day before once more, for points that came late.
insert into usage_day as kept (workspace_no, day, observed, connected, running, maintenance, succeeded)
select
    workspace_no, day,
    kept_map(('x' || observed)::bit(288)), kept_map(('x' || connected)::bit(288)),
    kept_map(('x' || running)::bit(288)), kept_map(('x' || maintenance)::bit(288)),
    kept_map(('x' || succeeded)::bit(288))
from json_to_recordset($3::text::json) as found (
    workspace_id text, day date, observed text, connected text, running text, maintenance text, succeeded text
)
join workspace using (workspace_id)
where account_id = $1 and region = $2
on conflict on constraint usage_day_pkey do update set
    observed = map_union(kept.observed, excluded.observed),
    connected = map_union(kept.connected, excluded.connected),
    running = map_union(kept.running, excluded.running),
    maintenance = map_union(kept.maintenance, excluded.maintenance),
    succeeded = map_union(kept.succeeded, excluded.succeeded)
where (kept.observed, kept.connected, kept.running, kept.maintenance, kept.succeeded) is distinct from (
    map_union(kept.observed, excluded.observed), map_union(kept.connected, excluded.connected),
    map_union(kept.running, excluded.running), map_union(kept.maintenance, excluded.maintenance),
    map_union(kept.succeeded, excluded.succeeded)
)
