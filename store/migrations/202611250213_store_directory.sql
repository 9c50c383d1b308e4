-- Directories: what WorkSpaces knows of one (DescribeWorkspaceDirectories) joined with
-- what Directory Service knows (ds:DescribeDirectories; absent for wsd- directories).
-- Two members are never stored because they are secrets: RegistrationCode and
-- RadiusSettings.SharedSecret. Enumerations are lower case; null is not known.

create table directory (
    account_id text not null,
    region text not null,
    directory_id text not null,
    name text,
    alias text,
    -- As WorkSpaces calls it; service_type is the true kind.
    type text,
    state text,
    error_message text,
    workspace_type text,
    user_identity_type text,
    tenancy text,
    customer_user_name text,
    iam_role_id text,
    security_group_id text,
    subnet_ids text[],
    dns_addresses text[],
    ip_group_ids text[],
    endpoint_encryption_mode text,
    saml_status text,
    certificate_auth_status text,
    -- Defaults for new desktops.
    maintenance_mode boolean,
    internet_access boolean,
    local_administrator boolean,
    default_ou text,
    -- What people may do to their own desktop, and from which devices they may connect:
    -- {"restart_workspace": "enabled", ...} and {"windows": "allow", ...}.
    self_service jsonb,
    device_access jsonb,
    -- From Directory Service.
    service_type text,
    service_stage text,
    service_size text,
    service_edition text,
    vpc_id text,
    launched_at timestamptz,
    first_seen_at timestamptz not null default clock_timestamp(),
    last_read_at timestamptz not null default clock_timestamp(),
    -- When a complete listing no longer contained it.
    gone_at timestamptz,
    constraint directory_pkey primary key (account_id, region, directory_id)
);

create index directory_by_id on directory (directory_id, account_id, region);
