-- Begins prices that are not open. One that ended at this very moment begins at it too.
insert into price (
    region, rate_code, sku, usage_type, bundle, root_volume_gib, user_volume_gib, operating_system, license,
    running_mode, resource_type, software_included, unit, currency, amount, effective_from, valid_from
)
select distinct on (rate_code, currency)
    $1, rate_code, sku, usage_type, bundle, root_volume_gib, user_volume_gib, operating_system, license,
    running_mode, resource_type, software_included, unit, currency, amount, effective_from, $3
from json_to_recordset($2::text::json) as found (
    rate_code text, sku text, usage_type text, bundle text, root_volume_gib integer, user_volume_gib integer,
    operating_system text, license text, running_mode text, resource_type text, software_included text,
    unit text, currency text, amount numeric, effective_from timestamptz
)
order by rate_code, currency, effective_from desc
on conflict (region, rate_code, currency) where valid_to is null do nothing
