//! Parts of a directory, from `ds`'s answers.

use std::collections::BTreeMap;

use aws_sdk_directory::types as sdk;
use fleet::{
    DirectoryId, DirectoryPart,
    directory_part::PartState,
    vocabulary::{CertificateState, DomainControllerStatus, LdapsStatus, SnapshotStatus, TrustDirection, TrustState},
};

use super::{moment, text};

/// A part with nothing but its ids.
fn bare(directory_id: DirectoryId, id: String) -> DirectoryPart {
    DirectoryPart {
        directory_id,
        id,
        name: None,
        state: None,
        state_reason: None,
        state_since: None,
        created_at: None,
        expires_at: None,
        details: BTreeMap::new(),
    }
}

/// Details that were told, by name.
fn told<const N: usize>(details: [(&'static str, Option<String>); N]) -> BTreeMap<&'static str, String> {
    details.into_iter().filter_map(|(name, value)| Some((name, text(value)?))).collect()
}

/// A domain controller; `None` without its ids.
pub(in crate::collector) fn domain_controller(controller: sdk::DomainController) -> Option<DirectoryPart> {
    let id = text(controller.domain_controller_id)?;
    let state = controller.status.map(|word| DomainControllerStatus::from_aws(word.as_str()));
    Some(DirectoryPart {
        name: text(controller.dns_ip_addr),
        state: state.map(PartState::DomainController),
        state_reason: text(controller.status_reason),
        state_since: moment(controller.status_last_updated_date_time),
        created_at: moment(controller.launch_time),
        details: told([
            ("availability_zone", controller.availability_zone),
            ("ipv6_address", controller.dns_ipv6_addr),
            ("subnet_id", controller.subnet_id),
            ("vpc_id", controller.vpc_id),
        ]),
        ..bare(controller.directory_id?.try_into().ok()?, id)
    })
}

/// A trust; `None` without its ids.
pub(in crate::collector) fn trust(trust: sdk::Trust) -> Option<DirectoryPart> {
    let id = text(trust.trust_id)?;
    let direction = trust.trust_direction.map(|word| TrustDirection::from_aws(word.as_str()).as_str().to_owned());
    Some(DirectoryPart {
        name: text(trust.remote_domain_name),
        state: trust.trust_state.map(|word| PartState::Trust(TrustState::from_aws(word.as_str()))),
        state_reason: text(trust.trust_state_reason),
        state_since: moment(trust.state_last_updated_date_time),
        created_at: moment(trust.created_date_time),
        details: told([
            ("direction", direction),
            ("selective_authentication", trust.selective_auth.map(|word| word.as_str().to_ascii_lowercase())),
            ("type", trust.trust_type.map(|word| word.as_str().to_ascii_lowercase())),
        ]),
        ..bare(trust.directory_id?.try_into().ok()?, id)
    })
}

/// Whether `directory` speaks LDAPS to clients.
pub(in crate::collector) fn ldaps(directory: &DirectoryId, setting: sdk::LdapsSettingInfo) -> DirectoryPart {
    DirectoryPart {
        state: setting.ldaps_status.map(|word| PartState::Ldaps(LdapsStatus::from_aws(word.as_str()))),
        state_reason: text(setting.ldaps_status_reason),
        state_since: moment(setting.last_updated_date_time),
        ..bare(directory.clone(), "client".to_owned())
    }
}

/// A snapshot; `None` without its ids.
pub(in crate::collector) fn snapshot(snapshot: sdk::Snapshot) -> Option<DirectoryPart> {
    let id = text(snapshot.snapshot_id)?;
    Some(DirectoryPart {
        name: text(snapshot.name),
        state: snapshot.status.map(|word| PartState::Snapshot(SnapshotStatus::from_aws(word.as_str()))),
        created_at: moment(snapshot.start_time),
        details: told([("type", snapshot.r#type.map(|word| word.as_str().to_ascii_lowercase()))]),
        ..bare(snapshot.directory_id?.try_into().ok()?, id)
    })
}

/// A certificate of `directory` as the listing shows it, with what its description adds.
pub(in crate::collector) fn certificate(
    directory: &DirectoryId,
    id: String,
    listed: sdk::CertificateInfo,
    described: Option<sdk::Certificate>,
) -> DirectoryPart {
    let (state_reason, registered) =
        described.map(|certificate| (certificate.state_reason, certificate.registered_date_time)).unwrap_or_default();
    DirectoryPart {
        name: text(listed.common_name),
        state: listed.state.map(|word| PartState::Certificate(CertificateState::from_aws(word.as_str()))),
        state_reason: text(state_reason),
        created_at: moment(registered),
        expires_at: moment(listed.expiry_date_time),
        details: told([("type", listed.r#type.map(|word| word.as_str().to_owned()))]),
        ..bare(directory.clone(), id)
    }
}

/// A log subscription; `None` without directory or log group.
pub(in crate::collector) fn log_subscription(subscription: sdk::LogSubscription) -> Option<DirectoryPart> {
    let id = text(subscription.log_group_name)?;
    Some(DirectoryPart {
        created_at: moment(subscription.subscription_created_date_time),
        ..bare(subscription.directory_id?.try_into().ok()?, id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_without_its_ids_is_no_part() {
        assert_eq!(trust(sdk::Trust::builder().trust_id("t-1").build()), None);
        assert_eq!(snapshot(sdk::Snapshot::builder().directory_id("d-1").build()), None);
        assert_eq!(domain_controller(sdk::DomainController::builder().directory_id("d-1").build()), None);
    }

    #[test]
    fn words_this_release_does_not_know_are_kept() {
        let sdk = sdk::Trust::builder().directory_id("d-1").trust_id("t-1").trust_state("Wobbling".into());
        let state = trust(sdk.build()).unwrap().state.unwrap();
        assert_eq!(state.as_str(), "=Wobbling");
    }

    #[test]
    fn a_certificate_expires_when_the_listing_says_even_without_its_description() {
        let directory = DirectoryId::try_from("d-1").unwrap();
        let expiry = aws_smithy_types::DateTime::from_secs(1_800_000_000);
        let listed = sdk::CertificateInfo::builder().expiry_date_time(expiry).build();
        let part = certificate(&directory, "c-1".to_owned(), listed, None);
        assert_eq!(part.expires_at.unwrap().as_second(), 1_800_000_000);
        assert_eq!(part.created_at, None);
    }
}
