-- Ends prices that are no longer as they were; after a whole reading ($4) also those that
-- are not there any more.
with found as (
    select *
    from json_to_recordset($2::text::json) as found (
        rate_code text, usage_type text, bundle text, root_volume_gib integer, user_volume_gib integer,
        operating_system text, license text, running_mode text, resource_type text, software_included text,
        unit text, currency text, amount numeric, effective_from timestamptz
    )
)
update price kept set valid_to = greatest($3, valid_from)
where region = $1 and valid_to is null
  and ($4 or exists (
      select from found where found.rate_code = kept.rate_code and found.currency = kept.currency
  ))
  and not exists (
      select from found
      where (found.rate_code, found.currency, found.amount, found.unit, found.effective_from)
            = (kept.rate_code, kept.currency, kept.amount, kept.unit, kept.effective_from)
        and (found.usage_type, found.bundle, found.root_volume_gib, found.user_volume_gib, found.operating_system,
             found.license, found.running_mode, found.resource_type, found.software_included)
            is not distinct from
            (kept.usage_type, kept.bundle, kept.root_volume_gib, kept.user_volume_gib, kept.operating_system,
             kept.license, kept.running_mode, kept.resource_type, kept.software_included)
  )
