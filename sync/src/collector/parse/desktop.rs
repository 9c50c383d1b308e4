//! A desktop of `DescribeWorkspaces`.

use aws_sdk_workspaces::types::{self as sdk, WorkspaceProperties};
use fleet::{
    Workspace,
    vocabulary::{
        ComputeType, DataReplication, Modification, ModifiedResource, OperatingSystem, Protocol, RelationType,
        RunningMode, State,
    },
    workspace::{Configuration, DesktopError, RelatedWorkspace},
};

use super::text;

/// A desktop; `None` without an id.
pub(in crate::collector) fn desktop(desktop: sdk::Workspace) -> Option<Workspace> {
    let (code, message) = (text(desktop.error_code), text(desktop.error_message));
    let properties = desktop.workspace_properties.unwrap_or_else(|| WorkspaceProperties::builder().build());
    Some(Workspace {
        id: desktop.workspace_id?.try_into().ok()?,
        state: desktop.state.map(|word| State::from_aws(word.as_str())),
        error: (code.is_some() || message.is_some()).then_some(DesktopError { code, message }),
        modifications: desktop.modification_states.map(|changes| changes.into_iter().filter_map(change).collect()),
        configuration: Configuration {
            directory_id: desktop.directory_id.and_then(|id| id.try_into().ok()),
            user_name: text(desktop.user_name),
            workspace_name: text(desktop.workspace_name),
            computer_name: text(desktop.computer_name),
            ip_address: text(desktop.ip_address),
            ipv6_address: text(desktop.ipv6_address),
            subnet_id: text(desktop.subnet_id),
            bundle_id: text(desktop.bundle_id),
            root_volume_encrypted: desktop.root_volume_encryption_enabled,
            user_volume_encrypted: desktop.user_volume_encryption_enabled,
            volume_encryption_key: text(desktop.volume_encryption_key),
            data_replication: desktop
                .data_replication_settings
                .and_then(|settings| settings.data_replication)
                .map(|word| DataReplication::from_aws(word.as_str())),
            related: related(desktop.related_workspaces),
            ..of_properties(properties)
        },
    })
}

fn of_properties(properties: WorkspaceProperties) -> Configuration {
    Configuration {
        running_mode: properties.running_mode.map(|word| RunningMode::from_aws(word.as_str())),
        auto_stop_timeout_minutes: properties.running_mode_auto_stop_timeout_in_minutes,
        compute_type: properties.compute_type_name.map(|word| ComputeType::from_aws(word.as_str())),
        operating_system: properties.operating_system_name.map(|word| OperatingSystem::from_aws(word.as_str())),
        protocols: properties.protocols.map(|words| {
            let mut protocols: Vec<Protocol> = words.iter().map(|word| Protocol::from_aws(word.as_str())).collect();
            protocols.sort();
            protocols
        }),
        root_volume_gib: properties.root_volume_size_gib,
        user_volume_gib: properties.user_volume_size_gib,
        ..Configuration::default()
    }
}

/// A change under way; one without both words says nothing.
fn change(change: sdk::ModificationState) -> Option<(ModifiedResource, Modification)> {
    Some((ModifiedResource::from_aws(change.resource?.as_str()), Modification::from_aws(change.state?.as_str())))
}

/// Standby desktops and primaries. None of them and the member missing are the same in
/// AWS's answers, so both are `None` and no version is made when AWS changes its mind.
fn related(desktops: Option<Vec<sdk::RelatedWorkspaceProperties>>) -> Option<Vec<RelatedWorkspace>> {
    let mut related: Vec<RelatedWorkspace> = desktops?
        .into_iter()
        .filter_map(|desktop| {
            Some(RelatedWorkspace {
                id: desktop.workspace_id?.try_into().ok()?,
                region: text(desktop.region),
                relation: desktop.r#type.map(|word| RelationType::from_aws(word.as_str())),
            })
        })
        .collect();
    related.sort();
    Some(related).filter(|related| !related.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desktop_without_an_id_is_no_desktop() {
        assert_eq!(desktop(sdk::Workspace::builder().user_name("ada").build()), None);
        assert_eq!(desktop(sdk::Workspace::builder().workspace_id("").build()), None);
    }

    #[test]
    fn everything_but_the_id_may_be_missing() {
        let bare = desktop(sdk::Workspace::builder().workspace_id("ws-1").build()).unwrap();
        assert_eq!(bare.configuration, Configuration::default());
        assert_eq!((bare.state, bare.error, bare.modifications), (None, None, None));
    }

    #[test]
    fn no_changes_under_way_differs_from_not_told() {
        let told = sdk::Workspace::builder().workspace_id("ws-1").set_modification_states(Some(vec![]));
        assert_eq!(desktop(told.build()).unwrap().modifications, Some(vec![]));
    }

    #[test]
    fn words_this_release_does_not_know_are_kept() {
        let properties = WorkspaceProperties::builder().running_mode("SOMETIMES".into()).build();
        let new = sdk::Workspace::builder()
            .workspace_id("ws-1")
            .state("HIBERNATING".into())
            .workspace_properties(properties)
            .build();
        let new = desktop(new).unwrap();
        assert_eq!(new.state.unwrap().to_aws(), "HIBERNATING");
        assert_eq!(new.configuration.running_mode.unwrap().as_str(), "sometimes");
    }

    #[test]
    fn protocols_have_one_order() {
        let of = |words: [&str; 2]| {
            let properties = WorkspaceProperties::builder().protocols(words[0].into()).protocols(words[1].into());
            let sdk = sdk::Workspace::builder().workspace_id("ws-1").workspace_properties(properties.build());
            desktop(sdk.build()).unwrap().configuration.protocols
        };
        assert_eq!(of(["WSP", "PCOIP"]), of(["PCOIP", "WSP"]));
    }
}
