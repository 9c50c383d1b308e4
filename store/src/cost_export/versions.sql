-- Keeps the sums of a month that a staged delivery tells otherwise.
with before as (
    select usage_account_id, usage_type, line_item_type, currency,
           sum(usage_amount) as usage_amount, sum(unblended) as unblended
    from cost_export_day join cost_export_item using (account_id, item_no)
    where account_id = $1 and month = $2
    group by usage_account_id, usage_type, line_item_type, currency
), after as (
    select usage_account_id, usage_type, line_item_type, currency,
           sum(usage_amount) as usage_amount, sum(unblended) as unblended
    from cost_export_stage
    where step_id = $3
    group by usage_account_id, usage_type, line_item_type, currency
)
insert into cost_export_version (
    account_id, month, recorded_at, usage_account_id, usage_type, line_item_type, currency,
    usage_amount_before, usage_amount_after, unblended_before, unblended_after,
    execution_id_before, execution_id_after
)
select $1, $2, clock_timestamp(), usage_account_id, usage_type, line_item_type, currency,
       before.usage_amount, after.usage_amount, before.unblended, after.unblended, $4, $5
from before full join after using (usage_account_id, usage_type, line_item_type, currency)
where (before.usage_amount, before.unblended) is distinct from (after.usage_amount, after.unblended)
