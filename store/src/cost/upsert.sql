-- Writes a page of costs. Both parts see the rows as they were before: what is about to be
-- replaced by other figures is kept as a version.
with found as (
    select distinct on (day, linked_account_id, usage_type, record_type) *
    from json_to_recordset($2::text::json) as found (
        linked_account_id text, day date, usage_type text, record_type text, currency text,
        unblended numeric, net_unblended numeric, usage_quantity numeric, usage_unit text,
        estimated boolean, suspect boolean
    )
    order by day, linked_account_id, usage_type, record_type
), replaced as (
    insert into cost_day_version (
        account_id, linked_account_id, day, usage_type, record_type, currency, unblended, net_unblended,
        usage_quantity, usage_unit, estimated, suspect, recorded_at, superseded_at, vanished
    )
    select kept.account_id, kept.linked_account_id, kept.day, kept.usage_type, kept.record_type, kept.currency,
           kept.unblended, kept.net_unblended, kept.usage_quantity, kept.usage_unit, kept.estimated, kept.suspect,
           kept.recorded_at, greatest($3, kept.recorded_at), false
    from cost_day kept
    join found using (day, linked_account_id, usage_type, record_type)
    where kept.account_id = $1
      and (kept.currency, kept.unblended, kept.net_unblended, kept.usage_quantity, kept.usage_unit)
          is distinct from
          (found.currency, found.unblended, found.net_unblended, found.usage_quantity, found.usage_unit)
    on conflict on constraint cost_day_version_pkey do nothing
)
insert into cost_day as kept (
    account_id, linked_account_id, day, usage_type, record_type, currency, unblended, net_unblended,
    usage_quantity, usage_unit, estimated, suspect, recorded_at, last_read_at
)
select $1, linked_account_id, day, usage_type, record_type, currency, unblended, net_unblended,
       usage_quantity, usage_unit, estimated, suspect, $3, clock_timestamp()
from found
on conflict on constraint cost_day_pkey do update set
    currency = excluded.currency, unblended = excluded.unblended, net_unblended = excluded.net_unblended,
    usage_quantity = excluded.usage_quantity, usage_unit = excluded.usage_unit,
    estimated = excluded.estimated, suspect = excluded.suspect, last_read_at = excluded.last_read_at,
    recorded_at = case
        when (kept.currency, kept.unblended, kept.net_unblended, kept.usage_quantity, kept.usage_unit)
             is distinct from
             (excluded.currency, excluded.unblended, excluded.net_unblended, excluded.usage_quantity,
              excluded.usage_unit)
        then greatest(excluded.recorded_at, kept.recorded_at)
        else kept.recorded_at
    end
