-- Adds evidence to days of desktops. A day that learns nothing new is not written again:
-- every run reads the day before once more, for points that came late.
insert into usage_day as kept (workspace_no, day, observed, connected, running, maintenance)
select
    workspace_no, day,
    ('x' || observed)::bit(288), ('x' || connected)::bit(288),
    ('x' || running)::bit(288), ('x' || maintenance)::bit(288)
from json_to_recordset($3::text::json)
    as found (workspace_id text, day date, observed text, connected text, running text, maintenance text)
join workspace using (workspace_id)
where account_id = $1 and region = $2
on conflict on constraint usage_day_pkey do update set
    observed = coalesce(kept.observed | excluded.observed, kept.observed, excluded.observed),
    connected = coalesce(kept.connected | excluded.connected, kept.connected, excluded.connected),
    running = coalesce(kept.running | excluded.running, kept.running, excluded.running),
    maintenance = coalesce(kept.maintenance | excluded.maintenance, kept.maintenance, excluded.maintenance)
where (kept.observed, kept.connected, kept.running, kept.maintenance) is distinct from (
    coalesce(kept.observed | excluded.observed, kept.observed, excluded.observed),
    coalesce(kept.connected | excluded.connected, kept.connected, excluded.connected),
    coalesce(kept.running | excluded.running, kept.running, excluded.running),
    coalesce(kept.maintenance | excluded.maintenance, kept.maintenance, excluded.maintenance)
)
