-- Keeps what staged lines say beside day and amount, where it is new.
insert into cost_export_item (
    account_id, usage_account_id, region, product_code, resource_id, workspace_id,
    usage_type, line_item_type, unit, currency, tags, digest
)
select distinct on (digest)
    account_id, usage_account_id, region, product_code, resource_id, workspace_id,
    usage_type, line_item_type, unit, currency, tags, digest
from cost_export_stage
where step_id = $1
order by digest
on conflict on constraint cost_export_item_is_kept_once do nothing
