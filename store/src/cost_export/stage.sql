-- Stages sums of a part of one file.
insert into cost_export_stage (
    step_id, account_id, file_no, day, usage_account_id, region, product_code, resource_id, workspace_id,
    usage_type, line_item_type, unit, currency, tags, usage_amount, unblended, net_unblended, lines, digest
)
select $1, $2, $3, day, usage_account_id, region, product_code, resource_id, workspace_id,
       usage_type, line_item_type, unit, currency, tags, usage_amount, unblended, net_unblended, lines,
       md5(jsonb_build_array(
           usage_account_id, region, product_code, resource_id, usage_type, line_item_type, unit, currency, tags
       )::text)::uuid
from json_to_recordset($4::text::json) as found (
    day date, usage_account_id text, region text, product_code text, resource_id text, workspace_id text,
    usage_type text, line_item_type text, unit text, currency text, tags jsonb,
    usage_amount numeric, unblended numeric, net_unblended numeric, lines bigint
)
