//! Which role may do what. A table that is not listed for a role is closed to it.

use super::Role;

/// Privileges on a table or function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Right {
    /// What it is on.
    pub(super) on: &'static str,
    /// The privileges.
    pub(super) what: &'static str,
}

const READ: &str = "select";
/// For logs: what is there stays as it is.
const ADD: &str = "select, insert";
const WRITE: &str = "select, insert, update";
const OWN: &str = "select, insert, update, delete";

/// Everything `role` may do.
pub(super) const fn rights(role: Role) -> &'static [Right] {
    match role {
        Role::Sync => SYNC,
        Role::Reports => REPORTS,
        Role::Api => API,
    }
}

const fn right(on: &'static str, what: &'static str) -> Right {
    Right { on, what }
}

const SYNC: &[Right] = &[
    right("_sqlx_migrations", READ),
    right("account", WRITE),
    right("audit_chain", WRITE),
    right("audit_event", ADD),
    right("audit_left_out", WRITE),
    right("aws_budget", WRITE),
    right("aws_call", WRITE),
    right("aws_pace", WRITE),
    right("bundle", WRITE),
    right("connection_alias", WRITE),
    right("connection_alias_target", WRITE),
    right("cost_day", OWN),
    right("cost_day_version", ADD),
    right("cost_forecast", WRITE),
    right("cost_month", WRITE),
    right("cost_reading", WRITE),
    right("cost_resource_day", OWN),
    right("directory", WRITE),
    right("directory_ip_group", WRITE),
    right("directory_part", WRITE),
    right("directory_reading", WRITE),
    right("directory_user", WRITE),
    right("directory_version", WRITE),
    right("image", WRITE),
    right("ip_group", WRITE),
    right("ip_group_rule", WRITE),
    right("pool", WRITE),
    right("pool_session", WRITE),
    right("price", WRITE),
    right("price_reading", WRITE),
    right("quota", WRITE),
    right("region_setting", WRITE),
    right("run", WRITE),
    right("run_lease", OWN),
    right("run_step", WRITE),
    right("setting", READ),
    right("snapshot", OWN),
    right("snapshot_reading", WRITE),
    right("subject_key", ADD),
    right("tag", WRITE),
    right("usage_day", WRITE),
    right("usage_hour", WRITE),
    right("usage_mark", WRITE),
    right("usage_watermark", WRITE),
    right("watermark", WRITE),
    right("workspace", WRITE),
    right("workspace_state", WRITE),
    right("workspace_version", WRITE),
    right("function make_audit_partitions(integer)", "execute"),
    right("function make_month_partitions(integer)", "execute"),
];

const REPORTS: &[Right] = &[
    right("_sqlx_migrations", READ),
    right("account", READ),
    right("bundle", READ),
    right("connection_alias", READ),
    right("connection_alias_target", READ),
    right("cost_day", READ),
    right("cost_day_version", READ),
    right("cost_forecast", READ),
    right("cost_month", READ),
    right("cost_reading", READ),
    right("cost_resource_day", READ),
    right("directory", READ),
    right("directory_ip_group", READ),
    right("directory_part", READ),
    right("directory_reading", READ),
    right("directory_user", READ),
    right("directory_version", READ),
    right("image", READ),
    right("ip_group", READ),
    right("ip_group_rule", READ),
    right("pool", READ),
    right("pool_session", READ),
    right("price", READ),
    right("price_reading", READ),
    right("quota", READ),
    right("region_setting", READ),
    right("run", READ),
    right("run_step", READ),
    right("setting", READ),
    right("snapshot", READ),
    right("snapshot_reading", READ),
    right("tag", READ),
    right("usage_day", READ),
    right("usage_hour", READ),
    right("usage_mark", READ),
    right("usage_watermark", READ),
    right("workspace", READ),
    right("workspace_state", READ),
    right("workspace_version", READ),
];

const API: &[Right] = &[
    right("_sqlx_migrations", READ),
    right("access_log", ADD),
    right("account", READ),
    // Erasing a person is recorded in the chain.
    right("audit_chain", WRITE),
    right("audit_checkpoint", READ),
    right("audit_event", ADD),
    right("audit_left_out", READ),
    right("aws_budget", READ),
    right("aws_call", READ),
    right("aws_pace", READ),
    right("bundle", READ),
    right("connection_alias", READ),
    right("connection_alias_target", READ),
    right("cost_day", READ),
    right("cost_day_version", READ),
    right("cost_forecast", READ),
    right("cost_month", READ),
    right("cost_reading", READ),
    right("cost_resource_day", READ),
    right("directory", READ),
    right("directory_ip_group", READ),
    right("directory_part", READ),
    right("directory_reading", READ),
    right("directory_user", READ),
    right("directory_version", READ),
    right("image", READ),
    right("ip_group", READ),
    right("ip_group_rule", READ),
    right("person", WRITE),
    right("pool", READ),
    right("pool_session", READ),
    right("price", READ),
    right("price_reading", READ),
    right("quota", READ),
    right("region_setting", READ),
    right("role_grant", OWN),
    right("run", READ),
    right("run_lease", READ),
    right("run_step", READ),
    right("session", WRITE),
    right("setting", WRITE),
    right("sign_in_attempt", OWN),
    right("snapshot", READ),
    right("snapshot_reading", READ),
    right("subject_key", "select (subject_id, account_id, person, created_at), delete"),
    right("tag", READ),
    right("usage_day", READ),
    right("usage_hour", READ),
    right("usage_mark", READ),
    right("usage_watermark", READ),
    right("watermark", READ),
    right("workspace", READ),
    right("workspace_state", READ),
    right("workspace_version", READ),
];
