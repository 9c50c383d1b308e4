//! Tags: all desktops of a region that have or had one, by `tag:GetResources`, 100 a page.
//!
//! A listing that was cut off starts over: what is not in it has no tags, which only a
//! whole listing can say, and a whole one takes few calls.

use store::{
    run_step::{self, Next},
    tags::{self, Tag, Tagged},
};

use super::{
    paging::Paging,
    work::{StepFailure, Work, unidentified},
};
use crate::aws::operation::Operation;

/// AWS's largest page.
const PAGE: i32 = 100;
const DESKTOPS: &str = "workspaces:workspace";

/// Reads the tags of the step's region.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    if work.step.cursor.is_some() {
        run_step::restart_listing(work.pool, work.step).await?;
    }
    let mut paging = Paging::new(Operation::GetResources);
    let (mut listed, mut rejected_in_all, mut token) = (Vec::new(), 0, None);
    loop {
        let (page, rejected, next) = read_page(work, token.clone()).await?;
        rejected_in_all += rejected;
        listed.extend(page.iter().map(|desktop| desktop.workspace_id.clone()));
        token = paging.next(next, page.len())?;
        let spent = work.ledger.take(rejected);
        let (next, whole) = match &token {
            Some(token) => (Next::From(token.clone()), None),
            // One that could not be identified may be any of those that seem to be missing.
            None => {
                (Next::End(unidentified("tagged desktop", rejected_in_all)), (rejected_in_all == 0).then_some(&*listed))
            }
        };
        tags::write(work.pool, work.step, &page, whole, (&spent, &next)).await?;
        if token.is_none() {
            return Ok(());
        }
    }
}

/// One page: desktops with their tags, how many could not be identified, the next token.
async fn read_page(work: &Work<'_>, token: Option<String>) -> Result<(Vec<Tagged>, u64, Option<String>), StepFailure> {
    let answer = work
        .caller
        .call(Operation::GetResources, |size| {
            let request = work.clients.tagging.get_resources().resource_type_filters(DESKTOPS);
            request.resources_per_page(PAGE).set_pagination_token(token.clone()).customize().interceptor(size).send()
        })
        .await?;
    let resources = answer.resource_tag_mapping_list.unwrap_or_default();
    let received = resources.len();
    let page: Vec<Tagged> = resources
        .into_iter()
        .filter_map(|resource| {
            let tags = resource.tags.unwrap_or_default().into_iter().map(|tag| Tag { key: tag.key, value: tag.value });
            Some(Tagged { workspace_id: workspace_id(&resource.resource_arn?)?, tags: tags.collect() })
        })
        .collect();
    let rejected = (received - page.len()) as u64;
    Ok((page, rejected, answer.pagination_token))
}

/// The desktop's id in `arn:aws:workspaces:<region>:<account>:workspace/<id>`.
pub(super) fn workspace_id(arn: &str) -> Option<String> {
    let id = arn.splitn(6, ':').nth(5)?.strip_prefix("workspace/")?;
    fleet::WorkspaceId::try_from(id).ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("arn:aws:workspaces:us-east-1:111111111111:workspace/ws-8bhk2m9sf", Some("ws-8bhk2m9sf"))]
    #[case("arn:aws-us-gov:workspaces:us-gov-west-1:111111111111:workspace/ws-1", Some("ws-1"))]
    #[case("arn:aws:workspaces:us-east-1:111111111111:workspacebundle/wsb-1", None)]
    #[case("arn:aws:workspaces:us-east-1:111111111111:workspace/", None)]
    #[case("ws-8bhk2m9sf", None)]
    fn a_desktop_is_told_by_its_arn(#[case] arn: &str, #[case] id: Option<&str>) {
        assert_eq!(workspace_id(arn).as_deref(), id);
    }
}
