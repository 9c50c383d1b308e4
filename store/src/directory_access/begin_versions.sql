-- Begins a version of each directory that has no open one.
insert into directory_version (
    account_id, region, directory_id, state, service_stage, endpoint_encryption_mode, saml_status,
    certificate_auth_status, internet_access, local_administrator, self_service, device_access, valid_from
)
select
    account_id, region, directory_id, state, service_stage, endpoint_encryption_mode, saml_status,
    certificate_auth_status, internet_access, local_administrator, self_service, device_access, $3
from directory
where account_id = $1 and region = $2 and gone_at is null
on conflict (account_id, region, directory_id) where valid_to is null do nothing
