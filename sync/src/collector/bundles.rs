//! Bundles: the account's own and Amazon's by `workspaces:DescribeWorkspaceBundles`, which
//! takes two listings. They change rarely and the operation is throttled early, so a run
//! that is not asked for by a person keeps what is less than a day old.

use contract::Trigger;
use jiff::SignedDuration;
use store::bundles;

use super::{
    paging::Paging,
    parse,
    work::{StepFailure, Work, unidentified},
};
use crate::aws::operation::Operation;

/// How long bundles are kept before they are read again.
const FRESH: SignedDuration = SignedDuration::from_hours(24);
/// The owner of public bundles.
const AMAZON: &str = "AMAZON";

/// Reads and writes the bundles of the step's region.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    let by_itself = work.trigger == Trigger::Schedule;
    if by_itself && bundles::are_fresh(work.pool, work.step, FRESH).await.map_err(|error| work.query_failed(error))? {
        tracing::debug!(step.id = work.step.step_id, "the bundles are less than a day old");
        return Ok(bundles::keep(work.pool, work.step).await?);
    }
    let (mut found, mut rejected) = (Vec::new(), 0);
    for owner in [None, Some(AMAZON)] {
        list(work, owner, (&mut found, &mut rejected)).await?;
    }
    let spent = work.ledger.take(rejected);
    bundles::write(work.pool, work.step, &found, &spent, unidentified("bundle", rejected)).await?;
    Ok(())
}

/// Adds the bundles of `owner`, of the account itself for `None`.
async fn list(
    work: &Work<'_>,
    owner: Option<&str>,
    (found, rejected): (&mut Vec<fleet::Bundle>, &mut u64),
) -> Result<(), StepFailure> {
    let operation = Operation::DescribeWorkspaceBundles;
    let (mut token, mut paging) = (None::<String>, Paging::new(operation));
    loop {
        let answer = work
            .caller
            .call(operation, |size| {
                let request = work.clients.workspaces.describe_workspace_bundles();
                let request = request.set_owner(owner.map(str::to_owned)).set_next_token(token.clone());
                request.customize().interceptor(size).send()
            })
            .await?;
        let page = answer.bundles.unwrap_or_default();
        let received = page.len();
        for bundle in page {
            match parse::bundle(bundle) {
                Some(bundle) => found.push(bundle),
                None => *rejected += 1,
            }
        }
        token = paging.next(answer.next_token, received)?;
        if token.is_none() {
            return Ok(());
        }
    }
}
