//! A desktop as the row that is sent to Postgres: words in their stored form, lists as
//! lists. The names are the columns' names, because the database reads them from JSON.

use std::collections::HashSet;

use fleet::Workspace;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(crate) struct WorkspaceRow<'a> {
    workspace_id: &'a str,
    directory_id: Option<&'a str>,
    user_name: Option<&'a str>,
    workspace_name: Option<&'a str>,
    computer_name: Option<&'a str>,
    ip_address: Option<&'a str>,
    ipv6_address: Option<&'a str>,
    subnet_id: Option<&'a str>,
    bundle_id: Option<&'a str>,
    running_mode: Option<&'a str>,
    auto_stop_timeout_minutes: Option<i32>,
    compute_type: Option<&'a str>,
    operating_system: Option<&'a str>,
    protocols: Option<Vec<&'a str>>,
    root_volume_gib: Option<i32>,
    user_volume_gib: Option<i32>,
    root_volume_encrypted: Option<bool>,
    user_volume_encrypted: Option<bool>,
    volume_encryption_key: Option<&'a str>,
    data_replication: Option<&'a str>,
    related_workspaces: Option<Vec<RelatedRow<'a>>>,
    state: Option<&'a str>,
    error_code: Option<&'a str>,
    error_message: Option<&'a str>,
    modifications: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
struct RelatedRow<'a> {
    id: &'a str,
    region: Option<&'a str>,
    relation: Option<&'a str>,
}

impl<'a> WorkspaceRow<'a> {
    /// The rows of `desktops`; of a desktop that occurs twice only the last, because one
    /// statement cannot write a row twice.
    pub(crate) fn unique(desktops: &'a [Workspace]) -> Vec<Self> {
        let mut seen = HashSet::with_capacity(desktops.len());
        desktops.iter().rev().filter(|desktop| seen.insert(&desktop.id)).map(Self::new).collect()
    }

    fn new(desktop: &'a Workspace) -> Self {
        let configuration = &desktop.configuration;
        let error = desktop.error.as_ref();
        Self {
            workspace_id: desktop.id.as_str(),
            directory_id: stored(configuration.directory_id.as_ref()),
            user_name: configuration.user_name.as_deref(),
            workspace_name: configuration.workspace_name.as_deref(),
            computer_name: configuration.computer_name.as_deref(),
            ip_address: configuration.ip_address.as_deref(),
            ipv6_address: configuration.ipv6_address.as_deref(),
            subnet_id: configuration.subnet_id.as_deref(),
            bundle_id: configuration.bundle_id.as_deref(),
            running_mode: stored(configuration.running_mode.as_ref()),
            auto_stop_timeout_minutes: configuration.auto_stop_timeout_minutes,
            compute_type: stored(configuration.compute_type.as_ref()),
            operating_system: stored(configuration.operating_system.as_ref()),
            protocols: configuration.protocols.as_ref().map(|words| words.iter().map(AsRef::as_ref).collect()),
            root_volume_gib: configuration.root_volume_gib,
            user_volume_gib: configuration.user_volume_gib,
            root_volume_encrypted: configuration.root_volume_encrypted,
            user_volume_encrypted: configuration.user_volume_encrypted,
            volume_encryption_key: configuration.volume_encryption_key.as_deref(),
            data_replication: stored(configuration.data_replication.as_ref()),
            related_workspaces: configuration
                .related
                .as_ref()
                .map(|related| related.iter().map(RelatedRow::new).collect()),
            state: stored(desktop.state.as_ref()),
            error_code: error.and_then(|error| error.code.as_deref()),
            error_message: error.and_then(|error| error.message.as_deref()),
            modifications: desktop
                .modifications
                .as_ref()
                .map(|changes| changes.iter().map(|(resource, state)| format!("{resource}:{state}")).collect()),
        }
    }
}

/// A word or id as it is stored.
pub(crate) fn stored(word: Option<&impl AsRef<str>>) -> Option<&str> {
    word.map(AsRef::as_ref)
}

impl<'a> RelatedRow<'a> {
    fn new(related: &'a fleet::workspace::RelatedWorkspace) -> Self {
        Self { id: related.id.as_str(), region: related.region.as_deref(), relation: stored(related.relation.as_ref()) }
    }
}
