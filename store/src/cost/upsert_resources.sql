-- Writes a page of costs by resource.
insert into cost_resource_day (
    account_id, day, resource, usage_type, workspace_id, currency, unblended, net_unblended,
    usage_quantity, usage_unit, estimated, last_read_at
)
select distinct on (day, resource, usage_type)
    $1, day, resource, usage_type, workspace_id, currency, unblended, net_unblended,
    usage_quantity, usage_unit, estimated, clock_timestamp()
from json_to_recordset($2::text::json) as found (
    day date, resource text, usage_type text, workspace_id text, currency text, unblended numeric,
    net_unblended numeric, usage_quantity numeric, usage_unit text, estimated boolean
)
order by day, resource, usage_type
on conflict on constraint cost_resource_day_pkey do update set
    workspace_id = excluded.workspace_id, currency = excluded.currency, unblended = excluded.unblended,
    net_unblended = excluded.net_unblended, usage_quantity = excluded.usage_quantity,
    usage_unit = excluded.usage_unit, estimated = excluded.estimated, last_read_at = excluded.last_read_at
