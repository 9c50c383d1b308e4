//! From where and under which name directories are reached, from the answers of
//! `WorkSpaces` and, for limits, of Directory Service.

use aws_sdk_directory::types as ds;
use aws_sdk_workspaces::{operation::describe_account::DescribeAccountOutput, types as sdk};
use fleet::{
    reach::{
        AccountTenancy, AliasTarget, ClientProperties, ConnectionAlias, DirectoryLimits, IpGroup, IpRule, Limit,
        TenancyModification,
    },
    vocabulary::{AssociationStatus, ConnectionAliasState, Switch},
};

use super::{moment, text};

/// An IP group; `None` without an id. A rule without a range lets nobody in.
pub(in crate::collector) fn ip_group(group: sdk::WorkspacesIpGroup) -> Option<IpGroup> {
    let rules = group.user_rules.unwrap_or_default();
    Some(IpGroup {
        id: text(group.group_id)?,
        name: text(group.group_name),
        description: text(group.group_desc),
        rules: rules
            .into_iter()
            .filter_map(|rule| Some(IpRule { range: text(rule.ip_rule)?, description: text(rule.rule_desc) }))
            .collect(),
    })
}

/// A connection alias; `None` without an id. An association without a directory leads
/// nowhere.
pub(in crate::collector) fn connection_alias(alias: sdk::ConnectionAlias) -> Option<ConnectionAlias> {
    let targets = alias.associations.unwrap_or_default();
    Some(ConnectionAlias {
        id: text(alias.alias_id)?,
        connection_string: text(alias.connection_string),
        state: alias.state.map(|word| ConnectionAliasState::from_aws(word.as_str())),
        owner_account: text(alias.owner_account_id),
        targets: targets.into_iter().filter_map(target).collect(),
    })
}

fn target(association: sdk::ConnectionAliasAssociation) -> Option<AliasTarget> {
    Some(AliasTarget {
        directory_id: association.resource_id?.try_into().ok()?,
        status: association.association_status.map(|word| AssociationStatus::from_aws(word.as_str())),
        account: text(association.associated_account_id),
        connection_identifier: text(association.connection_identifier),
    })
}

/// What clients may do in a directory; `None` without its id.
pub(in crate::collector) fn client_properties(result: sdk::ClientPropertiesResult) -> Option<ClientProperties> {
    let properties = result.client_properties?;
    Some(ClientProperties {
        directory_id: result.resource_id?.try_into().ok()?,
        reconnect: properties.reconnect_enabled.map(|word| Switch::from_aws(word.as_str())),
        log_upload: properties.log_upload_enabled.map(|word| Switch::from_aws(word.as_str())),
    })
}

/// Dedicated tenancy, with its changes where they were told.
pub(in crate::collector) fn account_tenancy(
    account: DescribeAccountOutput,
    modifications: Option<Vec<sdk::AccountModification>>,
) -> AccountTenancy {
    AccountTenancy {
        support: account.dedicated_tenancy_support.map(|word| Switch::from_aws(word.as_str())),
        management_range: text(account.dedicated_tenancy_management_cidr_range),
        account_type: account.dedicated_tenancy_account_type.map(|word| word.as_str().to_ascii_lowercase()),
        modifications: modifications.map(|changes| changes.into_iter().map(modification).collect()),
    }
}

fn modification(change: sdk::AccountModification) -> TenancyModification {
    TenancyModification {
        state: change.modification_state.map(|word| word.as_str().to_ascii_lowercase()),
        support: change.dedicated_tenancy_support.map(|word| Switch::from_aws(word.as_str())),
        started_at: moment(change.start_time),
        error: text(change.error_message).or(text(change.error_code)),
    }
}

/// How many directories there may be.
pub(in crate::collector) fn limits(limits: &ds::DirectoryLimits) -> DirectoryLimits {
    let limit = |most, current| Limit { most, current };
    DirectoryLimits {
        simple: limit(limits.cloud_only_directories_limit, limits.cloud_only_directories_current_count),
        microsoft: limit(limits.cloud_only_microsoft_ad_limit, limits.cloud_only_microsoft_ad_current_count),
        connected: limit(limits.connected_directories_limit, limits.connected_directories_current_count),
    }
}

/// How many snapshots there may be.
pub(in crate::collector) fn snapshot_limit(limits: &ds::SnapshotLimits) -> Limit {
    Limit { most: limits.manual_snapshots_limit, current: limits.manual_snapshots_current_count }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_keeps_its_rules_and_drops_what_names_no_range() {
        let rule = |range: &str| sdk::IpRuleItem::builder().ip_rule(range).build();
        let group = sdk::WorkspacesIpGroup::builder().group_id("wsipg-1");
        let group = ip_group(group.user_rules(rule("192.0.2.0/24")).user_rules(rule("")).build()).unwrap();
        assert_eq!(group.rules, [IpRule { range: "192.0.2.0/24".to_owned(), description: None }]);
        assert_eq!(ip_group(sdk::WorkspacesIpGroup::builder().build()), None);
    }

    #[test]
    fn modifications_that_were_not_told_are_not_none_at_all() {
        let account = || DescribeAccountOutput::builder().build();
        assert_eq!(account_tenancy(account(), None).modifications, None);
        assert_eq!(account_tenancy(account(), Some(Vec::new())).modifications, Some(Vec::new()));
    }
}
