-- Ends quotas that the listings no longer show as they were; only whole ones say that a
-- quota which they do not contain is gone.
with found as (
    select * from json_to_recordset($4::text::json) as found (
        service text, quota_code text, name text, applied_value double precision, default_value double precision,
        is_adjustable boolean, is_global boolean
    )
)
update quota set valid_to = $3
where account_id = $1 and region = $2 and valid_to is null
  and ($5 or exists (select from found where (found.service, found.quota_code) = (quota.service, quota.quota_code)))
  and not exists (
      select from found
      where (found.service, found.quota_code) = (quota.service, quota.quota_code)
        and (found.name, found.applied_value, found.default_value, found.is_adjustable, found.is_global)
            is not distinct from
            (quota.name, quota.applied_value, quota.default_value, quota.is_adjustable, quota.is_global)
  )
