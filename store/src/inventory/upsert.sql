-- Writes desktops as they are now ($4, JSON) and tells whose configuration or state
-- changed, new and returned ones included. $1 account, $2 region, $3 the time of reading.
-- Rows are written in one order, so that two writers cannot lock each other out.
with written as (
    insert into workspace as desktop (
        account_id, region, workspace_id, configuration_since,
        directory_id, user_name, workspace_name, computer_name, ip_address, ipv6_address, subnet_id,
        bundle_id, running_mode, auto_stop_timeout_minutes, compute_type, operating_system, protocols,
        root_volume_gib, user_volume_gib, root_volume_encrypted, user_volume_encrypted,
        volume_encryption_key, data_replication, related_workspaces,
        state, state_since, error_code, error_message, modifications, first_seen_at, last_read_at
    )
    select
        $1, $2, workspace_id, $3,
        directory_id, user_name, workspace_name, computer_name, ip_address, ipv6_address, subnet_id,
        bundle_id, running_mode, auto_stop_timeout_minutes, compute_type, operating_system, protocols,
        root_volume_gib, user_volume_gib, root_volume_encrypted, user_volume_encrypted,
        volume_encryption_key, data_replication, related_workspaces,
        state, $3, error_code, error_message, modifications, $3, $3
    from json_to_recordset($4::text::json) as incoming (
        workspace_id text, directory_id text, user_name text, workspace_name text, computer_name text, ip_address text,
        ipv6_address text, subnet_id text, bundle_id text, running_mode text,
        auto_stop_timeout_minutes integer, compute_type text, operating_system text, protocols text[],
        root_volume_gib integer, user_volume_gib integer, root_volume_encrypted boolean,
        user_volume_encrypted boolean, volume_encryption_key text, data_replication text,
        related_workspaces jsonb,
        state text, error_code text, error_message text, modifications text[]
    )
    order by workspace_id
    on conflict on constraint workspace_pkey do update set
        configuration_since = case
            when desktop.gone_at is not null or (
                desktop.directory_id, desktop.user_name, desktop.workspace_name, desktop.computer_name,
                desktop.ip_address, desktop.ipv6_address, desktop.subnet_id, desktop.bundle_id,
                desktop.running_mode, desktop.auto_stop_timeout_minutes, desktop.compute_type,
                desktop.operating_system, desktop.protocols, desktop.root_volume_gib, desktop.user_volume_gib,
                desktop.root_volume_encrypted, desktop.user_volume_encrypted, desktop.volume_encryption_key,
                desktop.data_replication, desktop.related_workspaces
            ) is distinct from (
                excluded.directory_id, excluded.user_name, excluded.workspace_name, excluded.computer_name,
                excluded.ip_address, excluded.ipv6_address, excluded.subnet_id, excluded.bundle_id,
                excluded.running_mode, excluded.auto_stop_timeout_minutes, excluded.compute_type,
                excluded.operating_system, excluded.protocols, excluded.root_volume_gib, excluded.user_volume_gib,
                excluded.root_volume_encrypted, excluded.user_volume_encrypted, excluded.volume_encryption_key,
                excluded.data_replication, excluded.related_workspaces
            ) then excluded.configuration_since
            else desktop.configuration_since
        end,
        state_since = case
            when desktop.gone_at is not null or desktop.state is distinct from excluded.state
            then excluded.state_since
            else desktop.state_since
        end,
        directory_id = excluded.directory_id, user_name = excluded.user_name,
        workspace_name = excluded.workspace_name, computer_name = excluded.computer_name,
        ip_address = excluded.ip_address, ipv6_address = excluded.ipv6_address,
        subnet_id = excluded.subnet_id, bundle_id = excluded.bundle_id,
        running_mode = excluded.running_mode,
        auto_stop_timeout_minutes = excluded.auto_stop_timeout_minutes,
        compute_type = excluded.compute_type, operating_system = excluded.operating_system,
        protocols = excluded.protocols, root_volume_gib = excluded.root_volume_gib,
        user_volume_gib = excluded.user_volume_gib, root_volume_encrypted = excluded.root_volume_encrypted,
        user_volume_encrypted = excluded.user_volume_encrypted,
        volume_encryption_key = excluded.volume_encryption_key,
        data_replication = excluded.data_replication, related_workspaces = excluded.related_workspaces,
        state = excluded.state, error_code = excluded.error_code, error_message = excluded.error_message,
        modifications = excluded.modifications, last_read_at = excluded.last_read_at, gone_at = null
    returning workspace_id, configuration_since, state_since
)
select
    coalesce(array_agg(workspace_id) filter (where configuration_since = $3), '{}') as "configuration!",
    coalesce(array_agg(workspace_id) filter (where state_since = $3), '{}') as "state!"
from written
