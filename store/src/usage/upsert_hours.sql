-- Adds hourly evidence to days of desktops.
insert into usage_hour as kept (workspace_no, day, observed, connected, running)
select workspace_no, day, ('x' || observed)::bit(24), ('x' || connected)::bit(24), ('x' || running)::bit(24)
from json_to_recordset($3::text::json)
    as found (workspace_id text, day date, observed text, connected text, running text)
join workspace using (workspace_id)
where account_id = $1 and region = $2
on conflict on constraint usage_hour_pkey do update set
    observed = kept.observed | excluded.observed,
    connected = kept.connected | excluded.connected,
    running = kept.running | excluded.running
