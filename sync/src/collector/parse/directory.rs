//! A directory of `DescribeWorkspaceDirectories` and of `ds:DescribeDirectories`.
//!
//! `RegistrationCode` and `RadiusSettings` are secrets and are dropped here.

use std::collections::BTreeMap;

use aws_sdk_directory::types::DirectoryDescription;
use aws_sdk_workspaces::types as sdk;
use fleet::{
    Directory, DirectoryService,
    directory::Defaults,
    vocabulary::{
        DirectoryEdition, DirectoryServiceType, DirectorySize, DirectoryStage, DirectoryState, DirectoryType,
        EncryptionMode, Switch, Tenancy, UserIdentityType, WorkspaceType,
    },
};

use super::{moment, text};

/// A directory; `None` without an id.
pub(in crate::collector) fn directory(directory: sdk::WorkspaceDirectory) -> Option<Directory> {
    Some(Directory {
        id: directory.directory_id?.try_into().ok()?,
        name: text(directory.directory_name).or(text(directory.workspace_directory_name)),
        alias: text(directory.alias),
        directory_type: directory.directory_type.map(|word| DirectoryType::from_aws(word.as_str())),
        state: directory.state.map(|word| DirectoryState::from_aws(word.as_str())),
        error_message: text(directory.error_message),
        workspace_type: directory.workspace_type.map(|word| WorkspaceType::from_aws(word.as_str())),
        user_identity_type: directory.user_identity_type.map(|word| UserIdentityType::from_aws(word.as_str())),
        tenancy: directory.tenancy.map(|word| Tenancy::from_aws(word.as_str())),
        customer_user_name: text(directory.customer_user_name),
        iam_role_id: text(directory.iam_role_id),
        security_group_id: text(directory.workspace_security_group_id),
        subnet_ids: directory.subnet_ids,
        dns_addresses: directory.dns_ip_addresses,
        ip_group_ids: directory.ip_group_ids,
        endpoint_encryption_mode: directory
            .endpoint_encryption_mode
            .map(|word| EncryptionMode::from_aws(word.as_str())),
        saml: directory.saml_properties.and_then(|saml| switch(saml.status.as_ref().map(sdk::SamlStatusEnum::as_str))),
        certificate_auth: directory
            .certificate_based_auth_properties
            .and_then(|auth| switch(auth.status.as_ref().map(sdk::CertificateBasedAuthStatusEnum::as_str))),
        defaults: directory.workspace_creation_properties.map(defaults).unwrap_or_default(),
        self_service: directory.selfservice_permissions.as_ref().map(self_service),
        device_access: directory.workspace_access_properties.as_ref().map(device_access),
    })
}

fn defaults(properties: sdk::DefaultWorkspaceCreationProperties) -> Defaults {
    Defaults {
        maintenance_mode: properties.enable_maintenance_mode,
        internet_access: properties.enable_internet_access,
        local_administrator: properties.user_enabled_as_local_administrator,
        organizational_unit: text(properties.default_ou),
    }
}

fn switch(word: Option<&str>) -> Option<Switch> {
    word.map(Switch::from_aws)
}

fn told<'a>(switches: impl IntoIterator<Item = (&'static str, Option<&'a str>)>) -> BTreeMap<String, Switch> {
    switches.into_iter().filter_map(|(name, word)| Some((name.to_owned(), Switch::from_aws(word?)))).collect()
}

fn self_service(permissions: &sdk::SelfservicePermissions) -> BTreeMap<String, Switch> {
    let word = |value: &'_ Option<sdk::ReconnectEnum>| value.clone();
    let words = [
        ("restart_workspace", word(&permissions.restart_workspace)),
        ("increase_volume_size", word(&permissions.increase_volume_size)),
        ("change_compute_type", word(&permissions.change_compute_type)),
        ("switch_running_mode", word(&permissions.switch_running_mode)),
        ("rebuild_workspace", word(&permissions.rebuild_workspace)),
    ];
    told(words.iter().map(|(name, word)| (*name, word.as_ref().map(sdk::ReconnectEnum::as_str))))
}

fn device_access(access: &sdk::WorkspaceAccessProperties) -> BTreeMap<String, Switch> {
    let words = [
        ("windows", &access.device_type_windows),
        ("osx", &access.device_type_osx),
        ("web", &access.device_type_web),
        ("ios", &access.device_type_ios),
        ("android", &access.device_type_android),
        ("chrome_os", &access.device_type_chrome_os),
        ("zero_client", &access.device_type_zero_client),
        ("linux", &access.device_type_linux),
        ("thin_client", &access.device_type_work_spaces_thin_client),
    ];
    told(words.into_iter().map(|(name, word)| (name, word.as_ref().map(sdk::AccessPropertyValue::as_str))))
}

/// What Directory Service adds; `None` without an id.
pub(in crate::collector) fn directory_service(directory: DirectoryDescription) -> Option<DirectoryService> {
    let vpc_id = directory
        .vpc_settings
        .and_then(|settings| settings.vpc_id)
        .or(directory.connect_settings.and_then(|settings| settings.vpc_id));
    Some(DirectoryService {
        id: directory.directory_id?.try_into().ok()?,
        service_type: directory.r#type.map(|word| DirectoryServiceType::from_aws(word.as_str())),
        stage: directory.stage.map(|word| DirectoryStage::from_aws(word.as_str())),
        size: directory.size.map(|word| DirectorySize::from_aws(word.as_str())),
        edition: directory.edition.map(|word| DirectoryEdition::from_aws(word.as_str())),
        vpc_id: text(vpc_id),
        launched_at: moment(directory.launch_time),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registration_code_is_nowhere() {
        let sdk = sdk::WorkspaceDirectory::builder().directory_id("d-1").registration_code("SLiad+SECRET").build();
        assert!(!format!("{:?}", directory(sdk).unwrap()).contains("SECRET"));
    }

    #[test]
    fn only_switches_that_were_told_are_kept() {
        let access = sdk::WorkspaceAccessProperties::builder().device_type_web("DENY".into()).build();
        let sdk = sdk::WorkspaceDirectory::builder().directory_id("d-1").workspace_access_properties(access).build();
        let kept = directory(sdk).unwrap().device_access.unwrap();
        assert_eq!(kept, BTreeMap::from([("web".to_owned(), Switch::Deny)]));
    }
}
