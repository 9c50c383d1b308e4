//! A bundle of `DescribeWorkspaceBundles`.

use aws_sdk_workspaces::types as sdk;
use fleet::{
    Bundle,
    vocabulary::{BundleState, BundleType, ComputeType},
};

use super::{moment, text};

/// A bundle; `None` without an id.
pub(in crate::collector) fn bundle(bundle: sdk::WorkspaceBundle) -> Option<Bundle> {
    Some(Bundle {
        id: bundle.bundle_id?.try_into().ok()?,
        name: text(bundle.name),
        owner: text(bundle.owner),
        description: text(bundle.description),
        image_id: text(bundle.image_id),
        compute_type: bundle.compute_type.and_then(|kind| kind.name).map(|word| ComputeType::from_aws(word.as_str())),
        root_volume_gib: bundle.root_storage.and_then(|storage| gibibytes(&storage.capacity)),
        user_volume_gib: bundle.user_storage.and_then(|storage| gibibytes(&storage.capacity)),
        bundle_type: bundle.bundle_type.map(|word| BundleType::from_aws(word.as_str())),
        state: bundle.state.map(|word| BundleState::from_aws(word.as_str())),
        created_at: moment(bundle.creation_time),
        updated_at: moment(bundle.last_updated_time),
    })
}

/// AWS sends capacities as text.
fn gibibytes(capacity: &str) -> Option<i32> {
    capacity.trim().parse().ok().filter(|gib| *gib >= 0)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("80", Some(80))]
    #[case(" 175 ", Some(175))]
    #[case("80 GB", None)]
    #[case("-1", None)]
    #[case("", None)]
    fn a_capacity_that_is_no_number_is_unknown(#[case] text: &str, #[case] gib: Option<i32>) {
        assert_eq!(gibibytes(text), gib);
    }
}
