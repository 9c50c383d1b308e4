-- Begins quotas that have no open row.
insert into quota (
    account_id, region, service, quota_code, valid_from, name, applied_value, default_value, is_adjustable, is_global
)
select $1, $2, service, quota_code, $3, name, applied_value, default_value, is_adjustable, is_global
from json_to_recordset($4::text::json) as found (
    service text, quota_code text, name text, applied_value double precision, default_value double precision,
    is_adjustable boolean, is_global boolean
)
on conflict (account_id, region, service, quota_code) where valid_to is null do nothing
