-- Ends versions of directories that are gone or no longer as they were.
update directory_version as kept set valid_to = $3
where account_id = $1 and region = $2 and valid_to is null
  and not exists (
      select from directory d
      where d.account_id = $1 and d.region = $2 and d.directory_id = kept.directory_id and d.gone_at is null
        and (d.state, d.service_stage, d.endpoint_encryption_mode, d.saml_status, d.certificate_auth_status,
             d.internet_access, d.local_administrator, d.self_service, d.device_access)
            is not distinct from
            (kept.state, kept.service_stage, kept.endpoint_encryption_mode, kept.saml_status,
             kept.certificate_auth_status, kept.internet_access, kept.local_administrator, kept.self_service,
             kept.device_access)
  )
