-- Writes a page of costs by resource: what is new of their items first.
with found as materialized (
    select distinct on (day, resource, usage_type) *
    from json_to_recordset($2::text::json) as line (
        day date, resource text, usage_type text, workspace_id text, currency text, unblended numeric,
        net_unblended numeric, usage_quantity numeric, usage_unit text, estimated boolean
    )
    order by day, resource, usage_type
),
known as (
    select resource_no, resource, usage_type
    from cost_resource_item
    where account_id = $1 and (resource, usage_type) in (select resource, usage_type from found)
),
made as (
    insert into cost_resource_item (account_id, resource, usage_type, workspace_id)
    select distinct on (resource, usage_type) $1, resource, usage_type, workspace_id
    from found
    where (resource, usage_type) not in (select resource, usage_type from known)
    order by resource, usage_type
    on conflict on constraint cost_resource_item_is_kept_once do update set workspace_id = excluded.workspace_id
    returning resource_no, resource, usage_type
)
insert into cost_resource_day (
    resource_no, day, currency, unblended, net_unblended, usage_quantity, usage_unit, estimated, last_read_at
)
select resource_no, day, currency, unblended, net_unblended, usage_quantity, usage_unit, estimated, clock_timestamp()
from found join (select * from known union all select * from made) as item using (resource, usage_type)
on conflict on constraint cost_resource_day_pkey do update set
    currency = excluded.currency, unblended = excluded.unblended, net_unblended = excluded.net_unblended,
    usage_quantity = excluded.usage_quantity, usage_unit = excluded.usage_unit, estimated = excluded.estimated,
    last_read_at = excluded.last_read_at
