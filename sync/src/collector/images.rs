//! Images by `workspaces:DescribeWorkspaceImages`: the account's own and those that others
//! share with it, which takes two listings. A region has few, so they are read whole and
//! written once.

use aws_sdk_workspaces::types::ImageType;
use fleet::{Image, ImageOwnership};
use store::images;

use super::{
    paging::Paging,
    parse,
    work::{StepFailure, Work, unidentified},
};
use crate::aws::operation::Operation;

/// AWS's largest page.
const PAGE: i32 = 25;

/// Reads and writes the images of the step's region.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    let (mut found, mut rejected) = (Vec::new(), 0);
    for ownership in [ImageOwnership::Owned, ImageOwnership::Shared] {
        list(work, ownership, (&mut found, &mut rejected)).await?;
    }
    let spent = work.ledger.take(rejected);
    images::write(work.pool, work.step, &found, &spent, unidentified("image", rejected)).await?;
    Ok(())
}

/// Adds the images of one of the two listings.
async fn list(
    work: &Work<'_>,
    ownership: ImageOwnership,
    (found, rejected): (&mut Vec<Image>, &mut u64),
) -> Result<(), StepFailure> {
    let operation = Operation::DescribeWorkspaceImages;
    let kind = match ownership {
        ImageOwnership::Owned => ImageType::Owned,
        ImageOwnership::Shared => ImageType::Shared,
    };
    let (mut token, mut paging) = (None::<String>, Paging::new(operation));
    loop {
        let answer = work
            .caller
            .call(operation, |size| {
                let request = work.clients.workspaces.describe_workspace_images().image_type(kind.clone());
                request.max_results(PAGE).set_next_token(token.clone()).customize().interceptor(size).send()
            })
            .await?;
        let page = answer.images.unwrap_or_default();
        let received = page.len();
        for image in page {
            match parse::image(image, ownership) {
                Some(image) => found.push(image),
                None => *rejected += 1,
            }
        }
        token = paging.next(answer.next_token, received)?;
        if token.is_none() {
            return Ok(());
        }
    }
}
