//! An image of `DescribeWorkspaceImages`.

use aws_sdk_workspaces::types as sdk;
use fleet::{
    Image, ImageError, ImageOwnership,
    vocabulary::{ImageState, Platform, RequiredTenancy},
};

use super::{moment, text};

/// An image; `None` without an id.
pub(in crate::collector) fn image(image: sdk::WorkspaceImage, ownership: ImageOwnership) -> Option<Image> {
    let (update_available, update_description) =
        image.updates.map_or((None, None), |updates| (updates.update_available, text(updates.description)));
    Some(Image {
        id: image.image_id?.try_into().ok()?,
        ownership,
        owner_account: text(image.owner_account_id),
        name: text(image.name),
        description: text(image.description),
        platform: image.operating_system.and_then(|system| system.r#type).map(|word| Platform::from_aws(word.as_str())),
        state: image.state.map(|word| ImageState::from_aws(word.as_str())),
        required_tenancy: image.required_tenancy.map(|word| RequiredTenancy::from_aws(word.as_str())),
        created_at: moment(image.created),
        update_available,
        update_description,
        error_code: text(image.error_code),
        error_message: text(image.error_message),
        error_details: image.error_details.unwrap_or_default().into_iter().map(error).collect(),
    })
}

fn error(details: sdk::ErrorDetails) -> ImageError {
    ImageError { code: details.error_code.map(|word| word.as_str().to_owned()), message: text(details.error_message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_but_the_id_may_be_missing() {
        let bare = image(sdk::WorkspaceImage::builder().image_id("wsi-1").build(), ImageOwnership::Owned).unwrap();
        assert_eq!((bare.state, bare.update_available, bare.error_details), (None, None, vec![]));
        assert_eq!(image(sdk::WorkspaceImage::builder().name("x").build(), ImageOwnership::Owned), None);
    }

    #[test]
    fn words_this_release_does_not_know_are_kept() {
        let failed = sdk::ErrorDetails::builder().error_code("TooManyToasters".into()).build();
        let new = sdk::WorkspaceImage::builder().image_id("wsi-1").state("FROZEN".into()).error_details(failed);
        let new = image(new.build(), ImageOwnership::Shared).unwrap();
        assert_eq!(new.state.unwrap().as_str(), "frozen");
        assert_eq!(new.error_details[0].code.as_deref(), Some("TooManyToasters"));
    }
}
