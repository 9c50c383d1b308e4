-- Keeps events that are not there yet.
insert into access_event (
    account_id, region, event_id, workspace_id, directory_id, action, client_ip, client_platform, client_product,
    client_version, login_at
)
select
    $1, region, event_id, workspace_id, directory_id, action, client_ip, client_platform, client_product,
    client_version, login_at
from json_to_recordset($2::text::json) as found (
    region text, event_id text, workspace_id text, directory_id text, action text, client_ip inet,
    client_platform text, client_product text, client_version text, login_at timestamptz
)
on conflict on constraint access_event_pkey do nothing
