//! Every table: its group, and which of its rows have ended before a cutoff.
//!
//! A test asks the database for its tables and fails where one is neither here nor in
//! [`KEPT`], so that a table of a later release cannot be forgotten.

use super::Group;

/// When rows of a table have ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// The table.
    pub(super) table: &'static str,
    /// How long it is kept.
    pub(super) group: Group,
    /// How its rows are told to be an account's.
    pub(super) owner: Owner,
    /// A condition on row `t` and cutoff `$2`.
    pub(super) ended: &'static str,
}

/// How rows are told to be an account's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// By their column `account_id`.
    Account,
    /// By their desktop.
    Desktop,
    /// By what they are the cost of.
    CostItem,
    /// They are nobody's: the installation's days hold.
    Nobody,
}

const fn rule(table: &'static str, group: Group, ended: &'static str) -> Rule {
    Rule { table, group, owner: Owner::Account, ended }
}

const fn by_desktop(table: &'static str, group: Group, ended: &'static str) -> Rule {
    Rule { table, group, owner: Owner::Desktop, ended }
}

const fn of_nobody(table: &'static str, group: Group, ended: &'static str) -> Rule {
    Rule { table, group, owner: Owner::Nobody, ended }
}

/// What no longer held before the cutoff: the next state began by then.
const STATE: &str = "t.since < $2 and exists (
    select from workspace_state as later
    where later.workspace_no = t.workspace_no and later.since > t.since and later.since <= $2)";
/// As [`STATE`], for marks.
const MARK: &str = "t.at < $2 and exists (
    select from usage_mark as later
    where later.workspace_no = t.workspace_no and later.at > t.at and later.at <= $2)";
const DAY: &str = "t.day < ($2 at time zone 'utc')::date";

/// In the order of work: what refers to other rows goes first.
pub(super) const RULES: &[Rule] = &[
    rule("workspace_version", Group::History, "t.valid_to < $2"),
    by_desktop("workspace_state", Group::History, STATE),
    rule("tag", Group::History, "t.valid_to < $2"),
    rule("image", Group::History, "t.valid_to < $2"),
    rule("quota", Group::History, "t.valid_to < $2"),
    rule("ip_group_rule", Group::History, "t.valid_to < $2"),
    rule("directory_ip_group", Group::History, "t.valid_to < $2"),
    rule("directory_version", Group::History, "t.valid_to < $2"),
    rule("directory_part", Group::History, "t.valid_to < $2"),
    rule("connection_alias_target", Group::History, "t.valid_to < $2"),
    rule("ip_group", Group::History, "t.gone_at < $2"),
    rule("connection_alias", Group::History, "t.gone_at < $2"),
    rule("directory_user", Group::History, "t.gone_at < $2"),
    rule("bundle", Group::History, "t.gone_at < $2"),
    rule("pool", Group::History, "t.gone_at < $2"),
    rule("pool_session", Group::Usage, "t.gone_at < $2"),
    rule("directory", Group::History, "t.gone_at < $2"),
    by_desktop("usage_day", Group::Usage, DAY),
    by_desktop("usage_hour", Group::Usage, DAY),
    by_desktop("metric_day", Group::Usage, DAY),
    by_desktop("usage_mark", Group::Usage, MARK),
    rule("access_event", Group::Usage, "t.login_at < $2"),
    rule("access_event_rejected", Group::Usage, "t.received_at < $2"),
    // Takes what is left of its evidence along.
    rule("workspace", Group::History, "t.gone_at < $2"),
    rule("cost_day_version", Group::Cost, DAY),
    rule("cost_day", Group::Cost, DAY),
    rule("cost_forecast", Group::Cost, DAY),
    Rule { table: "cost_resource_day", group: Group::Cost, owner: Owner::CostItem, ended: DAY },
    rule("cost_export_day", Group::Cost, DAY),
    rule("cost_export_version", Group::Cost, "t.month < ($2 at time zone 'utc')::date - 31"),
    of_nobody("price", Group::Cost, "t.valid_to < $2"),
    rule("aws_call", Group::Run, "t.last_at < $2"),
    rule("aws_budget", Group::Run, "t.period_start < ($2 at time zone 'utc')::date - 31"),
    // Takes its steps along.
    rule("run", Group::Run, "t.started_at < $2 and t.outcome <> 'running'"),
    of_nobody("access_log", Group::Audit, "t.at < $2"),
    of_nobody("session", Group::Run, "t.expires_at < $2"),
    of_nobody("sign_in_attempt", Group::Run, "t.at < $2"),
];

/// Tables that retention leaves alone, and why.
pub const KEPT: &[(&str, &str)] = &[
    ("_sqlx_migrations", "what the schema is made of"),
    ("account", "one row an account, as long as it has others"),
    ("account_retention", "one row an account"),
    ("audit_chain", "one row an account"),
    ("audit_checkpoint", "shortened with its trail, by `audit::prune`"),
    ("audit_event", "shortened at a checkpoint, by `audit::prune`"),
    ("audit_left_out", "shortened with its trail, by `audit::prune`"),
    ("audit_loss", "says what the trail lacks, a row for each time that was lost"),
    ("audit_operation", "one row an operation that no list names"),
    ("audit_reading", "one row a region, always current"),
    ("aws_pace", "one row an operation, always current"),
    ("cost_month", "twelve rows a year; a month that is forgotten would be paid for and read again"),
    ("cost_export", "one row a month; a month whose lines went is not read again"),
    ("cost_export_item", "what lines of many months have in common; one row is as good for the next"),
    ("cost_resource_item", "what costs of many days have in common; one row is as good for the next"),
    ("cost_export_stage", "goes with its run"),
    ("cost_reading", "one row an account and part, always current"),
    ("directory_reading", "one row a directory and detail, always current"),
    ("metric_day_reading", "one row a desktop, always current"),
    ("person", "the access log refers to people"),
    ("price_reading", "one row a region, always current"),
    ("region_setting", "one row a region, always current"),
    ("role_grant", "goes with its person"),
    ("run_lease", "one row a schedule, always current"),
    ("run_step", "goes with its run"),
    ("setting", "current settings"),
    ("snapshot", "what AWS has now; goes with its desktop"),
    ("snapshot_reading", "one row a desktop, always current"),
    ("subject_key", "goes when nothing of its person is left, by `audit::prune`, or by erasure"),
    ("usage_watermark", "goes with its desktop"),
    ("watermark", "one row a source and region, always current"),
];

/// The tables that have a rule.
pub fn tables() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.table)
}
