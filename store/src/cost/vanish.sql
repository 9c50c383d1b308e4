-- Removes from a window that was read completely what it no longer contains: what was not
-- read since the step's listing began. It stays as a version.
with gone as (
    delete from cost_day
    where account_id = $1 and day >= $2 and day < $3
      and last_read_at < (select listing_started_at from run_step where step_id = $4)
    returning *
)
insert into cost_day_version (
    account_id, linked_account_id, day, usage_type, record_type, currency, unblended, net_unblended,
    usage_quantity, usage_unit, estimated, suspect, recorded_at, superseded_at, vanished
)
select account_id, linked_account_id, day, usage_type, record_type, currency, unblended, net_unblended,
       usage_quantity, usage_unit, estimated, suspect, recorded_at, greatest($5, recorded_at), true
from gone
on conflict on constraint cost_day_version_pkey do nothing
